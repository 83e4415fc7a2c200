//! The bays of depots. See [`ServePlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec2;

use super::{
    depot::{Depot, DepotIx, Depots, Load, Stock, Stocks},
    go_back::go_back,
    replenish::{Replenish, Replenished},
    return_plan::stand_off_m,
};
use crate::{
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        schedule::{Phase, SimTick},
        time::{Clock, SimTime},
    },
    platform::{
        course::Course,
        damage::Damage,
        kinematics::MotionState,
        mover::EnergyLeft,
        navigation::FIX_SIGMA_M,
        stores::Magazine,
        truth::Truth,
        vehicle::{Fleet, Vehicle},
    },
};

/// How often depots look after their bays, s.
const ROUND_INTERVAL_S: f64 = 1.0;

/// Speed below which a unit counts as standing, m/s (notional).
const STANDING_M_S: f64 = 0.3;

/// Height above the ground or the water up to which an aircraft counts as landed, m (notional): one
/// that comes down on a ship circles there.
const LANDED_M: f64 = 5.0;

/// Standard deviations of the depot's own position that a unit makes up for by eye.
const BY_EYE_SIGMAS: f64 = 3.0;

/// Turn radii by which an aircraft that cannot stand still may be farther away.
const ORBIT_SHARE: f64 = 2.0;

/// Distance within which a depot serves a unit, m.
fn reach_m(depot: &Depot, vehicle: &Vehicle, host: &Vehicle) -> f64 {
    let kinematics = &vehicle.kinematics;
    let orbit_m = if kinematics.can_stop() {
        0.0
    } else {
        ORBIT_SHARE * kinematics.turn_radius_m()
    };
    depot.radius_m.max(stand_off_m(vehicle, host))
        + kinematics.arrival_radius_m()
        + BY_EYE_SIGMAS * FIX_SIGMA_M
        + orbit_m
}

/// Whether a unit has come to a halt: it has nothing else to do or stands, and is down if it flies.
fn has_stopped(vehicle: &Vehicle, state: &MotionState, course: &Course, surface_m: f64) -> bool {
    let stands = state.velocity.truncate().length() < STANDING_M_S;
    let is_down = !vehicle.is_air() || state.position.z <= surface_m + LANDED_M;
    (course.is_idle() || stands) && is_down
}

/// What becomes of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Nothing yet.
    Stay,
    /// It has come and queues.
    Arrive,
    /// It is over without effect.
    Leave,
    /// It is done.
    Finish,
}

/// What one round looks at.
struct Round<'a> {
    now: SimTime,
    depots: &'a Depots,
    fleet: &'a Fleet,
    landscape: &'a Landscape,
    /// Where the depots are, none for one that is lost, m.
    places: Vec<Option<DVec2>>,
}

impl Round<'_> {
    /// Whether a unit is where a depot serves it.
    fn is_at(&self, ix: UnitIx, depot: DepotIx, state: &MotionState) -> bool {
        let host = self.depots.get(depot);
        let reach_m = reach_m(host, self.fleet.vehicle(ix), self.fleet.vehicle(host.unit));
        self.places[depot.at()].is_some_and(|place| place.distance(state.horizontal()) <= reach_m)
    }

    /// What becomes of the visit of a unit now.
    fn step(
        &self,
        ix: UnitIx,
        replenish: &Replenish,
        (state, course, damage): (&MotionState, &Course, &Damage),
    ) -> Step {
        let Some(depot) = replenish.depot() else {
            return Step::Stay;
        };
        let is_here = !damage.is_destroyed() && self.is_at(ix, depot, state);
        match replenish {
            Replenish::Going { launch, .. } if !is_here => {
                let is_its_plan = course.plan().is_some_and(|plan| plan.launch == *launch);
                let has_ended = is_its_plan && course.is_idle();
                if has_ended || !damage.can_move() {
                    Step::Leave
                } else {
                    Step::Stay
                }
            }
            Replenish::Going { .. } => {
                let surface_m = self
                    .landscape
                    .terrain
                    .surface_m(state.position.x, state.position.y);
                let has_stopped = has_stopped(self.fleet.vehicle(ix), state, course, surface_m);
                if has_stopped {
                    Step::Arrive
                } else {
                    Step::Stay
                }
            }
            Replenish::Waiting { .. } | Replenish::Served { .. } if !is_here => Step::Leave,
            Replenish::Served { until, .. } if self.now >= *until => Step::Finish,
            Replenish::Free | Replenish::Waiting { .. } | Replenish::Served { .. } => Step::Stay,
        }
    }
}

/// What a depot needs to know of a unit.
type Visitor<'a> = (
    &'a mut Replenish,
    &'a Truth,
    &'a Course,
    &'a Damage,
    &'a mut EnergyLeft,
    &'a mut Magazine,
);

/// Ends a visit: what was set aside goes aboard if it is done, the rest goes back to the stock.
fn end_visit(
    replenish: &mut Replenish,
    is_done: bool,
    (vehicle, energy, magazine): (&Vehicle, &mut EnergyLeft, &mut Magazine),
    stock: &mut Stock,
) -> Option<Load> {
    let Replenish::Served { load, .. } = core::mem::take(replenish) else {
        return None;
    };
    if !is_done {
        stock.take_back(&load);
        return None;
    }
    let (aboard, left) = load.hand_over(&vehicle.energy, &mut energy.0, magazine);
    stock.take_back(&left);
    Some(aboard)
}

/// One round of all depots: who is done leaves, who has come queues.
fn attend(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (landscape, depots): (Res<'_, Landscape>, Res<'_, Depots>),
    (mut stocks, mut done): (ResMut<'_, Stocks>, ResMut<'_, Buffer<Replenished>>),
    hosts: Query<'_, '_, (&Truth, &Damage)>,
    mut units: Query<'_, '_, Visitor<'_>>,
) {
    if depots.0.is_empty() || !clock.is_due(ROUND_INTERVAL_S, 0) {
        return;
    }
    let place = |depot: &Depot| {
        let (truth, damage) = hosts.get(index.entity(depot.unit)).ok()?;
        (!damage.is_destroyed()).then(|| truth.0.horizontal())
    };
    let round = Round {
        now: clock.now(),
        depots: &depots,
        fleet: &fleet,
        landscape: &landscape,
        places: depots.0.iter().map(place).collect(),
    };
    for (ix, row) in index.iter() {
        let Ok(visitor) = units.get_mut(row.entity) else {
            continue;
        };
        let (mut replenish, truth, course, damage, mut energy, mut magazine) = visitor;
        let Some(depot) = replenish.depot() else {
            continue;
        };
        let step = round.step(ix, &replenish, (&truth.0, course, damage));
        match step {
            Step::Stay => {}
            Step::Arrive => {
                let since = round.now;
                *replenish = Replenish::Waiting { depot, since };
            }
            Step::Leave | Step::Finish => {
                let aboard = end_visit(
                    &mut replenish,
                    step == Step::Finish,
                    (fleet.vehicle(ix), &mut energy, &mut magazine),
                    &mut stocks.0[depot.at()],
                );
                if let Some(load) = aboard {
                    let (depot, at) = (depots.get(depot).unit, round.now);
                    done.write(Replenished {
                        unit: ix,
                        depot,
                        load,
                        at,
                    });
                }
            }
        }
    }
}

/// What a bay needs to know of a unit.
type Guest<'a> = (&'a mut Replenish, &'a EnergyLeft, &'a Magazine);

/// Free bays take those who wait, in the order of arrival and then of unit ids. Who finds nothing
/// that it could use goes free.
pub(super) fn admit(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (depots, mut stocks): (Res<'_, Depots>, ResMut<'_, Stocks>),
    mut units: Query<'_, '_, Guest<'_>>,
) {
    if depots.0.is_empty() || !clock.is_due(ROUND_INTERVAL_S, 0) {
        return;
    }
    let mut busy = vec![0_u32; depots.0.len()];
    let mut queue = Vec::new();
    for (ix, row) in index.iter() {
        let Ok((replenish, ..)) = units.get(row.entity) else {
            continue;
        };
        match replenish {
            Replenish::Waiting { depot, since } => queue.push((*since, ix, *depot)),
            Replenish::Served { depot, .. } => busy[depot.at()] += 1,
            Replenish::Free | Replenish::Going { .. } => {}
        }
    }
    queue.sort_unstable();
    for (_, ix, depot) in queue {
        let host = depots.get(depot);
        if busy[depot.at()] >= host.bays {
            continue;
        }
        let Ok((mut replenish, energy, magazine)) = units.get_mut(index.entity(ix)) else {
            continue;
        };
        let model = &fleet.vehicle(ix).energy;
        let load = stocks.0[depot.at()].set_aside(host, model, &energy.0, magazine);
        *replenish = if load.is_empty() {
            Replenish::Free
        } else {
            busy[depot.at()] += 1;
            let until = clock.now().plus_s(load.service_s(host));
            Replenish::Served { depot, until, load }
        };
    }
}

/// Serves in the phase `Sustain`, after units have decided to go.
#[derive(Debug)]
pub struct ServePlugin;

impl Plugin for ServePlugin {
    fn build(&self, app: &mut App) {
        app.add_buffer::<Replenished>().add_systems(
            SimTick,
            (attend, admit)
                .chain()
                .after(go_back)
                .in_set(Phase::Sustain),
        );
    }
}
