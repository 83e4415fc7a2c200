//! How a node sends a copy on: by the ways that it knows, to all who hear it, or by carrying it.

use std::collections::BTreeMap;

use super::{
    flight::{Event, Mover},
    network::NetworkIx,
    routing::{RoutingProtocol, control::ControlAir},
    stations::{Cast, Load, Onward},
};
use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    wire::Precedence,
};

/// Time until what is urgent and has no way is tried again, s (notional, 2 to 10).
const RETRY_S: f64 = 5.0;

/// Hops after which a copy is given up: it goes in a circle.
const HOPS_MAX: u8 = 32;

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
        if !self.scene.board.piece(node).is_on_air {
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
    fn direct(&mut self, node: UnitIx, mut load: Load, now: SimTime) {
        self.call_blind(node, &mut load, now);
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

    /// Sends a copy to those of its readers who are to keep silent, over a radio net that the node shares
    /// with them: they do not answer, and nobody knows a way to them but a cable that carries.
    fn call_blind(&mut self, node: UnitIx, load: &mut Load, now: SimTime) {
        let plan = self.scene.plan;
        let flight = self.transit.flights.get(&load.id);
        let (author, written) = flight.map_or((node, now), |flight| {
            (flight.header.author, flight.header.created)
        });
        // As the author knew it, who says so on the message, or the node does. Also when the silence is
        // over by now: what ends it has to get there first.
        let is_known = |who, it| plan.known_to(who).was_silent(it, written);
        let silent = |it: &&UnitIx| {
            is_known(author, **it) || is_known(node, **it) || plan.known_to(node).is_silent(**it)
        };
        let silent = load.readers.iter().filter(silent);
        let mut by_network: BTreeMap<NetworkIx, Vec<UnitIx>> = BTreeMap::new();
        for reader in silent.copied() {
            let networks = self.scene.networks;
            let own = networks.of_unit[node.at()].iter();
            let mut shared = own.filter(|ix| networks.get(**ix).seat(reader).is_some());
            let carries = |ix: &NetworkIx| !self.scene.outages.networks.contains(ix);
            let is_wired = shared
                .clone()
                .any(|ix| networks.get(*ix).is_wire() && carries(ix));
            if let Some(ix) =
                shared.find(|ix| !networks.get(**ix).is_wire() && carries(ix) && !is_wired)
            {
                by_network.entry(*ix).or_default().push(reader);
            }
        }
        for (ix, readers) in by_network {
            load.readers.retain(|reader| !readers.contains(reader));
            let network = self.scene.networks.get(ix);
            let seats = readers.iter().filter_map(|reader| network.seat(*reader));
            let seats = seats.filter_map(|seat| Some((u16::try_from(seat).ok()?, false)));
            let seats = seats.collect();
            let load = Load {
                readers,
                ..load.clone()
            };
            self.enqueue(ix, node, &load, Cast::Blind(seats), now);
        }
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
            emissions: self.scene.emissions,
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
}
