//! `tercio explain`: why a unit of a run was shot at, hit or lost, and whether the log bears it out.

use super::args::ExplainArgs;
use super::console::Console;
use super::error::{CliError, Exit};
use super::explain_story::Story;
use super::explain_text::text;
use crate::accounting::adjudication::{Line, UnitLine};
use crate::accounting::recompute::{Recomputed, Reference, check, check_leave};
use crate::platform::class::Catalogue;
use crate::record::adjudications::read_adjudications;
use crate::record::events::read_events;
use crate::record::manifest::Manifest;
use crate::record::study_manifest::StudyManifest;
use crate::record::{ADJUDICATIONS_NAME, EVENTS_NAME};
use crate::scenario::suggest::did_you_mean;

/// Computes the adjudication log of a run again and tells the story of one unit.
///
/// # Errors
///
/// If the folder holds no run, the run left no log, a file of it was changed, there is no such unit,
/// or anything in the log does not come out as it stands there.
pub(super) fn explain(args: &ExplainArgs, console: &Console) -> Result<Exit, CliError> {
    let folder = &args.run_dir;
    let manifest = manifest(args)?;
    let Some(digest) = manifest.file(ADJUDICATIONS_NAME) else {
        return Err(CliError::NoLog {
            folder: folder.clone(),
            made_by: format!("{} ({})", manifest.tercio, manifest.git),
            seed: manifest.seed,
        });
    };
    digest.verify(folder)?;
    if let Some(events) = manifest.file(EVENTS_NAME) {
        events.verify(folder)?;
    }
    let lines = read_adjudications(&folder.join(ADJUDICATIONS_NAME))?;
    let events = read_events(&folder.join(EVENTS_NAME))?;
    let units = || {
        lines.iter().filter_map(|line| match line {
            Line::Unit(unit) => Some(unit),
            _ => None,
        })
    };
    let Some(unit) = units().find(|unit| unit.unit == args.unit) else {
        return Err(unknown(&args.unit, units()));
    };
    let catalogue = Catalogue::shipped();
    let reference = Reference::new(manifest.seed, units(), &catalogue);
    let whole = recompute(&lines, &reference);
    if !whole.differences.is_empty() {
        return Err(CliError::NotReproduced {
            file: folder.join(ADJUDICATIONS_NAME),
            made_by: format!("{} ({})", manifest.tercio, manifest.git),
            differences: whole.differences,
        });
    }
    let story = Story::new(unit, &lines, &events, &reference);
    if args.json {
        console.json(&story)?;
    } else {
        console.data(&text(&story, &whole))?;
    }
    Ok(Exit::Done)
}

/// The manifest of the run.
fn manifest(args: &ExplainArgs) -> Result<Manifest, CliError> {
    let folder = &args.run_dir;
    if !folder.is_dir() {
        return Err(CliError::Missing(folder.clone()));
    }
    Manifest::read(folder).map_err(|error| {
        if StudyManifest::read(folder).is_ok() {
            let shown = folder.display();
            CliError::Input(format!(
                "{shown} is the folder of a study, which keeps no single runs: run one of them \
                 again with `tercio run SCENARIO --seed N --set ...` and explain that"
            ))
        } else {
            error.into()
        }
    })
}

/// Decides every line again, and checks that every shot had leave.
fn recompute(lines: &[Line], reference: &Reference<'_>) -> Recomputed {
    let mut whole = check_leave(lines);
    for line in lines {
        whole.add(check(line, reference));
    }
    whole
}

/// There is no such unit.
fn unknown<'a>(name: &str, units: impl Iterator<Item = &'a UnitLine> + Clone) -> CliError {
    let cure = did_you_mean(name, units.map(|unit| unit.unit.as_str()), "units");
    CliError::Input(format!("the run has no unit `{name}`: {cure}"))
}
