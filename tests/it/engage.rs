//! Weapons fire when a human allowed it, and only then; what they do can be recomputed.

use tercio::accounting::event::EventRow;
use tercio::app::RunOutput;
use tercio::command::Ledger;
use tercio::kernel::random::{DrawKey, Stream};

use super::support::{detail, events_of, highland, load, run, start, tutorial};

/// The number of the authorisation that an event names.
fn authorisation(row: &EventRow) -> &str {
    detail(row, "authorisation").expect("shots and their effects name their authorisation")
}

/// Fails unless every shot follows a yes that names it, and every effect a shot.
fn assert_covered(output: &RunOutput) {
    let allowed: Vec<&EventRow> = events_of(output, "ruling")
        .into_iter()
        .filter(|row| row.detail.contains("authorised"))
        .collect();
    for shot in events_of(output, "shot") {
        let before = |row: &&&EventRow| {
            row.time_us <= shot.time_us && row.detail.contains(authorisation(shot))
        };
        assert!(
            allowed.iter().find(before).is_some(),
            "no leave for {shot:?}"
        );
    }
    let shots = events_of(output, "shot");
    for effect in events_of(output, "adjudication") {
        let shot = shots
            .iter()
            .find(|shot| authorisation(shot) == authorisation(effect));
        let shot = shot.unwrap_or_else(|| panic!("no shot for {effect:?}"));
        assert!(
            shot.time_us <= effect.time_us,
            "{effect:?} is before its shot"
        );
    }
}

/// Whether blue engaged somebody with leave.
fn is_engaged(output: &RunOutput) -> bool {
    let sides = &output.report.summary.engagements;
    let mut blue = sides.iter().filter(|side| side.side == "blue");
    blue.any(|side| side.proposed > 0 && side.authorised > 0 && side.fired > 0)
}

#[test]
fn in_the_tutorial_an_engagement_is_authorised_fired_and_assessed() {
    let is_assessed = |output: &RunOutput| !events_of(output, "assessment").is_empty();
    let complete = (1..=5)
        .map(|seed| run(tutorial(), seed, f64::INFINITY))
        .inspect(assert_covered)
        .filter(|output| is_engaged(output) && is_assessed(output))
        .count();
    assert!(
        complete > 0,
        "in no run was anybody engaged and the effect assessed"
    );
}

#[test]
fn in_the_highland_an_engagement_is_authorised_fired_and_assessed() {
    let output = run(highland(), 2, 1500.0);
    assert_covered(&output);
    assert!(
        is_engaged(&output),
        "{:?}",
        output.report.summary.engagements
    );
    let shots = events_of(&output, "shot");
    let follows = |assessment: &&EventRow| {
        shots
            .iter()
            .any(|shot| shot.object == assessment.object && shot.time_us < assessment.time_us)
    };
    let assessments = events_of(&output, "assessment");
    assert!(!assessments.is_empty(), "no effect was assessed");
    assert!(
        assessments.iter().all(follows),
        "an assessment without a shot: {assessments:?}"
    );
}

#[test]
fn every_shot_of_the_highland_has_its_entry_in_the_ledger() {
    let mut simulation = start(highland(), 1, 1200.0);
    simulation.run().expect("every tick's audit found nothing");
    let ledger = simulation.world().resource::<Ledger>().clone();
    let output = simulation.finish();
    assert_covered(&output);
    let shots = events_of(&output, "shot");
    assert!(!shots.is_empty(), "nobody fired, so nothing was tested");
    for shot in shots {
        let id = u64::from_str_radix(authorisation(shot), 16).expect("a number in hexadecimal");
        let given = ledger
            .get(id)
            .unwrap_or_else(|| panic!("no leave for {shot:?}"));
        assert!(
            (given.given.0..=given.until.0).contains(&shot.time_us),
            "{shot:?} is not in time"
        );
    }
}

#[test]
fn without_a_human_nobody_fires() {
    let cases = [
        ("no desk", "desks=[]"),
        (
            "nobody at the desks",
            "injects=[(at_s: 0, what: Destroy(unit: \"cp\")), \
          (at_s: 0, what: Destroy(unit: \"intruder-1\"))]",
        ),
        (
            "an operator who is never sure enough",
            "desks=[(at: \"cp\", operators: 1, \
          service: (median_s: 20), accept_confidence: 1, authorisation_valid_s: 180, \
          proposal_valid_s: 240)]",
        ),
        (
            "an operator who takes too long",
            "desks=[(at: \"cp\", operators: 1, \
          service: (median_s: 20, floor_s: 2000), accept_confidence: 0, \
          authorisation_valid_s: 180, proposal_valid_s: 240)]",
        ),
    ];
    let seed = (1..=5)
        .find(|seed| !events_of(&run(tutorial(), *seed, f64::INFINITY), "shot").is_empty())
        .expect("with its desks the tutorial fires for some seed");
    for (what, setting) in cases {
        let output = run(&load("tutorial", &[setting]), seed, f64::INFINITY);
        assert_eq!(
            events_of(&output, "shot"),
            Vec::<&EventRow>::new(),
            "{what}"
        );
        assert_eq!(
            events_of(&output, "adjudication"),
            Vec::<&EventRow>::new(),
            "{what}"
        );
    }
}

/// The key that an event names: stream, subject, object, n.
fn key(text: &str) -> Option<DrawKey> {
    let parts: Vec<&str> = text.split('/').collect();
    let [stream, subject, object, n] = parts[..] else {
        return None;
    };
    (stream.parse() == Ok(Stream::Shot as u64)).then_some(())?;
    let hex = |text: &str| u64::from_str_radix(text, 16).ok();
    Some(DrawKey::new(
        Stream::Shot,
        hex(subject)?,
        hex(object)?,
        n.parse().ok()?,
    ))
}

#[test]
fn every_draw_of_the_adjudication_log_can_be_recomputed_from_its_key() {
    let seed = 3;
    let output = run(highland(), seed, 1500.0);
    let mut recomputed = 0;
    for row in events_of(&output, "adjudication") {
        let Some(text) = detail(row, "key") else {
            continue;
        };
        let key = key(text).unwrap_or_else(|| panic!("`{text}` is no key"));
        assert_eq!(key.uniform(seed).to_bits(), row.value.to_bits(), "{row:?}");
        assert_ne!(
            key.uniform(seed + 1).to_bits(),
            row.value.to_bits(),
            "{row:?}"
        );
        let probability: f64 = detail(row, "p")
            .and_then(|p| p.parse().ok())
            .expect("a number");
        let is_hit = !matches!(detail(row, "outcome"), Some("miss"));
        assert_eq!(is_hit, row.value < probability, "{row:?}");
        recomputed += 1;
    }
    assert!(recomputed > 0, "nothing was adjudicated");
}
