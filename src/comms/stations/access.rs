//! How stations share a channel: when a transmission ends, and what meets it.

use super::Stations;
use crate::{
    comms::{
        links::NetworkLinks,
        model::medium::{
            aloha,
            bianchi::{ContentionTable, Dcf},
            frame::Frame,
        },
        network::{Network, NetworkIx},
    },
    kernel::time::SimTime,
    platform::class::Access,
};

/// Stations for which contention is worked out beforehand.
const TABLE: u32 = 64;

/// Least probe success of a neighbour whose transmissions keep others from sending.
const HEARD: f64 = 0.05;

/// What a station puts on the air.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending {
    /// Its size without the radio's overhead.
    pub(super) bytes: u32,
    /// Which of the network's rates it is sent at.
    pub(super) rate: usize,
    /// Whether it is a hello or topology message.
    pub(super) is_control: bool,
}

impl Stations {
    /// Occupies a transmitter for some bytes; tells when it is free again.
    pub(super) fn occupy(
        &mut self,
        (ix, network): (NetworkIx, &Network),
        seat: usize,
        links: &NetworkLinks,
        sending: Sending,
        now: SimTime,
    ) -> SimTime {
        let stations = &self.list[ix.at()];
        let ready = now.max(stations[seat].free_at);
        let air_s = network.air_time_s(sending.bytes, sending.rate);
        let end = match network.access {
            Access::Tdma => {
                let slots = &self.slots[ix.at()];
                let slot_us = SimTime::from_s(network.slot_s).0.max(1);
                let own = slots.of.get(seat).copied().unwrap_or(0);
                match Frame::new(usize::from(slots.count.max(1)), slot_us, 0) {
                    Ok(frame) => {
                        let air_us = SimTime::from_s(air_s).0;
                        SimTime(frame.send(usize::from(own), ready.0, air_us).end_us)
                    }
                    Err(_) => ready.plus_s(air_s),
                }
            }
            Access::Csma => {
                let (mut rivals, mut free) = (1, ready);
                for link in links.row(seat).iter().filter(|link| link.probe > HEARD) {
                    let other = &stations[usize::from(link.to)];
                    if other.free_at > ready {
                        rivals += 1;
                        free = free.max(other.free_at);
                    }
                }
                let bytes = f64::from(sending.bytes + network.overhead_bytes);
                let rate_bit_s = network.rates.bit_s(sending.rate);
                let table = self.contention[ix.at()].as_ref();
                let turn_s = table.map_or(air_s, |table| turn_s(table, rivals, bytes, rate_bit_s));
                free.plus_s(turn_s)
            }
            Access::Cellular if network.hub != Some(seat) => {
                let terminals = stations.iter().enumerate();
                let others = terminals.filter(|(other, _)| network.hub != Some(*other));
                let free = others.map(|(_, other)| other.free_at).max();
                ready.max(free.unwrap_or(ready)).plus_s(air_s)
            }
            Access::Aloha | Access::PointToPoint | Access::Cellular => ready.plus_s(air_s),
        };
        let station = &mut self.list[ix.at()][seat];
        station.free_at = end;
        station.on_air((air_s, end), sending.is_control, now);
        end
    }

    /// Share of what a station may send that control messages took lately: of the channel that it
    /// shares with those whom it hears, or of its own slots.
    #[must_use]
    pub fn control_load(
        &self,
        (ix, network): (NetworkIx, &Network),
        seat: usize,
        links: &NetworkLinks,
        now: SimTime,
    ) -> f64 {
        let stations = &self.list[ix.at()];
        let of = |seat: usize| stations[seat].control_load(now);
        match network.access {
            Access::Tdma => of(seat) * f64::from(self.slots[ix.at()].count.max(1)),
            Access::PointToPoint => of(seat),
            Access::Cellular if network.hub == Some(seat) => of(seat),
            Access::Cellular => {
                let terminals = (0..stations.len()).filter(|it| network.hub != Some(*it));
                terminals.map(of).sum()
            }
            Access::Csma | Access::Aloha => {
                let heard = links.row(seat).iter().filter(|link| link.probe > HEARD);
                of(seat) + heard.map(|link| of(usize::from(link.to))).sum::<f64>()
            }
        }
    }

    /// Probability that nobody else's transmission meets one: exp(−2G) (Abramson 1970) with the load G
    /// of those whom the receiver hears and nothing keeps from sending: all of them where all send at
    /// once, those whom the sender does not hear where stations listen first (hidden stations:
    /// Tobagi, Kleinrock 1975).
    #[must_use]
    pub fn clear(
        &self,
        (ix, network): (NetworkIx, &Network),
        [from, to]: [usize; 2],
        links: &NetworkLinks,
        now: SimTime,
    ) -> f64 {
        let listens = match network.access {
            Access::Aloha => false,
            Access::Csma => true,
            Access::Tdma | Access::PointToPoint | Access::Cellular => return 1.0,
        };
        let stations = &self.list[ix.at()];
        let mut load = if listens { 0.0 } else { stations[to].load(now) };
        let heard = links.row(to).iter().filter(|link| link.probe > HEARD);
        for other in heard
            .map(|link| usize::from(link.to))
            .filter(|other| *other != from)
        {
            let holds_back = listens
                && links
                    .get(from, other)
                    .is_some_and(|link| link.probe > HEARD);
            if !holds_back {
                load += stations[other].load(now);
            }
        }
        aloha::pure_success(load)
    }
}

/// Time that a packet of some bytes takes on a channel for which so many contend, s: that of Bianchi's
/// model, without its backoff where nobody else does, since a channel found idle is used at once.
fn turn_s(table: &ContentionTable, rivals: u32, bytes: f64, rate_bit_s: f64) -> f64 {
    let turn_s = table.service_s(rivals, bytes, rate_bit_s) / f64::from(rivals);
    if rivals > 1 {
        return turn_s;
    }
    let dcf = table.dcf();
    turn_s - 0.5 * f64::from(dcf.window - 1) * dcf.slot_s
}

/// How contention goes on a network: that of wireless local networks above 1 Mbit/s, below it one of
/// bit times as short as a narrow channel needs them (notional).
pub(super) fn contention(network: &Network) -> Option<ContentionTable> {
    if network.access != Access::Csma {
        return None;
    }
    let basic_bit_s = network.rates.basic_bit_s();
    let usual = Dcf::BIANCHI_2000;
    // The catalogue's overhead holds the headers.
    let dcf = if basic_bit_s >= Dcf::OFDM_20_MHZ.basic_rate_bit_s {
        Dcf {
            header_bits: 0.0,
            ..Dcf::OFDM_20_MHZ
        }
    } else if basic_bit_s >= usual.basic_rate_bit_s {
        Dcf {
            header_bits: 0.0,
            ..usual
        }
    } else {
        let bits_s = |bits: f64| bits / basic_bit_s;
        Dcf {
            slot_s: bits_s(10.0),
            sifs_s: bits_s(5.0),
            difs_s: bits_s(25.0),
            preamble_s: bits_s(64.0),
            ack_bits: 64.0,
            header_bits: 0.0,
            basic_rate_bit_s: basic_bit_s,
            ..usual
        }
    };
    ContentionTable::new(dcf, TABLE).ok()
}
