//! The order of every two systems that touch the same data is given, or the schedule does not run.

use bevy::prelude::{App, IntoScheduleConfigs, ResMut, Resource, Schedule, World};
use tercio::app::SimPlugins;
use tercio::environment::obstacles::Obstacles;
use tercio::kernel::schedule::{Phase, SchedulePlugin, SimTick, run_tick};

/// Length of a tick, ms.
const DT_MS: u32 = 100;

/// What two systems quarrel over.
#[derive(Resource, Default)]
struct Score(u32);

/// Doubles it.
fn double(mut score: ResMut<'_, Score>) {
    score.0 *= 2;
}

/// Adds one.
fn increase(mut score: ResMut<'_, Score>) {
    score.0 += 1;
}

/// An app with the tick alone.
fn kernel_app() -> App {
    let mut app = App::empty();
    app.add_plugins(SchedulePlugin { dt_ms: DT_MS })
        .init_resource::<Score>();
    app
}

/// Builds the schedule; how many pairs of systems conflict, or what the builder says.
fn build(app: &mut App) -> Result<usize, String> {
    let build = |world: &mut World, schedule: &mut Schedule| {
        schedule
            .initialize(world)
            .map_err(|error| format!("{error:?}"))?;
        Ok(schedule.graph().conflicting_systems().len())
    };
    app.world_mut().schedule_scope(SimTick, build)
}

#[test]
fn two_systems_without_an_order_stop_the_schedule() {
    let mut app = kernel_app();
    app.add_systems(SimTick, (double, increase).in_set(Phase::Learn));
    let refused = build(&mut app).expect_err("who is first decides the score");
    assert!(refused.contains("mbigu"), "{refused}");
}

#[test]
fn with_an_order_they_run() {
    let mut app = kernel_app();
    app.add_systems(SimTick, (increase, double).chain().in_set(Phase::Learn));
    assert_eq!(build(&mut app), Ok(0));
    let mut world = core::mem::take(app.world_mut());
    run_tick(&mut world);
    run_tick(&mut world);
    assert_eq!(world.resource::<Score>().0, 6);
}

#[test]
fn the_whole_simulation_has_no_ambiguity() {
    let mut app = App::empty();
    app.add_plugins(SimPlugins {
        dt_ms: DT_MS,
        obstacles: Obstacles::default(),
    });
    app.finish();
    app.cleanup();
    assert_eq!(build(&mut app), Ok(0));
    app.init_resource::<Score>()
        .add_systems(SimTick, (double, increase).in_set(Phase::Learn));
    assert!(
        build(&mut app).is_err(),
        "the detection sees conflicts in the whole simulation too"
    );
}
