//! What a fires planner looks at: tracks and shooters, whoever they come from.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{ids::UnitIx, scoring::ScoringTag, time::SimTime},
    picture::{BluePicture, Track, TrackStore},
    platform::{
        class::{Domain, TargetClass},
        stores::EffectorIx,
    },
};

/// A track as a planner sees it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrackView {
    /// Number at the post.
    pub number: u32,
    /// Position now, m.
    pub position: DVec2,
    /// Velocity, m/s.
    pub velocity: DVec2,
    /// Deviation of the position, m.
    pub sigma_m: f64,
    /// Log-odds that it is hostile.
    pub hostile_llr: f64,
    /// Confidence that it is hostile, 0 to 1.
    pub confidence: f64,
    /// Whether it is believed to be a wreck.
    pub is_wreck: bool,
    /// When it was last looked at.
    pub seen: SimTime,
    /// When it was last heard to radiate.
    pub heard: Option<SimTime>,
    /// What it seems to be.
    pub target: TargetClass,
    /// Where it seems to move.
    pub domain: Domain,
    /// For scoring.
    pub tag: ScoringTag,
}

/// One effector of a shooter as a planner sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShooterView {
    /// Who.
    pub unit: UnitIx,
    /// With what.
    pub effector: EffectorIx,
    /// Rounds left.
    pub rounds: u32,
    /// Position, m.
    pub position: glam::DVec3,
}

/// What a target is taken for whose kind nobody has told: the lightest of its domain.
fn guessed(domain: Domain) -> TargetClass {
    match domain {
        Domain::Air => TargetClass::SmallAir,
        Domain::Surface => TargetClass::Boat,
        Domain::Subsurface => TargetClass::Submerged,
        Domain::Land | Domain::Fixed => TargetClass::Light,
    }
}

impl TrackView {
    /// A track as it stands in a post's belief.
    #[must_use]
    pub fn of(track: &Track, now: SimTime) -> Self {
        let state = track.at(now.max(track.updated));
        let domain = track.domain.unwrap_or(Domain::Land);
        Self {
            number: track.number,
            position: state.position_m,
            velocity: state.velocity_m_s,
            sigma_m: state.position_sigma_m(),
            hostile_llr: track.hostile_llr,
            confidence: track.hostile_confidence(),
            is_wreck: track.is_wreck(),
            seen: track.updated,
            heard: track.heard,
            target: track.target.unwrap_or_else(|| guessed(domain)),
            domain,
            tag: track.tag,
        }
    }

    /// All confirmed tracks of a post.
    #[must_use]
    pub fn of_store(store: &TrackStore, now: SimTime) -> Vec<Self> {
        let confirmed = store.tracks().iter().filter(|track| track.confirmed);
        confirmed.map(|track| Self::of(track, now)).collect()
    }
}

/// Age of a report of the own side up to which a planner counts on it, s.
const FRESH_S: f64 = 300.0;

impl ShooterView {
    /// All effectors with rounds among the units that a post may task and has news of.
    pub fn of_picture(
        picture: &BluePicture,
        now: SimTime,
        may_task: impl Fn(UnitIx) -> bool,
    ) -> Vec<Self> {
        let known = picture.entries().iter();
        let known = known.filter_map(|entry| Some((entry, entry.status.as_ref()?)));
        let fresh = known
            .filter(|(entry, status)| now.since_s(status.at) <= FRESH_S && may_task(entry.unit));
        let effectors = fresh.flat_map(|(entry, status)| {
            let rounds = status.rounds.iter();
            rounds
                .filter(|(_, rounds)| *rounds > 0)
                .map(|(effector, rounds)| Self {
                    unit: entry.unit,
                    effector: *effector,
                    rounds: *rounds,
                    position: entry.position_at(now),
                })
        });
        effectors.collect()
    }
}
