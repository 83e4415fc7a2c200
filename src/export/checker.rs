//! The independent reader of `.plan` files: refuses every file that is not plainly allowed.
//!
//! It shares no rule, table or geometry with the encoders, only `kernel`. It reads bytes, so that it
//! also judges files that a person edited. Everything is an allow-list: unknown keys, commands,
//! frames and parameters are errors.
//!
//! Commands: those that move a vehicle, point a camera or switch it, as reported for ArduPilot
//! 4.8-dev 64a9c787 and PX4 main bb59c637. What drops, releases, fires, or drives an actuator is on
//! no list, and neither are jumps (readers disagree about their targets) and endless loiters (no
//! return is reached).

mod items;
mod shape;
mod table;
#[cfg(test)]
mod tests;
mod zones;

use serde_json::{Map, Value};

use super::strict_json;
use crate::kernel::finding::Finding;
use table::Vehicle;

/// Everything that is wrong with a `.plan` file; empty for one that may go out. `file` names it in
/// the findings.
#[must_use]
pub fn check_qgc_plan(file: &str, bytes: &[u8]) -> Vec<Finding> {
    let mut report = Report {
        file,
        findings: Vec::new(),
    };
    match strict_json::parse(bytes) {
        Ok(root) => check_root(&root, &mut report),
        Err(cause) => report.error(
            "X2001",
            cause,
            "write one JSON object without repeated keys",
        ),
    }
    report.findings
}

/// What was found so far.
struct Report<'file> {
    /// Name of the file.
    file: &'file str,
    /// The findings.
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Adds an error.
    fn error(&mut self, code: &str, cause: impl Into<String>, cure: &str) {
        self.findings
            .push(Finding::error(code, self.file, cause, cure));
    }
}

/// Top level: exact keys, then each part.
fn check_root(root: &Value, report: &mut Report<'_>) {
    const KEYS: [&str; 6] = [
        "fileType",
        "geoFence",
        "groundStation",
        "mission",
        "rallyPoints",
        "version",
    ];
    let Some(root) = shape::object(root, "file", &KEYS, &[], report) else {
        return;
    };
    shape::exactly(root, "fileType", &Value::from("Plan"), "file", report);
    shape::exactly(root, "version", &Value::from(1), "file", report);
    if !root.get("groundStation").is_some_and(Value::is_string) {
        report.error(
            "X2003",
            "groundStation is no text",
            "write the name of the program",
        );
    }
    let Some(mission) = check_mission(root, report) else {
        return;
    };
    let zones = zones::read(root, report);
    zones::check(&mission, &zones, report);
}

/// A mission as the checker understood it.
struct Mission {
    /// Firmware and vehicle.
    vehicle: Vehicle,
    /// Home: latitude, longitude, degrees.
    home: [f64; 2],
    /// The items.
    items: Vec<items::Item>,
}

/// The mission part; none where it is too broken to look further.
fn check_mission(root: &Map<String, Value>, report: &mut Report<'_>) -> Option<Mission> {
    const KEYS: [&str; 4] = ["firmwareType", "items", "plannedHomePosition", "version"];
    const OPTIONAL: [&str; 4] = [
        "cruiseSpeed",
        "globalPlanAltitudeMode",
        "hoverSpeed",
        "vehicleType",
    ];
    let mission = shape::object(root.get("mission")?, "mission", &KEYS, &OPTIONAL, report)?;
    shape::exactly(mission, "version", &Value::from(2), "mission", report);
    for key in ["cruiseSpeed", "hoverSpeed"] {
        let is_whole = |value: &Value| {
            value
                .as_u64()
                .is_some_and(|speed| (1..=300).contains(&speed))
        };
        if mission.get(key).is_some_and(|value| !is_whole(value)) {
            let cause = format!("{key} is no whole number from 1 to 300");
            report.error("X2003", cause, "Mission Planner reads whole numbers only");
        }
    }
    if mission
        .get("globalPlanAltitudeMode")
        .is_some_and(|mode| mode != 0 && mode != 1)
    {
        report.error(
            "X2003",
            "globalPlanAltitudeMode is neither 0 nor 1",
            "write 1",
        );
    }
    let home = shape::numbers::<3>(mission.get("plannedHomePosition")?);
    let home = home.filter(|[lat, lon, height]| {
        shape::is_on_earth(*lat, *lon) && (-500.0..=9000.0).contains(height)
    });
    if home.is_none() {
        report.error(
            "X2004",
            "plannedHomePosition is no latitude, longitude and height",
            "write degrees and metres above mean sea level",
        );
    }
    let vehicle = table::vehicle(mission.get("firmwareType"), mission.get("vehicleType"));
    if vehicle.is_none() {
        report.error(
            "X2005",
            "firmwareType and vehicleType name no vehicle that is known here",
            "write 3 with 1, 2, 10, 11 or 12, or 12 with 1, 2 or 10",
        );
    }
    let (vehicle, [lat, lon, _]) = (vehicle?, home?);
    let items = items::read(mission.get("items")?, vehicle, report)?;
    items::check_order(&items, vehicle, report);
    Some(Mission {
        vehicle,
        home: [lat, lon],
        items,
    })
}
