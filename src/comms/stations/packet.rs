//! What stations send: copies of messages, whole or in fragments. See [`Packet`].

use serde::{Deserialize, Serialize};

use crate::{
    comms::{links::NetworkLinks, network::Network},
    kernel::ids::UnitIx,
    wire::{Header, MessageId},
};

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
    /// To these seats, who do not answer, a number of times; with whether each has the fragment that is
    /// being sent.
    Blind(Vec<(u16, bool)>),
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
    /// Which of the network's rates it is sent at.
    pub rate: u8,
}

impl Packet {
    /// Bytes of the fragment to be sent.
    #[must_use]
    pub fn fragment_bytes(&self, network: &Network) -> u32 {
        self.left_bytes.min(network.fragment_bytes)
    }

    /// The rate that suits all who have not acknowledged it; the lowest where it goes to all.
    #[must_use]
    pub fn rate(&self, seat: usize, links: &NetworkLinks) -> usize {
        let Cast::To(onward) = &self.cast else {
            return 0;
        };
        let open = onward.iter().filter(|hop| !hop.acknowledged);
        links.rate_to(seat, open.map(|hop| usize::from(hop.seat)))
    }

    /// Whether it makes another that waits worthless.
    pub(super) fn replaces(&self, older: &Self) -> bool {
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
