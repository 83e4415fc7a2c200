//! Reports of the own state, out and in. See [`StatusPlugin`].
//!
//! A unit tells the posts above it and its radio neighbours from time to time how much energy and
//! ammunition it has, whether it can move and whether it is free. A wearable looks at its bearer all
//! the time and tells of a wound at once. Who is lost falls silent. A post passes what it learnt of
//! its own force on to the other posts in one message.

use std::collections::BTreeSet;

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{
    blue::{BluePicture, Status},
    position::{VALID_S, elapsed_s},
};
use crate::{
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx},
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        time::{Clock, SimTime},
    },
    logistics::Replenish,
    org::{OrderOfBattle, Role},
    platform::{course::Course, damage::Damage, mover::EnergyLeft, stores::Magazine},
    wire::{
        Audience, Delivered, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt, Posted,
        Precedence,
    },
};

/// When a unit tells of its state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatusRule {
    /// Longest time between two reports, s.
    pub interval_s: f64,
    /// Whether a wearable tells of a wound at once.
    pub has_wearable: bool,
}

/// The rule of each unit by rank, and how often posts pass on, s. Static.
#[derive(Debug, Clone, Resource)]
pub struct StatusRules {
    /// By rank.
    pub units: Vec<StatusRule>,
    /// Time between two messages by which a post passes on, s.
    pub pass_interval_s: f64,
}

impl Default for StatusRules {
    fn default() -> Self {
        Self {
            units: Vec::new(),
            pass_interval_s: 30.0,
        }
    }
}

/// In what state units say that they are, sent together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StatusReport(pub Vec<(UnitIx, Status)>);

impl Payload for StatusReport {
    const CLASS: MessageClass = MessageClass::Status;
    const KIND: u8 = 11;

    /// By voice nothing is lost.
    fn coarsened(&self) -> Self {
        self.clone()
    }
}

/// What a unit last told of its state, and of whose state it has news that it has not passed on.
#[derive(Debug, Clone, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct StatusTold {
    can_move: bool,
    can_act: bool,
    to_pass: BTreeSet<UnitIx>,
}

impl Default for StatusTold {
    /// Well at the start, as everybody knows.
    fn default() -> Self {
        Self {
            can_move: true,
            can_act: true,
            to_pass: BTreeSet::new(),
        }
    }
}

/// How often a unit sees to its reports, s.
const LOOK_INTERVAL_S: f64 = 1.0;

/// What a unit knows of itself.
type OwnState<'a> = (
    &'a EnergyLeft,
    &'a Magazine,
    &'a Damage,
    &'a Course,
    &'a Replenish,
    &'a mut BluePicture,
    &'a mut StatusTold,
);

/// The state of a unit by its own account. Who is on the way to a depot or in a bay is not free for
/// anything else.
fn own_status(
    now: SimTime,
    (energy, magazine, damage): (&EnergyLeft, &Magazine, &Damage),
    (course, replenish): (&Course, &Replenish),
) -> Status {
    let tubes = magazine.tubes.iter().filter(|_| damage.can_fire());
    Status {
        at: now,
        energy_share: energy.0.share,
        rounds: tubes.map(|tube| (tube.effector, tube.rounds)).collect(),
        can_move: damage.can_move(),
        is_idle: course.is_idle() && replenish.is_free(),
    }
}

/// Units tell of their state.
fn send(
    (clock, index, sizes): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, MessageSizes>),
    (order, rules): (Res<'_, OrderOfBattle>, Res<'_, StatusRules>),
    mut outbox: ResMut<'_, Outbox<StatusReport>>,
    mut units: Query<'_, '_, OwnState<'_>>,
) {
    let now = clock.now();
    let looks = |id: UnitId| clock.is_due(LOOK_INTERVAL_S, id.0 % 1000);
    for (ix, row) in index
        .iter()
        .filter(|(_, row)| clock.tick == 0 || looks(row.id))
    {
        let Ok(state) = units.get_mut(row.entity) else {
            continue;
        };
        let (energy, magazine, damage, course, replenish, mut picture, mut told) = state;
        if damage.is_destroyed() {
            continue;
        }
        let rule = rules.units[ix.at()];
        let (can_move, can_act) = (damage.can_move(), damage.can_fire());
        let is_wound = rule.has_wearable && (can_move, can_act) != (told.can_move, told.can_act);
        let own = picture.get(ix).and_then(|own| own.status.as_ref());
        let last = own.map_or(SimTime::ZERO, |status| status.at);
        let is_due = elapsed_s(row.id, last, now, rule.interval_s) >= rule.interval_s;
        if clock.tick > 0 && !is_wound && !is_due {
            continue;
        }
        (told.can_move, told.can_act) = (can_move, can_act);
        let status = own_status(now, (energy, magazine, damage), (course, replenish));
        picture.learn_status(ix, &status);
        if order.has_role(ix, Role::Command) {
            told.to_pass.insert(ix);
        }
        let posted = Posted {
            author: (row.id, ix),
            audience: Audience::ChainAndNeighbours,
            precedence: if is_wound {
                Precedence::Immediate
            } else {
                Precedence::Routine
            },
            size_bytes: sizes.status_bytes,
            created: now,
            valid_s: VALID_S,
            is_latest: true,
        };
        outbox.post(posted, StatusReport(vec![(ix, status)]));
    }
}

/// Posts pass on how the units of their force fare.
fn pass_on(
    (clock, index): (Res<'_, Clock>, Res<'_, UnitIndex>),
    (rules, sizes): (Res<'_, StatusRules>, Res<'_, MessageSizes>),
    mut outbox: ResMut<'_, Outbox<StatusReport>>,
    mut posts: Query<'_, '_, (&BluePicture, &Damage, &mut StatusTold)>,
) {
    for (ix, row) in index.iter() {
        if !clock.is_due(rules.pass_interval_s, row.id.0 % 100_000) {
            continue;
        }
        let Ok((picture, damage, mut told)) = posts.get_mut(row.entity) else {
            continue;
        };
        if damage.is_destroyed() || told.to_pass.is_empty() {
            continue;
        }
        let news = core::mem::take(&mut told.to_pass);
        let status = |unit: UnitIx| Some((unit, picture.get(unit)?.status.clone()?));
        let report = StatusReport(news.into_iter().filter_map(status).collect());
        let posted = Posted {
            author: (row.id, ix),
            audience: Audience::Posts,
            precedence: Precedence::Routine,
            size_bytes: MessageSizes::of_many(sizes.status_bytes, report.0.len()),
            created: clock.now(),
            valid_s: VALID_S,
            is_latest: false,
        };
        outbox.post(posted, report);
    }
}

/// Nodes take what they are told of states.
fn hear(
    (index, order): (Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    delivered: Res<'_, Delivered<StatusReport>>,
    mut nodes: Query<'_, '_, (&mut BluePicture, &mut StatusTold)>,
) {
    for delivery in delivered.read() {
        let Ok((mut picture, mut told)) = nodes.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        for (unit, status) in &delivery.body.0 {
            if picture.learn_status(*unit, status) && order.is_passed_on(delivery.to, *unit) {
                told.to_pass.insert(*unit);
            }
        }
    }
}

/// Reports of state out and in, in the phase `Fuse`, after the reports of position.
#[derive(Debug)]
pub struct StatusPlugin;

impl Plugin for StatusPlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<StatusReport>()
            .init_resource::<StatusRules>()
            .register_state::<StatusTold>()
            .add_systems(
                SimTick,
                (
                    hear.in_set(FuseSystems::Receive)
                        .after(super::position::hear),
                    (send, pass_on)
                        .chain()
                        .in_set(FuseSystems::Report)
                        .after(super::position::pass_on),
                ),
            );
    }
}

#[cfg(test)]
mod tests {
    use bevy::prelude::World;
    use glam::DVec3;

    use super::*;
    use crate::{
        kernel::{
            ids::UnitRow,
            schedule::{SchedulePlugin, run_tick},
        },
        org::{ForceIx, NationIx, ServiceIx, SideIx, UnitOrg},
        picture::Place,
        platform::{damage::Harm, energy::EnergyStore},
    };

    /// Reports once a minute, with or without a wearable.
    fn rule(has_wearable: bool) -> StatusRule {
        StatusRule {
            interval_s: 60.0,
            has_wearable,
        }
    }

    /// A soldier who knows where he stands.
    fn soldier(world: &mut World, at: u64) -> UnitRow {
        let mut picture = BluePicture::default();
        let place = Place {
            at: SimTime::ZERO,
            position: DVec3::ZERO,
            velocity: DVec3::ZERO,
        };
        picture.learn_place(UnitIx(u32::try_from(at).unwrap()), &place);
        let entity = world.spawn((
            EnergyLeft(EnergyStore { share: 1.0 }),
            Magazine::default(),
            Damage::default(),
            Course::default(),
            Replenish::default(),
            picture,
            StatusTold::default(),
        ));
        UnitRow {
            id: UnitId(at),
            entity: entity.id(),
            name: format!("soldier-{at}"),
        }
    }

    /// Two soldiers, the first with a wearable.
    fn world() -> World {
        let mut app = App::empty();
        let nobody = UnitOrg {
            side: SideIx(0),
            nation: NationIx(0),
            service: ServiceIx(0),
            force: ForceIx(0),
            roles: BTreeSet::new(),
            stem: "soldier".to_owned(),
        };
        let order = OrderOfBattle {
            units: vec![nobody; 2],
            ..OrderOfBattle::default()
        };
        app.add_plugins((SchedulePlugin { dt_ms: 100 }, StatusPlugin))
            .init_resource::<MessageSizes>()
            .insert_resource(order)
            .insert_resource(StatusRules {
                units: vec![rule(true), rule(false)],
                ..StatusRules::default()
            });
        let mut world = core::mem::take(app.world_mut());
        let rows = (0..2).map(|at| soldier(&mut world, at)).collect();
        world.insert_resource(UnitIndex::new(rows));
        world
    }

    /// Runs for some seconds and gives what was posted: who, how urgent, whether it can move.
    fn posted(world: &mut World, seconds: u32) -> Vec<(UnitIx, Precedence, bool)> {
        for _ in 0..10 * seconds {
            run_tick(world);
        }
        let posted = world.resource_mut::<Outbox<StatusReport>>().take();
        posted
            .into_iter()
            .map(|(header, body)| (body.0[0].0, header.precedence, body.0[0].1.can_move))
            .collect()
    }

    /// Hurts a soldier.
    fn hurt(world: &mut World, at: u32, harm: Harm) {
        let entity = world.resource::<UnitIndex>().entity(UnitIx(at));
        let now = world.resource::<Clock>().now();
        world.get_mut::<Damage>(entity).unwrap().add(harm, now);
    }

    #[test]
    fn a_wound_is_told_at_once_and_otherwise_all_is_well_once_a_minute() {
        let mut world = world();
        let well = |at| (UnitIx(at), Precedence::Routine, true);
        assert_eq!(posted(&mut world, 1), [well(0), well(1)]);
        assert_eq!(posted(&mut world, 49), []);
        assert_eq!(posted(&mut world, 60), [well(0), well(1)]);
        for at in 0..2 {
            hurt(&mut world, at, Harm::Mobility);
        }
        let told = posted(&mut world, 2);
        assert_eq!(told, [(UnitIx(0), Precedence::Immediate, false)]);
        let told = posted(&mut world, 60);
        assert!(
            told.contains(&(UnitIx(1), Precedence::Routine, false)),
            "{told:?}"
        );
        hurt(&mut world, 0, Harm::Catastrophic);
        let told = posted(&mut world, 120);
        assert!(
            told.iter().all(|(unit, ..)| *unit == UnitIx(1)),
            "who is lost is silent"
        );
    }
}
