//! From a plan to the items of a `MAVLink` mission, whatever file they go into.
//!
//! Conventions of the items: actions stand in the mission frame; positions are above home, or above
//! ground on request; depths are negative heights above home, whose elevation is the water's; every
//! speed is a change-speed item; holds are whole seconds; loops are unrolled by the planner. Time
//! windows have no item: the manifest carries them.

use super::error::ExportError;
use super::item::{Command, FRAME_ABOVE_GROUND, FRAME_ABOVE_HOME, Item, Place};
use super::profile::{Medium, Profile};
use super::rules;
use crate::plan::approach::{SLOPE_MAX_DEG, slope};
use crate::plan::fence::{distance_m, moved, offset_m};
use crate::plan::{
    Altitude, Capture, ExportableVehicle, Finish, Leg, LegKind, MissionPlan, Pointing, Position,
    Site, Waypoint,
};

/// Longest stay that an autopilot stores in one item, seconds (ArduPilot: 16 bits).
pub const HOLD_MAX_S: f64 = 65_535.0;

/// Depth that stands for the surface under water, metres: at 0 `ArduSub` may take the present depth.
const SURFACE_DEPTH_M: f64 = 0.1;

/// How far home may be from the launch site, metres across and up.
const SAME_SITE_M: f64 = 10.0;

/// Pitch of a fixed wing's take-off for ArduPilot, degrees.
const TAKEOFF_PITCH_DEG: f64 = 15.0;

/// Run of a fixed wing's climb per metre of height: 1 in 6, about 9.5°.
const CLIMB_RUN: f64 = 6.0;

/// A plan as a `MAVLink` mission with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mission {
    /// Firmware and vehicle.
    pub profile: Profile,
    /// The items after home, in order.
    pub items: Vec<Item>,
    /// Rally points, heights above home.
    pub rally: Vec<Place>,
}

/// The mission of an exportable vehicle. `by_ground` lets aircraft with terrain data keep heights
/// above ground.
///
/// # Errors
///
/// [`ExportError`] where the autopilot cannot take the plan.
pub fn mission(vehicle: &ExportableVehicle, by_ground: bool) -> Result<Mission, ExportError> {
    let plan = vehicle.plan();
    let profile = Profile::of(plan.autopilot).ok_or_else(|| ExportError::OtherFormat {
        unit: plan.unit.clone(),
        autopilot: plan.autopilot,
    })?;
    let mut builder = Builder {
        plan,
        profile,
        by_ground,
        items: Vec::new(),
        speed_m_s: None,
    };
    builder.check_home()?;
    builder.take_off()?;
    for (index, leg) in plan.legs.iter().enumerate() {
        builder.leg(index + 1, leg)?;
    }
    let mission = Mission {
        profile,
        rally: builder.rally()?,
        items: builder.items,
    };
    rules::check(plan, &mission)?;
    Ok(mission)
}

/// The items so far and what they depend on.
struct Builder<'plan> {
    /// The plan.
    plan: &'plan MissionPlan,
    /// Firmware and vehicle.
    profile: Profile,
    /// Whether heights above ground may stay.
    by_ground: bool,
    /// The items so far.
    items: Vec<Item>,
    /// The speed that was set last, metres per second.
    speed_m_s: Option<f64>,
}

impl Builder<'_> {
    /// Heights are counted from where the vehicle is armed, so home has to be there.
    fn check_home(&self) -> Result<(), ExportError> {
        let (home, launch) = (self.plan.home, self.plan.launch.site);
        let distance_m = distance_m(home.position(), launch.position());
        let height_m = home.elevation_m - launch.elevation_m;
        if distance_m > SAME_SITE_M || height_m.abs() > SAME_SITE_M {
            let unit = self.plan.unit.clone();
            return Err(ExportError::HomeNotLaunch {
                unit,
                distance_m,
                height_m,
            });
        }
        Ok(())
    }

    /// The take-off of aircraft: over the site, for a fixed wing on the way to its first waypoint.
    fn take_off(&mut self) -> Result<(), ExportError> {
        if !self.profile.is_aerial() {
            return Ok(());
        }
        let launch = self.plan.launch;
        let climb_m = launch.site.elevation_m + launch.climb_m - self.plan.home.elevation_m;
        let min_m = self.profile.climb_min_m();
        if climb_m < min_m {
            let unit = self.plan.unit.clone();
            return Err(ExportError::ClimbTooLow {
                unit,
                climb_m,
                min_m,
            });
        }
        let is_fixed_wing = self.profile.medium() == Medium::FixedWing;
        let over = if is_fixed_wing {
            self.climb_out(climb_m)
        } else {
            launch.site.position()
        };
        let needs_pitch = self.profile == Profile::ArdupilotPlane;
        let pitch_deg = if needs_pitch { TAKEOFF_PITCH_DEG } else { 0.0 };
        let place = above_home(over, climb_m);
        self.items.push(Item::navigation(
            Command::Takeoff,
            pitch_deg,
            place,
            self.profile,
        ));
        Ok(())
    }

    /// Where a fixed wing is at the end of its climb: ahead, but not past its first waypoint.
    fn climb_out(&self, climb_m: f64) -> Position {
        let start = self.plan.launch.site.position();
        let Some(first) = self.plan.legs.iter().find_map(|leg| leg.waypoints.first()) else {
            return start;
        };
        let way = offset_m(start, first.position());
        let share = (climb_m * CLIMB_RUN / way.length().max(1.0)).min(0.8);
        moved(start, way * share)
    }

    /// One leg with its number from 1.
    fn leg(&mut self, number: usize, leg: &Leg) -> Result<(), ExportError> {
        self.speed(leg);
        match leg.kind {
            LegKind::Navigate => self.along(number, &leg.waypoints),
            LegKind::Sense { pointing, capture } => self.sense(number, leg, pointing, capture),
            LegKind::Relay { hold_s } => self.stay(number, leg, hold_s, 0.0),
            LegKind::Loiter { hold_s, radius_m } => self.stay(number, leg, hold_s, radius_m),
            LegKind::Return { finish } => self.finish(number, leg, finish),
        }
    }

    /// A change of speed, where there is one.
    fn speed(&mut self, leg: &Leg) {
        let speed_m_s = rounded(leg.speed_m_s.unwrap_or(self.plan.cruise_speed_m_s), 100.0);
        let is_set = self
            .speed_m_s
            .is_some_and(|last| (last - speed_m_s).abs() < 0.005);
        if !is_set {
            // Kind 1 is ground speed; throttle -1 is "no change".
            self.items.push(Item::action(
                Command::ChangeSpeed,
                [1.0, speed_m_s, -1.0, 0.0],
            ));
            self.speed_m_s = Some(speed_m_s);
        }
    }

    /// Passes the waypoints.
    fn along(&mut self, number: usize, waypoints: &[Waypoint]) -> Result<(), ExportError> {
        for (index, &waypoint) in waypoints.iter().enumerate() {
            let what = || format!("leg {number}, waypoint {}", index + 1);
            let place = self.place(what, waypoint)?;
            self.items.push(Item::navigation(
                Command::Waypoint,
                0.0,
                place,
                self.profile,
            ));
        }
        Ok(())
    }

    /// Passes the waypoints and looks: from the first waypoint on where there are several.
    fn sense(
        &mut self,
        number: usize,
        leg: &Leg,
        pointing: Pointing,
        capture: Capture,
    ) -> Result<(), ExportError> {
        let (ahead, rest) = leg.waypoints.split_at(usize::from(leg.waypoints.len() > 1));
        self.along(number, ahead)?;
        let aim = match pointing {
            Pointing::Fixed => None,
            Pointing::Nadir => Some(Item::gimbal(-90.0, 0.0, self.profile)),
            Pointing::Body {
                azimuth_deg,
                depression_deg,
            } => Some(Item::gimbal(-depression_deg, azimuth_deg, self.profile)),
            Pointing::At(point) => {
                let place = self.look_at(number, point)?;
                let params = [Some(0.0); 4];
                Some(Item {
                    command: Command::LookAt,
                    params,
                    place: Some(place),
                })
            }
        };
        self.items.extend(aim);
        let (start, stop) = capture_items(capture);
        self.items.extend(start);
        self.along(number, rest)?;
        self.items.extend(stop);
        let reset = match pointing {
            Pointing::Fixed => None,
            Pointing::Nadir | Pointing::Body { .. } => Some(Item::gimbal(0.0, 0.0, self.profile)),
            Pointing::At(_) => Some(Item::action(Command::LookAhead, [0.0; 4])),
        };
        self.items.extend(reset);
        Ok(())
    }

    /// Goes to the last waypoint and stays there for whole seconds.
    fn stay(
        &mut self,
        number: usize,
        leg: &Leg,
        hold_s: f64,
        radius_m: f64,
    ) -> Result<(), ExportError> {
        if hold_s > HOLD_MAX_S {
            let (unit, max_s) = (self.plan.unit.clone(), HOLD_MAX_S);
            return Err(ExportError::Hold {
                unit,
                leg: number,
                hold_s,
                max_s,
            });
        }
        let Some((&last, before)) = leg.waypoints.split_last() else {
            return Ok(());
        };
        self.along(number, before)?;
        let what = || format!("leg {number}, waypoint {}", leg.waypoints.len());
        let place = self.place(what, last)?;
        let item = if hold_s < 0.5 {
            Item::navigation(Command::Waypoint, 0.0, place, self.profile)
        } else {
            Item::stay(hold_s.round(), radius_m.round(), place, self.profile)
        };
        self.items.push(item);
        Ok(())
    }

    /// The way back and the end.
    fn finish(&mut self, number: usize, leg: &Leg, finish: Finish) -> Result<(), ExportError> {
        self.along(number, &leg.waypoints)?;
        let home_ends = || Item::action(Command::ReturnToLaunch, [0.0; 4]);
        let refused = |finish: &'static str| ExportError::Finish {
            unit: self.plan.unit.clone(),
            profile: self.profile,
            finish,
        };
        let site = self.plan.recovery;
        let ends = match (self.profile.medium(), finish) {
            (Medium::Hover | Medium::FixedWing, Finish::Recover) => return Err(refused("recover")),
            (Medium::Surface, Finish::Land) => return Err(refused("land")),
            // PX4 asks for a landing after a take-off, and a return is none for it.
            (Medium::Hover, Finish::ReturnToHome) if !self.profile.is_px4() => vec![home_ends()],
            (Medium::Hover, Finish::Land | Finish::ReturnToHome) => vec![self.landing(site)],
            // A fixed wing circles at the end of a return for ever: it always lands.
            (Medium::FixedWing, Finish::Land | Finish::ReturnToHome) => {
                self.check_approach(leg)?;
                vec![self.landing(site)]
            }
            (Medium::Surface | Medium::Underwater, Finish::ReturnToHome) => vec![home_ends()],
            (Medium::Surface, Finish::Recover) => vec![self.stop(site, 0.0)],
            (Medium::Underwater, Finish::Land | Finish::Recover) => {
                let place = above_home(site.position(), -SURFACE_DEPTH_M);
                let surface = Item::navigation(Command::Land, 0.0, place, self.profile);
                vec![self.stop(site, -SURFACE_DEPTH_M), surface]
            }
        };
        self.items.extend(ends);
        Ok(())
    }

    /// The last waypoint of the return has to be a gate from which the slope can be flown.
    fn check_approach(&self, leg: &Leg) -> Result<(), ExportError> {
        let failed = |cause: String| ExportError::Approach {
            unit: self.plan.unit.clone(),
            cause,
        };
        let Some(&gate) = leg.waypoints.last() else {
            return Err(failed(
                "a fixed wing needs an approach before it lands".into(),
            ));
        };
        let home_m = self.plan.home.elevation_m;
        let height_m = gate
            .altitude
            .above_mean_sea_m(home_m, self.plan.recovery.elevation_m)
            - self.plan.recovery.elevation_m;
        let tangent = slope(gate.position(), height_m, self.plan.recovery);
        let limit = crate::kernel::math::tan(SLOPE_MAX_DEG.to_radians());
        if height_m < 1.0 || tangent > limit {
            let cause = format!(
                "the approach begins {height_m:.0} m above the site on a slope of 1 in {:.1}; it \
                 has to begin above the site and not be steeper than 1 in {:.1}",
                1.0 / tangent,
                1.0 / limit
            );
            return Err(failed(cause));
        }
        Ok(())
    }

    /// Landing at the site.
    fn landing(&self, site: Site) -> Item {
        let place = above_home(
            site.position(),
            site.elevation_m - self.plan.home.elevation_m,
        );
        Item::navigation(Command::Land, 0.0, place, self.profile)
    }

    /// A stop at the site.
    fn stop(&self, site: Site, height_m: f64) -> Item {
        let place = above_home(site.position(), height_m);
        Item::navigation(Command::Waypoint, 0.0, place, self.profile)
    }

    /// Rally points; a vehicle that stops at its recovery site declares it as one.
    fn rally(&self) -> Result<Vec<Place>, ExportError> {
        let mut places = Vec::new();
        for (index, &point) in self.plan.rally.iter().enumerate() {
            let place = self.place(|| format!("rally point {}", index + 1), point)?;
            if place.frame != FRAME_ABOVE_HOME {
                return Err(self.bad_reference(format!("rally point {}", index + 1), point));
            }
            places.push(place);
        }
        let stops = |leg: &Leg| {
            matches!(
                leg.kind,
                LegKind::Return {
                    finish: Finish::Recover
                }
            )
        };
        if self.plan.legs.last().is_some_and(stops) {
            let is_under = self.profile.medium() == Medium::Underwater;
            let height_m = if is_under { -SURFACE_DEPTH_M } else { 0.0 };
            places.push(above_home(self.plan.recovery.position(), height_m));
        }
        Ok(places)
    }

    /// A place to look at may lie on the ground whatever the vehicle.
    fn look_at(&self, number: usize, point: Waypoint) -> Result<Place, ExportError> {
        let height_m = match point.altitude {
            Altitude::AboveMeanSea(m) => m - self.plan.home.elevation_m,
            Altitude::AboveHome(m) => m,
            Altitude::Depth(m) => -m,
            Altitude::Surface => 0.0,
            Altitude::AboveGround(_) => {
                return Err(self.bad_reference(format!("leg {number}: the place looked at"), point));
            }
        };
        Ok(above_home(point.position(), height_m))
    }

    /// A waypoint in a frame that the vehicle takes.
    fn place(&self, what: impl Fn() -> String, point: Waypoint) -> Result<Place, ExportError> {
        let height_m = match (self.profile.medium(), point.altitude) {
            (Medium::Hover | Medium::FixedWing, Altitude::AboveMeanSea(m)) => {
                m - self.plan.home.elevation_m
            }
            (Medium::Hover | Medium::FixedWing, Altitude::AboveHome(m)) => m,
            (Medium::Hover | Medium::FixedWing, Altitude::AboveGround(m))
                if self.by_ground && !self.profile.is_px4() =>
            {
                let place = above_home(point.position(), m);
                return Ok(Place {
                    frame: FRAME_ABOVE_GROUND,
                    ..place
                });
            }
            (Medium::Surface, Altitude::Surface) => 0.0,
            (Medium::Underwater, Altitude::Surface) => -SURFACE_DEPTH_M,
            (Medium::Underwater, Altitude::Depth(m)) => -m.max(SURFACE_DEPTH_M),
            _ => return Err(self.bad_reference(what(), point)),
        };
        Ok(above_home(point.position(), height_m))
    }

    /// The refusal of a vertical reference.
    fn bad_reference(&self, what: String, point: Waypoint) -> ExportError {
        let reference = format!("{:?}", point.altitude);
        ExportError::AltitudeReference {
            unit: self.plan.unit.clone(),
            what,
            profile: self.profile,
            reference,
        }
    }
}

/// The items that start and stop keeping what the sensor sees.
fn capture_items(capture: Capture) -> (Option<Item>, Option<Item>) {
    let pair = |start, stop| (Some(start), Some(stop));
    match capture {
        Capture::None => (None, None),
        Capture::StillsByDistance { spacing_m } => {
            let by_distance =
                |spacing, now| Item::action(Command::StillsByDistance, [spacing, 0.0, now, 0.0]);
            pair(
                by_distance(rounded(spacing_m, 100.0), 1.0),
                by_distance(0.0, 0.0),
            )
        }
        Capture::StillsByTime { interval_s } => {
            // A count of 0 is "until stopped".
            let interval_s = rounded(interval_s, 10.0);
            pair(
                Item::action(Command::StillsStart, [0.0, interval_s, 0.0, 0.0]),
                Item::action(Command::StillsStop, [0.0; 4]),
            )
        }
        Capture::Video => pair(
            Item::action(Command::VideoStart, [0.0; 4]),
            Item::action(Command::VideoStop, [0.0; 4]),
        ),
    }
}

/// A place at a height above home, to 8 decimals of a degree (1 mm) and to a centimetre.
fn above_home(position: Position, height_m: f64) -> Place {
    Place {
        frame: FRAME_ABOVE_HOME,
        lat_deg: rounded(position.lat_deg, 1e8),
        lon_deg: rounded(position.lon_deg, 1e8),
        height_m: rounded(height_m, 100.0),
    }
}

/// `value` to whole `1 / parts`, never as minus zero.
#[must_use]
pub fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts + 0.0
}
