//! Wind-driven surface craft: speed from the wind, no way towards it, tacking.
//!
//! The polar is notional in shape: full share of the true wind on a beam reach, 65 % of that close
//! to the wind, 80 % running before it; its two numbers (share and no-go angle) are class data.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::state::{Ambient, Demand, MotionState};
use super::steering::{ramp, turn};
use super::surface::{WaterStep, afloat, aground};
use crate::kernel::math;

/// Share of the beam-reach speed lost at the edge of the no-go sector.
const CLOSE_HAULED_LOSS: f64 = 0.35;

/// Share of the beam-reach speed lost when running before the wind.
const RUNNING_LOSS: f64 = 0.2;

/// Gain in the cosine to the way that makes it go about: keeps it from tacking at every step.
const TACK_GAIN: f64 = 0.15;

/// How far off the no-go edge it steers, rad. Notional.
const EDGE_MARGIN_RAD: f64 = 0.035;

/// Acceleration, m/s². Notional.
const ACCELERATION_M_S2: f64 = 0.2;

/// Limits of a sailing craft.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sail {
    /// Share of the true wind speed reached on a beam reach.
    pub wind_speed_fraction: f64,
    /// Greatest speed through water, m/s.
    pub speed_max_m_s: f64,
    /// Half-angle of the sector towards the wind in which no way is made, rad.
    pub no_go_rad: f64,
    /// Greatest rate of turn, rad/s.
    pub turn_rate_max_rad_s: f64,
    /// Highest sea state in which it operates.
    pub sea_state_max: f64,
    /// Draught, m.
    pub draught_m: f64,
}

impl Sail {
    /// Speed through water, m/s, in a wind, m/s, at the cosine of the angle off the wind's eye.
    #[must_use]
    pub fn speed_m_s(&self, wind_m_s: f64, off_wind_cos: f64) -> f64 {
        let edge_cos = math::cos(self.no_go_rad);
        let share = if off_wind_cos > edge_cos {
            0.0
        } else if off_wind_cos > 0.0 {
            1.0 - CLOSE_HAULED_LOSS * off_wind_cos / edge_cos
        } else {
            1.0 + RUNNING_LOSS * off_wind_cos
        };
        (self.wind_speed_fraction * wind_m_s * share).min(self.speed_max_m_s)
    }

    /// The heading to steer towards `way` (unit vectors): the way itself, or the better tack.
    fn heading_for(&self, way: DVec2, upwind: DVec2, facing: DVec2) -> DVec2 {
        let (sin, cos) = math::sincos(self.no_go_rad + EDGE_MARGIN_RAD);
        if way.dot(upwind) <= cos {
            return way;
        }
        let right = DVec2::new(upwind.y, -upwind.x);
        let side = if facing.dot(right) >= 0.0 { 1.0 } else { -1.0 };
        let kept = upwind * cos + right * (sin * side);
        let other = upwind * cos - right * (sin * side);
        if other.dot(way) > kept.dot(way) + TACK_GAIN {
            other
        } else {
            kept
        }
    }

    /// One step. A demand to stop heaves to: the craft drifts with the current.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        if aground(state, demand, ambient, self.draught_m) {
            return;
        }
        let wind_m_s = ambient.wind.length();
        let upwind = (-ambient.wind).normalize_or_zero();
        let reach = self.speed_m_s(wind_m_s, 0.0);
        let sails = demand.speed_m_s > 0.0 && demand.direction != DVec2::ZERO && reach > 0.0;
        let desired = if sails {
            let way = (demand.direction * reach - ambient.current).normalize_or_zero();
            self.heading_for(way, upwind, super::steering::unit(state.heading_rad))
        } else {
            DVec2::ZERO
        };
        let turned = turn(state.heading_rad, desired, self.turn_rate_max_rad_s, dt_s);
        let wanted = if sails {
            self.speed_m_s(wind_m_s, turned.facing.dot(upwind))
                .min(demand.speed_m_s)
        } else {
            0.0
        };
        let speed = ramp(state.speed_m_s, wanted, ACCELERATION_M_S2, dt_s);
        let shift = turned.path * speed.mean + ambient.current * dt_s;
        let moved = WaterStep {
            shift,
            turned,
            speed,
            made_good: true,
        };
        afloat(state, &moved, ambient.current, 0.0, dt_s);
        state.obstructed =
            demand.speed_m_s > 0.0 && !sails || ambient.sea_state > self.sea_state_max;
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;

    fn craft() -> Sail {
        Sail {
            wind_speed_fraction: 0.3,
            speed_max_m_s: 3.0,
            no_go_rad: 45_f64.to_radians(),
            turn_rate_max_rad_s: 0.1,
            sea_state_max: 7.0,
            draught_m: 2.0,
        }
    }

    #[test]
    fn the_polar_has_its_three_points() {
        let edge = math::cos(45_f64.to_radians());
        assert!((craft().speed_m_s(8.0, 0.0) - 2.4).abs() < 1e-12);
        assert!((craft().speed_m_s(8.0, edge) - 2.4 * 0.65).abs() < 1e-12);
        assert!((craft().speed_m_s(8.0, -1.0) - 2.4 * 0.8).abs() < 1e-12);
        assert!(craft().speed_m_s(8.0, 0.8) <= 0.0);
        assert!((craft().speed_m_s(30.0, 0.0) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn tacks_to_a_point_upwind() {
        let ambient = Ambient {
            wind: DVec2::new(0.0, -8.0),
            water_depth_m: 30.0,
            ..Ambient::default()
        };
        let target = DVec2::new(0.0, 1500.0);
        let mut state = MotionState::at_rest(DVec3::ZERO, 1.0);
        let (mut tacks, mut side) = (0, 1.0_f64);
        let mut arrived_s = None;
        for step in 0..30_000_u32 {
            let way = (target - state.horizontal()).normalize();
            let demand = Demand {
                direction: way,
                speed_m_s: 9.0,
                altitude_m: 0.0,
            };
            craft().step(&mut state, &demand, &ambient, 0.1);
            if state.velocity.x * side < -1.0 {
                (tacks, side) = (tacks + 1, -side);
            }
            if (target - state.horizontal()).length() < 20.0 {
                arrived_s = Some(f64::from(step) * 0.1);
                break;
            }
        }
        // Made good towards the wind: 2.4 · 0.65 · cos 47° ≈ 1.1 m/s.
        let arrived_s = arrived_s.expect("it arrives");
        assert!((1300.0..1700.0).contains(&arrived_s), "{arrived_s}");
        // Boards shorten towards the mark, as the way to it must swing out of the same cone.
        assert!((2..20).contains(&tacks), "{tacks}");
    }

    #[test]
    fn no_wind_no_way() {
        let calm = Ambient {
            water_depth_m: 30.0,
            ..Ambient::default()
        };
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let demand = Demand {
            direction: DVec2::X,
            speed_m_s: 2.0,
            altitude_m: 0.0,
        };
        craft().step(&mut state, &demand, &calm, 0.1);
        assert!(state.obstructed && state.speed_m_s <= 0.0);
    }
}
