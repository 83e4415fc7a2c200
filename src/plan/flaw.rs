//! What can be wrong with a plan by itself, before it is compared with the world.
//!
//! One function per rule; all flaws are gathered.

use core::ops::RangeInclusive;

use thiserror::Error;

use super::fence::{crosses_itself, distance_m};
use super::mission::{Capture, Finish, Leg, LegKind, MissionPlan, Pointing};
use super::place::{Altitude, Position, Site, Waypoint};

/// Most legs and most waypoints of one leg that a plan may have.
pub const COUNT_MAX: usize = 10_000;

/// Most corners of one fence polygon.
pub const CORNERS_MAX: usize = 200;

/// Heights that a plan may name, metres: the deepest trench to the stratosphere.
const HEIGHTS_M: RangeInclusive<f64> = -11_000.0..=30_000.0;

/// Durations and times that a plan may name, seconds: up to 30 days.
const TIMES_S: RangeInclusive<f64> = 0.0..=2_592_000.0;

/// Speeds that a plan may name, metres per second.
const SPEEDS_M_S: RangeInclusive<f64> = 0.05..=300.0;

/// How far home may be from the recovery site where the autopilot returns home, metres.
const SAME_SITE_M: f64 = 5.0;

/// One thing that is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PlanFlaw {
    /// A number is not finite or out of range.
    #[error("{what} is {value}, outside {low} to {high}")]
    Number {
        /// Which number, with its unit.
        what: String,
        /// Its value.
        value: f64,
        /// Least value allowed.
        low: f64,
        /// Greatest value allowed.
        high: f64,
    },
    /// A point is not on the earth.
    #[error("{what} is at latitude {lat_deg}, longitude {lon_deg}, which is not on the earth")]
    Place {
        /// Which point.
        what: String,
        /// Its latitude, degrees.
        lat_deg: f64,
        /// Its longitude, degrees.
        lon_deg: f64,
    },
    /// The last leg is no return, or another one is.
    #[error("the plan does not end in its one return")]
    NoReturn,
    /// A leg has nowhere to go.
    #[error("leg {leg} has no waypoint")]
    EmptyLeg {
        /// Number of the leg, from 1.
        leg: usize,
    },
    /// A window closes before it opens.
    #[error("leg {leg} may begin from {not_before_s} s but must be over by {not_after_s} s")]
    Window {
        /// Number of the leg, from 1.
        leg: usize,
        /// Opening, seconds.
        not_before_s: f64,
        /// Closing, seconds.
        not_after_s: f64,
    },
    /// A fence polygon is none.
    #[error("{what} has {count} corners or crosses itself")]
    FenceShape {
        /// Which polygon.
        what: String,
        /// Its number of corners.
        count: usize,
    },
    /// The autopilot's own return would end elsewhere than at the declared site.
    #[error("the plan returns home, but home is {distance_m:.0} m from the recovery site")]
    HomeElsewhere {
        /// Distance, metres.
        distance_m: f64,
    },
    /// More of something than any vehicle takes.
    #[error("{what} has {count} entries, more than {max}")]
    TooMany {
        /// What.
        what: String,
        /// How many.
        count: usize,
        /// How many are allowed.
        max: usize,
    },
}

impl PlanFlaw {
    /// Stable code of the rule.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Number { .. } => "P1001",
            Self::Place { .. } => "P1002",
            Self::NoReturn => "P1003",
            Self::EmptyLeg { .. } => "P1004",
            Self::Window { .. } => "P1005",
            Self::FenceShape { .. } => "P1006",
            Self::HomeElsewhere { .. } => "P1007",
            Self::TooMany { .. } => "P1008",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self {
            Self::Number { .. } => "give a finite number in the range",
            Self::Place { .. } => {
                "give degrees: latitude -90 to 90, longitude -180 to 180, not 0, 0"
            }
            Self::NoReturn => "end the plan, and only end it, with a Return leg",
            Self::EmptyLeg { .. } => "give the leg at least one waypoint or remove it",
            Self::Window { .. } => "let the window close after it opens",
            Self::FenceShape { .. } => {
                "give 3 to 200 distinct corners in order, without repeating the first"
            }
            Self::HomeElsewhere { .. } => "put home at the recovery site, or finish with Land",
            Self::TooMany { .. } => "split the plan between vehicles or simplify its path",
        }
    }
}

/// Everything that is wrong with the plan by itself; empty for a sound plan.
#[must_use]
pub fn flaws(plan: &MissionPlan) -> Vec<PlanFlaw> {
    let mut found = Vec::new();
    if plan.legs.len() > COUNT_MAX {
        let (count, max) = (plan.legs.len(), COUNT_MAX);
        return vec![PlanFlaw::TooMany {
            what: "the plan".into(),
            count,
            max,
        }];
    }
    check_numbers(plan, &mut found);
    check_sites(plan, &mut found);
    for (index, leg) in plan.legs.iter().enumerate() {
        check_leg(index + 1, leg, &mut found);
    }
    check_fence(plan, &mut found);
    check_finish(plan, &mut found);
    found
}

/// Speeds, times, shares and limits of the whole plan.
fn check_numbers(plan: &MissionPlan, found: &mut Vec<PlanFlaw>) {
    number(
        "cruise speed (m/s)",
        plan.cruise_speed_m_s,
        SPEEDS_M_S,
        found,
    );
    number(
        "endurance (s)",
        plan.endurance_s,
        1.0..=*TIMES_S.end(),
        found,
    );
    number("reserve fraction", plan.reserve_fraction, 0.01..=0.9, found);
    number("launch time (s)", plan.launch.at_s, TIMES_S, found);
    number(
        "launch climb (m)",
        plan.launch.climb_m,
        0.0..=10_000.0,
        found,
    );
    number(
        "lost-link delay (s)",
        plan.lost_link.after_s,
        TIMES_S,
        found,
    );
    if let Some(link) = plan.link {
        number("link margin (dB)", link.margin_min_db, -50.0..=200.0, found);
        number("link gap (s)", link.gap_max_s, TIMES_S, found);
    }
    if let Some(ceiling_m) = plan.geofence.ceiling_m {
        number("fence ceiling (m)", ceiling_m, HEIGHTS_M, found);
    }
    if let Some(depth_m) = plan.geofence.depth_max_m {
        number("fence depth (m)", depth_m, 0.0..=11_000.0, found);
    }
}

/// Home, launch, recovery and rally points.
fn check_sites(plan: &MissionPlan, found: &mut Vec<PlanFlaw>) {
    let sites = [
        ("home", plan.home),
        ("the launch site", plan.launch.site),
        ("the recovery site", plan.recovery),
    ];
    for (what, site) in sites {
        check_site(what, site, found);
    }
    for (index, &point) in plan.rally.iter().enumerate() {
        check_waypoint(|| format!("rally point {}", index + 1), point, found);
    }
}

/// One site.
fn check_site(what: &str, site: Site, found: &mut Vec<PlanFlaw>) {
    place(|| what.to_owned(), site.position(), found);
    number(
        &format!("elevation of {what} (m)"),
        site.elevation_m,
        HEIGHTS_M,
        found,
    );
}

/// One leg with its number from 1.
fn check_leg(leg_number: usize, leg: &Leg, found: &mut Vec<PlanFlaw>) {
    let name = |what: &str| format!("leg {leg_number}: {what}");
    if leg.waypoints.len() > COUNT_MAX {
        let (count, max) = (leg.waypoints.len(), COUNT_MAX);
        found.push(PlanFlaw::TooMany {
            what: format!("leg {leg_number}"),
            count,
            max,
        });
        return;
    }
    if leg.waypoints.is_empty() && !matches!(leg.kind, LegKind::Return { .. }) {
        found.push(PlanFlaw::EmptyLeg { leg: leg_number });
    }
    for (index, &point) in leg.waypoints.iter().enumerate() {
        check_waypoint(
            || format!("leg {leg_number}, waypoint {}", index + 1),
            point,
            found,
        );
    }
    if let Some(speed_m_s) = leg.speed_m_s {
        number(&name("speed (m/s)"), speed_m_s, SPEEDS_M_S, found);
    }
    number(&name("hold (s)"), leg.hold_s(), TIMES_S, found);
    if let LegKind::Loiter { radius_m, .. } = leg.kind {
        number(&name("radius (m)"), radius_m, 0.0..=10_000.0, found);
    }
    if let LegKind::Sense { pointing, capture } = leg.kind {
        check_pointing(leg_number, pointing, found);
        check_capture(leg_number, capture, found);
    }
    if let Some(window) = leg.window {
        number(
            &name("window opens (s)"),
            window.not_before_s,
            TIMES_S,
            found,
        );
        number(
            &name("window closes (s)"),
            window.not_after_s,
            TIMES_S,
            found,
        );
        if window.not_after_s <= window.not_before_s {
            let (not_before_s, not_after_s) = (window.not_before_s, window.not_after_s);
            found.push(PlanFlaw::Window {
                leg: leg_number,
                not_before_s,
                not_after_s,
            });
        }
    }
}

/// Where a sensor looks.
fn check_pointing(leg_number: usize, pointing: Pointing, found: &mut Vec<PlanFlaw>) {
    match pointing {
        Pointing::Fixed | Pointing::Nadir => {}
        Pointing::Body {
            azimuth_deg,
            depression_deg,
        } => {
            let name = |what: &str| format!("leg {leg_number}: {what} (degrees)");
            number(&name("azimuth"), azimuth_deg, -180.0..=180.0, found);
            number(&name("depression"), depression_deg, -90.0..=90.0, found);
        }
        Pointing::At(point) => {
            check_waypoint(
                || format!("leg {leg_number}: the place looked at"),
                point,
                found,
            );
        }
    }
}

/// What a sensor keeps.
fn check_capture(leg_number: usize, capture: Capture, found: &mut Vec<PlanFlaw>) {
    match capture {
        Capture::None | Capture::Video => {}
        Capture::StillsByDistance { spacing_m } => {
            let what = format!("leg {leg_number}: spacing of stills (m)");
            number(&what, spacing_m, 0.1..=100_000.0, found);
        }
        Capture::StillsByTime { interval_s } => {
            let what = format!("leg {leg_number}: interval of stills (s)");
            number(&what, interval_s, 0.1..=86_400.0, found);
        }
    }
}

/// The shape of every fence polygon.
fn check_fence(plan: &MissionPlan, found: &mut Vec<PlanFlaw>) {
    let keep_out = plan.geofence.keep_out.iter().enumerate();
    let polygons = core::iter::once(("the keep-in fence".to_owned(), &plan.geofence.keep_in))
        .chain(keep_out.map(|(index, area)| (format!("keep-out area {}", index + 1), area)));
    for (what, polygon) in polygons {
        let before = found.len();
        for &corner in polygon.iter().take(CORNERS_MAX) {
            place(|| format!("a corner of {what}"), corner, found);
        }
        let count = polygon.len();
        let is_countable = (3..=CORNERS_MAX).contains(&count);
        if before == found.len() && (!is_countable || crosses_itself(polygon)) {
            found.push(PlanFlaw::FenceShape { what, count });
        }
    }
}

/// How the plan finishes.
fn check_finish(plan: &MissionPlan, found: &mut Vec<PlanFlaw>) {
    if !plan.ends_in_return() {
        found.push(PlanFlaw::NoReturn);
    }
    let goes_home = |leg: &Leg| {
        matches!(
            leg.kind,
            LegKind::Return {
                finish: Finish::ReturnToHome
            }
        )
    };
    if plan.legs.last().is_some_and(goes_home) {
        let distance_m = distance_m(plan.home.position(), plan.recovery.position());
        if distance_m > SAME_SITE_M {
            found.push(PlanFlaw::HomeElsewhere { distance_m });
        }
    }
}

/// A number that has to be finite and in a range.
fn number(what: &str, value: f64, range: RangeInclusive<f64>, found: &mut Vec<PlanFlaw>) {
    if !range.contains(&value) {
        let (low, high) = range.into_inner();
        found.push(PlanFlaw::Number {
            what: what.to_owned(),
            value,
            low,
            high,
        });
    }
}

/// A point that has to be on the earth.
fn place(what: impl Fn() -> String, position: Position, found: &mut Vec<PlanFlaw>) {
    if !position.is_valid() {
        let Position { lat_deg, lon_deg } = position;
        found.push(PlanFlaw::Place {
            what: what(),
            lat_deg,
            lon_deg,
        });
    }
}

/// A waypoint: its place, its height, the sign of its depth.
fn check_waypoint(what: impl Fn() -> String, point: Waypoint, found: &mut Vec<PlanFlaw>) {
    place(&what, point.position(), found);
    let range = match point.altitude {
        Altitude::Depth(_) => 0.0..=11_000.0,
        Altitude::AboveGround(_) => 0.0..=30_000.0,
        Altitude::AboveMeanSea(_) | Altitude::AboveHome(_) | Altitude::Surface => HEIGHTS_M,
    };
    if !range.contains(&point.altitude.value_m()) {
        number(
            &format!("{}: height or depth (m)", what()),
            point.altitude.value_m(),
            range,
            found,
        );
    }
}
