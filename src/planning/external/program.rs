//! What stands between the simulation and a program beside it. See [`Program`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

/// Time within which a program has to answer where nobody says otherwise, s (notional, 1 to 60: a post
/// that waits longer than its rhythm plans on what is past).
pub const DEADLINE_S: f64 = 10.0;

/// How a program failed to give an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// It gave none before the deadline.
    Late,
    /// Its line is longer than any that is read.
    TooLong,
    /// It ended, or closed its standard output.
    Ended,
    /// It could not be started.
    NotStarted,
    /// It was late so often that it is asked no more.
    GivenUp,
    /// The record holds no answer to this request.
    Unrecorded,
}

/// A failure with its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// How.
    pub how: Failure,
    /// In words, for people.
    pub why: String,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Wall-clock time from request to answer, µs; up to the deadline where there was none.
    pub latency_us: u64,
    /// Its line, without the end of line, or why there is none.
    pub line: Result<String, Failed>,
}

/// A planner beside the simulator.
pub trait Program: Send + Sync {
    /// Sends a request, one line without its end, and waits for one line, at most so many seconds of
    /// wall-clock time.
    fn ask(&mut self, round: u64, request: &str, deadline_s: f64) -> Said;
}

/// One request and what came of it, as a line of `planner.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Side.
    pub side: String,
    /// Number of the round of that side, from 1.
    pub round: u64,
    /// Post that asked.
    pub post: String,
    /// Simulated time, s.
    pub at_s: f64,
    /// Deadline, s.
    pub deadline_s: f64,
    /// XXH3 (64 bits) of the request, 16 hexadecimal digits.
    pub request: String,
    /// What came of it.
    pub said: Said,
}

/// The programs of a run by side, and what was said. No state: what they answered is, see
/// [`Dialogues`](super::Dialogues).
#[derive(Resource)]
pub struct Programs {
    deadline_s: f64,
    by_side: BTreeMap<String, Box<dyn Program>>,
    pub(super) record: Vec<Exchange>,
}

impl Default for Programs {
    fn default() -> Self {
        Self::new(DEADLINE_S)
    }
}

impl core::fmt::Debug for Programs {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let sides: Vec<&String> = self.by_side.keys().collect();
        write!(f, "Programs({sides:?}, {} exchanges)", self.record.len())
    }
}

impl Programs {
    /// No program yet, and a deadline, s.
    #[must_use]
    pub fn new(deadline_s: f64) -> Self {
        Self {
            deadline_s,
            by_side: BTreeMap::new(),
            record: Vec::new(),
        }
    }

    /// Gives a side its program.
    pub fn attach(&mut self, side: &str, program: Box<dyn Program>) {
        self.by_side.insert(side.to_owned(), program);
    }

    /// Whether a side has one.
    #[must_use]
    pub fn has(&self, side: &str) -> bool {
        self.by_side.contains_key(side)
    }

    /// Time within which an answer has to come, s.
    #[must_use]
    pub fn deadline_s(&self) -> f64 {
        self.deadline_s
    }

    /// Everything that was said so far, in its order.
    #[must_use]
    pub fn record(&self) -> &[Exchange] {
        &self.record
    }

    /// Asks the program of a side.
    pub(super) fn ask(&mut self, side: &str, round: u64, request: &str) -> Said {
        let deadline_s = self.deadline_s;
        match self.by_side.get_mut(side) {
            Some(program) => program.ask(round, request, deadline_s),
            None => Said {
                latency_us: 0,
                line: Err(Failed {
                    how: Failure::NotStarted,
                    why: format!("side {side} has no program"),
                }),
            },
        }
    }
}
