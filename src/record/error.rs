//! Why a run's folder cannot be written or read.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a run's folder cannot be written or read.
#[derive(Debug, Error)]
pub enum RecordError {
    /// The folder holds something already.
    #[error("{}: the folder is not empty; choose another or overwrite it", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// There is something that is no folder.
    #[error("{}: this is not a folder", path.display())]
    NotFolder {
        /// What was named.
        path: PathBuf,
    },
    /// A file's name would lead out of the folder.
    #[error("{name:?}: a file of a run is named by a relative path without `..`")]
    BadName {
        /// The name.
        name: String,
    },
    /// The file system refused.
    #[error("{}: cannot {action}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A table cannot be encoded or decoded.
    #[error("{}: {source}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What the format's library said.
        source: parquet::errors::ParquetError,
    },
    /// A value cannot be turned into JSON or back.
    #[error("{}: {source}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What the format's library said.
        source: serde_json::Error,
    },
    /// A file is not the one that the manifest describes.
    #[error("{}: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl RecordError {
    /// An error of the file system, for `map_err`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }

    /// An error of a table, for `map_err`.
    pub(super) fn table(path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        move |source| Self::Table {
            path: path.to_owned(),
            source,
        }
    }

    /// An error of JSON, for `map_err`.
    pub(super) fn json(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| Self::Json {
            path: path.to_owned(),
            source,
        }
    }

    /// Exit code by the convention of `sysexits.h`: 65 for input that is refused, 66 for input that
    /// is missing, 74 for a file system that fails.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NotEmpty { .. }
            | Self::NotFolder { .. }
            | Self::BadName { .. }
            | Self::Json { .. }
            | Self::Damaged { .. } => 65,
            Self::Io {
                action: "open",
                source,
                ..
            } if source.kind() == io::ErrorKind::NotFound => 66,
            Self::Io { .. } | Self::Table { .. } => 74,
        }
    }
}
