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

/// Why a shooter is not proposed for a track.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bar {
    /// Its shells fall on the ground, the target flies.
    Flies,
    /// An area or boundary forbids it, by its id.
    Forbidden(String),
    /// The target is nearer or farther than the effector reaches: distance, least and most, m.
    Range(f64, f64, f64),
    /// It has too few rounds for a shot.
    Rounds,
    /// The effector does nothing to such a target.
    Harmless,
    /// The ground or a building is in the way.
    Masked,
    /// Worth no more than its delay costs.
    Worthless,
}

/// What a post asks when it pairs tracks with shooters.
pub(super) struct Asked {
    /// Shooters, the bidders; a unit with several effectors is several.
    pub(super) shooters: Vec<ShooterView>,
    /// Tracks, the lots.
    pub(super) tracks: Vec<TrackView>,
    /// What each pair is worth.
    pub(super) problem: Matching,
    /// Why the pairs without worth have none, shooter by shooter.
    #[expect(dead_code, reason = "told once choices are explained")]
    pub(super) bars: Vec<Option<Bar>>,
}

/// Works out what every pair is worth.
pub(super) fn ask(
    shooters: Vec<ShooterView>,
    tracks: Vec<TrackView>,
    means: &mut Means<'_>,
) -> Asked {
    let mut worth = Vec::with_capacity(tracks.len() * shooters.len());
    let mut bars = Vec::with_capacity(worth.capacity());
    for shooter in &shooters {
        for track in &tracks {
            let gain = means.gain(shooter, track);
            worth.push(gain.as_ref().ok().copied());
            bars.push(gain.err());
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
        bars,
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
    /// Expected worth of an engagement of a track by a shooter, less the price of its delay, or why
    /// there is none.
    pub(super) fn gain(&mut self, shooter: &ShooterView, track: &TrackView) -> Result<f64, Bar> {
        let effector = self.fleet.effector(shooter.effector);
        let range_m = shooter.position.truncate().distance(track.position);
        let (near, far) = (effector.range_min_m.value(), effector.range_max_m.value());
        if effector.fire == Fire::Indirect && track.domain == Domain::Air {
            return Err(Bar::Flies);
        }
        let post = (self.post, self.order);
        let forbidden = self.control.forbids(post, track.position, effector.fire);
        if let Some(id) = forbidden {
            return Err(Bar::Forbidden(id.to_owned()));
        }
        if range_m < near || range_m > far {
            return Err(Bar::Range(range_m, near, far));
        }
        if shooter.rounds < effector.rounds_per_shot {
            return Err(Bar::Rounds);
        }
        let p_kill = self
            .tables
            .probability(shooter.effector, track.target, range_m)
            .filter(|p_kill| *p_kill > 0.0)
            .ok_or(Bar::Harmless)?;
        if !self.bears(effector, shooter, track) {
            return Err(Bar::Masked);
        }
        let flight_s = range_m / effector.speed_m_s.value().max(1.0);
        let time_to_effect_s = effector.setup_time_s.value() + flight_s;
        let worth = worth(track, self.doctrine, self.now);
        let cost = worth * HASTE_PER_S * time_to_effect_s;
        let gain = worth * track.confidence * p_kill - cost;
        if gain > 0.0 {
            Ok(gain)
        } else {
            Err(Bar::Worthless)
        }
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
