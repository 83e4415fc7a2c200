//! Both flagship scenarios run with every doctrine of blue and every course of red.

use std::collections::BTreeSet;

use super::support::{load, run};

/// Doctrines that come with the package for blue.
const DOCTRINES: [&str; 3] = ["cautious", "standard", "bold"];

/// Courses of red: the one by default and the four others.
fn courses(own: &'static str) -> [&'static str; 5] {
    [
        own,
        "infiltrate",
        "decoy-and-saturate",
        "hunt-emissions",
        "jam-and-go",
    ]
}

/// Missions of red that have begun, after a while.
fn begun(name: &str, settings: &[String; 2], until_s: f64) -> (BTreeSet<String>, String) {
    let loaded = load(name, &settings.each_ref().map(String::as_str));
    let output = run(&loaded, 1, until_s);
    let summary = output.report.summary;
    let red = summary.operations.iter().find(|side| side.side == "red");
    let red = red.expect("red has missions");
    assert!(settings[0].ends_with(red.course.as_deref().expect("it takes a course")));
    let rows = red.missions.iter().filter(|row| row.begun_s.is_some());
    (rows.map(|row| row.id.clone()).collect(), summary.state_hash)
}

/// Runs a scenario with all pairs for a while, and each course for so long that what it alone orders has
/// begun.
fn every_pair(name: &str, force: &str, own: &'static str, signs: [&str; 5], until_s: f64) {
    let mut hashes = BTreeSet::new();
    for (course, sign) in courses(own).into_iter().zip(signs) {
        for doctrine in DOCTRINES {
            let settings = [
                format!("sides.red.course={course}"),
                format!("forces.{force}.doctrine={doctrine}"),
            ];
            let until_s = if doctrine == "standard" {
                until_s
            } else {
                150.0
            };
            let (begun, hash) = begun(name, &settings, until_s);
            assert!(
                hashes.insert(hash),
                "{name}: {course} with {doctrine} changes nothing"
            );
            let is_meant = doctrine != "standard" || begun.contains(sign);
            assert!(
                is_meant,
                "{name}, {course}: {sign} has not begun, only {begun:?}"
            );
        }
    }
    assert_eq!(hashes.len(), 15);
}

#[test]
fn the_highland_runs_with_every_doctrine_and_course() {
    let signs = [
        "red-thrust",
        "red-thrust-late",
        "red-show",
        "red-hook-late",
        "red-hook-late",
    ];
    every_pair("highland-screen", "brigade", "thrust", signs, 1700.0);
}

#[test]
fn the_strait_runs_with_every_doctrine_and_course() {
    let signs = [
        "first-run",
        "creep-north",
        "feint",
        "first-run",
        "all-run-north",
    ];
    every_pair("strait-watch", "task-force", "run", signs, 2000.0);
}
