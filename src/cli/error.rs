//! Every way in which a subcommand fails, and what the program exits with. See [`CliError`].

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::app::{BuildError, InputError, InvariantBroken, PlanError};
use crate::export::ExportError;
use crate::kernel::finding::Finding;
use crate::record::RecordError;
use crate::scenario::load::LoadError;
use crate::study::junit::JunitError;
use crate::study::prepare::PrepareError;

/// How the program exits, by the conventions of `sysexits.h` and of shells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done.
    Done,
    /// The input was read and refused.
    BadInput,
    /// The input is not there.
    Missing,
    /// An invariant broke, or the program disagrees with itself.
    Internal,
    /// The system did not read or write.
    Io,
    /// The program or the machine is not set up for it.
    Configuration,
    /// A person stopped it.
    Interrupted,
    /// A person stopped it, and it can be resumed.
    Resumable,
    /// It is done, and a gate did not hold.
    Gate,
}

impl Exit {
    /// The number. A run that a person stops is not resumable and has the shells' number for that,
    /// 128 plus the signal's; a study is, and has that of `EX_TEMPFAIL`.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::BadInput => 65,
            Self::Missing => 66,
            Self::Internal => 70,
            Self::Io => 74,
            Self::Configuration => 78,
            Self::Interrupted => 130,
            Self::Resumable => 75,
            Self::Gate => 1,
        }
    }
}

/// Why a subcommand failed.
#[derive(Debug, Error)]
pub(super) enum CliError {
    /// A file was read and refused.
    #[error("{what} refused: {}", count(findings))]
    Refused {
        /// Which input.
        what: String,
        /// Why.
        findings: Vec<Finding>,
    },
    /// A file that is needed is not there.
    #[error("there is no file `{}`", .0.display())]
    Missing(PathBuf),
    /// A file was not read or written.
    #[error("`{}`: cannot {action}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The scenario of a plan was not found.
    #[error(
        "the scenario `{name}` that the plan was made for was not found; name it with --scenario"
    )]
    ScenarioUnknown {
        /// Name of the scenario.
        name: String,
    },
    /// What was asked for does not fit the input.
    #[error("{0}")]
    Input(String),
    /// The scenario was accepted and cannot be built.
    #[error("the world cannot be built: {0}")]
    Build(#[from] BuildError),
    /// An invariant broke during a run.
    #[error("{0}; this is a fault of the program, please report it with the scenario and the seed")]
    Invariant(#[from] InvariantBroken),
    /// An input does not fit the run.
    #[error("input refused: {0}")]
    Person(#[from] InputError),
    /// Planning failed.
    #[error("no plan: {0}")]
    Plan(#[from] PlanError),
    /// The run directory failed.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The export failed.
    #[error("{0}: {cure}", cure = .0.cure())]
    Export(#[from] ExportError),
    /// Files that were just written do not pass the checker.
    #[error("exported files do not pass the checker: {}", count(.0))]
    Unsound(Vec<Finding>),
    /// Standard output failed.
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    /// A result has no JSON form.
    #[error("a result has no JSON form: {0}")]
    Json(serde_json::Error),
    /// A result has no RON form.
    #[error("a result has no RON form: {0}")]
    Ron(#[from] ron::Error),
    /// The handler of the interrupt key was not set.
    #[error("cannot listen to the interrupt key: {0}")]
    Signal(#[from] ctrlc::Error),
    /// Replications of a study failed.
    #[error(
        "{count} of {runs} replications failed, the first at {point} with seed {seed}: {why}; \
         results.json lists them"
    )]
    Replications {
        /// How many.
        count: usize,
        /// Of how many.
        runs: u64,
        /// Design point of the first.
        point: String,
        /// Its seed.
        seed: u64,
        /// Why it failed.
        why: String,
    },
    /// A run left no adjudication log.
    #[error(
        "the run in {folder} has no adjudication log: tercio {made_by} wrote none; run it again with \
         this program: tercio run {folder}/scenario.ron --seed {seed} --out DIR",
        folder = folder.display()
    )]
    NoLog {
        /// The folder of the run.
        folder: PathBuf,
        /// The program that ran it.
        made_by: String,
        /// Its seed.
        seed: u64,
    },
    /// An adjudication log does not come out as it stands there.
    #[error(
        "{file} does not come out as it stands there: {what}; either it was changed after the run, or \
         the models of tercio {made_by}, which made it, are not those of this program: explain it with \
         that one, or run it again",
        file = file.display(),
        what = several(differences)
    )]
    NotReproduced {
        /// The log.
        file: PathBuf,
        /// The program that ran it.
        made_by: String,
        /// What differs.
        differences: Vec<String>,
    },
    /// The gates have no JUnit form.
    #[error(transparent)]
    Junit(#[from] JunitError),
    /// A person stopped the study.
    #[error(
        "stopped after {done} of {runs} replications; the same command with --resume goes on in {}",
        folder.display()
    )]
    Stopped {
        /// How many are done.
        done: usize,
        /// How many there are.
        runs: usize,
        /// The folder of the study.
        folder: PathBuf,
    },
    /// This build cannot draw.
    #[cfg(not(feature = "viewer"))]
    #[error(
        "this build of tercio cannot draw; build one that can: \
         cargo build --release --features viewer"
    )]
    NoViewer,
    /// A view failed.
    #[cfg(feature = "viewer")]
    #[error(transparent)]
    View(#[from] crate::viewer::ViewError),
    /// A person stopped the run.
    #[error("stopped after {done}; nothing was recorded (use --until for a shorter run)")]
    Interrupted {
        /// Simulated time that was run, as a clock shows it.
        done: String,
    },
}

impl CliError {
    /// What the program exits with.
    pub(super) fn exit(&self) -> Exit {
        match self {
            // The reader had enough: a pipe into `head` is no failure.
            Self::Output(_) if self.is_broken_pipe() => Exit::Done,
            Self::Export(ExportError::Io { .. }) | Self::File { .. } | Self::Output(_) => Exit::Io,
            Self::Build(BuildError::NoProgram { .. })
            | Self::Plan(PlanError::Build(BuildError::NoProgram { .. })) => Exit::BadInput,
            Self::Export(ExportError::Refused { .. } | ExportError::Json { .. })
            | Self::Plan(PlanError::Build(_))
            | Self::Build(_)
            | Self::Invariant(_)
            | Self::Unsound(_)
            | Self::Json(_)
            | Self::Ron(_)
            | Self::Replications { .. }
            | Self::Junit(_)
            | Self::Signal(_) => Exit::Internal,
            Self::Refused { .. }
            | Self::Input(_)
            | Self::NotReproduced { .. }
            | Self::Person(_)
            | Self::Plan(_)
            | Self::Export(_) => Exit::BadInput,
            Self::Missing(_) | Self::ScenarioUnknown { .. } | Self::NoLog { .. } => Exit::Missing,
            #[cfg(not(feature = "viewer"))]
            Self::NoViewer => Exit::Configuration,
            #[cfg(feature = "viewer")]
            Self::View(error) => view_exit(error),
            Self::Record(error) => match error.exit_code() {
                65 => Exit::BadInput,
                66 => Exit::Missing,
                _ => Exit::Io,
            },
            Self::Interrupted { .. } => Exit::Interrupted,
            Self::Stopped { .. } => Exit::Resumable,
        }
    }

    /// The findings behind it.
    pub(super) fn findings(&self) -> &[Finding] {
        match self {
            Self::Refused { findings, .. }
            | Self::Unsound(findings)
            | Self::Export(ExportError::Refused { findings, .. }) => findings,
            _ => &[],
        }
    }

    /// Whether standard output was closed by its reader.
    pub(super) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// An error of the file system, for `map_err`.
    pub(super) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::NotFound if action == "read" => Self::Missing(path),
            _ => Self::File {
                action,
                path,
                source,
            },
        }
    }
}

/// How a failed view ends the program.
#[cfg(feature = "viewer")]
fn view_exit(error: &crate::viewer::ViewError) -> Exit {
    use crate::viewer::ViewError;
    match error {
        ViewError::Unknown { .. } | ViewError::Input(_) => Exit::BadInput,
        ViewError::Graphics { .. } => Exit::Configuration,
        ViewError::Build(_)
        | ViewError::NoPicture(_)
        | ViewError::Encoding(_)
        | ViewError::Broken(_) => Exit::Internal,
    }
}

impl From<LoadError> for CliError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Missing(path) => Self::Missing(path),
            LoadError::Io { path, source } => Self::File {
                action: "read",
                path,
                source,
            },
            LoadError::Refused(findings) => Self::Refused {
                what: "the scenario is".into(),
                findings,
            },
        }
    }
}

impl From<PrepareError> for CliError {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Load(LoadError::Refused(findings)) => Self::Refused {
                what: "the study is".into(),
                findings,
            },
            PrepareError::Load(error) => error.into(),
            PrepareError::Build(error) => error.into(),
            PrepareError::Ron(error) => error.into(),
        }
    }
}

/// The first differences, and how many more there are.
fn several(differences: &[String]) -> String {
    let shown = differences.iter().take(3).cloned().collect::<Vec<_>>();
    let more = match differences.len() - shown.len() {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("{}{more}", shown.join("; "))
}

/// Numbers of errors and warnings in words.
fn count(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let of = |number: usize, word: &str| match number {
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    };
    match findings.len() - errors {
        0 => of(errors, "error"),
        warnings => format!("{}, {}", of(errors, "error"), of(warnings, "warning")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io_error(kind: io::ErrorKind) -> io::Error {
        io::Error::from(kind)
    }

    #[test]
    fn every_failure_has_its_documented_code() {
        let finding = Finding::error("S1003", "a.ron", "x", "y");
        let full = RecordError::NotEmpty {
            path: "runs/a".into(),
        };
        let broken = io_error(io::ErrorKind::PermissionDenied);
        let not_found = CliError::file("read", "p.ron")(io_error(io::ErrorKind::NotFound));
        let denied = CliError::file("read", "p.ron")(broken);
        for (error, code) in [
            (CliError::from(LoadError::Missing("a.ron".into())), 66),
            (
                CliError::from(LoadError::Refused(vec![finding.clone()])),
                65,
            ),
            (CliError::from(full), 65),
            (not_found, 66),
            (denied, 74),
            (CliError::Output(io_error(io::ErrorKind::BrokenPipe)), 0),
            (CliError::Output(io_error(io::ErrorKind::StorageFull)), 74),
            (CliError::Unsound(vec![finding]), 70),
            (
                CliError::NoLog {
                    folder: "runs/a".into(),
                    made_by: "0.1.0".into(),
                    seed: 1,
                },
                66,
            ),
            (
                CliError::NotReproduced {
                    file: "runs/a/adjudications.jsonl".into(),
                    made_by: "0.1.0".into(),
                    differences: vec!["at 1 s: p".into(); 5],
                },
                65,
            ),
            (CliError::ScenarioUnknown { name: "a".into() }, 66),
            (
                CliError::Export(ExportError::FolderNotEmpty { folder: "d".into() }),
                65,
            ),
            (
                CliError::Interrupted {
                    done: "0:00:01".into(),
                },
                130,
            ),
            (
                CliError::Stopped {
                    done: 1,
                    runs: 2,
                    folder: "d".into(),
                },
                75,
            ),
        ] {
            assert_eq!(error.exit().code(), code, "{error}");
        }
    }

    #[test]
    fn findings_are_counted_in_words() {
        let error = Finding::error("S1003", "a.ron", "x", "y");
        let warning = Finding::warning("S1115", "a.ron", "x", "y");
        assert_eq!(count(std::slice::from_ref(&error)), "1 error");
        assert_eq!(
            count(&[error.clone(), error, warning]),
            "2 errors, 1 warning"
        );
    }
}
