//! Underwater vehicles: propelled ones that dive by pitch, and gliders that dive by buoyancy.
//!
//! Propulsion power and the speed of best range stand in `platform::energy`. Left out: trim, the
//! growth of drag with pitch.

use serde::{Deserialize, Serialize};

use super::state::{Ambient, Demand, MotionState};
use super::surface::{afloat, through_water};

/// Acceleration of a propelled vehicle, m/s². Notional.
const ACCELERATION_M_S2: f64 = 0.2;

/// Acceleration of a glider, m/s². Notional.
const GLIDER_ACCELERATION_M_S2: f64 = 0.05;

/// Rate of turn of a glider, rad/s. Notional.
const GLIDER_TURN_RATE_RAD_S: f64 = 0.05;

/// Clearance kept above the sea bed, m. Notional.
const BED_CLEARANCE_M: f64 = 2.0;

/// Depth at which a glider turns downwards again, m. Notional.
const GLIDER_UPPER_TURN_M: f64 = 4.0;

/// Limits of a propelled underwater vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Underwater {
    /// Economic speed through water, m/s.
    pub speed_cruise_m_s: f64,
    /// Greatest speed through water, m/s.
    pub speed_max_m_s: f64,
    /// Greatest depth, m.
    pub depth_max_m: f64,
    /// Tangent of the greatest pitch.
    pub pitch_max_tan: f64,
    /// Greatest rate of turn, rad/s.
    pub turn_rate_max_rad_s: f64,
}

/// Limits of a buoyancy glider.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Glider {
    /// Horizontal speed through water, m/s.
    pub speed_cruise_m_s: f64,
    /// Greatest horizontal speed through water, m/s.
    pub speed_max_m_s: f64,
    /// Least depth of a useful dive, m.
    pub depth_min_m: f64,
    /// Greatest depth, m.
    pub depth_max_m: f64,
    /// Tangent of the glide angle.
    pub glide_tan: f64,
}

/// Lowest height that a vehicle may go to, m (negative).
fn floor_m(depth_max_m: f64, ambient: &Ambient) -> f64 {
    (-depth_max_m)
        .max(ambient.ground_height_m + BED_CLEARANCE_M)
        .min(0.0)
}

/// Stops a vehicle that has run out of water; true if it did.
fn stranded(state: &mut MotionState, demand: &Demand, ambient: &Ambient) -> bool {
    if ambient.water_depth_m >= BED_CLEARANCE_M
        || ambient.ground_gradient.dot(demand.direction) < 0.0
    {
        return false;
    }
    *state = MotionState::at_rest(state.position, state.heading_rad);
    state.obstructed = demand.speed_m_s > 0.0;
    true
}

impl Underwater {
    /// Deceleration with which it stops, m/s².
    #[must_use]
    pub const fn braking_m_s2() -> f64 {
        ACCELERATION_M_S2
    }

    /// One step. Depth changes need way on: at rest it stays at its depth.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        if stranded(state, demand, ambient) {
            return;
        }
        let limits = (
            self.speed_max_m_s,
            ACCELERATION_M_S2,
            self.turn_rate_max_rad_s,
        );
        let moved = through_water(state, demand, ambient.current, limits, dt_s);
        let floor = floor_m(self.depth_max_m, ambient);
        let reach_m = moved.speed.mean * self.pitch_max_tan * dt_s;
        let gap_m = demand.altitude_m.clamp(floor, 0.0) - state.position.z;
        // The sea bed lifts it whatever the pitch: better than to pass through.
        let rise_m = gap_m.clamp(-reach_m, reach_m).max(floor - state.position.z);
        afloat(state, &moved, ambient.current, rise_m, dt_s);
        state.obstructed = !moved.made_good;
    }
}

impl Glider {
    /// Radius of its turn, m.
    #[must_use]
    pub fn turn_radius_m(&self) -> f64 {
        self.speed_cruise_m_s / GLIDER_TURN_RATE_RAD_S
    }

    /// One step: glides down to the demanded height (at least its least depth), up to just below the
    /// surface, and down again. A demand at the surface or to stop brings it up and lets it drift.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        if stranded(state, demand, ambient) {
            return;
        }
        let surfaces = demand.altitude_m >= 0.0 || demand.speed_m_s <= 0.0;
        let afloat_already = surfaces && state.position.z >= 0.0;
        let asked = Demand {
            speed_m_s: if afloat_already {
                0.0
            } else {
                demand
                    .speed_m_s
                    .clamp(self.speed_cruise_m_s, self.speed_max_m_s)
            },
            direction: demand.direction,
            altitude_m: demand.altitude_m,
        };
        let limits = if afloat_already {
            0.0
        } else {
            self.speed_max_m_s
        };
        let limits = (limits, GLIDER_ACCELERATION_M_S2, GLIDER_TURN_RATE_RAD_S);
        let moved = through_water(state, &asked, ambient.current, limits, dt_s);
        let floor = floor_m(self.depth_max_m, ambient);
        let lower_m = demand.altitude_m.min(-self.depth_min_m).max(floor);
        let upper_m = if surfaces {
            0.0
        } else {
            (-GLIDER_UPPER_TURN_M).max(floor)
        };
        let down = !surfaces
            && if state.velocity.z > 0.0 {
                state.position.z >= upper_m
            } else {
                state.position.z > lower_m
            };
        let reach_m = moved.speed.mean.max(self.speed_cruise_m_s) * self.glide_tan * dt_s;
        let aim_m = if down { lower_m } else { upper_m };
        let gap_m = aim_m - state.position.z;
        let rise_m = gap_m.clamp(-reach_m, reach_m).max(floor - state.position.z);
        afloat(state, &moved, ambient.current, rise_m, dt_s);
        state.obstructed = !moved.made_good && !afloat_already;
    }
}

#[cfg(test)]
mod tests {
    use glam::{DVec2, DVec3};

    use super::*;

    const SURVEY: Underwater = Underwater {
        speed_cruise_m_s: 1.5,
        speed_max_m_s: 2.5,
        depth_max_m: 100.0,
        pitch_max_tan: 0.364,
        turn_rate_max_rad_s: 0.2,
    };

    fn ocean() -> Ambient {
        Ambient {
            water_depth_m: 200.0,
            ground_height_m: -200.0,
            ..Ambient::default()
        }
    }

    #[test]
    fn dives_at_its_pitch_to_its_depth_limit_and_over_the_bed() {
        let mut state = MotionState {
            speed_m_s: 1.5,
            ..MotionState::at_rest(DVec3::ZERO, 0.0)
        };
        let dive = Demand {
            direction: DVec2::Y,
            speed_m_s: 1.5,
            altitude_m: -150.0,
        };
        SURVEY.step(&mut state, &dive, &ocean(), 0.1);
        assert!((state.velocity.z + 1.5 * 0.364).abs() < 1e-9);
        for _ in 0..3000 {
            SURVEY.step(&mut state, &dive, &ocean(), 0.1);
        }
        assert!((state.position.z + 100.0).abs() < 1e-9);
        let shelf = Ambient {
            water_depth_m: 40.0,
            ground_height_m: -40.0,
            ..Ambient::default()
        };
        SURVEY.step(&mut state, &dive, &shelf, 0.1);
        assert!((state.position.z + 38.0).abs() < 1e-9);
        let beach = Ambient {
            ground_height_m: 1.0,
            ..Ambient::default()
        };
        SURVEY.step(&mut state, &dive, &beach, 0.1);
        assert!(state.obstructed && state.speed_m_s <= 0.0);
    }

    #[test]
    fn a_glider_saws_between_its_turning_depths() {
        let glider = Glider {
            speed_cruise_m_s: 0.3,
            speed_max_m_s: 0.35,
            depth_min_m: 4.0,
            depth_max_m: 1000.0,
            glide_tan: 0.5,
        };
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let task = Demand {
            direction: DVec2::Y,
            speed_m_s: 0.3,
            altitude_m: -100.0,
        };
        let (mut turns, mut rising) = (0, false);
        let mut deepest = 0.0_f64;
        for _ in 0..60_000 {
            glider.step(&mut state, &task, &ocean(), 0.1);
            deepest = deepest.min(state.position.z);
            if (state.velocity.z > 0.0) != rising {
                (turns, rising) = (turns + 1, !rising);
            }
        }
        // 6000 s at 0.15 m/s vertically are 900 m: a first dive of 100 m, then eight legs of 96 m.
        assert_eq!(turns, 9);
        assert!((deepest + 100.0).abs() < 0.1 && (state.position.y / 1800.0 - 1.0).abs() < 0.01);
        for _ in 0..10_000 {
            glider.step(&mut state, &Demand::hold(0.0), &ocean(), 0.1);
        }
        assert!(state.position.z >= 0.0 && state.speed_m_s <= 0.0);
    }
}
