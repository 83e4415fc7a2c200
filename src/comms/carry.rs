//! Store, carry and forward: copies that nodes keep until they meet who lacks them.

use super::{
    flight::{Flight, Mover},
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
        if let Some(flight) = self.transit.flights.get_mut(&load.id) {
            flight.pending += 1;
            self.transit.kept.entry(node).or_default().push(load);
            self.make_room(node);
            self.offer(node, now);
        }
    }

    /// Lets copies go that a node has no room for.
    fn make_room(&mut self, node: UnitIx) {
        loop {
            let kept = self.transit.kept.get(&node).map_or(&[][..], Vec::as_slice);
            let header = |load: &Load| self.transit.flights.get(&load.id).map(|it| it.header);
            let sizes = kept.iter().filter_map(header);
            let total: u64 = sizes.map(|it| u64::from(it.size_bytes)).sum();
            if total <= CARRY_BYTES {
                return;
            }
            let least = (0..kept.len())
                .filter_map(|at| header(&kept[at]).map(|it| (it.precedence, it.created, at)))
                .min();
            let (Some((_, _, at)), Some(kept)) = (least, self.transit.kept.get_mut(&node)) else {
                return;
            };
            let gone = kept.remove(at);
            self.close(gone.id);
        }
    }

    /// A node gives what it keeps to the neighbours that lack it. That a neighbour lacks something is
    /// what exchanging summaries tells (Vahdat, Becker 2000); their air time is left out.
    pub(super) fn offer(&mut self, node: UnitIx, now: SimTime) {
        let Some(kept) = self.transit.kept.remove(&node) else {
            return;
        };
        let neighbours = self.mesh.neighbours(node);
        let mut left = Vec::with_capacity(kept.len());
        for mut load in kept {
            let inside = self.stays_inside(&load);
            let flight = self.transit.flights.get(&load.id);
            if flight.is_none_or(|flight| flight.header.expires <= now) {
                self.close(load.id);
                continue;
            }
            for (to, network) in &neighbours {
                let Some(flight) = self.transit.flights.get_mut(&load.id) else {
                    break;
                };
                let areas = self.mesh.areas();
                let from = flight.legs[load.leg as usize].from;
                let is_near = areas.domains[to.at()] == areas.domains[from.at()];
                if inside && !is_near && load.readers.binary_search(to).is_err() {
                    continue;
                }
                let Some(copies) = share(flight, &load, (node, *to), self.scene.protocol) else {
                    continue;
                };
                load.copies = load.copies.saturating_sub(copies).max(1);
                let seat = self.scene.networks.get(*network).seat(*to);
                let Some(seat) = seat.and_then(|seat| u16::try_from(seat).ok()) else {
                    continue;
                };
                let onward = Onward {
                    seat,
                    readers: load.readers.clone(),
                    has_it: false,
                    acknowledged: false,
                    copies,
                };
                self.enqueue(*network, node, &load, Cast::To(vec![onward]), now);
            }
            left.push(load);
        }
        if !left.is_empty() {
            self.transit.kept.insert(node, left);
        }
    }

    /// A neighbour did not get a copy: it may be given again.
    pub(super) fn take_back(&mut self, node: UnitIx, to: UnitIx, load: &Load, copies: u16) {
        if let Some(flight) = self.transit.flights.get_mut(&load.id) {
            flight.offered.remove(&(load.leg, node, to));
        }
        let kept = self.transit.kept.get_mut(&node);
        let mut same = kept.into_iter().flatten();
        let same = same.find(|it| (it.id, it.leg) == (load.id, load.leg));
        if let (Some(same), RoutingProtocol::SprayAndWait { .. }) = (same, self.scene.protocol) {
            same.copies = same.copies.saturating_add(copies);
        }
    }
}

/// Copies that a neighbour gets of a message; none if it has it, or is not to have it.
fn share(
    flight: &mut Flight,
    load: &Load,
    (node, to): (UnitIx, UnitIx),
    protocol: RoutingProtocol,
) -> Option<u16> {
    if flight.seen.contains(&(load.leg, to)) {
        return None;
    }
    let is_reader = load.readers.binary_search(&to).is_ok();
    let copies = match protocol {
        RoutingProtocol::SprayAndWait { .. } if load.copies <= 1 => is_reader.then_some(1)?,
        RoutingProtocol::SprayAndWait { .. } => load.copies / 2,
        _ => 1,
    };
    flight
        .offered
        .insert((load.leg, node, to))
        .then_some(copies)
}
