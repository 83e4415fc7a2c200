//! Both flagship scenarios run with every doctrine of blue and every course of red.

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

/// Runs a scenario with all pairs, and looks whether each course brought missions of its own.
fn every_pair(name: &str, force: &str, own: &'static str) {
    let mut hashes = std::collections::BTreeSet::new();
    for course in courses(own) {
        for doctrine in DOCTRINES {
            let settings = [
                format!("sides.red.course={course}"),
                format!("forces.{force}.doctrine={doctrine}"),
            ];
            let loaded = load(name, &settings.each_ref().map(String::as_str));
            let output = run(&loaded, 1, 150.0);
            let summary = &output.report.summary;
            let red = summary.operations.iter().find(|side| side.side == "red");
            let red = red.expect("red has missions");
            assert_eq!(red.course.as_deref(), Some(course));
            let begun = red.missions.iter().filter(|row| row.begun_s.is_some());
            assert!(begun.count() > 0, "{name}, {course}: red does nothing");
            assert!(
                hashes.insert(summary.state_hash.clone()),
                "{name}: {course} with {doctrine} changes nothing"
            );
        }
    }
    assert_eq!(hashes.len(), 15);
}

#[test]
fn the_highland_runs_with_every_doctrine_and_course() {
    every_pair("highland-screen", "brigade", "thrust");
}

#[test]
fn the_strait_runs_with_every_doctrine_and_course() {
    every_pair("strait-watch", "task-force", "run");
}
