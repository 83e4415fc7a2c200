//! `tercio report`: the report of a study's folder, made again from its files.

use super::args::ReportArgs;
use super::console::Console;
use super::error::{CliError, Exit};
use super::study::read_results;
use super::study_folder::EPISODES_NAME;
use crate::record::manifest::Manifest;
use crate::record::replications::read_episodes;
use crate::record::study_manifest::StudyManifest;
use crate::record::{REPORT_NAME, StudyDir};
use crate::study::report::page;

/// Makes the report and says where it is.
///
/// # Errors
///
/// If the folder holds no finished study, or a file of it is damaged.
pub(super) fn report(args: &ReportArgs, console: &Console) -> Result<Exit, CliError> {
    let folder = &args.folder;
    if !folder.is_dir() {
        return Err(CliError::Missing(folder.clone()));
    }
    let shown = folder.display();
    let manifest = match StudyManifest::read(folder) {
        Ok(manifest) => manifest,
        Err(_) if Manifest::read(folder).is_ok() => {
            return Err(CliError::Input(format!(
                "{shown} is the folder of one run: its report is {shown}/{REPORT_NAME}, made with \
                 the run; run it again to make it again"
            )));
        }
        Err(error) => return Err(error.into()),
    };
    if !manifest.complete {
        return Err(CliError::Input(format!(
            "the study in {shown} is not finished: go on with `tercio study ... --resume`"
        )));
    }
    manifest.verify(folder)?;
    let results = read_results(folder)?;
    let episodes = read_episodes(&folder.join(EPISODES_NAME))?;
    StudyDir::write_report(folder, &page(&results, &episodes))?;
    console.say(&format!("The report is {shown}/{REPORT_NAME}\n"))?;
    Ok(Exit::Done)
}
