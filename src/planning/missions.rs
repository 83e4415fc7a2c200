//! Missions of forces, and the round of planning that gives them to vehicles. See [`plan_missions`].

use std::collections::BTreeMap;

use bevy::prelude::{Component, Resource};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    algo::{
        allocate::{Allocation, TaskSpec, VehicleSpec, allocate},
        sweep,
    },
    parts::compose,
    routes::RouteBook,
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
    plan::{MissionPlan, TaskKind, polygon::Polygon},
    platform::vehicle::Fleet,
    sensing::{SensorSuites, suite::Works},
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
    /// The ground.
    pub landscape: &'a Landscape,
    /// Forbidden areas.
    pub no_go: &'a NoGoAreas,
    /// Missions.
    pub missions: &'a Missions,
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

/// One part of a mission for one vehicle.
pub(super) struct Slot {
    pub(super) mission: usize,
    pub(super) entry: DVec2,
    pub(super) look: Vec<DVec2>,
    /// Layer of height, so that aircraft of one round do not meet.
    pub(super) layer: u8,
}

/// Time after which a vehicle that reports itself idle is believed, s: its order needs to arrive.
const SETTLE_S: f64 = 90.0;

/// Price of a second of a vehicle's way, in units of missions' value.
const PRICE_PER_S: f64 = 1e-4;

/// Half of what a sensor finds beside its way, m, for a target of 2.3 m.
fn half_swath_m(vehicle: UnitIx, suites: &SensorSuites) -> f64 {
    let reach = suites.of(vehicle).iter().map(|sensor| match &sensor.works {
        Works::Optical { optics, n50, .. } => optics.cycles(2.3, 1.0) / n50.detection,
        _ => 0.5 * sensor.range_m[1],
    });
    (0.5 * reach.fold(0.0, f64::max)).clamp(100.0, 2500.0)
}

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

/// Parts of a mission for `wanted` vehicles.
fn slots(
    at: usize,
    mission: &Mission,
    wanted: usize,
    vehicle: UnitIx,
    means: &Means<'_>,
) -> Vec<Slot> {
    let slot = |entry, look| Slot {
        mission: at,
        entry,
        look,
        layer: 0,
    };
    match &mission.kind {
        TaskKind::Search { area } => {
            let Ok(area) = Polygon::new(area.clone()) else {
                return Vec::new();
            };
            let swath_m = 2.0 * half_swath_m(vehicle, means.suites);
            let start = area.points()[0];
            let Ok(passes) = sweep::passes(&area, swath_m, None, start) else {
                return Vec::new();
            };
            let speeds = vec![1.0; wanted];
            let Ok(shares) = sweep::split(&passes, &speeds, swath_m) else {
                return Vec::new();
            };
            let look = |share: &sweep::Share| -> Vec<DVec2> {
                share
                    .passes
                    .iter()
                    .flat_map(|pass| [pass.from, pass.to])
                    .collect()
            };
            let shares = shares.iter().map(look).filter(|points| !points.is_empty());
            shares.map(|points| slot(points[0], points)).collect()
        }
        TaskKind::Patrol { route } => (0..wanted)
            .map(|n| {
                let first = n * route.len() / wanted;
                let turned: Vec<DVec2> = route
                    .iter()
                    .cycle()
                    .skip(first)
                    .take(route.len() + 1)
                    .copied()
                    .collect();
                slot(turned[0], turned)
            })
            .collect(),
        kind => {
            let entry = kind.entry().unwrap_or(DVec2::ZERO);
            (0..wanted)
                .map(|n| slot(entry + abreast(n), Vec::new()))
                .collect()
        }
    }
}

/// Place of the `n`-th vehicle beside the first at a common goal, m.
fn abreast(n: usize) -> DVec2 {
    let (row, column) = (n / 5, n % 5);
    let across = [0.0, 1.0, -1.0, 2.0, -2.0][column];
    DVec2::new(
        60.0 * across,
        -60.0 * f64::from(u32::try_from(row).unwrap_or(0)),
    )
}

/// Whether a post may count on a unit for something new.
fn is_free(entry: &BlueEntry, assigned: Option<&Assigned>) -> bool {
    let is_over = |given: &Assigned| entry.is_idle && entry.at.since_s(given.since) > SETTLE_S;
    entry.can_move && assigned.is_none_or(is_over)
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
    let mut parts: Vec<Slot> = Vec::new();
    let mut may: Vec<(usize, Vec<UnitIx>)> = Vec::new();
    for (at, mission) in means.missions.list.iter().enumerate() {
        let is_own = means.order.forces[mission.force.at()].command == Some(post);
        let (from_s, to_s) = mission.window_s;
        if !is_own || now.as_s() < from_s || now.as_s() >= to_s || may.len() >= 60 {
            continue;
        }
        let mut units = candidates(mission, means);
        let busy = given
            .iter()
            .filter(|(unit, given)| {
                given.mission == at && !free.iter().any(|entry| entry.unit == **unit)
            })
            .count();
        units.retain(|unit| free.iter().any(|entry| entry.unit == *unit));
        let all = if mission.units.is_empty() {
            mission.vehicles as usize
        } else {
            mission.units.len()
        };
        let wanted = all.saturating_sub(busy).min(units.len());
        if let Some(first) = units.first().filter(|_| wanted > 0) {
            parts.extend(slots(at, mission, wanted, *first, means));
            may.push((at, units));
        }
    }
    if parts.is_empty() {
        return round;
    }
    for (slot, layer) in parts.iter_mut().zip((0..LAYERS).cycle()) {
        slot.layer = layer;
    }
    match allocation(&parts, &may, &free, now, means, assigner) {
        Ok(allocation) => {
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
        }
        Err(cause) => round.why.push(cause),
    }
    round
}

/// Assigns parts to vehicles, one each.
fn allocation(
    parts: &[Slot],
    may: &[(usize, Vec<UnitIx>)],
    free: &[&BlueEntry],
    now: SimTime,
    means: &Means<'_>,
    assigner: &mut Assigner,
) -> Result<Allocation, String> {
    let bit = |mission: usize| {
        let place = may.iter().position(|(at, _)| *at == mission).unwrap_or(63);
        1_u64 << place
    };
    let tasks: Vec<TaskSpec> = parts
        .iter()
        .map(|slot| TaskSpec {
            at: slot.entry,
            value: means.missions.list[slot.mission].value,
            duration_s: 0.0,
            earliest_s: now.as_s(),
            latest_s: means.missions.list[slot.mission].window_s.1,
            skills: bit(slot.mission),
        })
        .collect();
    let skills = |unit: UnitIx| {
        may.iter()
            .filter(|(_, units)| units.contains(&unit))
            .map(|(at, _)| bit(*at))
            .sum()
    };
    let vehicles: Vec<VehicleSpec> = free
        .iter()
        .map(|entry| VehicleSpec {
            at: entry.position.truncate(),
            ready_s: now.as_s(),
            until_s: f64::INFINITY,
            skills: skills(entry.unit),
        })
        .collect();
    let travel = |vehicle: usize, from: DVec2, to: DVec2| {
        let speed = means
            .fleet
            .vehicle(free[vehicle].unit)
            .kinematics
            .speed_cruise_m_s();
        (speed > 0.0).then(|| from.distance(to) / speed)
    };
    allocate(&tasks, &vehicles, PRICE_PER_S, 1, travel, assigner).map_err(|cause| cause.to_string())
}

/// How many layers.
const LAYERS: u8 = 5;
