//! Orders that arrived become shots. See [`FirePlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    flight::Flights,
    held::{FireState, Held},
    model::time_of_flight_s,
    order::{FireOrder, FireReport, Recall, Renewal},
};
use crate::{
    environment::Landscape,
    kernel::{
        delay::DelayQueue,
        ids::{UnitId, UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        registry::StateAppExt,
        schedule::{EngageSystems, SimTick},
        time::{Clock, SimTime},
    },
    physics::{ObstacleField, SightMemo},
    platform::{
        class::{Domain, EffectorSpec},
        damage::Damage,
        stores::Magazine,
        suppression::Suppression,
        truth::{Board, Truth},
        vehicle::Fleet,
    },
    wire::{Audience, Delivered, MessageSizes, Outbox, PayloadAppExt, Posted, Precedence},
};

/// Height of the aim point above the surface, m.
pub(super) const AIM_HEIGHT_M: f64 = 1.5;

/// A shot was fired.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shot {
    /// Under which order.
    pub order: FireOrder,
    /// When.
    pub fired: SimTime,
    /// From where, m.
    pub from: DVec3,
    /// At what place, m.
    pub aim: DVec2,
    /// Deviation of the target's position as the shooter last heard, m.
    pub sigma_m: f64,
    /// When it arrives.
    pub impact: SimTime,
    /// Rounds that it took.
    pub rounds: u32,
    /// Which of the shots of its order, from one: part of the names of draws.
    pub ordinal: u32,
    /// Where it comes from: of a guided munition, from its arrival on, a point of the end of its way;
    /// of any other shot the muzzle, m.
    pub via: DVec3,
    /// How often it was told in flight where its target is.
    pub updates: u32,
    /// Of what time that is what it was told last.
    pub told: SimTime,
    /// How it ends.
    pub ends: Ends,
}

/// How a shot ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ends {
    /// It arrives.
    Arrives,
    /// It is called off: its leave is void, or does not cover where or when it would arrive.
    CalledOff,
    /// This unit's crew destroys it in flight.
    Intercepted(UnitIx),
    /// It cannot fly as far as its target went.
    Spent,
}

impl Shot {
    /// Its number among all shots, which names the draws about a munition.
    #[must_use]
    pub fn munition(&self) -> u64 {
        self.order.authorisation().id.rotate_left(32) ^ u64::from(self.ordinal)
    }
}

/// Shots in flight.
pub type InFlight = DelayQueue<Shot>;

/// Takes orders, renewals and recalls in.
fn receive(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (orders, renewals, recalls): (
        Res<'_, Delivered<FireOrder>>,
        Res<'_, Delivered<Renewal>>,
        Res<'_, Delivered<Recall>>,
    ),
    mut shooters: Query<'_, '_, &mut FireState>,
) {
    for delivery in orders.read() {
        let order = delivery.body;
        let allowed = order.authorisation();
        if delivery.to != allowed.shooter {
            continue;
        }
        if let Ok(mut state) = shooters.get_mut(index.entity(delivery.to)) {
            let setup_s = fleet.effector(allowed.effector).setup_time_s.value();
            let ready = delivery.at.max(clock.now()).plus_s(setup_s);
            state.held.push(Held::new(order, delivery.at, ready));
        }
    }
    for delivery in renewals.read() {
        if let Ok(mut state) = shooters.get_mut(index.entity(delivery.to)) {
            state.renew(&delivery.body, delivery.at);
        }
    }
    for delivery in recalls.read() {
        if let Ok(mut state) = shooters.get_mut(index.entity(delivery.to)) {
            state.recall(delivery.body.authorisation);
        }
    }
}

/// What a shooter sees of the world when it lays its weapon.
struct Laying<'a> {
    now: SimTime,
    landscape: &'a Landscape,
    field: &'a ObstacleField,
    memo: &'a mut SightMemo,
    fleet: &'a Fleet,
}

impl Laying<'_> {
    /// Range and aim of a shot fired now, if the weapon bears on the aim point.
    fn lay(
        &mut self,
        held: &Held,
        from: DVec3,
        effector: &EffectorSpec,
    ) -> Option<(f64, DVec2, f64)> {
        let order = &held.order;
        let rough_m = from.truncate().distance(held.aim.at(self.now));
        let flight_s = time_of_flight_s(rough_m, effector.speed_m_s.value().max(1.0), 0.0);
        let aim = held.aim.at(self.now.plus_s(flight_s));
        let range_m = from.truncate().distance(aim);
        let reach = effector.range_min_m.value()..=effector.range_max_m.value();
        if !reach.contains(&range_m)
            || !order.authorisation().allows(aim, self.now.plus_s(flight_s))
        {
            return None;
        }
        if effector.needs_line_of_sight && order.domain() != Domain::Air {
            let surface_m = self.landscape.terrain.surface_m(aim.x, aim.y);
            let to = aim.extend(surface_m + AIM_HEIGHT_M);
            if !self.memo.is_clear(from, to, self.landscape, self.field) {
                return None;
            }
        }
        Some((range_m, aim, flight_s))
    }
}

/// What a unit needs to fire.
type ShooterQuery<'a> = (
    &'a mut FireState,
    &'a mut Magazine,
    &'a Truth,
    &'a Damage,
    Option<&'a Suppression>,
);

/// Every shooter that holds orders fires what it can.
fn fire(
    (clock, index, landscape): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Landscape>),
    (field, fleet, sizes): (
        Res<'_, ObstacleField>,
        Res<'_, Fleet>,
        Res<'_, MessageSizes>,
    ),
    (mut memo, mut in_flight, mut flights): (
        ResMut<'_, SightMemo>,
        ResMut<'_, InFlight>,
        ResMut<'_, Flights>,
    ),
    (mut shots, mut outbox): (ResMut<'_, Buffer<Shot>>, ResMut<'_, Outbox<FireReport>>),
    mut shooters: Query<'_, '_, ShooterQuery<'_>>,
) {
    let now = clock.now();
    let mut laying = Laying {
        now,
        landscape: &landscape,
        field: &field,
        memo: &mut memo,
        fleet: &fleet,
    };
    for (ix, row) in index.iter() {
        let Ok((mut state, mut magazine, truth, damage, pinned)) = shooters.get_mut(row.entity)
        else {
            continue;
        };
        if state.held.is_empty() {
            continue;
        }
        let from = truth.0.position + DVec3::Z * (0.8 * fleet.vehicle(ix).class.height_m.value());
        state.void_unheard(now);
        let rules = fleet.catalogue().vulnerability.as_ref();
        let slower = pinned.zip(rules).map_or(1.0, |(pinned, rules)| {
            pinned.cycle_factor(now, &rules.suppression)
        });
        let mut held = core::mem::take(&mut state.held);
        held.retain_mut(|held| {
            let allowed = *held.order.authorisation();
            let may_fire = damage.can_fire() && !state.is_void(allowed.id) && !held.is_reported;
            let shot = may_fire
                .then(|| shoot(held, (from, slower), &mut magazine, &mut laying))
                .flatten();
            if let Some(shot) = shot {
                shots.write(shot);
                if fleet.effector(allowed.effector).flight.is_some() {
                    flights.launch(shot, held.aim);
                } else {
                    in_flight.post(shot.impact, shot);
                }
            }
            let is_over = now >= allowed.until
                || held.shots >= allowed.shots
                || state.is_void(allowed.id)
                || !damage.can_fire();
            if is_over && !held.is_reported {
                held.is_reported = true;
                outbox.post(
                    answer(held, (row.id, ix), now, sizes.fires_bytes),
                    held.report(),
                );
            }
            // What flies can still be called off.
            !is_over || now <= held.last_impact
        });
        state.held = held;
    }
}

/// One shot of an order, if everything allows it now, from a point. Who is pinned down takes so many
/// times as long to the next.
fn shoot(
    held: &mut Held,
    (from, slower): (DVec3, f64),
    magazine: &mut Magazine,
    laying: &mut Laying<'_>,
) -> Option<Shot> {
    let allowed = *held.order.authorisation();
    let fleet = laying.fleet;
    let effector = fleet.effector(allowed.effector);
    let tube = magazine.tube_mut(allowed.effector)?;
    let rounds = effector.rounds_per_shot;
    let now = laying.now;
    if now < held.ready || now < tube.ready || tube.rounds < rounds {
        return None;
    }
    let (_, aim, flight_s) = laying.lay(held, from, effector)?;
    tube.rounds -= rounds;
    tube.ready = now.plus_s(slower * effector.cycle_time_s.value());
    held.shots += 1;
    held.rounds += rounds;
    held.last_impact = now.plus_s(flight_s);
    Some(Shot {
        order: held.order,
        fired: now,
        from,
        aim,
        sigma_m: held.aim.sigma_m,
        impact: held.last_impact,
        rounds,
        ordinal: held.shots,
        via: from,
        updates: 0,
        told: held.aim.as_of,
        ends: Ends::Arrives,
    })
}

/// The outside of that report.
fn answer(held: &Held, author: (UnitId, UnitIx), now: SimTime, size_bytes: u32) -> Posted {
    Posted {
        author,
        audience: Audience::Unit(held.order.answer_to()),
        precedence: Precedence::Immediate,
        size_bytes,
        created: now,
        valid_s: 600.0,
        is_latest: false,
    }
}

/// Fires in the phase `Engage`.
#[derive(Debug)]
pub struct FirePlugin;

impl Plugin for FirePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<InFlight>()
            .init_resource::<Board>()
            .add_payload::<FireOrder>()
            .add_payload::<Renewal>()
            .add_payload::<Recall>()
            .add_payload::<FireReport>()
            .add_buffer::<Shot>()
            .register_state::<FireState>()
            .register_state_resource::<InFlight>()
            .add_systems(SimTick, (receive, fire).chain().in_set(EngageSystems::Fire));
    }
}
