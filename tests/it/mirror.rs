//! Equal sides fare equally, and sharing helps nobody who fires at what only he sees.

use tercio::app::RunOutput;
use tercio::scenario::load::LoadedScenario;
use tercio::study::measure::measures_of;
use tercio::study::stats::mean::{mean, moments};

use super::support::{edited, events_of, load, load_text, run, text_of};

/// The scenario of both tests.
const MIRROR: &str = "benchmarks/mirror";

/// Runs of each.
const SEEDS: u64 = 40;

/// Where a run ends, s: the duels are over.
const UNTIL_S: f64 = 600.0;

/// The value of a measure of a run.
fn value(loaded: &LoadedScenario, output: &RunOutput, name: &str) -> f64 {
    let measures = measures_of(&loaded.read.scenario, &output.report.summary);
    let found = measures.iter().find(|it| it.name == name);
    found.and_then(|it| it.value).expect("every run counts it")
}

/// That differences are zero on average, within four standard errors.
fn assert_nothing(differences: &[f64], what: &str) {
    let estimate = mean(differences, 0.95).expect("there are runs");
    let error = (moments(differences).1 / differences.len() as f64).sqrt();
    assert!(
        estimate.value.abs() <= 4.0 * error,
        "{what}: {estimate:?}, standard error {error}"
    );
}

#[test]
fn equal_sides_lose_and_engage_equally() {
    let loaded = load(MIRROR, &[]);
    let (mut losses, mut engaged, mut lost) = (Vec::new(), Vec::new(), 0.0);
    for seed in 1..=SEEDS {
        let output = run(&loaded, seed, UNTIL_S);
        let of = |name: &str| value(&loaded, &output, name);
        lost += of("blue_losses") + of("red_losses");
        losses.push(of("blue_losses") - of("red_losses"));
        engaged.push(of("blue_targets_engaged") - of("red_targets_engaged"));
    }
    assert!(lost >= 10.0, "with {lost} losses the test says nothing");
    assert_nothing(&losses, "losses of blue less those of red");
    assert_nothing(&engaged, "engaged by blue less by red");
}

#[test]
fn sides_that_change_names_change_results() {
    let text = text_of(MIRROR);
    let swaps = [
        ("\"blue\"", "\"other\""),
        ("\"red\"", "\"blue\""),
        ("\"other\"", "\"red\""),
    ];
    let (as_written, swapped) = (load_text(&text), load_text(&edited(&text, &swaps)));
    let mut differs = false;
    for seed in 1..=6 {
        let (one, two) = (
            run(&as_written, seed, UNTIL_S),
            run(&swapped, seed, UNTIL_S),
        );
        for name in ["losses", "targets_engaged", "delivery_ratio"] {
            let [blue, red] = ["blue", "red"].map(|side| format!("{side}_{name}"));
            let of_blue = value(&as_written, &one, &blue);
            assert_eq!(
                of_blue.to_bits(),
                value(&swapped, &two, &red).to_bits(),
                "{name}"
            );
            let of_red = value(&as_written, &one, &red);
            assert_eq!(
                of_red.to_bits(),
                value(&swapped, &two, &blue).to_bits(),
                "{name}"
            );
            differs |= of_blue.to_bits() != of_red.to_bits();
        }
    }
    assert!(differs, "with equal results the test says nothing");
}

#[test]
fn where_sensor_and_shooter_are_one_vehicle_no_regime_is_better() {
    let regimes = ["Stovepiped", "Joint", "Meshed"];
    let loaded = regimes.map(|regime| load(MIRROR, &[&format!("sharing.regime={regime}")]));
    let (mut engaged, mut lost) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let (mut shots, mut states) = (0, 0);
    for seed in 1..=20 {
        let runs = loaded.each_ref().map(|it| run(it, seed, UNTIL_S));
        let of = |at: usize, name: &str| value(&loaded[at], &runs[at], name);
        for (at, (engaged, lost)) in engaged.iter_mut().zip(&mut lost).enumerate() {
            let both = |name: &str| of(at + 1, name) - of(0, name);
            engaged.push(both("blue_targets_engaged") + both("red_targets_engaged"));
            lost.push(both("blue_losses") + both("red_losses"));
        }
        shots += events_of(&runs[0], "shot").len();
        let hash = |at: usize| runs[at].report.summary.state_hash.as_str();
        states += usize::from(hash(0) != hash(2));
    }
    assert!(shots > 20, "with {shots} shots the test says nothing");
    assert!(
        states > 0,
        "the regimes pass the same messages: the test says nothing"
    );
    for (regime, (engaged, lost)) in regimes[1..].iter().zip(engaged.iter().zip(&lost)) {
        assert_nothing(engaged, &format!("engaged, {regime} less Stovepiped"));
        assert_nothing(lost, &format!("losses, {regime} less Stovepiped"));
    }
}
