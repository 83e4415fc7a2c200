//! The waterway, order, and what is refused.

use super::*;
use crate::kernel::budget::WorkBudget;

const WATERWAY: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/reference/uxas/waterway.json"
));

/// Two tasks, the first before the second, for one vehicle.
const TWO: &str = r#"{"task_options": [{"TaskID": 1, "OptionID": 1, "Cost": 5}, {"TaskID": 2, "OptionID": 1, "Cost": 5}],
    "cost_matrix": [
      {"VehicleID": 9, "IntialTaskID": 0, "IntialTaskOption": 0, "DestinationTaskID": 1, "DestinationTaskOption": 1, "TimeToGo": 100},
      {"VehicleID": 9, "IntialTaskID": 0, "IntialTaskOption": 0, "DestinationTaskID": 2, "DestinationTaskOption": 1, "TimeToGo": 1},
      {"VehicleID": 9, "IntialTaskID": 2, "IntialTaskOption": 1, "DestinationTaskID": 1, "DestinationTaskOption": 1, "TimeToGo": 1},
      {"VehicleID": 9, "IntialTaskID": 1, "IntialTaskOption": 1, "DestinationTaskID": 2, "DestinationTaskOption": 1, "TimeToGo": 1}],
    "task_relationships": ".(p1 p2)"}"#;

fn run(text: &str) -> Result<Answer, SolveError> {
    solve(text, &Options::default(), &mut WorkBudget::new(u64::MAX))
}

fn value(text: &str, solution: &Value) -> Result<f64, SolveError> {
    check(text, &Options::default(), solution).map(|checked| checked.objective)
}

#[test]
fn the_waterway_search_goes_to_vehicle_400_by_option_1() {
    let answer = run(WATERWAY).unwrap();
    assert_eq!(answer.solution, serde_json::json!([[100_000_001], []]));
    assert!(answer.proven);
    assert!((answer.objective - 751_729.0).abs() < 1e-9);
    assert!((value(WATERWAY, &answer.solution).unwrap() - 751_729.0).abs() < 1e-9);
    for (vehicle, option, total) in [(1, 5, 767_828.0), (0, 2, 810_890.0), (1, 4, 957_438.0)] {
        let mut paths = [vec![], vec![]];
        paths[vehicle].push(100_000_000 + option);
        let other = value(WATERWAY, &serde_json::json!(paths)).unwrap();
        assert!((other - total).abs() < 1e-9);
    }
}

#[test]
fn the_order_of_the_algebra_is_kept_and_checked() {
    let answer = run(TWO).unwrap();
    assert_eq!(answer.solution, serde_json::json!([[100_001, 200_001]]));
    assert!(answer.proven && (answer.objective - 111.0).abs() < 1e-9);
    for broken in [
        serde_json::json!([[200_001, 100_001]]),
        serde_json::json!([[100_001]]),
        serde_json::json!([[100_001, 200_001, 200_001]]),
        serde_json::json!([[100_001, 200_001], []]),
        serde_json::json!({}),
    ] {
        assert!(
            matches!(value(TWO, &broken), Err(SolveError::Solution(_))),
            "{broken}"
        );
    }
    let free = TWO.replace(".(p1 p2)", "");
    let answer = run(&free).unwrap();
    assert_eq!(answer.solution, serde_json::json!([[200_001, 100_001]]));
    let sum = TWO.replace(
        "{\"task_options",
        "{\"cost_function\": \"CUMULATIVE\", \"task_options",
    );
    assert!((run(&sum).unwrap().objective - 111.0).abs() < 1e-9);
}

#[test]
fn broken_instances_are_refused_with_their_line() {
    for (from, to, expected) in [
        (".(p1 p2)", ".(p1 p3)", 7),
        (".(p1 p2)", ".(p1 p1)", 2),
        (".(p1 p2)", ".(p1", 7),
        ("\"Cost\": 5", "\"Cost\": -5", 2),
        ("\"Cost\": 5", "\"Cost\": 5.5", 1),
        ("\"TaskID\": 2", "\"TaskID\": 9223372036854775807", 1),
        ("\"TimeToGo\": 100", "\"TimeToGo\": 1000000000000000", 2),
        ("\"TimeToGo\": 100", "\"TimeToGo\": \"x\"", 3),
        (
            "{\"task_options",
            "{\"cost_function\": \"X\", \"task_options",
            1,
        ),
        (
            "{\"task_options",
            "{\"composition\": \"p1\", \"task_options",
            1,
        ),
    ] {
        let error = run(&TWO.replace(from, to)).unwrap_err();
        assert!(
            matches!(error, SolveError::Instance { line, .. } if line == expected),
            "{to}: {error}"
        );
    }
    let unable = TWO.replace("\"TimeToGo\": 1", "\"TimeToGo\": -1");
    assert!(matches!(run(&unable), Err(SolveError::Infeasible(_))));
}

/// One of two orders of the same tasks is wanted by what else is done.
#[test]
fn a_branch_that_needs_another_path_first_is_read_so() {
    let leg = |vehicle: u32, from: u32, to: u32, time: u32| {
        let task = u32::from(from > 0);
        format!(
            r#"{{"VehicleID": {vehicle}, "IntialTaskID": {task}, "IntialTaskOption": {from},
                "DestinationTaskID": 1, "DestinationTaskOption": {to}, "TimeToGo": {time}}}"#
        )
    };
    let options = [(1, 5), (2, 5), (3, 5000), (4, 5)];
    let options =
        options.map(|(id, cost)| format!(r#"{{"TaskID": 1, "OptionID": {id}, "Cost": {cost}}}"#));
    let legs = [
        leg(1, 0, 1, 10),
        leg(1, 1, 4, 10),
        leg(1, 0, 2, 1000),
        leg(2, 0, 2, 10),
    ];
    let text = format!(
        r#"{{"cost_matrix": [{}], "task_options": [{}], "composition": "+(.(p1 p2 p3) .(p2 p1 p4))"}}"#,
        legs.join(","),
        options.join(",")
    );
    let answer = run(&text).unwrap();
    assert_eq!(
        answer.solution,
        serde_json::json!([[100_001, 100_004], [100_002]])
    );
    assert!((value(&text, &answer.solution).unwrap() - answer.objective).abs() < 1e-9);
}
