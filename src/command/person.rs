//! A person at a desk instead of the simulated operators. See [`DeskInput`].
//!
//! A person decides on what waits, case by case, in no modelled time; what is not answered lapses,
//! as ever. Who sits at a desk is no key of a scenario: it is input of a run, recorded with its tick.

use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    planning::proposal::Proposal,
};

/// What a person does at a desk in this tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskInput {
    /// A person sits down at the desk, or leaves it to its simulated operators.
    Seat {
        /// Which desk.
        desk: UnitIx,
        /// Whether a person decides from now on.
        is_person: bool,
    },
    /// A person answers a proposal.
    Answer {
        /// Number of the proposal.
        proposal: u64,
        /// Whether leave is given.
        is_yes: bool,
    },
}

/// A proposal that waits for a person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaitingCase {
    /// Desk.
    pub desk: UnitIx,
    /// The proposal, with its track, its evidence and its shooter.
    pub proposal: Proposal,
    /// When it arrived on the desk.
    pub arrived: SimTime,
    /// When it lapses.
    pub until: SimTime,
}
