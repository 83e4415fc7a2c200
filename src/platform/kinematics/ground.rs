//! Wheeled and tracked vehicles: limited by power on slopes, by the steepest slope and by turning.
//!
//! `v = min(v_max, P·η / (m·g·(sin θ + C_rr·cos θ)))` (Wong 2008, "Theory of Ground Vehicles", §3.1,
//! without air drag). What lies on the ground leaves a share of `v_max` and multiplies `C_rr`. Left out:
//! side slope, soil strength but for that.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::state::{Ambient, Demand, GRAVITY_M_S2, MotionState};
use super::steering::{ramp, turn};

/// Speed at which a stuck or standing vehicle manoeuvres, m/s; also the speed down slopes that are
/// too steep to climb. Notional.
const CREEP_M_S: f64 = 1.0;

/// Speed at which a vehicle works itself out of ground that bars it, m/s. Notional, 0.1 to 0.5.
const RECOVERY_M_S: f64 = 0.3;

/// Greatest rate of turn on the spot, rad/s. Notional.
const PIVOT_RATE_RAD_S: f64 = 1.0;

/// Greatest acceleration across the way in a turn, m/s². Notional, about a third of g.
const LATERAL_M_S2: f64 = 3.0;

/// Least share of the speed kept while the bow points away from the way to go.
const TURNING_SHARE: f64 = 0.3;

/// Limits of a ground vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// Cruising speed, m/s.
    pub speed_cruise_m_s: f64,
    /// Greatest speed on a road, m/s.
    pub speed_road_max_m_s: f64,
    /// Greatest speed off the road, m/s.
    pub speed_cross_country_max_m_s: f64,
    /// Greatest acceleration and braking, m/s².
    pub acceleration_m_s2: f64,
    /// Steepest slope that it climbs, m/m (tangent of the angle).
    pub grade_max: f64,
    /// Power at the ground over weight, m/s: P·η/(m·g).
    pub power_per_weight_m_s: f64,
    /// Rolling resistance coefficient off the road.
    pub rolling_resistance: f64,
    /// Resistance on a road as a share of the weight.
    pub road_resistance: f64,
    /// Least turning radius, m; zero pivots on the spot.
    pub turn_radius_min_m: f64,
    /// Deepest water that it wades, m.
    pub ford_depth_m: f64,
}

/// P·η/(m·g), m/s, for [`Ground::power_per_weight_m_s`].
#[must_use]
pub fn power_per_weight_m_s(power_w: f64, efficiency: f64, mass_kg: f64) -> f64 {
    power_w * efficiency / (mass_kg * GRAVITY_M_S2)
}

impl Ground {
    /// Greatest speed along the ground on a slope, m/m, positive uphill; `None` if too steep to climb.
    #[must_use]
    pub fn speed_on_slope_m_s(&self, slope: f64, on_road: bool) -> Option<f64> {
        self.speed_over_m_s(
            slope,
            &Ambient {
                on_road,
                ..Ambient::default()
            },
        )
    }

    /// [`Self::speed_on_slope_m_s`] over the ground that is there: a share of the speed that firm ground
    /// allows, and with its resistance. What stands where it cannot go creeps out.
    #[must_use]
    pub fn speed_over_m_s(&self, slope: f64, ambient: &Ambient) -> Option<f64> {
        if slope > self.grade_max {
            return None;
        }
        let (limit, resistance) = if ambient.on_road {
            (self.speed_road_max_m_s, self.road_resistance)
        } else {
            (self.speed_cross_country_max_m_s, self.rolling_resistance)
        };
        let limit = (limit * ambient.ground_speed).max(limit.min(RECOVERY_M_S));
        let resistance = resistance * ambient.ground_resistance;
        if slope < -self.grade_max {
            return Some(limit.min(CREEP_M_S));
        }
        let secant = (1.0 + slope * slope).sqrt();
        let effort = (slope + resistance) / secant;
        Some(if effort > 0.0 {
            limit.min(self.power_per_weight_m_s / effort)
        } else {
            limit
        })
    }

    /// One step.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        let speed_m_s = state.speed_m_s;
        let pace = speed_m_s.max(CREEP_M_S);
        let by_radius = if self.turn_radius_min_m > 0.0 {
            pace / self.turn_radius_min_m
        } else {
            PIVOT_RATE_RAD_S
        };
        let rate = by_radius.min(PIVOT_RATE_RAD_S).min(LATERAL_M_S2 / pace);
        let wants_to_move = demand.speed_m_s > 0.0 && demand.direction != DVec2::ZERO;
        let desired = if wants_to_move {
            demand.direction
        } else {
            DVec2::ZERO
        };
        let turned = turn(state.heading_rad, desired, rate, dt_s);

        let slope = ambient.ground_gradient.dot(turned.facing);
        let limit = if self.too_deep(slope, ambient) {
            None
        } else {
            self.speed_over_m_s(slope, ambient)
        };
        // Not obstructed for good while it still turns towards a passable way.
        let wanted = if wants_to_move {
            let aligned = turned
                .facing
                .dot(demand.direction)
                .clamp(TURNING_SHARE, 1.0);
            demand.speed_m_s.min(limit.unwrap_or(0.0)) * aligned
        } else {
            0.0
        };
        // Brakes hold where the way is barred; gravity and banks are no excuse to roll on.
        let speed = if limit.is_none() {
            ramp(0.0, 0.0, 1.0, dt_s)
        } else {
            ramp(speed_m_s, wanted, self.acceleration_m_s2, dt_s)
        };
        let level = 1.0 / (1.0 + slope * slope).sqrt();
        let shift = turned.path * (speed.mean * level);
        let velocity = turned.facing * (speed.end * level);
        let climb = ambient.ground_gradient;
        state.position =
            (state.position.truncate() + shift).extend(ambient.ground_height_m + climb.dot(shift));
        state.velocity = velocity.extend(climb.dot(velocity));
        state.heading_rad = turned.heading_rad;
        state.speed_m_s = speed.end;
        state.turn_rate_rad_s = turned.rate_rad_s;
        state.obstructed = wants_to_move && limit.is_none();
    }

    /// Whether the water is too deep to go on: backing out into shallower water stays possible.
    fn too_deep(&self, slope: f64, ambient: &Ambient) -> bool {
        ambient.water_depth_m > self.ford_depth_m && slope <= 0.0
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;

    fn mule() -> Ground {
        Ground {
            speed_cruise_m_s: 1.5,
            speed_road_max_m_s: 2.0,
            speed_cross_country_max_m_s: 2.0,
            acceleration_m_s2: 1.0,
            grade_max: 0.7,
            power_per_weight_m_s: power_per_weight_m_s(400.0, 1.0, 60.0),
            rolling_resistance: 0.08,
            road_resistance: 0.02,
            turn_radius_min_m: 0.0,
            ford_depth_m: 0.2,
        }
    }

    #[test]
    fn slopes_slow_as_the_power_balance_says() {
        // 60 kg, 400 W at the ground, C_rr 0.08: issue reference values.
        for (slope_deg, speed) in [(0.0_f64, 2.0), (10.0, 2.0), (20.0, 1.63), (30.0, 1.19)] {
            let slope = crate::kernel::math::tan(slope_deg.to_radians());
            let got = mule().speed_on_slope_m_s(slope, false).unwrap();
            assert!((got - speed).abs() < 0.006, "{slope_deg}° {got}");
        }
        assert_eq!(mule().speed_on_slope_m_s(0.8, false), None);
    }

    #[test]
    fn climbs_the_plane_and_is_stopped_by_the_cliff() {
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let north = Demand {
            direction: DVec2::Y,
            speed_m_s: 9.0,
            altitude_m: 0.0,
        };
        let slope = crate::kernel::math::tan(20_f64.to_radians());
        for _ in 0..100 {
            let ambient = Ambient {
                ground_gradient: DVec2::new(0.0, slope),
                ground_height_m: slope * state.position.y,
                ..Ambient::default()
            };
            mule().step(&mut state, &north, &ambient, 0.1);
        }
        assert!((state.speed_m_s - 1.630).abs() < 1e-2);
        assert!((state.position.z - slope * state.position.y).abs() < 1e-9);
        assert!((state.velocity.length() - state.speed_m_s).abs() < 1e-9);
        let cliff = Ambient {
            ground_gradient: DVec2::new(0.0, 1.0),
            ..Ambient::default()
        };
        let before = state.position.y;
        mule().step(&mut state, &north, &cliff, 0.1);
        assert!(state.obstructed && (state.position.y - before).abs() < 1e-12);
        let back = Demand {
            direction: DVec2::NEG_Y,
            ..north
        };
        for _ in 0..100 {
            mule().step(&mut state, &back, &cliff, 0.1);
        }
        assert!(!state.obstructed && state.position.y < before - 1.0);
    }

    #[test]
    fn keeps_its_turning_radius_and_out_of_deep_water() {
        let truck = Ground {
            turn_radius_min_m: 8.0,
            power_per_weight_m_s: 10.0,
            ..mule()
        };
        let mut state = MotionState {
            speed_m_s: 2.0,
            ..MotionState::at_rest(DVec3::ZERO, 0.0)
        };
        for step in 0..200 {
            let right = super::super::steering::unit(state.heading_rad + 1.0);
            let demand = Demand {
                direction: right,
                speed_m_s: 2.0,
                altitude_m: 0.0,
            };
            truck.step(&mut state, &demand, &Ambient::default(), 0.1);
            let radius = state.speed_m_s / state.turn_rate_rad_s;
            assert!(step < 20 || radius > 8.0 - 1e-6, "{radius}");
        }
        let river = Ambient {
            water_depth_m: 1.0,
            ..Ambient::default()
        };
        let demand = Demand {
            direction: DVec2::X,
            speed_m_s: 2.0,
            altitude_m: 0.0,
        };
        truck.step(&mut state, &demand, &river, 0.1);
        assert!(state.obstructed && state.speed_m_s <= 0.0);
    }
}
