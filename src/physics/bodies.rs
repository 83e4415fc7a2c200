//! Vehicles as bodies: into physics and back. See [`BodiesPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};

use super::contact::{Body, Contact};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        schedule::{PhysicsSystems, SimTick},
    },
    platform::{
        damage::Damage,
        truth::Truth,
        vehicle::{Fleet, Vehicle},
    },
};

/// Whether a unit can be in anybody's way: not what walks, which steps aside.
fn is_solid(vehicle: &Vehicle) -> bool {
    vehicle.class.mass_kg.value() > 150.0 && vehicle.kinematics.can_travel()
}

/// Writes the bodies of this tick, in unit order.
fn gather(
    (index, fleet): (Res<'_, UnitIndex>, Res<'_, Fleet>),
    mut bodies: ResMut<'_, Buffer<Body>>,
    units: Query<'_, '_, (&Truth, &Damage)>,
) {
    for (ix, row) in index.iter() {
        let vehicle = fleet.vehicle(ix);
        if !is_solid(vehicle) {
            continue;
        }
        let Ok((truth, damage)) = units.get(row.entity) else {
            continue;
        };
        if damage.is_destroyed() {
            continue;
        }
        bodies.write(Body {
            ix,
            position_m: truth.0.position,
            velocity_m_s: truth.0.velocity,
            radius_m: vehicle.radius_m,
            mass_kg: vehicle.class.mass_kg.value(),
        });
    }
}

/// Moves who was pushed.
fn react(
    (index, contacts): (Res<'_, UnitIndex>, Res<'_, Buffer<Contact>>),
    mut units: Query<'_, '_, &mut Truth>,
) {
    let mut push = |ix: UnitIx, contact: &Contact| {
        if let Ok(mut truth) = units.get_mut(index.entity(ix)) {
            truth.0.position += contact.push_m;
        }
    };
    for contact in contacts.read() {
        push(contact.a, contact);
    }
}

/// Gathers bodies and moves who was pushed, in the phase `Physics`.
#[derive(Debug)]
pub struct BodiesPlugin;

impl Plugin for BodiesPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(
            SimTick,
            (
                gather.in_set(PhysicsSystems::Gather),
                react.in_set(PhysicsSystems::React),
            ),
        );
    }
}
