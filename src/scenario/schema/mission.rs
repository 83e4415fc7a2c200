//! Missions: what a force is to do, where and when.

use glam::DVec2;
use serde::{Deserialize, Serialize};

/// A mission of a force; its command post turns it into tasks for vehicles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mission {
    /// Id.
    pub id: String,
    /// Id of the force that does it.
    pub force: String,
    /// What to do.
    pub task: TaskSpec,
    /// Units to use, by expanded id or by the stem of a counted entry; empty leaves the choice to
    /// the planner among all capable units of the force and its subordinates.
    #[serde(default)]
    pub units: Vec<String>,
    /// Number of vehicles wanted; ignored where `units` names them.
    #[serde(default = "default_vehicles")]
    pub vehicles: u32,
    /// Precedence, 0 (routine) to 3 (flash).
    #[serde(default)]
    pub priority: u8,
    /// Worth of having done it, in the planner's own scale.
    #[serde(default = "default_value")]
    pub value: f64,
    /// When.
    #[serde(default)]
    pub window: Window,
    /// Whether it waits for an order; see `decisions`.
    #[serde(default)]
    pub on_order: bool,
    /// Courses of its side in which it is foreseen; empty is all.
    #[serde(default)]
    pub courses: Vec<String>,
}

/// The vehicles of a mission that names no number.
fn default_vehicles() -> u32 {
    1
}

/// The value of a mission that names none.
fn default_value() -> f64 {
    1.0
}

/// The time for which an objective has to be clear, in seconds (notional, 60 to 600).
fn default_clear() -> f64 {
    120.0
}

/// A window of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Window {
    /// Not before, in seconds.
    pub not_before_s: f64,
    /// Not after, in seconds; none is the end of the run.
    pub not_after_s: Option<f64>,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum TaskSpec {
    /// Sweep an area with sensors, again and again while the window lasts.
    Search {
        /// Simple polygon, in metres east and north.
        area_m: Vec<DVec2>,
        /// Height above ground for aircraft or depth for underwater craft, in metres.
        #[serde(default)]
        altitude_m: Option<f64>,
    },
    /// Go up and down a route while the window lasts.
    Patrol {
        /// Waypoints, in metres east and north.
        route_m: Vec<DVec2>,
        /// Height above ground for aircraft or depth for underwater craft, in metres.
        #[serde(default)]
        altitude_m: Option<f64>,
    },
    /// Watch a point from where it can be seen.
    Observe {
        /// The point, in metres east and north.
        at_m: DVec2,
        /// Distance to keep, in metres.
        #[serde(default)]
        standoff_m: f64,
        /// Height above ground for aircraft or depth for underwater craft, in metres.
        #[serde(default)]
        altitude_m: Option<f64>,
    },
    /// Go along a route and stay at its end.
    Move {
        /// Waypoints, in metres east and north.
        route_m: Vec<DVec2>,
    },
    /// Stay within a circle.
    Hold {
        /// Centre, in metres east and north.
        at_m: DVec2,
        /// Radius, in metres.
        radius_m: f64,
    },
    /// Go along a route to its end, avoiding contact where belief shows any.
    Infiltrate {
        /// Waypoints, in metres east and north; the last is the objective.
        route_m: Vec<DVec2>,
    },
    /// Spread along a phase line and watch beyond it.
    Screen {
        /// Id of a phase line.
        line: String,
        /// Height above ground for aircraft or depth for underwater craft, in metres.
        #[serde(default)]
        altitude_m: Option<f64>,
    },
    /// Look at all of an area once.
    Reconnoitre {
        /// Id of an area.
        area: String,
        /// Height above ground for aircraft or depth for underwater craft, in metres.
        #[serde(default)]
        altitude_m: Option<f64>,
    },
    /// Go along a route by halves: one moves while the other stands and watches.
    Bound {
        /// Id of a route.
        route: String,
        /// Length of one bound, in metres.
        bound_m: f64,
    },
    /// Stand on one phase line after the other, falling back when pressed.
    Delay {
        /// Ids of phase lines, the first to be held first.
        lines: Vec<String>,
        /// Distance of a hostile track from the nearest vehicle at which it falls back, in metres.
        pressed_m: f64,
    },
    /// Go back to an area, clear of believed contact, and stay there.
    Withdraw {
        /// Id of an area.
        area: String,
    },
    /// Take an area and hold it; it is secured when no hostile track has been in it for a while.
    Secure {
        /// Id of an area.
        area: String,
        /// How long it has to be clear, in seconds.
        #[serde(default = "default_clear")]
        clear_s: f64,
    },
    /// Take up places from which an area can be fired into.
    SupportByFire {
        /// Id of the area of the places.
        from: String,
        /// Id of the area that is to be seen from there.
        at: String,
    },
    /// Stay with a unit of the own side.
    Escort {
        /// Id of the unit.
        unit: String,
        /// Distance beyond which it is followed, in metres.
        distance_m: f64,
    },
    /// Drive to a unit of the own side and stay with it, to replenish it as a depot on wheels.
    Resupply {
        /// Id of the unit.
        unit: String,
        /// How long to stay, in seconds.
        stay_s: f64,
    },
    /// Carry messages for others from a point.
    Relay {
        /// The point, in metres east and north.
        at_m: DVec2,
        /// Height above ground for aircraft or depth for underwater craft, in metres.
        #[serde(default)]
        altitude_m: Option<f64>,
    },
}
