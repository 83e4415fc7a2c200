//! Shells in flight, shown to radars. See [`ShellsPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut};

use super::fire::{Ends, InFlight, Shot};
use crate::{
    environment::Landscape,
    kernel::schedule::{EngageSystems, SimTick},
    platform::{
        class::Fire,
        shells::{self, Shell, Shells},
        vehicle::Fleet,
    },
};

/// Shows the shells that are in flight to whoever looks for them.
fn show(
    (fleet, landscape): (Res<'_, Fleet>, Res<'_, Landscape>),
    (in_flight, mut shells): (Res<'_, InFlight>, ResMut<'_, Shells>),
) {
    if !shells.is_watched() {
        return;
    }
    let is_shell = |shot: &Shot| {
        let effector = fleet.effector(shot.order.authorisation().effector);
        effector.fire == Fire::Indirect && shot.ends == Ends::Arrives
    };
    let shell = |shot: &Shot| Shell {
        number: shot.munition(),
        shooter: shot.order.authorisation().shooter,
        effector: shot.order.authorisation().effector,
        rounds: shot.rounds,
        from: shot.from,
        to: shot
            .aim
            .extend(landscape.terrain.surface_m(shot.aim.x, shot.aim.y)),
        fired: shot.fired,
        impact: shot.impact,
    };
    let flying = in_flight.iter().map(|(_, shot)| shot);
    shells.put(flying.filter(|shot| is_shell(shot)).map(shell));
}

/// Shows shells in the phase `Engage`.
#[derive(Debug)]
pub(super) struct ShellsPlugin;

impl Plugin for ShellsPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(shells::ShellsPlugin)
            .add_systems(SimTick, show.in_set(EngageSystems::Report));
    }
}
