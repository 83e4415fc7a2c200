//! Events from outside at their time. See [`InjectPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    comms::{NetworkIx, Outages},
    cyber_ew::{Compromise, Compromises, Jammers},
    environment::{Light, Weather},
    kernel::{
        delay::DelayQueue,
        ids::{UnitIndex, UnitIx},
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        time::Clock,
    },
    platform::damage::{Damage, Harm},
};

/// What an inject does, in indices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A unit is lost.
    Destroy(UnitIx),
    /// A network stops or works again.
    Network(NetworkIx, bool),
    /// A gateway or liaison stops or works again.
    Exchange(UnitIx, bool),
    /// The weather changes; what is left out stays.
    Weather {
        /// Direction that the wind comes from, degrees.
        wind_from_deg: Option<f64>,
        /// Wind, m/s.
        wind_m_s: Option<f64>,
        /// Visibility, m.
        visibility_m: Option<f64>,
        /// Rain, mm/h.
        rain_mm_h: Option<f64>,
        /// Sea state.
        sea_state: Option<u8>,
        /// Daylight.
        light: Option<Light>,
    },
    /// The jammers of a unit are switched on or off.
    Jam(UnitIx, bool),
    /// The spoofers of a unit pull fixes at this velocity, east and north, m/s, or fall silent.
    Spoof(UnitIx, Option<DVec2>),
    /// The current changes; what is left out stays.
    Current {
        /// Direction that it sets towards, degrees.
        to_deg: Option<f64>,
        /// Speed, m/s.
        speed_m_s: Option<f64>,
    },
    /// The node of a unit falls into other hands.
    Compromise(UnitIx, Box<Compromise>),
}

/// Injects that are still to come.
pub type ScheduledInjects = DelayQueue<Event>;

/// Lets the injects of this tick happen.
fn inject(
    (clock, index): (Res<'_, Clock>, Res<'_, UnitIndex>),
    mut scheduled: ResMut<'_, ScheduledInjects>,
    (mut outages, mut weather): (ResMut<'_, Outages>, ResMut<'_, Weather>),
    (mut jammers, mut compromises): (ResMut<'_, Jammers>, ResMut<'_, Compromises>),
    mut units: Query<'_, '_, &mut Damage>,
) {
    while let Some((at, event)) = scheduled.pop_before(clock.next()) {
        match event {
            Event::Destroy(unit) => {
                if let Ok(mut damage) = units.get_mut(index.entity(unit)) {
                    damage.add(Harm::Catastrophic, at);
                }
            }
            Event::Network(network, works) => {
                if works {
                    outages.networks.remove(&network);
                } else {
                    outages.networks.insert(network);
                }
            }
            Event::Exchange(unit, works) => {
                if works {
                    outages.exchanges.remove(&unit);
                } else {
                    outages.exchanges.insert(unit);
                }
            }
            Event::Weather {
                wind_from_deg,
                wind_m_s,
                visibility_m,
                rain_mm_h,
                sea_state,
                light,
            } => {
                weather.wind_from_deg = wind_from_deg.unwrap_or(weather.wind_from_deg);
                weather.wind_m_s = wind_m_s.unwrap_or(weather.wind_m_s);
                weather.visibility_m = visibility_m.unwrap_or(weather.visibility_m);
                weather.rain_mm_h = rain_mm_h.unwrap_or(weather.rain_mm_h);
                weather.sea_state = sea_state.unwrap_or(weather.sea_state);
                weather.light = light.unwrap_or(weather.light);
            }
            Event::Jam(unit, on) => jammers.switch(unit, on),
            Event::Spoof(unit, pull) => jammers.spoof(unit, pull),
            Event::Compromise(unit, compromise) => compromises.begin(unit, *compromise),
            Event::Current { to_deg, speed_m_s } => {
                weather.current_to_deg = to_deg.unwrap_or(weather.current_to_deg);
                weather.current_m_s = speed_m_s.unwrap_or(weather.current_m_s);
            }
        }
    }
}

/// Lets scheduled events happen in the phase `Inject`.
#[derive(Debug)]
pub struct InjectPlugin;

impl Plugin for InjectPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<ScheduledInjects>()
            .init_resource::<Outages>()
            .register_state_resource::<ScheduledInjects>()
            .add_systems(SimTick, inject.in_set(Phase::Inject));
    }
}
