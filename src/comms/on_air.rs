//! Tells those who listen which radios were on the air lately. See [`OnAirPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut};
use glam::DVec3;

use super::{
    network::{Carrier, Networks, PROBE_BYTES},
    stations::{Stations, WINDOW_S},
};
use crate::{
    kernel::{
        math,
        schedule::{Phase, SimTick},
        time::Clock,
    },
    platform::truth::Board,
    spectrum::{Airwaves, Signal, Source},
};

/// Interval at which those who listen are told, s.
const TOLD_S: f64 = 1.0;

/// Share of the time below which a radio counts as silent: a burst of 10 ms a quarter of an hour ago
/// leaves less (notional).
const SILENT: f64 = 1e-6;

/// Says who was on the air. Over ideal links nobody is: their messages take no air time.
fn be_heard(
    (clock, networks): (Res<'_, Clock>, Res<'_, Networks>),
    (board, stations): (Res<'_, Board>, Res<'_, Stations>),
    mut airwaves: ResMut<'_, Airwaves>,
) {
    if !airwaves.is_heard() || networks.ideal || !clock.is_due(TOLD_S, 0) {
        return;
    }
    let mut signals = Vec::new();
    for (ix, network) in networks.iter() {
        let Carrier::Air {
            frequency_hz,
            bandwidth_hz,
            eirp_dbm,
            ..
        } = network.carrier
        else {
            continue;
        };
        for ((unit, antenna_m), station) in network.members.iter().zip(stations.of(ix)) {
            let share = station.air.share(clock.now());
            let piece = board.piece(*unit);
            if share < SILENT || !piece.is_alive {
                continue;
            }
            signals.push(Signal {
                unit: *unit,
                source: Source::Radio,
                number: ix.0,
                at: piece.position + DVec3::Z * *antenna_m,
                centre_hz: frequency_hz,
                width_hz: bandwidth_hz,
                eirp_dbm,
                on_air: share,
                burst_s: network.air_time_s(PROBE_BYTES, 0).min(share * WINDOW_S),
                sector_rad: [0.0, 0.5 * math::TAU],
            });
        }
    }
    airwaves.put(Source::Radio, signals);
}

/// Says who was on the air in the phase `Link`, of what was sent up to the tick before.
#[derive(Debug)]
pub(super) struct OnAirPlugin;

impl Plugin for OnAirPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Airwaves>()
            .add_systems(SimTick, be_heard.in_set(Phase::Link));
    }
}
