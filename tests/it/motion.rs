//! Groups that keep together, posts from which a point is seen, and links of plans, in whole runs.

use glam::DVec2;
use tercio::app::{PlanCoverage, plan};
use tercio::environment::Landscape;
use tercio::kernel::ids::{UnitIndex, UnitIx};
use tercio::plan::{LegKind, MissionPlan, Position};
use tercio::platform::truth::Board;

use super::support::{catalogue, highland, load, start, tutorial};

/// Rank of a unit.
fn unit(index: &UnitIndex, name: &str) -> UnitIx {
    let mut rows = index.iter();
    rows.find(|(_, row)| row.name == name)
        .expect("the unit is there")
        .0
}

/// Least and greatest distance between the two intruders on the way, m.
fn distances_m(motion: &str) -> (f64, f64) {
    let setting =
        format!("units.intruder.formation=(shape: Column, spacing_m: 150, motion: {motion})");
    let loaded = load("tutorial", &[&setting]);
    let mut simulation = start(&loaded, 1, 420.0);
    let (mut least_m, mut greatest_m) = (f64::INFINITY, 0.0_f64);
    while !simulation.is_over() {
        simulation.step().expect("no invariant is broken");
        if simulation.now_s() > 60.0 {
            let world = simulation.world();
            let (board, index) = (world.resource::<Board>(), world.resource::<UnitIndex>());
            let at = |name: &str| board.piece(unit(index, name)).position.truncate();
            let gap_m = at("intruder-1").distance(at("intruder-2"));
            (least_m, greatest_m) = (least_m.min(gap_m), greatest_m.max(gap_m));
        }
    }
    (least_m, greatest_m)
}

#[test]
fn a_column_over_hills_neither_bunches_up_nor_falls_apart() {
    let (least_m, greatest_m) = distances_m("Formation");
    assert!(
        least_m > 100.0 && greatest_m < 300.0,
        "{least_m} to {greatest_m} m"
    );
    let (alone_m, _) = distances_m("Apart");
    assert!(
        alone_m < 0.6 * least_m,
        "alone they come as near as {alone_m} m"
    );
}

/// The plan of a unit of the tutorial.
fn planned(name: &str) -> MissionPlan {
    let set = plan(tutorial(), catalogue(), Some("blue")).expect("blue has missions");
    let mut plans = set.plans.into_iter();
    plans
        .find(|plan| plan.unit == name)
        .unwrap_or_else(|| panic!("{name}: {:?}", set.why))
}

#[test]
fn a_scout_watches_from_where_it_sees_the_point_and_no_nearer_than_it_must() {
    let scout = planned("scout");
    let simulation = start(tutorial(), 1, 1.0);
    let landscape = simulation.world().resource::<Landscape>();
    let stay = |leg: &&tercio::plan::Leg| matches!(leg.kind, LegKind::Loiter { .. });
    let post = scout.legs.iter().find(stay).expect("it stays").waypoints[0];
    let post = landscape.local(post.lat_deg, post.lon_deg);
    let point = DVec2::new(8000.0, -4500.0);
    let gap_m = post.distance(point);
    assert!((1399.0..2001.0).contains(&gap_m), "{gap_m}");
    let raised = |at: DVec2, by_m: f64| at.extend(landscape.terrain.surface_m(at.x, at.y) + by_m);
    assert!(landscape.is_clear(raised(post, 0.8), raised(point, 2.0)));
}

#[test]
fn every_mission_without_a_vehicle_says_why() {
    let early = load(
        "tutorial",
        &["missions.watch-road.window=(not_before_s: 600)"],
    );
    let set = plan(&early, catalogue(), Some("blue")).expect("blue has missions");
    let why = set.why.join("\n");
    assert!(why.contains("watch-road: begins at 600 s"), "{why}");
    let late = load(
        "tutorial",
        &["missions.watch-road.window=(not_after_s: 20)"],
    );
    let set = plan(&late, catalogue(), Some("blue")).expect("blue has missions");
    let why = set.why.join("\n");
    assert!(why.contains("watch-road: a part is left out"), "{why}");
}

#[test]
fn a_plan_is_heard_near_its_post_and_not_beyond_the_horizon() {
    let set = plan(highland(), catalogue(), Some("blue")).expect("blue has missions");
    let coverage = PlanCoverage::new(&set, highland(), catalogue()).expect("the world is built");
    let margin_db = |x: f64, y: f64, height_m: f64| {
        let (lat_deg, lon_deg) = highland().frame.to_geodetic(DVec2::new(x, y));
        coverage.margin_db("uav-1", Position { lat_deg, lon_deg }, height_m)
    };
    assert!(margin_db(7500.0, 5100.0, 500.0) > 10.0);
    assert!(margin_db(7500.0, -300_000.0, 500.0) < 0.0);
    assert!(margin_db(7500.0, 5100.0, 500.0) > margin_db(7500.0, -9000.0, 500.0));
}
