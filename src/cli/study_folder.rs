//! The folder of a study: begun, resumed, filled.

use std::env;
use std::path::{Path, PathBuf};

use super::args::StudyArgs;
use super::error::CliError;
use crate::record::replications::{write_episodes, write_runs};
use crate::record::study_manifest::{STUDY_FORMAT_VERSION, StudyManifest};
use crate::record::{RecordError, StudyDir};
use crate::study::analyse::Program;
use crate::study::csv::runs_csv;
use crate::study::farm::Replication;
use crate::study::merge::{episode_rows, run_rows};
use crate::study::prepare::Prepared;
use crate::study::report::page;
use crate::study::results::Results;

/// Name of the runs.
const RUNS_NAME: &str = "runs.parquet";

/// Name of the runs as CSV.
const CSV_NAME: &str = "runs.csv";

/// Name of the episodes.
pub(super) const EPISODES_NAME: &str = "episodes.parquet";

/// Name of the result.
pub(super) const RESULTS_NAME: &str = "results.json";

/// The program.
pub(super) const PROGRAM: Program<'static> = Program {
    tercio: env!("CARGO_PKG_VERSION"),
    git: env!("TERCIO_GIT"),
};

/// Where a study goes that names no place.
fn default_path(study: &str) -> PathBuf {
    Path::new("runs").join(study)
}

/// The folder of a study and its manifest, new or resumed.
///
/// # Errors
///
/// If the place is taken, holds another study, or cannot be written.
pub(super) fn open(
    args: &StudyArgs,
    prepared: &Prepared,
) -> Result<(StudyDir, StudyManifest), CliError> {
    let path = args
        .out
        .clone()
        .unwrap_or_else(|| default_path(&prepared.name));
    let manifest = manifest(prepared);
    if args.resume
        && let Some((folder, former)) = StudyDir::resume(&path)?
    {
        let same = StudyManifest {
            command: former.command.clone(),
            complete: former.complete,
            files: former.files.clone(),
            ..manifest
        };
        if same != former {
            return Err(CliError::Input(difference(&path, &former, &same)));
        }
        return Ok((folder, former));
    }
    let folder = StudyDir::create(path, args.overwrite, &manifest)?;
    Ok((folder, manifest))
}

/// Why a folder cannot be resumed.
fn difference(path: &Path, former: &StudyManifest, new: &StudyManifest) -> String {
    let what = if (&former.tercio, &former.git) != (&new.tercio, &new.git) {
        let (old, now) = (&former.git, &new.git);
        format!("was begun by another build of the program ({old}, this is {now})")
    } else if former.replications != new.replications {
        format!(
            "has {} replications, not {}",
            former.replications, new.replications
        )
    } else {
        let (old, now) = (&former.study, &new.study);
        format!(
            "holds {} {}, this is {} {}",
            old.name, old.hash, now.name, now.hash
        )
    };
    let path = path.display();
    format!("{path} {what}: name another folder with --out, or begin anew with --overwrite")
}

/// The manifest of a study that begins.
fn manifest(prepared: &Prepared) -> StudyManifest {
    let words = env::args_os().skip(1);
    let words = words.map(|word| word.to_string_lossy().into_owned());
    StudyManifest {
        format_version: STUDY_FORMAT_VERSION,
        tercio: PROGRAM.tercio.to_owned(),
        git: PROGRAM.git.to_owned(),
        study: crate::accounting::summary::ScenarioIdentity {
            name: prepared.name.clone(),
            hash: prepared.hash.clone(),
        },
        scenario: prepared.scenario.clone(),
        command: std::iter::once("tercio".to_owned()).chain(words).collect(),
        until_s: prepared.until_s,
        points: prepared.points.iter().map(|it| it.id.clone()).collect(),
        replications: prepared.replications,
        measures: prepared.measures.iter().map(|it| it.name.clone()).collect(),
        complete: false,
        files: Vec::new(),
    }
}

/// Writes everything that a study leaves, and ends it.
///
/// # Errors
///
/// If the file system refuses.
pub(super) fn write(
    mut folder: StudyDir,
    mut manifest: StudyManifest,
    (prepared, replications): (&Prepared, &[Replication]),
    results: &Results,
    with_csv: bool,
) -> Result<(), RecordError> {
    let path = folder.path().to_owned();
    let runs = run_rows(prepared, replications);
    let episodes = episode_rows(prepared, replications);
    let bytes = write_runs(Vec::new(), &path.join(RUNS_NAME), &runs)?;
    folder.write(RUNS_NAME, &bytes)?;
    let bytes = write_episodes(Vec::new(), &path.join(EPISODES_NAME), &episodes)?;
    folder.write(EPISODES_NAME, &bytes)?;
    folder.write_json(RESULTS_NAME, results)?;
    if with_csv {
        folder.write(CSV_NAME, runs_csv(&runs).as_bytes())?;
    }
    StudyDir::write_report(&path, &page(results, &episodes))?;
    folder.finish(&mut manifest)
}
