//! Demands from points, lines and circles.
//!
//! Vector fields after Nelson et al. 2007, "Vector field path following for miniature
//! air vehicles", IEEE Trans. Robotics 23(3), eq. 3 and 8 with an approach angle of π/2, where the
//! arctangents become plain vector sums.

use glam::DVec2;

use super::any::Kinematics;
use super::state::{Ambient, Demand, MotionState};

/// Gain of the circle field: how steeply it is approached.
const ORBIT_GAIN: f64 = 4.0;

/// Margin of a loiter radius over the tightest turn.
const ORBIT_MARGIN: f64 = 1.2;

/// Share of the braking capability that guidance counts with.
const BRAKING_SHARE: f64 = 0.9;

/// Drift from its station at which a stopped vehicle begins to correct, as a share of the arrival
/// radius.
const STATION_SHARE: f64 = 0.5;

/// Direction to follow the line from `from` to `to`, a unit vector, at a position. `reach_m` is the
/// cross-track distance at which the course is 45° to the line.
#[must_use]
pub fn along_line(from: DVec2, to: DVec2, position: DVec2, reach_m: f64) -> DVec2 {
    let along = (to - from).normalize_or_zero();
    if along == DVec2::ZERO {
        return (to - position).normalize_or_zero();
    }
    let right = DVec2::new(along.y, -along.x);
    let off_m = (position - from).dot(right);
    (along - right * (off_m / reach_m.max(f64::MIN_POSITIVE))).normalize()
}

/// Direction to circle a centre, a unit vector, clockwise if `clockwise`.
#[must_use]
pub fn around_circle(centre: DVec2, radius_m: f64, clockwise: bool, position: DVec2) -> DVec2 {
    let out = position - centre;
    let distance_m = out.length();
    if distance_m <= f64::EPSILON {
        return DVec2::Y;
    }
    let outward = out / distance_m;
    let right = DVec2::new(outward.y, -outward.x);
    let tangent = if clockwise { right } else { -right };
    (tangent - outward * (ORBIT_GAIN * (distance_m - radius_m) / radius_m)).normalize()
}

/// Demand to go to a point and stop there where the kind can; `speed_m_s` limits the approach.
#[must_use]
pub fn towards(
    kinematics: &Kinematics,
    state: &MotionState,
    target: DVec2,
    (speed_m_s, altitude_m): (f64, f64),
    dt_s: f64,
) -> Demand {
    let gap = target - state.horizontal();
    let distance_m = gap.length();
    if distance_m <= f64::EPSILON {
        return Demand::hold(altitude_m);
    }
    let mut speed_m_s = speed_m_s;
    if let Some(braking) = kinematics.braking_m_s2() {
        speed_m_s = speed_m_s.min((2.0 * BRAKING_SHARE * braking * distance_m).sqrt());
    }
    if kinematics.can_stop() {
        speed_m_s = speed_m_s.min(distance_m / dt_s);
    }
    Demand {
        direction: gap / distance_m,
        speed_m_s,
        altitude_m,
    }
}

/// Demand to stay at a point: circles it if it must keep flying, else goes back when it has drifted.
#[must_use]
pub fn keep_station(
    kinematics: &Kinematics,
    state: &MotionState,
    station: DVec2,
    altitude_m: f64,
    ambient: &Ambient,
    dt_s: f64,
) -> Demand {
    match kinematics {
        Kinematics::FixedWing(limits) => {
            let wind_m_s = ambient.wind.length();
            let speed_m_s = limits.speed_cruise_m_s;
            let radius_m = ORBIT_MARGIN * limits.orbit_radius_min_m(speed_m_s, wind_m_s);
            loiter(state, station, radius_m, true, (speed_m_s, altitude_m))
        }
        Kinematics::Multirotor(_) => {
            let speed_m_s = kinematics.speed_cruise_m_s().max(ambient.wind.length());
            towards(kinematics, state, station, (speed_m_s, altitude_m), dt_s)
        }
        _ => {
            let drift_m = (station - state.horizontal()).length();
            if drift_m < STATION_SHARE * kinematics.arrival_radius_m() {
                Demand::hold(altitude_m)
            } else {
                let speed_m_s = kinematics.speed_cruise_m_s();
                towards(kinematics, state, station, (speed_m_s, altitude_m), dt_s)
            }
        }
    }
}

/// Demand to circle a point at a radius, m, with speed, m/s, and altitude, m.
#[must_use]
pub fn loiter(
    state: &MotionState,
    centre: DVec2,
    radius_m: f64,
    clockwise: bool,
    (speed_m_s, altitude_m): (f64, f64),
) -> Demand {
    let direction = around_circle(centre, radius_m, clockwise, state.horizontal());
    Demand {
        direction,
        speed_m_s,
        altitude_m,
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::super::fixed_wing::FixedWing;
    use super::super::multirotor::Multirotor;
    use super::super::surface::Surface;
    use super::*;

    fn plane() -> FixedWing {
        FixedWing {
            speed_min_m_s: 10.0,
            speed_cruise_m_s: 15.0,
            speed_max_m_s: 22.0,
            acceleration_m_s2: 2.0,
            bank_max_tan: FixedWing::bank_tan(30.0),
            climb_max_m_s: 3.0,
            descent_max_m_s: 2.0,
            ceiling_m: 1000.0,
            wind_max_m_s: 12.0,
        }
    }

    #[test]
    fn a_loiter_in_wind_holds_its_radius() {
        let kinematics = Kinematics::FixedWing(plane());
        let ambient = Ambient {
            wind: DVec2::new(6.0, 0.0),
            ..Ambient::default()
        };
        let mut state = MotionState {
            speed_m_s: 15.0,
            ..MotionState::at_rest(DVec3::new(500.0, 300.0, 100.0), 3.0)
        };
        let radius_m = ORBIT_MARGIN * plane().orbit_radius_min_m(15.0, 6.0);
        for step in 0..6000 {
            let demand = keep_station(&kinematics, &state, DVec2::ZERO, 100.0, &ambient, 0.1);
            kinematics.step(&mut state, &demand, &ambient, 0.1);
            let distance_m = state.horizontal().length();
            assert!(
                step < 1500 || (distance_m / radius_m - 1.0).abs() < 0.02,
                "{distance_m}"
            );
        }
    }

    #[test]
    fn a_line_is_joined_and_held_across_the_wind() {
        let kinematics = Kinematics::FixedWing(plane());
        let ambient = Ambient {
            wind: DVec2::new(0.0, 5.0),
            ..Ambient::default()
        };
        let mut state = MotionState {
            speed_m_s: 15.0,
            ..MotionState::at_rest(DVec3::new(0.0, -200.0, 100.0), 0.0)
        };
        for _ in 0..1500 {
            let to = DVec2::new(5000.0, 0.0);
            let direction = along_line(DVec2::ZERO, to, state.horizontal(), 60.0);
            let demand = Demand {
                direction,
                speed_m_s: 15.0,
                altitude_m: 100.0,
            };
            kinematics.step(&mut state, &demand, &ambient, 0.1);
        }
        assert!(
            state.position.y.abs() < 0.5 && state.position.x > 1500.0,
            "{}",
            state.position
        );
    }

    #[test]
    fn a_copter_stops_on_the_point_and_a_boat_near_it() {
        let copter = Kinematics::Multirotor(Multirotor {
            speed_cruise_m_s: 10.0,
            speed_max_m_s: 16.0,
            acceleration_m_s2: 4.0,
            climb_max_m_s: 3.0,
            descent_max_m_s: 2.0,
            ceiling_m: 500.0,
            wind_max_m_s: 10.0,
        });
        let boat = Kinematics::Surface(Surface {
            speed_cruise_m_s: 8.0,
            speed_max_m_s: 16.0,
            acceleration_m_s2: 1.0,
            turn_rate_max_rad_s: 0.2,
            sea_state_full_speed: 2.0,
            sea_state_max: 5.0,
            draught_m: 1.0,
        });
        let sea = Ambient {
            water_depth_m: 50.0,
            ground_height_m: -50.0,
            wind: DVec2::new(3.0, -2.0),
            current: DVec2::new(0.3, 0.2),
            ..Ambient::default()
        };
        let target = DVec2::new(400.0, -120.0);
        for (kinematics, within_m) in [(copter, 0.1), (boat, 25.0)] {
            let mut state = MotionState::at_rest(DVec3::new(0.0, 0.0, 30.0), 0.0);
            for step in 0..3000 {
                let demand = keep_station(&kinematics, &state, target, 30.0, &sea, 0.1);
                kinematics.step(&mut state, &demand, &sea, 0.1);
                let off_m = (state.horizontal() - target).length();
                assert!(step < 2000 || off_m < within_m, "{off_m}");
            }
        }
    }
}
