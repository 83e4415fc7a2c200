//! Missions of forces, and the round of planning that gives them to vehicles. See [`plan_missions`].

use std::collections::BTreeMap;

use bevy::prelude::{Component, Resource};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    algo::allocate::{Allocation, TaskSpec, VehicleSpec, allocate},
    compose::Composer,
    parts::compose,
    routes::RouteBook,
    slots::{Slot, slots},
};
use crate::{
    environment::{Landscape, NoGoAreas},
    kernel::{
        assignment::Assigner,
        ids::{UnitIndex, UnitIx},
        time::SimTime,
    },
    org::{ForceIx, OrderOfBattle},
    picture::{BlueEntry, BluePicture, TrackStore},
    plan::{MissionPlan, TaskKind},
    platform::{together::Groups, vehicle::Fleet},
    sensing::SensorSuites,
};

/// A mission of a force, as the scenario gives it. Static.
#[derive(Debug, Clone)]
pub struct Mission {
    /// Id.
    pub id: String,
    /// Force.
    pub force: ForceIx,
    /// What to do.
    pub kind: TaskKind,
    /// Whether it keeps clear of believed hostile tracks.
    pub is_wary: bool,
    /// Height above ground or depth, m.
    pub altitude_m: Option<f64>,
    /// Units that do it; empty leaves the choice to the planner.
    pub units: Vec<UnitIx>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Assigned {
    pub(super) mission: usize,
    pub(super) since: SimTime,
}

/// What a post has given to whom.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct TaskState {
    pub(super) assigned: BTreeMap<UnitIx, Assigned>,
    pub(super) planned: Option<SimTime>,
    pub(super) has_broken_off: bool,
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
}

/// What one round of mission planning yields.
#[derive(Debug, Default)]
pub struct Round {
    /// Vehicles with their plans.
    pub plans: Vec<(UnitIx, usize, MissionPlan)>,
    /// Worth of what was given out.
    pub objective: f64,
    /// Bound on the worth of the first round.
    pub bound: f64,
    /// What could not be done, and why.
    pub why: Vec<String>,
}

/// Time after which a vehicle that reports itself idle is believed, s: its order needs to arrive.
const SETTLE_S: f64 = 90.0;

/// Price of a second of a vehicle's way, in units of missions' value.
const PRICE_PER_S: f64 = 1e-4;

/// Whether a vehicle can do a kind of task at all.
fn is_capable(unit: UnitIx, kind: &TaskKind, means: &Means<'_>) -> bool {
    let vehicle = means.fleet.vehicle(unit);
    let needs_sensor = matches!(
        kind,
        TaskKind::Search { .. } | TaskKind::Patrol { .. } | TaskKind::Observe { .. }
    );
    vehicle.kinematics.can_travel() && !(needs_sensor && means.suites.of(unit).is_empty())
}

/// Units that may do a mission.
fn candidates(mission: &Mission, means: &Means<'_>) -> Vec<UnitIx> {
    if !mission.units.is_empty() {
        return mission.units.clone();
    }
    (0..means.fleet.len())
        .map(UnitIx::from_at)
        .filter(|unit| {
            let org = means.order.unit(*unit);
            means.order.is_within(org.force, mission.force)
                && org.roles.is_empty()
                && is_capable(*unit, &mission.kind, means)
        })
        .collect()
}

/// Whether a post may count on a unit for something new.
fn is_free(entry: &BlueEntry, assigned: Option<&Assigned>) -> bool {
    let Some(status) = &entry.status else {
        return false;
    };
    let is_over = |given: &Assigned| status.is_idle && status.at.since_s(given.since) > SETTLE_S;
    status.can_move && assigned.is_none_or(is_over)
}

/// A mission that a post can give to somebody now.
struct Open {
    mission: usize,
    /// Units that may do it and are free.
    units: Vec<UnitIx>,
    /// How many of them are still wanted.
    wanted: usize,
}

/// The missions of a post that are on, and why nobody can be given one that is left out.
fn open_missions(
    post: UnitIx,
    free: &[&BlueEntry],
    given: &BTreeMap<UnitIx, Assigned>,
    now: SimTime,
    means: &Means<'_>,
    why: &mut Vec<String>,
) -> Vec<Open> {
    let is_free = |unit: &UnitIx| free.iter().any(|entry| entry.unit == *unit);
    let mut open = Vec::new();
    for (at, mission) in means.missions.list.iter().enumerate() {
        let (from_s, to_s) = mission.window_s;
        if means.order.forces[mission.force.at()].command != Some(post) || now.as_s() >= to_s {
            continue;
        }
        if now.as_s() < from_s {
            why.push(format!("{}: begins at {from_s:.0} s", mission.id));
            continue;
        }
        let all = candidates(mission, means);
        let mut units = all.clone();
        units.retain(&is_free);
        let busy = given
            .iter()
            .filter(|(unit, given)| given.mission == at && !is_free(unit))
            .count();
        let asked = if mission.units.is_empty() {
            mission.vehicles as usize
        } else {
            mission.units.len()
        };
        let wanted = asked.saturating_sub(busy).min(units.len());
        if wanted > 0 {
            open.push(Open {
                mission: at,
                units,
                wanted,
            });
        } else if all.is_empty() {
            why.push(format!("{}: no unit of the force can do it", mission.id));
        } else if busy == 0 {
            why.push(format!(
                "{}: none of the units that can do it is free and heard of by {}",
                mission.id,
                means.index.name(post)
            ));
        }
    }
    open
}

/// Plans what a post can give out now.
pub fn plan_missions(
    post: UnitIx,
    (picture, tracks): (&BluePicture, &TrackStore),
    given: &TaskState,
    now: SimTime,
    means: &Means<'_>,
    (book, assigner): (&mut RouteBook, &mut Assigner),
) -> Round {
    let given = &given.assigned;
    let mut round = Round::default();
    let free: Vec<&BlueEntry> = picture
        .entries()
        .iter()
        .filter(|entry| is_free(entry, given.get(&entry.unit)))
        .collect();
    let open = open_missions(post, &free, given, now, means, &mut round.why);
    let mut parts: Vec<Slot> = Vec::new();
    for open in &open {
        let first = free.iter().find(|entry| entry.unit == open.units[0]);
        let mission = &means.missions.list[open.mission];
        let Some(first) = first else {
            continue;
        };
        let cut = slots(open.mission, mission, open.wanted, first, means);
        if cut.is_empty() {
            round.why.push(format!(
                "{}: its area cannot be swept by {}",
                mission.id,
                means.index.name(first.unit)
            ));
        }
        parts.extend(cut);
    }
    if parts.is_empty() {
        return round;
    }
    for (slot, layer) in parts.iter_mut().zip((0..LAYERS).cycle()) {
        slot.layer = layer;
    }
    match allocation(&parts, &open, &free, now, means, assigner) {
        Ok(allocation) => give_out(
            &allocation,
            (&parts, &free),
            (tracks, now, means, book),
            &mut round,
        ),
        Err(cause) => round.why.push(cause),
    }
    round
}

/// Turns an allocation into plans, and says what was left and why.
fn give_out(
    allocation: &Allocation,
    (parts, free): (&[Slot], &[&BlueEntry]),
    (tracks, now, means, book): (&TrackStore, SimTime, &Means<'_>, &mut RouteBook),
    round: &mut Round,
) {
    round.objective = allocation.first_round;
    round.bound = allocation.first_round_bound;
    for (vehicle, visits) in allocation.plans.iter().enumerate() {
        let Some(visit) = visits.first() else {
            continue;
        };
        let (entry, slot) = (free[vehicle], &parts[visit.task]);
        match compose(entry, slot, tracks, now, means, book) {
            Some(plan) => round.plans.push((entry.unit, slot.mission, plan)),
            None => round.why.push(format!(
                "{}: no way for {}",
                means.missions.list[slot.mission].id,
                means.index.name(entry.unit)
            )),
        }
    }
    for slot in allocation.left.iter().map(|part| &parts[*part]) {
        let mission = &means.missions.list[slot.mission];
        round.why.push(format!(
            "{}: a part is left out, since every free unit that can do it has something worthier to \
             do, or gets there after {:.0} s",
            mission.id, mission.window_s.1
        ));
    }
}

/// Assigns parts to vehicles, one each.
fn allocation(
    parts: &[Slot],
    open: &[Open],
    free: &[&BlueEntry],
    now: SimTime,
    means: &Means<'_>,
    assigner: &mut Assigner,
) -> Result<Allocation, String> {
    let task = |slot: &Slot| TaskSpec {
        at: slot.entry,
        value: means.missions.list[slot.mission].value,
        duration_s: 0.0,
        earliest_s: now.as_s(),
        latest_s: means.missions.list[slot.mission].window_s.1,
    };
    let tasks: Vec<TaskSpec> = parts.iter().map(task).collect();
    let vehicle = |entry: &&BlueEntry| VehicleSpec {
        at: entry.place.position.truncate(),
        ready_s: now.as_s(),
        until_s: f64::INFINITY,
    };
    let vehicles: Vec<VehicleSpec> = free.iter().map(vehicle).collect();
    let may: Vec<&[UnitIx]> = parts
        .iter()
        .map(|part| {
            let of = open.iter().find(|open| open.mission == part.mission);
            of.map_or(&[][..], |open| &open.units)
        })
        .collect();
    let travel = |vehicle: usize, from: DVec2, task: usize| {
        let unit = free[vehicle].unit;
        let speed = means.fleet.vehicle(unit).kinematics.speed_cruise_m_s();
        (may[task].contains(&unit) && speed > 0.0).then(|| from.distance(parts[task].entry) / speed)
    };
    allocate(&tasks, &vehicles, PRICE_PER_S, 1, travel, assigner).map_err(|cause| cause.to_string())
}

/// How many layers.
const LAYERS: u8 = 5;
