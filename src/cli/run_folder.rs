//! The run directory: claimed before a run, filled after it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ron::ser::PrettyConfig;
use xxhash_rust::xxh3::xxh3_64;

use super::error::CliError;
use super::{plan, plan_file};
use crate::accounting::adjudication::Line;
use crate::accounting::event::EventRow;
use crate::accounting::summary::{RunReport, RunSummary};
use crate::app::{self, PlanError};
use crate::org::Planner;
use crate::planning::external::Exchange;
use crate::platform::class::Catalogue;
use crate::record::RunDir;
use crate::record::hashes::TickHash;
use crate::record::manifest::{FORMAT_VERSION, Manifest};
use crate::scenario::load::LoadedScenario;
use crate::scenario::order_of_battle::OrderOfBattle;
use crate::scenario::schema::Scenario;

/// Name of the summary in a run directory.
const MEASURES_NAME: &str = "measures.json";

/// Name of what programs beside the simulator said in a run directory.
const REPLIES_NAME: &str = "planner.jsonl";

/// Name of the network over time and over the terrain in a run directory.
const NETWORK_NAME: &str = "network.json";

/// Name of the scenario in a run directory: with every setting applied and every default filled in,
/// so that the directory says by itself what was run.
pub(super) const SCENARIO_NAME: &str = "scenario.ron";

/// A place for a run directory.
#[derive(Debug)]
pub(super) struct Claim {
    /// The place.
    path: PathBuf,
    /// The empty directory; none where a former run is to be replaced, which stays until this run
    /// has something to put there.
    empty: Option<RunDir>,
}

impl Claim {
    /// Takes a place. Without `overwrite`, what is not empty is refused before any time is spent.
    ///
    /// # Errors
    ///
    /// If the place is not empty, or cannot be made.
    pub(super) fn new(path: PathBuf, overwrite: bool) -> Result<Self, CliError> {
        let empty = if overwrite {
            None
        } else {
            Some(RunDir::create(&path, false)?)
        };
        Ok(Self { path, empty })
    }

    /// The place.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the place back: a directory that nothing was put into vanishes.
    pub(super) fn abandon(self) {
        if self.empty.is_some() {
            // Only an empty directory goes away by this; anything else is someone's.
            fs::remove_dir(&self.path).unwrap_or_default();
        }
    }

    /// The directory, empty of any former run.
    fn open(self) -> Result<RunDir, CliError> {
        match self.empty {
            Some(folder) => Ok(folder),
            None => Ok(RunDir::create(self.path, true)?),
        }
    }
}

/// Where a run goes that names no place.
pub(super) fn default_path(scenario: &str, seed: u64) -> PathBuf {
    Path::new("runs").join(format!("{scenario}-{seed}"))
}

/// A scenario as RON, with the settings of the command line and all defaults.
///
/// # Errors
///
/// If it has no RON form.
pub(super) fn scenario_ron(scenario: &Scenario) -> Result<String, ron::Error> {
    let style = PrettyConfig::new().indentor("  ").depth_limit(5);
    let mut text = ron::ser::to_string_pretty(scenario, style)?;
    text.push('\n');
    Ok(text)
}

/// Hash of a scenario: XXH3 (64 bits) of its text in the run directory, 16 hexadecimal digits.
pub(super) fn scenario_hash(text: &str) -> String {
    format!("{:016x}", xxh3_64(text.as_bytes()))
}

/// All that goes into a run directory.
pub(super) struct Contents<'run> {
    /// The scenario.
    pub(super) loaded: &'run LoadedScenario,
    /// Its catalogue.
    pub(super) catalogue: &'run Arc<Catalogue>,
    /// The scenario as RON.
    pub(super) scenario_ron: &'run str,
    /// The result, complete.
    pub(super) report: &'run RunReport,
    /// The event log.
    pub(super) events: Vec<EventRow>,
    /// The adjudication log.
    pub(super) adjudications: Vec<Line>,
    /// The hash after every tick, from the first.
    pub(super) hashes: Vec<u64>,
    /// What programs beside the simulator were asked and said.
    pub(super) exchanges: Vec<Exchange>,
}

/// Fills the directory.
///
/// # Errors
///
/// If the file system refuses, or the plans of a side cannot be made.
pub(super) fn write(claim: Claim, contents: Contents<'_>) -> Result<(), CliError> {
    let mut folder = claim.open()?;
    let mut events = folder.event_writer()?;
    for row in contents.events {
        events.push(row)?;
    }
    folder.commit_events(events)?;
    folder.write_adjudications(&contents.adjudications)?;
    let hashes = (1..)
        .zip(contents.hashes)
        .map(|(tick, hash)| TickHash { tick, hash });
    folder.write_hashes(&hashes.collect::<Vec<_>>())?;
    write_exchanges(&mut folder, &contents.exchanges)?;
    folder.write_text(SCENARIO_NAME, contents.scenario_ron)?;
    write_plans(&mut folder, contents.loaded, contents.catalogue)?;
    folder.write_json(MEASURES_NAME, &contents.report.summary)?;
    folder.write_json(NETWORK_NAME, &contents.report.network)?;
    folder.write_report(contents.report)?;
    folder.finish(manifest(&contents.report.summary))?;
    Ok(())
}

/// What programs beside the simulator were asked and said, a line each; no file where none was asked.
fn write_exchanges(folder: &mut RunDir, exchanges: &[Exchange]) -> Result<(), CliError> {
    let lines = exchanges.iter().map(serde_json::to_string);
    let lines: Vec<String> = lines.collect::<Result<_, _>>().map_err(CliError::Json)?;
    if !lines.is_empty() {
        folder.write_text(REPLIES_NAME, &(lines.join("\n") + "\n"))?;
    }
    Ok(())
}

/// The plans of every side that has missions, as its command posts order them at the start.
fn write_plans(
    folder: &mut RunDir,
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
) -> Result<(), CliError> {
    let scenario = &loaded.read.scenario;
    let order = OrderOfBattle::of(scenario);
    for side in &scenario.sides {
        let is_theirs = |force: &str| {
            order
                .force(force)
                .is_some_and(|force| force.side == side.id)
        };
        // What a program plans at the start it would have to be asked for once more.
        if side.planner == Planner::External {
            continue;
        }
        if !scenario
            .missions
            .iter()
            .any(|mission| is_theirs(&mission.force))
        {
            continue;
        }
        let set = match app::plan(loaded, catalogue, Some(&side.id)) {
            Ok(set) => plan::ready(set, loaded, catalogue),
            Err(PlanError::NoMission) => continue,
            Err(error) => return Err(error.into()),
        };
        if !set.plans.is_empty() {
            folder.write_text(&format!("plans/{}.ron", side.id), &plan_file::to_ron(&set)?)?;
        }
    }
    Ok(())
}

/// The manifest of a run; its files are filled in when the directory is finished.
fn manifest(summary: &RunSummary) -> Manifest {
    let words = env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned());
    Manifest {
        format_version: FORMAT_VERSION,
        tercio: summary.tercio.clone(),
        git: summary.git.clone(),
        scenario: summary.scenario.clone(),
        seed: summary.seed,
        command: std::iter::once("tercio".to_owned()).chain(words).collect(),
        dt_ms: summary.dt_ms,
        ticks: summary.ticks,
        state_hash: summary.state_hash.clone(),
        files: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::read::read_scenario;

    #[test]
    fn a_scenario_in_a_run_directory_is_the_one_that_ran() {
        for text in [
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/scenarios/tutorial.ron"
            )),
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/scenarios/strait-watch.ron"
            )),
        ] {
            let settings = ["sharing.regime=Stovepiped".to_owned()];
            let original = read_scenario("a.ron", text, &settings).unwrap().scenario;
            let written = scenario_ron(&original).unwrap();
            let again = read_scenario("b.ron", &written, &[]).unwrap().scenario;
            assert_eq!(again, original);
            assert_eq!(
                scenario_hash(&scenario_ron(&again).unwrap()),
                scenario_hash(&written)
            );
        }
    }

    #[test]
    fn a_place_that_is_taken_is_refused_before_the_run() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.txt"), "x").unwrap();
        let refused = Claim::new(folder.path().into(), false).unwrap_err();
        assert_eq!(refused.exit().code(), 65, "{refused}");
        Claim::new(folder.path().into(), true).unwrap().abandon();
        assert!(folder.path().join("mine.txt").exists());
    }

    #[test]
    fn an_abandoned_place_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs/a-1");
        let claim = Claim::new(path.clone(), false).unwrap();
        assert!(path.is_dir());
        claim.abandon();
        assert!(!path.exists());
    }

    #[test]
    fn a_hash_is_the_published_one() {
        // XXH3-64 of the empty text with seed 0 (xxHash, sanity tests).
        assert_eq!(scenario_hash(""), "2d06800538d394c2");
    }
}
