//! Only sound plans of unarmed, uncrewed vehicles leave the simulator, and nothing else with them.

use std::sync::OnceLock;

use tercio::app::{facts_of, plan};
use tercio::export::{Exporter, QgcPlan, check_qgc_plan};
use tercio::kernel::finding::Finding;
use tercio::plan::{ExportableVehicle, MissionPlan, PlanSet, Position};
use tercio::preflight::{Limits, World, check};
use tercio::scenario::order_of_battle::OrderOfBattle;

use super::support::{catalogue, highland};

/// Height of the highland's ground, m.
fn ground_m(at: Position) -> f64 {
    let local = highland().frame.to_local(at.lat_deg, at.lon_deg);
    highland().terrain.height_m(local.x, local.y)
}

/// Blue's plan for the highland, with heights above the sea.
fn planned() -> &'static PlanSet {
    static SET: OnceLock<PlanSet> = OnceLock::new();
    SET.get_or_init(|| {
        let mut set = plan(highland(), catalogue(), Some("blue")).expect("blue has missions");
        set.plans
            .iter_mut()
            .for_each(|plan| plan.resolve_ground(ground_m));
        set
    })
}

/// The vehicle of a plan, or the code of the refusal.
fn exportable(plan: &MissionPlan) -> Result<ExportableVehicle, &'static str> {
    let facts = facts_of(highland(), catalogue(), &plan.unit).expect("the unit is in the scenario");
    ExportableVehicle::new(plan.clone(), facts).map_err(|no| no.code())
}

/// Names of all units that are not of a side.
fn others(side: &str) -> Vec<String> {
    let scenario = &highland().read.scenario;
    let order = OrderOfBattle::of(scenario);
    let is_other = |force: &str| order.force(force).expect("checked on loading").side != side;
    let units = scenario.units.iter().filter(|unit| is_other(&unit.force));
    units
        .flat_map(|unit| unit.expanded_ids().chain([unit.id.clone()]))
        .collect()
}

/// Files of everything that the format takes, by unit.
fn files() -> Vec<(String, Vec<u8>)> {
    let vehicles = planned()
        .plans
        .iter()
        .filter_map(|plan| exportable(plan).ok());
    let file = |vehicle: ExportableVehicle| {
        let bytes = QgcPlan::default().encode(&vehicle).ok()?;
        Some((vehicle.plan().unit.clone(), bytes))
    };
    vehicles.filter_map(file).collect()
}

#[test]
fn files_of_a_planned_scenario_pass_the_independent_reader() {
    let files = files();
    assert!(files.len() >= 8, "only {} files", files.len());
    for (unit, bytes) in &files {
        assert_eq!(check_qgc_plan(unit, bytes), [], "{unit}");
        let text = String::from_utf8(bytes.clone()).expect("JSON is UTF-8");
        let servo = text.replacen("\"command\": 16", "\"command\": 183", 1);
        assert_ne!(text, servo, "{unit} has no waypoint");
        assert_ne!(
            check_qgc_plan(unit, servo.as_bytes()),
            [],
            "{unit}: a servo command passes"
        );
    }
}

#[test]
fn no_file_names_anything_that_is_not_friendly() {
    let others = others("blue");
    assert!(others.iter().any(|name| name == "red-tank-1"), "{others:?}");
    assert!(others.iter().any(|name| name == "pickup-1"), "{others:?}");
    for (unit, bytes) in files() {
        let text = String::from_utf8(bytes).expect("JSON is UTF-8");
        for name in &others {
            assert!(
                !text.contains(name.as_str()),
                "the file of {unit} names {name}"
            );
        }
        for word in ["target", "weapon", "fire", "hostile", "enemy"] {
            assert!(
                !text.to_lowercase().contains(word),
                "the file of {unit} says {word}"
            );
        }
    }
}

#[test]
fn armed_and_crewed_vehicles_stay() {
    let mut armed = 0;
    for plan in &planned().plans {
        let facts = facts_of(highland(), catalogue(), &plan.unit).expect("the unit is known");
        match exportable(plan) {
            Ok(_) => assert!(!facts.carries_effector && !facts.is_crewed, "{}", plan.unit),
            Err("X1002") => armed += 1,
            Err(_) => {}
        }
    }
    assert!(armed > 0, "nothing armed was planned for");
    let drone = planned()
        .plans
        .iter()
        .find(|plan| plan.unit == "uav-1")
        .expect("uav-1 has a plan");
    exportable(drone).expect("an unarmed drone may leave");
    // Whatever is claimed about the plan, what the unit is decides.
    for (unit, code) in [
        ("gun-ugv-1", "X1002"),
        ("truck", "X1003"),
        ("depot", "X1005"),
    ] {
        let facts = facts_of(highland(), catalogue(), unit).expect("the unit is known");
        let refused = ExportableVehicle::new(drone.clone(), facts);
        assert_eq!(refused.map_err(|no| no.code()), Err(code), "{unit}");
    }
}

/// What the safety check finds in blue's plan next to these tracks.
fn safety(tracks: &[Position]) -> Vec<Finding> {
    let ground = ground_m;
    let world = World {
        ground: &ground,
        link: None,
        tracks,
    };
    check(&planned().plans, &world, &Limits::default())
}

#[test]
fn the_safety_check_looks_at_all_plans_and_sees_a_track_on_the_way() {
    let calm = safety(&[]);
    let units: Vec<&str> = planned()
        .plans
        .iter()
        .map(|plan| plan.unit.as_str())
        .collect();
    assert!(
        calm.iter().all(|it| units.contains(&it.file.as_str())),
        "{calm:?}"
    );
    assert_eq!(calm, safety(&[]), "the check is no game of dice");
    let drone = planned()
        .plans
        .iter()
        .find(|plan| plan.unit == "uav-1")
        .expect("uav-1 has a plan");
    let waypoint = drone.legs[0].waypoints[0].position();
    let near = safety(&[waypoint]);
    let is_new = |finding: &&Finding| finding.file == "uav-1" && !calm.contains(*finding);
    let found = near
        .iter()
        .find(is_new)
        .expect("a track lies on the way of uav-1");
    assert!(found.is_error() && !found.cure.is_empty(), "{found}");
}

#[test]
fn planning_is_repeatable() {
    let again = plan(highland(), catalogue(), Some("blue")).expect("as before");
    let mut again = again;
    again
        .plans
        .iter_mut()
        .for_each(|plan| plan.resolve_ground(ground_m));
    assert_eq!(&again, planned());
}
