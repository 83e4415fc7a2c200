//! Tests of the kinds `lap`, `wta` and `swta`: formats, refusals, checkers, published optima.

use super::{Answer, Options, SolveError, lap, swta, wta};
use crate::kernel::budget::{Budget, WorkBudget};
use serde_json::{Value, json};
use std::io::Read as _;

type Solve = fn(&str, &Options, &mut dyn Budget) -> Result<Answer, SolveError>;

/// Where benchmarks of others are, if anywhere.
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/benchmarks");

/// Solves with plenty.
fn run(solve: Solve, text: &str) -> Result<Answer, SolveError> {
    solve(text, &Options::default(), &mut WorkBudget::new(u64::MAX))
}

/// The line at which a text is refused.
fn refused_at(solve: Solve, text: &str) -> usize {
    match run(solve, text) {
        Err(SolveError::Instance { line, cause, cure }) => {
            assert!(!cause.is_empty() && !cure.is_empty());
            line
        }
        other => panic!("{text:?} gives {other:?}"),
    }
}

#[test]
fn malformed_files_are_refused_at_their_line() {
    let cases: [(Solve, &str, usize); 22] = [
        (lap::solve, "", 1),
        (lap::solve, "0\n", 1),
        (lap::solve, "1 2 3\n1", 1),
        (lap::solve, "2\n1 2\n3\n", 3),
        (lap::solve, "2\n1 2\n3 NaN\n", 3),
        (lap::solve, "2\n1 2\n3 -inf\n", 3),
        (lap::solve, "2\n1 2\n3 4\n5\n", 4),
        (lap::solve, "999999 999999\n1\n", 1),
        (lap::solve, "99999999999999999999\n1\n", 1),
        (wta::solve, "-3\n", 1),
        (wta::solve, "1\n5\n1.5\n", 3),
        (wta::solve, "1\n-5\n0.5\n", 2),
        (wta::solve, "1\ninf\n0.5\n", 2),
        (wta::solve, "1\n5\n0.5\n7\n", 4),
        (wta::solve, "1 1 0\n5\n0 0 0.5\n", 1),
        (wta::solve, "1 1 1\n5\n0 1 0.5\n", 3),
        (wta::solve, "1 2 1\n5\n5\n0 0 0.5\n0 0 0.5\n", 5),
        (wta::solve, "5000 5000 5\n5\n", 1),
        (swta::solve, "{", 1),
        (swta::solve, "[]", 1),
        (
            swta::solve,
            r#"{"threat":[1],"damage":[[2]],"detect":[[0.5]]}"#,
            1,
        ),
        (
            swta::solve,
            r#"{"threat":[1,1],"damage":[[0.5]],"detect":[[0.5],[0.5]]}"#,
            1,
        ),
    ];
    for (solve, text, line) in cases {
        assert_eq!(refused_at(solve, text), line, "{text:?}");
    }
}

#[test]
fn rectangular_assignment_with_forbidden_pairs() {
    let text = "2 3\n4 x 3\n2 inf 5\n";
    let answer = run(lap::solve, text).unwrap();
    assert!(answer.proven && (answer.objective - 5.0).abs() < 1e-12);
    assert_eq!(answer.solution, json!([2, 0]));
    let check = |solution| lap::check(text, &Options::default(), &solution);
    assert!((check(answer.solution).unwrap().objective - 5.0).abs() < 1e-12);
    for wrong in [
        json!([0, 0]),
        json!([1, 0]),
        json!([2, null]),
        json!([2]),
        json!(3),
        json!([3, 0]),
    ] {
        assert!(matches!(check(wrong), Err(SolveError::Solution(_))));
    }
    let none = run(lap::solve, "2\nx 1\nx 1\n");
    assert!(matches!(none, Err(SolveError::Infeasible(_))));
    let tall = run(lap::solve, "3 1\n4\n2\n3\n").unwrap();
    assert_eq!(tall.solution, json!([null, 0, null]));
}

#[test]
fn weapon_files_of_both_formats() {
    let square = run(wta::solve, "2\n10 20\n0.5 0.9\n0.8 0.7\n").unwrap();
    let rectangular = "2 2 1\n10\n20\n1 0 0.8\n1 1 0.7\n0 1 0.9\n0 0 0.5\n";
    let answer = run(wta::solve, rectangular).unwrap();
    assert!(answer.proven && (answer.objective - 4.0).abs() < 1e-12);
    assert_eq!(square.solution, answer.solution);
    let twice = Options {
        mu: Some(2),
        ..Options::default()
    };
    let more = wta::solve(rectangular, &twice, &mut WorkBudget::new(u64::MAX)).unwrap();
    assert_eq!(more.solution.as_array().map(Vec::len), Some(4));
    let checked = wta::check(rectangular, &twice, &more.solution).unwrap();
    assert!((checked.objective - more.objective).abs() < 1e-12);
    let check = |solution| wta::check(rectangular, &Options::default(), &solution);
    for wrong in [
        more.solution,
        json!([[0, 2]]),
        json!([[0, 1, 1]]),
        json!([[0]]),
        json!({}),
    ] {
        assert!(matches!(check(wrong), Err(SolveError::Solution(_))));
    }
    let zero = Options {
        mu: Some(0),
        ..Options::default()
    };
    assert!(wta::solve(rectangular, &zero, &mut WorkBudget::new(9)).is_err());
}

#[test]
fn sensor_files_with_and_without_matching() {
    let one =
        r#"{"threat":[2.0],"damage":[[0.5,1.0]],"detect":[[1.0,0.5]],"matching":[[1,1],[0,1]]}"#;
    let answer = run(swta::solve, one).unwrap();
    // Weapon 0 with sensor 0 and weapon 1 with sensor 1: half of half survives.
    assert!(answer.proven && (answer.objective - 1.5).abs() < 1e-12);
    assert_eq!(answer.solution, json!([[0, 0, 0], [1, 1, 0]]));
    let list = format!("[{one},{one}]");
    let both = run(swta::solve, &list).unwrap();
    assert!((both.objective - 3.0).abs() < 1e-12);
    let checked = swta::check(&list, &Options::default(), &both.solution).unwrap();
    assert!((checked.objective - 3.0).abs() < 1e-12);
    let check = |solution| swta::check(one, &Options::default(), &solution);
    for wrong in [
        json!([[0, 0, 0], [0, 1, 0]]),
        json!([[0, 0, 0], [1, 0, 0]]),
        json!([[1, 0, 0]]),
        json!([[0, 0, 1]]),
        json!([[0, 0]]),
        json!(null),
    ] {
        assert!(matches!(check(wrong), Err(SolveError::Solution(_))));
    }
}

/// A file of the folder of benchmarks, unpacked; none, and a word about it, where it is absent.
fn shared(path: &str) -> Option<String> {
    let Ok(bytes) = std::fs::read(format!("{SHARED}/{path}")) else {
        println!("skipped: {path} is not there");
        return None;
    };
    let mut text = String::new();
    match path.ends_with(".gz") {
        true => flate2::read::GzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .unwrap(),
        false => (&bytes[..]).read_to_string(&mut text).unwrap(),
    };
    Some(text)
}

#[test]
fn published_assignments_have_their_optima() {
    for (n, optimum) in [(100, 305.0), (500, 991.0), (600, 1176.0), (700, 1362.0)] {
        let Some(text) = shared(&format!("lap_orlib/assign{n}.txt.gz")) else {
            continue;
        };
        let answer = run(lap::solve, &text).unwrap();
        let checked = lap::check(&text, &Options::default(), &answer.solution).unwrap();
        assert!(answer.proven && (answer.objective - optimum).abs() < 1e-9);
        assert!((checked.objective - optimum).abs() < 1e-9);
    }
}

#[test]
fn published_weapon_files_have_their_optima() {
    let cases = [
        ("wta_sonuc/wta30.txt", None, 248.0285),
        ("wta_andersen/wta_50x100.txt.gz", None, 1_734.302_278_168),
        ("wta_andersen/wta_50x100.txt.gz", Some(2), 123.838_458_330),
    ];
    for (path, mu, optimum) in cases {
        let Some(text) = shared(path) else {
            continue;
        };
        let options = Options {
            mu,
            ..Options::default()
        };
        let answer = wta::solve(&text, &options, &mut WorkBudget::new(u64::MAX)).unwrap();
        let checked = wta::check(&text, &options, &answer.solution).unwrap();
        assert!(
            answer.proven && (checked.objective - optimum).abs() < 1e-8,
            "{path}"
        );
    }
}

#[test]
fn published_sensor_samples_have_their_optima() {
    let Some(text) = shared("swta/swta_70.json") else {
        return;
    };
    let samples: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(samples.len(), 70);
    for sample in samples {
        let answer = run(swta::solve, &sample.to_string()).unwrap();
        let optimum = sample["our_opt"].as_f64().unwrap();
        assert!(answer.proven && (answer.objective - optimum).abs() < 1e-9);
    }
}

#[test]
fn prices_are_checked_where_the_budget_lasts_and_not_where_it_ended() {
    let text = "2\n10\n20\n0.9\n0.5\n0.5\n0.8\n";
    let has_check = |steps| {
        let mut budget = WorkBudget::new(steps);
        let answer = wta::solve(text, &Options::default(), &mut budget).unwrap();
        let mut notes = answer.notes.iter();
        notes.any(|(name, _)| name == "price_bound_checked")
    };
    assert!(has_check(u64::MAX) && !has_check(0));
}

#[test]
fn costs_of_sizes_that_drown_each_other_are_refused() {
    let text = "2\n1e100 1\n1 2\n";
    assert_eq!(refused_at(lap::solve, text), 2);
    let answer = run(lap::solve, "2\n1e12 1\n1 1e12\n").unwrap();
    assert!((answer.objective - 2.0).abs() < 1e-9 && answer.bound.is_none_or(|bound| bound <= 2.0));
}
