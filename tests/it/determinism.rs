//! The same scenario, seed and binary give the same run, bit for bit, however it is run.

use std::collections::BTreeMap;
use std::thread;

use tercio::app::{RunOutput, Simulation};
use tercio::kernel::registry::Snapshot;
use tercio::platform::truth::{Board, Piece};
use tercio::scenario::load::LoadedScenario;

use super::lockstep::{assert_alike, first_difference, run_to};
use super::support::{events_of, highland, load, root, run, start, tutorial};

/// Seed of every run here that does not say otherwise.
const SEED: u64 = 1;
/// How long the highland is run, s.
const HIGHLAND_S: f64 = 300.0;
/// Ticks between two comparisons of all state.
const EVERY: u64 = 250;

/// Fails where two runs of the same scenario are not the same.
fn assert_same(a: &RunOutput, b: &RunOutput) {
    let parted = a.hashes.iter().zip(&b.hashes).position(|(a, b)| a != b);
    assert_eq!(parted, None, "first tick whose hash differs");
    assert_eq!(a.hashes.len(), b.hashes.len());
    assert_eq!(a.report, b.report);
    assert_eq!(a.events, b.events);
    assert_eq!(a.adjudications, b.adjudications);
}

/// Twice in a row, and twice at once on two threads.
fn assert_repeatable(loaded: &LoadedScenario, until_s: f64) {
    let make = || start(loaded, SEED, until_s);
    assert_alike([&make, &make], EVERY);
    let alone = run(loaded, SEED, until_s);
    let [left, right] = thread::scope(|scope| {
        let run = || run(loaded, SEED, until_s);
        let threads = [scope.spawn(run), scope.spawn(run)];
        threads.map(|thread| thread.join().expect("the run ends"))
    });
    assert_same(&alone, &left);
    assert_same(&alone, &right);
    let other = run(loaded, SEED + 1, until_s);
    assert_ne!(
        alone.report.summary.state_hash,
        other.report.summary.state_hash
    );
}

#[test]
fn the_tutorial_is_the_same_twice_and_on_two_threads_but_not_under_another_seed() {
    assert_repeatable(tutorial(), f64::INFINITY);
}

#[test]
fn the_highland_is_the_same_twice_and_on_two_threads_but_not_under_another_seed() {
    assert_repeatable(highland(), HIGHLAND_S);
}

/// What a fresh world makes of a snapshot that another took after `tick` ticks.
fn restored(
    loaded: &LoadedScenario,
    (tick, until_s): (u64, f64),
    change: &dyn Fn(Snapshot) -> Snapshot,
) -> Simulation {
    let mut first = start(loaded, SEED, until_s);
    run_to(&mut first, tick);
    let (snapshot, chain) = first.snapshot();
    let mut second = start(loaded, SEED, until_s);
    second
        .restore(&(change(snapshot), chain))
        .expect("the snapshot is of this scenario");
    assert_eq!(second.ticks_done(), tick);
    second
}

/// A restored world goes on as the one that was never interrupted: in all kinds of state now and
/// then, and in the hash of the whole run at the end.
fn assert_restorable(loaded: &LoadedScenario, tick: u64, until_s: f64) {
    let whole = || start(loaded, SEED, until_s);
    let resumed = || restored(loaded, (tick, until_s), &|snapshot| snapshot);
    assert_alike([&whole, &resumed], EVERY);
    let (mut whole, mut resumed) = (whole(), resumed());
    whole.run().expect("no invariant is broken");
    resumed.run().expect("no invariant is broken");
    assert_eq!(whole.state_hash(), resumed.state_hash());
}

#[test]
fn the_tutorial_goes_on_from_a_snapshot_as_if_nothing_had_happened() {
    assert_restorable(tutorial(), 4321, f64::INFINITY);
}

#[test]
fn the_highland_goes_on_from_a_snapshot_as_if_nothing_had_happened() {
    assert_restorable(highland(), 1777, HIGHLAND_S);
}

/// Where everything is, as systems see it between two ticks.
fn pieces(simulation: &Simulation) -> Vec<Piece> {
    let board = simulation.world().resource::<Board>();
    board.iter().map(|(_, piece)| *piece).collect()
}

#[test]
fn a_world_restored_in_the_tick_of_a_loss_sees_what_the_first_one_saw() {
    let (until_s, tick_us) = (1500.0, 100_000);
    let output = run(highland(), SEED, until_s);
    let losses = events_of(&output, "loss");
    assert!(!losses.is_empty(), "nobody was lost, so nothing was tested");
    let mut whole = start(highland(), SEED, until_s);
    for loss in losses.iter().take(3) {
        run_to(&mut whole, loss.time_us / tick_us + 1);
        let mut resumed = start(highland(), SEED, until_s);
        let saved = whole.snapshot();
        resumed.restore(&saved).expect("it is of this scenario");
        assert!(
            pieces(&whole) == pieces(&resumed),
            "the boards differ after {} ticks, in the last of which {} was lost",
            whole.ticks_done(),
            loss.subject
        );
    }
}

#[test]
fn a_snapshot_of_another_scenario_is_refused() {
    let saved = start(highland(), SEED, 1.0).snapshot();
    assert!(start(tutorial(), SEED, 1.0).restore(&saved).is_err());
}

/// The snapshot with the last bit of the first unit's easting turned over.
fn nudged(snapshot: Snapshot, kind: usize) -> Snapshot {
    let mut tree = serde_json::to_value(snapshot).expect("a snapshot is data");
    // One byte says that the unit has the component; the easting follows, its low byte first.
    let byte = &mut tree["kinds"][kind][1];
    *byte = (byte.as_u64().expect("a snapshot holds bytes") ^ 1).into();
    serde_json::from_value(tree).expect("it is a snapshot still")
}

#[test]
fn the_search_names_the_tick_and_the_component_of_a_disturbance() {
    let (tick, until_s) = (333, 60.0);
    let whole = || start(tutorial(), SEED, until_s);
    let kinds = whole().kind_hashes();
    let truth = kinds.iter().position(|kind| kind.name.ends_with("::Truth"));
    let truth = truth.expect("motion is registered");
    let disturbed = || {
        restored(tutorial(), (tick, until_s), &|snapshot| {
            nudged(snapshot, truth)
        })
    };
    let found = first_difference([&whole, &disturbed], 100).expect("a bit was turned over");
    assert_eq!(found.tick, tick);
    assert_eq!(found.kinds, [kinds[truth].name]);
}

#[test]
fn the_search_finds_a_late_difference_between_two_comparisons() {
    let until_s = 30.0;
    let joint = highland();
    let meshed = load("highland-screen", &["sharing.regime=Meshed"]);
    let one = || start(joint, SEED, until_s);
    let other = || start(&meshed, SEED, until_s);
    let fine = first_difference([&one, &other], 1).expect("some message goes another way");
    let coarse = first_difference([&one, &other], 200).expect("some message goes another way");
    assert!(fine.tick > 0, "both start alike");
    assert_eq!(fine, coarse);
}

/// Where the hashes of record stand.
const GOLDEN: &str = "tests/golden/hashes.ron";

/// How often the hash of motion is of record, ticks.
const GOLDEN_EVERY: usize = 600;

/// Hashes of record of one run: every minute's, and the last.
fn golden_of(output: &RunOutput) -> Vec<String> {
    let minutes = output
        .hashes
        .iter()
        .skip(GOLDEN_EVERY - 1)
        .step_by(GOLDEN_EVERY);
    let mut hashes: Vec<String> = minutes.map(|hash| format!("{hash:016x}")).collect();
    hashes.push(output.report.summary.state_hash.clone());
    hashes
}

#[test]
fn hashes_of_record_have_not_moved() {
    let now = BTreeMap::from([
        (
            "tutorial".to_owned(),
            golden_of(&run(tutorial(), SEED, f64::INFINITY)),
        ),
        (
            "highland-screen-2min".to_owned(),
            golden_of(&run(highland(), SEED, 120.0)),
        ),
    ]);
    let path = root().join(GOLDEN);
    if std::env::var_os("TERCIO_BLESS").is_some() {
        let text = ron::ser::to_string_pretty(&now, ron::ser::PrettyConfig::default())
            .expect("texts can be written");
        let head = "// Hash of every minute and of the last state, seed 1. To write anew, and only \
                    with the cause\n// in the commit: TERCIO_BLESS=1 cargo test --release --test it \
                    hashes_of_record\n";
        std::fs::create_dir_all(path.parent().expect("it lies in a folder"))
            .and_then(|()| std::fs::write(&path, format!("{head}{text}\n")))
            .expect("the file can be written");
        return;
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let golden: BTreeMap<String, Vec<String>> = ron::from_str(&text).unwrap_or_default();
    for (name, hashes) in &now {
        let known = golden.get(name).map(Vec::as_slice).unwrap_or_default();
        let alike = hashes.iter().zip(known).take_while(|(a, b)| a == b).count();
        assert!(
            hashes == known,
            "{name}: {alike} of {} hashes are those of record (one per minute, one for the last \
             state). If the run was meant to change, say why in the commit and write {GOLDEN} \
             anew: TERCIO_BLESS=1 cargo test --release --test it hashes_of_record",
            known.len(),
        );
    }
}

#[test]
fn a_group_that_is_written_out_runs_as_the_group_does() {
    let grouped = run(tutorial(), 1, 300.0).hashes;
    let setting = "units.intruder-2.energy_fraction=1";
    let written_out = run(&load("tutorial", &[setting]), 1, 300.0).hashes;
    assert!(grouped == written_out, "the members are not what they were");
    let turned = load("tutorial", &["units.intruder-2.heading_deg=90"]);
    let turned = run(&turned, 1, 300.0).hashes;
    assert!(grouped != turned, "the setting changes nothing");
}
