//! What an engagement of each track by each shooter would be worth, as a post believes. See [`ask`].

use super::{
    algo::matching::Matching,
    fire_control::FireControl,
    view::{ShooterView, TrackView},
    worth::worth,
};
use crate::{
    engagement::tables::KillTables,
    environment::Landscape,
    kernel::{ids::UnitIx, time::SimTime},
    org::{Doctrine, OrderOfBattle},
    physics::{ObstacleField, SightMemo},
    platform::{
        class::{Domain, EffectorSpec, Fire},
        vehicle::Fleet,
    },
};

/// Value of a second's delay of effect relative to a target's value (notional, 0 to 0.001).
const HASTE_PER_S: f64 = 2e-4;

/// What a post asks when it pairs tracks with shooters.
pub(super) struct Asked {
    /// Shooters, the bidders; a unit with several effectors is several.
    pub(super) shooters: Vec<ShooterView>,
    /// Tracks, the lots.
    pub(super) tracks: Vec<TrackView>,
    /// What each pair is worth.
    pub(super) problem: Matching,
}

/// Works out what every pair is worth.
pub(super) fn ask(
    shooters: Vec<ShooterView>,
    tracks: Vec<TrackView>,
    means: &mut Means<'_>,
) -> Asked {
    let mut worth = Vec::with_capacity(tracks.len() * shooters.len());
    for shooter in &shooters {
        for track in &tracks {
            worth.push(means.gain(shooter, track));
        }
    }
    let problem = Matching {
        bidders: shooters.len(),
        lots: tracks.len(),
        worth,
    };
    Asked {
        shooters,
        tracks,
        problem,
    }
}

/// What a pairing reads besides tracks and shooters.
pub(super) struct Means<'a> {
    pub(super) post: UnitIx,
    pub(super) now: SimTime,
    pub(super) doctrine: &'a Doctrine,
    pub(super) order: &'a OrderOfBattle,
    pub(super) control: &'a FireControl,
    pub(super) fleet: &'a Fleet,
    pub(super) tables: &'a KillTables,
    pub(super) landscape: &'a Landscape,
    pub(super) field: &'a ObstacleField,
    pub(super) memo: &'a mut SightMemo,
}

impl Means<'_> {
    /// Expected worth of an engagement of a track by a shooter, less the price of its delay; none where
    /// it may not be, does not bear, or is worth no more than its delay costs.
    pub(super) fn gain(&mut self, shooter: &ShooterView, track: &TrackView) -> Option<f64> {
        let effector = self.fleet.effector(shooter.effector);
        let range_m = shooter.position.truncate().distance(track.position);
        let (near, far) = (effector.range_min_m.value(), effector.range_max_m.value());
        // A shell that falls on a place does nothing to what flies above it.
        if effector.fire == Fire::Indirect && track.domain == Domain::Air {
            return None;
        }
        let post = (self.post, self.order);
        let forbidden = self.control.forbids(post, track.position, effector.fire);
        let is_in_reach = (near..=far).contains(&range_m);
        if forbidden.is_some() || !is_in_reach || shooter.rounds < effector.rounds_per_shot {
            return None;
        }
        let p_kill = self
            .tables
            .probability(shooter.effector, track.target, range_m)?;
        if p_kill <= 0.0 || !self.bears(effector, shooter, track) {
            return None;
        }
        let flight_s = range_m / effector.speed_m_s.value().max(1.0);
        let time_to_effect_s = effector.setup_time_s.value() + flight_s;
        let worth = worth(track, self.doctrine, self.now);
        let cost = worth * HASTE_PER_S * time_to_effect_s;
        Some(worth * track.confidence * p_kill - cost).filter(|gain| *gain > 0.0)
    }

    /// Whether the ground lets a direct weapon bear, by the map.
    fn bears(&mut self, effector: &EffectorSpec, shooter: &ShooterView, track: &TrackView) -> bool {
        if !effector.needs_line_of_sight || track.domain == Domain::Air {
            return true;
        }
        let height_m = 0.8 * self.fleet.vehicle(shooter.unit).class.height_m.value();
        let from = shooter.position + glam::DVec3::Z * height_m;
        let surface_m = self
            .landscape
            .terrain
            .surface_m(track.position.x, track.position.y);
        let to = track.position.extend(surface_m + 1.5);
        self.memo.is_clear(from, to, self.landscape, self.field)
    }
}
