//! Missions become tasks of vehicles. See [`TasksPlugin`].
//!
//! A command post gives the missions of its forces to the vehicles that it believes to be free, by
//! exact rectangular assignment, and sends each its plan. It plans again in its doctrine's rhythm, so
//! that losses, returns and lost messages are made good. Where too many units have fallen silent, its
//! doctrine breaks off.

use core::mem::replace;

use bevy::prelude::{App, IntoScheduleConfigs, Local, Plugin, Query, Res, ResMut};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{
    auction::Auctioneer,
    compose::Doing,
    external::{self, Dialogues, Liaison, Programs},
    missions::{Assigned, Means, Missions, Outcome, TaskState},
    progress::{MissionNews, ProgressPlugin, Step, Switch, advance, end_all, switch},
    round::{Given, Round, plan_missions},
    routes::RouteBook,
    tally::{Kind, Tally},
};
use crate::{
    environment::{Landscape, NoGoAreas},
    kernel::{
        assignment::Assigner,
        ids::{UnitId, UnitIndex, UnitIx},
        messages::Buffer,
        registry::StateAppExt,
        schedule::{FuseSystems, PlanSystems, SimTick},
        time::{Clock, SimTime},
    },
    org::{OrderOfBattle, Planner},
    picture::{BlueEntry, BluePicture, TrackStore},
    plan::MissionPlan,
    platform::{
        course::{PlanInbox, PlanOrder},
        damage::Damage,
        emission::{EmissionPlan, Emissions},
        together::Groups,
        vehicle::Fleet,
    },
    sensing::SensorSuites,
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// A task with its plan, on the way to the vehicle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskOrder(pub MissionPlan);

impl Payload for TaskOrder {
    const CLASS: MessageClass = MessageClass::Plan;
    const KIND: u8 = 7;

    /// Read back word for word: nothing is lost.
    fn coarsened(&self, _: Detail) -> Self {
        self.clone()
    }
}

/// Memory of the planner that is no state.
#[derive(Default)]
pub(super) struct Memory {
    assigner: Assigner,
}

/// What a post knows, and what it remembers.
type Post<'a> = (
    &'a BluePicture,
    &'a TrackStore,
    &'a mut TaskState,
    &'a Damage,
    Option<&'a mut Auctioneer>,
);

/// Posts give tasks out.
pub(super) fn plan_tasks(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (fleet, suites, landscape): (Res<'_, Fleet>, Res<'_, SensorSuites>, Res<'_, Landscape>),
    (groups, plan, emissions): (Res<'_, Groups>, Res<'_, EmissionPlan>, Res<'_, Emissions>),
    (no_go, missions, sizes): (Res<'_, NoGoAreas>, Res<'_, Missions>, Res<'_, MessageSizes>),
    (switches, mut news): (Res<'_, Buffer<Switch>>, ResMut<'_, Buffer<MissionNews>>),
    (mut book, mut outbox): (ResMut<'_, RouteBook>, ResMut<'_, Outbox<TaskOrder>>),
    (mut programs, mut dialogues): (ResMut<'_, Programs>, ResMut<'_, Dialogues>),
    (mut memory, mut tally): (Local<'_, Memory>, ResMut<'_, Tally>),
    mut posts: Query<'_, '_, Post<'_>>,
) {
    let now = clock.now();
    let means_of = |post| Means {
        order: &order,
        fleet: &fleet,
        index: &index,
        suites: &suites,
        groups: &groups,
        landscape: &landscape,
        no_go: &no_go,
        missions: &missions,
        plan: plan.known_to(post),
    };
    for (post, row) in index.iter() {
        let means = means_of(post);
        if means.missions_of(post).next().is_none() {
            continue;
        }
        let Ok((picture, tracks, mut state, damage, auctioneer)) = posts.get_mut(row.entity) else {
            continue;
        };
        let mut tell = |mission, step| {
            news.write(MissionNews {
                post,
                mission,
                at: now,
                step,
            });
        };
        let mut send = |unit, plan: MissionPlan| {
            let size_bytes = size_bytes(&plan, &sizes);
            outbox.post(
                posted(unit, (row.id, post), now, size_bytes),
                TaskOrder(plan),
            );
        };
        let ordered = switches.read().iter().filter(|it| it.post == post);
        for (mission, step) in switch_all(&mut state, ordered, &missions) {
            tell(mission, step);
        }
        let interval_s = order.force_of(post).doctrine.plan_interval_s;
        if damage.is_destroyed() || !state.is_due(interval_s, now) {
            continue;
        }
        state.planned = Some(now);
        if state.has_broken_off || is_to_break_off(post, picture, now, &means) {
            if !replace(&mut state.has_broken_off, true) {
                break_off(post, picture, now, &means, &mut book, &mut send);
            }
            end_all(post, &mut state, &means, &mut tell);
            continue;
        }
        let belief = (picture, tracks);
        advance(post, &mut state, belief, now, &means, &mut tell);
        let tools = (&mut *book, &mut memory.assigner);
        let aside = (Liaison::new(&mut programs, &mut dialogues), &mut *tally);
        let round = match auctioneer.filter(|_| !emissions.0.is_silent(post)) {
            Some(mut auctioneer) => auctioneer.call_parts(post, (picture, &mut state), now, &means),
            None => round_of(post, belief, &state, now, &means, tools, aside),
        };
        bar(&mut state, &round.barred, now);
        for given in round.plans {
            let (unit, plan) = assign(&mut state, given, now, &mut tell);
            send(unit, plan);
        }
        for (unit, plan) in halts(&mut state, picture, now, &means) {
            send(unit, plan);
        }
    }
}

/// What a post gives out in a round: what it chooses, or nothing yet where a program was asked, whose
/// answer comes later.
fn round_of(
    post: UnitIx,
    belief: (&BluePicture, &TrackStore),
    state: &TaskState,
    now: SimTime,
    means: &Means<'_>,
    tools: (&mut RouteBook, &mut Assigner),
    (mut liaison, tally): (Liaison<'_>, &mut Tally),
) -> Round {
    if means.order.side_of(post).planner == Planner::External {
        external::tasks::ask_program(post, belief, state, now, means, &mut liaison);
        return Round::default();
    }
    let round = plan_missions(post, belief, state, now, means, tools);
    tally.add((post, now, Kind::Tasks), round.worth());
    round
}

/// What a post would give out now, as its side's planner chooses, for a plan without a run.
pub fn plan_now(
    post: UnitIx,
    belief: (&BluePicture, &TrackStore),
    state: &TaskState,
    now: SimTime,
    means: &Means<'_>,
    (book, assigner): (&mut RouteBook, &mut Assigner),
    mut liaison: Liaison<'_>,
) -> Round {
    if means.order.side_of(post).planner == Planner::External {
        let tools = (means, book);
        external::tasks::plan_at_once(post, belief, state, now, tools, &mut liaison)
    } else {
        plan_missions(post, belief, state, now, means, (book, assigner))
    }
}

/// Switches what was ordered of a post's missions; gives what became of those that ran.
fn switch_all<'a>(
    state: &mut TaskState,
    ordered: impl Iterator<Item = &'a Switch>,
    missions: &Missions,
) -> Vec<(usize, Step)> {
    let one = |it: &Switch| {
        let units = &missions.list[it.mission].units;
        let step = switch(state, (it.mission, units), it.is_on)?;
        Some((it.mission, step))
    };
    ordered.filter_map(one).collect()
}

/// Time for which a vehicle that has no way is not tried again, s (notional, 60 to 600).
const BARRED_S: f64 = 180.0;

/// Notes for which vehicles no way was found, and lets those be tried again for which that is long ago.
fn bar(state: &mut TaskState, barred: &[UnitIx], now: SimTime) {
    state
        .barred
        .retain(|_, since| now.since_s(*since) < BARRED_S);
    state.barred.extend(barred.iter().map(|unit| (*unit, now)));
}

/// Notes what is given to a vehicle; gives the plan to send.
pub(super) fn assign(
    state: &mut TaskState,
    given: Given,
    now: SimTime,
    tell: &mut impl FnMut(usize, Step),
) -> (UnitIx, MissionPlan) {
    let part = (given.mission, given.goal, given.takes_s);
    book(state, given.unit, part, now, tell);
    (given.unit, given.plan)
}

/// Notes that a vehicle does a part of a mission that ends at a place, m, and how long it takes to get
/// there, s.
pub(super) fn book(
    state: &mut TaskState,
    unit: UnitIx,
    (mission, goal, takes_s): (usize, DVec2, f64),
    now: SimTime,
    tell: &mut impl FnMut(usize, Step),
) {
    let assigned = Assigned {
        mission,
        since: now,
        goal,
        due: now.plus_s(takes_s),
        has_arrived: false,
    };
    state.assigned.insert(unit, assigned);
    let progress = state.progress.entry(mission).or_default();
    if progress.begun.is_none() {
        (progress.begun, progress.since) = (Some(now), now);
        tell(mission, Step::Begun);
    }
}

/// Plans to stay, for vehicles of missions that were called off and that got nothing else to do.
fn halts(
    state: &mut TaskState,
    picture: &BluePicture,
    now: SimTime,
    means: &Means<'_>,
) -> Vec<(UnitIx, MissionPlan)> {
    let is_off = |mission: usize| {
        let ended = state.progress.get(&mission).and_then(|it| it.ended);
        ended == Some(Outcome::CalledOff)
    };
    let idle: Vec<UnitIx> = state
        .assigned
        .iter()
        .filter(|(_, given)| is_off(given.mission))
        .map(|(unit, _)| *unit)
        .collect();
    let mut plans = Vec::new();
    for unit in idle {
        let mission = state.assigned.remove(&unit).map(|given| given.mission);
        let entry = picture.get(unit);
        let (Some(mission), Some(entry)) = (mission, entry) else {
            continue;
        };
        plans.push((unit, halt(entry, mission, now, means)));
    }
    plans
}

/// A plan to stay where a vehicle is, as long as its mission would have lasted.
pub(super) fn halt(
    entry: &BlueEntry,
    mission: usize,
    now: SimTime,
    means: &Means<'_>,
) -> MissionPlan {
    let mission = &means.missions.list[mission];
    let stay_s = (mission.window_s.1 - now.as_s()).max(1.0);
    let composer = means.composer(entry, mission.altitude_m);
    composer.plan(&[], &Doing::Stay(stay_s), &[], "halt")
}

/// Size of a plan on the air, bytes: its frame and its waypoints.
pub(super) fn size_bytes(plan: &MissionPlan, sizes: &MessageSizes) -> u32 {
    let points: usize = plan.legs.iter().map(|leg| leg.waypoints.len()).sum();
    MessageSizes::of_many(sizes.plan_bytes, 1 + points)
}

/// The outside of a task on its way to a unit.
pub(super) fn posted(
    unit: UnitIx,
    author: (UnitId, UnitIx),
    now: SimTime,
    size_bytes: u32,
) -> Posted {
    Posted {
        author,
        audience: Audience::Unit(unit),
        precedence: Precedence::Immediate,
        size_bytes,
        created: now,
        valid_s: 300.0,
        is_latest: false,
    }
}

/// Whether so many units of a post have fallen silent that its doctrine breaks off.
fn is_to_break_off(post: UnitIx, picture: &BluePicture, now: SimTime, means: &Means<'_>) -> bool {
    let limit = means.order.force_of(post).doctrine.break_off_fraction;
    let own = picture
        .entries()
        .iter()
        .filter(|entry| means.order.commands(post, entry.unit));
    let (all, silent) = own.fold((0_u32, 0_u32), |(all, silent), entry| {
        (all + 1, silent + u32::from(!means.is_alive(entry, now)))
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
        means.is_alive(entry, now)
            && means.order.commands(post, entry.unit)
            && means.fleet.vehicle(entry.unit).kinematics.can_travel()
    };
    for entry in picture.entries().iter().filter(reachable) {
        let vehicle = means.fleet.vehicle(entry.unit);
        let composer = means.composer(entry, None);
        let home = composer.home;
        let side = means.order.unit(entry.unit).side.0;
        let ends = (entry.place.position.truncate(), home.truncate());
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
        external::register(app);
        app.add_plugins(ProgressPlugin)
            .init_resource::<RouteBook>()
            .init_resource::<Missions>()
            .init_resource::<EmissionPlan>()
            .init_resource::<NoGoAreas>()
            .add_payload::<TaskOrder>()
            .register_state::<TaskState>()
            .init_resource::<Tally>()
            .add_systems(SimTick, external::tasks::take_up.in_set(PlanSystems::View))
            .add_systems(SimTick, plan_tasks.in_set(PlanSystems::Decide))
            .add_systems(SimTick, hear.in_set(FuseSystems::Receive));
    }
}
