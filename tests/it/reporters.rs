//! Who reports where it is, and how often: blue-force reporters, and ships' transponders.

use std::collections::BTreeMap;

use tercio::app::Simulation;
use tercio::kernel::time::SimTime;
use tercio::picture::{BluePicture, TrackStore};
use tercio::platform::navigation::NavSolution;
use tercio::platform::truth::Board;
use tercio::sensing::model::reporter::ReportRule;

use super::support::{edited, load_text, start, unit};

/// A lorry and a post on a plain, with links that never fail.
const CONVOY: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "convoy", title: "A lorry on a plain", duration_s: 3600,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.0, lon_deg: -84.0),
    terrain: Flat(height_m: 100, half_extent_m: (40000, 5000)),
    sides: [(id: "blue", hostile_to: [])],
    forces: [(id: "team", name: "Team", side: "blue", nation: "blueland", service: "army",
              echelon: Platoon, command: "cp")],
    units: [
        (id: "cp", class: "command-vehicle", force: "team", at_m: (0, 0), networks: ["net"],
         roles: [Command]),
        (id: "lorry", class: "truck", radios: ["mesh-wideband"], force: "team", at_m: (-20000, 0),
         heading_deg: 90, networks: ["net"], route: (speed_m_s: 8, waypoints_m: [(20000, 0)])),
        (id: "parked", class: "truck", radios: ["mesh-wideband"], force: "team", at_m: (500, 0),
         networks: ["net"]),
        (id: "soldier", class: "dismount", radios: ["mesh-wideband"],
         force: "team", at_m: (600, 0), networks: ["net"]),
    ],
    networks: [(id: "net", radio: "mesh-wideband")],
    sharing: (ideal_links: true),
)"#;

/// Times of the places that a post knew of each of these units, s.
fn reports(simulation: &mut Simulation, post: &str, names: &[&str]) -> Vec<Vec<f64>> {
    let post = unit(simulation, post);
    let units: Vec<_> = names.iter().map(|name| unit(simulation, name)).collect();
    let mut times = vec![Vec::new(); names.len()];
    while !simulation.is_over() {
        simulation.step().expect("no invariant is broken");
        let world = simulation.world();
        let index = world.resource::<tercio::kernel::ids::UnitIndex>();
        let picture = world.get::<BluePicture>(index.entity(post)).unwrap();
        for (unit, times) in units.iter().zip(&mut times) {
            let at = picture
                .get(*unit)
                .map_or(SimTime::ZERO, |known| known.place.at);
            if at > SimTime::ZERO && times.last() != Some(&at.as_s()) {
                times.push(at.as_s());
            }
        }
    }
    times
}

/// Times between neighbours.
fn gaps(times: &[f64]) -> Vec<f64> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn a_unit_reports_by_time_or_by_distance_as_its_reporter_says() {
    let mut simulation = start(&load_text(CONVOY), 1, 3000.0);
    let times = reports(&mut simulation, "cp", &["lorry", "parked", "soldier"]);
    // 800 m at 8 m/s, or 300 s; a soldier's beacon 15 s. The reporter looks once a second.
    let [lorry, parked, soldier] = [0, 1, 2].map(|at| gaps(&times[at]));
    assert!(lorry.len() > 20 && parked.len() > 7 && soldier.len() > 190);
    assert!(
        lorry.iter().all(|gap| (100.0..=101.0).contains(gap)),
        "{lorry:?}"
    );
    assert!(
        parked.iter().all(|gap| (gap - 300.0).abs() < 1e-6),
        "{parked:?}"
    );
    assert!(
        soldier.iter().all(|gap| (gap - 15.0).abs() < 1e-6),
        "{soldier:?}"
    );
    let rule = ReportRule {
        interval_s: 300.0,
        distance_m: 800.0,
        interval_least_s: 10.0,
    };
    let mean_age_s =
        lorry.iter().map(|gap| 0.5 * gap * gap).sum::<f64>() / lorry.iter().sum::<f64>();
    assert!(
        (mean_age_s / rule.mean_age_s(8.0) - 1.0).abs() < 0.02,
        "{mean_age_s}"
    );
}

#[test]
fn a_scenario_can_order_one_interval_for_all() {
    let text = edited(
        CONVOY,
        &[(
            "ideal_links: true",
            "ideal_links: true, position_reports: ByInterval, position_report_interval_s: 20",
        )],
    );
    let mut simulation = start(&load_text(&text), 1, 600.0);
    for times in reports(&mut simulation, "cp", &["lorry", "parked", "soldier"]) {
        let gaps = gaps(&times);
        assert!(
            gaps.len() > 25 && gaps.iter().all(|gap| (gap - 20.0).abs() < 1e-6),
            "{gaps:?}"
        );
    }
}

#[test]
fn a_post_passes_on_every_place_that_it_learns_once() {
    let text = edited(
        CONVOY,
        &[
            (
                "echelon: Platoon, command: \"cp\")",
                "echelon: Platoon, command: \"cp\"), (id: \"others\", name: \"Others\", side: \"blue\", \
                 nation: \"blueland\", service: \"army\", echelon: Platoon, command: \"peer\")",
            ),
            (
                "networks: [\"net\"],\n         roles: [Command])",
                "networks: [\"net\", \"posts\"],\n         roles: [Command]),
                 (id: \"peer\", class: \"command-vehicle\", force: \"others\", at_m: (0, 90),
                  networks: [\"posts\"], roles: [Command])",
            ),
            (
                "(id: \"net\", radio: \"mesh-wideband\")",
                "(id: \"net\", radio: \"mesh-wideband\"), (id: \"posts\", radio: \"mesh-wideband\")",
            ),
        ],
    );
    let loaded = load_text(&text);
    let own = reports(&mut start(&loaded, 1, 1200.0), "cp", &["lorry"]);
    let told = reports(&mut start(&loaded, 1, 1200.0), "peer", &["lorry"]);
    assert!(told[0].len() > 8, "{told:?}");
    assert_eq!(own[0][..told[0].len()], told[0][..]);
    assert!(own[0].len() <= told[0].len() + 1);
}

/// Ships on a calm sea; the watch has nothing but a receiver.
const SEA: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "sea", title: "Ships on a calm sea", duration_s: 1800,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.0, lon_deg: -30.0),
    terrain: Flat(height_m: -200, half_extent_m: (90000, 20000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"]), (id: "civil")],
    forces: [
        (id: "watch", name: "Watch", side: "blue", nation: "blueland", service: "navy",
         echelon: Platoon, command: "watcher"),
        (id: "raiders", name: "Raiders", side: "red", nation: "redland", service: "navy",
         echelon: Platoon, command: "raider"),
        (id: "shipping", name: "Shipping", side: "civil", nation: "none", service: "none",
         echelon: Team),
    ],
    units: [
        (id: "watcher", class: "patrol-boat", force: "watch", at_m: (0, 0), roles: [Command],
         sensors: ["ais-class-a"]),
        (id: "raider", class: "patrol-boat", force: "raiders", at_m: (0, 6000), roles: [Command]),
        (id: "trader", class: "merchant-ship", force: "shipping", at_m: (6000, 3000),
         heading_deg: 90, route: (speed_m_s: 6, waypoints_m: [(30000, 3000)])),
        (id: "anchored", class: "merchant-ship", force: "shipping", at_m: (-6000, 3000)),
        (id: "fisher", class: "fishing-boat", force: "shipping", at_m: (0, -6000),
         heading_deg: 90, route: (speed_m_s: 2, waypoints_m: [(30000, -6000)])),
        (id: "beyond", class: "merchant-ship", force: "shipping", at_m: (80000, 0),
         heading_deg: 90, route: (speed_m_s: 1, waypoints_m: [(85000, 0)])),
    ],
)"#;

/// Times at which the watcher's track next to each of these units was renewed, s.
fn heard(simulation: &mut Simulation, names: &[&'static str]) -> BTreeMap<&'static str, Vec<f64>> {
    let watcher = unit(simulation, "watcher");
    let units: Vec<_> = names
        .iter()
        .map(|name| (*name, unit(simulation, name)))
        .collect();
    let mut times: BTreeMap<_, Vec<f64>> = names.iter().map(|name| (*name, Vec::new())).collect();
    while !simulation.is_over() {
        simulation.step().expect("no invariant is broken");
        let world = simulation.world();
        let (index, board) = (
            world.resource::<tercio::kernel::ids::UnitIndex>(),
            world.resource::<Board>(),
        );
        let store = world.get::<TrackStore>(index.entity(watcher)).unwrap();
        for track in store.tracks() {
            let at = track.at(track.updated).position_m;
            let near = units
                .iter()
                .find(|(_, ix)| board.piece(*ix).position.truncate().distance(at) < 500.0);
            let (name, _) = near.expect("every track is of a ship that told where it is");
            let times = times.get_mut(name).unwrap();
            if times.last() != Some(&track.updated.as_s()) {
                times.push(track.updated.as_s());
            }
        }
    }
    times
}

#[test]
fn civil_ships_are_heard_at_the_intervals_of_their_stations_and_others_not_at_all() {
    let mut simulation = start(&load_text(SEA), 1, 900.0);
    let ships = ["trader", "fisher", "anchored", "raider", "beyond"];
    let trader = unit(&simulation, "trader");
    let world = simulation.world();
    let ship = world
        .resource::<tercio::kernel::ids::UnitIndex>()
        .entity(trader);
    let sigma_m = world.get::<NavSolution>(ship).unwrap().sigma_m;
    assert!(
        (sigma_m - 2.0).abs() < 1e-9,
        "the station's own error, not {sigma_m} m"
    );
    let times = heard(&mut simulation, &ships);
    for (name, interval_s, least) in [
        ("trader", 10.0, 80),
        ("fisher", 30.0, 25),
        ("anchored", 180.0, 3),
    ] {
        let gaps = gaps(&times[name]);
        assert!(gaps.len() >= least, "{name}: {gaps:?}");
        assert!(
            gaps.iter().all(|gap| (gap - interval_s).abs() < 1e-6),
            "{name}: {gaps:?}"
        );
    }
    assert!(times["raider"].is_empty(), "ships of state are silent");
    assert!(times["beyond"].is_empty(), "the earth is in between");
}
