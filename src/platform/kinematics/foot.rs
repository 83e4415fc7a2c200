//! People on foot: Tobler's hiking function.
//!
//! Tobler 1993, "Three Presentations on Geographical Analysis and Modeling", NCGIA 93-1:
//! W = 6·exp(−3.5·|S + 0.05|) km/h on a path, three fifths of it off the path.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::state::{Ambient, Demand, MotionState};
use crate::kernel::math;

/// Share of the path speed off the path (Tobler 1993).
const OFF_PATH_SHARE: f64 = 0.6;

/// Factor on the pace of a march on a path over that off it.
pub(super) const ON_PATH: f64 = 1.0 / OFF_PATH_SHARE;

/// Limits of a person on foot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Foot {
    /// Factor on Tobler's speed for load, on a path.
    pub speed_factor: f64,
    /// Greatest speed in a short rush on the level, m/s.
    pub speed_rush_m_s: f64,
    /// Steepest slope that is walked, m/m (tangent of the angle).
    pub grade_max: f64,
    /// Deepest water that is waded, m.
    pub ford_depth_m: f64,
}

/// Tobler's walking speed on a path, m/s, at a slope, m/m, positive uphill.
#[must_use]
pub fn tobler_m_s(slope: f64) -> f64 {
    6.0 / 3.6 * math::exp(-3.5 * (slope + 0.05).abs())
}

impl Foot {
    /// Walking speed over ground on a slope, m/s.
    #[must_use]
    pub fn walking_speed_m_s(&self, slope: f64, on_road: bool) -> f64 {
        let path_share = if on_road { 1.0 } else { OFF_PATH_SHARE };
        self.speed_factor * path_share * tobler_m_s(slope)
    }

    /// One step. A demand above walking speed on the level is a rush, slowed by slope in the same
    /// proportion. People turn on the spot.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        let direction = demand.direction;
        let wants_to_move = demand.speed_m_s > 0.0 && direction != DVec2::ZERO;
        let slope = ambient.ground_gradient.dot(direction);
        let barred = slope.abs() > self.grade_max
            || ambient.water_depth_m > self.ford_depth_m && slope <= 0.0;
        let speed_m_s = if !wants_to_move || barred {
            0.0
        } else {
            // Where nobody can walk one still gets out, at a tenth of the pace.
            let share = ambient.ground_speed.max(0.1);
            let walk = share * self.walking_speed_m_s(slope, ambient.on_road);
            let level = share * self.walking_speed_m_s(0.0, ambient.on_road);
            let wanted = demand.speed_m_s.min(share * self.speed_rush_m_s);
            if wanted > level {
                wanted * walk / level
            } else {
                wanted.min(walk)
            }
        };
        let velocity = direction * speed_m_s;
        let shift = velocity * dt_s;
        let climb = ambient.ground_gradient;
        state.position =
            (state.position.truncate() + shift).extend(ambient.ground_height_m + climb.dot(shift));
        state.velocity = velocity.extend(climb.dot(velocity));
        if speed_m_s > 0.0 {
            state.heading_rad = math::bearing(direction.x, direction.y);
        }
        state.speed_m_s = speed_m_s;
        state.turn_rate_rad_s = 0.0;
        state.obstructed = wants_to_move && barred;
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;

    const SOLDIER: Foot = Foot {
        speed_factor: 1.0,
        speed_rush_m_s: 3.0,
        grade_max: 1.0,
        ford_depth_m: 1.0,
    };

    #[test]
    fn speeds_are_toblers() {
        for (slope, km_h) in [(0.0, 5.037), (-0.05, 6.0), (0.1, 3.549), (-0.1, 5.037)] {
            assert!((tobler_m_s(slope) * 3.6 - km_h).abs() < 5e-4, "{slope}");
        }
    }

    #[test]
    fn walks_rushes_and_stops_at_the_water() {
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let road = Ambient {
            on_road: true,
            ..Ambient::default()
        };
        let east = Demand {
            direction: DVec2::X,
            speed_m_s: 1.3,
            altitude_m: 0.0,
        };
        for _ in 0..100 {
            SOLDIER.step(&mut state, &east, &road, 0.1);
        }
        assert!((state.position.x - 13.0).abs() < 1e-9);
        SOLDIER.step(
            &mut state,
            &Demand {
                speed_m_s: 9.0,
                ..east
            },
            &road,
            0.1,
        );
        assert!((state.speed_m_s - 3.0).abs() < 1e-12);
        let uphill = Ambient {
            ground_gradient: DVec2::new(0.1, 0.0),
            ..road
        };
        SOLDIER.step(&mut state, &east, &uphill, 0.1);
        assert!((state.speed_m_s - 3.549 / 3.6).abs() < 1e-3);
        let lake = Ambient {
            water_depth_m: 2.0,
            ..road
        };
        SOLDIER.step(&mut state, &east, &lake, 0.1);
        assert!(state.obstructed && state.speed_m_s <= 0.0);
    }
}
