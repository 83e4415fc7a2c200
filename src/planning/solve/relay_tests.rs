//! Tests of relay placement from files: known answers, hostile input, wrong solutions.

use super::*;

/// The text of an instance of the reference folder.
macro_rules! instance {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/relay/",
            $name
        ))
    };
}

/// Instances of the reference folder with their optima.
const KNOWN: [(&str, &str, f64); 9] = [
    ("k4 s1", instance!("relay_k4_side100_s1.json"), 8.0),
    ("k4 s3", instance!("relay_k4_side100_s3.json"), 3.0),
    ("k6 s2", instance!("relay_k6_side100_s2.json"), 6.0),
    ("k8 s1", instance!("relay_k8_side100_s1.json"), 5.0),
    ("k8 s3", instance!("relay_k8_side100_s3.json"), 4.0),
    ("k10 s2", instance!("relay_k10_side100_s2.json"), 5.0),
    ("k12 s1", instance!("relay_k12_side120_s1.json"), 5.0),
    // CP-SAT left 8 to 10 open here; ours proves 9.
    ("k12 s3", instance!("relay_k12_side120_s3.json"), 9.0),
    ("k15 s2", instance!("relay_k15_side120_s2.json"), 6.0),
];

#[test]
fn known_instances_have_their_optima_with_proof() {
    for (name, text, optimum) in KNOWN {
        let mut budget = WorkBudget::new(u64::MAX);
        let found = solve(text, &Options::default(), &mut budget).unwrap();
        assert!(
            found.proven && (found.objective - optimum).abs() < 1e-9,
            "{name}: {found:?}"
        );
        let checked = check(text, &Options::default(), &found.solution).unwrap();
        assert!((checked.objective - optimum).abs() < 1e-9, "{name}");
        let mut fewer = found.solution.clone();
        fewer.as_array_mut().unwrap().pop();
        assert!(
            check(text, &Options::default(), &fewer).is_err(),
            "{name}: one relay less"
        );
    }
}

/// The cause and line of the refusal of a text.
fn refusal(text: &str) -> (usize, String) {
    match solve(text, &Options::default(), &mut WorkBudget::new(u64::MAX)) {
        Err(SolveError::Instance { line, cause, .. }) => (line, cause),
        other => panic!("{text} gives {other:?}"),
    }
}

#[test]
fn hostile_files_are_refused_with_their_line() {
    let good =
        "{\"side\": 10,\n\"step\": 5,\n\"R\": 5,\n\"terminals\": [[0, 0], [10, 0]],\n\"dead\": []}";
    let solved = solve(good, &Options::default(), &mut WorkBudget::new(u64::MAX)).unwrap();
    assert!((solved.objective - 1.0).abs() < 1e-9);
    for (from, to, line) in [
        ("\"step\": 5", "\"step\": 0", 2),
        ("\"step\": 5", "\"step\": 1e-8", 2),
        ("\"step\": 5", "\"step\": -5", 2),
        ("\"R\": 5", "\"R\": NaN", 3),
        ("\"R\": 5", "\"R\": -1", 3),
        ("\"R\": 5", "\"r\": 5", 5),
        ("[10, 0]", "[10]", 4),
        ("[10, 0]", "[1e300, 0]", 4),
        ("[10, 0]", "[10, \"0\"]", 4),
        ("[]}", "[[1, 1, -2]]}", 5),
        ("[]}", "[]} x", 5),
        ("[]}", "[]", 5),
        ("\"side\": 10", "\"side\": 1e300", 1),
    ] {
        let (found, cause) = refusal(&good.replace(from, to));
        assert_eq!(found, line, "{to}: {cause}");
    }
    assert_eq!(refusal("").0, 1);
}

#[test]
fn extreme_but_legal_files_are_answered() {
    let run = |text: &str| solve(text, &Options::default(), &mut WorkBudget::new(u64::MAX));
    let none = run("{\"side\":0,\"step\":1,\"R\":0,\"terminals\":[],\"dead\":[]}").unwrap();
    assert!(none.proven && none.objective < 1e-9);
    let wide = run("{\"side\":100,\"step\":1,\"R\":1e9,\"terminals\":[[0,0],[99,99]],\"dead\":[]}");
    assert!(wide.unwrap().objective < 1e-9);
    let apart = "{\"side\":9,\"step\":1,\"R\":1,\"terminals\":[[0,0],[9,9]],\"dead\":[[5,5,9]]}";
    assert!(matches!(run(apart), Err(SolveError::Infeasible(_))));
    let first = solve(KNOWN[0].1, &Options::default(), &mut WorkBudget::new(0)).unwrap();
    assert!(check(KNOWN[0].1, &Options::default(), &first.solution).is_ok() && !first.proven);
}

#[test]
fn wrong_solutions_are_found_out() {
    let text = "{\"side\":20,\"step\":5,\"R\":5,\"terminals\":[[0,0],[10,0]],\"dead\":[[15,15,4]]}";
    let tell = |solution: Value| check(text, &Options::default(), &solution);
    assert!(tell(json!([[5, 0]])).is_ok());
    for wrong in [
        json!([]),
        json!([[5, 1]]),
        json!([[5, 0], [5, 0]]),
        json!([[5, 0], [15, 15]]),
        json!([[5, 0], [25, 0]]),
        json!([[5]]),
        json!("relays"),
    ] {
        assert!(
            matches!(tell(wrong.clone()), Err(SolveError::Solution(_))),
            "{wrong}"
        );
    }
}
