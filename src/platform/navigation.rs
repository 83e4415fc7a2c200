//! Where a unit believes that it is. See [`NavSolution`].

use bevy::prelude::Component;
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    aiding::{Aiding, Drift},
    kinematics::MotionState,
};
use crate::kernel::{dist, math, random::Draws};

/// Standard deviation of a satellite fix on each axis where nothing better is known, m: the Standard
/// Positioning Service commits to 8 m at 95 % (GPS SPS Performance Standard, 5th ed. 2020, table
/// 3.8-1), so 8 / 2.45 in two dimensions.
pub const FIX_SIGMA_M: f64 = 3.3;

/// Drift of dead reckoning under water as a share of the distance run: 0.5 % is typical of a Doppler
/// log with a good compass (notional, 0.1 to 2 %).
pub const DRIFT_SHARE: f64 = 0.005;

/// Depth below which no satellite is heard, m.
const ANTENNA_DEPTH_M: f64 = 0.5;

/// Own position and velocity as the unit itself, and everybody it tells, believes them to be.
#[derive(Debug, Clone, Copy, PartialEq, Component, Serialize, Deserialize)]
pub struct NavSolution {
    /// East, north, height above mean sea level, m.
    pub position: DVec3,
    /// Velocity over ground, m/s.
    pub velocity: DVec3,
    /// Standard deviation of the horizontal position on each axis, m.
    pub sigma_m: f64,
    /// Standard deviation of a satellite fix on each axis, m.
    fix_sigma_m: f64,
    /// Error of the satellite fix, m.
    bias: DVec2,
    /// Direction in which dead reckoning goes astray, a unit vector.
    astray: DVec2,
    /// Distance run since the last fix, m.
    run_m: f64,
}

impl NavSolution {
    /// The first solution of a unit whose receiver errs by `fix_sigma_m` on each axis; `draws`
    /// decide its errors.
    #[must_use]
    pub fn new(state: &MotionState, fix_sigma_m: f64, draws: &mut Draws) -> Self {
        let [x, y] = dist::standard_normal_pair(draws);
        let (sin, cos) = math::sincos(math::TAU * draws.uniform());
        let mut solution = Self {
            position: state.position,
            velocity: state.velocity,
            sigma_m: fix_sigma_m,
            fix_sigma_m,
            bias: DVec2::new(x, y) * fix_sigma_m,
            astray: DVec2::new(sin, cos),
            run_m: 0.0,
        };
        solution.update(state, 0.0);
        solution
    }

    /// Standard deviation of an undisturbed fix on each axis, m.
    #[must_use]
    pub fn fix_sigma_m(&self) -> f64 {
        self.fix_sigma_m
    }

    /// Carries the solution on: an undisturbed fix in the air and on the surface, dead reckoning below.
    pub fn update(&mut self, state: &MotionState, dt_s: f64) {
        if state.position.z < -ANTENNA_DEPTH_M {
            self.run_m += state.speed_m_s * dt_s;
        } else {
            self.run_m = 0.0;
        }
        let drift_m = DRIFT_SHARE * self.run_m;
        let error = self.bias + self.astray * drift_m;
        self.position = state.position + error.extend(0.0);
        self.velocity = state.velocity;
        self.sigma_m = self.fix_sigma_m + drift_m;
    }

    /// Carries the solution on where fixes are disturbed: what the receiver delivers, and dead reckoning
    /// without it.
    pub fn update_aided(
        &mut self,
        state: &MotionState,
        aiding: &mut Aiding,
        drift: Drift,
        dt_s: f64,
    ) {
        let hears = state.position.z >= -ANTENNA_DEPTH_M;
        if hears && aiding.has_fix() {
            (self.run_m, aiding.run_s) = (0.0, 0.0);
        } else {
            self.run_m += state.speed_m_s * dt_s;
            aiding.run_s += dt_s;
        }
        let drift_m = drift.error_m(self.run_m, aiding.run_s);
        let astray_m = aiding.off_m() + self.astray * drift_m;
        // Under water nothing is jammed: what steers by its own drift there is left out.
        aiding.astray_m = if hears { astray_m } else { aiding.off_m() };
        self.position = state.position + (self.bias + astray_m).extend(0.0);
        self.velocity = state.velocity;
        self.sigma_m = math::hypot(self.fix_sigma_m, aiding.noise_m()) + drift_m;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{DrawKey, Stream};

    #[test]
    fn dead_reckoning_drifts_until_the_next_fix() {
        let mut state = MotionState::at_rest(DVec3::new(0.0, 0.0, -20.0), 0.0);
        state.speed_m_s = 2.0;
        let mut draws = DrawKey::new(Stream::Navigation, 1, 0, 0).draws(3);
        let mut solution = NavSolution::new(&state, 2.0, &mut draws);
        let start = solution.position;
        for _ in 0..1000 {
            solution.update(&state, 1.0);
        }
        let drift_m = (solution.position - start).length();
        assert!((drift_m - 2000.0 * DRIFT_SHARE).abs() < 1e-9, "{drift_m}");
        state.position.z = 0.0;
        solution.update(&state, 1.0);
        assert!((solution.sigma_m - 2.0).abs() < 1e-12);
    }

    #[test]
    fn undisturbed_fixes_are_the_same_bits_aided_or_not() {
        let mut state = MotionState::at_rest(DVec3::new(10.0, 20.0, -20.0), 0.0);
        state.speed_m_s = 2.0;
        let mut draws = DrawKey::new(Stream::Navigation, 1, 0, 0).draws(3);
        let mut plain = NavSolution::new(&state, 2.0, &mut draws);
        let (mut aided, mut aiding) = (plain, Aiding::default());
        for tick in 0..200 {
            state.position.z = if tick < 100 { -20.0 } else { 0.0 };
            plain.update(&state, 1.0);
            aided.update_aided(&state, &mut aiding, Drift::Way(DRIFT_SHARE), 1.0);
            assert_eq!(plain, aided, "{tick}");
        }
        assert_eq!(aiding, Aiding::default());
    }
}
