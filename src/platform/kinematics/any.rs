//! All kinds behind one call. See [`Kinematics`].

use serde::{Deserialize, Serialize};

use super::aerostat::Aerostat;
use super::fixed_wing::{FixedWing, turn_radius_m};
use super::foot::{Foot, ON_PATH};
use super::ground::Ground;
use super::multirotor::Multirotor;
use super::sail::Sail;
use super::state::{Ambient, Demand, MotionState};
use super::surface::Surface;
use super::underwater::{Glider, Underwater};

/// The kinematic model of one class with its limits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kinematics {
    /// Aircraft that must keep flying.
    FixedWing(FixedWing),
    /// Aircraft that can hover.
    Multirotor(Multirotor),
    /// Wheeled and tracked vehicles.
    Ground(Ground),
    /// People.
    Foot(Foot),
    /// Powered craft on the sea.
    Surface(Surface),
    /// Craft driven by the wind.
    Sail(Sail),
    /// Propelled vehicles under water.
    Underwater(Underwater),
    /// Buoyancy gliders.
    Glider(Glider),
    /// Tethered balloons.
    Aerostat(Aerostat),
    /// What stays where it is.
    Fixed,
}

/// Speeds of travel over level ground off the road and on it where nothing slows, and the speed that
/// its plans never exceed, m/s, as the bits of their numbers: two paces are one only where every
/// vehicle of the one goes as those of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pace([u64; 3]);

impl Pace {
    /// Speed of travel over level ground that leaves a share of the speed, on a road or off it, m/s.
    #[must_use]
    pub fn over_m_s(self, on_road: bool, share: f64) -> f64 {
        let [off, on, most] = self.0.map(f64::from_bits);
        most.min(if on_road { on } else { off } * share)
    }
}

/// Arrival radius of what walks, hovers or rolls, m.
const NEAR_M: f64 = 2.0;

/// Walking speed that plans count with, m/s: Tobler on level ground off the path.
const WALK_M_S: f64 = 0.84;

impl Kinematics {
    /// Moves the state by one step of `dt_s` seconds (0.05 to 0.2 s as a rule).
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        debug_assert!(dt_s > 0.0 && demand.direction.is_finite() && demand.altitude_m.is_finite());
        match self {
            Self::FixedWing(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Multirotor(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Ground(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Foot(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Surface(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Sail(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Underwater(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Glider(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Aerostat(limits) => limits.step(state, demand, ambient, dt_s),
            Self::Fixed => {}
        }
        debug_assert!(state.position.is_finite() && state.velocity.is_finite());
    }

    /// Speed that plans count with, m/s; zero for what does not travel.
    #[must_use]
    pub fn speed_cruise_m_s(&self) -> f64 {
        match self {
            Self::FixedWing(limits) => limits.speed_cruise_m_s,
            Self::Multirotor(limits) => limits.speed_cruise_m_s,
            Self::Ground(limits) => limits.speed_cruise_m_s,
            Self::Foot(limits) => WALK_M_S * limits.speed_factor,
            Self::Surface(limits) => limits.speed_cruise_m_s,
            // Two thirds of the greatest: the mean over points of sailing in a working breeze.
            Self::Sail(limits) => limits.speed_max_m_s * 2.0 / 3.0,
            Self::Underwater(limits) => limits.speed_cruise_m_s,
            Self::Glider(limits) => limits.speed_cruise_m_s,
            Self::Aerostat(_) | Self::Fixed => 0.0,
        }
    }

    /// Greatest speed, m/s; zero for what does not travel.
    #[must_use]
    pub fn speed_max_m_s(&self) -> f64 {
        match self {
            Self::FixedWing(limits) => limits.speed_max_m_s,
            Self::Multirotor(limits) => limits.speed_max_m_s,
            Self::Ground(limits) => limits.speed_road_max_m_s,
            Self::Foot(limits) => limits.speed_rush_m_s,
            Self::Surface(limits) => limits.speed_max_m_s,
            Self::Sail(limits) => limits.speed_max_m_s,
            Self::Underwater(limits) => limits.speed_max_m_s,
            Self::Glider(limits) => limits.speed_max_m_s,
            Self::Aerostat(_) | Self::Fixed => 0.0,
        }
    }

    /// Radius of the tightest turn at cruise without wind, m.
    #[must_use]
    pub fn turn_radius_m(&self) -> f64 {
        match self {
            Self::FixedWing(limits) => turn_radius_m(limits.speed_cruise_m_s, limits.bank_max_tan),
            Self::Ground(limits) => limits.turn_radius_min_m,
            Self::Surface(limits) => limits.speed_cruise_m_s / limits.turn_rate_max_rad_s,
            Self::Sail(limits) => limits.speed_max_m_s / limits.turn_rate_max_rad_s,
            Self::Underwater(limits) => limits.speed_cruise_m_s / limits.turn_rate_max_rad_s,
            Self::Glider(limits) => limits.turn_radius_m(),
            Self::Multirotor(_) | Self::Foot(_) | Self::Aerostat(_) | Self::Fixed => 0.0,
        }
    }

    /// How near counts as there, m: the turn radius where one must be flown or sailed, else a step.
    #[must_use]
    pub fn arrival_radius_m(&self) -> f64 {
        self.turn_radius_m().max(NEAR_M)
    }

    /// Deceleration with which it stops at a point, m/s²; `None` if it cannot stop there at once or
    /// stops without distance.
    #[must_use]
    pub fn braking_m_s2(&self) -> Option<f64> {
        match self {
            Self::Multirotor(limits) => Some(limits.acceleration_m_s2),
            Self::Ground(limits) => Some(limits.acceleration_m_s2),
            Self::Surface(limits) => Some(limits.acceleration_m_s2),
            Self::Underwater(_) => Some(Underwater::braking_m_s2()),
            Self::FixedWing(_)
            | Self::Foot(_)
            | Self::Sail(_)
            | Self::Glider(_)
            | Self::Aerostat(_)
            | Self::Fixed => None,
        }
    }

    /// Whether it can stay at a point; the others circle it.
    #[must_use]
    pub fn can_stop(&self) -> bool {
        !matches!(self, Self::FixedWing(_))
    }

    /// Wind beyond which it does not take off and comes down where it can, m/s; none for what the
    /// wind does not stop, and for what a winch brings down.
    #[must_use]
    pub fn wind_max_m_s(&self) -> Option<f64> {
        match self {
            Self::FixedWing(limits) => Some(limits.wind_max_m_s),
            Self::Multirotor(limits) => Some(limits.wind_max_m_s),
            _ => None,
        }
    }

    /// Highest sea state in which it operates; none for what is not on the sea.
    #[must_use]
    pub fn sea_state_max(&self) -> Option<f64> {
        match self {
            Self::Surface(limits) => Some(limits.sea_state_max),
            Self::Sail(limits) => Some(limits.sea_state_max),
            _ => None,
        }
    }

    /// Speed of travel over level ground that leaves a share of the speed, on a road or off it, m/s.
    #[must_use]
    pub fn pace_m_s(&self, on_road: bool, share: f64) -> f64 {
        self.pace().over_m_s(on_road, share)
    }

    /// All that its speed of travel over level ground depends on.
    #[must_use]
    pub fn pace(&self) -> Pace {
        let cruise_m_s = self.speed_cruise_m_s();
        let (off, on, most) = match self {
            Self::Ground(limits) => (
                limits.speed_cross_country_max_m_s,
                limits.speed_road_max_m_s,
                cruise_m_s,
            ),
            Self::Foot(_) => (cruise_m_s, cruise_m_s * ON_PATH, f64::INFINITY),
            _ => (cruise_m_s, cruise_m_s, f64::INFINITY),
        };
        Pace([off, on, most].map(f64::to_bits))
    }

    /// Speed at which it goes along a road where a plan has it go at full pace, m/s: people walk faster
    /// on a path than off it; vehicles keep to their plan, which the road may allow and the field not.
    #[must_use]
    pub fn road_pace_m_s(&self, speed_m_s: f64) -> f64 {
        match self {
            Self::Foot(_) if speed_m_s >= self.speed_cruise_m_s() => speed_m_s * ON_PATH,
            _ => speed_m_s,
        }
    }

    /// Whether it travels at all.
    #[must_use]
    pub fn can_travel(&self) -> bool {
        !matches!(self, Self::Aerostat(_) | Self::Fixed)
    }

    /// Whether the demanded altitude means anything to it.
    #[must_use]
    pub fn keeps_altitude(&self) -> bool {
        matches!(
            self,
            Self::FixedWing(_)
                | Self::Multirotor(_)
                | Self::Underwater(_)
                | Self::Glider(_)
                | Self::Aerostat(_)
        )
    }
}
