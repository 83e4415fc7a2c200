//! What a person reads of a study.

use std::collections::BTreeMap;

use super::*;
use crate::accounting::summary::{Direction, ScenarioIdentity};
use crate::study::results::{Failure, GateResult, MeasureColumn, PointResult};

/// A time at a design point.
fn time(at: usize) -> TimeResult {
    TimeResult {
        side: "blue".into(),
        time: Span::SensorToShooter,
        point: format!("speed={at}"),
        runs: 5,
        targets: 40,
        events: 20,
        censored: 2,
        incidence: Interval {
            value: 0.5,
            low: Some(0.4),
            high: Some(0.625),
        },
        restricted_mean_s: Interval {
            value: 412.0,
            low: None,
            high: None,
        },
        competing: BTreeMap::new(),
        median_conditional_s: Some(95.0),
    }
}

/// A gate that nothing decides.
fn undecided_gate() -> GateResult {
    GateResult {
        gate: "mean(losses) < 3.2".into(),
        point: "speed=0".into(),
        state: State::Undecided,
        value: Some(3.25),
        low: Some(3.0),
        high: Some(3.5),
    }
}

/// A result with so many design points, of one measure.
fn results(points: usize) -> Results {
    let measure = MeasureResult {
        n: 5,
        mean: 3.25,
        low: Some(3.0),
        high: Some(3.5),
        deviation: Some(0.5),
        median: 3.0,
        median_low: None,
        median_high: None,
        met: None,
    };
    let point = |at| PointResult {
        id: format!("speed={at}"),
        settings: Vec::new(),
        levels: vec![format!("speed={at}")],
        n: 5,
        failed: 0,
        measures: BTreeMap::from([("losses".to_owned(), measure.clone())]),
    };
    let difference = |low: f64| DifferenceResult {
        measure: "losses".into(),
        first: "speed=1".into(),
        second: "speed=0".into(),
        n: 5,
        mean: low + 1.0,
        low: Some(low),
        high: Some(low + 2.0),
        variance_reduction: Some(4.5),
    };
    let column = |name: &str| MeasureColumn {
        name: name.into(),
        unit: "1".into(),
        direction: Direction::Down,
    };
    Results {
        study: "demo".into(),
        title: "A demonstration".into(),
        hash: "00ff".into(),
        tercio: "0.1.0".into(),
        git: "abc".into(),
        scenario: ScenarioIdentity {
            name: "tutorial".into(),
            hash: "00ff".into(),
        },
        until_s: None,
        horizon_s: 900.0,
        replications: 5,
        confidence: 0.95,
        measures: vec![column("losses"), column("never_seen")],
        points: (0..points).map(point).collect(),
        differences: vec![difference(0.5), difference(-0.5)],
        times_horizon_s: 600.0,
        times: (0..points).map(time).collect(),
        time_differences: Vec::new(),
        decompositions: Vec::new(),
        break_evens: Vec::new(),
        gates: vec![undecided_gate()],
        failures: vec![Failure {
            point: "speed=0".into(),
            replication: 6,
            seed: 7,
            error: "panicked".into(),
        }],
    }
}

#[test]
fn the_summary_says_what_came_of_the_study() {
    let text = text(&results(2), Path::new("runs/demo"), false);
    for part in [
        "demo: A demonstration",
        "5 replications of 2 design points of tutorial, 0:15:00 each, 1 of them failed",
        "3.25 [3, 3.50]",
        "speed=1 less speed=0",
        "1.50 [0.500, 2.50]",
        "1 other difference is not clear of zero",
        "0.500 [0.400, 0.625]",
        "over all detectable targets, within 600 s",
        "undecided",
        "runs/demo/report.html",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    assert!(
        !text.contains("never_seen") && !text.contains('\u{1b}'),
        "{text}"
    );
}

#[test]
fn many_design_points_stand_below_each_other() {
    let text = text(&results(9), Path::new("runs/demo"), false);
    let rows = text.lines().filter(|line| line.starts_with(" losses"));
    assert_eq!(rows.count(), 9, "{text}");
}
