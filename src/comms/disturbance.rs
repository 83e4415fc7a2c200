//! What members of a network hear besides it: jammers, and networks on the same channel.
//!
//! A disturbance reaches a receiver over the same ground as a signal does, and adds to the noise
//! there, all the time or for a share of it.

use bevy::prelude::{Res, ResMut};
use glam::DVec3;

use super::{
    links::{Disturbance, Links},
    network::{Carrier, Network, NetworkIx, Networks, PROBE_BYTES},
    stations::Stations,
    survey::{MEASURE_PERIOD_S, lifted},
};
use crate::{
    cyber_ew::Jammers,
    environment::{Landscape, Weather},
    kernel::{
        ids::UnitIx,
        math::{from_db, to_db},
        time::{Clock, SimTime},
    },
    platform::truth::Board,
    spectrum::{
        cell::PathCell,
        model::{propagation::free_space_loss_db, rain::rain_loss_db},
        path::ground_loss_db,
    },
};

/// Share of the time from which on a disturbance counts as always there.
const ALWAYS: f64 = 0.999;

/// Share of the time below which a disturbance does not count.
const NEVER: f64 = 0.005;

/// Power of a disturbance in the receiver, relative to its noise, below which it does not count, dB.
const FAINT_DB: f64 = -10.0;

/// Bursts of which each is taken for itself; the rest raise the noise by their mean power.
const BURSTS_MAX: usize = 4;

/// Somebody who sends into a channel.
#[derive(Debug, Clone, Copy)]
struct Intruder {
    unit: UnitIx,
    at: DVec3,
    /// Power times antenna gain in the channel, dBm.
    eirp_dbm: f64,
    /// Share of the time.
    duty: f64,
}

/// The air channel of a network: its middle and width, Hz.
fn channel(network: &Network) -> Option<(f64, f64)> {
    match network.carrier {
        Carrier::Air {
            frequency_hz,
            bandwidth_hz,
            ..
        } => Some((frequency_hz, bandwidth_hz)),
        Carrier::Water { .. } | Carrier::Wire { .. } | Carrier::Satellite { .. } => None,
    }
}

/// Share of one channel's power that falls into another.
fn overlap((a_hz, a_width_hz): (f64, f64), (b_hz, b_width_hz): (f64, f64)) -> f64 {
    let low = (a_hz - 0.5 * a_width_hz).max(b_hz - 0.5 * b_width_hz);
    let high = (a_hz + 0.5 * a_width_hz).min(b_hz + 0.5 * b_width_hz);
    let share = (high - low) / a_width_hz;
    // Channels side by side touch by rounding only.
    if share > 1e-6 { share } else { 0.0 }
}

/// Who sends into the channel of a network without belonging to it.
fn intruders(
    (ix, network): (NetworkIx, &Network),
    networks: &Networks,
    (jammers, stations, board): (&Jammers, &Stations, &Board),
    now: SimTime,
) -> Vec<Intruder> {
    let Some(own) = channel(network) else {
        return Vec::new();
    };
    let air_s = network.air_time_s(PROBE_BYTES, 0);
    let mut found: Vec<Intruder> = jammers
        .active()
        .iter()
        .filter_map(|jammer| {
            let (eirp_dbm, duty) = jammer.in_channel(own.0, own.1, air_s)?;
            Some(Intruder {
                unit: jammer.unit,
                at: jammer.position,
                eirp_dbm,
                duty,
            })
        })
        .collect();
    for (other_ix, other) in networks.iter().filter(|(other, _)| *other != ix) {
        let share = channel(other).map_or(0.0, |it| overlap(it, own));
        let Carrier::Air { eirp_dbm, .. } = other.carrier else {
            continue;
        };
        if share <= 0.0 {
            continue;
        }
        let senders = other.members.iter().zip(stations.of(other_ix));
        found.extend(senders.map(|((unit, antenna_m), station)| Intruder {
            unit: *unit,
            at: board.piece(*unit).position + DVec3::Z * *antenna_m,
            eirp_dbm: eirp_dbm + to_db(share),
            duty: station.load(now),
        }));
    }
    found.retain(|it| it.duty > NEVER);
    found
}

/// The disturbance of a receiver by powers in it, dB over its noise, with their shares of the time.
fn sum(mut heard: Vec<(f64, f64)>) -> Disturbance {
    heard.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut always = 1.0;
    let mut bursts = Vec::new();
    for (over_db, duty) in heard {
        if duty >= ALWAYS {
            always += from_db(over_db);
        } else if bursts.len() < BURSTS_MAX {
            bursts.push((duty, from_db(over_db)));
        } else {
            always += duty * from_db(over_db);
        }
    }
    Disturbance {
        rise_db: to_db(always),
        bursts: bursts
            .into_iter()
            .map(|(duty, power)| (duty, to_db(always + power)))
            .collect(),
    }
}

/// Works out what disturbs the members of every network that is due.
pub(super) fn disturb(
    (clock, weather, landscape): (Res<'_, Clock>, Res<'_, Weather>, Res<'_, Landscape>),
    (networks, board): (Res<'_, Networks>, Res<'_, Board>),
    (jammers, stations): (Res<'_, Jammers>, Res<'_, Stations>),
    mut links: ResMut<'_, Links>,
) {
    if networks.ideal {
        return;
    }
    for (ix, network) in networks.iter() {
        if clock.tick > 0 && !clock.is_due(MEASURE_PERIOD_S, u64::from(ix.0)) {
            continue;
        }
        let Carrier::Air {
            frequency_hz,
            gain_dbi,
            noise_dbm,
            ..
        } = network.carrier
        else {
            continue;
        };
        let others = (&*jammers, &*stations, &*board);
        let intruders = intruders((ix, network), &networks, others, clock.now());
        let links = links.of_mut(ix);
        if intruders.is_empty() {
            if !links.disturbances.is_empty() {
                links.disturbances.clear();
                links.renew_probes(network);
                links.version += 1;
            }
            continue;
        }
        let mut disturbances = Vec::with_capacity(network.members.len());
        for (unit, antenna_m) in &network.members {
            let cell = PathCell::of(board.piece(*unit).position + DVec3::Z * *antenna_m);
            let at = lifted(cell.centre(), *antenna_m, &landscape);
            let mut heard = Vec::new();
            for intruder in intruders.iter().filter(|it| it.unit != *unit) {
                let other_cell = PathCell::of(intruder.at);
                let other_at = other_cell.centre();
                let budget_db = intruder.eirp_dbm + gain_dbi - noise_dbm;
                let least_db = free_space_loss_db(frequency_hz, at.distance(other_at).max(1.0));
                if budget_db - least_db < FAINT_DB {
                    continue;
                }
                let loss_db = links.loss_db((intruder.unit, *unit), [other_cell, cell], || {
                    let other_at = lifted(other_at, 0.0, &landscape);
                    let ends = (other_at, at);
                    ground_loss_db(frequency_hz, ends, &landscape)
                        + rain_loss_db(frequency_hz, ends, weather.rain_mm_h)
                });
                if budget_db - loss_db >= FAINT_DB {
                    heard.push((budget_db - loss_db, intruder.duty));
                }
            }
            disturbances.push(sum(heard));
        }
        if disturbances != links.disturbances {
            links.disturbances = disturbances;
            links.renew_probes(network);
            links.version += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_add_and_bursts_stay_apart() {
        // A jammer as strong as the noise raises it by 3 dB.
        let always = sum(vec![(0.0, 1.0)]);
        assert!((always.rise_db - 3.0103).abs() < 1e-4 && always.bursts.is_empty());
        let both = sum(vec![(0.0, 1.0), (20.0, 0.25)]);
        assert!((both.rise_db - 3.0103).abs() < 1e-4);
        assert_eq!(both.bursts.len(), 1);
        assert!((both.bursts[0].0 - 0.25).abs() < 1e-12);
        assert!((both.bursts[0].1 - to_db(102.0)).abs() < 1e-9);
    }

    #[test]
    fn channels_side_by_side_do_not_overlap() {
        assert!(overlap((53e6, 25e3), (53.025e6, 25e3)) <= 0.0);
        assert!((overlap((53e6, 25e3), (53.0125e6, 25e3)) - 0.5).abs() < 1e-6);
        assert!((overlap((53e6, 25e3), (53e6, 1e6)) - 1.0).abs() < 1e-12);
    }
}
