//! Every plugin of the simulation, floor by floor. See [`SimPlugins`].

use bevy::prelude::{App, Plugin};

use super::{inject::InjectPlugin, input::InputPlugin};
use crate::{
    accounting::AccountingPlugin,
    command::CommandPlugin,
    comms::CommsPlugin,
    cyber_ew::CyberEwPlugin,
    engagement::EngagementPlugin,
    environment::{EnvironmentPlugin, obstacles::Obstacles},
    kernel::{registry::StateAppExt, schedule::SchedulePlugin, time::Clock},
    logistics::LogisticsPlugin,
    physics::{BodiesPlugin, PhysicsPlugin},
    picture::PicturePlugin,
    planning::PlanningPlugin,
    platform::PlatformPlugin,
    sensing::SensingPlugin,
};

/// Everything that a run needs but the scenario itself.
///
/// | Plugin | What it does |
/// |---|---|
/// | [`SchedulePlugin`] | the tick and its phases |
/// | [`EnvironmentPlugin`] | weather |
/// | [`PlatformPlugin`] | motion, energy, damage, stores |
/// | [`PhysicsPlugin`], [`BodiesPlugin`] | contact, sight through buildings |
/// | [`CyberEwPlugin`] | jammers |
/// | [`SensingPlugin`] | who sees what |
/// | [`CommsPlugin`] | links and messages |
/// | [`EngagementPlugin`] | weapons |
/// | [`LogisticsPlugin`] | depots |
/// | [`PicturePlugin`] | tracks and blue pictures |
/// | [`PlanningPlugin`] | tasks and proposals |
/// | [`CommandPlugin`] | desks and authorisations |
/// | [`AccountingPlugin`] | measures |
/// | [`InjectPlugin`] | scheduled events |
/// | [`InputPlugin`] | what a person does |
#[derive(Debug)]
pub struct SimPlugins {
    /// Length of a tick, ms.
    pub dt_ms: u32,
    /// What stands in the way.
    pub obstacles: Obstacles,
}

impl Plugin for SimPlugins {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            SchedulePlugin { dt_ms: self.dt_ms },
            EnvironmentPlugin,
            PlatformPlugin,
            PhysicsPlugin {
                obstacles: self.obstacles.clone(),
            },
            BodiesPlugin,
            CyberEwPlugin,
            SensingPlugin,
            CommsPlugin,
        ))
        .add_plugins((
            EngagementPlugin,
            LogisticsPlugin,
            PicturePlugin,
            PlanningPlugin,
            CommandPlugin,
            AccountingPlugin,
            InjectPlugin,
            InputPlugin,
        ))
        .register_state_resource::<Clock>();
    }
}
