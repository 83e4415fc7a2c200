//! The event log of a run while it is being written. See [`EventLog`].

use std::borrow::Cow;

use bevy::prelude::Resource;

use super::event::EventRow;
use crate::kernel::time::SimTime;

/// The vocabulary of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// A side detected a hostile unit for the first time: observer, target; value 0.
    Detection,
    /// A side has its first confirmed track on a hostile unit: holder, target; value 0.
    Track,
    /// That track reached a post that decides: post, target; value 0.
    Shared,
    /// A planner proposed an engagement: shooter, target; value is the confidence, 0 to 1.
    Proposal,
    /// A desk ruled: desk, target; value is the time that the proposal waited, s.
    Ruling,
    /// A shot was fired: shooter, target; value is the number of rounds.
    Shot,
    /// A shot arrived: shooter, victim; value is the draw, 0 to 1.
    Adjudication,
    /// A defensive shot was there: unit, who fired the munition; value is the draw, 0 to 1.
    Interception,
    /// A post concluded on an effect: post, target; value is 1 if it believes it destroyed, else 0.
    Assessment,
    /// A unit can no longer move, fire, see or talk: unit, empty; value 0.
    Damage,
    /// A unit was lost: unit, empty; value is its price, US dollars.
    Loss,
    /// A unit finished its plan: unit, empty; value 0.
    PlanDone,
    /// A decision of a command post goes on: post, decision; value is the time that this took, s.
    Command,
    /// A mission goes on, as its post believes: post, mission; value 0.
    Mission,
    /// A unit was replenished: unit, depot; value is the energy, kWh, or the fuel, kg.
    Replenished,
}

impl EventKind {
    /// The word in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Detection => "detection",
            Self::Track => "track",
            Self::Shared => "shared",
            Self::Proposal => "proposal",
            Self::Ruling => "ruling",
            Self::Shot => "shot",
            Self::Adjudication => "adjudication",
            Self::Interception => "interception",
            Self::Assessment => "assessment",
            Self::Damage => "damage",
            Self::Loss => "loss",
            Self::PlanDone => "plan_done",
            Self::Command => "command",
            Self::Mission => "mission",
            Self::Replenished => "replenished",
        }
    }
}

/// Everything worth telling that has happened so far, in order of time. It influences nothing, so it
/// is no state.
#[derive(Debug, Clone, Default, PartialEq, Resource)]
pub struct EventLog {
    rows: Vec<EventRow>,
}

impl EventLog {
    /// Adds an event of this tick: who, on whom, the number of its kind, and what else there is to
    /// say.
    pub fn note(
        &mut self,
        at: SimTime,
        kind: EventKind,
        (subject, object): (&str, &str),
        value: f64,
        detail: String,
    ) {
        self.push(EventRow {
            time_us: at.0,
            kind: Cow::Borrowed(kind.word()),
            subject: subject.to_owned(),
            object: object.to_owned(),
            value,
            detail,
        });
    }

    /// Adds a row behind all that are not later. Within a tick systems write in the order of the
    /// phases, not of time, so a row may have to go a few places back.
    pub fn push(&mut self, row: EventRow) {
        let later = self
            .rows
            .iter()
            .rev()
            .take_while(|known| known.time_us > row.time_us)
            .count();
        self.rows.insert(self.rows.len() - later, row);
    }

    /// All rows, in order of time.
    #[must_use]
    pub fn rows(&self) -> &[EventRow] {
        &self.rows
    }

    /// Takes all rows away.
    pub fn take(&mut self) -> Vec<EventRow> {
        core::mem::take(&mut self.rows)
    }
}
