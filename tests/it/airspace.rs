//! Whether aircraft keep out of what is closed to their side, in plans and in whole runs.

use glam::{DVec2, DVec3};
use tercio::app::plan;
use tercio::environment::{Landscape, NoGoAreas};
use tercio::kernel::ids::{UnitIndex, UnitIx};
use tercio::org::OrderOfBattle;
use tercio::plan::volume::Volume;
use tercio::plan::{Altitude, MissionPlan};
use tercio::platform::{truth::Board, vehicle::Fleet};
use tercio::scenario::load::LoadedScenario;

use super::support::{catalogue, highland, load, start};

/// Scenarios that come with the package and have missions.
const SHIPPED: [&str; 5] = [
    "tutorial",
    "highland-screen",
    "strait-watch",
    "gnss-denial",
    "direction-finding",
];

/// An aircraft's volumes and where it is, at every second of a run.
fn fly(loaded: &LoadedScenario, until_s: f64, mut look: impl FnMut(f64, &str, &[Volume], DVec3)) {
    let mut simulation = start(loaded, 1, until_s);
    while !simulation.is_over() {
        simulation.step().expect("no invariant is broken");
        let now_s = simulation.now_s();
        if now_s.fract() > 0.01 {
            continue;
        }
        let world = simulation.world();
        let (board, fleet) = (world.resource::<Board>(), world.resource::<Fleet>());
        let (order, no_go) = (
            world.resource::<OrderOfBattle>(),
            world.resource::<NoGoAreas>(),
        );
        for (unit, row) in world.resource::<UnitIndex>().iter() {
            let vehicle = fleet.vehicle(unit);
            if vehicle.is_air() {
                let closed = no_go.volumes(vehicle.domain_bit(), order.unit(unit).side.0);
                look(now_s, &row.name, &closed, board.piece(unit).position);
            }
        }
    }
}

/// Aircraft that are inside what is closed to them at some second of a run.
fn trespassers(loaded: &LoadedScenario, until_s: f64) -> Vec<String> {
    let mut seen = Vec::new();
    fly(loaded, until_s, |now_s, name, closed, at| {
        if closed.iter().any(|volume| volume.contains(at)) {
            seen.push(format!("{name} at {now_s} s"));
        }
    });
    seen
}

#[test]
fn no_aircraft_of_the_highland_screen_flies_over_the_hospital() {
    let seen = trespassers(highland(), f64::INFINITY);
    assert!(seen.is_empty(), "{seen:?}");
}

/// The tutorial with something closed across the way that its drone patrols.
fn closed_valley(volume: &str, more: &[&str]) -> LoadedScenario {
    let setting = format!("no_go=[(id: \"range\", domains: [Air], sides: [\"blue\"], {volume})]");
    let settings: Vec<&str> = core::iter::once(setting.as_str())
        .chain(more.iter().copied())
        .collect();
    load("tutorial", &settings)
}

/// A square on the way, 800 m wide.
const SQUARE: &str = "area_m: [(8500, -2500), (9300, -2500), (9300, -1500), (8500, -1500)]";

/// A belt from rim to rim of the map, across the way.
const BELT: &str = "area_m: [(-14000, -2500), (14000, -2500), (14000, -1500), (-14000, -1500)]";

/// Heights in which the drone crosses the middle of what is closed, and how often it does.
fn crossings(loaded: &LoadedScenario) -> (f64, f64, usize) {
    let (mut lowest_m, mut highest_m, mut number) = (f64::INFINITY, f64::NEG_INFINITY, 0);
    let mut last = None;
    fly(loaded, f64::INFINITY, |now_s, name, closed, at| {
        assert!(
            !closed.iter().any(|volume| volume.contains(at)),
            "{name} at {at} after {now_s} s"
        );
        let is_south = at.y < -2000.0;
        if name == "drone" && last.replace(is_south).is_some_and(|was| was != is_south) {
            (lowest_m, highest_m) = (lowest_m.min(at.z), highest_m.max(at.z));
            number += 1;
        }
    });
    (lowest_m, highest_m, number)
}

#[test]
fn a_patrol_goes_on_around_what_is_closed() {
    let binds_others = closed_valley(SQUARE, &["no_go.range.sides=[\"red\"]"]);
    let mut seconds_inside = 0;
    fly(&binds_others, 1500.0, |_, name, _, at| {
        let is_inside = (8500.0..9300.0).contains(&at.x) && (-2500.0..-1500.0).contains(&at.y);
        seconds_inside += u32::from(name == "drone" && is_inside);
    });
    assert!(seconds_inside > 0, "nobody minds what binds the others");
    let (_, _, number) = crossings(&closed_valley(SQUARE, &[]));
    assert!(number >= 2, "the drone has crossed {number} times");
}

#[test]
fn a_patrol_goes_over_or_under_what_it_cannot_go_around() {
    let (low, _, number) = crossings(&closed_valley(&format!("{BELT}, ceiling_m: 800"), &[]));
    assert!(
        number >= 2 && low > 800.0,
        "{number} crossings, the lowest at {low} m"
    );
    let (_, high, number) = crossings(&closed_valley(&format!("{BELT}, floor_m: 480"), &[]));
    assert!(
        number >= 2 && high < 480.0,
        "{number} crossings, the highest at {high} m"
    );
}

#[test]
fn nobody_crosses_a_belt_that_has_no_end() {
    let loaded = closed_valley(BELT, &[]);
    let (_, _, number) = crossings(&loaded);
    assert_eq!(number, 0);
    let set = plan(&loaded, catalogue(), Some("blue")).expect("there are missions");
    assert!(
        set.plans.iter().all(|plan| plan.unit != "drone"),
        "{:?}",
        set.why
    );
}

/// Points of a plan from its start to its end, m.
fn points(plan: &MissionPlan, landscape: &Landscape) -> Vec<DVec3> {
    let site = &plan.launch.site;
    let begin = landscape.local(site.lat_deg, site.lon_deg);
    let begin = begin.extend(site.elevation_m);
    let waypoints = plan.legs.iter().flat_map(|leg| &leg.waypoints);
    let points = waypoints.map(|waypoint| {
        let at = landscape.local(waypoint.lat_deg, waypoint.lon_deg);
        match waypoint.altitude {
            Altitude::AboveMeanSea(height_m) => at.extend(height_m),
            Altitude::AboveHome(height_m) => at.extend(plan.home.elevation_m + height_m),
            other => panic!("an aircraft of a plan at {other:?}"),
        }
    });
    core::iter::once(begin).chain(points).collect()
}

/// The first point of a side's plans, looked at every 25 m, that is closed to an aircraft at the height of
/// either end of its leg; and the number of aircraft that have plans.
fn crossed(loaded: &LoadedScenario, side: &str) -> (Option<(String, DVec2)>, usize) {
    let simulation = start(loaded, 1, 1.0);
    let world = simulation.world();
    let (fleet, order) = (world.resource::<Fleet>(), world.resource::<OrderOfBattle>());
    let (landscape, no_go) = (world.resource::<Landscape>(), world.resource::<NoGoAreas>());
    let index = world.resource::<UnitIndex>();
    let Ok(set) = plan(loaded, catalogue(), Some(side)) else {
        return (None, 0);
    };
    let mut aircraft = 0;
    for plan in &set.plans {
        let named = |it: &(UnitIx, &str)| it.1 == plan.unit;
        let mut names = index.iter().map(|(unit, row)| (unit, &*row.name));
        let unit = names.find(named).expect("the unit is there").0;
        let vehicle = fleet.vehicle(unit);
        if !vehicle.is_air() {
            continue;
        }
        aircraft += 1;
        let closed = no_go.volumes(vehicle.domain_bit(), order.unit(unit).side.0);
        for leg in points(plan, landscape).windows(2) {
            let (a, b) = (leg[0].truncate(), leg[1].truncate());
            let mut along_m = 0.0;
            while along_m <= a.distance(b) {
                let at = a.lerp(b, along_m / a.distance(b).max(1.0));
                let is_in = |z: f64| closed.iter().any(|volume| volume.contains(at.extend(z)));
                if is_in(leg[0].z) || is_in(leg[1].z) {
                    return (Some((plan.unit.clone(), at)), aircraft);
                }
                along_m += 25.0;
            }
        }
    }
    (None, aircraft)
}

#[test]
fn no_shipped_plan_of_an_aircraft_crosses_what_is_closed_to_its_side() {
    let mut aircraft = 0;
    for name in SHIPPED {
        let loaded = load(name, &[]);
        let sides: Vec<String> = loaded
            .read
            .scenario
            .sides
            .iter()
            .map(|it| it.id.clone())
            .collect();
        for side in sides {
            let (found, number) = crossed(&loaded, &side);
            assert_eq!(found, None, "{name}, {side}");
            aircraft += number;
        }
    }
    assert!(aircraft >= 10, "{aircraft} aircraft have plans");
    // The same with something closed in the way.
    let free = crossed(
        &closed_valley(SQUARE, &["no_go.range.sides=[\"red\"]"]),
        "blue",
    );
    assert_eq!(free.0, None);
    for volume in [SQUARE.to_owned(), format!("{BELT}, ceiling_m: 800")] {
        let (found, number) = crossed(&closed_valley(&volume, &[]), "blue");
        assert_eq!((found, number), (None, 1), "{volume}");
    }
}
