//! The stored optima, and what is refused.

use serde_json::json;

use super::*;
use crate::kernel::budget::WorkBudget;

/// The stored instances with their schedules.
const STORED: [(&str, &str, f64); 2] = [
    (
        include_str!("../../../tests/reference/mrta/problem_instance_1p_000001.json"),
        include_str!("../../../tests/reference/mrta/optimal_schedule_1p_000001.json"),
        541.913_73,
    ),
    (
        include_str!("../../../tests/reference/mrta/problem_instance_1p_000002.json"),
        include_str!("../../../tests/reference/mrta/optimal_schedule_1p_000002.json"),
        520.293_5,
    ),
];

/// One task for two robots, then one for one; depots at 0 and 3.
const SMALL: &str = r#"{"Q": [[1, 0], [0, 1]],
    "R": [[0, 0], [1, 1], [1, 0], [0, 0]],
    "T_e": [0, 5, 5, 0],
    "T_t": [[0, 1, 2, 9], [1, 0, 1, 1], [2, 1, 0, 1], [9, 1, 1, 0]],
    "precedence_constraints": [[1, 2]]}"#;

fn run(text: &str) -> Result<Answer, SolveError> {
    solve(text, &Options::default(), &mut WorkBudget::new(u64::MAX))
}

fn value(text: &str, solution: &Value) -> Result<f64, SolveError> {
    check(text, &Options::default(), solution).map(|checked| checked.objective)
}

#[test]
fn the_stored_makespans_are_found_and_proven() {
    for (instance, schedule, makespan) in STORED {
        let answer = run(instance).unwrap();
        assert!(answer.proven && (answer.objective - makespan).abs() < 1e-4);
        assert!((value(instance, &answer.solution).unwrap() - answer.objective).abs() < 1e-9);
        let stored: Value = serde_json::from_str(schedule).unwrap();
        assert!((value(instance, &stored).unwrap() - makespan).abs() < 1e-4);
    }
}

#[test]
fn schedules_that_do_not_hold_are_refused() {
    assert!((value(SMALL, &json!([[1, 2], [1]])).unwrap() - 13.0).abs() < 1e-9);
    assert!((run(SMALL).unwrap().objective - 13.0).abs() < 1e-9);
    for broken in [
        json!([[1, 2], []]),
        json!([[2, 1], [1]]),
        json!([[1, 2, 2], [1]]),
        json!([[1, 3], [1]]),
        json!([[0], [1]]),
        json!([[1, 2]]),
        json!("x"),
    ] {
        assert!(
            matches!(value(SMALL, &broken), Err(SolveError::Solution(_))),
            "{broken}"
        );
    }
    let slot = |task: usize, start: f64, end: f64| json!({"task": task, "start_time": start, "end_time": end});
    let timed = |first: Value, second: Value, other: Value| json!({"robot_schedules": {"0": [first, second], "1": [other]}});
    let good = timed(slot(1, 1.0, 6.0), slot(2, 7.0, 12.0), slot(1, 1.0, 6.0));
    assert!((value(SMALL, &good).unwrap() - 13.0).abs() < 1e-9);
    for broken in [
        timed(slot(1, 0.5, 5.5), slot(2, 7.0, 12.0), slot(1, 0.5, 5.5)),
        timed(slot(1, 1.0, 6.0), slot(2, 6.5, 11.5), slot(1, 1.0, 6.0)),
        timed(slot(1, 1.0, 6.0), slot(2, 7.0, 9.0), slot(1, 1.0, 6.0)),
        timed(slot(1, 1.0, 6.0), slot(2, 7.0, 12.0), slot(1, 2.0, 7.0)),
        timed(slot(1, 1.0, 6.0), slot(9, 7.0, 12.0), slot(1, 1.0, 6.0)),
        json!({"robot_schedules": {"7": []}}),
    ] {
        assert!(
            matches!(value(SMALL, &broken), Err(SolveError::Solution(_))),
            "{broken}"
        );
    }
}

#[test]
fn broken_instances_are_refused_with_their_line() {
    for (from, to, expected) in [
        ("[[1, 2]]", "[[2, 2]]", 5),
        ("[[1, 2]]", "[[1, 7]]", 5),
        ("[0, 5, 5, 0]", "[0, -5, 5, 0]", 3),
        ("[0, 5, 5, 0]", "[0, 5, 5]", 3),
        ("[0, 5, 5, 0]", "[0, 1e999, 5, 0]", 3),
        ("[1, 0, 1, 1]", "[1, 0, 1]", 3),
        ("[[1, 0], [0, 1]]", "[[1, 0.5], [0, 1]]", 1),
        ("[[1, 0], [0, 1]]", "[[1, 0], [1, 0]]", 3),
        ("[[1, 2]]}", "[[1, 2]]} 5", 5),
    ] {
        let error = run(&SMALL.replace(from, to)).unwrap_err();
        assert!(
            matches!(error, SolveError::Instance { line, .. } if line == expected),
            "{to}: {error}"
        );
    }
}

#[test]
fn without_a_budget_there_is_a_schedule_that_holds() {
    for (instance, ..) in STORED {
        let answer = solve(instance, &Options::default(), &mut WorkBudget::new(0)).unwrap();
        assert!((value(instance, &answer.solution).unwrap() - answer.objective).abs() < 1e-6);
        assert!(answer.bound.unwrap() <= answer.objective);
    }
}

#[test]
fn times_of_a_small_scale_are_checked_on_that_scale() {
    let mut small: Value = serde_json::from_str(SMALL).unwrap();
    let scaled = |time: f64| json!(time * 1e-6);
    small["T_e"] = [0.0, 5.0, 5.0, 0.0].map(scaled).into_iter().collect();
    for row in small["T_t"].as_array_mut().unwrap() {
        for way in row.as_array_mut().unwrap() {
            *way = scaled(way.as_f64().unwrap());
        }
    }
    let small = small.to_string();
    let at_once = json!({"makespan": 0.0, "n_tasks": 2, "n_robots": 2, "robot_schedules": {
        "0": [{"task": 1, "start_time": 0.0, "end_time": 0.0}, {"task": 2, "start_time": 0.0, "end_time": 0.0}],
        "1": [{"task": 1, "start_time": 0.0, "end_time": 0.0}]}});
    assert!(matches!(
        value(&small, &at_once),
        Err(SolveError::Solution(_))
    ));
}
