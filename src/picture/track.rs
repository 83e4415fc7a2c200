//! One track on one node. See [`Track`].

use serde::{Deserialize, Serialize};

use super::model::kalman::Kinematics;
use crate::{
    kernel::{ids::UnitIx, math, scoring::ScoringTag, time::SimTime},
    platform::class::{Domain, TargetClass},
    sensing::Evidence,
};

/// Name of a track wherever it is spoken of: who made it, and that node's number for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrackKey {
    /// Node that made it from its own sensors.
    pub origin: UnitIx,
    /// That node's number for it.
    pub number: u32,
}

/// Spectral density of the white-noise acceleration by domain, m²/s³ (notional: slow movers on land
/// and sea, lively ones in the air).
#[must_use]
pub fn process_noise(domain: Option<Domain>) -> f64 {
    match domain {
        Some(Domain::Fixed) => 0.001,
        Some(Domain::Surface | Domain::Subsurface) => 0.02,
        Some(Domain::Land) => 0.1,
        Some(Domain::Air) => 2.0,
        None => 0.3,
    }
}

/// Bounds of what evidence can sum up to, so that no belief becomes unshakeable.
const LLR_LIMIT: f64 = 7.0;

/// What one node believes of one thing that is not its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Number on this node.
    pub number: u32,
    /// Where it is and how it moves, as of `updated`.
    pub state: Kinematics,
    /// Time of the state.
    pub updated: SimTime,
    /// When it was begun.
    pub began: SimTime,
    /// Own looks that hit it.
    pub hits: u32,
    /// When an own sensor last hit it.
    pub own_hit: Option<SimTime>,
    /// Whether it is more than a guess.
    pub confirmed: bool,
    /// Log-odds that it is hostile, from even odds.
    pub hostile_llr: f64,
    /// Log-odds that it is a wreck, from the prior that it is not.
    pub wreck_llr: f64,
    /// What kind of target it seems to be.
    pub target: Option<TargetClass>,
    /// Where it seems to move.
    pub domain: Option<Domain>,
    /// Tracks of others that were fused into it, with the time of their last report.
    pub sources: Vec<(TrackKey, SimTime)>,
    /// When this node last told others of it.
    pub reported: Option<SimTime>,
    /// For scoring.
    pub tag: ScoringTag,
}

/// Log-odds of a wreck before anything was seen: one in a hundred.
pub const WRECK_PRIOR: f64 = -4.6;

impl Track {
    /// Confidence that it is hostile, 0 to 1.
    #[must_use]
    pub fn hostile_confidence(&self) -> f64 {
        1.0 / (1.0 + math::exp(-self.hostile_llr))
    }

    /// Whether it is believed to be a wreck.
    #[must_use]
    pub fn is_wreck(&self) -> bool {
        self.wreck_llr > 0.0
    }

    /// Adds evidence.
    pub fn learn(&mut self, evidence: &Evidence) {
        self.hostile_llr = (self.hostile_llr + evidence.hostile_llr).clamp(-LLR_LIMIT, LLR_LIMIT);
        self.wreck_llr = (self.wreck_llr + evidence.wreck_llr).clamp(-LLR_LIMIT, LLR_LIMIT);
        self.target = evidence.target.or(self.target);
        self.domain = evidence.domain.or(self.domain);
    }

    /// The state at a time not before its own.
    #[must_use]
    pub fn at(&self, now: SimTime) -> Kinematics {
        self.state
            .predict(now.since_s(self.updated), process_noise(self.domain))
    }

    /// Standard deviation of the position at a time, m.
    #[must_use]
    pub fn sigma_m(&self, now: SimTime) -> f64 {
        self.at(now).position_sigma_m()
    }
}
