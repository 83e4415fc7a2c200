//! Contact once per tick. See [`PhysicsPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};

use super::contact::{Body, Contact, ContactSolver};
use super::field::ObstacleField;
use super::sight::SightMemo;
use crate::environment::obstacles::Obstacles;
use crate::kernel::messages::{Buffer, BufferAppExt};
use crate::kernel::schedule::{PhysicsSystems, SimTick};
use crate::kernel::time::Clock;

/// Contacts of vehicles with each other and with obstacles: reads `Buffer<Body>`, which is sorted
/// by unit, and writes `Buffer<Contact>`. Adds the [`ObstacleField`] that rays are cast against.
#[derive(Debug, Default)]
pub struct PhysicsPlugin {
    /// What stands in the way.
    pub obstacles: Obstacles,
}

impl Plugin for PhysicsPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(ObstacleField::new(&self.obstacles))
            .insert_resource(self.obstacles.clone())
            .init_resource::<Scratch>()
            .init_resource::<SightMemo>()
            .add_buffer::<Body>()
            .add_buffer::<Contact>()
            .add_systems(SimTick, find_contacts.in_set(PhysicsSystems::Contact));
    }
}

/// The solver's memory, kept so that a tick allocates nothing. It is no state: see
/// [`ContactSolver`].
#[derive(Debug, Default, Resource)]
struct Scratch(ContactSolver);

/// Finds the contacts of this tick.
fn find_contacts(
    clock: Res<'_, Clock>,
    field: Res<'_, ObstacleField>,
    bodies: Res<'_, Buffer<Body>>,
    mut scratch: ResMut<'_, Scratch>,
    mut contacts: ResMut<'_, Buffer<Contact>>,
) {
    for contact in scratch.0.solve(&field, bodies.read(), clock.dt_s()) {
        contacts.write(*contact);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::obstacles::Obstacle;
    use crate::kernel::ids::UnitIx;
    use crate::kernel::random::{DrawKey, Stream};
    use crate::kernel::schedule::{SchedulePlugin, run_tick};
    use bevy::prelude::World;
    use glam::DVec3;
    use rand::{Rng, RngExt};

    /// What stands in for `platform`: the poses of this tick.
    #[derive(Default, Resource)]
    struct Poses(Vec<Body>);

    /// What stands in for whoever is pushed: the contacts of the last tick.
    #[derive(Default, Resource)]
    struct Seen(Vec<Contact>);

    /// Hands the poses to physics.
    fn gather(poses: Res<'_, Poses>, mut bodies: ResMut<'_, Buffer<Body>>) {
        for body in &poses.0 {
            bodies.write(*body);
        }
    }

    /// Keeps the contacts.
    fn react(contacts: Res<'_, Buffer<Contact>>, mut seen: ResMut<'_, Seen>) {
        seen.0 = contacts.read().to_vec();
    }

    /// A world with physics and nine turned houses.
    fn world() -> World {
        let house = |i: u32| Obstacle {
            id: format!("house-{i}"),
            centre_m: DVec3::new(f64::from(i % 3) * 30.0, f64::from(i / 3) * 30.0, 3.0),
            size_m: DVec3::new(8.0, 12.0, 6.0),
            heading_rad: f64::from(i) * 0.35,
        };
        let mut app = App::empty();
        app.add_plugins(SchedulePlugin { dt_ms: 100 })
            .add_plugins(PhysicsPlugin {
                obstacles: Obstacles::new((0..9).map(house).collect()),
            })
            .init_resource::<Poses>()
            .init_resource::<Seen>()
            .add_systems(
                SimTick,
                (
                    gather.in_set(PhysicsSystems::Gather),
                    react.in_set(PhysicsSystems::React),
                ),
            );
        core::mem::take(app.world_mut())
    }

    /// Sixty vehicles in the town.
    fn poses(n: u64) -> Vec<Body> {
        let mut draws = DrawKey::new(Stream::Placement, 0, 0, n).draws(1);
        (0..60).map(|ix| random_body(ix, &mut draws)).collect()
    }

    /// One vehicle somewhere, going somewhere.
    fn random_body(ix: u32, draws: &mut impl Rng) -> Body {
        let mut within = |low: f64, high: f64| low + (high - low) * draws.random::<f64>();
        Body {
            ix: UnitIx(ix),
            position_m: DVec3::new(within(-20.0, 80.0), within(-20.0, 80.0), within(0.0, 3.0)),
            velocity_m_s: DVec3::new(within(-20.0, 20.0), within(-20.0, 20.0), 0.0),
            radius_m: within(0.3, 3.0),
            mass_kg: within(80.0, 60e3),
        }
    }

    /// One tick with these poses.
    fn tick(world: &mut World, poses: Vec<Body>) -> Vec<Contact> {
        world.resource_mut::<Poses>().0 = poses;
        run_tick(world);
        world.resource::<Seen>().0.clone()
    }

    /// Everything that contacts say, to the last bit.
    fn bits(contacts: &[Contact]) -> Vec<(UnitIx, super::super::ContactWith, [u64; 5])> {
        let numbers = |c: &Contact| {
            [c.push_m.x, c.push_m.y, c.push_m.z, c.depth_m, c.impulse_n_s].map(f64::to_bits)
        };
        contacts.iter().map(|c| (c.a, c.b, numbers(c))).collect()
    }

    #[test]
    fn contacts_depend_on_this_tick_alone() {
        let mut old = world();
        for n in 0..25 {
            tick(&mut old, poses(n));
            tick(&mut old, Vec::new());
            tick(&mut old, poses(n).split_off(30));
        }
        let mut total = 0;
        for n in 100..110 {
            let (restored, lived) = (tick(&mut world(), poses(n)), tick(&mut old, poses(n)));
            assert_eq!(bits(&restored), bits(&lived));
            total += lived.len();
        }
        assert!(total > 200, "the town is crowded: {total}");
    }

    #[test]
    fn two_worlds_on_two_threads_agree() {
        let run = || {
            let mut world = world();
            (0..20)
                .flat_map(|n| bits(&tick(&mut world, poses(n))))
                .collect::<Vec<_>>()
        };
        let alone = run();
        let pair = [std::thread::spawn(run), std::thread::spawn(run)];
        for thread in pair {
            assert_eq!(thread.join().unwrap(), alone);
        }
    }

    #[test]
    fn buffers_are_empty_between_ticks() {
        let mut world = world();
        assert!(!tick(&mut world, poses(3)).is_empty());
        assert!(world.resource::<Buffer<Body>>().read().is_empty());
        assert!(world.resource::<Buffer<Contact>>().read().is_empty());
        assert!(tick(&mut world, Vec::new()).is_empty());
    }
}
