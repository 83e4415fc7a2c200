//! What the tests share: the catalogue, loaded scenarios, and starting a run.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tercio::accounting::event::EventRow;
use tercio::app::{RunOptions, RunOutput, Simulation};
use tercio::kernel::ids::UnitIx;
use tercio::platform::class::Catalogue;
use tercio::scenario::assets::AssetRoots;
use tercio::scenario::load::{LoadedScenario, load_read, load_scenario};
use tercio::scenario::read::read_scenario;

/// The catalogue, read once.
pub(crate) fn catalogue() -> &'static Arc<Catalogue> {
    static CATALOGUE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    CATALOGUE.get_or_init(|| Arc::new(Catalogue::shipped()))
}

/// The folder of the package.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Path of a shipped scenario.
pub(crate) fn path_of(name: &str) -> PathBuf {
    root().join("scenarios").join(format!("{name}.ron"))
}

/// A shipped scenario under settings.
pub(crate) fn load(name: &str, settings: &[&str]) -> LoadedScenario {
    let settings: Vec<String> = settings.iter().map(|it| (*it).to_owned()).collect();
    load_scenario(&path_of(name), &settings, catalogue()).expect("the scenario loads")
}

/// A scenario from its text.
pub(crate) fn load_text(text: &str) -> LoadedScenario {
    let read = read_scenario("test.ron", text, &[]).expect("the text is a scenario");
    load_read(read, &AssetRoots::new(Vec::new()), catalogue()).expect("the scenario holds")
}

/// The text of a shipped scenario.
pub(crate) fn text_of(name: &str) -> String {
    std::fs::read_to_string(path_of(name)).expect("the scenario can be read")
}

/// The tutorial, loaded once.
pub(crate) fn tutorial() -> &'static LoadedScenario {
    static LOADED: OnceLock<LoadedScenario> = OnceLock::new();
    LOADED.get_or_init(|| load("tutorial", &[]))
}

/// The highland screen, loaded once.
pub(crate) fn highland() -> &'static LoadedScenario {
    static LOADED: OnceLock<LoadedScenario> = OnceLock::new();
    LOADED.get_or_init(|| load("highland-screen", &[]))
}

/// A world at its start; `until_s` shortens the run.
pub(crate) fn start(loaded: &LoadedScenario, seed: u64, until_s: f64) -> Simulation {
    let options = RunOptions {
        seed,
        until_s: Some(until_s),
    };
    Simulation::new(loaded, catalogue(), &options).expect("a loaded scenario spawns")
}

/// A run to its end with every tick's check passed.
pub(crate) fn run(loaded: &LoadedScenario, seed: u64, until_s: f64) -> RunOutput {
    let mut simulation = start(loaded, seed, until_s);
    simulation.run().expect("no invariant is broken");
    simulation.finish()
}

/// Events of one kind.
pub(crate) fn events_of<'a>(output: &'a RunOutput, kind: &str) -> Vec<&'a EventRow> {
    output
        .events
        .iter()
        .filter(|row| row.kind == kind)
        .collect()
}

/// The value behind `key=` in the detail of an event.
pub(crate) fn detail<'a>(row: &'a EventRow, key: &str) -> Option<&'a str> {
    let mut words = row.detail.split_whitespace();
    words.find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
}

/// The unit of this name.
pub(crate) fn unit(simulation: &Simulation, name: &str) -> UnitIx {
    let index = simulation
        .world()
        .resource::<tercio::kernel::ids::UnitIndex>();
    let mut rows = index.iter();
    let found = rows.find(|(_, row)| row.name == name);
    found.expect("the scenario has this unit").0
}

/// The text with `from` replaced by `to`, which has to be there.
pub(crate) fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "there is no `{from}` in the text");
        text.replace(from, to)
    })
}
