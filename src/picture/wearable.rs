//! Wearables: what tells a post at once that its bearer is hurt. See [`WearablePlugin`].
//!
//! A wearable looks at its bearer all the time, tells of a change at once, and otherwise says at
//! least so often that all is as it was. Who is lost falls silent.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::blue::{BlueReport, OwnState, own_entry};
use crate::{
    kernel::{
        ids::UnitIndex,
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        time::{Clock, SimTime},
    },
    wire::{Audience, MessageSizes, Outbox, Posted, Precedence},
};

/// Longest time between two reports of each unit's wearable, s, by rank; none without one. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Wearables(pub Vec<Option<f64>>);

/// What a wearable last told of its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct Vitals {
    can_move: bool,
    can_act: bool,
    told: SimTime,
}

impl Default for Vitals {
    /// Well at the start, as everybody knows.
    fn default() -> Self {
        Self {
            can_move: true,
            can_act: true,
            told: SimTime::ZERO,
        }
    }
}

/// How long a report is worth something, s.
const VALID_S: f64 = 300.0;

/// How often a wearable looks at its bearer, s.
const LOOK_INTERVAL_S: f64 = 1.0;

/// Wearables tell of their bearers.
fn tell(
    (clock, index, wearables): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Wearables>),
    sizes: Res<'_, MessageSizes>,
    mut outbox: ResMut<'_, Outbox<BlueReport>>,
    mut bearers: Query<'_, '_, (OwnState<'_>, &mut Vitals)>,
) {
    let now = clock.now();
    for (ix, row) in index.iter() {
        let Some(interval_s) = wearables.0.get(ix.at()).copied().flatten() else {
            continue;
        };
        let Ok((state, mut vitals)) = bearers.get_mut(row.entity) else {
            continue;
        };
        let (_, navigation, energy, magazine, damage, course, replenish, mut picture) = state;
        if damage.is_destroyed() || !clock.is_due(LOOK_INTERVAL_S, row.id.0 % 1000) {
            continue;
        }
        let (can_move, can_act) = (damage.can_move(), damage.can_fire());
        let has_changed = (can_move, can_act) != (vitals.can_move, vitals.can_act);
        if !has_changed && now.since_s(vitals.told) < interval_s {
            continue;
        }
        *vitals = Vitals {
            can_move,
            can_act,
            told: now,
        };
        let is_idle = course.is_idle() && replenish.is_free();
        let entry = own_entry(ix, now, (navigation, energy, magazine), (damage, is_idle));
        picture.learn(&entry);
        let posted = Posted {
            author: (row.id, ix),
            audience: Audience::ChainAndNeighbours,
            precedence: if has_changed {
                Precedence::Immediate
            } else {
                Precedence::Routine
            },
            size_bytes: sizes.position_bytes + sizes.status_bytes,
            created: now,
            valid_s: VALID_S,
        };
        outbox.post(posted, BlueReport(vec![entry]));
    }
}

/// Reports of wearables out, in the phase `Fuse`, after the reports of position.
#[derive(Debug)]
pub struct WearablePlugin;

impl Plugin for WearablePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Wearables>()
            .register_state::<Vitals>()
            .add_systems(
                SimTick,
                tell.in_set(FuseSystems::Report)
                    .after(super::blue::send_positions),
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
            ids::{UnitId, UnitIx, UnitRow},
            random::{DrawKey, Stream},
            schedule::{SchedulePlugin, run_tick},
        },
        logistics::Replenish,
        picture::BluePicture,
        platform::{
            course::Course,
            damage::{Damage, Harm},
            energy::EnergyStore,
            kinematics::MotionState,
            mover::EnergyLeft,
            navigation::NavSolution,
            stores::Magazine,
        },
        wire::PayloadAppExt,
    };

    /// Two soldiers, the first with a wearable that reports once a minute at least.
    fn world() -> World {
        let mut app = App::empty();
        app.add_plugins((SchedulePlugin { dt_ms: 100 }, WearablePlugin))
            .add_payload::<BlueReport>()
            .init_resource::<MessageSizes>()
            .insert_resource(Wearables(vec![Some(60.0), None]));
        let mut world = core::mem::take(app.world_mut());
        let rows = (0..2)
            .map(|at| {
                let state = MotionState::at_rest(DVec3::ZERO, 0.0);
                let mut draws = DrawKey::new(Stream::Navigation, at, 0, 0).draws(1);
                let entity = world.spawn((
                    NavSolution::new(&state, &mut draws),
                    EnergyLeft(EnergyStore { share: 1.0 }),
                    Magazine::default(),
                    Damage::default(),
                    Course::default(),
                    Replenish::default(),
                    BluePicture::default(),
                    Vitals::default(),
                ));
                UnitRow {
                    id: UnitId(at),
                    entity: entity.id(),
                    name: format!("soldier-{at}"),
                }
            })
            .collect();
        let index = UnitIndex::new(rows);
        for (ix, row) in index.iter() {
            world.entity_mut(row.entity).insert(ix);
        }
        world.insert_resource(index);
        world
    }

    /// Runs for some seconds and gives what was posted: who, how urgent, whether it can move.
    fn posted(world: &mut World, seconds: u32) -> Vec<(UnitIx, Precedence, bool)> {
        for _ in 0..10 * seconds {
            run_tick(world);
        }
        let posted = world.resource_mut::<Outbox<BlueReport>>().take();
        posted
            .into_iter()
            .map(|(header, body)| (body.0[0].unit, header.precedence, body.0[0].can_move))
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
        assert_eq!(posted(&mut world, 50), []);
        let well = (UnitIx(0), Precedence::Routine, true);
        assert_eq!(posted(&mut world, 120), [well, well]);
        for at in 0..2 {
            hurt(&mut world, at, Harm::Mobility);
        }
        let told = posted(&mut world, 2);
        assert_eq!(told, [(UnitIx(0), Precedence::Immediate, false)]);
        hurt(&mut world, 0, Harm::Catastrophic);
        assert_eq!(posted(&mut world, 120), [], "who is lost is silent");
    }
}
