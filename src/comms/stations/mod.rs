//! The stations of the networks: what waits to be sent, and when it is. See [`Stations`].
//!
//! A station is one member on one network. It sends one packet at a time, the most urgent first
//! (strict precedence, first come first served within one: ACP 121), large messages in fragments, so
//! that what is urgent goes between two of them. When a transmission ends depends on how the network
//! shares its channel.

mod access;
mod airtime;
mod packet;
mod station;
#[cfg(test)]
mod tests;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use access::Sending;

use super::{
    links::NetworkLinks,
    model::medium::bianchi::ContentionTable,
    network::{HELLO_S, Network, NetworkIx, Networks},
};
use crate::{kernel::time::SimTime, wire::Precedence};

pub use airtime::WINDOW_S;
pub use packet::{Buffer, Cast, Load, Onward, Packet};
pub use station::{Station, Traffic};

/// Backlog of a transmitter beyond which hellos and topology messages are dropped, s: the interval of
/// hellos, after which the next one comes anyway.
const CLOGGED_S: f64 = HELLO_S;

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
            self.contention = networks.list.iter().map(access::contention).collect();
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

    /// Begins to send what is most urgent, if it is at least as urgent as asked and nothing is on the
    /// air; tells when that ends. What has expired goes to `late`.
    pub fn begin(
        &mut self,
        (ix, network): (NetworkIx, &Network),
        seat: usize,
        (links, least): (&NetworkLinks, Precedence),
        now: SimTime,
        late: &mut Vec<Packet>,
    ) -> Option<SimTime> {
        let station = &mut self.list[ix.at()][seat];
        if station.sending.is_some() {
            return None;
        }
        let mut packet = station.pop(now, least, late)?;
        let bytes = packet.fragment_bytes(network);
        let rate = packet.rate(seat, links);
        packet.rate = u8::try_from(rate).unwrap_or(u8::MAX);
        station.sending = Some(packet);
        let sent = Sending {
            bytes,
            rate,
            is_control: false,
        };
        let end = self.occupy((ix, network), seat, links, sent, now);
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
        let sent = Sending {
            bytes,
            rate: 0,
            is_control: true,
        };
        let end = self.occupy((ix, network), seat, links, sent, now);
        let sent = u64::from(bytes + network.overhead_bytes);
        self.list[ix.at()][seat].traffic.control_bytes += sent;
        end
    }
}
