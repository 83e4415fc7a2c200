//! Sides and orders of battle.

use serde::{Deserialize, Serialize};

use super::{CourseOfAction, Echelon, Planner};

/// A party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// Id.
    pub id: String,
    /// Sides that this one is hostile to. Hostility must be mutual; all others are neutral to it.
    #[serde(default)]
    pub hostile_to: Vec<String>,
    /// Ways in which it may go about its task.
    #[serde(default)]
    pub courses: Vec<CourseOfAction>,
    /// Id of the course that it takes; `drawn` draws one by their weights, anew with every seed.
    /// Without one, missions and decisions that name courses are not its own.
    #[serde(default)]
    pub course: Option<String>,
    /// How its command posts choose who does what.
    #[serde(default)]
    pub planner: Planner,
}

/// A node of an order of battle. `side`, `nation`, `service`, `doctrine` and `releasable_to` are inherited from the
/// superior where they are left out; a top force must name `side`, `nation` and `service`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Force {
    /// Id, unique among all forces of the file.
    pub id: String,
    /// Name for people; the id where it is left out.
    #[serde(default)]
    pub name: Option<String>,
    /// Id of the side.
    #[serde(default)]
    pub side: Option<String>,
    /// Nation, any word; releasability speaks of nations.
    #[serde(default)]
    pub nation: Option<String>,
    /// Service, any word (`army`, `navy`, ...); the stovepiped regime divides by service.
    #[serde(default)]
    pub service: Option<String>,
    /// Size; never larger than the superior's.
    pub echelon: Echelon,
    /// Id of the unit that commands this force; it must have the role `Command`. Without one the
    /// superior's commands it.
    #[serde(default)]
    pub command: Option<String>,
    /// Id of the doctrine.
    #[serde(default)]
    pub doctrine: Option<String>,
    /// Label of what the units of this force report: the other nations that may have it, as far as
    /// `sharing.releases` release it at all. Without one the releases alone decide; an empty list
    /// keeps it national. Inherited.
    #[serde(default)]
    pub releasable_to: Option<Vec<String>>,
    /// Forces under this one.
    #[serde(default)]
    pub subordinates: Vec<Self>,
}
