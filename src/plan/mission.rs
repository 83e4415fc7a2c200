//! What one vehicle is to do: the plan that planners make, the simulator executes and exporters
//! write.
//!
//! Plain data. Positions are geodetic (WGS-84, degrees) with an explicit vertical reference, times
//! are seconds since the scenario's start. There is no leg that uses a weapon and no reference to
//! a target: what is not in the type cannot leave the simulator.

use serde::{Deserialize, Serialize};

use super::place::{Altitude, Autopilot, Position, Site, Waypoint};

/// Where and how a vehicle starts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    /// The place.
    pub site: Site,
    /// Height above the site that an aircraft reaches before its first leg, metres; 0 for others.
    pub climb_m: f64,
    /// Time of the start, seconds since the scenario's start.
    pub at_s: f64,
}

/// When a leg may be executed, seconds since the scenario's start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeWindow {
    /// The leg does not begin before this.
    pub not_before_s: f64,
    /// The leg is over by then.
    pub not_after_s: f64,
}

/// Where the sensor looks during a leg.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Pointing {
    /// As it is mounted.
    Fixed,
    /// Straight down.
    Nadir,
    /// At a fixed angle to the vehicle.
    Body {
        /// Clockwise from the vehicle's nose, degrees, -180 to 180.
        azimuth_deg: f64,
        /// Below the horizontal, degrees, -90 to 90.
        depression_deg: f64,
    },
    /// At a place to observe.
    At(Waypoint),
}

/// What the sensor keeps during a leg.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Capture {
    /// Nothing that the autopilot has to switch.
    None,
    /// Stills at even spacing along the path, metres.
    StillsByDistance {
        /// Spacing, metres.
        spacing_m: f64,
    },
    /// Stills at even intervals.
    StillsByTime {
        /// Interval, seconds.
        interval_s: f64,
    },
    /// Video from the leg's begin to its end.
    Video,
}

/// What a vehicle does on a leg.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum LegKind {
    /// Go along the waypoints.
    Navigate,
    /// Go along the waypoints and look.
    Sense {
        /// Where the sensor looks.
        pointing: Pointing,
        /// What is kept.
        capture: Capture,
    },
    /// Go to the last waypoint and stay there to pass others' messages on.
    Relay {
        /// How long to stay, seconds.
        hold_s: f64,
    },
    /// Go to the last waypoint and stay there.
    Loiter {
        /// How long to stay, seconds.
        hold_s: f64,
        /// Radius of the circle of a vehicle that cannot stand still, metres.
        radius_m: f64,
    },
    /// Go along the waypoints, then to the recovery site, and finish there.
    Return {
        /// How the plan finishes.
        finish: Finish,
    },
}

/// How a plan finishes at the recovery site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finish {
    /// Land there. A fixed wing needs the approach as waypoints of the leg
    /// ([`crate::plan::approach`]).
    Land,
    /// The autopilot's own return to home and landing; home must be the recovery site.
    ReturnToHome,
    /// Stop there to be picked up: ground, surface and underwater vehicles.
    Recover,
}

/// One leg of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// What to do.
    pub kind: LegKind,
    /// The points, in order. A `Return` may have none, every other kind has at least one.
    pub waypoints: Vec<Waypoint>,
    /// Ground (or water) speed, metres per second; none means the plan's cruise speed.
    pub speed_m_s: Option<f64>,
    /// When; none means as soon as the leg before it is over.
    pub window: Option<TimeWindow>,
    /// Id of the task that the leg serves.
    pub task: Option<String>,
}

/// Where the vehicle may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Geofence {
    /// The one area to stay in: corners in order, the first not repeated.
    pub keep_in: Vec<Position>,
    /// Areas to stay out of, each as corners in order.
    pub keep_out: Vec<Vec<Position>>,
    /// Highest height above mean sea level, metres.
    pub ceiling_m: Option<f64>,
    /// Greatest depth below the surface, metres.
    pub depth_max_m: Option<f64>,
}

/// What a vehicle does when it hears nobody.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostLink {
    /// Silence that counts as a lost link, seconds.
    pub after_s: f64,
    /// What then.
    pub action: LostLinkAction,
}

/// The ways to behave on a lost link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LostLinkAction {
    /// Go back to the recovery site.
    Return,
    /// Carry on with the plan, which ends in a return anyway.
    Continue,
    /// Stay where it is until the link is back or the reserve is reached, then return.
    Hold,
    /// Go to the nearest rally point.
    Rally,
}

/// How good the link to the controlling node has to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkNeed {
    /// Least margin over the receiver's threshold, decibels.
    pub margin_min_db: f64,
    /// Longest stretch that may be below it, seconds.
    pub gap_max_s: f64,
}

/// The plan of one vehicle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissionPlan {
    /// Id of the unit.
    pub unit: String,
    /// Catalogue class of the unit, by which whoever exports looks its facts up.
    pub class: String,
    /// Kind of the vehicle in a word: `copter`, `plane`, `rover`, `boat`, `sub`, …
    pub vehicle_kind: String,
    /// Which autopilot takes it.
    pub autopilot: Autopilot,
    /// What heights above home are counted from, and where the autopilot's own return goes.
    pub home: Site,
    /// Where and when it starts.
    pub launch: Launch,
    /// Where it is after the last leg.
    pub recovery: Site,
    /// What it does, in order; the last is a `Return`.
    pub legs: Vec<Leg>,
    /// Where it may be.
    pub geofence: Geofence,
    /// Places to wait or land in an emergency.
    pub rally: Vec<Waypoint>,
    /// What it does when it hears nobody.
    pub lost_link: LostLink,
    /// Ground speed where a leg says none, metres per second.
    pub cruise_speed_m_s: f64,
    /// Time that the vehicle lasts at cruise speed with what it carries at the start, seconds.
    pub endurance_s: f64,
    /// Share of the endurance that must be left at the end, 0 to 1.
    pub reserve_fraction: f64,
    /// How good its link has to be; none for a vehicle that is meant to be out of touch.
    pub link: Option<LinkNeed>,
}

/// The plans of one side, as one planner made them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanSet {
    /// Name of the scenario.
    pub scenario: String,
    /// Whose plans they are.
    pub side: String,
    /// Name of the planner.
    pub planner: String,
    /// Whether the planner read the truth; such plans compare, they are never exported.
    pub oracle: bool,
    /// Value of the planner's objective.
    pub objective: f64,
    /// Bound on the objective, where the planner proves one.
    pub bound: Option<f64>,
    /// One plan per vehicle.
    pub plans: Vec<MissionPlan>,
    /// Why it is so, one sentence each.
    pub why: Vec<String>,
}

impl MissionPlan {
    /// Replaces heights above ground by heights above mean sea level, so that a plan can go to an
    /// autopilot without terrain data. `ground_m` gives the ground's height above mean sea level.
    /// Between two waypoints the ground is not followed any more: run the safety check after it.
    pub fn resolve_ground(&mut self, ground_m: impl Fn(Position) -> f64) {
        let legs = self
            .legs
            .iter_mut()
            .flat_map(|leg| leg.waypoints.iter_mut());
        for waypoint in legs.chain(self.rally.iter_mut()) {
            if let Altitude::AboveGround(height_m) = waypoint.altitude {
                let surface_m = ground_m(waypoint.position());
                waypoint.altitude = Altitude::AboveMeanSea(surface_m + height_m);
            }
        }
    }

    /// Whether the last leg, and only the last, is a return.
    #[must_use]
    pub fn ends_in_return(&self) -> bool {
        let is_return = |leg: &Leg| matches!(leg.kind, LegKind::Return { .. });
        self.legs
            .split_last()
            .is_some_and(|(last, before)| is_return(last) && !before.iter().any(is_return))
    }
}

impl Leg {
    /// A leg that goes along the waypoints at cruise speed.
    #[must_use]
    pub fn navigate(waypoints: Vec<Waypoint>) -> Self {
        Self {
            kind: LegKind::Navigate,
            waypoints,
            speed_m_s: None,
            window: None,
            task: None,
        }
    }

    /// How long it stays at its last waypoint, seconds.
    #[must_use]
    pub fn hold_s(&self) -> f64 {
        match self.kind {
            LegKind::Relay { hold_s } | LegKind::Loiter { hold_s, .. } => hold_s,
            LegKind::Navigate | LegKind::Sense { .. } | LegKind::Return { .. } => 0.0,
        }
    }
}
