//! The stations of the networks: what waits to be sent, and when it is. See [`Stations`].
//!
//! A station is one member on one network. It sends one packet at a time, the most urgent first
//! (strict precedence, first come first served within one: ACP 121), large messages in fragments, so
//! that what is urgent goes between two of them. When a transmission ends depends on how the network
//! shares its channel.

use std::collections::VecDeque;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::{
    links::NetworkLinks,
    model::medium::{
        aloha,
        bianchi::{ContentionTable, Dcf},
        frame::Frame,
    },
    network::{HELLO_S, Network, NetworkIx, Networks},
};
use crate::{
    kernel::{ids::UnitIx, math, time::SimTime},
    platform::class::Access,
    wire::{Header, MessageId},
};

/// Payload of a fragment at most, bytes: the usual transfer unit of packet radio (RFC 894 less
/// headers).
pub const FRAGMENT_BYTES: u32 = 1400;

/// Time over which a station's share of the channel is averaged, s.
const LOAD_WINDOW_S: f64 = 30.0;

/// Backlog of a transmitter beyond which hellos and topology messages are dropped, s: the interval of
/// hellos, after which the next one comes anyway.
const CLOGGED_S: f64 = HELLO_S;

/// Stations for which contention is worked out beforehand.
const TABLE: u32 = 64;

/// A message on its way from a node to some of its readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Which message.
    pub id: MessageId,
    /// Which of its disseminations.
    pub leg: u32,
    /// Readers, and units that hand over, to whom this copy goes, sorted.
    pub readers: Vec<UnitIx>,
    /// Hops behind it.
    pub hops: u8,
    /// Copies that it stands for, where copies are counted.
    pub copies: u16,
}

/// A next hop of a packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward {
    /// Seat of the next node.
    pub seat: u16,
    /// Readers beyond it.
    pub readers: Vec<UnitIx>,
    /// Whether it has the fragment that is being sent.
    pub has_it: bool,
    /// Whether the sender knows that it has.
    pub acknowledged: bool,
    /// Copies that go to it, where copies are counted.
    pub copies: u16,
}

/// To whom a packet is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cast {
    /// To these, until each has acknowledged it.
    To(Vec<Onward>),
    /// To whoever hears it, once.
    All,
}

/// A packet at a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Outside of the message.
    pub header: Header,
    /// The copy.
    pub load: Load,
    /// To whom.
    pub cast: Cast,
    /// Bytes of the message that are still to be sent.
    pub left_bytes: u32,
    /// Transmissions of this fragment so far.
    pub tries: u32,
}

impl Packet {
    /// Bytes of the fragment to be sent.
    #[must_use]
    pub fn fragment_bytes(&self) -> u32 {
        self.left_bytes.min(FRAGMENT_BYTES)
    }

    /// Whether it makes another that waits worthless.
    fn replaces(&self, older: &Self) -> bool {
        let all_get_it = |reader: &UnitIx| self.load.readers.binary_search(reader).is_ok();
        self.header.replaces(&older.header) && older.load.readers.iter().all(all_get_it)
    }
}

/// What a station can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buffer {
    /// Bytes.
    pub bytes: u32,
    /// Messages.
    pub messages: usize,
}

/// What a station sent and lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Traffic {
    /// Bytes of messages on the air, repetitions and overhead included.
    pub data_bytes: u64,
    /// Bytes of hellos and topology messages.
    pub control_bytes: u64,
    /// Time on the air, s.
    pub air_s: f64,
    /// Messages that found the buffer full, or were pushed out of it.
    pub overflowed: u64,
    /// Messages that expired in the queue.
    pub expired: u64,
    /// Hops given up after all tries.
    pub failed: u64,
}

/// One member on one network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// What waits, by precedence.
    queues: [VecDeque<Packet>; 4],
    /// Its size.
    queued_bytes: u32,
    /// What is on the air.
    sending: Option<Packet>,
    /// When its transmitter is free.
    free_at: SimTime,
    /// Share of the time that it was on the air lately, and as of when.
    load: (f64, SimTime),
    /// Share of it that control messages took.
    control: f64,
    /// What it sent and lost.
    pub traffic: Traffic,
}

impl Station {
    /// Messages that wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queues.iter().map(VecDeque::len).sum()
    }

    /// What is left of a share after some time.
    fn faded(&self, share: f64, now: SimTime) -> f64 {
        share * math::exp(-now.since_s(self.load.1) / LOAD_WINDOW_S)
    }

    /// Share of the time that it was on the air lately, 0 to 1.
    #[must_use]
    pub fn load(&self, now: SimTime) -> f64 {
        self.faded(self.load.0, now)
    }

    /// Notes time on the air.
    fn on_air(&mut self, air_s: f64, is_control: bool, now: SimTime) {
        let more = air_s / LOAD_WINDOW_S;
        self.control = self.faded(self.control, now) + if is_control { more } else { 0.0 };
        self.load = ((self.load(now) + more).min(1.0), now);
        self.traffic.air_s += air_s;
    }

    /// Takes a packet; gives back those that had to go for it.
    pub fn push(&mut self, packet: Packet, buffer: Buffer) -> Vec<Packet> {
        let mut gone = Vec::new();
        let queue = &mut self.queues[packet.header.precedence as usize];
        if let Some(at) = queue.iter().position(|older| packet.replaces(older)) {
            let older = core::mem::replace(&mut queue[at], packet);
            self.queued_bytes = self.queued_bytes + queue[at].left_bytes - older.left_bytes;
            gone.push(older);
        } else {
            self.queued_bytes += packet.left_bytes;
            queue.push_back(packet);
        }
        while self.queued_bytes > buffer.bytes || self.waiting() > buffer.messages {
            let Some(last) = self.queues.iter_mut().find_map(VecDeque::pop_back) else {
                break;
            };
            self.queued_bytes -= last.left_bytes;
            self.traffic.overflowed += 1;
            gone.push(last);
        }
        gone
    }

    /// Puts a packet back whose next fragment or try is due.
    pub fn push_front(&mut self, packet: Packet) {
        self.queued_bytes += packet.left_bytes;
        self.queues[packet.header.precedence as usize].push_front(packet);
    }

    /// Takes the packet that was on the air.
    pub fn take_sent(&mut self) -> Option<Packet> {
        self.sending.take()
    }

    /// Takes all that waits.
    pub fn clear(&mut self) -> Vec<Packet> {
        self.queued_bytes = 0;
        self.queues
            .iter_mut()
            .rev()
            .flat_map(core::mem::take)
            .collect()
    }

    /// The most urgent packet that is still worth sending; what has expired goes to `late`.
    fn pop(&mut self, now: SimTime, late: &mut Vec<Packet>) -> Option<Packet> {
        loop {
            let packet = self.queues.iter_mut().rev().find_map(VecDeque::pop_front)?;
            self.queued_bytes -= packet.left_bytes;
            if packet.header.expires > now {
                return Some(packet);
            }
            self.traffic.expired += 1;
            late.push(packet);
        }
    }
}

/// Who sends in which slot of a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots {
    /// Slot of each seat.
    pub of: Vec<u16>,
    /// Slots of a frame.
    pub count: u16,
    /// Version of the links for which they were given out.
    pub version: u64,
}

/// All stations of all networks. State.
#[derive(Debug, Clone, Default, Resource, Serialize, Deserialize)]
pub struct Stations {
    list: Vec<Vec<Station>>,
    slots: Vec<Slots>,
    /// Contention of each network that listens before it sends; made anew when needed.
    #[serde(skip)]
    contention: Vec<Option<ContentionTable>>,
}

impl Stations {
    /// Makes room for the stations of these networks.
    pub fn set_up(&mut self, networks: &Networks) {
        self.list.resize_with(networks.list.len(), Vec::new);
        self.slots.resize_with(networks.list.len(), Slots::default);
        for (stations, network) in self.list.iter_mut().zip(&networks.list) {
            stations.resize_with(network.members.len(), Station::default);
        }
        if self.contention.len() != networks.list.len() {
            self.contention = networks.list.iter().map(contention).collect();
        }
    }

    /// Stations of a network by seat.
    #[must_use]
    pub fn of(&self, network: NetworkIx) -> &[Station] {
        self.list.get(network.at()).map_or(&[], Vec::as_slice)
    }

    /// A station.
    pub fn at_mut(&mut self, network: NetworkIx, seat: usize) -> &mut Station {
        &mut self.list[network.at()][seat]
    }

    /// Slots of a network.
    pub fn slots_mut(&mut self, network: NetworkIx) -> &mut Slots {
        &mut self.slots[network.at()]
    }

    /// Begins to send what is most urgent, if nothing is on the air; tells when that ends. What has
    /// expired goes to `late`.
    pub fn begin(
        &mut self,
        (ix, network): (NetworkIx, &Network),
        seat: usize,
        links: &NetworkLinks,
        now: SimTime,
        late: &mut Vec<Packet>,
    ) -> Option<SimTime> {
        let station = &mut self.list[ix.at()][seat];
        if station.sending.is_some() {
            return None;
        }
        let packet = station.pop(now, late)?;
        let bytes = packet.fragment_bytes();
        station.sending = Some(packet);
        let end = self.occupy((ix, network), seat, links, (bytes, false), now);
        let sent = u64::from(bytes + network.overhead_bytes);
        self.list[ix.at()][seat].traffic.data_bytes += sent;
        Some(end)
    }

    /// Whether a hello or topology message would be stale before a transmitter is free for it.
    #[must_use]
    pub fn is_clogged(&self, ix: NetworkIx, seat: usize, now: SimTime) -> bool {
        self.list[ix.at()][seat].free_at > now.plus_s(CLOGGED_S)
    }

    /// Sends a hello or topology message as soon as the transmitter is free; tells when that ends.
    pub fn control(
        &mut self,
        (ix, network): (NetworkIx, &Network),
        seat: usize,
        links: &NetworkLinks,
        bytes: u32,
        now: SimTime,
    ) -> SimTime {
        let end = self.occupy((ix, network), seat, links, (bytes, true), now);
        let sent = u64::from(bytes + network.overhead_bytes);
        self.list[ix.at()][seat].traffic.control_bytes += sent;
        end
    }

    /// Occupies a transmitter for some bytes; tells when it is free again.
    fn occupy(
        &mut self,
        (ix, network): (NetworkIx, &Network),
        seat: usize,
        links: &NetworkLinks,
        (bytes, is_control): (u32, bool),
        now: SimTime,
    ) -> SimTime {
        let stations = &self.list[ix.at()];
        let ready = now.max(stations[seat].free_at);
        let air_s = network.air_time_s(bytes);
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
                let bytes = f64::from(bytes + network.overhead_bytes);
                let table = self.contention[ix.at()].as_ref();
                let turn_s = table.map_or(air_s, |table| turn_s(table, rivals, bytes, network));
                free.plus_s(turn_s)
            }
            Access::Aloha | Access::PointToPoint => ready.plus_s(air_s),
        };
        let station = &mut self.list[ix.at()][seat];
        station.free_at = end;
        station.on_air(air_s, is_control, now);
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
        let of = |seat: usize| stations[seat].faded(stations[seat].control, now);
        match network.access {
            Access::Tdma => of(seat) * f64::from(self.slots[ix.at()].count.max(1)),
            Access::PointToPoint => of(seat),
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
            Access::Tdma | Access::PointToPoint => return 1.0,
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
fn turn_s(table: &ContentionTable, rivals: u32, bytes: f64, network: &Network) -> f64 {
    let turn_s = table.service_s(rivals, bytes, network.rate_bit_s) / f64::from(rivals);
    if rivals > 1 {
        return turn_s;
    }
    let dcf = table.dcf();
    turn_s - 0.5 * f64::from(dcf.window - 1) * dcf.slot_s
}

/// Least probe success of a neighbour whose transmissions keep others from sending.
const HEARD: f64 = 0.05;

/// How contention goes on a network: that of wireless local networks above 1 Mbit/s, below it one of
/// bit times as short as a narrow channel needs them (notional).
fn contention(network: &Network) -> Option<ContentionTable> {
    if network.access != Access::Csma {
        return None;
    }
    let usual = Dcf::BIANCHI_2000;
    // The catalogue's overhead holds the headers.
    let dcf = if network.rate_bit_s >= Dcf::OFDM_20_MHZ.basic_rate_bit_s {
        Dcf {
            header_bits: 0.0,
            ..Dcf::OFDM_20_MHZ
        }
    } else if network.rate_bit_s >= usual.basic_rate_bit_s {
        Dcf {
            header_bits: 0.0,
            ..usual
        }
    } else {
        let bits_s = |bits: f64| bits / network.rate_bit_s;
        Dcf {
            slot_s: bits_s(10.0),
            sifs_s: bits_s(5.0),
            difs_s: bits_s(25.0),
            preamble_s: bits_s(64.0),
            ack_bits: 64.0,
            header_bits: 0.0,
            basic_rate_bit_s: network.rate_bit_s,
            ..usual
        }
    };
    ContentionTable::new(dcf, TABLE).ok()
}

#[cfg(test)]
mod tests;
