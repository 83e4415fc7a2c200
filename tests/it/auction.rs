//! Auctions over the mesh: who agrees gets what the pure solvers say, nobody keeps what another has, and
//! a person still decides about fire.

use bevy::prelude::World;
use tercio::accounting::summary::SideAuctions;
use tercio::app::{RunOutput, Simulation};
use tercio::kernel::ids::UnitIndex;
use tercio::planning::auction::Bidder;
use tercio::platform::truth::Board;
use tercio::scenario::load::LoadedScenario;

use super::command::{FAR, place, plain};
use super::lockstep::run_to;
use super::support::{edited, load, load_text, run, start, text_of};

/// Planners whose units settle among themselves who does what.
const AGREEING: [&str; 2] = ["Cbba", "Acbba"];

/// Places of two missions for which the nearest car at a time is not the best pairing.
const PLACES: [[f64; 2]; 2] = [[380.0, -800.0], [700.0, -1000.0]];

/// The company on the plain with a mission at each place, one car each, under a planner.
fn errands(planner: &str, more: &str) -> LoadedScenario {
    let mission = |(at, [x, y]): (usize, &[f64; 2])| {
        format!(
            "(id: \"go-{at}\", force: \"coy\", vehicles: 1, \
             task: Hold(at_m: ({x}, {y}), radius_m: 30))"
        )
    };
    let missions: Vec<String> = PLACES.iter().enumerate().map(mission).collect();
    let missions = format!("missions: [{}], {more}", missions.join(", "));
    load_text(&plain(&missions, FAR, &format!(", planner: {planner}")))
}

/// Cars that stand at a place, by name.
fn cars_at(simulation: &Simulation, [x, y]: [f64; 2]) -> Vec<String> {
    let names = (1..=4).map(|n| format!("car-{n}"));
    let is_there = |name: &String| {
        let at = place(simulation, name);
        (at[0] - x) * (at[0] - x) + (at[1] - y) * (at[1] - y) < 80.0 * 80.0
    };
    names.filter(is_there).collect()
}

/// Who is at each place after so many ticks.
fn pairing(planner: &str) -> Vec<Vec<String>> {
    let mut simulation = start(&errands(planner, ""), 1, 400.0);
    run_to(&mut simulation, 3500);
    PLACES.map(|place| cars_at(&simulation, place)).to_vec()
}

/// Numbers of the missions that units hold by their own word, sorted.
fn held(world: &World) -> Vec<usize> {
    let rows = world.resource::<UnitIndex>().iter();
    let board = world.resource::<Board>();
    let live = rows.filter(|(unit, _)| board.piece(*unit).is_alive);
    let parts = live.filter_map(|(_, row)| world.get::<Bidder>(row.entity)?.part());
    let mut missions: Vec<usize> = parts.map(|(mission, _)| mission).collect();
    missions.sort_unstable();
    missions
}

/// The auctions of blue.
fn auctions(output: &RunOutput) -> &SideAuctions {
    let all = &output.report.summary.auctions;
    all.iter()
        .find(|it| it.side == "blue")
        .expect("blue holds auctions")
}

/// Messages of a kind.
fn messages(auctions: &SideAuctions, kind: &str) -> u64 {
    let mut rows = auctions.messages.iter();
    rows.find(|row| row.kind == kind)
        .map_or(0, |row| row.messages)
}

#[test]
fn over_good_links_the_market_is_exact_and_who_agree_are_greedy() {
    let [greedy, exact] = ["Greedy", "Exact"].map(pairing);
    assert!(greedy != exact, "the places tell nothing: {greedy:?}");
    assert!(exact.iter().all(|cars| cars.len() == 1), "{exact:?}");
    assert_eq!(pairing("Market"), exact);
    for planner in AGREEING {
        assert_eq!(pairing(planner), greedy, "{planner}");
    }
}

#[test]
fn what_auctions_cost_and_came_to_is_told() {
    for (planner, says, is_silent_about) in [
        ("Market", "offer", "bid"),
        ("Cbba", "bid", "offer"),
        ("Acbba", "bid", "offer"),
    ] {
        let output = run(&errands(planner, ""), 1, 100.0);
        let told = auctions(&output);
        assert_eq!(
            (told.announced, told.awarded, told.lapsed),
            (2, 2, 0),
            "{told:?}"
        );
        assert!(
            messages(told, says) >= 4 && messages(told, "call") > 0,
            "{told:?}"
        );
        assert_eq!(messages(told, is_silent_about), 0);
        assert_eq!(told.rounds_mean.is_some(), planner != "Market");
        assert!(told.messages.iter().all(|row| row.bytes > 8 * row.messages));
    }
    let output = run(&errands("Exact", ""), 1, 10.0);
    assert!(output.report.summary.auctions.is_empty());
}

#[test]
fn nothing_is_held_by_two_when_a_split_has_healed() {
    // The call is out after a second; until the mesh is back, every car is alone with its agent.
    let more = r#"injects: [(at_s: 1, what: NetworkDown(network: "mesh")),
                            (at_s: 70, what: NetworkUp(network: "mesh"))]"#;
    for planner in AGREEING {
        let mut simulation = start(&errands(planner, more), 1, 250.0);
        run_to(&mut simulation, 600);
        let split = held(simulation.world());
        assert!(
            split.len() > 2,
            "{planner}: the split hid nobody: {split:?}"
        );
        run_to(&mut simulation, 2400);
        assert_eq!(held(simulation.world()), [0, 1], "{planner}");
        let output = simulation.finish();
        let told = auctions(&output);
        assert!(told.conflicts > 0, "{planner}: {told:?}");
    }
}

#[test]
fn what_a_unit_had_that_died_is_offered_again() {
    for planner in AGREEING {
        let mut simulation = start(&errands(planner, ""), 1, 900.0);
        run_to(&mut simulation, 500);
        let first = pairing_of(&simulation);
        assert_eq!(first.len(), 2, "{planner}");
        let victim = first[0].clone();
        let more = format!("injects: [(at_s: 60, what: Destroy(unit: \"{victim}\"))]");
        let mut simulation = start(&errands(planner, &more), 1, 1000.0);
        run_to(&mut simulation, 9000);
        assert_eq!(held(simulation.world()), [0, 1], "{planner}");
        assert!(!pairing_of(&simulation).contains(&victim), "{planner}");
        let mut there = cars_at(&simulation, PLACES[0]);
        there.retain(|name| *name != victim);
        assert_eq!(there.len(), 1, "{planner}: nobody came instead of {victim}");
    }
}

/// Who holds each mission by its own word, by name.
fn pairing_of(simulation: &Simulation) -> Vec<String> {
    let world = simulation.world();
    let rows = world.resource::<UnitIndex>().iter();
    let board = world.resource::<Board>();
    let live = rows.filter(|(unit, _)| board.piece(*unit).is_alive);
    let part = |row: &tercio::kernel::ids::UnitRow| world.get::<Bidder>(row.entity)?.part();
    let mut found: Vec<(usize, String)> = live
        .filter_map(|(_, row)| Some((part(row)?.0, row.name.clone())))
        .collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

/// A doctrine that keeps silent.
const QUIET: &str = r#"doctrines: [(id: "quiet", posture: WeaponsTight, engage_confidence: 0.9,
    engage_sigma_max_m: 50, rounds_per_target_max: 2, emcon: Silent)]"#;

#[test]
fn who_is_silent_bids_nothing_and_gets_what_is_left() {
    for planner in ["Market", "Cbba", "Acbba"] {
        let text = edited(
            &plain(
                &format!(
                    "missions: [(id: \"go\", force: \"coy\", units: [\"car-1\"], \
                     task: Hold(at_m: (0, 500), radius_m: 30))], {QUIET}"
                ),
                FAR,
                &format!(", planner: {planner}"),
            ),
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
        );
        let mut simulation = start(&load_text(&text), 1, 400.0);
        run_to(&mut simulation, 3500);
        assert_eq!(cars_at(&simulation, [0.0, 500.0]), ["car-1"], "{planner}");
        let output = simulation.finish();
        let told = auctions(&output);
        let said = ["offer", "bid", "report"].map(|kind| messages(told, kind));
        assert_eq!(said, [0; 3], "{planner}: {told:?}");
    }
}

#[test]
fn a_silent_post_calls_nobody_and_decides_itself() {
    for planner in ["Market", "Cbba"] {
        // The officers take ninety seconds, and the company's post goes on for another minute.
        let more = "missions: [(id: \"go\", force: \"coy\", units: [\"car-1\"],
                                window: (not_before_s: 250),
                                task: Hold(at_m: (0, 500), radius_m: 30))],
                    decisions: [(id: \"hush\", at: \"bn-cp\", when: After(at_s: 50),
                                 then: [Emit(force: \"coy\", emcon: Silent)])]";
        let text = plain(more, FAR, &format!(", planner: {planner}"));
        let output = run(&load_text(&text), 1, 400.0);
        let told = auctions(&output);
        assert_eq!((told.auctions, told.messages.len()), (0, 0), "{told:?}");
        let go = super::command::mission(&output, "go");
        assert!(go.begun_s.is_some(), "it decided nothing: {go:?}");
    }
}

#[test]
fn auctions_are_repeated_bit_for_bit_and_go_on_from_a_snapshot() {
    for planner in ["Market", "Cbba", "Acbba"] {
        let loaded = errands(planner, "");
        let whole = run(&loaded, 1, 120.0).report.summary.state_hash;
        assert_eq!(whole, run(&loaded, 1, 120.0).report.summary.state_hash);
        let mut first = start(&loaded, 1, 120.0);
        // In the middle of offers and bids.
        run_to(&mut first, 55);
        let mut second = start(&loaded, 1, 120.0);
        second
            .restore(&first.snapshot())
            .expect("it is of this scenario");
        second.run().expect("no invariant is broken");
        let resumed = format!("{:016x}", second.state_hash());
        assert_eq!(whole, resumed, "{planner}");
    }
}

#[test]
fn the_number_of_a_side_decides_nothing_in_an_auction() {
    for planner in ["Market", "Cbba", "Acbba"] {
        let blue = "(id: \"blue\", hostile_to: [\"red\"]),";
        let red = "(id: \"red\", hostile_to: [\"blue\"]),";
        let with = |side: &str| side.replace("]),", &format!("], planner: {planner}),"));
        let ahead = [(blue, with(blue)), (red, with(red))];
        let behind = [(blue, with(red)), (red, with(blue))];
        let [one, other] = [ahead, behind].map(|sides| {
            let edits = sides.each_ref().map(|(from, to)| (*from, to.as_str()));
            // Both at once, so that the second does not find what the first has put there.
            let text = edited(
                &text_of("tutorial"),
                &[(edits[0].0, "FIRST"), (edits[1].0, "SECOND")],
            );
            let text = edited(&text, &[("FIRST", edits[0].1), ("SECOND", edits[1].1)]);
            let output = run(&load_text(&text), 1, 400.0);
            assert!(
                output
                    .report
                    .summary
                    .auctions
                    .iter()
                    .any(|it| it.announced > 0)
            );
            output.hashes
        });
        assert!(
            one == other,
            "{planner}: the number of a side decided something"
        );
    }
}

/// Runs a scenario with every planner for a while, and wants orders and proposals of each.
fn every_planner(name: &str, until_s: f64) {
    for planner in ["Greedy", "Exact", "Market", "Cbba", "Acbba", "Oracle"] {
        let setting = format!("sides.blue.planner={planner}");
        let other = format!("sides.red.planner={planner}");
        let output = run(&load(name, &[&setting, &other]), 1, until_s);
        let summary = &output.report.summary;
        let rows = summary.operations.iter().flat_map(|side| &side.missions);
        let started = rows.filter(|row| row.started_s.is_some()).count();
        assert!(started > 0, "{name}, {planner}: no orders were given");
        let proposed: u64 = summary.engagements.iter().map(|it| it.proposed).sum();
        assert!(proposed > 0, "{name}, {planner}: nothing was proposed");
        let is_auction = ["Market", "Cbba", "Acbba"].contains(&planner);
        assert_eq!(summary.auctions.len(), if is_auction { 2 } else { 0 });
        for side in &summary.auctions {
            assert!(side.awarded > 0, "{name}, {planner}: {side:?}");
        }
    }
}

#[test]
fn the_highland_runs_with_every_planner() {
    every_planner("highland-screen", 600.0);
}

#[test]
fn the_strait_runs_with_every_planner() {
    every_planner("strait-watch", 600.0);
}
