//! Store, carry and forward: copies that nodes keep until they meet who lacks them.
//!
//! What others have a node knows from what it handed them and from what they tell: see `summary`.

use std::collections::BTreeMap;

use super::{
    flight::{Flight, Mover},
    network::NetworkIx,
    routing::RoutingProtocol,
    stations::{Cast, Load, Onward},
};
use crate::kernel::{ids::UnitIx, time::SimTime};

/// Bytes that a node keeps for others at most (notional, 0.1 to 100 MB): what does not fit goes, the
/// oldest of the lowest precedence first.
const CARRY_BYTES: u64 = 1_000_000;

impl Mover<'_> {
    /// A node keeps a copy, and gives it to the neighbours that lack it.
    pub(super) fn carry(&mut self, node: UnitIx, load: Load, now: SimTime) {
        let Some(flight) = self.transit.flights.get_mut(&load.id) else {
            return;
        };
        flight.pending += 1;
        let loads = &mut self.transit.kept.entry(node).or_default().loads;
        loads.push(load);
        let newest = loads.len() - 1;
        let neighbours = self.ready(node, now);
        self.offer(node, &neighbours, newest, now);
        self.make_room(node);
    }

    /// Lets copies go that a node has no room for.
    fn make_room(&mut self, node: UnitIx) {
        let Some(store) = self.transit.kept.get_mut(&node) else {
            return;
        };
        let flights = &self.transit.flights;
        let header = |load: &Load| flights.get(&load.id).map(|it| it.header);
        let size = |load: &Load| header(load).map_or(0, |it| u64::from(it.size_bytes));
        let mut total: u64 = store.loads.iter().map(size).sum();
        let mut gone = Vec::new();
        while total > CARRY_BYTES {
            let rank =
                |at: usize| header(&store.loads[at]).map(|it| (it.precedence, it.created, at));
            let Some((_, _, at)) = (0..store.loads.len()).filter_map(rank).min() else {
                break;
            };
            let load = store.loads.remove(at);
            total -= size(&load);
            gone.push(load);
        }
        for load in gone {
            self.close(load.id);
        }
    }

    /// Lets copies go that are worth nothing any more.
    pub(super) fn drop_late(&mut self, node: UnitIx, now: SimTime) {
        let Some(store) = self.transit.kept.get_mut(&node) else {
            return;
        };
        let flights = &self.transit.flights;
        let is_late = |load: &mut Load| {
            let flight = flights.get(&load.id);
            flight.is_none_or(|flight| flight.header.expires <= now)
        };
        let late: Vec<Load> = store.loads.extract_if(.., is_late).collect();
        store.forget(|id| flights.contains_key(&id));
        for load in late {
            self.close(load.id);
        }
    }

    /// A node gives what it keeps, from a place of its store on, to those of some neighbours that, as
    /// far as it knows, lack it.
    pub(super) fn offer(
        &mut self,
        node: UnitIx,
        neighbours: &[(UnitIx, NetworkIx)],
        first: usize,
        now: SimTime,
    ) {
        let Some(store) = self.transit.kept.get_mut(&node) else {
            return;
        };
        let mut loads = core::mem::take(&mut store.loads);
        let mut packets = Vec::new();
        for load in loads.iter_mut().skip(first) {
            for (network, onward) in self.lacking(node, load, neighbours) {
                packets.push((network, load.clone(), onward));
            }
        }
        self.transit.kept.entry(node).or_default().loads = loads;
        for (network, load, onward) in packets {
            self.enqueue(network, node, &load, Cast::To(onward), now);
        }
    }

    /// Those of the neighbours that are to get a copy, by the network that leads to them.
    fn lacking(
        &mut self,
        node: UnitIx,
        load: &mut Load,
        neighbours: &[(UnitIx, NetworkIx)],
    ) -> BTreeMap<NetworkIx, Vec<Onward>> {
        let mut found: BTreeMap<NetworkIx, Vec<Onward>> = BTreeMap::new();
        let inside = self.stays_inside(load);
        let areas = self.mesh.areas();
        let Some(flight) = self.transit.flights.get_mut(&load.id) else {
            return found;
        };
        let from = flight.legs[load.leg as usize].from;
        for (to, network) in neighbours {
            let is_near = areas.domains[to.at()] == areas.domains[from.at()];
            if inside && !is_near && load.readers.binary_search(to).is_err() {
                continue;
            }
            let seat = self.scene.networks.get(*network).seat(*to);
            let Some(seat) = seat.and_then(|seat| u16::try_from(seat).ok()) else {
                continue;
            };
            let Some(copies) = share(flight, load, (node, *to), self.scene.protocol) else {
                continue;
            };
            load.copies = load.copies.saturating_sub(copies).max(1);
            found.entry(*network).or_default().push(Onward {
                seat,
                readers: load.readers.clone(),
                has_it: false,
                acknowledged: false,
                copies,
            });
        }
        found
    }

    /// A neighbour did not get a copy: it may be given again.
    pub(super) fn take_back(&mut self, node: UnitIx, to: UnitIx, load: &Load, copies: u16) {
        if let Some(flight) = self.transit.flights.get_mut(&load.id) {
            flight.believed.remove(&(load.leg, node, to));
        }
        self.add_copies(node, load, copies);
    }

    /// More copies of what a node keeps, where they are counted.
    pub(super) fn add_copies(&mut self, node: UnitIx, load: &Load, copies: u16) {
        if !matches!(self.scene.protocol, RoutingProtocol::SprayAndWait { .. }) {
            return;
        }
        let kept = self.transit.kept.get_mut(&node);
        let mut same = kept.into_iter().flat_map(|store| &mut store.loads);
        if let Some(same) = same.find(|it| (it.id, it.leg) == (load.id, load.leg)) {
            same.copies = same.copies.saturating_add(copies);
        }
    }

    /// A node is no more, and what it kept with it.
    pub(super) fn drop_store(&mut self, node: UnitIx) {
        for load in self.transit.kept.remove(&node).unwrap_or_default().loads {
            self.close(load.id);
        }
    }
}

/// Copies that a neighbour gets of a message; none if the node believes that it has it, or it is not
/// to have it.
fn share(
    flight: &mut Flight,
    load: &Load,
    (node, to): (UnitIx, UnitIx),
    protocol: RoutingProtocol,
) -> Option<u16> {
    let is_reader = load.readers.binary_search(&to).is_ok();
    let is_source = flight.legs[load.leg as usize].from == node;
    let copies = match protocol {
        RoutingProtocol::SprayAndWait { .. } if load.copies <= 1 => is_reader.then_some(1)?,
        RoutingProtocol::SprayAndWait { .. } => load.copies / 2,
        RoutingProtocol::TwoHop if !is_source => is_reader.then_some(1)?,
        _ => 1,
    };
    flight
        .believed
        .insert((load.leg, node, to))
        .then_some(copies)
}

#[cfg(test)]
mod tests;
