//! What carriers know of each other: summaries of what a node has had. See [`Store`].
//!
//! A node that meets somebody new tells all around which messages it has had, and afterwards, with its
//! hellos, what is new (summary vectors: Vahdat, Becker 2000, "Epidemic routing for partially-connected
//! ad hoc networks", §2.2). Summaries take air time and may be lost; a node offers what it does not
//! believe a neighbour to have, so that a copy may come twice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    flight::{Event, Mover},
    network::{HELLO_S, NetworkIx, PROBE_BYTES},
    stations::{Cast, Load, Onward, Packet},
};
use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    wire::{Header, MessageId},
};

/// Size of a summary without and per message that it names, bytes: the head of a hello; names of 32 bits
/// (Vahdat, Becker 2000, §2.2).
const SUMMARY_BYTES: [u32; 2] = [12, 4];

/// Messages that one transmission of a summary names: as many as fit a probe, whose success it has.
const ENTRIES: usize = ((PROBE_BYTES - SUMMARY_BYTES[0]) / SUMMARY_BYTES[1]) as usize;

/// How long a node takes it that somebody got what was addressed to it, without hearing so from it, s:
/// its summary comes with a hello of the next period.
const ASSUMED_S: f64 = 2.0 * HELLO_S;

/// How long what a node said before it became a neighbour counts as said at the meeting, s: the time in
/// which a neighbour is found.
const MEETING_S: f64 = 3.0 * HELLO_S;

/// A dissemination of a message.
type Entry = (MessageId, u32);

/// What a node carries, and what it knows of those around it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Store {
    /// Copies that it keeps.
    pub(super) loads: Vec<Load>,
    /// Neighbours, and since when.
    met: BTreeMap<UnitIx, SimTime>,
    /// When others last told what they have.
    told: BTreeMap<UnitIx, SimTime>,
    /// Whether somebody around does not know all that it has had.
    owes_all: bool,
    /// What it has got since its last summary.
    untold: Vec<Entry>,
    /// What others were sent, as it heard, until they should have said so.
    assumed: BTreeMap<(MessageId, u32, UnitIx), SimTime>,
    /// Transmissions of summaries so far.
    sent: u64,
}

impl Store {
    /// Forgets that it has to tell of messages that are no more.
    pub(super) fn forget(&mut self, is_there: impl Fn(MessageId) -> bool) {
        self.untold.retain(|(id, _)| is_there(*id));
    }
}

/// A summary on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Summary {
    from: UnitIx,
    to: Vec<UnitIx>,
    entries: Vec<Entry>,
}

impl Mover<'_> {
    /// A node that carries looks who is there, tells what it has, and gives what they lack.
    pub(super) fn meet(&mut self, node: UnitIx, now: SimTime) {
        let neighbours = self.mesh.neighbours(node);
        let is_there = |unit: &UnitIx| neighbours.binary_search_by_key(unit, |it| it.0).is_ok();
        let store = self.transit.kept.entry(node).or_default();
        store.met.retain(|unit, _| is_there(unit));
        for (unit, _) in &neighbours {
            if !store.met.contains_key(unit) {
                store.met.insert(*unit, now);
                store.owes_all = true;
            }
        }
        store
            .told
            .retain(|unit, at| is_there(unit) || now.since_s(*at) <= MEETING_S);
        let flights = &mut self.transit.flights;
        store.assumed.retain(|(id, leg, unit), since| {
            let holds = now.since_s(*since) < ASSUMED_S;
            if let Some(flight) = flights.get_mut(id).filter(|_| !holds) {
                flight.believed.remove(&(*leg, node, *unit));
            }
            holds
        });
        if neighbours.is_empty() {
            // Whoever comes gets to know all.
            store.owes_all = false;
            store.untold.clear();
        } else if store.owes_all || !store.untold.is_empty() {
            self.tell(node, &neighbours, now);
        }
        self.drop_late(node, now);
        let ready = self.ready(node, now);
        self.offer(node, &ready, 0, now);
    }

    /// A node tells its neighbours what it has had, unless control messages leave no room.
    fn tell(&mut self, node: UnitIx, neighbours: &[(UnitIx, NetworkIx)], now: SimTime) {
        let mut networks: Vec<NetworkIx> = neighbours.iter().map(|it| it.1).collect();
        networks.sort_unstable();
        networks.dedup();
        let (_, air) = self.air();
        if networks.iter().any(|ix| !air.has_room(*ix, node, now)) {
            return;
        }
        let Some(store) = self.transit.kept.get_mut(&node) else {
            return;
        };
        let new = core::mem::take(&mut store.untold);
        let entries = if core::mem::take(&mut store.owes_all) {
            self.had(node, now)
        } else {
            new
        };
        let mut pieces: Vec<&[Entry]> = entries.chunks(ENTRIES).collect();
        if pieces.is_empty() {
            pieces.push(&[]);
        }
        for ix in networks {
            for entries in &pieces {
                self.say(node, ix, entries, now);
            }
        }
    }

    /// All that a node has had and that is still worth something.
    fn had(&self, node: UnitIx, now: SimTime) -> Vec<Entry> {
        let mut found = Vec::new();
        for (id, flight) in &self.transit.flights {
            if flight.header.expires > now {
                let legs = (0_u32..).zip(&flight.legs).map(|(leg, _)| leg);
                let had = legs.filter(|leg| flight.seen.contains(&(*leg, node)));
                found.extend(had.map(|leg| (*id, leg)));
            }
        }
        found
    }

    /// Sends one transmission of a summary on a network.
    fn say(&mut self, node: UnitIx, ix: NetworkIx, entries: &[Entry], now: SimTime) {
        let Some(store) = self.transit.kept.get_mut(&node) else {
            return;
        };
        store.sent += 1;
        let key = (0, store.sent | 1 << 44);
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX / 64);
        let bytes = SUMMARY_BYTES[0] + SUMMARY_BYTES[1] * count;
        let network = self.scene.networks.get(ix);
        let (_, mut air) = self.air();
        let (end, heard) = air.cast(ix, node, bytes, (key, now));
        if !heard.is_empty() {
            let summary = Summary {
                from: node,
                to: heard.into_iter().map(|seat| network.member(seat)).collect(),
                entries: entries.to_vec(),
            };
            let at = end.plus_s(network.latency_s);
            self.transit.events.post(at, Event::Summary(summary));
        }
    }

    /// Nodes hear a summary, and give what the other lacks.
    pub(super) fn hear_summary(&mut self, summary: &Summary, at: SimTime) {
        for by in summary.to.iter().copied() {
            if !self.scene.board.piece(by).is_on_air {
                continue;
            }
            let store = self.transit.kept.entry(by).or_default();
            let is_first = store.told.insert(summary.from, at).is_none();
            for (id, leg) in summary.entries.iter().copied() {
                store.assumed.remove(&(id, leg, summary.from));
                if let Some(flight) = self.transit.flights.get_mut(&id) {
                    flight.believed.insert((leg, by, summary.from));
                }
            }
            if is_first {
                let mut ready = self.ready(by, at);
                ready.retain(|(unit, _)| *unit == summary.from);
                self.offer(by, &ready, 0, at);
            }
        }
    }

    /// Neighbours of a node of whom it knows what they have: they told, or had a hello's time to.
    pub(super) fn ready(&self, node: UnitIx, now: SimTime) -> Vec<(UnitIx, NetworkIx)> {
        let mut neighbours = self.mesh.neighbours(node);
        let store = self.transit.kept.get(&node);
        neighbours.retain(|(unit, network)| {
            let hello_s = self.scene.networks.get(*network).hello_s;
            store.is_some_and(|store| {
                let waited_s = store.met.get(unit).map_or(0.0, |met| now.since_s(*met));
                store.told.contains_key(unit) || waited_s >= hello_s
            })
        });
        neighbours
    }

    /// Whom those who get a packet hear of: its sender, and to whom it goes; nobody where nothing is
    /// carried.
    pub(super) fn addressed(&self, ix: NetworkIx, seat: usize, onward: &[Onward]) -> Vec<UnitIx> {
        if !self.scene.protocol.carries() {
            return Vec::new();
        }
        let network = self.scene.networks.get(ix);
        let to = onward.iter().map(|hop| usize::from(hop.seat));
        let seats = core::iter::once(seat).chain(to);
        seats.map(|seat| network.member(seat)).collect()
    }

    /// A node that got a copy believes that its sender has it, and until it should know better those to
    /// whom it went as well.
    pub(super) fn notice(&mut self, node: UnitIx, load: &Load, addressed: &[UnitIx], at: SimTime) {
        let Some(flight) = self.transit.flights.get_mut(&load.id) else {
            return;
        };
        for (place, unit) in addressed.iter().enumerate().filter(|it| *it.1 != node) {
            if flight.believed.insert((load.leg, node, *unit)) && place > 0 {
                let store = self.transit.kept.entry(node).or_default();
                store.assumed.insert((load.id, load.leg, *unit), at);
            }
        }
    }

    /// A node does not know whether somebody got a copy: it may be given again.
    pub(super) fn doubt(&mut self, ix: NetworkIx, seat: usize, packet: &Packet, hop: &Onward) {
        let network = self.scene.networks.get(ix);
        let (node, to) = (network.member(seat), network.member(usize::from(hop.seat)));
        if self.scene.protocol.carries() {
            self.take_back(node, to, &packet.load, 0);
        }
    }

    /// What a queue had no room for was not given to anybody; what something newer replaced stays.
    pub(super) fn pushed_out(&mut self, ix: NetworkIx, node: UnitIx, gone: &Packet, by: &Header) {
        let Cast::To(onward) = &gone.cast else {
            return;
        };
        if !self.scene.protocol.carries() || by.replaces(&gone.header) {
            return;
        }
        let network = self.scene.networks.get(ix);
        for hop in onward.iter().filter(|hop| !hop.has_it) {
            let to = network.member(usize::from(hop.seat));
            self.take_back(node, to, &gone.load, hop.copies);
        }
    }

    /// A node has got something that it will tell its neighbours.
    pub(super) fn note(&mut self, node: UnitIx, load: &Load) {
        if self.scene.protocol.carries() {
            let store = self.transit.kept.entry(node).or_default();
            store.untold.push((load.id, load.leg));
        }
    }
}
