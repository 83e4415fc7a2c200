//! Reading a scenario, for every subcommand that needs one.

use std::path::Path;

use super::console::Console;
use super::error::CliError;
use crate::platform::class::Catalogue;
use crate::scenario::load::{LoadedScenario, load_scenario};

/// Loads a scenario with its `--set` arguments and shows its warnings.
///
/// # Errors
///
/// If the file is missing, not read, or refused.
pub(super) fn load(
    path: &Path,
    settings: &[String],
    console: &Console,
) -> Result<LoadedScenario, CliError> {
    let loaded = load_scenario(path, settings, &Catalogue::shipped())?;
    console.findings(&loaded.warnings);
    Ok(loaded)
}
