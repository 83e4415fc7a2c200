//! Powered surface craft: speed limited by sea state, turn rate limited, kept off the shallows.
//!
//! Full speed up to one sea state, then a straight fall to a quarter at the highest in which the
//! craft operates (voluntary speed loss, shape after Journée 1976; the ends are class data).

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::state::{Ambient, Demand, MotionState};
use super::steering::{Ramp, Turn, make_good, ramp, turn, unit};

/// Share of full speed that is left at the highest sea state.
const ROUGH_SHARE: f64 = 0.25;

/// Water that must remain under the keel, as a share of the draught. Notional.
const UNDER_KEEL_SHARE: f64 = 0.1;

/// Least share of the speed kept while the bow points away from the way to go.
const TURNING_SHARE: f64 = 0.3;

/// Limits of a powered surface craft.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// Economic speed through water, m/s.
    pub speed_cruise_m_s: f64,
    /// Greatest speed in calm water, m/s.
    pub speed_max_m_s: f64,
    /// Greatest acceleration, m/s².
    pub acceleration_m_s2: f64,
    /// Greatest rate of turn, rad/s.
    pub turn_rate_max_rad_s: f64,
    /// Highest sea state at which full speed holds.
    pub sea_state_full_speed: f64,
    /// Highest sea state in which it operates.
    pub sea_state_max: f64,
    /// Draught, m.
    pub draught_m: f64,
}

/// Horizontal motion of a craft through water in one step.
pub(super) struct WaterStep {
    /// Displacement over ground, m.
    pub(super) shift: DVec2,
    /// The turn made.
    pub(super) turned: Turn,
    /// Speed through water, m/s.
    pub(super) speed: Ramp,
    /// Whether the demanded course is made good against the current.
    pub(super) made_good: bool,
}

/// Turns and accelerates a craft through water towards the demanded velocity over ground.
pub(super) fn through_water(
    state: &MotionState,
    demand: &Demand,
    current: DVec2,
    (speed_max_m_s, acceleration_m_s2, turn_rate_rad_s): (f64, f64, f64),
    dt_s: f64,
) -> WaterStep {
    let (through, made_good) =
        make_good(demand.direction, demand.speed_m_s, current, speed_max_m_s);
    let turned = turn(state.heading_rad, through, turn_rate_rad_s, dt_s);
    let size = through.length();
    let wanted = if size > 0.0 {
        size * (turned.facing.dot(through) / size).clamp(TURNING_SHARE, 1.0)
    } else {
        0.0
    };
    let speed = ramp(state.speed_m_s, wanted, acceleration_m_s2, dt_s);
    WaterStep {
        shift: turned.path * speed.mean + current * dt_s,
        turned,
        speed,
        made_good,
    }
}

impl Surface {
    /// Greatest speed through water in a sea state, m/s.
    #[must_use]
    pub fn speed_in_sea_m_s(&self, sea_state: f64) -> f64 {
        let rough = self.sea_state_max - self.sea_state_full_speed;
        let excess = (sea_state - self.sea_state_full_speed).max(0.0);
        let share = if rough > 0.0 {
            (excess / rough).min(1.0)
        } else {
            f64::from(excess > 0.0)
        };
        self.speed_max_m_s * (1.0 - (1.0 - ROUGH_SHARE) * share)
    }

    /// One step.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        if aground(state, demand, ambient, self.draught_m) {
            return;
        }
        let limits = (
            self.speed_in_sea_m_s(ambient.sea_state),
            self.acceleration_m_s2,
            self.turn_rate_max_rad_s,
        );
        let moved = through_water(state, demand, ambient.current, limits, dt_s);
        let too_rough = ambient.sea_state > self.sea_state_max;
        afloat(state, &moved, ambient.current, 0.0, dt_s);
        state.obstructed = !moved.made_good || too_rough;
    }
}

/// Stops a craft that would run into water too shallow for its draught; going towards deeper water
/// stays possible, by warping off.
pub(super) fn aground(
    state: &mut MotionState,
    demand: &Demand,
    ambient: &Ambient,
    draught_m: f64,
) -> bool {
    let needed_m = draught_m * (1.0 + UNDER_KEEL_SHARE);
    if ambient.water_depth_m >= needed_m {
        return false;
    }
    let wants_to_move = demand.speed_m_s > 0.0 && demand.direction != DVec2::ZERO;
    if wants_to_move && ambient.ground_gradient.dot(demand.direction) < 0.0 {
        // Backs off: the bow is laid on the way out at once, else the turn itself would ground it.
        let facing = unit(state.heading_rad);
        if facing.dot(demand.direction) < 0.0 {
            let way = demand.direction;
            state.heading_rad = crate::kernel::math::bearing(way.x, way.y);
        }
        return false;
    }
    state.velocity = glam::DVec3::ZERO;
    state.speed_m_s = 0.0;
    state.turn_rate_rad_s = 0.0;
    state.obstructed = wants_to_move;
    true
}

/// Writes a step through water into the state, with a change of height, m.
pub(super) fn afloat(
    state: &mut MotionState,
    moved: &WaterStep,
    current: DVec2,
    rise_m: f64,
    dt_s: f64,
) {
    state.position += moved.shift.extend(rise_m);
    state.velocity = (moved.turned.facing * moved.speed.end + current).extend(rise_m / dt_s);
    state.heading_rad = moved.turned.heading_rad;
    state.speed_m_s = moved.speed.end;
    state.turn_rate_rad_s = moved.turned.rate_rad_s;
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;

    const BOAT: Surface = Surface {
        speed_cruise_m_s: 8.0,
        speed_max_m_s: 16.0,
        acceleration_m_s2: 1.0,
        turn_rate_max_rad_s: 0.2,
        sea_state_full_speed: 2.0,
        sea_state_max: 5.0,
        draught_m: 1.0,
    };

    fn sea() -> Ambient {
        Ambient {
            water_depth_m: 20.0,
            ground_height_m: -20.0,
            ..Ambient::default()
        }
    }

    #[test]
    fn sea_state_takes_speed_down_to_a_quarter() {
        for (sea_state, speed) in [
            (0.0, 16.0),
            (2.0, 16.0),
            (3.5, 10.0),
            (5.0, 4.0),
            (8.0, 4.0),
        ] {
            assert!((BOAT.speed_in_sea_m_s(sea_state) - speed).abs() < 1e-12);
        }
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let rough = Ambient {
            sea_state: 6.0,
            ..sea()
        };
        let north = Demand {
            direction: DVec2::Y,
            speed_m_s: 10.0,
            altitude_m: 0.0,
        };
        for _ in 0..200 {
            BOAT.step(&mut state, &north, &rough, 0.1);
        }
        assert!((state.speed_m_s - 4.0).abs() < 1e-12 && state.obstructed);
    }

    #[test]
    fn turns_at_its_rate_and_makes_the_course_good_in_a_current() {
        let ambient = Ambient {
            current: DVec2::new(0.0, 1.5),
            ..sea()
        };
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let east = Demand {
            direction: DVec2::X,
            speed_m_s: 8.0,
            altitude_m: 0.0,
        };
        for _ in 0..300 {
            BOAT.step(&mut state, &east, &ambient, 0.1);
            assert!(state.turn_rate_rad_s <= 0.2 + 1e-12);
        }
        assert!(state.velocity.y.abs() < 1e-9 && (state.velocity.x - 8.0).abs() < 1e-9);
        assert!((state.speed_m_s - (64.0_f64 + 2.25).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn the_shallows_stop_it_and_let_it_out_again() {
        let bank = Ambient {
            water_depth_m: 0.5,
            ground_gradient: DVec2::new(0.01, 0.0),
            ..sea()
        };
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let east = Demand {
            direction: DVec2::X,
            speed_m_s: 8.0,
            altitude_m: 0.0,
        };
        BOAT.step(&mut state, &east, &bank, 0.1);
        assert!(state.obstructed && state.position == DVec3::ZERO);
        let west = Demand {
            direction: DVec2::NEG_X,
            ..east
        };
        for _ in 0..200 {
            BOAT.step(&mut state, &west, &bank, 0.1);
        }
        assert!(!state.obstructed && state.position.x < -10.0);
    }
}
