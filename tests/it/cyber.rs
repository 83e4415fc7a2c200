//! Nodes in the hands of an adversary: what they tell, drop and claim; and tracks that are fused as if
//! nobody had heard of them before.

use glam::DVec2;
use tercio::app::{RunOutput, Simulation};
use tercio::kernel::ids::UnitIndex;
use tercio::kernel::time::SimTime;
use tercio::picture::{Track, TrackStore};
use tercio::platform::truth::Board;

use super::lockstep::run_to;
use super::support::{edited, load_text, run, start, unit};

/// A post `a`, a relay `c` and a node `b` in a row on a radio that carries 787 m, a node `e` of another
/// service beside `b`, and one that only `a` hears, on a radio of its own: `d`. Far away a hostile post
/// without eyes.
const ROW: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "row", title: "A row of nodes", duration_s: 300, dt_ms: 100,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.3, lon_deg: -84.2),
    terrain: Flat(height_m: 0, half_extent_m: (20000, 20000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"])],
    forces: [
        (id: "nodes", side: "blue", nation: "blueland", service: "army", echelon: Company,
         command: "a", subordinates: [(id: "others", service: "navy", echelon: Team)]),
        (id: "foe", side: "red", nation: "redland", service: "army", echelon: Team, command: "ear",
         doctrine: "idle"),
    ],
    doctrines: [(id: "idle", posture: WeaponsHold, engage_confidence: 0.9,
                 engage_sigma_max_m: 10, rounds_per_target_max: 1)],
    units: [
        (id: "a", class: "uav-multirotor", force: "nodes", at_m: (0, 0), altitude_m: 10, sensors: [],
         radios: ["wlan-dsss", "vhf-vehicle"], networks: ["wlan", "vhf"], roles: [Command, Relay]),
        (id: "c", class: "uav-multirotor", force: "nodes", at_m: (700, 0), altitude_m: 10,
         sensors: [], radios: ["wlan-dsss"], networks: ["wlan"], roles: [Relay]),
        (id: "b", class: "uav-multirotor", force: "nodes", at_m: (1400, 0), altitude_m: 10,
         sensors: [], radios: ["wlan-dsss"], networks: ["wlan"], roles: [Relay]),
        (id: "e", class: "uav-multirotor", force: "others", at_m: (1400, 300), altitude_m: 10,
         sensors: [], radios: ["wlan-dsss"], networks: ["wlan"], roles: [Relay]),
        (id: "d", class: "command-vehicle", force: "nodes", at_m: (-3000, 0), sensors: [],
         radios: ["vhf-vehicle"], networks: ["vhf"]),
        (id: "ear", class: "command-vehicle", force: "foe", at_m: (0, 15000), sensors: [],
         roles: [Command]),
    ],
    networks: [(id: "wlan", radio: "wlan-dsss"), (id: "vhf", radio: "vhf-vehicle")],
    sharing: (regime: Meshed, routing: LinkState, position_reports: ByInterval,
              position_report_interval_s: 10, status_report_interval_s: 3000),
    injects: [(id: "mole", at_s: 30, what: Compromise(unit: "c", WHAT))],
    traffic: [TRAFFIC],
)"#;

/// The row with this done to its relay.
fn row(what: &str) -> String {
    edited(ROW, &[("WHAT", what), ("TRAFFIC", "")])
}

/// The confirmed tracks of a unit.
fn tracks(simulation: &Simulation, name: &str) -> Vec<Track> {
    let index = simulation.world().resource::<UnitIndex>();
    let entity = index.entity(unit(simulation, name));
    let store = simulation.world().get::<TrackStore>(entity).unwrap();
    let confirmed = store.tracks().iter().filter(|track| track.confirmed);
    confirmed.cloned().collect()
}

/// Which of the units a post has a track at, within 100 m.
fn known(simulation: &Simulation, post: &str, units: &[&str]) -> Vec<bool> {
    let board = simulation.world().resource::<Board>();
    let tracks = tracks(simulation, post);
    let is_known = |name: &&str| {
        let place = board.piece(unit(simulation, name)).position.truncate();
        let mut near = tracks.iter();
        near.any(|track| track.state.position_m.distance(place) < 100.0)
    };
    units.iter().map(is_known).collect()
}

#[test]
fn a_listening_node_tells_what_passed_it_and_nothing_else_after_the_delay() {
    let text = row(r#"listens: (to: "ear", delay_s: 60)"#);
    let mut simulation = start(&load_text(&text), 1, 300.0);
    // 30 s until it listens, 60 s until it is told.
    run_to(&mut simulation, 890);
    assert!(
        tracks(&simulation, "ear").is_empty(),
        "nothing is known yet"
    );
    run_to(&mut simulation, 1500);
    let found = known(&simulation, "ear", &["a", "b", "c", "e", "d"]);
    assert_eq!(found, [true, true, true, true, false]);
    let told = tracks(&simulation, "ear");
    assert_eq!(told.len(), 4, "{told:?}");
    let latest = SimTime::from_s(simulation.now_s() - 60.0);
    for track in &told {
        assert!(
            track.updated <= latest && track.hostile_llr > 3.0,
            "{track:?}"
        );
    }
    // Nobody else was told, and nobody on the other side learnt of it.
    assert!(tracks(&simulation, "a").is_empty());
    let silent = row("drops: 0.1");
    let mut simulation = start(&load_text(&silent), 1, 300.0);
    run_to(&mut simulation, 1500);
    assert!(tracks(&simulation, "ear").is_empty());
}

#[test]
fn what_is_not_passed_to_the_node_is_not_exposed_there() {
    let text = row(r#"listens: (to: "ear", delay_s: 0)"#);
    let exposed = |regime: &str| {
        let text = edited(&text, &[("regime: Meshed", &format!("regime: {regime}"))]);
        let mut simulation = start(&load_text(&text), 1, 300.0);
        run_to(&mut simulation, 1500);
        known(&simulation, "ear", &["b", "e"])
    };
    assert_eq!(exposed("Meshed"), [true, true]);
    // Stovepipes keep what the other service says away from the node's own.
    assert_eq!(exposed("Stovepiped"), [true, false]);
}

#[test]
fn a_node_that_lies_does_not_deceive_its_master() {
    let text = row(r#"listens: (to: "ear", delay_s: 10),
           lies: (area_m: [(5000, 5000), (6000, 5000), (5000, 6000)], interval_s: 10)"#);
    let mut simulation = start(&load_text(&text), 1, 300.0);
    run_to(&mut simulation, 1500);
    let claimed = |post: &str| {
        let tracks = tracks(&simulation, post).into_iter();
        tracks
            .filter(|track| track.state.position_m.min_element() > 4000.0)
            .count()
    };
    assert!(claimed("a") > 0, "its own side believes it");
    assert_eq!(claimed("ear"), 0);
    assert!(
        !tracks(&simulation, "ear").is_empty(),
        "what is true he is told"
    );
}

#[test]
fn an_excluded_node_tells_no_more() {
    let until = |more: &str| {
        let text = row(&format!(r#"listens: (to: "ear", delay_s: 10){more}"#));
        let mut simulation = start(&load_text(&text), 1, 300.0);
        run_to(&mut simulation, 1900);
        let told = tracks(&simulation, "ear").into_iter();
        told.map(|track| track.updated.as_s()).fold(0.0, f64::max)
    };
    assert!(until("") > 160.0);
    let last_s = until(", excluded_after_s: 90");
    assert!((100.0..=120.0).contains(&last_s), "{last_s}");
}

/// Sent and delivered of the traffic.
fn flow(output: &RunOutput) -> (u64, f64) {
    let mut rows = output.report.summary.network.by_class.iter();
    let row = rows.find(|row| row.class == "staff").unwrap();
    (row.traffic.sent, row.traffic.delivery_ratio.unwrap_or(0.0))
}

/// Sent and delivered from `b` to `a` under a protocol, with this done to the relay between them.
fn through(what: &str, routing: &str) -> (u64, f64) {
    let traffic = r#"(id: "flow", from: ["b"], to: ["a"], size_bytes: 64, interval_s: 0.25,
                      start_s: 40, end_s: 280, valid_s: 10)"#;
    let text = edited(
        ROW,
        &[
            ("WHAT", what),
            ("TRAFFIC", traffic),
            ("routing: LinkState", &format!("routing: {routing}")),
        ],
    );
    flow(&run(&load_text(&text), 1, f64::INFINITY))
}

#[test]
fn a_grey_hole_lets_the_rest_of_the_messages_through() {
    for routing in ["LinkState", "Oracle", "Flooding"] {
        let (sent, whole) = through(r#"listens: (to: "ear", delay_s: 0)"#, routing);
        assert!(sent > 900 && whole > 0.98, "{routing}: {whole} of {sent}");
        let (sent, left) = through("drops: 0.4", routing);
        // Four standard errors of a share of 0.6 of 960, and what is lost anyway.
        let bound = 4.0 * (0.24 / sent as f64).sqrt() + (1.0 - whole);
        assert!((left - 0.6).abs() < bound, "{routing}: {left} of {sent}");
    }
}

#[test]
fn no_way_leads_through_an_excluded_node() {
    // Of 240 s of traffic, 60 s have the relay; there is no other way.
    for routing in ["LinkState", "Oracle"] {
        let (_, ratio) = through("drops: 0.0, excluded_after_s: 70", routing);
        assert!((0.2..0.3).contains(&ratio), "{routing}: {ratio}");
    }
}

/// A post with a mortar and a node that claims to see vehicles two kilometres ahead, and nobody there.
const CLAIMS: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "claims", title: "Claims", duration_s: 600, dt_ms: 100,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.3, lon_deg: -84.2),
    terrain: Flat(height_m: 100, half_extent_m: (20000, 20000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"])],
    forces: [
        (id: "outpost", side: "blue", nation: "blueland", service: "army", echelon: Platoon,
         command: "cp", doctrine: "tight"),
        (id: "foe", side: "red", nation: "redland", service: "army", echelon: Team, command: "ear",
         doctrine: "tight"),
    ],
    units: [
        (id: "cp", class: "command-vehicle", force: "outpost", at_m: (0, 0), sensors: [],
         radios: ["vhf-vehicle"], networks: ["net"], roles: [Command]),
        (id: "node", class: "radio-node", force: "outpost", at_m: (100, 200), sensors: [],
         radios: ["vhf-vehicle"], networks: ["net"], roles: [Relay]),
        (id: "mortar", class: "mortar-carrier", force: "outpost", at_m: (200, 0), sensors: [],
         radios: ["vhf-vehicle"], networks: ["net"]),
        (id: "ear", class: "command-vehicle", force: "foe", at_m: (0, 18000), sensors: [],
         roles: [Command]),
    ],
    networks: [(id: "net", radio: "vhf-vehicle")],
    sharing: (regime: Meshed),
    desks: [
        (at: "cp", operators: 1, service: (median_s: 8, sigma_log: 0.4, floor_s: 2),
         accept_confidence: 0.3, authorisation_valid_s: 180, proposal_valid_s: 240,
         lost_link_s: 20),
    ],
    doctrines: [
        (id: "tight", posture: WeaponsTight, engage_confidence: 0.7, engage_sigma_max_m: 200,
         rounds_per_target_max: 4, plan_interval_s: 10),
    ],
    injects: [(id: "mole", enabled: IS_ON, at_s: 60, what: Compromise(unit: "node",
        lies: (area_m: [(-500, 2000), (500, 2000), (500, 3000), (-500, 3000)], interval_s: 20)
        MORE))],
)"#;

/// The post with the node as it should be, or lying for so long.
fn claims(is_on: bool, more: &str) -> String {
    edited(CLAIMS, &[("IS_ON", &is_on.to_string()), ("MORE", more)])
}

#[test]
fn claims_are_believed_draw_fires_that_a_human_leaves_and_end_with_exclusion() {
    let text = claims(true, ", excluded_after_s: 200");
    let mut simulation = start(&load_text(&text), 1, 600.0);
    run_to(&mut simulation, 2500);
    let seen = tracks(&simulation, "cp");
    // One each 20 s from 80 s on; none is lost on an empty net over 200 m.
    assert_eq!(seen.len(), 9, "{seen:?}");
    let is_inside = |at: DVec2| at.x.abs() <= 500.0 && (2000.0..=3000.0).contains(&at.y);
    for track in &seen {
        let place = track.state.position_m;
        assert!(is_inside(place) && track.hostile_llr > 3.0, "{place}");
    }
    run_to(&mut simulation, 4000);
    let began = tracks(&simulation, "cp");
    let latest_s = began.iter().map(|track| track.began.as_s());
    assert!(latest_s.fold(0.0, f64::max) <= 261.0, "{began:?}");
    let output = run(&load_text(&text), 1, f64::INFINITY);
    let blue = &output.report.summary.engagements[0];
    assert!(blue.proposed > 0 && blue.fired > 0, "{blue:?}");
    assert!(blue.fired <= blue.authorised && blue.authorised <= blue.proposed);
    assert_eq!((blue.hits, blue.kills), (0, 0), "there is nobody");
    let honest = run(&load_text(&claims(false, "")), 1, f64::INFINITY);
    assert_eq!(honest.report.summary.engagements[0].proposed, 0);
}

#[test]
fn a_run_with_a_node_in_other_hands_goes_on_from_a_snapshot() {
    let what = r#"listens: (to: "ear", delay_s: 40), drops: 0.5, excluded_after_s: 150,
                  lies: (area_m: [(0, 0), (900, 0), (0, 900)], interval_s: 15)"#;
    let loaded = load_text(&row(what));
    let mut whole = start(&loaded, 3, 300.0);
    run_to(&mut whole, 1000);
    let snapshot = whole.snapshot();
    run_to(&mut whole, 2500);
    let mut rest = start(&loaded, 3, 300.0);
    rest.restore(&snapshot).unwrap();
    run_to(&mut rest, 2500);
    assert_eq!(whole.state_hash(), rest.state_hash());
}

/// Three posts that hear each other, or do not, and see the same vehicle drive by: what each hears goes into what it
/// says.
const ROUND: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "round", title: "News that comes round", duration_s: 600, dt_ms: 100,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.3, lon_deg: -84.2),
    terrain: Flat(height_m: 100, half_extent_m: (8000, 8000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"])],
    forces: [
        (id: "first", side: "blue", nation: "b", service: "army", echelon: Company, command: "p1",
         subordinates: [(id: "second", echelon: Company, command: "p2"),
                        (id: "third", echelon: Company, command: "p3")]),
        (id: "foe", side: "red", nation: "r", service: "army", echelon: Team, command: "car",
         doctrine: "idle"),
    ],
    doctrines: [(id: "idle", posture: WeaponsHold, engage_confidence: 0.9,
                 engage_sigma_max_m: 10, rounds_per_target_max: 1)],
    units: [
        (id: "p1", class: "command-vehicle", force: "first", at_m: (-1000, -1500), heading_deg: 0,
         sensors: ["radar-ground-surveillance"], networks: ["net"], roles: [Command]),
        (id: "p2", class: "command-vehicle", force: "second", at_m: (0, -2000), heading_deg: 0,
         sensors: ["radar-ground-surveillance"], networks: ["net"], roles: [Command]),
        (id: "p3", class: "command-vehicle", force: "third", at_m: (1000, -1500), heading_deg: 0,
         sensors: ["radar-ground-surveillance"], networks: ["net"], roles: [Command]),
        (id: "car", class: "reconnaissance-vehicle", force: "foe", at_m: (-3000, 1500),
         heading_deg: 90, sensors: [], roles: [Command],
         route: (waypoints_m: [(3000, 1500)], speed_m_s: 6)),
    ],
    networks: [(id: "net", radio: "mesh-wideband")],
    INJECTS
    sharing: (regime: Meshed, fusion: FUSION, track_report_interval_s: 2),
)"#;

#[test]
fn who_counts_the_same_look_twice_is_surer_than_right() {
    let quality = |fusion: &str, injects: &str| {
        let loaded = load_text(&edited(ROUND, &[("FUSION", fusion), ("INJECTS", injects)]));
        let seeds = 1..=6_u64;
        let runs = seeds.map(|seed| {
            let output = run(&loaded, seed, f64::INFINITY);
            let quality = &output.report.summary.track_quality;
            let row = quality.iter().find(|it| it.side == "blue").unwrap();
            (row.nees.unwrap(), row.overconfident.unwrap())
        });
        let runs: Vec<(f64, f64)> = runs.collect();
        let mean = |it: fn(&(f64, f64)) -> f64| runs.iter().map(it).sum::<f64>() / 6.0;
        println!("{fusion}: {runs:?}");
        (mean(|it| it.0), mean(|it| it.1))
    };
    let down = r#"injects: [(at_s: 0, what: NetworkDown(network: "net"))],"#;
    let alone = quality("Independent", down);
    let right = quality("CovarianceIntersection", "");
    let naive = quality("Independent", "");
    println!("alone {alone:?}, right {right:?}, naive {naive:?}");
    // Alone nobody hears a thing twice; the vehicle keeps its course better than tracks expect.
    assert!((1.0..4.5).contains(&alone.0) && alone.1 < 0.05, "{alone:?}");
    // Honest is 4 and 0.05; intersection is never surer than its inputs, and mostly less sure.
    assert!(right.0 < 4.5 && right.1 < 0.08, "{right:?}");
    assert!(naive.0 > 2.0 * right.0, "{naive:?} against {right:?}");
    assert!(naive.1 > right.1 + 0.05, "{naive:?} against {right:?}");
}
