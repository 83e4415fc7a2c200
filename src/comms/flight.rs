//! How one message moves: to its readers along shortest paths, over exchanges, again where it is
//! urgent. See [`Mover`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    exchange::Exchanges,
    links::Links,
    network::{Carrier, NetworkIx, Networks, Outages},
    reach::PERFECT_DB,
    routing::Topology,
    sharing::Sharing,
    transit::{Carried, Transit},
};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        random::{DrawKey, Stream},
        time::SimTime,
    },
    org::{OrderOfBattle, Regime},
    platform::truth::Board,
    wire::{Arrival, Arrivals, Header, MessageId, Precedence},
};

/// Transmissions of one hop until it is given up (802.11 long retry limit is 4).
pub const TRIES: u32 = 4;

/// Time until an urgent message is tried again, s (notional, 2 to 10).
const RETRY_S: f64 = 5.0;

/// One dissemination of a message from one sender.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leg {
    /// Hops of the tree, sorted by the node that transmits.
    pub(super) hops: Vec<(UnitIx, UnitIx, NetworkIx)>,
    /// Who it is for.
    pub(super) readers: Vec<UnitIx>,
    /// Who hands it over to other services.
    pub(super) exchanges: Vec<UnitIx>,
    /// Whether it has been handed over already.
    pub(super) crossed: bool,
    /// Whether it lost detail.
    pub(super) coarsened: bool,
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flight {
    pub(super) header: Header,
    legs: Vec<Leg>,
    pub(super) meant: BTreeSet<UnitIx>,
    served: BTreeSet<UnitIx>,
    /// Events and places in queues that it is still in.
    pub(super) pending: u32,
}

/// Something that happens to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Event {
    /// It reaches a node.
    Reach {
        id: MessageId,
        leg: u32,
        node: UnitIx,
    },
    /// It is tried again from a node.
    Retry {
        id: MessageId,
        leg: u32,
        node: UnitIx,
        readers: Vec<UnitIx>,
    },
    /// An exchange has handled it.
    HandOver { id: MessageId, exchange: UnitIx },
}

/// What moving messages reads.
pub(super) struct Scene<'a> {
    pub(super) seed: u64,
    pub(super) networks: &'a Networks,
    pub(super) outages: &'a Outages,
    pub(super) links: &'a Links,
    pub(super) sharing: &'a Sharing,
    pub(super) order: &'a OrderOfBattle,
    pub(super) index: &'a UnitIndex,
    pub(super) board: &'a Board,
}

/// Moves messages: the transit with what it writes to.
pub(super) struct Mover<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) transit: &'a mut Transit,
    pub(super) topology: &'a mut Topology,
    pub(super) exchanges: &'a mut Exchanges,
    pub(super) arrivals: &'a mut Arrivals,
    pub(super) carried: &'a mut Buffer<Carried>,
}

impl Mover<'_> {
    /// Posts an event for a message.
    pub(super) fn post(&mut self, at: SimTime, id: MessageId, event: Event) {
        if let Some(flight) = self.transit.flights.get_mut(&id) {
            flight.pending += 1;
            self.transit.events.post(at, event);
        }
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
            pending: 0,
        };
        self.transit.flights.insert(header.id, flight);
        let leg = Leg {
            readers: to.readers,
            exchanges: to.exchanges,
            ..Leg::default()
        };
        self.send(header.id, header.author, leg, now);
        self.settle(header.id);
    }

    /// Sends a message along the tree from a node to the readers and exchanges of a leg.
    pub(super) fn send(&mut self, id: MessageId, from: UnitIx, mut leg: Leg, now: SimTime) {
        let Some(flight) = self.transit.flights.get_mut(&id) else {
            return;
        };
        let number = u32::try_from(flight.legs.len()).unwrap_or(u32::MAX);
        leg.readers.retain(|reader| !flight.served.contains(reader));
        let stays = self.scene.sharing.regime != Regime::Meshed && !leg.crossed;
        let mut hops = BTreeSet::new();
        let mut unreached = Vec::new();
        for reader in leg.readers.iter().chain(&leg.exchanges) {
            match self.topology.path(from, *reader, stays) {
                Some(path) => {
                    hops.extend(
                        path.iter()
                            .map(|(to, hop)| (hop.from, *to, hop.arc.network)),
                    );
                }
                None => unreached.push(*reader),
            }
        }
        leg.hops = hops.into_iter().collect();
        flight.legs.push(leg);
        self.retry(id, number, from, unreached, now);
        self.reach(id, number, from, now);
    }

    /// Plans another try of what is urgent; the rest is lost.
    fn retry(&mut self, id: MessageId, leg: u32, node: UnitIx, readers: Vec<UnitIx>, now: SimTime) {
        let Some(flight) = self.transit.flights.get(&id) else {
            return;
        };
        let at = now.plus_s(RETRY_S);
        if !readers.is_empty()
            && flight.header.precedence >= Precedence::Immediate
            && at < flight.header.expires
        {
            self.post(
                at,
                id,
                Event::Retry {
                    id,
                    leg,
                    node,
                    readers,
                },
            );
        }
    }

    /// A message is at a node: it is read there, handed over there, and goes on.
    fn reach(&mut self, id: MessageId, number: u32, node: UnitIx, now: SimTime) {
        let Some(flight) = self.transit.flights.get_mut(&id) else {
            return;
        };
        if !self.scene.board.piece(node).is_alive {
            return;
        }
        let header = flight.header;
        let leg = &flight.legs[number as usize];
        let (is_reader, coarsened) = (leg.readers.contains(&node), leg.coarsened);
        let is_exchange = leg.exchanges.contains(&node) && !leg.crossed;
        if is_reader && flight.served.insert(node) {
            self.carried.write(Carried {
                class: header.class,
                side: self.scene.order.unit(header.author).side,
                delay_s: Some(now.since_s(header.created)),
            });
            self.arrivals.arrived.push(Arrival {
                id,
                class: header.class,
                to: node,
                at: now,
                coarsened,
            });
        }
        if is_exchange {
            self.hand_in(id, node, now);
        }
        self.transmit(id, number, node, now);
    }

    /// Transmits a message from a node to the next nodes of its tree.
    fn transmit(&mut self, id: MessageId, number: u32, node: UnitIx, now: SimTime) {
        let Some(flight) = self.transit.flights.get(&id) else {
            return;
        };
        let leg = &flight.legs[number as usize];
        let first = leg.hops.partition_point(|(from, _, _)| *from < node);
        let next: Vec<_> = leg.hops[first..]
            .iter()
            .take_while(|(from, _, _)| *from == node)
            .copied()
            .collect();
        if next.is_empty() {
            return;
        }
        let size = flight.header.size_bytes;
        let mut free = self
            .transit
            .busy
            .get(&node)
            .map_or(now, |busy| now.max(*busy));
        for group in next.chunk_by(|a, b| a.2 == b.2) {
            let network = self.scene.networks.get(group[0].2);
            let ideal = self.scene.networks.ideal;
            let air_s = if ideal { 0.0 } else { network.air_time_s(size) };
            let latency_s = if ideal { 0.0 } else { network.latency_s };
            let mut most = 1;
            for (_, to, ix) in group.iter().copied() {
                let (tries, delay_s) = self.tries(id, number, (node, to, ix), size);
                match tries {
                    Some(tries) => {
                        most = most.max(tries);
                        let at = free.plus_s(f64::from(tries) * air_s + latency_s + delay_s);
                        self.post(
                            at,
                            id,
                            Event::Reach {
                                id,
                                leg: number,
                                node: to,
                            },
                        );
                    }
                    None => {
                        most = TRIES;
                        let lost = self.beyond(id, number, to);
                        self.retry(id, number, node, lost, free);
                    }
                }
            }
            free = free.plus_s(f64::from(most) * air_s);
        }
        self.transit.busy.insert(node, free);
    }

    /// How many tries a hop takes, none if all fail, and the propagation delay, s.
    fn tries(
        &self,
        id: MessageId,
        leg: u32,
        (from, to, ix): (UnitIx, UnitIx, NetworkIx),
        size: u32,
    ) -> (Option<u32>, f64) {
        let scene = &self.scene;
        if scene.outages.networks.contains(&ix) {
            return (None, 0.0);
        }
        if scene.networks.ideal {
            return (Some(1), 0.0);
        }
        let Some(link) = scene.links.get(ix, from, to) else {
            return (None, 0.0);
        };
        let network = scene.networks.get(ix);
        let bytes = f64::from(size + network.overhead_bytes);
        let success = match network.carrier {
            Carrier::Satellite { availability } => availability,
            _ if link.snr_db >= PERFECT_DB => 1.0,
            _ => network.reception.probability(link.snr_db, bytes),
        };
        let hop = scene.index.id(from).0.rotate_left(1) ^ scene.index.id(to).0;
        let draw = DrawKey::new(Stream::Link, id.0, hop, u64::from(leg)).uniform(scene.seed);
        let mut missed = 1.0;
        let tries = (1..=TRIES).find(|_| {
            missed *= 1.0 - success;
            draw < 1.0 - missed
        });
        (tries, link.delay_s)
    }

    /// Readers and exchanges of a leg that a node passes to, itself included.
    fn beyond(&self, id: MessageId, number: u32, node: UnitIx) -> Vec<UnitIx> {
        let Some(flight) = self.transit.flights.get(&id) else {
            return Vec::new();
        };
        let leg = &flight.legs[number as usize];
        let mut under = vec![node];
        let mut next = 0;
        while let Some(at) = under.get(next).copied() {
            next += 1;
            under.extend(
                leg.hops
                    .iter()
                    .filter(|(from, _, _)| *from == at)
                    .map(|(_, to, _)| *to),
            );
        }
        under.retain(|unit| leg.readers.contains(unit) || leg.exchanges.contains(unit));
        under.sort_unstable();
        under
    }

    /// Handles one event.
    pub(super) fn handle(&mut self, at: SimTime, event: Event) {
        let id = match event {
            Event::Reach { id, leg, node } => {
                self.reach(id, leg, node, at);
                id
            }
            Event::Retry {
                id,
                leg,
                node,
                readers,
            } => {
                let old = self
                    .transit
                    .flights
                    .get(&id)
                    .and_then(|flight| flight.legs.get(leg as usize))
                    .cloned()
                    .unwrap_or_default();
                let (exchanges, readers) = readers
                    .into_iter()
                    .partition(|unit| old.exchanges.contains(unit));
                self.send(
                    id,
                    node,
                    Leg {
                        readers,
                        exchanges,
                        hops: Vec::new(),
                        ..old
                    },
                    at,
                );
                id
            }
            Event::HandOver { id, exchange } => {
                self.hand_over(id, exchange, at);
                self.take_next(exchange, at);
                id
            }
        };
        if let Some(flight) = self.transit.flights.get_mut(&id) {
            flight.pending -= 1;
        }
        self.settle(id);
    }

    /// Lets a message go for which nothing is pending any more.
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
            let side = self.scene.order.unit(flight.header.author).side;
            for _ in flight.meant.difference(&flight.served) {
                self.carried.write(Carried {
                    class: flight.header.class,
                    side,
                    delay_s: None,
                });
            }
            self.arrivals.done.push(id);
        }
    }
}
