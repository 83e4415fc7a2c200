//! What is to be done, before it is decided who does it.
//!
//! Tasks live inside the simulator, so they are in the scenario's local frame: metres east and
//! north of the origin. Engagement is no task: fire is ordered by a person at a desk.

use std::collections::BTreeSet;

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::mission::TimeWindow;

/// What a vehicle needs to be able to do to take a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Moves by itself.
    Move,
    /// Carries a sensor that finds things in its field of view.
    Sense,
    /// Passes others' messages on.
    Relay,
    /// Carries supplies for others.
    Carry,
    /// Moves over land.
    Land,
    /// Flies.
    Air,
    /// Moves on the water.
    Surface,
    /// Moves under water.
    Subsurface,
}

/// A kind of task with its place, metres in the local frame (x east, y north).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum TaskKind {
    /// Look at every point of an area once.
    Search {
        /// Corners in order, the first not repeated, metres.
        area: Vec<DVec2>,
    },
    /// Keep looking at a place.
    Observe {
        /// The place, metres.
        point: DVec2,
        /// From within this distance, metres.
        range_m: f64,
    },
    /// Go along a route again and again.
    Patrol {
        /// The route, metres; from the last point back to the first.
        route: Vec<DVec2>,
    },
    /// Go along a route and stay at its end.
    Move {
        /// The route, metres.
        route: Vec<DVec2>,
    },
    /// Stay about a place.
    Hold {
        /// The place, metres.
        point: DVec2,
        /// Within this distance, metres.
        radius_m: f64,
    },
    /// Spread along a line and watch beyond it.
    Screen {
        /// The line, metres.
        line: Vec<DVec2>,
    },
    /// Take up places in an area from which a point can be seen.
    Support {
        /// Corners of the area in order, the first not repeated, metres.
        area: Vec<DVec2>,
        /// The point, metres.
        point: DVec2,
    },
    /// Stay at a place and pass messages on.
    Relay {
        /// The place, metres.
        point: DVec2,
    },
    /// Stay with a friendly unit.
    Escort {
        /// Id of the unit.
        unit: String,
        /// Within this distance, metres.
        distance_m: f64,
    },
    /// Bring supplies to a friendly unit.
    Resupply {
        /// Id of the unit.
        unit: String,
        /// How long to stay with it, seconds.
        stay_s: f64,
    },
}

/// What a task asks of those who take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// Every one of these.
    pub capabilities: BTreeSet<Capability>,
    /// How many vehicles at once, at least 1.
    pub vehicles: u32,
}

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Unique in its scenario.
    pub id: String,
    /// What and where.
    pub kind: TaskKind,
    /// Order in which tasks are served when not all can be: 1 is first.
    pub priority: u32,
    /// What it is worth, in the units of the planner's objective; above 0.
    pub value: f64,
    /// When; none means at any time.
    pub window: Option<TimeWindow>,
    /// Who can take it.
    pub needs: Needs,
}

impl TaskKind {
    /// What a vehicle must at least be able to do for this kind of task.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Self::Search { .. } | Self::Observe { .. } | Self::Patrol { .. } => Capability::Sense,
            Self::Relay { .. } => Capability::Relay,
            Self::Resupply { .. } => Capability::Carry,
            Self::Move { .. }
            | Self::Hold { .. }
            | Self::Screen { .. }
            | Self::Support { .. }
            | Self::Escort { .. } => Capability::Move,
        }
    }

    /// Where a vehicle first has to go, metres; none where that is where another unit is, or where
    /// the task has no point.
    #[must_use]
    pub fn entry(&self) -> Option<DVec2> {
        match self {
            Self::Search { area: points }
            | Self::Patrol { route: points }
            | Self::Screen { line: points }
            | Self::Support { area: points, .. }
            | Self::Move { route: points } => points.first().copied(),
            Self::Observe { point, .. } | Self::Hold { point, .. } | Self::Relay { point } => {
                Some(*point)
            }
            Self::Escort { .. } | Self::Resupply { .. } => None,
        }
    }
}

impl Needs {
    /// One vehicle with these capabilities.
    #[must_use]
    pub fn one(capabilities: impl IntoIterator<Item = Capability>) -> Self {
        Self {
            capabilities: capabilities.into_iter().collect(),
            vehicles: 1,
        }
    }

    /// Whether a vehicle that can do `offered` can take part.
    #[must_use]
    pub fn are_met_by(&self, offered: &BTreeSet<Capability>) -> bool {
        self.capabilities.is_subset(offered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_met_only_by_every_capability() {
        let needs = Needs::one([Capability::Sense, Capability::Air]);
        let bird: BTreeSet<_> = [Capability::Move, Capability::Air, Capability::Sense].into();
        let boat: BTreeSet<_> = [Capability::Surface, Capability::Sense].into();
        assert!(needs.are_met_by(&bird));
        assert!(!needs.are_met_by(&boat));
    }

    #[test]
    fn a_task_survives_its_text_form() {
        let task = Task {
            id: "search-north".into(),
            kind: TaskKind::Search {
                area: vec![DVec2::ZERO, DVec2::X, DVec2::Y],
            },
            priority: 1,
            value: 10.0,
            window: Some(TimeWindow {
                not_before_s: 0.0,
                not_after_s: 600.0,
            }),
            needs: Needs::one([Capability::Sense]),
        };
        let text = serde_json::to_string(&task).unwrap();
        assert_eq!(serde_json::from_str::<Task>(&text).unwrap(), task);
        assert_eq!(task.kind.entry(), Some(DVec2::ZERO));
    }
}
