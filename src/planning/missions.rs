//! Missions of forces, the stages that each goes through, and what posts remember of them.
//!
//! A mission is a list of [`Stage`]s: what its vehicles do, which of them, and when it is over. A
//! verb of the scenario (`Bound`, `Delay`, `Secure`) becomes such a list; planners know stages only.

use std::collections::BTreeMap;

use bevy::prelude::{Component, Resource};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::compose::Composer;
use crate::{
    environment::{Landscape, NoGoAreas},
    kernel::{
        ids::{UnitIndex, UnitIx},
        time::SimTime,
    },
    org::{ForceIx, OrderOfBattle},
    picture::BlueEntry,
    plan::{TaskKind, polygon::Polygon},
    platform::{emission::Levels, together::Groups, vehicle::Fleet},
    sensing::SensorSuites,
};

/// When a stage of a mission is over, as far as its post believes.
#[derive(Debug, Clone, PartialEq)]
pub enum Until {
    /// With the mission.
    Ended,
    /// All its vehicles are where they go to, or report that they have done what they were to do.
    Arrived,
    /// After so many seconds.
    Held(f64),
    /// Hostile tracks press upon its vehicles.
    Pressed {
        /// Distance from the nearest vehicle within which a hostile track counts, m.
        within_m: f64,
    },
    /// One of its vehicles is in the area, and no live hostile track has been for so many seconds.
    Clear {
        /// The area.
        area: Polygon,
        /// How long, s.
        for_s: f64,
    },
}

/// Which of a mission's vehicles a stage moves; the others stay at what they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// All.
    All,
    /// The first half, rounded up.
    First,
    /// The second half; of one vehicle, that one.
    Second,
}

impl Who {
    /// Those of the vehicles that it means.
    #[must_use]
    pub fn of(self, units: &[UnitIx]) -> &[UnitIx] {
        let half = units.len().div_ceil(2);
        match self {
            Self::All => units,
            Self::First => &units[..half],
            Self::Second if units.len() < 2 => units,
            Self::Second => &units[half..],
        }
    }
}

/// One stage of a mission.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What to do.
    pub kind: TaskKind,
    /// Who does it.
    pub who: Who,
    /// When it is over.
    pub until: Until,
    /// Whether this is the objective: the mission counts as secured when it is over.
    pub is_objective: bool,
}

impl Stage {
    /// A stage of all vehicles that is the objective.
    #[must_use]
    pub fn objective(kind: TaskKind, until: Until) -> Self {
        Self {
            kind,
            who: Who::All,
            until,
            is_objective: true,
        }
    }
}

/// A mission of a force, as the scenario gives it. Static.
#[derive(Debug, Clone)]
pub struct Mission {
    /// Id.
    pub id: String,
    /// Its verb, in lower case.
    pub verb: &'static str,
    /// Force.
    pub force: ForceIx,
    /// What is done, one after the other; at least one.
    pub stages: Vec<Stage>,
    /// Whether it waits for an order to begin.
    pub is_on_order: bool,
    /// Whether it keeps clear of believed hostile tracks.
    pub is_wary: bool,
    /// Height above ground or depth, m.
    pub altitude_m: Option<f64>,
    /// Units that do it; empty leaves the choice to the planner.
    pub units: Vec<UnitIx>,
    /// Unit that is accompanied or supplied.
    pub with: Option<UnitIx>,
    /// Vehicles wanted where no unit is named.
    pub vehicles: u32,
    /// Worth, precedence included.
    pub value: f64,
    /// Not before and not after, s.
    pub window_s: (f64, f64),
}

/// All missions, and where each unit started.
#[derive(Debug, Clone, Default, Resource)]
pub struct Missions {
    /// Missions in the scenario's order.
    pub list: Vec<Mission>,
    /// Starting positions by rank, m.
    pub homes: Vec<DVec3>,
}

/// A vehicle's part of a mission.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Assigned {
    pub(super) mission: usize,
    pub(super) since: SimTime,
    /// Where it is to end up, m.
    pub(super) goal: DVec2,
    /// When it should be there, by the plan.
    pub(super) due: SimTime,
    /// Whether it was believed to be there, or done.
    pub(super) has_arrived: bool,
}

/// How a mission came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All stages were gone through.
    Done,
    /// None of its vehicles is left, as far as its post believes.
    Failed,
    /// Its time ran out.
    Lapsed,
    /// An order called it off.
    CalledOff,
}

/// How far a mission is, as its post believes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Whether an order switched it on; none where nobody ordered anything.
    pub(super) ordered: Option<bool>,
    /// Stage that it is in.
    pub(super) stage: usize,
    /// Since when.
    pub(super) since: SimTime,
    /// When the first plan of it was given out.
    pub(super) begun: Option<SimTime>,
    /// Since when its objective has been clear.
    pub(super) clear_since: Option<SimTime>,
    /// How it ended.
    pub(super) ended: Option<Outcome>,
}

/// What a post has given to whom.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct TaskState {
    pub(super) assigned: BTreeMap<UnitIx, Assigned>,
    pub(super) planned: Option<SimTime>,
    pub(super) has_broken_off: bool,
    pub(super) progress: BTreeMap<usize, Progress>,
    /// Vehicles for which no way was found lately, and when.
    pub(super) barred: BTreeMap<UnitIx, SimTime>,
}

impl TaskState {
    /// How far a mission is.
    #[must_use]
    pub fn progress(&self, mission: usize) -> Progress {
        self.progress.get(&mission).copied().unwrap_or_default()
    }

    /// Whether it is time to plan.
    pub(super) fn is_due(&self, interval_s: f64, now: SimTime) -> bool {
        self.planned
            .is_none_or(|last| now.since_s(last) >= interval_s)
    }

    /// Where those vehicles of a mission are to end up that count, m.
    pub(super) fn goals_of(&self, mission: usize, counts: impl Fn(UnitIx) -> bool) -> Vec<DVec2> {
        let given = self.assigned.iter();
        let others = given.filter(|(unit, given)| given.mission == mission && counts(**unit));
        others.map(|(_, given)| given.goal).collect()
    }

    /// What a unit was given, as long as that mission goes on.
    pub(super) fn live(&self, unit: UnitIx) -> Option<&Assigned> {
        let given = self.assigned.get(&unit);
        given.filter(|given| self.progress(given.mission).ended.is_none())
    }
}

impl Progress {
    /// Whether a mission is on.
    #[must_use]
    pub fn is_on(&self, mission: &Mission) -> bool {
        self.ended.is_none() && self.ordered.unwrap_or(!mission.is_on_order)
    }

    /// The stage that a mission is in.
    #[must_use]
    pub fn stage_of<'a>(&self, mission: &'a Mission) -> &'a Stage {
        &mission.stages[self.stage.min(mission.stages.len() - 1)]
    }
}

/// Silence after which a post counts a unit of its own as lost, s.
const SILENT_S: f64 = 300.0;

/// Whether a post still counts on a unit: it can move, as far as is known, and was heard of lately or
/// has to keep silent.
#[must_use]
pub fn counts_on(entry: &BlueEntry, plan: &Levels, now: SimTime) -> bool {
    let is_quiet = plan.is_silent(entry.unit);
    let since = plan.expected_since(entry.unit, entry.heard());
    entry.can_move() && (is_quiet || now.since_s(since) <= SILENT_S)
}

/// Everything static that mission planning reads.
#[derive(Debug, Clone, Copy)]
pub struct Means<'a> {
    /// Who belongs to whom.
    pub order: &'a OrderOfBattle,
    /// Vehicles.
    pub fleet: &'a Fleet,
    /// Names.
    pub index: &'a UnitIndex,
    /// Sensors.
    pub suites: &'a SensorSuites,
    /// Who keeps together.
    pub groups: &'a Groups,
    /// The ground.
    pub landscape: &'a Landscape,
    /// Forbidden areas.
    pub no_go: &'a NoGoAreas,
    /// Missions.
    pub missions: &'a Missions,
    /// Who was ordered to radiate what, as the post knows it.
    pub plan: &'a Levels,
}

impl<'a> Means<'a> {
    /// What makes plans for a vehicle as it is believed to be; height above ground or depth, m, where
    /// the mission names one.
    pub(super) fn composer(&self, entry: &BlueEntry, altitude_m: Option<f64>) -> Composer<'a> {
        Composer {
            landscape: self.landscape,
            vehicle: self.fleet.vehicle(entry.unit),
            unit: self.index.name(entry.unit),
            home: self.missions.homes[entry.unit.at()],
            position: entry.place.position,
            energy_share: entry.energy_share(),
            altitude_m,
        }
    }

    /// Whether a post still counts on a unit.
    pub(super) fn is_alive(&self, entry: &BlueEntry, now: SimTime) -> bool {
        counts_on(entry, self.plan, now)
    }

    /// Missions that a post commands, with their numbers.
    pub(super) fn missions_of(
        &self,
        post: UnitIx,
    ) -> impl Iterator<Item = (usize, &'a Mission)> + use<'a> {
        let order = self.order;
        let list = self.missions.list.iter().enumerate();
        list.filter(move |(_, mission)| order.forces[mission.force.at()].command == Some(post))
    }

    /// Units that may do a mission in this stage.
    pub(super) fn candidates(&self, mission: &Mission, stage: &Stage) -> Vec<UnitIx> {
        if !mission.units.is_empty() {
            return stage.who.of(&mission.units).to_vec();
        }
        (0..self.fleet.len())
            .map(UnitIx::from_at)
            .filter(|unit| {
                let org = self.order.unit(*unit);
                self.order.is_within(org.force, mission.force)
                    && org.roles.is_empty()
                    && self.is_capable(*unit, &stage.kind)
            })
            .collect()
    }

    /// Whether a vehicle can do a kind of task at all.
    fn is_capable(&self, unit: UnitIx, kind: &TaskKind) -> bool {
        let needs_sensor = kind.capability() == crate::plan::Capability::Sense;
        self.fleet.vehicle(unit).kinematics.can_travel()
            && !(needs_sensor && self.suites.of(unit).is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_share_all_vehicles_and_one_vehicle_is_both() {
        let units: Vec<UnitIx> = (0..5).map(UnitIx).collect();
        assert_eq!(Who::First.of(&units), &units[..3]);
        assert_eq!(Who::Second.of(&units), &units[3..]);
        assert_eq!(Who::Second.of(&units[..1]), &units[..1]);
        assert_eq!(Who::All.of(&units), &units[..]);
    }
}
