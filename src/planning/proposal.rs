//! What a planner proposes to a desk, and what the desk answers.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    engagement::TrackRef,
    kernel::{ids::UnitIx, scoring::ScoringTag, time::SimTime},
    picture::{Reading, Source, Track},
    platform::{
        class::{Domain, TargetClass},
        stores::EffectorIx,
    },
    sensing::View,
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

/// What a post's belief in a track stood on when it was proposed, for those who count.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grounds {
    /// Looks of the post's own sensors that hit it.
    pub hits: u32,
    /// What the post's own sensors say of its allegiance, view by view, as log-odds.
    pub views: Vec<(View, f64)>,
    /// Tracks of others that were fused into it.
    pub sources: Vec<Source>,
    /// What analysts at the post concluded from pictures of it.
    pub readings: Vec<Reading>,
}

impl Grounds {
    /// What a track stands on.
    #[must_use]
    pub fn of(track: &Track) -> Self {
        Self {
            hits: track.hits,
            views: track.views.clone(),
            sources: track.sources.clone(),
            readings: track.readings.clone(),
        }
    }
}

/// A proposal was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The proposal.
    pub proposal: Proposal,
    /// What it stands on; none under the oracle, which knows.
    pub grounds: Option<Grounds>,
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
