//! Since when a unit stands. See [`Stillness`].

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res};
use serde::{Deserialize, Serialize};

use super::{class::Figure, truth::Truth, vehicle::Fleet};
use crate::kernel::{
    registry::StateAppExt,
    schedule::{Phase, SimTick},
    time::{Clock, SimTime},
};

/// Since when a unit stands; written here only. Nobody has stood before the run began: who waits in
/// a position from the start is in cover there after the time that this takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct Stillness {
    since: Option<SimTime>,
}

impl Stillness {
    /// Time for which the unit has stood, s; none while it moves.
    #[must_use]
    pub fn halted_s(&self, now: SimTime) -> Option<f64> {
        self.since.map(|since| now.since_s(since))
    }
}

/// Notes who stands and who moves.
fn watch(
    (clock, fleet): (Res<'_, Clock>, Res<'_, Fleet>),
    mut units: Query<'_, '_, (&Truth, &mut Stillness)>,
) {
    let rules = fleet.catalogue().vulnerability.as_ref();
    let least_m_s = rules.map_or(f64::INFINITY, |rules| {
        Figure::value(&rules.moving_above_m_s)
    });
    for (truth, mut stillness) in &mut units {
        let moves = truth.0.velocity.length() >= least_m_s;
        let since = match stillness.since {
            _ if moves => None,
            None => Some(clock.now()),
            known => known,
        };
        if since != stillness.since {
            stillness.since = since;
        }
    }
}

/// Watches who stands, in the phase `Emit`.
#[derive(Debug)]
pub struct StancePlugin;

impl Plugin for StancePlugin {
    fn build(&self, app: &mut App) {
        app.register_state::<Stillness>()
            .add_systems(SimTick, watch.in_set(Phase::Emit));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use glam::DVec3;

    use super::*;
    use crate::{
        kernel::schedule::{SchedulePlugin, run_tick},
        platform::{class::Catalogue, kinematics::MotionState},
    };

    #[test]
    fn standing_counts_from_the_last_halt() {
        let mut app = App::new();
        app.add_plugins((SchedulePlugin { dt_ms: 1000 }, StancePlugin))
            .insert_resource(Fleet::new(
                Vec::new(),
                Vec::new(),
                Arc::new(Catalogue::shipped()),
            ));
        let mut state = MotionState::at_rest(DVec3::ZERO, 0.0);
        let unit = app
            .world_mut()
            .spawn((Truth(state), Stillness::default()))
            .id();
        let world = app.world_mut();
        let mut halted_s = |velocity_m_s: f64, ticks: u32| {
            state.velocity = DVec3::X * velocity_m_s;
            world.get_mut::<Truth>(unit).unwrap().0 = state;
            for _ in 0..ticks {
                run_tick(world);
            }
            let now = world.resource::<Clock>().now();
            world.get::<Stillness>(unit).unwrap().halted_s(now)
        };
        assert_eq!(halted_s(0.0, 10), Some(10.0));
        assert_eq!(halted_s(3.0, 2), None);
        assert_eq!(halted_s(0.1, 5), Some(5.0));
    }
}
