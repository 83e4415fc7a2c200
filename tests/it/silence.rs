//! Emission control: silence is kept, ordered, lifted, and known of.

use tercio::app::Simulation;

use super::command::{FAR, blue, mission, place, plain};
use super::lockstep::run_to;
use super::support::{edited, load_text, run, start, unit};

/// Bytes of data and of control that a unit's stations sent.
fn sent(simulation: &Simulation, name: &str) -> u64 {
    use tercio::comms::{Networks, stations::Stations};
    let ix = unit(simulation, name);
    let world = simulation.world();
    let (networks, stations) = (world.resource::<Networks>(), world.resource::<Stations>());
    let of = |(at, network): (_, &tercio::comms::Network)| {
        let seat = network.seat(ix)?;
        let traffic = &stations.of(at)[seat].traffic;
        Some(traffic.data_bytes + traffic.control_bytes)
    };
    networks.iter().filter_map(of).sum()
}

/// The plain with the vehicles of the company in a platoon whose doctrine is "quiet", silent from the start.
fn with_scouts(more: &str) -> String {
    let quiet = r#"doctrines: [(id: "quiet", posture: WeaponsTight, engage_confidence: 0.9,
                                engage_sigma_max_m: 50, rounds_per_target_max: 2, emcon: Silent)], "#;
    edited(
        &plain(&[quiet, more].concat(), FAR, ""),
        &[
            (
                "(id: \"coy\", echelon: Company, command: \"coy-cp\")",
                "(id: \"coy\", echelon: Company, command: \"coy-cp\", subordinates: [(id: \"scouts\", echelon: Platoon, doctrine: \"quiet\")])",
            ),
            (
                "class: \"reconnaissance-vehicle\", force: \"coy\"",
                "class: \"reconnaissance-vehicle\", force: \"scouts\"",
            ),
        ],
    )
}

#[test]
fn who_was_silent_from_the_start_hears_that_it_may_speak_and_is_not_given_up() {
    let more = r#"missions: [(id: "go", force: "coy", units: ["car"], task: Screen(line: "pl-north"))],
                  decisions: [(id: "speak", at: "bn-cp", when: After(at_s: 1000),
                               then: [Emit(force: "scouts", emcon: Free)])]"#;
    let mut simulation = start(&load_text(&with_scouts(more)), 1, 1700.0);
    run_to(&mut simulation, 10_000);
    assert_eq!(sent(&simulation, "car-1"), 0, "it was to keep silent");
    run_to(&mut simulation, 17_000);
    assert!(sent(&simulation, "car-1") > 0, "nobody told it");
    let row = mission(&simulation.finish(), "go").clone();
    assert_eq!(row.ended_s, None, "{row:?}");
}

#[test]
fn who_is_silent_sends_nothing_and_still_hears_its_orders() {
    let more = r#"missions: [(id: "go", force: "coy", units: ["car-1"],
                              task: Screen(line: "pl-north"))]"#;
    let mut simulation = start(&load_text(&with_scouts(more)), 1, 900.0);
    run_to(&mut simulation, 6000);
    assert_eq!(sent(&simulation, "car-1"), 0, "it was to keep silent");
    assert!(sent(&simulation, "coy-cp") > 0, "its post was not");
    let at = place(&simulation, "car-1");
    assert!(at[1] > 1000.0, "the order did not reach it: {at:?}");
}

#[test]
fn silence_can_be_ordered_and_lifted() {
    let more = r#"decisions: [
        (id: "hush", at: "bn-cp", when: After(at_s: 50),
         then: [Emit(force: "coy", emcon: Silent, for_s: 300)])]"#;
    let mut simulation = start(&load_text(&plain(more, FAR, "")), 1, 900.0);
    // The officers take ninety seconds, and the company's post goes on for another minute.
    run_to(&mut simulation, 2200);
    let then = ["car-1", "coy-cp"].map(|name| sent(&simulation, name));
    assert!(then[0] > 0);
    run_to(&mut simulation, 3800);
    let silent = ["car-1", "coy-cp"].map(|name| sent(&simulation, name));
    assert_eq!(silent, then, "they went on sending");
    run_to(&mut simulation, 6500);
    let after = ["car-1", "coy-cp"].map(|name| sent(&simulation, name));
    assert!(
        after[0] > silent[0] && after[1] > silent[1],
        "it was for five minutes"
    );
}

#[test]
fn who_radiates_what_is_urgent_only_still_reports_tracks_and_losses() {
    let more = r#"doctrines: [(id: "low", posture: WeaponsTight, engage_confidence: 0.9,
                               engage_sigma_max_m: 50, rounds_per_target_max: 2,
                               emcon: Restricted)],
                  injects: [(at_s: 100, what: Destroy(unit: "car-2")),
                            (at_s: 100, what: Destroy(unit: "car-3"))],
                  missions: [
                    (id: "go", force: "coy", units: ["car"], task: Screen(line: "pl-north")),
                    (id: "come", force: "foe", units: ["foe-car"],
                     task: Move(route_m: [(0, 1800)]))],
                  decisions: [
                    (id: "thin", at: "bn-cp", when: Lost(force: "coy", share: 0.35),
                     then: [End(mission: "go")]),
                    (id: "seen", at: "bn-cp", when: HostileIn(area: "far", number: 1),
                     then: [End(mission: "go")])]"#;
    let text = edited(&plain(more, "0, 7000", ""), &[("\"standard\"", "\"low\"")]);
    let output = run(&load_text(&text), 1, 900.0);
    let met = |id: &str| {
        let rows = &blue(&output).decisions;
        rows.iter()
            .find(|row| row.id == id)
            .and_then(|row| row.met_s)
    };
    // Two of five units are lost at 100 s, with their last reports from before; five minutes of
    // silence tell, when the post next looks.
    let thin = met("thin").expect("losses are seen");
    assert!((300.0..=420.0).contains(&thin), "{thin}");
    assert!(met("seen").is_some(), "tracks are told");
    let routine = output.report.summary.network.by_class.iter();
    let positions = routine.filter(|row| row.class == "position");
    // Positions are routine: they are written, and stay at home.
    assert!(
        positions
            .clone()
            .all(|row| row.traffic.delivered * 2 < row.traffic.sent)
    );
}

#[test]
fn who_is_silent_still_uses_its_cables() {
    let more = r#"doctrines: [(id: "quiet", posture: WeaponsTight, engage_confidence: 0.9,
                               engage_sigma_max_m: 50, rounds_per_target_max: 2, emcon: Silent)]"#;
    let text = edited(
        &plain(more, FAR, ""),
        &[
            ("(id: \"coy\", echelon: Company, command: \"coy-cp\")",
             "(id: \"coy\", echelon: Company, command: \"coy-cp\", subordinates: [(id: \"posts\", echelon: Platoon, doctrine: \"quiet\")])"),
            ("(id: \"foe-cp\", class",
             "(id: \"ear\", class: \"radio-node\", force: \"posts\", at_m: (200, -3900), radios: [\"fibre\"], networks: [\"cable\"]),
        (id: \"switch\", class: \"radio-node\", force: \"coy\", at_m: (100, -3900), radios: [\"fibre\", \"mesh-wideband\"], networks: [\"cable\", \"mesh\"], roles: [Relay]),
        (id: \"foe-cp\", class"),
            ("networks: [(id: \"mesh\"", "networks: [(id: \"cable\", radio: \"fibre\"), (id: \"mesh\""),
        ],
    );
    let mut simulation = start(&load_text(&text), 1, 600.0);
    run_to(&mut simulation, 5000);
    let world = simulation.world();
    let index = world.resource::<tercio::kernel::ids::UnitIndex>();
    let post = index.entity(unit(&simulation, "coy-cp"));
    let picture = world
        .get::<tercio::picture::BluePicture>(post)
        .expect("a post has a picture");
    let entry = picture
        .get(unit(&simulation, "ear"))
        .expect("it knows of its own");
    assert!(
        entry.heard().as_s() > 400.0,
        "last heard at {} s",
        entry.heard().as_s()
    );
}
