//! Command: control measures, staffs, decision points and courses of action.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{Emcon, ServiceTime};

/// A line or area on the map by which a side steers itself. Tasks, decisions and fires name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlMeasure {
    /// Id, unique in the file.
    pub id: String,
    /// Id of the side whose it is.
    pub side: String,
    /// What it is and where.
    pub shape: Shape,
}

/// What a control measure is, and where: metres east and north.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Shape {
    /// An area to act in: an objective, an assembly area, an area of interest.
    Area {
        /// Simple polygon, in metres.
        area_m: Vec<DVec2>,
    },
    /// A route or axis.
    Route {
        /// Waypoints, in metres.
        route_m: Vec<DVec2>,
    },
    /// A phase line.
    PhaseLine {
        /// Points, in metres.
        line_m: Vec<DVec2>,
    },
    /// A boundary between two forces: neither fires across it; who commands both may.
    Boundary {
        /// Points, in metres.
        line_m: Vec<DVec2>,
        /// Id of the force on the left hand of who goes along the line.
        left: String,
        /// Id of the force on its right hand.
        right: String,
    },
    /// Nobody of the side fires into it.
    NoFire {
        /// Simple polygon, in metres.
        area_m: Vec<DVec2>,
    },
    /// No shells into it; what is aimed along sight, or steered, may go there.
    RestrictedFire {
        /// Simple polygon, in metres.
        area_m: Vec<DVec2>,
    },
    /// No way of the side leads through it.
    Restricted {
        /// Simple polygon, in metres.
        area_m: Vec<DVec2>,
    },
}

impl Shape {
    /// Its points and whether they close to an area, with the name of their key.
    #[must_use]
    pub fn points(&self) -> (&'static str, &[DVec2], bool) {
        match self {
            Self::Area { area_m }
            | Self::NoFire { area_m }
            | Self::RestrictedFire { area_m }
            | Self::Restricted { area_m } => ("area_m", area_m, true),
            Self::Route { route_m } => ("route_m", route_m, false),
            Self::PhaseLine { line_m } | Self::Boundary { line_m, .. } => ("line_m", line_m, false),
        }
    }
}

/// The people of a command post who handle orders and decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// Id of the command post.
    pub at: String,
    /// Officers who work at the same time.
    pub officers: u32,
    /// Time of one officer for one decision, or for one order that is taken in, worked out and
    /// passed on.
    pub service: ServiceTime,
}

/// A decision that a command post foresees: when it believes this, it orders that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionPoint {
    /// Id, unique in the file.
    pub id: String,
    /// Name for people; the id where it is left out.
    #[serde(default)]
    pub title: Option<String>,
    /// Id of the command post that decides.
    pub at: String,
    /// What it has to believe.
    pub when: Condition,
    /// What it then orders, in this order.
    pub then: Vec<Act>,
    /// Courses of its side in which it is foreseen; empty is all.
    #[serde(default)]
    pub courses: Vec<String>,
}

/// What a command post may believe. Nothing here reads the truth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Condition {
    /// The clock shows this.
    After {
        /// Since the start, in seconds.
        at_s: f64,
    },
    /// Live hostile tracks are in an area.
    HostileIn {
        /// Id of an area.
        area: String,
        /// How many at least.
        number: u32,
    },
    /// Live hostile tracks are on the post's own side of a phase line.
    HostileAcross {
        /// Id of a phase line.
        line: String,
        /// How many at least.
        number: u32,
    },
    /// Units of a force are in an area.
    OwnIn {
        /// Id of the force.
        force: String,
        /// Id of an area.
        area: String,
        /// Share of the units that are still counted on, 0 to 1.
        share: f64,
    },
    /// A force has lost a share of its units, or has not been heard of for five minutes.
    Lost {
        /// Id of the force.
        force: String,
        /// Share, 0 to 1.
        share: f64,
    },
    /// A mission has begun.
    Begun {
        /// Id of the mission.
        mission: String,
    },
    /// The objective of a mission is secured.
    Secured {
        /// Id of the mission.
        mission: String,
    },
    /// A mission is over, however it ended.
    Over {
        /// Id of the mission.
        mission: String,
    },
    /// A decision was taken at the same post.
    Decided {
        /// Id of the decision point.
        decision: String,
    },
    /// All of these.
    All(Vec<Self>),
    /// Any of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
}

/// What a decision orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Act {
    /// A mission begins, anew if it was over.
    Begin {
        /// Id of the mission.
        mission: String,
    },
    /// A mission is called off.
    End {
        /// Id of the mission.
        mission: String,
    },
    /// The units of a force change what they may radiate.
    Emit {
        /// Id of the force.
        force: String,
        /// What they may.
        emcon: Emcon,
        /// For how long, in seconds; until told otherwise where it is left out.
        #[serde(default)]
        for_s: Option<u32>,
    },
    /// The jammers of a unit are switched on or off.
    Jam {
        /// Id of the unit.
        unit: String,
        /// On or off.
        on: bool,
    },
}

/// A way in which a side may go about its task: one is chosen before the run begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseOfAction {
    /// Id, unique among those of its side.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// How often it is drawn, relative to the others, where the course is drawn.
    #[serde(default = "default_weight")]
    pub weight: f64,
    /// Doctrines by force, instead of those of the order of battle.
    #[serde(default)]
    pub doctrines: Vec<(String, String)>,
    /// Units whose jammers are on from the start.
    #[serde(default)]
    pub jammers_on: Vec<String>,
}

/// The weight of a course that names none.
fn default_weight() -> f64 {
    1.0
}
