//! Tests of what becomes of answers.

use super::*;
use crate::planning::external::program::{Failed, Program, Said};

/// Says always the same.
struct Parrot(Said);

impl Program for Parrot {
    fn ask(&mut self, _: u64, _: &str, _: f64) -> Said {
        self.0.clone()
    }
}

/// What is remembered after one round in which this is said.
fn after(latency_us: u64, line: Result<&str, Failure>) -> (Dialogues, Programs) {
    let line = line.map(str::to_owned).map_err(|how| Failed {
        how,
        why: "it broke".into(),
    });
    let mut programs = Programs::new(1.0);
    programs.attach("blue", Box::new(Parrot(Said { latency_us, line })));
    let mut dialogues = Dialogues::default();
    let asking = Asking {
        side: (SideIx(0), "blue"),
        post: (UnitIx(3), "cp"),
        now: SimTime::from_s(10.0),
    };
    let mut liaison = Liaison {
        programs: &mut programs,
        dialogues: &mut dialogues,
    };
    let make = |header: Header<'_>| serde_json::to_string(&header);
    liaison.ask(asking, make, |answer| {
        answer.task_pairs(&[], &crate::planning::algo::matching::Matching::default())?;
        Ok(Gives::Tasks(Vec::new()))
    });
    (dialogues, programs)
}

#[test]
fn an_answer_takes_effect_when_the_time_that_it_took_is_over() {
    let (mut dialogues, programs) = after(250_000, Ok(r#"{"round":1,"note":"so"}"#));
    let tick = |at_s| SimTime::from_s(at_s);
    assert!(dialogues.due(|_| true, tick(10.2)).is_empty());
    assert!(dialogues.is_waiting(UnitIx(3), |_| true));
    assert_eq!(dialogues.due(|_| true, tick(10.3)).len(), 1);
    assert!(dialogues.is_empty());
    let counts = &dialogues.sides[&0];
    assert_eq!((counts.taken, counts.said.as_deref()), (1, Some("so")));
    let [exchange] = programs.record() else {
        panic!("one exchange")
    };
    assert_eq!((exchange.round, exchange.said.latency_us), (1, 250_000));
}

#[test]
fn whatever_else_is_said_gives_nothing_and_is_counted_and_explained() {
    type Count = fn(&Counts) -> u64;
    let cases: [(u64, Result<&str, Failure>, Count, &str); 9] = [
        (
            1_000_001,
            Ok(r#"{"round":1}"#),
            |it| it.late,
            "late, after 1.0 s",
        ),
        (1_000_000, Err(Failure::Late), |it| it.late, "it broke"),
        (0, Err(Failure::TooLong), |it| it.malformed, "it broke"),
        (0, Err(Failure::Ended), |it| it.failed, "it broke"),
        (0, Err(Failure::GivenUp), |it| it.failed, "it broke"),
        (0, Ok("hello"), |it| it.malformed, "no answer"),
        (0, Ok(r#"{"round":-1}"#), |it| it.malformed, "no answer"),
        (0, Ok(r#"{"round":2}"#), |it| it.refused, "answers round 2"),
        (
            0,
            Ok(r#"{"round":1,"tasks":[{"unit":"x","part":0}]}"#),
            |it| it.refused,
            "unit `x`",
        ),
    ];
    for (latency_us, line, count, why) in cases {
        let (dialogues, programs) = after(latency_us, line);
        assert!(dialogues.is_empty(), "{why}");
        let counts = &dialogues.sides[&0];
        assert_eq!(
            (counts.rounds, counts.taken, count(counts)),
            (1, 0, 1),
            "{why}"
        );
        assert!(counts.notes[0].contains(why), "{:?}", counts.notes);
        assert_eq!(programs.record().len(), 1);
    }
}

#[test]
fn a_state_that_nobody_used_is_that_of_a_world_without_programs() {
    let bytes = postcard::to_allocvec(&None::<Dialogues>).unwrap();
    assert!(bytes.iter().all(|byte| *byte == 0));
    let (dialogues, _) = after(5, Ok(r#"{"round":1}"#));
    let bytes = postcard::to_allocvec(&dialogues).unwrap();
    assert_eq!(
        postcard::from_bytes::<Dialogues>(&bytes).unwrap(),
        dialogues
    );
}

#[test]
fn notes_are_few_and_short() {
    let mut counts = Counts::default();
    for round in 0..100 {
        counts.note(round, &"é".repeat(1000));
    }
    assert_eq!(counts.notes.len(), NOTES_MAX);
    assert!(counts.notes[9].chars().count() < NOTE_MAX + 20);
}
