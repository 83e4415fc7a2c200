//! What satellites do for a unit's own position, and how it drifts without them. See [`Aiding`].
//!
//! Units have it where somebody disturbs satellites; elsewhere every unit has its undisturbed fix.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, SystemSet};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{
    class::{ClassSpec, Domain, Family, Motion},
    kinematics::MotionState,
    navigation::DRIFT_SHARE,
};
use crate::kernel::{
    ids::{UnitIndex, UnitIx},
    math,
    messages::{Buffer, BufferAppExt},
    registry::StateAppExt,
    schedule::{Phase, SimTick},
};

/// Drift of a vehicle with wheels or tracks as a share of the distance run: odometer and compass
/// (notional, 0.5 to 5 %).
const DRIFT_LAND: f64 = 0.02;
/// The same on foot: paces and a compass (notional, 2 to 10 %).
const DRIFT_FOOT: f64 = 0.05;
/// The same at sea: log and gyro compass, with the set of the current estimated (notional, 1 to 8 %).
const DRIFT_SEA: f64 = 0.03;
/// Drift of a crewed aircraft, m/s: an inertial system of navigation grade, about one nautical mile in
/// an hour (Groves 2013, "Principles of GNSS, Inertial, and Multisensor Integrated Navigation Systems",
/// 2nd ed., ch. 4).
const DRIFT_CREWED_M_S: f64 = 0.51;
/// Error of the velocity of an unmanned aircraft by airspeed, compass and the last known wind, m/s
/// (notional, 0.5 to 5).
const DRIFT_UNMANNED_M_S: f64 = 1.5;
/// Time constant with which that error grows after the last fix, while small inertial sensors still
/// know better, s (notional, 10 to 60).
const DRIFT_BUILD_UP_S: f64 = 30.0;

/// How dead reckoning goes astray.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drift {
    /// By a share of the distance run.
    Way(f64),
    /// By time: the velocity's error grows towards `rate_m_s` with a time constant.
    Time {
        /// Error of the velocity after a long time, m/s.
        rate_m_s: f64,
        /// Time constant, s; 0 is at once.
        build_up_s: f64,
    },
}

impl Drift {
    /// That of a class.
    #[must_use]
    pub fn of(class: &ClassSpec) -> Self {
        let stays = matches!(class.motion, Motion::Fixed | Motion::Aerostat { .. });
        match class.domain {
            _ if stays => Self::Way(0.0),
            Domain::Fixed => Self::Way(0.0),
            Domain::Land if class.family == Family::Dismount => Self::Way(DRIFT_FOOT),
            Domain::Land => Self::Way(DRIFT_LAND),
            Domain::Surface => Self::Way(DRIFT_SEA),
            Domain::Subsurface => Self::Way(DRIFT_SHARE),
            Domain::Air if class.crewed => Self::Time {
                rate_m_s: DRIFT_CREWED_M_S,
                build_up_s: 0.0,
            },
            Domain::Air => Self::Time {
                rate_m_s: DRIFT_UNMANNED_M_S,
                build_up_s: DRIFT_BUILD_UP_S,
            },
        }
    }

    /// Error of the position, m, after a way and a time without a fix: with a velocity error
    /// r·(1 − e^{−t/τ}) it is r·(t − τ·(1 − e^{−t/τ})), at first r·t²/2τ.
    #[must_use]
    pub fn error_m(self, run_m: f64, run_s: f64) -> f64 {
        match self {
            Self::Way(share) => share * run_m,
            Self::Time {
                rate_m_s,
                build_up_s,
            } if build_up_s > 0.0 => {
                rate_m_s * (run_s + build_up_s * math::expm1(-run_s / build_up_s))
            }
            Self::Time { rate_m_s, .. } => rate_m_s * run_s,
        }
    }
}

/// What a unit's receiver delivers from now on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Aid {
    /// A fix.
    Fix {
        /// By how much it is off beyond the receiver's usual error, m.
        off_m: DVec2,
        /// Standard deviation beyond the usual one on each axis, as the receiver knows it, m.
        noise_m: f64,
    },
    /// None.
    None {
        /// What is left of the error beyond the usual where the receiver takes back fixes that it no
        /// longer trusts, m; otherwise that of the last fix stays.
        back_to_m: Option<DVec2>,
    },
}

impl Default for Aid {
    /// As in the clear.
    fn default() -> Self {
        Self::Fix {
            off_m: DVec2::ZERO,
            noise_m: 0.0,
        }
    }
}

/// A receiver has something to say about its fixes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AidNews {
    /// Whose receiver.
    pub unit: UnitIx,
    /// What.
    pub aid: Aid,
}

/// How a unit's own position is aided at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Component, Serialize, Deserialize)]
pub struct Aiding {
    /// Whether there is a fix.
    has_fix: bool,
    /// Error of the last fix beyond the usual, m.
    off_m: DVec2,
    /// Standard deviation of the last fix beyond the usual on each axis, m.
    noise_m: f64,
    /// Time since the last fix, s.
    pub(super) run_s: f64,
    /// By how much the unit takes itself to be elsewhere, beyond its usual error, m.
    pub(super) astray_m: DVec2,
}

impl Default for Aiding {
    /// As in the clear.
    fn default() -> Self {
        Self {
            has_fix: true,
            off_m: DVec2::ZERO,
            noise_m: 0.0,
            run_s: 0.0,
            astray_m: DVec2::ZERO,
        }
    }
}

impl Aiding {
    /// Whether there is a fix.
    #[must_use]
    pub fn has_fix(&self) -> bool {
        self.has_fix
    }

    /// Error of the last fix beyond the usual, m.
    #[must_use]
    pub fn off_m(&self) -> DVec2 {
        self.off_m
    }

    /// Standard deviation of the last fix beyond the usual on each axis, m.
    #[must_use]
    pub fn noise_m(&self) -> f64 {
        self.noise_m
    }

    /// Takes what the receiver says.
    fn take(&mut self, aid: Aid) {
        match aid {
            Aid::Fix { off_m, noise_m } => {
                *self = Self {
                    has_fix: true,
                    off_m,
                    noise_m,
                    ..*self
                };
            }
            Aid::None { back_to_m } => {
                self.has_fix = false;
                self.off_m = back_to_m.unwrap_or(self.off_m);
            }
        }
    }

    /// The unit's motion as its autopilot takes it to be: off by what has disturbed its fixes. The few
    /// metres of an undisturbed fix are left out.
    #[must_use]
    pub fn believed(&self, state: &MotionState) -> MotionState {
        MotionState {
            position: state.position + self.astray_m.extend(0.0),
            ..*state
        }
    }
}

/// Whether a class steers by its own position as it believes it: crews and people on land see where
/// they go.
#[must_use]
pub fn steers_by_fix(class: &ClassSpec) -> bool {
    !(class.crewed && class.domain == Domain::Land)
}

/// Hands receivers' news to the units they belong to.
fn take_news(
    (index, news): (Res<'_, UnitIndex>, Res<'_, Buffer<AidNews>>),
    mut units: Query<'_, '_, &mut Aiding>,
) {
    for AidNews { unit, aid } in news.read() {
        if let Ok(mut aiding) = units.get_mut(index.entity(*unit)) {
            aiding.take(*aid);
        }
    }
}

/// Set of the system that takes receivers' news, before units move.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AidingSystems;

/// Keeps [`Aiding`] up to date in the phase `Move`.
#[derive(Debug)]
pub struct AidingPlugin;

impl Plugin for AidingPlugin {
    fn build(&self, app: &mut App) {
        app.add_buffer::<AidNews>()
            .register_state::<Aiding>()
            .add_systems(SimTick, take_news.in_set(AidingSystems).in_set(Phase::Move));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    #[test]
    fn small_aircraft_drift_with_time_and_vehicles_with_their_way() {
        let catalogue = Catalogue::shipped();
        let drift = |name: &str| Drift::of(catalogue.class(name).unwrap());
        assert_eq!(drift("truck"), Drift::Way(DRIFT_LAND));
        assert_eq!(drift("dismount"), Drift::Way(DRIFT_FOOT));
        let small = drift("uav-fixed-wing-small");
        // At first r·t²/2τ, after long r·(t − τ).
        assert!((small.error_m(0.0, 1.0) - 0.025).abs() < 3e-4);
        assert!((small.error_m(0.0, 600.0) - 1.5 * 570.0).abs() < 1e-3);
        assert!((drift("helicopter").error_m(1e5, 3600.0) - 1836.0).abs() < 1e-9);
        let still = MotionState::at_rest(glam::DVec3::new(1.0, 2.0, 3.0), 0.0);
        assert_eq!(Aiding::default().believed(&still), still);
    }
}
