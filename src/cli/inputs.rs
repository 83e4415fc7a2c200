//! Files of what people did during a run: RON, read through the same tree as scenarios, so that every
//! mistake has its place.

use std::path::Path;

use super::error::CliError;
use crate::app::InputRecord;
use crate::scenario::convert::typed;
use crate::scenario::load::read_text;
use crate::scenario::read::read_document;

/// Reads a file of inputs.
///
/// # Errors
///
/// If it is missing, not read, or refused.
pub(super) fn read(path: &Path) -> Result<InputRecord, CliError> {
    let text = read_text(path)?;
    let refused = |findings| CliError::Refused {
        what: "the inputs are".into(),
        findings,
    };
    let document = read_document(&path.display().to_string(), &text, &[]).map_err(refused)?;
    typed(&document).map_err(refused)
}
