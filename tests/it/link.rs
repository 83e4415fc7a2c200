//! A shooter that no longer hears its desk does not fire.

use tercio::accounting::event::EventRow;
use tercio::app::RunOutput;

use super::support::{events_of, load, run};

/// The tutorial with desks whose leave is void after ten seconds of silence, and these injects.
fn short_link(injects: &str) -> tercio::scenario::load::LoadedScenario {
    load(
        "tutorial",
        &["desks.cp.lost_link_s=10", &format!("injects=[{injects}]")],
    )
}

/// Shots of blue's mortar.
fn shots(output: &RunOutput) -> Vec<&EventRow> {
    let rows = events_of(output, "shot");
    rows.into_iter()
        .filter(|row| row.subject == "mortar")
        .collect()
}

/// Seconds of an event.
fn at_s(row: &EventRow) -> f64 {
    std::time::Duration::from_micros(row.time_us).as_secs_f64()
}

#[test]
fn fire_does_not_happen_after_the_link_is_cut() {
    let whole = |seed: u64| run(&short_link(""), seed, f64::INFINITY);
    let several = |output: &RunOutput| {
        let fired = shots(output);
        let (first, last) = (fired.first().copied(), fired.last().copied());
        first
            .zip(last)
            .map(|(first, last)| (at_s(first), at_s(last)))
    };
    let (seed, first_s, last_s) = (1..=8)
        .find_map(|seed| several(&whole(seed)).map(|(first, last)| (seed, first, last)))
        .expect("with its link the mortar fires for some seed");
    // Cut after leave was given, with the weapon still being laid.
    let cut_s = (first_s - 15.0).floor();
    let inject = format!("(at_s: {cut_s}, what: NetworkDown(network: \"mesh\"))");
    let cut = run(&short_link(&inject), seed, f64::INFINITY);
    let late: Vec<f64> = shots(&cut)
        .into_iter()
        .map(at_s)
        .filter(|s| *s > cut_s + 10.1)
        .collect();
    assert!(
        late.is_empty(),
        "cut at {cut_s} s, yet shots at {late:?}; uncut from {first_s} to {last_s} s"
    );
    // Leave was there: without the cut the same order was fired on.
    let ruled = events_of(&cut, "ruling")
        .into_iter()
        .any(|row| row.detail.contains("authorised") && at_s(row) < cut_s);
    assert!(ruled, "no leave was given before {cut_s} s");
}
