//! What an analysis makes of replications that are known.

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::platform::class::Catalogue;
use crate::study::prepare::{Overrides, prepare};
use crate::study::replicate::Yield;

/// The program of these tests.
const PROGRAM: Program<'static> = Program {
    tercio: "0.1.0",
    git: "abc",
};

/// The study of the tests: design points `desk=8` and `desk=25`, and two gates about `engaged`,
/// the first at every point.
fn prepared() -> Prepared {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/study/desk-time.ron");
    prepare(&path, &Arc::new(Catalogue::shipped()), Overrides::default()).unwrap()
}

/// A replication in which so many targets were engaged.
fn replication(prepared: &Prepared, point: usize, number: u64, engaged: f64) -> Replication {
    let value = |name: &str| (name == "engaged").then_some(engaged);
    let values = prepared.measures.iter().map(|it| value(&it.name));
    Replication {
        point,
        replication: number,
        seed: number,
        outcome: Ok(Yield {
            state_hash: "00ff".into(),
            values: values.collect(),
            targets: Vec::new(),
        }),
    }
}

#[test]
fn pairs_share_their_replication_and_measures_without_values_are_left_out() {
    let prepared = prepared();
    // Each replication has its own level, from 1 to 12; the quick desk engages one more.
    let all: Vec<Replication> = (1..=12)
        .flat_map(|number| {
            let base = f64::from(u8::try_from(number).unwrap());
            [(0, base + 1.0), (1, base)]
                .map(|(point, it)| replication(&prepared, point, number, it))
        })
        .collect();
    let results = analyse(&prepared, &all, PROGRAM);
    assert_eq!(results.points[0].id, "desk=8");
    assert_eq!(results.points[0].measures.len(), 1);
    let engaged = &results.points[0].measures["engaged"];
    assert_eq!((engaged.n, engaged.mean, engaged.median), (12, 7.5, 7.5));
    assert_eq!(engaged.met.as_ref().map(|met| met.share), Some(1.0));
    let [difference] = results.differences.as_slice() else {
        panic!("one pair of points, one measure: {:?}", results.differences);
    };
    assert_eq!(
        (difference.first.as_str(), difference.second.as_str()),
        ("desk=25", "desk=8")
    );
    assert_eq!(
        (difference.mean, difference.variance_reduction),
        (-1.0, None)
    );
    let states: Vec<State> = results.gates.iter().map(|gate| gate.state).collect();
    assert_eq!(states, [State::Pass, State::Pass, State::Fail]);
}

#[test]
fn a_failed_replication_is_listed_and_holds_back_what_would_pass() {
    let prepared = prepared();
    let mut all: Vec<Replication> = (1..=12)
        .flat_map(|number| [0, 1].map(|point| replication(&prepared, point, number, 1.0)))
        .collect();
    all[3].outcome = Err("panicked: out of luck".into());
    let results = analyse(&prepared, &all, PROGRAM);
    assert_eq!((results.points[1].n, results.points[1].failed), (11, 1));
    let failure = &results.failures[0];
    assert_eq!(
        (failure.point.as_str(), failure.replication, failure.seed),
        ("desk=25", 2, 2)
    );
    let states: Vec<State> = results.gates.iter().map(|gate| gate.state).collect();
    assert_eq!(states, [State::Pass, State::Undecided, State::Fail]);
    assert_eq!(results.differences[0].n, 11);
}
