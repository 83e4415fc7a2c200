//! Following a route of waypoints with acceptance radius, fly-by and terrain following.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::any::Kinematics;
use super::guidance::{along_line, towards};
use super::state::{Ambient, Demand, MotionState};

/// Arrival radius where the route goes straight on, m.
const LEAST_ARRIVAL_M: f64 = 2.0;

/// A height and what it is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Height {
    /// Above mean sea level, m; negative under water.
    AboveSea(f64),
    /// Above the ground, or over the sea above its surface, m.
    AboveGround(f64),
    /// Below the surface of the sea, m.
    Depth(f64),
}

impl Height {
    /// Height above mean sea level, m. Over the sea an aircraft's "ground" is
    /// the surface.
    #[must_use]
    pub fn above_sea_m(self, ambient: &Ambient) -> f64 {
        match self {
            Self::AboveSea(height_m) => height_m,
            Self::AboveGround(height_m) if ambient.water_depth_m > 0.0 => height_m,
            Self::AboveGround(height_m) => height_m + ambient.ground_height_m,
            Self::Depth(depth_m) => -depth_m,
        }
    }
}

/// A point of a route.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waypoint {
    /// East, north, m.
    pub position: DVec2,
    /// Height to fly or dive at on the way there.
    pub height: Height,
    /// Speed on the way there, m/s.
    pub speed_m_s: f64,
}

/// Progress along a route; the waypoints stay with their owner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Where the current leg began, m.
    from: DVec2,
    /// Index of the waypoint being approached.
    next: usize,
}

impl Route {
    /// Begins a route at a position, m.
    #[must_use]
    pub const fn from(position: DVec2) -> Self {
        Self {
            from: position,
            next: 0,
        }
    }

    /// Index of the waypoint being approached; the number of waypoints when all are done.
    #[must_use]
    pub const fn next(&self) -> usize {
        self.next
    }

    /// Advances over the waypoints reached and gives the demand towards the next; `None` when the
    /// last has been reached.
    pub fn follow(
        &mut self,
        waypoints: &[Waypoint],
        kinematics: &Kinematics,
        state: &MotionState,
        ambient: &Ambient,
        dt_s: f64,
    ) -> Option<Demand> {
        let position = state.horizontal();
        while self.next < waypoints.len() && self.reached(waypoints, kinematics, position) {
            self.from = waypoints[self.next].position;
            self.next += 1;
        }
        let waypoint = waypoints.get(self.next)?;
        let altitude_m = waypoint.height.above_sea_m(ambient);
        let target = waypoint.position;
        let arrival_m = kinematics.arrival_radius_m();
        let last = self.next + 1 == waypoints.len();
        let motion = (waypoint.speed_m_s, altitude_m);
        // Near a point where it stops, and where the line field has no room, it heads for the point.
        if last && kinematics.can_stop() || (target - position).length() < 2.0 * arrival_m {
            let demand = towards(kinematics, state, target, motion, dt_s);
            let speed_m_s = if last {
                demand.speed_m_s
            } else {
                waypoint.speed_m_s
            };
            return Some(Demand {
                speed_m_s,
                ..demand
            });
        }
        let reach_m = arrival_m.max(stopping_m(kinematics, waypoint.speed_m_s));
        let direction = along_line(self.from, target, position, reach_m);
        Some(Demand {
            direction,
            speed_m_s: waypoint.speed_m_s,
            altitude_m,
        })
    }

    /// Whether the next waypoint counts as reached: within the arrival radius or the distance at
    /// which the turn onto the next leg must begin (fly-by, R·tan(Δχ/2) up to R), or past the plane
    /// through it across the leg while near. What has no turn radius and flies on may go past the
    /// plane up to three times the distance in which it stops to the side, however far one tick takes
    /// it behind.
    fn reached(&self, waypoints: &[Waypoint], kinematics: &Kinematics, position: DVec2) -> bool {
        let target = waypoints[self.next].position;
        let to_go = target - position;
        let radius_m = kinematics.turn_radius_m();
        let leg = (target - self.from).normalize_or_zero();
        let arrival_m = match waypoints.get(self.next + 1) {
            Some(after) if radius_m > 0.0 => {
                let onward = (after.position - target).normalize_or_zero();
                let (cos, sin) = (leg.dot(onward), leg.perp_dot(onward).abs());
                let half_tan = if cos > -0.99 { sin / (1.0 + cos) } else { 1.0 };
                (radius_m * half_tan.min(1.0)).max(LEAST_ARRIVAL_M)
            }
            _ => kinematics.arrival_radius_m(),
        };
        let distance_m = to_go.length();
        if distance_m <= arrival_m {
            return true;
        }
        if leg == DVec2::ZERO || to_go.dot(leg) > 0.0 {
            return false;
        }
        if radius_m <= 0.0 && self.next + 1 < waypoints.len() {
            let stops_m = stopping_m(kinematics, waypoints[self.next].speed_m_s);
            return to_go.perp_dot(leg).abs() <= 3.0 * stops_m.max(arrival_m);
        }
        distance_m <= 3.0 * radius_m.max(arrival_m)
    }
}

/// Distance in which a kind without a turn radius changes its way at a speed, m: v²/2a, zero where it
/// does so at once. With a line field of less reach it swings about the line.
fn stopping_m(kinematics: &Kinematics, speed_m_s: f64) -> f64 {
    match kinematics.braking_m_s2() {
        Some(braking_m_s2) if kinematics.turn_radius_m() <= 0.0 => {
            speed_m_s * speed_m_s / (2.0 * braking_m_s2)
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::super::fixed_wing::FixedWing;
    use super::super::ground::Ground;
    use super::super::multirotor::Multirotor;
    use super::*;

    fn square(height: Height, speed_m_s: f64) -> Vec<Waypoint> {
        [(0.0, 600.0), (600.0, 600.0), (600.0, 0.0), (0.0, 0.0)]
            .into_iter()
            .map(|(x, y)| Waypoint {
                position: DVec2::new(x, y),
                height,
                speed_m_s,
            })
            .collect()
    }

    /// Drives a route; returns the time taken and the greatest distance outside the square.
    fn drive(kinematics: &Kinematics, mut state: MotionState, route: &[Waypoint]) -> (f64, f64) {
        let mut progress = Route::from(state.horizontal());
        let mut outside_m = 0.0_f64;
        for step in 0..40_000_u32 {
            let hill = Ambient {
                ground_height_m: 20.0 + 0.05 * state.position.x,
                ground_gradient: DVec2::new(0.05, 0.0),
                ..Ambient::default()
            };
            let Some(demand) = progress.follow(route, kinematics, &state, &hill, 0.1) else {
                assert_eq!(progress.next(), route.len());
                return (f64::from(step) * 0.1, outside_m);
            };
            kinematics.step(&mut state, &demand, &hill, 0.1);
            let p = state.horizontal();
            outside_m = outside_m
                .max(-p.x)
                .max(-p.y)
                .max(p.x - 600.0)
                .max(p.y - 600.0);
        }
        panic!("the route does not end: {state:?}");
    }

    #[test]
    fn an_aircraft_flies_by_the_corners() {
        let kinematics = Kinematics::FixedWing(FixedWing {
            speed_min_m_s: 10.0,
            speed_cruise_m_s: 15.0,
            speed_max_m_s: 22.0,
            acceleration_m_s2: 2.0,
            bank_max_tan: FixedWing::bank_tan(30.0),
            climb_max_m_s: 3.0,
            descent_max_m_s: 2.0,
            ceiling_m: 1000.0,
            wind_max_m_s: 12.0,
        });
        let start = MotionState {
            speed_m_s: 15.0,
            ..MotionState::at_rest(DVec3::new(0.0, 0.0, 120.0), 0.0)
        };
        let (time_s, outside_m) = drive(
            &kinematics,
            start,
            &square(Height::AboveGround(100.0), 15.0),
        );
        // 2400 m less the corners at 15 m/s.
        assert!((145.0..160.0).contains(&time_s), "{time_s}");
        assert!(outside_m < 5.0, "{outside_m}");
    }

    /// When a helicopter of 65 m/s has passed the last but one of its waypoints, s.
    fn helicopter_passes_s(points: &[(f64, f64)], dt_s: f64) -> f64 {
        let helicopter = Kinematics::Multirotor(Multirotor {
            speed_cruise_m_s: 65.0,
            speed_max_m_s: 80.0,
            acceleration_m_s2: 3.0,
            climb_max_m_s: 10.0,
            descent_max_m_s: 8.0,
            ceiling_m: 5500.0,
            wind_max_m_s: 23.0,
        });
        let waypoints: Vec<Waypoint> = points
            .iter()
            .map(|&(x, y)| Waypoint {
                position: DVec2::new(x, y),
                height: Height::AboveSea(300.0),
                speed_m_s: 65.0,
            })
            .collect();
        let mut state = MotionState::at_rest(DVec3::new(0.0, 0.0, 300.0), 0.0);
        let mut progress = Route::from(state.horizontal());
        let ambient = Ambient::default();
        let mut now_s = 0.0;
        while progress.next() + 1 < waypoints.len() && now_s < 1000.0 {
            let demand = progress.follow(&waypoints, &helicopter, &state, &ambient, dt_s);
            helicopter.step(&mut state, &demand.unwrap(), &ambient, dt_s);
            now_s += dt_s;
        }
        now_s
    }

    /// At 65 m/s a tick of 100 ms is longer than the two metres within which a point is reached, and
    /// 704 m go by before it stops.
    #[test]
    fn a_helicopter_passes_its_waypoints_whatever_the_tick() {
        // Straight on, at no whole number of ticks from each other, a metre to the side of each other;
        // corners; reversals.
        let straight: Vec<_> = (1..=20_u32)
            .map(|n| (f64::from(n % 2), 211.3 * f64::from(n)))
            .collect();
        let corners = [(0.0, 3001.0), (2403.0, 3004.0), (2400.0, 7.0), (0.0, 0.0)];
        let reversals = [(0.0, 3001.0), (2403.0, 3004.0), (0.0, 3001.0), (9.0, 9.0)];
        for (points, at_most_s) in [
            (&straight[..], 85.0),
            (&corners, 190.0),
            (&reversals, 210.0),
        ] {
            let times = [0.1, 0.05, 0.025].map(|dt_s| helicopter_passes_s(points, dt_s));
            assert!(times[2] < at_most_s, "{times:?}");
            for time_s in times {
                assert!((time_s / times[2] - 1.0).abs() < 0.02, "{times:?}");
            }
        }
    }

    #[test]
    fn a_truck_drives_the_square() {
        let truck = Kinematics::Ground(Ground {
            speed_cruise_m_s: 8.0,
            speed_road_max_m_s: 25.0,
            speed_cross_country_max_m_s: 10.0,
            acceleration_m_s2: 1.5,
            grade_max: 0.6,
            power_per_weight_m_s: 1.5,
            rolling_resistance: 0.06,
            road_resistance: 0.015,
            turn_radius_min_m: 9.0,
            ford_depth_m: 0.7,
        });
        let start = MotionState::at_rest(DVec3::new(0.0, 0.0, 20.0), 0.0);
        let (time_s, outside_m) = drive(&truck, start, &square(Height::AboveSea(0.0), 8.0));
        assert!(
            (295.0..330.0).contains(&time_s) && outside_m < 8.0,
            "{time_s} {outside_m}"
        );
    }
}
