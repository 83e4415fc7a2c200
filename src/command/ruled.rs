//! What desks tell those who count. See [`Ruled`].

use super::approval::Appraisal;
use crate::{
    engagement::Authorisation,
    kernel::{ids::UnitIx, random::DrawKey, time::SimTime},
    planning::proposal::{Proposal, Ruling},
};

/// What became of a proposal, for those who count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruled {
    /// Desk.
    pub desk: UnitIx,
    /// The proposal.
    pub proposal: Proposal,
    /// What became of it.
    pub ruling: Ruling,
    /// Who ruled.
    pub by: Authoriser,
    /// The leave that was given.
    pub leave: Option<Authorisation>,
    /// When.
    pub at: SimTime,
    /// Time from arrival on the desk, s.
    pub waited_s: f64,
}

/// Who ruled on a proposal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Authoriser {
    /// Nobody: it waited too long.
    Nobody,
    /// A person who sat at the desk.
    Person,
    /// One of the simulated operators.
    Operator(Judged),
}

/// What the ruling of a simulated operator followed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// What was weighed.
    pub appraisal: Appraisal,
    /// Name of the draw behind it.
    pub key: DrawKey,
    /// The draw.
    pub draw: f64,
    /// Time that the operator took, s.
    pub takes_s: f64,
    /// The draw behind that time, of the same parties.
    pub service_draw: f64,
}
