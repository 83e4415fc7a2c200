//! Reports of wounds, out and in. See [`HealthPlugin`].
//!
//! A wearable looks at its bearer all the time and tells of a wound at once, to the posts above and
//! the radio neighbours. It says no more than that: energy and ammunition come with the next report
//! of state ([`super::status`]).

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use serde::{Deserialize, Serialize};

use super::{
    blue::BluePicture,
    position::VALID_S,
    status::{self, StatesToPass, StatusRules},
};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        time::{Clock, SimTime},
    },
    org::{OrderOfBattle, Role},
    platform::damage::Damage,
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// What a wearable says of its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthReport {
    /// Who.
    pub unit: UnitIx,
    /// When.
    pub at: SimTime,
    /// Whether he can move.
    pub can_move: bool,
    /// Whether he can use his weapons.
    pub can_fire: bool,
}

impl Payload for HealthReport {
    const CLASS: MessageClass = MessageClass::Health;
    const KIND: u8 = 12;

    /// Short enough to be said in full.
    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// What a wearable last told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct HealthTold {
    can_move: bool,
    can_fire: bool,
}

impl Default for HealthTold {
    /// Well at the start, as everybody knows.
    fn default() -> Self {
        Self {
            can_move: true,
            can_fire: true,
        }
    }
}

/// How often a wearable looks, s.
const LOOK_INTERVAL_S: f64 = 1.0;

impl BluePicture {
    /// Takes a wearable's report; says whether it was news.
    pub fn learn_health(&mut self, report: &HealthReport) -> bool {
        self.learn_part(report.unit, report.at, |status| {
            status.can_move = report.can_move;
            if !report.can_fire {
                status.rounds.clear();
            }
        })
    }
}

/// Wearables tell of wounds.
fn send(
    (clock, index, sizes): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, MessageSizes>),
    (order, rules): (Res<'_, OrderOfBattle>, Res<'_, StatusRules>),
    mut outbox: ResMut<'_, Outbox<HealthReport>>,
    mut units: Query<
        '_,
        '_,
        (
            &Damage,
            &mut HealthTold,
            &mut BluePicture,
            &mut StatesToPass,
        ),
    >,
) {
    for (ix, row) in index.iter() {
        let is_due = clock.is_due(LOOK_INTERVAL_S, row.id.0 % 1000);
        if !is_due || !rules.units[ix.at()].has_wearable {
            continue;
        }
        let Ok((damage, mut told, mut picture, mut to_pass)) = units.get_mut(row.entity) else {
            continue;
        };
        let now = HealthTold {
            can_move: damage.can_move(),
            can_fire: damage.can_fire(),
        };
        if damage.is_destroyed() || *told == now {
            continue;
        }
        *told = now;
        let report = HealthReport {
            unit: ix,
            at: clock.now(),
            can_move: now.can_move,
            can_fire: now.can_fire,
        };
        if picture.learn_health(&report) && order.has_role(ix, Role::Command) {
            to_pass.note(ix);
        }
        let posted = Posted {
            author: (row.id, ix),
            audience: Audience::ChainAndNeighbours,
            precedence: Precedence::Immediate,
            size_bytes: sizes.health_bytes,
            created: clock.now(),
            valid_s: VALID_S,
            is_latest: true,
        };
        outbox.post(posted, report);
    }
}

/// Nodes take what wearables tell.
pub(super) fn hear(
    (index, order): (Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    delivered: Res<'_, Delivered<HealthReport>>,
    mut nodes: Query<'_, '_, (&mut BluePicture, &mut StatesToPass)>,
) {
    for delivery in delivered.read() {
        let unit = delivery.body.unit;
        let Ok((mut picture, mut to_pass)) = nodes.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        if picture.learn_health(&delivery.body) && order.is_passed_on(delivery.to, unit) {
            to_pass.note(unit);
        }
    }
}

/// Reports of wounds out and in, in the phase `Fuse`, after the reports of state.
#[derive(Debug)]
pub struct HealthPlugin;

impl Plugin for HealthPlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<HealthReport>()
            .register_state::<HealthTold>()
            .add_systems(
                SimTick,
                (
                    hear.in_set(FuseSystems::Receive).after(status::hear),
                    send.in_set(FuseSystems::Report).after(status::pass_on),
                ),
            );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bevy::prelude::World;
    use glam::DVec3;

    use super::*;
    use crate::{
        kernel::{
            ids::{UnitId, UnitRow},
            schedule::{SchedulePlugin, run_tick},
        },
        logistics::Replenish,
        org::{ForceIx, NationIx, ServiceIx, SideIx, UnitOrg},
        picture::{
            Place,
            status::{StatusPlugin, StatusReport, StatusRule},
        },
        platform::{
            course::Course, damage::Harm, energy::EnergyStore, mover::EnergyLeft, stores::Magazine,
        },
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
            StatesToPass::default(),
            HealthTold::default(),
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
            releasable_to: None,
            stem: "soldier".to_owned(),
        };
        let order = OrderOfBattle {
            units: vec![nobody; 2],
            ..OrderOfBattle::default()
        };
        app.add_plugins((SchedulePlugin { dt_ms: 100 }, StatusPlugin, HealthPlugin))
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

    /// Runs for some seconds and gives what was posted: who told of his state, and whose wearable told
    /// that he cannot move.
    fn posted(world: &mut World, seconds: u32) -> (Vec<UnitIx>, Vec<UnitIx>) {
        for _ in 0..10 * seconds {
            run_tick(world);
        }
        let states = world.resource_mut::<Outbox<StatusReport>>().take();
        let states = states.into_iter().map(|(_, body)| body.0[0].0).collect();
        let wounds = world.resource_mut::<Outbox<HealthReport>>().take();
        let wounds = wounds.into_iter().map(|(header, body)| {
            assert_eq!(header.precedence, Precedence::Immediate);
            assert!(!body.can_move);
            body.unit
        });
        (states, wounds.collect())
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
        let both = vec![UnitIx(0), UnitIx(1)];
        assert_eq!(posted(&mut world, 1), (both.clone(), vec![]));
        assert_eq!(posted(&mut world, 49), (vec![], vec![]));
        assert_eq!(posted(&mut world, 60), (both, vec![]));
        for at in 0..2 {
            hurt(&mut world, at, Harm::Mobility);
        }
        assert_eq!(posted(&mut world, 2), (vec![], vec![UnitIx(0)]));
        let entity = world.resource::<UnitIndex>().entity(UnitIx(0));
        let own = world
            .get::<BluePicture>(entity)
            .unwrap()
            .get(UnitIx(0))
            .cloned();
        assert!(!own.unwrap().can_move(), "he knows of his own wound");
        assert!(posted(&mut world, 60).0.contains(&UnitIx(1)));
        hurt(&mut world, 0, Harm::Catastrophic);
        let told = posted(&mut world, 120);
        assert!(!told.0.contains(&UnitIx(0)), "who is lost is silent");
        assert_eq!(told.1, []);
    }
}
