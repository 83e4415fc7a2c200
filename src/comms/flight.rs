//! Messages on their way: who they are for, where they have arrived. See [`Mover`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    exchange::Exchanges,
    links::Links,
    matrix::ExchangeKind,
    network::{NetworkIx, Networks, Outages},
    routing::{
        RoutingProtocol,
        demand::Demand,
        mesh::{Mesh, Relay},
        oracle::Topology,
    },
    sharing::Sharing,
    stations::{Load, Stations},
    summary::Summary,
    transit::{Carried, Transit},
};
use crate::{
    cyber_ew::Compromises,
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        time::SimTime,
    },
    org::OrderOfBattle,
    platform::{
        emission::{EmissionPlan, Emissions},
        truth::Board,
    },
    wire::{Arrival, Arrivals, Detail, Header, MessageId},
};

/// One dissemination of a message from one sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leg {
    /// Who begins it.
    pub(super) from: UnitIx,
    /// Who it is for.
    pub(super) readers: Vec<UnitIx>,
    /// Who hands it over to other services.
    pub(super) exchanges: Vec<(UnitIx, ExchangeKind)>,
    /// Whether it has been handed over already.
    pub(super) crossed: bool,
    /// How much of it is left.
    pub(super) detail: Detail,
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flight {
    pub(super) header: Header,
    pub(super) legs: Vec<Leg>,
    pub(super) meant: BTreeSet<UnitIx>,
    pub(super) served: BTreeSet<UnitIx>,
    /// Nodes that have had it, by leg, where it floods or is carried.
    pub(super) seen: BTreeSet<(u32, UnitIx)>,
    /// Who believes that who has it, by leg, where it is carried: or is given it by whom.
    pub(super) believed: BTreeSet<(u32, UnitIx, UnitIx)>,
    /// Copies of it that are still somewhere.
    pub(super) pending: u32,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Event {
    /// A message is written.
    Written(Header),
    /// A copy reaches a node.
    Reach { load: Load, node: UnitIx },
    /// A node tries again to send a copy on.
    Retry { load: Load, node: UnitIx },
    /// An exchange has handled a message.
    HandOver {
        id: MessageId,
        exchange: UnitIx,
        kind: ExchangeKind,
    },
    /// A station has sent a fragment.
    Sent { network: NetworkIx, seat: u16 },
    /// A node passes on a topology message.
    Relay(Relay),
    /// Nodes hear what a carrier has had.
    Summary(Summary),
}

/// What moving messages reads.
pub(super) struct Scene<'a> {
    pub(super) seed: u64,
    pub(super) protocol: RoutingProtocol,
    pub(super) has_feedback: bool,
    pub(super) networks: &'a Networks,
    pub(super) outages: &'a Outages,
    pub(super) links: &'a Links,
    pub(super) sharing: &'a Sharing,
    pub(super) order: &'a OrderOfBattle,
    pub(super) index: &'a UnitIndex,
    pub(super) board: &'a Board,
    pub(super) emissions: &'a Emissions,
    pub(super) plan: &'a EmissionPlan,
    pub(super) compromises: &'a Compromises,
}

impl Scene<'_> {
    /// Whether a node may put anything at all on a network: who is silent still uses its cables.
    pub(super) fn may_send(&self, ix: NetworkIx, node: UnitIx) -> bool {
        self.networks.get(ix).is_wire() || !self.emissions.is_silent(node)
    }
}

/// Moves messages: the transit with what it writes to.
pub(super) struct Mover<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) transit: &'a mut Transit,
    pub(super) stations: &'a mut Stations,
    pub(super) topology: &'a mut Topology,
    pub(super) mesh: &'a mut Mesh,
    pub(super) demand: &'a mut Demand,
    pub(super) exchanges: &'a mut Exchanges,
    pub(super) arrivals: &'a mut Arrivals,
    pub(super) carried: &'a mut Buffer<Carried>,
}

impl Mover<'_> {
    /// Posts an event for a copy of a message.
    pub(super) fn post(&mut self, at: SimTime, id: MessageId, event: Event) {
        if let Some(flight) = self.transit.flights.get_mut(&id) {
            flight.pending += 1;
            self.transit.events.post(at, event);
        }
    }

    /// A copy of a message is no more.
    pub(super) fn close(&mut self, id: MessageId) {
        if let Some(flight) = self.transit.flights.get_mut(&id) {
            flight.pending -= 1;
        }
        self.settle(id);
    }

    /// Takes a new message.
    pub(super) fn accept(&mut self, header: Header, now: SimTime) {
        let Scene {
            order,
            networks,
            sharing,
            ..
        } = self.scene;
        let to = sharing.from_author(&header, order, networks);
        let flight = Flight {
            header,
            legs: Vec::new(),
            meant: to.readers.iter().copied().collect(),
            served: BTreeSet::new(),
            seen: BTreeSet::new(),
            believed: BTreeSet::new(),
            pending: 0,
        };
        self.transit.flights.insert(header.id, flight);
        let leg = Leg {
            from: header.author,
            readers: to.readers,
            exchanges: to.exchanges,
            crossed: false,
            detail: Detail::Full,
        };
        self.send(header.id, leg, now);
        self.settle(header.id);
    }

    /// Begins a dissemination of a message.
    pub(super) fn send(&mut self, id: MessageId, mut leg: Leg, now: SimTime) {
        let Some(flight) = self.transit.flights.get_mut(&id) else {
            return;
        };
        let number = u32::try_from(flight.legs.len()).unwrap_or(u32::MAX);
        leg.readers.retain(|reader| !flight.served.contains(reader));
        let exchanges = leg.exchanges.iter().map(|(unit, _)| *unit);
        let mut readers: Vec<UnitIx> = leg.readers.iter().copied().chain(exchanges).collect();
        readers.sort_unstable();
        readers.dedup();
        let from = leg.from;
        flight.legs.push(leg);
        let load = Load {
            id,
            leg: number,
            readers,
            hops: 0,
            copies: match self.scene.protocol {
                RoutingProtocol::SprayAndWait { copies } => copies.max(1),
                _ => u16::MAX,
            },
        };
        self.reach(load, from, now);
    }

    /// Whether a copy keeps to forwarders of its leg's own nation and service.
    pub(super) fn stays_inside(&self, load: &Load) -> bool {
        self.transit.flights.get(&load.id).is_some_and(|flight| {
            let is_own = flight
                .legs
                .get(load.leg as usize)
                .is_some_and(|leg| !leg.crossed);
            is_own && self.scene.sharing.stays_inside(flight.header.class)
        })
    }

    /// A copy is at a node: it is read there, handed over there, and goes on.
    fn reach(&mut self, mut load: Load, node: UnitIx, now: SimTime) {
        let Some(flight) = self.transit.flights.get_mut(&load.id) else {
            return;
        };
        // What one has written whose keys are revoked is not read any more, whoever passes it on, and he
        // reads nothing that others send.
        let author = flight.header.author;
        let is_revoked = |unit| self.scene.compromises.is_excluded(unit, now);
        if node != author && is_revoked(author) || load.hops > 0 && is_revoked(node) {
            return;
        }
        // What it wrote itself a unit reads even with its radios dead.
        let piece = self.scene.board.piece(node);
        if !piece.is_alive || load.hops > 0 && !piece.is_on_air {
            return;
        }
        let spreads = self.scene.protocol.spreads() && !self.scene.networks.ideal;
        if spreads && !flight.seen.insert((load.leg, node)) {
            return self.add_copies(node, &load, load.copies);
        }
        let header = flight.header;
        let leg = &flight.legs[load.leg as usize];
        let detail = leg.detail;
        let exchanges = leg.exchanges.iter().filter(|(unit, _)| *unit == node);
        let exchanges: Vec<(UnitIx, ExchangeKind)> = exchanges.copied().collect();
        if leg.readers.contains(&node) && flight.served.insert(node) {
            let delay_s = now.since_s(header.created);
            self.carried
                .write(Carried::new(&header, node, Some(delay_s)));
            self.arrivals.arrived.push(Arrival {
                id: header.id,
                class: header.class,
                to: node,
                at: now,
                detail,
            });
        }
        if self.scene.compromises.listens(node, now).is_some() {
            self.arrivals.overheard.push(Arrival {
                id: header.id,
                class: header.class,
                to: node,
                at: now,
                detail,
            });
        }
        if spreads {
            self.note(node, &load);
        }
        if self.is_kept_back(node, &header, &load, now) {
            return;
        }
        for exchange in exchanges {
            self.hand_in(header.id, exchange, now);
        }
        if let Ok(at) = load.readers.binary_search(&node) {
            load.readers.remove(at);
        }
        if !load.readers.is_empty() {
            self.forward(node, load, now);
        }
    }

    /// Whether a node in other hands drops what it should pass on for others, or hand over.
    fn is_kept_back(&self, node: UnitIx, header: &Header, load: &Load, now: SimTime) -> bool {
        let id = self.scene.index.id(node);
        let when = (now, self.scene.seed);
        let message = (header.id.0, load.leg);
        node != header.author && self.scene.compromises.drops((node, id), message, when)
    }

    /// Handles one event.
    pub(super) fn handle(&mut self, at: SimTime, event: Event) {
        match event {
            Event::Written(header) => self.accept(header, at),
            Event::Reach { load, node } => {
                let id = load.id;
                self.reach(load, node, at);
                self.close(id);
            }
            Event::Retry { load, node } => {
                let id = load.id;
                self.forward(node, load, at);
                self.close(id);
            }
            Event::HandOver { id, exchange, kind } => {
                self.finish(id, (exchange, kind), at);
                self.close(id);
            }
            Event::Sent { network, seat } => self.sent(network, usize::from(seat), at),
            Event::Relay(relay) => self.relay(relay, at),
            Event::Summary(summary) => self.hear_summary(&summary, at),
        }
    }

    /// Lets a message go of which no copy is left.
    pub(super) fn settle(&mut self, id: MessageId) {
        let is_over = self
            .transit
            .flights
            .get(&id)
            .is_some_and(|flight| flight.pending == 0);
        if !is_over {
            return;
        }
        if let Some(flight) = self.transit.flights.remove(&id) {
            for to in flight.meant.difference(&flight.served) {
                self.carried.write(Carried::new(&flight.header, *to, None));
            }
            self.arrivals.done.push(id);
        }
    }
}
