//! A person at a desk decides, is recorded, and can be repeated bit for bit.

use tercio::app::{InputError, InputKind, Simulation};

use super::support::{events_of, start, tutorial};

/// Seed of a run in which blue proposes to fire.
const SEED: u64 = 1;

/// A tutorial with a person at blue's desk from the start.
fn seated() -> Simulation {
    let mut simulation = start(tutorial(), SEED, f64::INFINITY);
    simulation
        .submit(InputKind::Person("cp".into()))
        .expect("`cp` has a desk");
    simulation
}

/// Runs to the end and answers every case that waits, if there is an answer.
fn play(mut simulation: Simulation, answer: Option<fn(u64) -> InputKind>) -> Simulation {
    while !simulation.is_over() {
        simulation.step().expect("no invariant is broken");
        // What is said after the last tick enters no tick.
        let waiting = match simulation.is_over() {
            true => Vec::new(),
            false => simulation.waiting_cases(),
        };
        for (case, answer) in waiting.iter().zip(answer.into_iter().cycle()) {
            assert!(case.until > case.arrived);
            simulation
                .submit(answer(case.proposal.id))
                .expect("answers are always taken");
        }
    }
    simulation
}

/// Shots of the mortar, and rulings of its desk of a kind.
fn counts(simulation: Simulation, ruling: &str) -> (usize, usize) {
    let output = simulation.finish();
    let shots = events_of(&output, "shot");
    let rulings = events_of(&output, "ruling");
    (
        shots.iter().filter(|row| row.subject == "mortar").count(),
        rulings
            .iter()
            .filter(|row| row.subject == "cp" && row.detail.contains(ruling))
            .count(),
    )
}

#[test]
fn a_person_who_says_yes_is_obeyed_and_the_record_repeats_the_run() {
    let played = play(seated(), Some(InputKind::Approve));
    let record = played.inputs();
    assert!(
        record.inputs.len() > 1,
        "nothing was proposed, so nothing was tested"
    );
    let hash = played.state_hash();
    let mut again = start(tutorial(), SEED, f64::INFINITY);
    again.replay(&record).expect("the record fits");
    again.run().expect("no invariant is broken");
    assert_eq!(again.state_hash(), hash);
    assert_eq!(again.inputs(), record);
    let (shots, yes) = counts(played, "authorised");
    assert!(shots > 0 && yes > 0, "{shots} shots, {yes} times yes");
}

#[test]
fn without_a_yes_nobody_fires() {
    let (shots, no) = counts(play(seated(), Some(InputKind::Refuse)), "refused");
    assert!(shots == 0 && no > 0, "{shots} shots, {no} times no");
    let (shots, lapsed) = counts(play(seated(), None), "lapsed");
    assert!(shots == 0 && lapsed > 0, "{shots} shots, {lapsed} lapsed");
}

#[test]
fn inputs_that_fit_no_desk_or_come_late_are_refused() {
    let mut simulation = seated();
    let nowhere = simulation.submit(InputKind::Person("drone".into()));
    assert!(
        matches!(&nowhere, Err(InputError::NoDesk { known, .. }) if known.contains("cp")),
        "{nowhere:?}"
    );
    simulation.step().expect("no invariant is broken");
    let record = simulation.inputs();
    let late = simulation.replay(&record);
    assert_eq!(late, Err(InputError::Past { tick: 0, now: 1 }));
    // An answer to nothing changes nothing.
    simulation
        .submit(InputKind::Approve(1))
        .expect("an answer is always taken");
    simulation.step().expect("no invariant is broken");
}
