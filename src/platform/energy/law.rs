//! The power law of one class: from the state of motion to propulsion power. See [`PowerLaw`].

use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::model::{fixed_wing_load, ground_power_w, rotor_power_w};
use crate::kernel::math::PI;
use crate::platform::class::Motion;
use crate::platform::kinematics::{Ambient, MotionState, load_factor};

/// Glide ratio that converts climb into power for fixed-wing aircraft. Notional: light aircraft and
/// small unmanned aircraft lie between 8 and 16.
const GLIDE_RATIO: f64 = 12.0;

/// Propulsion power of a class. Laws without a physical scale of their own are scaled by `cruise_w`,
/// the propulsion power at cruise speed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum PowerLaw {
    /// Parabolic drag polar.
    FixedWing {
        /// Power at cruise, W.
        cruise_w: f64,
        /// Cruise speed, m/s.
        cruise_m_s: f64,
    },
    /// Momentum theory with parasite drag.
    Rotorcraft {
        /// Mass, kg.
        mass_kg: f64,
        /// Total disc area, m².
        disc_area_m2: f64,
        /// Figure of merit.
        merit: f64,
        /// Greatest airspeed, m/s.
        speed_max_m_s: f64,
        /// Acceleration limit, m/s².
        acceleration_m_s2: f64,
    },
    /// Rolling resistance and slope.
    Ground {
        /// Mass, kg.
        mass_kg: f64,
        /// Resistance off the road, share of the weight.
        resistance: f64,
        /// Resistance on a road, share of the weight.
        road_resistance: f64,
        /// Share of the power that reaches the ground.
        efficiency: f64,
    },
    /// Cube of the speed: ships (admiralty law) and underwater vehicles.
    Cubic {
        /// Coefficient, W/(m/s)³.
        drag_w_s3_m3: f64,
    },
    /// The same whenever it makes way: the buoyancy pump of a glider.
    Constant {
        /// Power, W.
        power_w: f64,
    },
    /// No propulsion power.
    None,
}

impl PowerLaw {
    /// The law of a class; `cruise_w` scales laws that have no scale of their own.
    #[must_use]
    pub fn from_class(motion: &Motion, mass_kg: f64, cruise_w: f64) -> Self {
        match motion {
            Motion::FixedWing {
                speed_cruise_m_s, ..
            } => Self::FixedWing {
                cruise_w,
                cruise_m_s: speed_cruise_m_s.value(),
            },
            Motion::Rotorcraft {
                rotor_count,
                rotor_diameter_m,
                figure_of_merit,
                speed_max_m_s,
                accel_max_m_s2,
                ..
            } => Self::Rotorcraft {
                mass_kg,
                disc_area_m2: f64::from(*rotor_count) * PI / 4.0
                    * rotor_diameter_m.value()
                    * rotor_diameter_m.value(),
                merit: figure_of_merit.value(),
                speed_max_m_s: speed_max_m_s.value(),
                acceleration_m_s2: accel_max_m_s2.value(),
            },
            Motion::Ground {
                rolling_resistance,
                road_resistance,
                drivetrain_efficiency,
                ..
            } => Self::Ground {
                mass_kg,
                resistance: rolling_resistance.value(),
                road_resistance: road_resistance.value(),
                efficiency: drivetrain_efficiency.value(),
            },
            Motion::Surface {
                speed_cruise_m_s, ..
            } => {
                let cruise_m_s = speed_cruise_m_s.value();
                Self::Cubic {
                    drag_w_s3_m3: cruise_w / (cruise_m_s * cruise_m_s * cruise_m_s),
                }
            }
            Motion::Underwater { drag_w_s3_m3, .. } => Self::Cubic {
                drag_w_s3_m3: drag_w_s3_m3.value(),
            },
            Motion::Glider { .. } => Self::Constant { power_w: cruise_w },
            Motion::Foot { .. }
            | Motion::Sail { .. }
            | Motion::Aerostat { .. }
            | Motion::Fixed
            | Motion::Munition { .. } => Self::None,
        }
    }

    /// Whether an aircraft stands on the ground with its engine off.
    #[must_use]
    pub fn shut_down(&self, state: &MotionState, ambient: &Ambient) -> bool {
        match self {
            Self::FixedWing { .. } => state.speed_m_s <= 0.0,
            Self::Rotorcraft { .. } => {
                state.speed_m_s <= 0.0 && state.position.z <= ambient.ground_height_m
            }
            _ => false,
        }
    }

    /// Propulsion power in a state of motion, W.
    #[must_use]
    pub fn propulsion_w(&self, state: &MotionState, ambient: &Ambient) -> f64 {
        if self.shut_down(state, ambient) {
            return 0.0;
        }
        match *self {
            Self::FixedWing {
                cruise_w,
                cruise_m_s,
            } => {
                let load = load_factor(state.speed_m_s, state.turn_rate_rad_s);
                let (speed, climb) = (state.speed_m_s, state.velocity.z);
                cruise_w
                    * fixed_wing_load(speed / cruise_m_s, load, climb / cruise_m_s, GLIDE_RATIO)
            }
            Self::Rotorcraft {
                mass_kg,
                disc_area_m2,
                merit,
                speed_max_m_s,
                acceleration_m_s2,
            } => rotor_power_w(
                (mass_kg, disc_area_m2, merit),
                (state.speed_m_s, speed_max_m_s, acceleration_m_s2),
                state.velocity.z,
                ambient.air_density_kg_m3,
            ),
            Self::Ground {
                mass_kg,
                resistance,
                road_resistance,
                efficiency,
            } => {
                let resistance = if ambient.on_road {
                    road_resistance
                } else {
                    resistance
                } * ambient.ground_resistance;
                let level = state.velocity.truncate().length();
                let slope = if level > 0.0 {
                    state.velocity.z / level
                } else {
                    0.0
                };
                ground_power_w(mass_kg, state.speed_m_s, slope, resistance, efficiency)
            }
            Self::Cubic { drag_w_s3_m3 } => {
                drag_w_s3_m3 * state.speed_m_s * state.speed_m_s * state.speed_m_s
            }
            Self::Constant { power_w } => {
                if state.speed_m_s > 0.0 {
                    power_w
                } else {
                    0.0
                }
            }
            Self::None => 0.0,
        }
    }

    /// Propulsion power in level, straight motion at a speed, m/s, in standard air; ground vehicles
    /// on a road or off it.
    #[must_use]
    pub fn level_w(&self, speed_m_s: f64, on_road: bool) -> f64 {
        let (state, ambient) = level_motion(speed_m_s, on_road);
        self.propulsion_w(&state, &ambient)
    }
}

/// Level, straight motion at a speed, m/s: aircraft a metre above a plain.
fn level_motion(speed_m_s: f64, on_road: bool) -> (MotionState, Ambient) {
    let mut state = MotionState::at_rest(DVec3::Z, 0.0);
    state.velocity.y = speed_m_s;
    state.speed_m_s = speed_m_s;
    (
        state,
        Ambient {
            on_road,
            ..Ambient::default()
        },
    )
}
