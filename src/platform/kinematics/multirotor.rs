//! Multirotors and helicopters: a double integrator limited in acceleration and airspeed.
//!
//! The position controller of an autopilot holds a velocity over ground within the airspeed that the
//! tilt allows. Left out: jerk, blade flapping, ground effect.

use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::state::{Ambient, Demand, MotionState};
use super::steering::{make_good, ramp, ramp_vector};
use crate::kernel::math;

/// Vertical acceleration, as a share of the horizontal limit.
const VERTICAL_SHARE: f64 = 0.5;

/// Below this airspeed the nose keeps its direction, m/s.
const NOSE_SPEED_M_S: f64 = 0.2;

/// Limits of a multirotor or helicopter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Multirotor {
    /// Cruising speed, m/s.
    pub speed_cruise_m_s: f64,
    /// Greatest airspeed, m/s.
    pub speed_max_m_s: f64,
    /// Greatest horizontal acceleration, m/s²; about g times the tangent of the tilt limit.
    pub acceleration_m_s2: f64,
    /// Greatest rate of climb, m/s.
    pub climb_max_m_s: f64,
    /// Greatest rate of descent, m/s, positive.
    pub descent_max_m_s: f64,
    /// Greatest height above mean sea level, m.
    pub ceiling_m: f64,
    /// Greatest wind in which it takes off, m/s.
    pub wind_max_m_s: f64,
}

impl Multirotor {
    /// One step.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        let floor_m = ambient.ground_height_m;
        let on_ground = state.position.z <= floor_m;
        let target_m = demand
            .altitude_m
            .clamp(floor_m, self.ceiling_m.max(floor_m));
        if on_ground && !self.leaves_ground(state, target_m, ambient) {
            return;
        }
        let (through, made_good) = make_good(
            demand.direction,
            demand.speed_m_s,
            ambient.wind,
            self.speed_max_m_s,
        );
        let velocity = state.velocity.truncate();
        let (end, mean) = ramp_vector(
            velocity,
            through + ambient.wind,
            self.acceleration_m_s2,
            dt_s,
        );

        let gap_m = target_m - state.position.z;
        let acceleration = self.acceleration_m_s2 * VERTICAL_SHARE;
        // A rate that can still be braked to zero at the target.
        let braked = (2.0 * acceleration * gap_m.abs())
            .sqrt()
            .min(gap_m.abs() / dt_s);
        let wanted = braked
            .copysign(gap_m)
            .clamp(-self.descent_max_m_s, self.climb_max_m_s);
        let climb = ramp(state.velocity.z, wanted, acceleration, dt_s);
        let mut height_m = state.position.z + climb.mean * dt_s;
        let mut climb_m_s = climb.end;
        if height_m <= floor_m {
            height_m = floor_m;
            climb_m_s = climb_m_s.max(0.0);
        }

        let position = state.position.truncate() + mean * dt_s;
        state.position = position.extend(height_m);
        state.velocity = end.extend(climb_m_s);
        let air = end - ambient.wind;
        state.speed_m_s = air.length();
        state.turn_rate_rad_s = 0.0;
        if state.speed_m_s > NOSE_SPEED_M_S {
            state.heading_rad = math::bearing(air.x, air.y);
        }
        state.obstructed = !made_good;
    }

    /// Whether a landed aircraft takes off; keeps it at rest otherwise.
    fn leaves_ground(&self, state: &mut MotionState, target_m: f64, ambient: &Ambient) -> bool {
        let wanted = target_m > ambient.ground_height_m;
        let too_windy = ambient.wind.length_squared() > self.wind_max_m_s * self.wind_max_m_s;
        state.obstructed = wanted && too_windy;
        if wanted && !too_windy {
            return true;
        }
        state.position.z = ambient.ground_height_m;
        state.velocity = DVec3::ZERO;
        state.speed_m_s = 0.0;
        state.turn_rate_rad_s = 0.0;
        false
    }

    /// The distance in which it stops from a velocity over ground, m.
    #[must_use]
    pub fn stopping_distance_m(&self, velocity: DVec2) -> f64 {
        velocity.length_squared() / (2.0 * self.acceleration_m_s2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copter() -> Multirotor {
        Multirotor {
            speed_cruise_m_s: 10.0,
            speed_max_m_s: 16.0,
            acceleration_m_s2: 4.0,
            climb_max_m_s: 3.0,
            descent_max_m_s: 2.0,
            ceiling_m: 500.0,
            wind_max_m_s: 10.0,
        }
    }

    fn airborne() -> MotionState {
        MotionState::at_rest(DVec3::new(0.0, 0.0, 50.0), 0.0)
    }

    #[test]
    fn accelerates_at_its_limit_whatever_the_tick() {
        let demand = Demand {
            direction: DVec2::X,
            speed_m_s: 10.0,
            altitude_m: 50.0,
        };
        // 2.5 s at 4 m/s² give 12.5 m, the other 2.5 s at 10 m/s give 25 m.
        for steps in [25, 50, 100] {
            let mut state = airborne();
            for _ in 0..steps {
                copter().step(
                    &mut state,
                    &demand,
                    &Ambient::default(),
                    5.0 / f64::from(steps),
                );
            }
            assert!(
                (state.position.x - 37.5).abs() < 1e-9,
                "{}",
                state.position.x
            );
        }
    }

    #[test]
    fn hovers_in_wind_up_to_its_airspeed_and_drifts_beyond() {
        let mut state = airborne();
        let breeze = Ambient {
            wind: DVec2::new(0.0, 12.0),
            ..Ambient::default()
        };
        for _ in 0..100 {
            copter().step(&mut state, &Demand::hold(50.0), &breeze, 0.1);
        }
        assert!(state.position.truncate().length() < 1e-9 && !state.obstructed);
        assert!(
            (state.speed_m_s - 12.0).abs() < 1e-9,
            "the hover is flown against the wind"
        );
        let storm = Ambient {
            wind: DVec2::new(0.0, 20.0),
            ..Ambient::default()
        };
        for _ in 0..100 {
            copter().step(&mut state, &Demand::hold(50.0), &storm, 0.1);
        }
        assert!((state.velocity.y - 4.0).abs() < 1e-9 && state.obstructed);
    }

    #[test]
    fn climbs_without_overshoot_and_lands() {
        let mut state = airborne();
        let mut highest = 0.0_f64;
        for _ in 0..300 {
            copter().step(&mut state, &Demand::hold(80.0), &Ambient::default(), 0.1);
            highest = highest.max(state.position.z);
            assert!(state.velocity.z <= 3.0 + 1e-12);
        }
        assert!(
            (state.position.z - 80.0).abs() < 0.05 && highest < 80.3,
            "{highest}"
        );
        for _ in 0..600 {
            copter().step(&mut state, &Demand::hold(0.0), &Ambient::default(), 0.1);
        }
        assert!(state.position.z <= 0.0 && state.velocity == DVec3::ZERO);
    }

    #[test]
    fn stops_within_the_distance_it_says() {
        let mut state = MotionState {
            velocity: DVec3::new(8.0, 0.0, 0.0),
            ..airborne()
        };
        let distance = copter().stopping_distance_m(state.velocity.truncate());
        for _ in 0..40 {
            copter().step(&mut state, &Demand::hold(50.0), &Ambient::default(), 0.1);
        }
        assert!((state.position.x - distance).abs() < 1e-9);
    }
}
