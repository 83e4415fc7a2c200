//! What a look yields. See [`Detection`].

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{evidence::Evidence, model::measurement::Covariance2, still::Still};
use crate::kernel::{ids::UnitIx, scoring::ScoringTag, time::SimTime};

/// One detection in one look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Who saw it.
    pub observer: UnitIx,
    /// When.
    pub at: SimTime,
    /// Measured position, m.
    pub position: DVec2,
    /// Covariance of its error, m².
    pub covariance: Covariance2,
    /// What it looked like.
    pub evidence: Evidence,
    /// The bearing, where that is all that was measured: then the position is a guess along it.
    pub bearing: Option<Bearing>,
    /// The picture, of a camera that was near enough.
    pub still: Option<Still>,
    /// For scoring.
    pub tag: ScoringTag,
}

/// A bearing on something that was heard to radiate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bearing {
    /// Where it was taken, m.
    pub from: DVec2,
    /// Direction, rad clockwise from north.
    pub bearing_rad: f64,
    /// Standard deviation of its error, rad.
    pub sigma_rad: f64,
}

/// A look that could have found a unit, whether or not it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opportunity {
    /// Who looked.
    pub observer: UnitIx,
    /// At whom.
    pub target: UnitIx,
    /// When.
    pub at: SimTime,
}

/// Probability of detection in one look from which on a unit counts as detectable.
pub(super) const DETECTABLE: f64 = 0.05;
