//! Which way messages go. See [`RoutingProtocol`].
//!
//! A node decides on the next hop by what it knows: [`mesh`] keeps, per node, what hellos and
//! topology messages told it, and [`tree`] its shortest paths over that. [`oracle`] knows the whole
//! graph as it is and is the upper bound. [`demand`] asks for ways when they are needed. What floods
//! or is carried needs no way at all.

pub mod areas;
pub mod control;
pub mod demand;
pub mod mesh;
mod neighbour;
pub mod oracle;
mod relays;
pub mod tree;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::network::Networks;
use crate::{
    kernel::ids::UnitIx,
    org::{OrderOfBattle, Role},
};

/// How nodes find the way of a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub enum RoutingProtocol {
    /// Every node learns the topology of its area from hellos and topology messages that cross links
    /// themselves, and takes the way of the least expected transmission time (after OLSR, RFC 3626
    /// and RFC 7181, with the metric of Draves, Padhye, Zill 2004).
    #[default]
    LinkState,
    /// Every node knows all links as they are: the upper bound.
    Oracle,
    /// Every node sends what is new to it to all that hear it, once.
    Flooding,
    /// Every node keeps what it has and gives it to every node that it meets and that lacks it
    /// (Vahdat, Becker 2000).
    Epidemic,
    /// As epidemic, but with a number of copies, half of which go over at each meeting; the last one
    /// is kept for the addressee (binary spray and wait: Spyropoulos, Psounis, Raghavendra 2005).
    SprayAndWait {
        /// Copies of a message.
        copies: u16,
    },
    /// As epidemic, but only the sender gives copies to all it meets; they keep theirs for the addressee
    /// (two-hop relaying: Grossglauser, Tse 2002).
    TwoHop,
    /// A way is asked for when it is needed, and forgotten when it is not used (after AODV, RFC
    /// 3561).
    OnDemand,
}

impl RoutingProtocol {
    /// Whether nodes keep messages and hand copies to whom they meet.
    #[must_use]
    pub const fn carries(self) -> bool {
        matches!(
            self,
            Self::Epidemic | Self::SprayAndWait { .. } | Self::TwoHop
        )
    }

    /// Whether copies spread without a way, so that a node may be given one twice.
    #[must_use]
    pub const fn spreads(self) -> bool {
        self.carries() || matches!(self, Self::Flooding)
    }

    /// Whether nodes say hello.
    #[must_use]
    pub const fn greets(self) -> bool {
        self.carries() || matches!(self, Self::LinkState)
    }
}

/// Whether nodes learn from transmissions that nobody acknowledges, and look for another way at once
/// (link-layer notification: RFC 3626, §13). Without it only silence tells that a neighbour is gone, and
/// what it did not get is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Resource)]
pub struct LinkFeedback(pub bool);

impl Default for LinkFeedback {
    fn default() -> Self {
        Self(true)
    }
}

/// Whether a unit passes others' messages on: by its role, or as a member of a network that meshes.
#[must_use]
pub fn is_forwarder(unit: UnitIx, networks: &Networks, order: &OrderOfBattle) -> bool {
    const HUBS: [Role; 4] = [Role::Relay, Role::Command, Role::Gateway, Role::Liaison];
    let mut own = networks.of_unit[unit.at()].iter();
    HUBS.iter().any(|role| order.has_role(unit, *role)) || own.any(|ix| networks.get(*ix).forwards)
}
