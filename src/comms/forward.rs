//! How a node sends a copy on: by the ways that it knows, to all who hear it, or by carrying it.

use std::collections::BTreeMap;

use super::{
    flight::{Event, Mover},
    network::NetworkIx,
    routing::{RoutingProtocol, control::ControlAir},
    stations::{Cast, Load, Onward, Packet},
};
use crate::{
    kernel::{
        ids::UnitIx,
        random::{DrawKey, Stream},
        time::SimTime,
    },
    wire::Precedence,
};

/// Transmissions of a fragment over one hop until it is given up (802.11 long retry limit is 4).
const TRIES: u32 = 4;

/// Time until what is urgent and has no way is tried again, s (notional, 2 to 10).
const RETRY_S: f64 = 5.0;

/// Hops after which a copy is given up: it goes in a circle.
const HOPS_MAX: u8 = 32;

/// Size of an acknowledgement, bytes (IEEE 802.11: 14).
const ACK_BYTES: u32 = 14;

/// Readers of a packet by the network and next hop over which they are reached.
type ByHop = BTreeMap<NetworkIx, BTreeMap<UnitIx, Vec<UnitIx>>>;

impl Mover<'_> {
    /// A node sends a copy on.
    pub(super) fn forward(&mut self, node: UnitIx, load: Load, now: SimTime) {
        let Some(flight) = self.transit.flights.get(&load.id) else {
            return;
        };
        let is_late = now >= flight.header.expires;
        if is_late || load.hops >= HOPS_MAX {
            self.transit.lost.expired += u64::from(is_late);
            self.transit.lost.circled += u64::from(!is_late);
            return;
        }
        if !self.scene.board.piece(node).is_alive {
            return;
        }
        if self.scene.networks.ideal {
            return self.pass_at_once(node, load, now);
        }
        match self.scene.protocol {
            RoutingProtocol::Flooding => self.cast(node, load, now),
            RoutingProtocol::Epidemic
            | RoutingProtocol::SprayAndWait { .. }
            | RoutingProtocol::TwoHop => self.carry(node, load, now),
            RoutingProtocol::LinkState | RoutingProtocol::Oracle | RoutingProtocol::OnDemand => {
                self.direct(node, load, now);
            }
        }
    }

    /// On ideal links a copy is at the next hop at once.
    fn pass_at_once(&mut self, node: UnitIx, load: Load, now: SimTime) {
        let (by_hop, lost) = self.by_next_hop(node, &load, now);
        for (to, readers) in by_hop.into_values().flatten() {
            let load = Load {
                readers,
                hops: load.hops + 1,
                ..load.clone()
            };
            self.post(now, load.id, Event::Reach { load, node: to });
        }
        self.hold(
            node,
            Load {
                readers: lost,
                ..load
            },
            now,
        );
    }

    /// Sorts the readers of a copy by the next hop towards them; those without a way are left.
    fn by_next_hop(&mut self, node: UnitIx, load: &Load, now: SimTime) -> (ByHop, Vec<UnitIx>) {
        let inside = self.stays_inside(load);
        let mut by_hop = ByHop::new();
        let mut lost = Vec::new();
        for reader in load.readers.iter().copied() {
            let next = match self.scene.protocol {
                RoutingProtocol::LinkState if !self.scene.networks.ideal => {
                    self.mesh.next(node, reader, inside)
                }
                RoutingProtocol::OnDemand if !self.scene.networks.ideal => {
                    self.demand.next(node, reader, now)
                }
                _ => self.topology.next(node, reader, inside),
            };
            match next {
                Some((network, next)) => {
                    let of_network = by_hop.entry(network).or_default();
                    of_network.entry(next).or_default().push(reader);
                }
                None => lost.push(reader),
            }
        }
        (by_hop, lost)
    }

    /// Sends a copy along known ways.
    fn direct(&mut self, node: UnitIx, load: Load, now: SimTime) {
        let (by_hop, mut lost) = self.by_next_hop(node, &load, now);
        for (ix, next) in by_hop {
            let network = self.scene.networks.get(ix);
            let onward = next.into_iter().filter_map(|(to, readers)| {
                Some(Onward {
                    seat: u16::try_from(network.seat(to)?).ok()?,
                    readers,
                    has_it: false,
                    acknowledged: false,
                    copies: load.copies,
                })
            });
            let cast = Cast::To(onward.collect());
            self.enqueue(ix, node, &load, cast, now);
        }
        if self.scene.protocol == RoutingProtocol::OnDemand {
            lost.retain(|reader| !self.ask(node, *reader, &load, now));
        }
        self.hold(
            node,
            Load {
                readers: lost,
                ..load
            },
            now,
        );
    }

    /// Asks for a way to a reader; if it is found, the copy waits until it is known.
    fn ask(&mut self, node: UnitIx, reader: UnitIx, load: &Load, now: SimTime) -> bool {
        let inside = self.stays_inside(load);
        let mut air = ControlAir {
            seed: self.scene.seed,
            networks: self.scene.networks,
            outages: self.scene.outages,
            links: self.scene.links,
            index: self.scene.index,
            stations: self.stations,
        };
        let areas = self.mesh.areas();
        let known = self
            .demand
            .ask((node, reader), inside, now, (areas, &mut air));
        let Some(at) = known else {
            return false;
        };
        let load = Load {
            readers: vec![reader],
            hops: load.hops + 1,
            ..load.clone()
        };
        self.post(at, load.id, Event::Retry { load, node });
        true
    }

    /// Keeps what is urgent and has no way for another try; the rest is lost.
    pub(super) fn hold(&mut self, node: UnitIx, load: Load, now: SimTime) {
        let Some(flight) = self.transit.flights.get(&load.id) else {
            return;
        };
        if load.readers.is_empty() {
            return;
        }
        let at = now.plus_s(RETRY_S);
        let is_kept =
            flight.header.precedence >= Precedence::Priority && at < flight.header.expires;
        if is_kept {
            self.post(at, load.id, Event::Retry { load, node });
        } else {
            self.transit.lost.no_way += 1;
        }
    }

    /// Whether a node may pass a copy on that is not its own.
    fn may_pass(&self, node: UnitIx, load: &Load) -> bool {
        let from = self
            .transit
            .flights
            .get(&load.id)
            .map_or(node, |flight| flight.legs[load.leg as usize].from);
        let areas = self.mesh.areas();
        let is_inside = areas.domains[node.at()] == areas.domains[from.at()];
        node == from || areas.forwards[node.at()] && (is_inside || !self.stays_inside(load))
    }

    /// Sends a copy to all who hear it.
    fn cast(&mut self, node: UnitIx, load: Load, now: SimTime) {
        if !self.may_pass(node, &load) {
            return;
        }
        for ix in self.scene.networks.of_unit[node.at()].iter().copied() {
            self.enqueue(ix, node, &load, Cast::All, now);
        }
    }

    /// Puts a packet into the queue of a node's station on a network.
    pub(super) fn enqueue(
        &mut self,
        ix: NetworkIx,
        node: UnitIx,
        load: &Load,
        cast: Cast,
        now: SimTime,
    ) {
        let network = self.scene.networks.get(ix);
        let (Some(seat), Some(flight)) =
            (network.seat(node), self.transit.flights.get_mut(&load.id))
        else {
            return;
        };
        flight.pending += 1;
        let header = flight.header;
        let packet = Packet {
            header,
            load: load.clone(),
            cast,
            left_bytes: header.size_bytes,
            tries: 0,
        };
        let station = self.stations.at_mut(ix, seat);
        for gone in station.push(packet, network.buffer) {
            self.pushed_out(ix, node, &gone, &header);
            self.close(gone.load.id);
        }
        self.begin(ix, seat, now);
    }

    /// A station sends what is most urgent, if it is free.
    fn begin(&mut self, ix: NetworkIx, seat: usize, now: SimTime) {
        let network = self.scene.networks.get(ix);
        let links = self.scene.links.of(ix);
        let mut late = Vec::new();
        let end = self
            .stations
            .begin((ix, network), seat, links, now, &mut late);
        if let (Some(end), Ok(seat)) = (end, u16::try_from(seat)) {
            let event = Event::Sent { network: ix, seat };
            self.transit.events.post(end, event);
        }
        for packet in late {
            self.close(packet.load.id);
        }
    }

    /// A station has sent a fragment.
    pub(super) fn sent(&mut self, ix: NetworkIx, seat: usize, at: SimTime) {
        let node = self.scene.networks.get(ix).member(seat);
        let station = self.stations.at_mut(ix, seat);
        let Some(mut packet) = station.take_sent() else {
            return;
        };
        if !self.scene.board.piece(node).is_alive {
            let mut lost = station.clear();
            lost.push(packet);
            for packet in lost {
                self.close(packet.load.id);
            }
            return;
        }
        let id = packet.load.id;
        let goes_on = match core::mem::replace(&mut packet.cast, Cast::All) {
            Cast::All => {
                self.heard_by_all(ix, seat, &packet, at);
                false
            }
            Cast::To(onward) => self.heard_by(ix, seat, &mut packet, onward, at),
        };
        if goes_on {
            self.stations.at_mut(ix, seat).push_front(packet);
        } else {
            self.close(id);
        }
        self.begin(ix, seat, at);
    }

    /// Whether a transmission of some bytes from seat to seat arrives; `n` tells it from others.
    fn arrives(
        &self,
        ix: NetworkIx,
        [from, to]: [usize; 2],
        bytes: u32,
        (packet, n, at): (&Packet, u64, SimTime),
    ) -> bool {
        let scene = &self.scene;
        if scene.outages.networks.contains(&ix) {
            return false;
        }
        let network = scene.networks.get(ix);
        let links = scene.links.of(ix);
        let bytes = bytes + network.overhead_bytes;
        let success = links.success(network, from, to, bytes)
            * self.stations.clear((ix, network), [from, to], links, at);
        if success <= 0.0 {
            return false;
        }
        let id = |seat| scene.index.id(network.member(seat)).0;
        let hop = id(from).rotate_left(1) ^ id(to) ^ u64::from(ix.0) << 7;
        let n = n << 24 | u64::from(packet.load.leg) << 8 | u64::from(packet.load.hops);
        DrawKey::new(Stream::Link, packet.load.id.0, hop, n).uniform(scene.seed) < success
    }

    /// A packet for all was sent: whoever hears it has it.
    fn heard_by_all(&mut self, ix: NetworkIx, seat: usize, packet: &Packet, at: SimTime) {
        let network = self.scene.networks.get(ix);
        let bytes = packet.left_bytes;
        let links = self.scene.links;
        for link in links.of(ix).row(seat) {
            let to = usize::from(link.to);
            if self.arrives(ix, [seat, to], bytes, (packet, 0, at)) {
                let load = Load {
                    hops: packet.load.hops + 1,
                    ..packet.load.clone()
                };
                let event = Event::Reach {
                    load,
                    node: network.member(to),
                };
                let reached = at.plus_s(network.latency_s + link.delay_s);
                self.post(reached, packet.load.id, event);
            }
        }
    }

    /// A packet was sent to next hops: tells whether it goes on, with the next try or fragment.
    fn heard_by(
        &mut self,
        ix: NetworkIx,
        seat: usize,
        packet: &mut Packet,
        mut onward: Vec<Onward>,
        at: SimTime,
    ) -> bool {
        let bytes = packet.fragment_bytes();
        let is_last = packet.left_bytes <= bytes;
        packet.tries += 1;
        let n = u64::from(packet.left_bytes) << 4 | u64::from(packet.tries);
        let addressed = self.addressed(ix, seat, &onward);
        for hop in onward.iter_mut().filter(|hop| !hop.acknowledged) {
            let to = usize::from(hop.seat);
            if !hop.has_it && self.arrives(ix, [seat, to], bytes, (packet, 2 * n, at)) {
                hop.has_it = true;
                if is_last {
                    self.arrive(ix, seat, packet, hop, at);
                    let by = self.scene.networks.get(ix).member(to);
                    self.notice(by, &packet.load, &addressed, at);
                }
            }
            hop.acknowledged =
                hop.has_it && self.arrives(ix, [to, seat], ACK_BYTES, (packet, 2 * n + 1, at));
        }
        if packet.tries < TRIES && onward.iter().any(|hop| !hop.acknowledged) {
            packet.cast = Cast::To(onward);
            return true;
        }
        let (kept, failed): (Vec<_>, Vec<_>) = onward.into_iter().partition(|hop| hop.has_it);
        for hop in failed {
            self.give_up(ix, seat, packet, hop, at);
        }
        for hop in kept.iter().filter(|hop| is_last && !hop.acknowledged) {
            self.doubt(ix, seat, packet, hop);
        }
        packet.left_bytes -= bytes;
        packet.tries = 0;
        let fresh = kept.into_iter().map(|hop| Onward {
            has_it: false,
            acknowledged: false,
            ..hop
        });
        packet.cast = Cast::To(fresh.collect());
        packet.left_bytes > 0 && matches!(&packet.cast, Cast::To(hops) if !hops.is_empty())
    }

    /// A next hop has the whole message.
    fn arrive(&mut self, ix: NetworkIx, seat: usize, packet: &Packet, hop: &Onward, at: SimTime) {
        let network = self.scene.networks.get(ix);
        let to = usize::from(hop.seat);
        let link = self.scene.links.of(ix).get(seat, to);
        let delay_s = network.latency_s + link.map_or(0.0, |link| link.delay_s);
        let load = Load {
            readers: hop.readers.clone(),
            hops: packet.load.hops + 1,
            copies: hop.copies,
            ..packet.load.clone()
        };
        let event = Event::Reach {
            load,
            node: network.member(to),
        };
        self.post(at.plus_s(delay_s), packet.load.id, event);
    }

    /// A next hop does not answer: the node looks for another way.
    fn give_up(&mut self, ix: NetworkIx, seat: usize, packet: &Packet, hop: Onward, at: SimTime) {
        self.stations.at_mut(ix, seat).traffic.failed += 1;
        let network = self.scene.networks.get(ix);
        let (node, to) = (network.member(seat), network.member(usize::from(hop.seat)));
        let load = Load {
            readers: hop.readers,
            hops: packet.load.hops + 1,
            ..packet.load.clone()
        };
        match self.scene.protocol {
            RoutingProtocol::LinkState if !self.scene.has_feedback => {
                self.transit.lost.no_way += 1;
            }
            RoutingProtocol::LinkState => {
                self.mesh.lose(node, ix, to);
                self.forward(node, load, at);
            }
            RoutingProtocol::OnDemand => {
                self.demand.lose(node, ix, to);
                self.forward(node, load, at);
            }
            RoutingProtocol::Epidemic
            | RoutingProtocol::SprayAndWait { .. }
            | RoutingProtocol::TwoHop => self.take_back(node, to, &load, hop.copies),
            RoutingProtocol::Oracle | RoutingProtocol::Flooding => self.hold(node, load, at),
        }
    }
}
