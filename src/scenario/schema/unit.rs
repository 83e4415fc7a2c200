//! Units: what stands where at the start, with what, in which networks.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::Role;

/// A unit, or `count` equal ones whose ids are `<id>-1` to `<id>-<count>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSpec {
    /// Id; unique in the file after expansion. With `count` above 1 it is the stem.
    pub id: String,
    /// Catalogue class.
    pub class: String,
    /// Id of the force it belongs to.
    pub force: String,
    /// Number of equal units.
    #[serde(default = "default_count")]
    pub count: u32,
    /// Where one unit of a group is listed alone, because it differs: which one it is.
    #[serde(default)]
    pub member: Option<Member>,
    /// Position, in metres east and north; exactly one of `at_m` and `at_deg` is given. With a
    /// count it is the formation's leader.
    #[serde(default)]
    pub at_m: Option<DVec2>,
    /// Position as latitude and longitude, in degrees.
    #[serde(default)]
    pub at_deg: Option<DVec2>,
    /// How `count` units stand about the position.
    #[serde(default)]
    pub formation: Formation,
    /// Heading, in degrees clockwise from true north.
    #[serde(default)]
    pub heading_deg: f64,
    /// Height above the ground or the sea, in metres; aircraft only. 0 is parked.
    #[serde(default)]
    pub altitude_m: Option<f64>,
    /// Depth below the sea surface, in metres; underwater craft only.
    #[serde(default)]
    pub depth_m: Option<f64>,
    /// Catalogue sensors instead of the class's own.
    #[serde(default)]
    pub sensors: Option<Vec<String>>,
    /// Catalogue radios instead of the class's own.
    #[serde(default)]
    pub radios: Option<Vec<String>>,
    /// Effectors and rounds instead of the class's own.
    #[serde(default)]
    pub effectors: Option<Vec<EffectorFit>>,
    /// Catalogue jammers that it carries.
    #[serde(default)]
    pub jammers: Vec<String>,
    /// Whether its jammers are switched on at the start; a spoofer waits for its inject.
    #[serde(default = "default_jammers_on")]
    pub jammers_on: bool,
    /// What its station for the automatic identification of ships says.
    #[serde(default)]
    pub transponder: TransponderUse,
    /// Ids of the networks it is in; it needs the radio of each.
    #[serde(default)]
    pub networks: Vec<String>,
    /// What it does for others.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Label of what this unit reports, instead of its force's: the other nations that may have it.
    #[serde(default)]
    pub releasable_to: Option<Vec<String>>,
    /// Energy at the start as a share of the class's capacity, 0 to 1.
    #[serde(default = "default_energy_fraction")]
    pub energy_fraction: f64,
    /// A route to follow until a task says otherwise.
    #[serde(default)]
    pub route: Option<InitialRoute>,
}

/// The count of a unit that names none.
fn default_count() -> u32 {
    1
}

/// The energy of a unit that names none: full.
fn default_energy_fraction() -> f64 {
    1.0
}

/// The state of a unit's jammers where it names none: on.
fn default_jammers_on() -> bool {
    true
}

/// A position as the file gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// Metres east and north of the origin.
    Local(DVec2),
    /// Degrees of latitude and longitude.
    Geodetic {
        /// Geodetic latitude, in degrees north.
        lat_deg: f64,
        /// Longitude, in degrees east.
        lon_deg: f64,
    },
}

impl UnitSpec {
    /// The position as given; `None` if the file gives neither or both, which validation refuses.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match (self.at_m, self.at_deg) {
            (Some(at), None) => Some(Place::Local(at)),
            (None, Some(at)) => Some(Place::Geodetic {
                lat_deg: at.x,
                lon_deg: at.y,
            }),
            _ => None,
        }
    }

    /// Id of the group by which missions may name its units: its own, or that of the group that it
    /// is a member of.
    #[must_use]
    pub fn stem(&self) -> &str {
        self.member.as_ref().map_or(&self.id, |member| &member.of)
    }

    /// Place in the formation of the `index`-th unit of this entry, and how many places there are.
    #[must_use]
    pub fn place_in_formation(&self, index: u32) -> (u32, u32) {
        match &self.member {
            Some(member) => (member.number.saturating_sub(1), member.count),
            None => (index, self.count),
        }
    }

    /// Ids of the units that this entry stands for, in order.
    pub fn expanded_ids(&self) -> impl Iterator<Item = String> + '_ {
        (1..=self.count).map(|n| {
            if self.count == 1 {
                self.id.clone()
            } else {
                format!("{}-{n}", self.id)
            }
        })
    }
}

/// One unit of a group that is listed alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Stem of the group.
    pub of: String,
    /// Its number in the group, from 1.
    pub number: u32,
    /// Number of units of the group.
    pub count: u32,
}

/// What a unit does with its station for the automatic identification of ships.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum TransponderUse {
    /// Civil craft report, others listen.
    #[default]
    ByClass,
    /// It listens and says nothing.
    Off,
    /// It reports, whatever its class.
    On,
    /// It reports a place where it is not.
    Spoofed {
        /// From where it is to where it says that it is, east and north, in metres.
        offset_m: DVec2,
    },
}

/// An effector and its rounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectorFit {
    /// Catalogue effector.
    pub effector: String,
    /// Rounds at the start, also the capacity.
    pub rounds: u32,
}

/// How equal units stand about their position, relative to the heading.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formation {
    /// Shape.
    pub shape: FormationShape,
    /// Distance between neighbours, in metres.
    pub spacing_m: f64,
    /// How they keep together on the way to a common task.
    #[serde(default)]
    pub motion: GroupMotion,
}

impl Default for Formation {
    /// A line abreast, 50 m apart.
    fn default() -> Self {
        Self {
            shape: FormationShape::Line,
            spacing_m: 50.0,
            motion: GroupMotion::Apart,
        }
    }
}

/// How the units of one entry keep together on the way to a common task.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupMotion {
    /// Each goes its own way.
    #[default]
    Apart,
    /// In the shape in which they started, about the first that still goes.
    Formation,
    /// As a flock: apart by the spacing, the same way, close to one another.
    Flock,
}

/// Shapes of formation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormationShape {
    /// Abreast, across the heading.
    Line,
    /// One behind the other.
    Column,
    /// A wedge with the first in front.
    Wedge,
    /// On a circle about the position.
    Circle,
    /// In rows and columns.
    Grid,
}

/// A route that a unit follows from the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InitialRoute {
    /// Waypoints, in metres east and north.
    pub waypoints_m: Vec<DVec2>,
    /// Speed, in metres per second; the class's cruise where it is left out.
    #[serde(default)]
    pub speed_m_s: Option<f64>,
    /// When to set out, in seconds.
    #[serde(default)]
    pub start_s: f64,
    /// Whether to begin anew at the first waypoint after the last.
    #[serde(default)]
    pub repeat: bool,
}
