//! Where a vehicle is when, if it follows its plan.
//!
//! Straight ways between waypoints at the leg's speed, climbs and descents at one rate, holds and
//! opening windows waited out in place. Wind, turns and acceleration are left out: the simulator
//! has them, and a plan that passes here is flown there as well.

use glam::DVec2;

use super::limits::Limits;
use super::world::Ground;
use crate::kernel::math::{TAU, sincos};
use crate::plan::fence::{moved, offset_m};
use crate::plan::{Altitude, Autopilot, Leg, LegKind, MissionPlan, Position, Waypoint};

/// Spacing of samples along a way, metres: below the posts of the terrain in use.
const SPACING_M: f64 = 50.0;

/// Radius of a fixed wing's stay where the plan gives none, metres: the default of PX4
/// (`NAV_LOITER_RAD`), above ArduPilot's 60 m (`WP_LOITER_RAD`).
const CIRCLE_M: f64 = 80.0;

/// Points on a circle.
const CIRCLE_PARTS: u32 = 16;

/// Longest path that is looked at, metres; 400,000 samples.
pub const PATH_MAX_M: f64 = 2e7;

/// What part of its way a vehicle is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Rising over the launch site.
    TakeOff,
    /// On a leg.
    EnRoute,
    /// Coming down to the recovery site.
    Landing,
}

/// A vehicle at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Seconds since the scenario's start.
    pub time_s: f64,
    /// The place.
    pub at: Position,
    /// Height above mean sea level, metres.
    pub height_m: f64,
    /// Height of the ground there, metres.
    pub ground_m: f64,
    /// Number of the leg, from 1; 0 before the first.
    pub leg: usize,
    /// Part of the way; of the stretch that ends here.
    pub phase: Phase,
}

/// A vehicle's way in space and time; between samples it moves straight at constant speed.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Id of the unit.
    pub unit: String,
    /// The samples, in order of time; at least one.
    pub samples: Vec<Sample>,
    /// When each leg is over, seconds since the scenario's start.
    pub leg_ends_s: Vec<f64>,
}

impl Timeline {
    /// The way of a plan without flaws; none for a path beyond [`PATH_MAX_M`].
    #[must_use]
    pub fn of(plan: &MissionPlan, ground: &dyn Ground, limits: &Limits) -> Option<Self> {
        let site = plan.launch.site;
        let start = Sample {
            time_s: plan.launch.at_s,
            at: site.position(),
            height_m: site.elevation_m,
            ground_m: ground.height_m(site.position()),
            leg: 0,
            phase: Phase::TakeOff,
        };
        let mut walk = Walk {
            plan,
            ground,
            limits,
            samples: vec![start],
            path_m: 0.0,
        };
        if plan.autopilot.is_aerial() {
            walk.go(
                site.waypoint(plan.launch.climb_m),
                plan.cruise_speed_m_s,
                0,
                Phase::TakeOff,
            )?;
        }
        let mut leg_ends_s = Vec::with_capacity(plan.legs.len());
        for (number, leg) in (1..).zip(&plan.legs) {
            walk.leg(number, leg)?;
            leg_ends_s.push(walk.last().time_s);
        }
        Some(Self {
            unit: plan.unit.clone(),
            samples: walk.samples,
            leg_ends_s,
        })
    }

    /// Start and end, seconds since the scenario's start.
    #[must_use]
    pub fn span_s(&self) -> (f64, f64) {
        let first = self.samples.first().map_or(0.0, |sample| sample.time_s);
        (
            first,
            self.samples.last().map_or(first, |sample| sample.time_s),
        )
    }
}

/// A vehicle on its way through a plan.
struct Walk<'plan> {
    /// The plan.
    plan: &'plan MissionPlan,
    /// The ground.
    ground: &'plan dyn Ground,
    /// Rates.
    limits: &'plan Limits,
    /// The way so far; never empty.
    samples: Vec<Sample>,
    /// Length of the way so far, metres.
    path_m: f64,
}

impl Walk<'_> {
    /// Where it is.
    fn last(&self) -> Sample {
        *self.samples.last().expect("a walk begins with a sample")
    }

    /// One leg with its number from 1.
    fn leg(&mut self, number: usize, leg: &Leg) -> Option<()> {
        if let Some(window) = leg.window {
            self.wait_until(window.not_before_s, number);
        }
        let speed_m_s = leg.speed_m_s.unwrap_or(self.plan.cruise_speed_m_s);
        for &waypoint in &leg.waypoints {
            self.go(waypoint, speed_m_s, number, Phase::EnRoute)?;
        }
        self.hold(number, leg);
        if matches!(leg.kind, LegKind::Return { .. }) {
            self.finish(speed_m_s, number)?;
        }
        Some(())
    }

    /// Stays for the leg's hold. What cannot stand still goes around: its circle is walked once, so
    /// that fence, ground and stand-off see all of it; where on it the vehicle is when is not known.
    fn hold(&mut self, number: usize, leg: &Leg) {
        let centre = self.last();
        let hold_s = leg.hold_s();
        if hold_s > 0.0 && self.plan.autopilot.is_fixed_wing() {
            let radius_m = match leg.kind {
                LegKind::Loiter { radius_m, .. } if radius_m > 0.0 => radius_m,
                _ => CIRCLE_M,
            };
            for part in 0..=CIRCLE_PARTS {
                let share = f64::from(part) / f64::from(CIRCLE_PARTS);
                let (sin, cos) = sincos(TAU * share);
                let at = moved(centre.at, DVec2::new(sin, cos) * radius_m);
                let ground_m = self.ground.height_m(at);
                let time_s = centre.time_s + hold_s * share;
                self.samples.push(Sample {
                    time_s,
                    at,
                    ground_m,
                    leg: number,
                    ..centre
                });
            }
        }
        let time_s = centre.time_s + hold_s;
        self.samples.push(Sample {
            time_s,
            leg: number,
            phase: Phase::EnRoute,
            ..centre
        });
    }

    /// The end: a fixed wing comes down along the slope, a multirotor over the site.
    fn finish(&mut self, speed_m_s: f64, number: usize) -> Option<()> {
        let site = self.plan.recovery;
        if self.plan.autopilot.is_aerial() && !self.plan.autopilot.is_fixed_wing() {
            let above_m = self.last().height_m - site.elevation_m;
            self.go(site.waypoint(above_m), speed_m_s, number, Phase::EnRoute)?;
        }
        let end = Waypoint {
            altitude: Altitude::Surface,
            ..site.waypoint(0.0)
        };
        let end = if self.plan.autopilot.is_aerial() {
            site.waypoint(0.0)
        } else {
            end
        };
        self.go(end, speed_m_s, number, Phase::Landing)
    }

    /// Stays where it is.
    fn wait_until(&mut self, time_s: f64, leg: usize) {
        let last = self.last();
        if time_s > last.time_s {
            self.samples.push(Sample {
                time_s,
                leg,
                phase: Phase::EnRoute,
                ..last
            });
        }
    }

    /// Goes straight to a point in small steps; none when the path gets too long.
    fn go(&mut self, to: Waypoint, speed_m_s: f64, leg: usize, phase: Phase) -> Option<()> {
        let from = self.last();
        let way = offset_m(from.at, to.position());
        let length_m = way.length();
        self.path_m += length_m;
        if self.path_m > PATH_MAX_M {
            return None;
        }
        let end_m = self.height_m(to.altitude, self.ground.height_m(to.position()));
        let follows = self.follows_ground(to.altitude);
        let climb_m = if self.plan.autopilot.is_aerial() {
            (end_m - from.height_m).abs()
        } else {
            0.0
        };
        let time_s = (length_m / speed_m_s).max(climb_m / self.limits.climb_rate_m_s);
        let steps = (length_m / SPACING_M).ceil().max(1.0);
        let mut step = 1.0;
        while step <= steps {
            let share = step / steps;
            let at = moved(from.at, way * share);
            let ground_m = self.ground.height_m(at);
            let height_m = if follows {
                self.height_m(to.altitude, ground_m)
            } else {
                from.height_m + (end_m - from.height_m) * share
            };
            let time_s = from.time_s + time_s * share;
            self.samples.push(Sample {
                time_s,
                at,
                height_m,
                ground_m,
                leg,
                phase,
            });
            step += 1.0;
        }
        Some(())
    }

    /// Height above mean sea level over ground at a height.
    fn height_m(&self, altitude: Altitude, ground_m: f64) -> f64 {
        // The sea stands over ground below it; land vehicles stand on the ground itself.
        let is_rover = matches!(
            self.plan.autopilot,
            Autopilot::ArdupilotRover | Autopilot::Px4Rover | Autopilot::Nav2
        );
        let surface_m = if is_rover {
            ground_m
        } else {
            ground_m.max(0.0)
        };
        altitude.above_mean_sea_m(self.plan.home.elevation_m, surface_m)
    }

    /// Whether the height follows what is below all the way.
    fn follows_ground(&self, altitude: Altitude) -> bool {
        matches!(altitude, Altitude::AboveGround(_) | Altitude::Surface)
    }
}
