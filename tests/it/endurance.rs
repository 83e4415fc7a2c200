//! What is left in tanks and batteries at the end is measured over those who live, move and can run out.

use tercio::kernel::ids::UnitIndex;
use tercio::platform::mover::EnergyLeft;
use tercio::study::measure::measures_of;

use super::support::{load_text, start, unit};

/// A drone that flies, a truck that stands, one that is lost at once, and a mast.
const UNITS: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "endurance", title: "Endurance", duration_s: 600,
    start_utc: "2030-06-01T10:00:00Z", origin: (lat_deg: 48, lon_deg: 11),
    terrain: Flat(height_m: 100, half_extent_m: (5000, 5000)),
    sides: [(id: "blue"), (id: "red")],
    forces: [
        (id: "own", side: "blue", nation: "b", service: "army", echelon: Platoon),
        (id: "post", side: "red", nation: "r", service: "army", echelon: Platoon),
    ],
    units: [
        (id: "drone", class: "uav-multirotor", force: "own", at_m: (0, 0), altitude_m: 100,
         route: (waypoints_m: [(1500, 0), (0, 0)], speed_m_s: 10, repeat: true)),
        (id: "truck", class: "truck", force: "own", at_m: (0, 200)),
        (id: "wreck", class: "truck", force: "own", at_m: (0, 400)),
        (id: "mast", class: "sensor-mast", force: "post", at_m: (0, 600)),
    ],
    injects: [(at_s: 1, what: Destroy(unit: "wreck"))],
    measures: [
        (name: "left", of: EnduranceLeft(side: "blue"), unit: "1", direction: Up, threshold: 0.99),
        (name: "none", of: EnduranceLeft(side: "red"), unit: "1", direction: Up),
    ],
)
"#;

#[test]
fn endurance_left_is_the_mean_over_those_who_live_move_and_can_run_out() {
    let loaded = load_text(UNITS);
    let mut simulation = start(&loaded, 1, 600.0);
    simulation.run().expect("no invariant is broken");
    let share = |name: &str| {
        let world = simulation.world();
        let entity = world
            .resource::<UnitIndex>()
            .entity(unit(&simulation, name));
        world.get::<EnergyLeft>(entity).unwrap().0.share
    };
    let [drone, truck] = ["drone", "truck"].map(share);
    assert!(drone < 0.9 && drone < truck, "it flew: {drone}, {truck}");
    let summary = simulation.finish().report.summary;
    let measures = measures_of(&loaded.read.scenario, &summary);
    let value = |name: &str| measures.iter().find(|it| it.name == name).unwrap().value;
    let left = value("left").unwrap();
    assert!((left - 0.5 * (drone + truck)).abs() < 1e-12, "{left}");
    assert_eq!(value("none"), None, "a mast does not go anywhere");
}
