//! Missions become tasks of vehicles. See [`TasksPlugin`] and [`plan_missions`].
//!
//! A command post gives the missions of its forces to the vehicles that it believes to be free, by
//! exact rectangular assignment, and sends each its plan. It plans again in its doctrine's rhythm, so
//! that losses, returns and lost messages are made good.

use std::collections::BTreeMap;

use bevy::prelude::{
    App, Component, IntoScheduleConfigs, Local, Plugin, Query, Res, ResMut, Resource,
};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    algo::{
        allocate::{Allocation, TaskSpec, VehicleSpec, allocate},
        sweep,
    },
    compose::{Composer, Doing},
    routes::RouteBook,
};
use crate::{
    environment::{Landscape, NoGoAreas},
    kernel::{
        assignment::Assigner,
        ids::{UnitId, UnitIndex, UnitIx},
        registry::StateAppExt,
        schedule::{FuseSystems, PlanSystems, SimTick},
        time::{Clock, SimTime},
    },
    org::{ForceIx, OrderOfBattle},
    picture::{BlueEntry, BluePicture, TrackStore},
    plan::{MissionPlan, TaskKind, polygon::Polygon},
    platform::{
        course::{PlanInbox, PlanOrder},
        damage::Damage,
        vehicle::Fleet,
    },
    sensing::{SensorSuites, suite::Works},
    wire::{
        Audience, Delivered, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt, Posted,
        Precedence,
    },
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
struct Assigned {
    mission: usize,
    since: SimTime,
}

/// What a post has given to whom.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct TaskState {
    assigned: BTreeMap<UnitIx, Assigned>,
    planned: Option<SimTime>,
    has_broken_off: bool,
}

/// A task with its plan, on the way to the vehicle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskOrder(pub MissionPlan);

impl Payload for TaskOrder {
    const CLASS: MessageClass = MessageClass::Tasking;
    const KIND: u8 = 7;

    /// Read back word for word: nothing is lost.
    fn coarsened(&self) -> Self {
        self.clone()
    }
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
struct Slot {
    mission: usize,
    entry: DVec2,
    look: Vec<DVec2>,
}

/// Time after which a vehicle that reports itself idle is believed, s: its order needs to arrive.
const SETTLE_S: f64 = 90.0;

/// Price of a second of a vehicle's way, in units of missions' value.
const PRICE_PER_S: f64 = 1e-4;

/// Share of a vehicle's endurance that a plan may use up.
const USE_SHARE: f64 = 0.8;

/// Distance that wary vehicles keep from believed hostile tracks, m (notional, 500 to 3000).
const WARY_M: f64 = 1200.0;

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

/// The plan of one vehicle for one part.
fn compose(
    entry: &BlueEntry,
    slot: &Slot,
    tracks: &TrackStore,
    now: SimTime,
    means: &Means<'_>,
    book: &mut RouteBook,
) -> Option<MissionPlan> {
    let mission = &means.missions.list[slot.mission];
    let vehicle = means.fleet.vehicle(entry.unit);
    let home = means.missions.homes[entry.unit.at()];
    let composer = Composer {
        landscape: means.landscape,
        vehicle,
        unit: means.index.name(entry.unit),
        home,
        position: entry.position,
        energy_share: entry.energy_share,
        altitude_m: mission.altitude_m,
    };
    let avoid = if mission.is_wary {
        wary_of(tracks, now, slot.entry)
    } else {
        Vec::new()
    };
    let side = means.order.unit(entry.unit).side.0;
    let ground = (means.landscape, means.no_go);
    let start = entry.position.truncate();
    let mut way = Vec::new();
    let mut at = start;
    for point in way_points(mission, slot) {
        way.extend(book.way(vehicle, side, (at, point), &avoid, ground)?);
        at = point;
    }
    let (doing, last) = doing(mission, slot, &composer, (&way, now));
    let back = if vehicle.is_air() {
        Vec::new()
    } else {
        let mut back = book.way(vehicle, side, (last, home.truncate()), &[], ground)?;
        back.pop();
        back
    };
    Some(composer.plan(&way, &doing, &back, &mission.id))
}

/// Points to go to before the mission's own doing begins.
fn way_points(mission: &Mission, slot: &Slot) -> Vec<DVec2> {
    match &mission.kind {
        TaskKind::Move { route } => {
            let beside = slot.entry - route.first().copied().unwrap_or(slot.entry);
            route.iter().map(|point| *point + beside).collect()
        }
        _ => vec![slot.entry],
    }
}

/// What is done at the end of the way, for how long, and where that ends.
fn doing(
    mission: &Mission,
    slot: &Slot,
    composer: &Composer<'_>,
    (way, now): (&[DVec2], SimTime),
) -> (Doing, DVec2) {
    let speed = composer.vehicle.kinematics.speed_cruise_m_s().max(0.1);
    let start = composer.position.truncate();
    let length = |points: &[DVec2], from: DVec2| {
        points
            .iter()
            .fold((0.0, from), |(sum, at), to| (sum + at.distance(*to), *to))
            .0
    };
    let there = way.last().copied().unwrap_or(start);
    let travel_s = (length(way, start) + there.distance(composer.home.truncate())) / speed;
    let usable_s =
        USE_SHARE * composer.endurance_s() * (1.0 - composer.vehicle.energy.reserve_fraction);
    let left_s = (usable_s - travel_s)
        .min(mission.window_s.1 - now.as_s())
        .max(1.0);
    match &mission.kind {
        TaskKind::Search { .. } => {
            let points = fitting(&slot.look, there, left_s * speed);
            let last = points.last().copied().unwrap_or(there);
            (Doing::Look(points), last)
        }
        TaskKind::Patrol { .. } => {
            let round_m = length(&slot.look, there).max(1.0);
            let rounds = (left_s * speed / round_m).floor().clamp(1.0, 20.0);
            let mut points = Vec::new();
            let mut done = 0.0;
            while done < rounds {
                points.extend_from_slice(&slot.look);
                done += 1.0;
            }
            let last = points.last().copied().unwrap_or(there);
            (Doing::Look(points), last)
        }
        TaskKind::Relay { .. } => (Doing::Relay(left_s), there),
        _ => (Doing::Stay(left_s), there),
    }
}

/// As many of the points, from the first, as can be gone to within a length; at least two.
fn fitting(points: &[DVec2], from: DVec2, limit_m: f64) -> Vec<DVec2> {
    let (mut length_m, mut at) = (0.0, from);
    let mut count = 0;
    for point in points {
        length_m += at.distance(*point);
        at = *point;
        if length_m > limit_m && count >= 2 {
            break;
        }
        count += 1;
    }
    points[..count].to_vec()
}

/// Squares about believed hostile tracks, but none about the goal itself.
fn wary_of(tracks: &TrackStore, now: SimTime, goal: DVec2) -> Vec<Polygon> {
    let hostile = tracks
        .tracks()
        .iter()
        .filter(|track| track.confirmed && track.hostile_llr > 0.0);
    let centres = hostile.map(|track| track.at(now.max(track.updated)).position_m);
    let far = centres.filter(|centre| centre.distance(goal) > 1.5 * WARY_M);
    far.filter_map(|centre| {
        Polygon::rectangle(centre - DVec2::splat(WARY_M), centre + DVec2::splat(WARY_M)).ok()
    })
    .collect()
}

/// Memory of the planner that is no state.
#[derive(Default)]
struct Memory {
    assigner: Assigner,
}

/// Posts give tasks out.
fn plan_tasks(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (fleet, suites, landscape): (Res<'_, Fleet>, Res<'_, SensorSuites>, Res<'_, Landscape>),
    (no_go, missions, sizes): (Res<'_, NoGoAreas>, Res<'_, Missions>, Res<'_, MessageSizes>),
    mut book: ResMut<'_, RouteBook>,
    mut outbox: ResMut<'_, Outbox<TaskOrder>>,
    mut memory: Local<'_, Memory>,
    mut posts: Query<'_, '_, (&BluePicture, &TrackStore, &mut TaskState, &Damage)>,
) {
    let now = clock.now();
    let means = Means {
        order: &order,
        fleet: &fleet,
        index: &index,
        suites: &suites,
        landscape: &landscape,
        no_go: &no_go,
        missions: &missions,
    };
    for (post, row) in index.iter() {
        let is_post = missions
            .list
            .iter()
            .any(|mission| order.forces[mission.force.at()].command == Some(post));
        if !is_post {
            continue;
        }
        let Ok((picture, tracks, mut state, damage)) = posts.get_mut(row.entity) else {
            continue;
        };
        let interval_s = order.force_of(post).doctrine.plan_interval_s;
        let is_due = state
            .planned
            .is_none_or(|last| now.since_s(last) >= interval_s);
        if damage.is_destroyed() || !is_due {
            continue;
        }
        state.planned = Some(now);
        if !state.has_broken_off && is_to_break_off(post, picture, now, &means) {
            state.has_broken_off = true;
            let mut send = |unit, plan| {
                outbox.post(
                    posted(unit, (row.id, post), now, sizes.tasking_bytes),
                    TaskOrder(plan),
                );
            };
            break_off(post, picture, now, &means, &mut book, &mut send);
        }
        if state.has_broken_off {
            continue;
        }
        let round = plan_missions(
            post,
            (picture, tracks),
            &state,
            now,
            &means,
            (&mut book, &mut memory.assigner),
        );
        for (unit, mission, plan) in round.plans {
            state.assigned.insert(
                unit,
                Assigned {
                    mission,
                    since: now,
                },
            );
            outbox.post(
                posted(unit, (row.id, post), now, sizes.tasking_bytes),
                TaskOrder(plan),
            );
        }
    }
}

/// The outside of a task on its way to a unit.
fn posted(unit: UnitIx, author: (UnitId, UnitIx), now: SimTime, size_bytes: u32) -> Posted {
    Posted {
        author,
        audience: Audience::Unit(unit),
        precedence: Precedence::Immediate,
        size_bytes,
        created: now,
        valid_s: 300.0,
    }
}

/// Silence after which a post counts a unit of its own as lost, s.
const SILENT_S: f64 = 300.0;

/// Whether so many units of a post have fallen silent that its doctrine breaks off.
fn is_to_break_off(post: UnitIx, picture: &BluePicture, now: SimTime, means: &Means<'_>) -> bool {
    let limit = means.order.force_of(post).doctrine.break_off_fraction;
    let own = picture
        .entries()
        .iter()
        .filter(|entry| means.order.commands(post, entry.unit));
    let (all, silent) = own.fold((0_u32, 0_u32), |(all, silent), entry| {
        (
            all + 1,
            silent + u32::from(now.since_s(entry.at) > SILENT_S),
        )
    });
    limit < 1.0 && all > 0 && f64::from(silent) >= limit * f64::from(all)
}

/// Sends home every unit that can be sent.
fn break_off(
    post: UnitIx,
    picture: &BluePicture,
    now: SimTime,
    means: &Means<'_>,
    book: &mut RouteBook,
    send: &mut impl FnMut(UnitIx, MissionPlan),
) {
    let reachable = |entry: &&BlueEntry| {
        entry.can_move
            && now.since_s(entry.at) <= SILENT_S
            && means.order.commands(post, entry.unit)
            && means.fleet.vehicle(entry.unit).kinematics.can_travel()
    };
    for entry in picture.entries().iter().filter(reachable) {
        let vehicle = means.fleet.vehicle(entry.unit);
        let home = means.missions.homes[entry.unit.at()];
        let composer = Composer {
            landscape: means.landscape,
            vehicle,
            unit: means.index.name(entry.unit),
            home,
            position: entry.position,
            energy_share: entry.energy_share,
            altitude_m: None,
        };
        let side = means.order.unit(entry.unit).side.0;
        let ends = (entry.position.truncate(), home.truncate());
        let way = book.way(vehicle, side, ends, &[], (means.landscape, means.no_go));
        if let Some(mut way) = way {
            way.pop();
            send(
                entry.unit,
                composer.plan(&way, &Doing::Go, &[], "break-off"),
            );
        }
    }
}

/// Units take the plans that they are sent.
fn hear(orders: Res<'_, Delivered<TaskOrder>>, mut inbox: ResMut<'_, PlanInbox>) {
    for delivery in orders.read() {
        let plan = delivery.body.0.clone();
        inbox.0.push(PlanOrder {
            to: delivery.to,
            plan,
            repeat: false,
        });
    }
}

/// Gives tasks out in the phase `Plan`.
#[derive(Debug)]
pub struct TasksPlugin;

impl Plugin for TasksPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<RouteBook>()
            .init_resource::<Missions>()
            .init_resource::<NoGoAreas>()
            .add_payload::<TaskOrder>()
            .register_state::<TaskState>()
            .add_systems(SimTick, plan_tasks.in_set(PlanSystems::Decide))
            .add_systems(SimTick, hear.in_set(FuseSystems::Receive));
    }
}
