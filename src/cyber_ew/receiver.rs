//! What satellite receivers make of jammers and spoofers. See [`Receiver`] and [`ReceiverPlugin`].
//!
//! Once a second each receiver adds up what it hears of the jammers in reach, loses its satellites or
//! finds them again, and follows counterfeit ones where they are stronger. What comes of it goes to
//! `platform` as [`AidNews`]. Left out: antennas that look away from jammers, encrypted signals, and
//! false alarms of the gate where nobody spoofs.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Local, Plugin, Query, Res, ResMut};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    hearing::{Disturber, Heard, Losses},
    jammer::Jammers,
    model::{
        gate, gnss,
        lock::{Lock, next_lock},
    },
};
use crate::{
    environment::Landscape,
    kernel::{
        dist,
        ids::{UnitId, UnitIndex, UnitIx},
        messages::Buffer,
        random::{DrawKey, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        time::Clock,
    },
    platform::{
        aiding::{Aid, AidNews, Drift},
        navigation::NavSolution,
        truth::Board,
        vehicle::Fleet,
    },
};

/// Time between two looks at the spectrum, s.
const PERIOD_S: f64 = 1.0;

/// Depth below which no satellite and no jammer is heard, m.
const DEAF_DEPTH_M: f64 = 0.5;

/// Time over which the gate compares fixes with the way by its own sensors, s (notional, 10 to 60): a
/// filter whose inertial part is corrected by every fix would be dragged along by a slow ramp.
pub const GATE_S: f64 = 30.0;

/// Probability that the gate refuses an honest fix.
pub const GATE_ALPHA: f64 = 0.001;

/// Counterfeit satellites that a receiver follows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Capture {
    /// Whose.
    by: UnitIx,
    /// By how much its fixes are off by now, m.
    off_m: DVec2,
    /// The same at the last look of the gate, m.
    checked_m: DVec2,
    /// Time since that look, s.
    since_s: f64,
}

/// A satellite receiver. Units that move have it where somebody can disturb it; state.
#[derive(Debug, Clone, Copy, PartialEq, Component, Serialize, Deserialize)]
pub struct Receiver {
    lock: Lock,
    /// Ratio of carrier to noise density, dB-Hz.
    cn0_db_hz: f64,
    /// For how long a lost receiver has heard enough, s.
    heard_s: f64,
    /// Counterfeit satellites that it follows.
    capture: Option<Capture>,
    /// Whose counterfeit satellites it has found out.
    refused: Option<UnitIx>,
    /// Disturbed fixes and looks of the gate so far: the numbers of their draws.
    fixes: u64,
    looks: u64,
}

impl Default for Receiver {
    /// In the clear.
    fn default() -> Self {
        Self {
            lock: Lock::Locked,
            cn0_db_hz: gnss::CLEAR_DB_HZ,
            heard_s: 0.0,
            capture: None,
            refused: None,
            fixes: 0,
            looks: 0,
        }
    }
}

/// What a receiver knows of itself when it checks a fix.
#[derive(Debug, Clone, Copy)]
struct Own {
    /// The unit.
    id: UnitId,
    /// Standard deviation of a fix on each axis, m.
    fix_sigma_m: f64,
    /// Error of the way by its own sensors over the time of the gate, m.
    drift_m: f64,
}

impl Receiver {
    /// How well it hears its satellites.
    #[must_use]
    pub fn lock(&self) -> Lock {
        self.lock
    }

    /// Ratio of carrier to noise density, dB-Hz.
    #[must_use]
    pub fn cn0_db_hz(&self) -> f64 {
        self.cn0_db_hz
    }

    /// Whether it follows counterfeit satellites without knowing.
    #[must_use]
    pub fn is_captured(&self) -> bool {
        self.capture.is_some()
    }

    /// Whether it has found out that its satellites are counterfeit.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.refused.is_some()
    }

    /// Whether nothing disturbs it, nor did so lately.
    fn is_at_rest(&self) -> bool {
        self.lock == Lock::Locked
            && self.cn0_db_hz >= gnss::CLEAR_DB_HZ
            && self.capture.is_none()
            && self.refused.is_none()
    }

    /// Lives through one period. Says what its fixes are from now on.
    fn listen(&mut self, heard: &Heard, own: &Own, (seed, index): (u64, &UnitIndex)) -> Aid {
        let clear_db_hz = gnss::effective_db_hz(gnss::CLEAR_DB_HZ, heard.noise_s);
        let Some((by, excess_db, pull_m_s)) = heard.counterfeit else {
            return self.follow_the_sky(clear_db_hz, own, seed);
        };
        if self.refused == Some(by) {
            return self.lose(clear_db_hz, None);
        }
        // Stronger signals stand higher above the same noise.
        self.cn0_db_hz = clear_db_hz + excess_db;
        if next_lock((Lock::Locked, 0.0), self.cn0_db_hz, PERIOD_S).0 == Lock::Lost {
            self.capture = None;
            return self.lose(clear_db_hz, None);
        }
        (self.lock, self.heard_s) = (Lock::Locked, 0.0);
        let mut capture = match self.capture {
            Some(capture) if capture.by == by => capture,
            // A second counterfeiter takes over where the first has led the receiver.
            other => Capture {
                by,
                off_m: other.map_or(DVec2::ZERO, |capture| capture.off_m),
                checked_m: other.map_or(DVec2::ZERO, |capture| capture.off_m),
                since_s: 0.0,
            },
        };
        capture.off_m += pull_m_s * PERIOD_S;
        capture.since_s += PERIOD_S;
        if capture.since_s >= GATE_S {
            let key = DrawKey::new(Stream::SpoofGate, own.id.0, index.id(by).0, self.looks);
            self.looks += 1;
            if key.uniform(seed) < own.detection(capture.off_m - capture.checked_m) {
                (self.capture, self.refused) = (None, Some(by));
                return self.lose(clear_db_hz, Some(capture.checked_m));
            }
            (capture.checked_m, capture.since_s) = (capture.off_m, 0.0);
        }
        self.capture = Some(capture);
        Aid::Fix {
            off_m: capture.off_m,
            noise_m: 0.0,
        }
    }

    /// Follows the real satellites as well as the noise lets it.
    fn follow_the_sky(&mut self, cn0_db_hz: f64, own: &Own, seed: u64) -> Aid {
        if self.capture.take().is_some() {
            // What it followed is gone: it has to search.
            return self.lose(cn0_db_hz, None);
        }
        self.refused = None;
        self.cn0_db_hz = cn0_db_hz;
        (self.lock, self.heard_s) = next_lock((self.lock, self.heard_s), cn0_db_hz, PERIOD_S);
        if self.lock == Lock::Lost {
            return Aid::None { back_to_m: None };
        }
        let noise_m = gnss::added_fix_sigma_m(cn0_db_hz);
        if noise_m <= 0.0 {
            return Aid::default();
        }
        let key = DrawKey::new(Stream::SatelliteFix, own.id.0, 0, self.fixes);
        self.fixes += 1;
        let [x, y] = dist::standard_normal_pair(&mut key.draws(seed));
        Aid::Fix {
            off_m: DVec2::new(x, y) * noise_m,
            noise_m,
        }
    }

    /// Has no fix from now on.
    fn lose(&mut self, cn0_db_hz: f64, back_to_m: Option<DVec2>) -> Aid {
        (self.lock, self.heard_s, self.cn0_db_hz) = (Lock::Lost, 0.0, cn0_db_hz);
        Aid::None { back_to_m }
    }
}

impl Own {
    /// Probability that the gate finds out that a fix was pulled by so much within its time.
    fn detection(&self, pulled_m: DVec2) -> f64 {
        let variance_m2 = self.fix_sigma_m * self.fix_sigma_m + self.drift_m * self.drift_m;
        gate::detection(
            pulled_m.length_squared() / variance_m2,
            gate::threshold(GATE_ALPHA),
        )
    }
}

/// Lets every receiver that is due listen.
fn listen(
    (clock, index, seed): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, RunSeed>),
    (board, fleet, landscape): (Res<'_, Board>, Res<'_, Fleet>, Res<'_, Landscape>),
    jammers: Res<'_, Jammers>,
    mut losses: Local<'_, Losses>,
    mut news: ResMut<'_, Buffer<AidNews>>,
    mut receivers: Query<'_, '_, (&mut Receiver, &NavSolution)>,
) {
    if !jammers.reach_satellites() {
        return;
    }
    let disturbers: Vec<Disturber> = jammers.active().iter().filter_map(Disturber::of).collect();
    for (ix, row) in index.iter() {
        if !clock.is_due(PERIOD_S, u64::from(ix.0)) {
            continue;
        }
        let Ok((mut receiver, navigation)) = receivers.get_mut(row.entity) else {
            continue;
        };
        let piece = board.piece(ix);
        let is_idle = disturbers.is_empty() && receiver.is_at_rest();
        if is_idle || !piece.is_alive || piece.position.z < -DEAF_DEPTH_M {
            continue;
        }
        let class = &fleet.vehicle(ix).class;
        let antenna = piece.position + DVec3::Z * class.height_m.value();
        let heard = losses.heard((ix, antenna), &disturbers, &landscape);
        let was_at_rest = receiver.is_at_rest();
        if was_at_rest && heard == Heard::default() {
            continue;
        }
        let way_m = piece.velocity.length() * GATE_S;
        let own = Own {
            id: row.id,
            fix_sigma_m: navigation.fix_sigma_m(),
            drift_m: Drift::of(class).error_m(way_m, GATE_S),
        };
        let aid = receiver.listen(&heard, &own, (seed.0, &index));
        news.write(AidNews { unit: ix, aid });
    }
}

/// Lets receivers listen in the phase `Act`, before units move.
#[derive(Debug)]
pub struct ReceiverPlugin;

impl Plugin for ReceiverPlugin {
    fn build(&self, app: &mut App) {
        app.register_state::<Receiver>()
            .add_systems(SimTick, listen.in_set(Phase::Act));
    }
}
