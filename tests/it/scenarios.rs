//! Every shipped scenario loads without a finding, spawns, and runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tercio::scenario::load::{LoadedScenario, load_scenario};
use tercio::scenario::order_of_battle::OrderOfBattle;

use super::support::{catalogue, root, start};

/// How long each is run, s.
const UNTIL_S: f64 = 60.0;

/// Scenarios below a folder; studies of them stand in a folder of their own.
fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            if !path.ends_with("studies") {
                gather(&path, found);
            }
        } else if path.extension().is_some_and(|it| it == "ron") {
            found.push(path);
        }
    }
}

/// Units by side.
fn sizes(loaded: &LoadedScenario) -> BTreeMap<String, u32> {
    let scenario = &loaded.read.scenario;
    let order = OrderOfBattle::of(scenario);
    let mut sizes = BTreeMap::new();
    for unit in &scenario.units {
        let force = order.force(&unit.force).expect("checked on loading");
        *sizes.entry(force.side.clone()).or_default() += unit.count;
    }
    sizes
}

#[test]
fn every_scenario_loads_without_a_finding_and_runs_a_minute() {
    let mut paths = Vec::new();
    gather(&root().join("scenarios"), &mut paths);
    paths.sort();
    let mut names = Vec::new();
    for path in &paths {
        let what = path.display();
        let loaded = load_scenario(path, &[], catalogue());
        let loaded = loaded.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        assert_eq!(loaded.warnings, [], "{what}");
        let scenario = &loaded.read.scenario;
        assert_eq!(
            Some(scenario.name.as_str()),
            path.file_stem().and_then(|it| it.to_str())
        );
        let mut simulation = start(&loaded, 1, UNTIL_S);
        simulation
            .run()
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let units: u32 = sizes(&loaded).values().sum();
        let output = simulation.finish();
        let summary = &output.report.summary;
        assert_eq!(summary.entities, u64::from(units), "{what}");
        assert!((summary.sim_s - UNTIL_S).abs() < 1e-9, "{what}");
        assert_eq!(
            output.hashes.len(),
            600,
            "{what}: one hash per tick of 100 ms"
        );
        names.push(scenario.name.clone());
    }
    for name in ["tutorial", "highland-screen", "strait-watch", "swarm-1000"] {
        assert!(names.iter().any(|it| it == name), "{name} is missing");
    }
}

#[test]
fn scenarios_have_the_size_that_they_promise() {
    let size = |path: &str| {
        let path = root().join("scenarios").join(path);
        sizes(&load_scenario(&path, &[], catalogue()).expect("it loads"))
    };
    assert_eq!(size("tutorial.ron").values().sum::<u32>(), 6);
    let about = |path: &str, units: u32| {
        let found: u32 = size(path).values().sum();
        assert!(
            found.abs_diff(units) * 100 <= units * 15,
            "{path} has {found} units"
        );
    };
    about("highland-screen.ron", 140);
    about("strait-watch.ron", 110);
    let swarm = size("benchmarks/swarm-1000.ron");
    assert!(swarm["blue"] >= 1000 && swarm["red"] >= 100, "{swarm:?}");
}
