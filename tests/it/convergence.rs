//! A shorter tick and finer terrain change no finding.

use tercio::accounting::summary::RunSummary;
use tercio::scenario::load::LoadedScenario;
use tercio::study::measure::measures_of;
use tercio::study::stats::mean::moments;

use super::support::{load, run};

/// Runs at each length of a tick, with the same seeds.
const SEEDS: u64 = 8;

/// Where a run ends, s: both intruders are seen, and mostly fired at.
const UNTIL_S: f64 = 1100.0;

/// The largest share by which a headline measure may move.
const SHARE_MAX: f64 = 0.02;

/// Headline measures of one run: targets detected, mean time of detection in seconds, share of
/// messages that arrived, and time from detection to the first shot in seconds, restricted.
fn headlines(loaded: &LoadedScenario, summary: &RunSummary) -> [f64; 4] {
    let measures = measures_of(&loaded.read.scenario, summary);
    let value = |name: &str| {
        let found = measures.iter().find(|it| it.name == name);
        found.and_then(|it| it.value).expect("every run has it")
    };
    let sides = summary.targets.iter().filter(|it| it.side == "blue");
    let detected_s: Vec<f64> = sides
        .flat_map(|it| &it.targets)
        .filter_map(|it| it.detected_s)
        .collect();
    [
        detected_s.len() as f64,
        detected_s.iter().sum::<f64>() / detected_s.len() as f64,
        value("blue_delivery_ratio"),
        value("sensor_to_shooter"),
    ]
}

/// Headline measures of every seed at a length of a tick.
fn at_tick(dt_ms: u32) -> Vec<[f64; 4]> {
    let loaded = load("tutorial", &[&format!("dt_ms={dt_ms}")]);
    let seeds = 1..=SEEDS;
    seeds
        .map(|seed| headlines(&loaded, &run(&loaded, seed, UNTIL_S).report.summary))
        .collect()
}

#[test]
fn halving_the_tick_twice_moves_no_headline_measure_by_two_per_cent() {
    let coarse = at_tick(100);
    for dt_ms in [50, 25] {
        let fine = at_tick(dt_ms);
        for (at, name) in [
            "detected",
            "time of detection",
            "delivered",
            "sensor to shooter",
        ]
        .into_iter()
        .enumerate()
        {
            let of = |runs: &[[f64; 4]]| runs.iter().map(|run| run[at]).collect::<Vec<_>>();
            let (before, after) = (of(&coarse), of(&fine));
            let pairs = before.iter().zip(&after);
            let moved: Vec<f64> = pairs.map(|(before, after)| after - before).collect();
            let (mean, variance) = moments(&moved);
            // What a person decides hangs on little, and eight runs are few: times of shots may be
            // off by chance as well.
            let chance = if name == "sensor to shooter" {
                4.0 * (variance / moved.len() as f64).sqrt()
            } else {
                0.0
            };
            let bound = SHARE_MAX * moments(&before).0 + chance;
            assert!(
                mean.abs() <= bound,
                "{name} at {dt_ms} ms: {mean} of at most {bound}"
            );
        }
    }
}

#[test]
fn finer_terrain_does_not_turn_the_finding_round() {
    // Of the highland's first ten minutes: who shares more engages more, at either spacing.
    for spacing_m in [60, 30] {
        let engaged = ["Meshed", "Stovepiped"].map(|regime| {
            let loaded = load(
                "highland-screen",
                &[
                    &format!("terrain.spacing_m={spacing_m}"),
                    &format!("sharing.regime={regime}"),
                ],
            );
            let output = run(&loaded, 1, 600.0);
            let measures = measures_of(&loaded.read.scenario, &output.report.summary);
            let found = measures.iter().find(|it| it.name == "targets_engaged");
            found.and_then(|it| it.value).expect("every run has it")
        });
        assert!(engaged[0] > engaged[1], "{spacing_m} m: {engaged:?}");
    }
}
