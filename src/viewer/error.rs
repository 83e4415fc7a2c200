//! Why nothing can be shown.

use thiserror::Error;

use crate::app::{BuildError, InputError};

/// Why a view failed.
#[derive(Debug, Error)]
pub enum ViewError {
    /// The world cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// What a person did before does not fit this run.
    #[error(transparent)]
    Input(#[from] InputError),
    /// There is no such side or unit.
    #[error("there is no side and no unit `{name}`; {cure}")]
    Unknown {
        /// What was named.
        name: String,
        /// What there is.
        cure: String,
    },
    /// The graphics did not start.
    #[error("the graphics did not start: {cause}; {cure}")]
    Graphics {
        /// What went wrong.
        cause: String,
        /// What to do.
        cure: &'static str,
    },
    /// No picture came back.
    #[error("no picture came back from the renderer within {0} frames")]
    NoPicture(u32),
    /// The picture was not encoded.
    #[error("the picture was not encoded: {0}")]
    Encoding(String),
    /// The run broke an invariant before the picture.
    #[error("{0}")]
    Broken(String),
}
