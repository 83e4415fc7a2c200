//! Fixed-wing aircraft: the Dubins airplane in wind.
//!
//! Owen et al. 2015, "Implementing Dubins airplane paths on fixed-wing UAVs", eq. 1: constant
//! commanded airspeed, coordinated turns under a bank limit, climb under a limit. Left out: lag of the
//! autopilot loops, sideslip, stall.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::state::{Ambient, Demand, GRAVITY_M_S2, MotionState};
use super::steering::{ramp, triangle, turn};
use crate::kernel::math;

/// How near the ground a demanded height must be to mean "land", m.
const LANDING_MARGIN_M: f64 = 1.0;

/// Limits of a fixed-wing aircraft.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FixedWing {
    /// Least airspeed in flight, m/s.
    pub speed_min_m_s: f64,
    /// Airspeed of best range, m/s.
    pub speed_cruise_m_s: f64,
    /// Greatest airspeed, m/s.
    pub speed_max_m_s: f64,
    /// Acceleration along the flight path, m/s².
    pub acceleration_m_s2: f64,
    /// Tangent of the greatest bank angle; the turn radius follows from it.
    pub bank_max_tan: f64,
    /// Greatest rate of climb, m/s.
    pub climb_max_m_s: f64,
    /// Greatest rate of descent, m/s, positive.
    pub descent_max_m_s: f64,
    /// Greatest height above mean sea level, m.
    pub ceiling_m: f64,
    /// Greatest wind in which it takes off, m/s.
    pub wind_max_m_s: f64,
}

/// Radius of a level coordinated turn, m: V²/(g tan φ) (Beard 2012, "Small Unmanned Aircraft", eq. 9.13).
#[must_use]
pub fn turn_radius_m(airspeed_m_s: f64, bank_tan: f64) -> f64 {
    airspeed_m_s * airspeed_m_s / (GRAVITY_M_S2 * bank_tan)
}

/// Load factor in a level turn: 1/cos φ with tan φ = Vω/g.
#[must_use]
pub fn load_factor(airspeed_m_s: f64, turn_rate_rad_s: f64) -> f64 {
    let bank_tan = airspeed_m_s * turn_rate_rad_s / GRAVITY_M_S2;
    (1.0 + bank_tan * bank_tan).sqrt()
}

impl FixedWing {
    /// Tangent of a bank angle in degrees, for [`Self::bank_max_tan`].
    #[must_use]
    pub fn bank_tan(bank_deg: f64) -> f64 {
        math::tan(bank_deg.to_radians())
    }

    /// Turn radius over ground that can be held all round in a wind, m: the turn is tightest to hold
    /// downwind, at V + W (same source, §9.2).
    #[must_use]
    pub fn orbit_radius_min_m(&self, airspeed_m_s: f64, wind_m_s: f64) -> f64 {
        turn_radius_m(airspeed_m_s + wind_m_s, self.bank_max_tan)
    }

    /// One step. A parked aircraft (speed 0) takes off when a speed is demanded, and one that reaches
    /// the ground on a demand to be there parks.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        if state.speed_m_s <= 0.0 && !self.take_off(state, demand, ambient) {
            return;
        }
        let wanted = demand
            .speed_m_s
            .clamp(self.speed_min_m_s, self.speed_max_m_s);
        let speed = ramp(state.speed_m_s, wanted, self.acceleration_m_s2, dt_s);
        let (through, made_good) = if demand.direction == DVec2::ZERO {
            (DVec2::ZERO, true)
        } else {
            triangle(demand.direction, speed.mean, ambient.wind)
        };
        let max_rate = GRAVITY_M_S2 * self.bank_max_tan / speed.mean;
        let turned = turn(state.heading_rad, through, max_rate, dt_s);
        let shift = turned.path * speed.mean + ambient.wind * dt_s;

        let floor_m = ambient.ground_height_m;
        let target_m = demand.altitude_m.min(self.ceiling_m);
        let vertical_m = (target_m - state.position.z)
            .clamp(-self.descent_max_m_s * dt_s, self.climb_max_m_s * dt_s);
        let height_m = (state.position.z + vertical_m).max(floor_m);

        state.velocity =
            (turned.facing * speed.end + ambient.wind).extend((height_m - state.position.z) / dt_s);
        state.position += shift.extend(height_m - state.position.z);
        state.heading_rad = turned.heading_rad;
        state.speed_m_s = speed.end;
        state.turn_rate_rad_s = turned.rate_rad_s;
        state.obstructed = !made_good;
        if height_m <= floor_m && demand.altitude_m <= floor_m + LANDING_MARGIN_M {
            *state = MotionState::at_rest(state.position, state.heading_rad);
        }
    }

    /// Starts the flight of a parked aircraft at its least speed; false if it stays on the ground.
    fn take_off(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient) -> bool {
        let wanted = demand.speed_m_s > 0.0
            && demand.altitude_m > ambient.ground_height_m + LANDING_MARGIN_M;
        let too_windy = ambient.wind.length_squared() > self.wind_max_m_s * self.wind_max_m_s;
        state.obstructed = wanted && too_windy;
        if !wanted || too_windy {
            state.velocity = glam::DVec3::ZERO;
            state.turn_rate_rad_s = 0.0;
            return false;
        }
        // Launched into the direction asked for: run-up and catapult are below the model.
        if demand.direction != DVec2::ZERO {
            state.heading_rad = math::bearing(demand.direction.x, demand.direction.y);
        }
        state.speed_m_s = self.speed_min_m_s;
        true
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;

    fn aircraft(bank_deg: f64) -> FixedWing {
        FixedWing {
            speed_min_m_s: 10.0,
            speed_cruise_m_s: 15.0,
            speed_max_m_s: 50.0,
            acceleration_m_s2: 2.0,
            bank_max_tan: FixedWing::bank_tan(bank_deg),
            climb_max_m_s: 3.0,
            descent_max_m_s: 2.0,
            ceiling_m: 1000.0,
            wind_max_m_s: 12.0,
        }
    }

    fn flying(speed_m_s: f64) -> MotionState {
        MotionState {
            speed_m_s,
            ..MotionState::at_rest(DVec3::new(0.0, 0.0, 100.0), 0.0)
        }
    }

    /// The radius flown, from the way round: half a turn carries the aircraft 2R to the side.
    #[test]
    fn flown_turns_have_the_radius_of_the_coordinated_turn() {
        for (speed, bank, radius) in [
            (15.0, 30.0, 39.7),
            (20.0, 30.0, 70.6),
            (30.0, 30.0, 158.9),
            (50.0, 45.0, 254.9),
        ] {
            let limits = aircraft(bank);
            assert!((turn_radius_m(speed, limits.bank_max_tan) - radius).abs() < 0.06);
            let mut state = flying(speed);
            let mut widest = 0.0_f64;
            for _ in 0..1000 {
                // Always demand the right wing's direction: a steady right turn.
                let right = super::super::steering::unit(state.heading_rad + 1.5);
                let demand = Demand {
                    direction: right,
                    speed_m_s: speed,
                    altitude_m: 100.0,
                };
                limits.step(&mut state, &demand, &Ambient::default(), 0.1);
                widest = widest.max(state.position.x);
            }
            assert!(
                (widest / (2.0 * radius) - 1.0).abs() < 2e-3,
                "{speed} {widest}"
            );
        }
    }

    #[test]
    fn the_track_over_ground_holds_in_a_cross_wind() {
        let limits = aircraft(30.0);
        let ambient = Ambient {
            wind: DVec2::new(8.0, 0.0),
            ..Ambient::default()
        };
        let mut state = flying(15.0);
        let demand = Demand {
            direction: DVec2::Y,
            speed_m_s: 15.0,
            altitude_m: 130.0,
        };
        for _ in 0..50 {
            limits.step(&mut state, &demand, &ambient, 0.1);
        }
        let east = state.position.x;
        for _ in 0..100 {
            limits.step(&mut state, &demand, &ambient, 0.1);
        }
        assert!((state.position.x - east).abs() < 1e-6);
        // sqrt(15² − 8²) = 12.688 m/s over ground.
        assert!((state.velocity.y - 12.688_577).abs() < 1e-5);
        assert!((state.position.z - 130.0).abs() < 1e-9);
    }

    #[test]
    fn never_below_the_least_speed_and_parks_on_the_ground() {
        let limits = aircraft(30.0);
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let go = Demand {
            direction: DVec2::X,
            speed_m_s: 1.0,
            altitude_m: 20.0,
        };
        limits.step(&mut state, &go, &Ambient::default(), 0.1);
        assert!((state.speed_m_s - 10.0).abs() < 1e-12 && state.position.z > 0.29);
        for _ in 0..100 {
            limits.step(&mut state, &Demand::hold(20.0), &Ambient::default(), 0.1);
            assert!(state.speed_m_s >= 10.0);
        }
        for _ in 0..110 {
            limits.step(&mut state, &Demand::hold(0.0), &Ambient::default(), 0.1);
        }
        assert!(state.speed_m_s <= 0.0 && state.velocity == DVec3::ZERO);
        let gale = Ambient {
            wind: DVec2::new(15.0, 0.0),
            ..Ambient::default()
        };
        limits.step(&mut state, &go, &gale, 0.1);
        assert!(state.obstructed && state.position.z <= 0.0);
    }
}
