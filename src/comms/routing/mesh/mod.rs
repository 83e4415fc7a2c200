//! What every node knows of the topology, and how it comes to know it. See [`Mesh`].
//!
//! Hellos tell neighbours apart and how well they hear each other; topology messages carry a node's
//! links through its area, passed on by multipoint relays. Both cross the modelled links, take air
//! time, and get lost. Between areas, border nodes advertise what they reach and on which way, so
//! that no way goes in a circle (path vector: RFC 4271, §9). What they advertise are parts of areas
//! with their members, so that an area which has fallen into parts finds itself over others.

mod advert;
mod hello;
mod start;
#[cfg(test)]
mod tests;
mod ways;

use core::cmp::Reverse;
use std::collections::VecDeque;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::{
    areas::{AreaIx, Areas, Part},
    neighbour::{Beyond, HOLD, Neighbour},
    tree::{AreaLink, Tree},
};
use crate::{
    comms::network::{HELLO_S, Network, NetworkIx},
    kernel::{ids::UnitIx, time::SimTime},
};

/// Time between two topology messages of a node, s (OLSR, RFC 3626, §18.2).
pub const TOPOLOGY_S: f64 = 5.0;

/// Size of a topology message without and per link that it names, bytes, compressed as hellos are.
const TOPOLOGY_BYTES: [u32; 2] = [12, 2];

/// Share of a channel that hellos and topology messages may take before topology messages are not
/// passed on any more (notional, 5 to 20 %): on slow channels some must wait for the next.
pub const TOPOLOGY_SHARE: f64 = 0.1;

/// How long what a topology message said is believed, s. OLSR says 15 (RFC 3626, §18.3); on narrow
/// channels they come more rarely than every 5 s, and hellos tell of lost links sooner anyway.
const ADVERT_HOLD_S: f64 = 60.0;

/// Versions of its links that a node's topology messages can still be about.
const VERSIONS: usize = 32;

/// Least time between two topology messages of a node that something changed, s.
const URGENT_S: f64 = 1.0;

/// Parts of an area that a node knows of at most: the largest.
const PARTS: usize = 8;

/// Least probe success of a link that counts when the mesh is up at the start.
const AT_START: f64 = 0.2;

/// What a node says of its links, and of what lies beyond its area.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Advert {
    /// Links inside the area to those who asked for it, sorted by place.
    links: Vec<AreaLink>,
    /// What it reaches beyond.
    beyond: Vec<Beyond>,
}

impl Advert {
    /// Size of a topology message that says it, bytes.
    fn bytes(&self, areas: &Areas) -> u32 {
        let named = u32::try_from(self.links.len() + self.beyond.len()).unwrap_or(u32::MAX / 64);
        let places = self.beyond.iter().map(|it| it.extra_bytes(areas));
        TOPOLOGY_BYTES[0] + TOPOLOGY_BYTES[1] * named + places.sum::<u32>()
    }
}

/// What a node knows of another's adverts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// Number of the newest; zero if none.
    sequence: u32,
    /// When it came.
    heard_at: SimTime,
    /// Number of the newest that was passed on.
    relayed: u32,
}

/// How another part is reached.
#[derive(Debug, Clone, PartialEq)]
struct Outward {
    beyond: Beyond,
    /// First node on the way.
    first: UnitIx,
}

/// One node of the mesh.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Node {
    /// Sorted by unit and network.
    neighbours: Vec<Neighbour>,
    /// Links to neighbours in the area, as last judged, and since when.
    own: Vec<AreaLink>,
    own_since: SimTime,
    /// Adverts of the others of the area, by place.
    known: Vec<Known>,
    /// Number and time of the last own advert, and its versions with the number from which each
    /// holds.
    issued: (u32, SimTime),
    versions: VecDeque<(u32, Advert)>,
    /// Neighbours that it asks to pass its messages on, and to tell that they reach it; sorted.
    relays: Vec<UnitIx>,
    /// Whether anything changed since it chose them.
    is_stale: bool,
    /// Shortest paths, through everybody and inside the own nation and service, made when needed.
    #[serde(skip)]
    trees: [Option<Tree>; 2],
    /// Ways to other parts, likewise.
    #[serde(skip)]
    outward: [Option<Vec<Outward>>; 2],
}

impl Node {
    /// Place of a neighbour on a network.
    fn find(&self, unit: UnitIx, network: NetworkIx) -> Result<usize, usize> {
        self.neighbours
            .binary_search_by_key(&(unit, network), |it| (it.unit, it.network))
    }

    /// The best network to a neighbour that works both ways, with its cost.
    fn best_to(&self, unit: UnitIx) -> Option<(NetworkIx, f64)> {
        let first = self.neighbours.partition_point(|it| it.unit < unit);
        self.neighbours[first..]
            .iter()
            .take_while(|it| it.unit == unit)
            .filter(|it| it.is_symmetric())
            .map(|it| (it.network, it.cost_s))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Links of a neighbour that works both ways, as its last hello named them.
    fn named_by(&self, unit: UnitIx) -> Option<&[AreaLink]> {
        let first = self.neighbours.partition_point(|it| it.unit < unit);
        self.neighbours[first..]
            .iter()
            .take_while(|it| it.unit == unit)
            .filter(|it| it.is_symmetric())
            .max_by_key(|it| it.heard_at)
            .map(|it| it.named.as_slice())
    }

    /// The advert with a number, if it is still known what it said.
    fn advert(&self, sequence: u32) -> Option<&Advert> {
        let after = self.versions.partition_point(|(from, _)| *from <= sequence);
        (sequence > 0 && after > 0).then(|| &self.versions[after - 1].1)
    }

    /// Forgets what was worked out.
    fn forget(&mut self) {
        self.trees = [None, None];
        self.outward = [None, None];
    }
}

/// A topology message that a node is to pass on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relay {
    /// Whose links it is about.
    pub origin: UnitIx,
    /// Its number.
    pub sequence: u32,
    /// Who passes it on.
    pub node: UnitIx,
}

/// What all nodes know. State.
#[derive(Debug, Default, Resource, Serialize, Deserialize)]
pub struct Mesh {
    nodes: Vec<Node>,
    #[serde(skip)]
    areas: Areas,
}

impl Mesh {
    /// Prepares what is static; true if nobody knows anything yet.
    pub fn set_up(&mut self, areas: Areas) -> bool {
        let is_new = self.nodes.len() != areas.of.len();
        if is_new {
            let node = |(area, _): &(u16, u16)| {
                let members = areas.members.get(usize::from(*area));
                Node {
                    known: vec![Known::default(); members.map_or(0, Vec::len)],
                    ..Node::default()
                }
            };
            self.nodes = areas.of.iter().map(node).collect();
        }
        self.areas = areas;
        is_new
    }

    /// Who shares an area with whom.
    #[must_use]
    pub fn areas(&self) -> &Areas {
        &self.areas
    }

    /// Whether a unit belongs to an area.
    fn has_area(&self, unit: UnitIx) -> bool {
        usize::from(self.areas.area(unit)) < self.areas.members.len()
    }

    /// Whether what is static is there.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        !self.areas.of.is_empty()
    }

    /// Neighbours of a node that it hears and that hear it, sorted, with the best network.
    #[must_use]
    pub fn neighbours(&self, unit: UnitIx) -> Vec<(UnitIx, NetworkIx)> {
        let node = &self.nodes[unit.at()];
        node.neighbours
            .chunk_by(|a, b| a.unit == b.unit)
            .filter_map(|of_unit| Some((of_unit[0].unit, node.best_to(of_unit[0].unit)?.0)))
            .collect()
    }
}

/// Takes a way to a part if it is better than the one that is known.
fn improve(found: &mut Vec<Outward>, part: Part, cost_s: f64, new: impl FnOnce() -> Outward) {
    match found.iter_mut().find(|it| it.beyond.part == part) {
        Some(old) if cost_s < old.beyond.cost_s => *old = new(),
        Some(_) => {}
        None => found.push(new()),
    }
}

/// Keeps the largest parts of each area: they overlap in those only who do not forward.
fn keep_largest(found: &mut Vec<Outward>) {
    found.sort_unstable_by_key(|it| {
        let Beyond { part, places, .. } = &it.beyond;
        (part.area, Reverse(places.count_ones()), part.lead)
    });
    let mut kept = (AreaIx::MAX, 0);
    found.retain(|it| {
        let area = it.beyond.part.area;
        kept = (area, if kept.0 == area { kept.1 + 1 } else { 1 });
        kept.1 <= PARTS
    });
}

/// Every how-manieth base interval a hello is due on a network.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float-to-integer `as` saturates, and the number is positive"
)]
fn every(network: &Network) -> u64 {
    (network.hello_s / HELLO_S).round().max(1.0) as u64
}
