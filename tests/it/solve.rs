//! `tercio solve`: instances with known optima, solutions checked, hostile files refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Exit codes of `sysexits.h`.
const BAD_INPUT: Option<i32> = Some(65);
/// See [`BAD_INPUT`].
const MISSING: Option<i32> = Some(66);

/// Kinds with an instance of `tests/reference` each, and its optimum.
const SHIPPED: &[(&str, &str, f64)] = &[
    ("gap", "gap/chu1997/a05100", 1698.0),
    ("top", "top/Set2/p2.2.k.txt", 275.0),
    ("cbba", "cbba/cbba_3x6_s1.json", 367.416_469_138_396_6),
    ("relay", "relay/relay_k6_side100_s2.json", 6.0),
    ("uxas", "uxas/waterway.json", 751_729.0),
];

/// Kinds with an instance small enough to solve by hand, and its optimum.
const BY_HAND: &[(&str, &str, f64)] = &[
    // 1 + 2 + 2 on the diagonal from below.
    ("lap", "3\n4 1 3\n2 0 5\n3 2 2\n", 5.0),
    // Each weapon at the target that it is good against: 10·0.1 + 20·0.2.
    ("wta", "2\n10\n20\n0.9\n0.5\n0.5\n0.8\n", 5.0),
];

/// Runs `tercio solve`.
fn solve(kind: &str, instance: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tercio"));
    let command = command.arg("solve").arg(kind).arg(instance).args(more);
    command.output().unwrap()
}

/// What it printed as JSON.
fn json(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// An instance by its place below `tests/reference`.
fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(name)
}

/// Solves an instance to its optimum, and checks the answer: it holds, and one that says that it is
/// worth more, or that gives less, does not.
fn assert_solved(kind: &str, instance: &Path, optimum: f64) {
    let folder = tempfile::tempdir().unwrap();
    let answer = json(&solve(kind, instance, &["--json", "--time-limit", "5"]));
    let objective = answer["objective"].as_f64().unwrap();
    let is_near = |value: f64| (value - optimum).abs() < 1e-6 * optimum;
    assert!(is_near(objective), "{kind}: {objective}, not {optimum}");
    assert_eq!(answer["kind"], kind);
    if let Some(bound) = answer["bound"].as_f64() {
        let over = match answer["sense"].as_str() {
            Some("min") => objective - bound,
            _ => bound - objective,
        };
        assert!(over > -1e-6 * optimum, "{kind}: bound {bound}");
    }
    let check = |name: &str, solution: &Value| {
        let path = folder.path().join(name);
        fs::write(&path, solution.to_string()).unwrap();
        solve(
            kind,
            instance,
            &["--json", "--check", path.to_str().unwrap()],
        )
    };
    let checked = json(&check("right.json", &answer));
    assert!(
        is_near(checked["objective"].as_f64().unwrap()),
        "{kind}: {checked}"
    );
    let mut boast = answer.clone();
    boast["objective"] = Value::from(objective * 1.5 + 1.0);
    let output = check("boast.json", &boast);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), BAD_INPUT, "{kind}: {said}");
    assert!(said.contains("does not hold"), "{kind}: {said}");
    for wrong in ["null", "{}", "[[[[1]]]]", "\"all\"", "[-1]"] {
        let output = check("wrong.json", &serde_json::from_str(wrong).unwrap());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), BAD_INPUT, "{kind}, {wrong}: {said}");
    }
}

#[test]
fn shipped_instances_are_solved_and_checked() {
    for (kind, name, optimum) in SHIPPED {
        assert_solved(kind, &shipped(name), *optimum);
    }
}

#[test]
fn small_instances_are_solved_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, text, optimum) in BY_HAND {
        let path = folder.path().join(kind);
        fs::write(&path, text).unwrap();
        assert_solved(kind, &path, *optimum);
    }
}

#[test]
fn what_is_no_instance_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("instance");
    let texts: [&[u8]; 9] = [
        b"",
        b"nonsense",
        b"-1\n1\n",
        b"3\n1 2 NaN 4 5 6 7 8 9\n",
        b"99999999999999999999 1 1\n",
        b"4000000000 4000000000 1\n1\n",
        b"{\"agents\": []",
        b"[1, 2, 3]",
        b"\xff\xfe\x00",
    ];
    for kind in [
        "lap", "wta", "swta", "gap", "top", "cbba", "coverage", "relay", "mrta", "uxas",
    ] {
        for text in texts {
            fs::write(&path, text).unwrap();
            let output = solve(kind, &path, &["--json"]);
            let said = String::from_utf8_lossy(&output.stderr);
            let shown = String::from_utf8_lossy(text);
            assert_eq!(output.status.code(), BAD_INPUT, "{kind}, {shown}: {said}");
            assert!(said.contains("instance"), "{kind}, {shown}: {said}");
        }
        let output = solve(kind, &folder.path().join("missing"), &[]);
        assert_eq!(output.status.code(), MISSING, "{kind}");
    }
}

/// A `swta` instance of 8 weapons, 7 sensors and 6 targets, too large for dynamic programming.
fn sensors_and_weapons() -> String {
    let table = |width: usize, step: usize| -> Vec<Vec<f64>> {
        let chance = |at: usize| 0.2 + 0.01 * ((at * step) % 71) as f64;
        let row = |target: usize| (0..width).map(|at| chance(target * width + at)).collect();
        (0..6).map(row).collect()
    };
    let threat = [9.0, 7.5, 6.0, 4.0, 3.5, 2.0];
    serde_json::json!({ "threat": threat, "damage": table(8, 29), "detect": table(7, 43) })
        .to_string()
}

#[test]
fn certificates_are_checked_without_the_solver() {
    let folder = tempfile::tempdir().unwrap();
    let weapons = "3\n10\n20\n15\n0.9\n0.5\n0.3\n0.5\n0.8\n0.6\n0.4\n0.7\n0.2\n";
    for (kind, text, sign) in [
        ("wta", weapons.to_owned(), -1.0),
        ("swta", sensors_and_weapons(), 1.0),
    ] {
        let instance = folder.path().join(kind);
        fs::write(&instance, text).unwrap();
        let answer = json(&solve(kind, &instance, &["--json"]));
        let path = folder.path().join("answer.json");
        let check = |answer: &Value| {
            fs::write(&path, answer.to_string()).unwrap();
            solve(
                kind,
                &instance,
                &["--json", "--check", path.to_str().unwrap()],
            )
        };
        let checked = json(&check(&answer));
        let (bound, objective) = (&checked["bound"], answer["objective"].as_f64().unwrap());
        let bound = bound.as_f64().unwrap();
        assert!(
            sign * (bound - objective) > -1e-9 * objective,
            "{kind}: {bound}"
        );
        let noted = answer["notes"]["price_bound_checked"].as_f64().unwrap();
        assert!((bound - noted).abs() < 1e-9 * objective, "{kind}: {noted}");
        let mut boast = answer.clone();
        boast["certificate"]["bound"] = Value::from(bound - sign * 0.01 * objective);
        let mut short = answer.clone();
        short["certificate"]["prices"].as_array_mut().unwrap().pop();
        let mut cheap = answer.clone();
        for price in cheap["certificate"]["prices"].as_array_mut().unwrap() {
            *price = Value::from(0.5 * price.as_f64().unwrap());
        }
        for wrong in [boast, short, cheap] {
            let output = check(&wrong);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), BAD_INPUT, "{kind}: {said}");
            assert!(said.contains("certificate does not hold"), "{kind}: {said}");
        }
    }
}
