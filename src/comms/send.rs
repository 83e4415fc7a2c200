//! How stations send packets on: try by try and fragment by fragment, until the next hop has them.

use super::{
    flight::{Event, Mover},
    network::NetworkIx,
    routing::RoutingProtocol,
    stations::{Cast, Load, Onward, Packet},
};
use crate::kernel::{
    ids::UnitIx,
    random::{DrawKey, Stream},
    time::SimTime,
};
use crate::org::Emcon;
use crate::wire::Precedence;

/// Transmissions of a fragment over one hop until it is given up (802.11 long retry limit is 4).
const TRIES: u32 = 4;

/// How often something is said to those who do not answer (notional, 2 to 4).
const BLIND_TRIES: u32 = 3;

/// Size of an acknowledgement, bytes (IEEE 802.11: 14).
const ACK_BYTES: u32 = 14;

impl Mover<'_> {
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
            rate: 0,
        };
        let station = self.stations.at_mut(ix, seat);
        for gone in station.push(packet, network.buffer) {
            self.pushed_out(ix, node, &gone, &header);
            self.close(gone.load.id);
        }
        self.begin(ix, seat, now);
    }

    /// Least precedence of what a node may send over a network; none if it may send nothing.
    fn least_precedence(&self, ix: NetworkIx, node: UnitIx) -> Option<Precedence> {
        let is_wire = self.scene.networks.get(ix).is_wire();
        match self.scene.emissions.0.of(node) {
            _ if is_wire => Some(Precedence::Routine),
            Emcon::Silent => None,
            Emcon::Restricted => Some(Precedence::Priority),
            Emcon::Free => Some(Precedence::Routine),
        }
    }

    /// A station sends what is most urgent, if it is free and may.
    fn begin(&mut self, ix: NetworkIx, seat: usize, now: SimTime) {
        let network = self.scene.networks.get(ix);
        let Some(least) = self.least_precedence(ix, network.member(seat)) else {
            return;
        };
        let links = self.scene.links.of(ix);
        let mut late = Vec::new();
        let end = self
            .stations
            .begin((ix, network), seat, (links, least), now, &mut late);
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
        if !self.scene.board.piece(node).is_on_air {
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
            Cast::Blind(seats) => self.heard_blind(ix, seat, &mut packet, seats, at),
        };
        if goes_on {
            self.stations.at_mut(ix, seat).push_front(packet);
        } else {
            self.close(id);
        }
        self.begin(ix, seat, at);
    }

    /// Whether a transmission of some bytes from seat to seat at a rate arrives; `n` tells it from others.
    fn arrives(
        &self,
        ix: NetworkIx,
        [from, to]: [usize; 2],
        (rate, bytes): (usize, u32),
        (packet, n, at): (&Packet, u64, SimTime),
    ) -> bool {
        let scene = &self.scene;
        if scene.outages.networks.contains(&ix) {
            return false;
        }
        let network = scene.networks.get(ix);
        let links = scene.links.of(ix);
        let bytes = bytes + network.overhead_bytes;
        let success = links.success(network, [from, to], rate, bytes)
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
            if self.arrives(ix, [seat, to], (0, bytes), (packet, 0, at)) {
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

    /// A fragment was sent to seats that do not answer: tells whether it goes on, since it is said again,
    /// whoever has it by now, or the next fragment comes.
    fn heard_blind(
        &mut self,
        ix: NetworkIx,
        seat: usize,
        packet: &mut Packet,
        mut seats: Vec<(u16, bool)>,
        at: SimTime,
    ) -> bool {
        let bytes = packet.fragment_bytes(self.scene.networks.get(ix));
        let is_last = packet.left_bytes <= bytes;
        packet.tries += 1;
        let n = u64::from(packet.left_bytes) << 4 | u64::from(packet.tries);
        for (to, has_it) in seats.iter_mut().filter(|(_, has_it)| !has_it) {
            let ends = [seat, usize::from(*to)];
            *has_it = self.arrives(ix, ends, (0, bytes), (packet, n, at));
            if *has_it && is_last {
                let hop = Onward {
                    seat: *to,
                    readers: vec![self.scene.networks.get(ix).member(ends[1])],
                    has_it: true,
                    acknowledged: false,
                    copies: packet.load.copies,
                };
                self.arrive(ix, seat, packet, &hop, at);
            }
        }
        if packet.tries >= BLIND_TRIES {
            // Who missed a fragment does not get the message.
            seats.retain_mut(|(_, has_it)| core::mem::take(has_it));
            packet.left_bytes -= bytes;
            packet.tries = 0;
        }
        let goes_on = packet.left_bytes > 0 && !seats.is_empty();
        packet.cast = Cast::Blind(seats);
        goes_on
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
        let bytes = packet.fragment_bytes(self.scene.networks.get(ix));
        let rate = usize::from(packet.rate);
        let is_last = packet.left_bytes <= bytes;
        packet.tries += 1;
        let n = u64::from(packet.left_bytes) << 4 | u64::from(packet.tries);
        let addressed = self.addressed(ix, seat, &onward);
        for hop in onward.iter_mut().filter(|hop| !hop.acknowledged) {
            let to = usize::from(hop.seat);
            if !hop.has_it && self.arrives(ix, [seat, to], (rate, bytes), (packet, 2 * n, at)) {
                hop.has_it = true;
                if is_last {
                    self.arrive(ix, seat, packet, hop, at);
                    let by = self.scene.networks.get(ix).member(to);
                    self.notice(by, &packet.load, &addressed, at);
                }
            }
            let answers = self
                .scene
                .may_send(ix, self.scene.networks.get(ix).member(to));
            hop.acknowledged = hop.has_it
                && answers
                && self.arrives(ix, [to, seat], (0, ACK_BYTES), (packet, 2 * n + 1, at));
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
