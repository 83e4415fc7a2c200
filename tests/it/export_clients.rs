//! Every exported file is loaded and uploaded by real software: MAVSDK from the Python index.
//!
//! Ignored by default: `.ci/run` makes the environment and names its interpreter in
//! `TERCIO_PYTHON`.

use std::path::Path;
use std::process::{Command, Output};

use tercio::export::{ManifestHeader, Profile, QgcPlan, write_set};
use tercio::plan::sample::{sample, sample_facts};
use tercio::plan::{Altitude, ExportableVehicle, Finish, LegKind, MissionPlan};

/// One vehicle per profile, and a second one per profile that can end by returning home.
fn fleet() -> Vec<ExportableVehicle> {
    let mut fleet = Vec::new();
    for profile in Profile::ALL {
        let autopilot = profile.autopilot();
        let plan = MissionPlan {
            unit: profile.name().into(),
            ..sample(autopilot)
        };
        let mut home = MissionPlan {
            unit: format!("{}-home", profile.name()),
            ..plan.clone()
        };
        if let Some(last) = home.legs.last_mut() {
            last.kind = LegKind::Return {
                finish: Finish::ReturnToHome,
            };
        }
        if autopilot.is_aerial() {
            let elevation_m = home.home.elevation_m;
            home.legs[0].waypoints[0].altitude = Altitude::AboveMeanSea(elevation_m + 75.25);
        }
        for plan in [plan, home] {
            let facts = sample_facts(autopilot);
            fleet.push(ExportableVehicle::new(plan, facts).expect("samples are sound"));
        }
    }
    fleet
}

/// Writes the fleet into a folder.
fn write(folder: &Path) {
    let header = ManifestHeader {
        scenario: "clients".into(),
        side: "blue".into(),
        planner: "sample".into(),
        start_utc: None,
    };
    write_set(folder, &QgcPlan::default(), &fleet(), header).expect("every plan exports");
}

/// What the clients say of every file of a folder.
fn clients_on(folder: &Path) -> Output {
    let python = std::env::var("TERCIO_PYTHON").expect("TERCIO_PYTHON names an interpreter");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/check_plans.py");
    let output = Command::new(python).arg(script).arg(folder).output();
    output.expect("the interpreter starts")
}

#[test]
#[ignore = "needs a Python environment with mavsdk, named in TERCIO_PYTHON"]
fn mavsdk_loads_and_uploads_every_exported_plan() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write(folder.path());
    let output = clients_on(folder.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
#[ignore = "needs a Python environment with mavsdk, named in TERCIO_PYTHON"]
fn a_changed_file_does_not_pass_the_clients() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write(folder.path());
    let path = folder.path().join("px4-mc.plan");
    let text = std::fs::read_to_string(&path).expect("the file was written");
    std::fs::write(
        &path,
        text.replacen("\"command\": 16", "\"command\": 183", 1),
    )
    .expect("the file can be changed");
    let output = clients_on(folder.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "a servo command went through");
    assert!(said.contains("command 183 is not allowed"), "{said}");
}
