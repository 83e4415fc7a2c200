//! What was asked of programs, what waits to take effect, and what came of it. See [`Dialogues`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::{
    answer::Answer,
    playback::hash,
    program::{Exchange, Failure, Programs},
    request::Header,
};
use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    org::{OrderOfBattle, SideIx},
    planning::slots::Slot,
    platform::stores::EffectorIx,
};

/// Most notes that are kept of a side.
const NOTES_MAX: usize = 20;

/// Longest note, characters.
const NOTE_MAX: usize = 300;

/// What an answer gives, in names that hold until it takes effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::planning) enum Gives {
    /// Vehicles their parts.
    Tasks(Vec<(UnitIx, Slot)>),
    /// Shooters their tracks.
    Fires(Vec<(UnitIx, EffectorIx, u32)>),
}

/// An answer on its way to its effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::planning) struct Pending {
    /// Who asked.
    pub(super) post: UnitIx,
    /// The round.
    pub(super) round: u64,
    /// When it takes effect.
    due: SimTime,
    /// What it gives.
    pub(super) gives: Gives,
}

/// What came of the rounds of one side.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Counts {
    rounds: u64,
    taken: u64,
    late: u64,
    malformed: u64,
    refused: u64,
    failed: u64,
    tasks: u64,
    fires: u64,
    overtaken: u64,
    latency_us: (u64, u64),
    notes: Vec<String>,
    said: Option<String>,
}

/// Answers that wait to take effect, and what came of all. State.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Dialogues {
    pending: Vec<Pending>,
    sides: BTreeMap<u8, Counts>,
}

/// What came of asking the program of a side, for a run's summary.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ProgramSummary {
    /// The side.
    pub side: String,
    /// Rounds in which it was asked.
    pub rounds: u64,
    /// Answers that were taken.
    pub taken: u64,
    /// Answers that came after the deadline, or not at all.
    pub late: u64,
    /// Lines that are no answer, or too long.
    pub malformed: u64,
    /// Answers that do not fit what was asked.
    pub refused: u64,
    /// Rounds in which there was no program to ask: not started, ended, given up, or not recorded.
    pub failed: u64,
    /// Tasks given out.
    pub tasks: u64,
    /// Engagements proposed to desks.
    pub fires: u64,
    /// Tasks and fires that events had overtaken when they were to take effect.
    pub overtaken: u64,
    /// Mean latency of all rounds, ms; none without rounds.
    pub latency_mean_ms: Option<f64>,
    /// Longest latency, ms.
    pub latency_max_ms: f64,
    /// What went wrong, the first twenty times.
    pub notes: Vec<String>,
    /// What it last had to say for itself.
    pub said: Option<String>,
}

impl Dialogues {
    /// The summaries of all sides that asked a program.
    #[must_use]
    pub fn summaries(&self, order: &OrderOfBattle) -> Vec<ProgramSummary> {
        let ms = |us: u64| SimTime(us).as_s() * 1e3;
        let summary = |(side, counts): (&u8, &Counts)| ProgramSummary {
            side: order.sides[SideIx(*side).at()].id.clone(),
            rounds: counts.rounds,
            taken: counts.taken,
            late: counts.late,
            malformed: counts.malformed,
            refused: counts.refused,
            failed: counts.failed,
            tasks: counts.tasks,
            fires: counts.fires,
            overtaken: counts.overtaken,
            latency_mean_ms: (counts.rounds > 0)
                .then(|| ms(counts.latency_us.0) / counts.rounds as f64),
            latency_max_ms: ms(counts.latency_us.1),
            notes: counts.notes.clone(),
            said: counts.said.clone(),
        };
        self.sides.iter().map(summary).collect()
    }

    /// The answers of some kind that take effect now.
    pub(super) fn due(&mut self, of: impl Fn(&Pending) -> bool, now: SimTime) -> Vec<Pending> {
        let is_due = |it: &mut Pending| it.due <= now && of(it);
        self.pending.extract_if(.., is_due).collect()
    }

    /// Whether an answer of this kind is on its way to its effect at a post.
    pub(super) fn is_waiting(&self, post: UnitIx, kind: fn(&Gives) -> bool) -> bool {
        let mut pending = self.pending.iter();
        pending.any(|it| it.post == post && kind(&it.gives))
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// What came of the rounds of a side.
    fn counts(&mut self, side: SideIx) -> &mut Counts {
        self.sides.entry(side.0).or_default()
    }

    /// Counts something given out.
    pub(super) fn gave(&mut self, side: SideIx, (tasks, fires): (u64, u64)) {
        let counts = self.counts(side);
        counts.tasks += tasks;
        counts.fires += fires;
    }

    /// Counts and notes what events had overtaken.
    pub(super) fn was_overtaken(&mut self, side: SideIx, (round, why): (u64, &str)) {
        let counts = self.counts(side);
        counts.overtaken += 1;
        counts.note(round, why);
    }
}

impl Counts {
    /// Notes what went wrong in a round.
    fn note(&mut self, round: u64, why: &str) {
        if self.notes.len() < NOTES_MAX {
            let why: String = why.chars().take(NOTE_MAX).collect();
            self.notes.push(format!("round {round}: {why}"));
        }
    }
}

/// Who asks, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    /// The side with its number.
    pub(super) side: (SideIx, &'a str),
    /// The post with its name.
    pub(super) post: (UnitIx, &'a str),
    /// When.
    pub(super) now: SimTime,
}

/// Programs with what is remembered of them.
pub struct Liaison<'a> {
    /// The programs.
    pub programs: &'a mut Programs,
    /// What waits and what came of it.
    pub dialogues: &'a mut Dialogues,
}

impl<'a> Liaison<'a> {
    /// The programs with what is remembered of them.
    pub fn new(programs: &'a mut Programs, dialogues: &'a mut Dialogues) -> Self {
        Self {
            programs,
            dialogues,
        }
    }

    /// Asks the program of a side, and notes its answer for when it takes effect: after as much
    /// simulated time as it thought, with the next tick at the earliest. `make` writes the request,
    /// `take` holds the answer against it.
    pub(super) fn ask(
        &mut self,
        asking: Asking<'_>,
        make: impl FnOnce(Header<'_>) -> Result<String, serde_json::Error>,
        take: impl FnOnce(&Answer) -> Result<Gives, String>,
    ) {
        let counts = self.dialogues.counts(asking.side.0);
        counts.rounds += 1;
        let round = counts.rounds;
        let header = Header {
            round,
            time_s: asking.now.as_s(),
            side: asking.side.1,
            post: asking.post.1,
            deadline_s: self.programs.deadline_s(),
        };
        match make(header) {
            Ok(request) => self.send(asking, (round, &request), take),
            Err(error) => {
                counts.failed += 1;
                counts.note(round, &format!("the request has no form: {error}"));
            }
        }
    }

    /// Sends a request and files what comes of it.
    fn send(
        &mut self,
        asking: Asking<'_>,
        (round, request): (u64, &str),
        take: impl FnOnce(&Answer) -> Result<Gives, String>,
    ) {
        let said = self.programs.ask(asking.side.1, round, request);
        let deadline_s = self.programs.deadline_s();
        self.programs.record.push(Exchange {
            side: asking.side.1.to_owned(),
            round,
            post: asking.post.1.to_owned(),
            at_s: asking.now.as_s(),
            deadline_s,
            request: hash(request),
            said: said.clone(),
        });
        let counts = self.dialogues.counts(asking.side.0);
        let latency = SimTime(said.latency_us);
        counts.latency_us.0 += latency.0;
        counts.latency_us.1 = counts.latency_us.1.max(latency.0);
        let line = match said.line {
            Ok(_) if latency.as_s() > deadline_s => {
                counts.late += 1;
                let latency_s = latency.as_s();
                counts.note(
                    round,
                    &format!("late, after {latency_s:.1} s of {deadline_s:.1}"),
                );
                return;
            }
            Ok(line) => line,
            Err(failed) => {
                match failed.how {
                    Failure::Late => counts.late += 1,
                    Failure::TooLong => counts.malformed += 1,
                    _ => counts.failed += 1,
                }
                counts.note(round, &failed.why);
                return;
            }
        };
        let answer = match Answer::read(&line) {
            Ok(answer) => answer,
            Err(why) => {
                counts.malformed += 1;
                counts.note(round, &why);
                return;
            }
        };
        let gives = if answer.round == round {
            take(&answer)
        } else {
            Err(format!("it answers round {}", answer.round))
        };
        match gives {
            Ok(gives) => {
                counts.taken += 1;
                counts.said = answer.note.or(counts.said.take());
                self.dialogues.pending.push(Pending {
                    post: asking.post.0,
                    round,
                    due: SimTime(asking.now.0.saturating_add(latency.0)),
                    gives,
                });
            }
            Err(why) => {
                counts.refused += 1;
                counts.note(round, &why);
            }
        }
    }
}

#[cfg(test)]
#[path = "dialogue_tests.rs"]
mod tests;
