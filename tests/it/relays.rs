//! Relays that `tercio plan --keep-links` adds, as a user sees them.

use std::process::Command;

use serde_json::Value;

use super::support::path_of;

/// Plans the highland with its relay aircraft free; the plan, and who would lose touch for too long.
fn planned(more: &[&str]) -> (Value, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_tercio"))
        .arg("plan")
        .arg(path_of("highland-screen"))
        .args([
            "--set",
            "missions.carry-link.window=(not_before_s: 3000)",
            "--json",
        ])
        .args(more)
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let plan = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no plan: {said}"));
    let lost = said.lines().filter(|line| line.contains("error P1107"));
    let units = lost.filter_map(|line| line.split(':').next().map(str::to_owned));
    (plan, units.collect())
}

#[test]
fn a_free_aircraft_relays_where_others_would_lose_touch() {
    let (without, lost) = planned(&[]);
    let (with, still_lost) = planned(&["--keep-links"]);
    let names = |plan: &Value| -> Vec<String> {
        let plans = plan["plans"].as_array().unwrap().iter();
        plans
            .map(|it| it["unit"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(!names(&without).contains(&"uav-relay".to_owned()));
    assert!(names(&with).contains(&"uav-relay".to_owned()));
    assert!(still_lost.len() < lost.len(), "{still_lost:?} of {lost:?}");
    let why = with["why"].to_string();
    assert!(why.contains("uav-relay relays for air-cp"), "{why}");
    // Who is beyond its reach is given up knowingly.
    assert!(why.contains("given up"), "{why}");
}
