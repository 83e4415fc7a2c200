//! Tests of area search from files: stored solutions where present, hostile input, wrong solutions.

use super::*;
use crate::kernel::budget::WorkBudget;

/// Makespans of the stored solutions (reso1/MIP-MCPP, Gurobi).
const STORED: [(&str, f64); 10] = [
    ("floor_small-5x10-k4", 15.0),
    ("floor_medium-20x20-k12", 28.0),
    ("floor_large-30x30-k4", 207.0),
    ("maze_small-10x10-k6", 10.0),
    ("maze_medium-20x20-k6", 51.0),
    ("maze_large-30x30-k8", 90.0),
    ("terrain_small-10x10-k8", 25.368),
    ("terrain_medium-20x20-k4", 208.8445),
    ("terrain_large_1-32x32-k4", 425.155),
    ("terrain_large_2-32x32-k4", 429.853),
];

/// A square of four nodes with a tail, two robots.
const SMALL: &str = "{\"nodes\": [[5,0,0,1],[6,1,0,1],[7,1,1,1],[8,0,1,1],[9,2,1,1]],\n\
    \"edges\": [[5,6,1],[6,7,1],[7,8,1],[8,5,1],[7,9,2]],\n\
    \"extra\": {\"k\": 2,\n\"R\": [5, 7]}}";

#[test]
fn stored_solutions_are_matched_within_five_percent() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/benchmarks/coverage_mcpp"
    );
    let folder = std::path::Path::new(folder);
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    for (name, stored) in STORED {
        let text = std::fs::read_to_string(folder.join(format!("{name}.istc.json"))).unwrap();
        let found = solve(&text, &Options::default(), &mut WorkBudget::new(30_000_000)).unwrap();
        let checked = check(&text, &Options::default(), &found.solution).unwrap();
        assert!((checked.objective - found.objective).abs() < 1e-6, "{name}");
        assert!(
            found.objective <= 1.05 * stored,
            "{name}: {}",
            found.objective
        );
        assert!(found.bound.unwrap() <= found.objective);
    }
}

#[test]
fn a_small_instance_is_covered_and_checked() {
    let found = solve(SMALL, &Options::default(), &mut WorkBudget::new(u64::MAX)).unwrap();
    assert!((found.objective - 2.0).abs() < 1e-9, "{found:?}");
    let checked = check(SMALL, &Options::default(), &found.solution).unwrap();
    assert!((checked.objective - 2.0).abs() < 1e-9);
}

#[test]
fn hostile_files_are_refused_with_their_line() {
    for (from, to, line) in [
        ("[5,6,1]", "[5,4,1]", 2),
        ("[5,6,1]", "[5,6,-1]", 2),
        ("[5,6,1]", "[5,5,1]", 2),
        ("[5,6,1]", "[5,6]", 2),
        ("[5,6,1]", "[5,6,1e400]", 2),
        ("[9,2,1,1]", "[5,2,1,1]", 1),
        ("[9,2,1,1]", "[-9,2,1,1]", 1),
        ("[5, 7]", "[5, 3]", 4),
        ("[5, 7]", "[]", 4),
        ("\"R\"", "\"r\"", 4),
        ("]}}", "]}} 1", 4),
    ] {
        let text = SMALL.replace(from, to);
        match solve(&text, &Options::default(), &mut WorkBudget::new(1000)) {
            Err(SolveError::Instance {
                line: found, cause, ..
            }) => {
                assert_eq!(found, line, "{to}: {cause}");
            }
            other => panic!("{to} gives {other:?}"),
        }
    }
    let apart = SMALL.replace(",[7,9,2]", "");
    let refused = solve(&apart, &Options::default(), &mut WorkBudget::new(1000));
    assert!(matches!(refused, Err(SolveError::Infeasible(_))));
}

#[test]
fn wrong_solutions_are_found_out() {
    let tell = |solution: Value| check(SMALL, &Options::default(), &solution);
    assert!(tell(json!([[5, 6, 5, 8], [7, 9]])).is_ok());
    for wrong in [
        json!([[5, 6, 5, 8]]),
        json!([[5, 6], [7, 9]]),
        json!([[6, 5, 8], [7, 9]]),
        json!([[5, 7, 6, 8], [7, 9]]),
        json!([[5, 6, 7, 8, 5], [7, 9]]),
        json!([[], [7, 9]]),
        json!([[5, 4], [7, 9]]),
        json!([["5"], [7]]),
    ] {
        assert!(
            matches!(tell(wrong.clone()), Err(SolveError::Solution(_))),
            "{wrong}"
        );
    }
}
