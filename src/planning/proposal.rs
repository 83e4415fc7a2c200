//! What a planner proposes to a desk, and what the desk answers.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    engagement::TrackRef,
    kernel::{ids::UnitIx, scoring::ScoringTag, time::SimTime},
    platform::{
        class::{Domain, TargetClass},
        stores::EffectorIx,
    },
    wire::{Detail, MessageClass, Payload},
};

/// A proposal to engage one track with one effector.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Number, unique in a run.
    pub id: u64,
    /// Post that proposes.
    pub post: UnitIx,
    /// Track, as that post numbers it.
    pub track: TrackRef,
    /// Confidence that it is hostile, 0 to 1.
    pub confidence: f64,
    /// Position of the track as of `as_of`, m.
    pub position: DVec2,
    /// Velocity, m/s.
    pub velocity: DVec2,
    /// Deviation of the position, m.
    pub sigma_m: f64,
    /// Time of the state.
    pub as_of: SimTime,
    /// What it seems to be.
    pub target: TargetClass,
    /// Where it seems to move.
    pub domain: Domain,
    /// Who is to fire.
    pub shooter: UnitIx,
    /// With what.
    pub effector: EffectorIx,
    /// Shots.
    pub shots: u32,
    /// When it was proposed.
    pub proposed: SimTime,
    /// For scoring.
    pub tag: ScoringTag,
}

impl Payload for Proposal {
    const CLASS: MessageClass = MessageClass::Fires;
    const KIND: u8 = 2;

    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Ruling {
    /// A person allowed it.
    Authorised,
    /// A person refused it.
    Refused,
    /// It waited too long.
    Lapsed,
}

/// A desk's answer to the post that proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Number of the proposal.
    pub proposal: u64,
    /// What became of it.
    pub ruling: Ruling,
}

impl Payload for Decision {
    const CLASS: MessageClass = MessageClass::Authorisation;
    const KIND: u8 = 6;

    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}
