//! Tells those who listen which radios were on the air in the last second. See [`OnAirPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};
use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::{
    network::{Carrier, Networks, PROBE_BYTES},
    stations::Stations,
};
use crate::{
    kernel::{
        math,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        time::Clock,
    },
    platform::truth::Board,
    spectrum::{Airwaves, Signal, Source},
};

/// Time over which air time is added up, s.
const PERIOD_S: f64 = 1.0;

/// Air time of one station that has been counted, and that is still to be heard, s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Counted {
    total_s: f64,
    /// A transmission is booked when it begins; what is longer than a second is heard in the next.
    ahead_s: f64,
}

impl Counted {
    /// Share of the last second that a station was on the air, by the air time of all its
    /// transmissions so far.
    fn share(&mut self, total_s: f64) -> f64 {
        self.ahead_s += (total_s - self.total_s).max(0.0);
        self.total_s = total_s;
        let share = (self.ahead_s / PERIOD_S).min(1.0);
        self.ahead_s -= share * PERIOD_S;
        share
    }
}

/// What has been counted, by network and seat. State where anybody listens.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
struct OnAir(Vec<Vec<Counted>>);

/// Adds up who was on the air. Over ideal links nobody is: their messages take no air time.
fn be_heard(
    (clock, networks): (Res<'_, Clock>, Res<'_, Networks>),
    (board, stations): (Res<'_, Board>, Res<'_, Stations>),
    (mut on_air, mut airwaves): (ResMut<'_, OnAir>, ResMut<'_, Airwaves>),
) {
    if !airwaves.is_heard() || networks.ideal || !clock.is_due(PERIOD_S, 0) {
        return;
    }
    on_air.0.resize_with(networks.list.len(), Vec::new);
    let mut signals = Vec::new();
    for ((ix, network), counted) in networks.iter().zip(&mut on_air.0) {
        let Carrier::Air {
            frequency_hz,
            bandwidth_hz,
            eirp_dbm,
            ..
        } = network.carrier
        else {
            continue;
        };
        counted.resize_with(network.members.len(), Counted::default);
        let senders = network.members.iter().zip(stations.of(ix)).zip(counted);
        for (((unit, antenna_m), station), counted) in senders {
            let share = counted.share(station.traffic.air_s);
            let piece = board.piece(*unit);
            if share <= 0.0 || !piece.is_alive {
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
                burst_s: network.air_time_s(PROBE_BYTES, 0).min(share * PERIOD_S),
                sector_rad: [0.0, 0.5 * math::TAU],
            });
        }
    }
    airwaves.put(Source::Radio, signals);
}

/// Adds up air time in the phase `Link`, of what was sent up to the tick before.
#[derive(Debug)]
pub(super) struct OnAirPlugin;

impl Plugin for OnAirPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Airwaves>()
            .init_resource::<OnAir>()
            .register_state_resource_if_used::<OnAir>()
            .add_systems(SimTick, be_heard.in_set(Phase::Link));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_transmissions_are_heard_until_they_end_and_no_longer() {
        let mut counted = Counted::default();
        let shares = [2.5, 2.5, 2.5, 2.5, 2.7].map(|total_s| counted.share(total_s));
        for (share, want) in shares.into_iter().zip([1.0, 1.0, 0.5, 0.0, 0.2]) {
            assert!((share - want).abs() < 1e-9, "{shares:?}");
        }
    }
}
