//! Ways that are asked for when they are needed. See [`Demand`].

use core::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::{areas::Areas, control::ControlAir};
use crate::{
    comms::network::NetworkIx,
    kernel::{ids::UnitIx, time::SimTime},
};

/// How long a way is known that nobody uses, s (RFC 3561, §10: `ACTIVE_ROUTE_TIMEOUT`).
const ACTIVE_S: f64 = 3.0;

/// Size of a request and of its answer, bytes (RFC 3561, §5).
const REQUEST_BYTES: u32 = 24;

/// Transmissions of an answer over one hop until it is given up.
const ANSWER_TRIES: u32 = 3;

/// A way that a node knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Way {
    network: NetworkIx,
    next: UnitIx,
    /// From when it is known.
    from: SimTime,
    /// Until when it holds.
    until: SimTime,
}

/// A hop of a request: who sent it, on which network, and when it arrived.
#[derive(Debug, Clone, Copy)]
struct Step {
    before: UnitIx,
    network: NetworkIx,
    at: SimTime,
}

/// The ways that nodes asked for (after AODV, RFC 3561). State.
///
/// A request floods; the first to reach the reader is answered on its way back, and everybody on that
/// way learns both directions. Left out: answers by others who know a way, and local repair.
#[derive(Debug, Default, Resource, Serialize, Deserialize)]
pub struct Demand {
    ways: BTreeMap<(UnitIx, UnitIx), Way>,
    asked: u64,
}

impl Demand {
    /// The next hop of a node towards a reader; using a way keeps it.
    pub fn next(
        &mut self,
        unit: UnitIx,
        reader: UnitIx,
        now: SimTime,
    ) -> Option<(NetworkIx, UnitIx)> {
        let way = self.ways.get_mut(&(unit, reader))?;
        if now < way.from || now >= way.until {
            return None;
        }
        way.until = way.until.max(now.plus_s(ACTIVE_S));
        Some((way.network, way.next))
    }

    /// A node finds that nothing reaches a neighbour: all ways over it are gone.
    pub fn lose(&mut self, unit: UnitIx, network: NetworkIx, neighbour: UnitIx) {
        self.ways
            .retain(|(at, _), way| *at != unit || (way.network, way.next) != (network, neighbour));
    }

    /// Asks for a way; tells when it is known, if it is found. `inside` keeps to forwarders of the
    /// asker's own nation and service.
    pub fn ask(
        &mut self,
        (unit, reader): (UnitIx, UnitIx),
        inside: bool,
        now: SimTime,
        (areas, air): (&Areas, &mut ControlAir<'_>),
    ) -> Option<SimTime> {
        self.asked += 1;
        self.ways.retain(|_, way| way.until > now);
        let key = (air.index.id(reader).0, self.asked | 1 << 41);
        let mut steps: BTreeMap<UnitIx, Step> = BTreeMap::new();
        let mut frontier = BinaryHeap::new();
        frontier.push(Reverse((now, unit)));
        while let Some(Reverse((at, node))) = frontier.pop() {
            if node == reader {
                break;
            }
            let may_pass = areas.forwards[node.at()]
                && (!inside || areas.domains[node.at()] == areas.domains[unit.at()]);
            if node != unit && !may_pass {
                continue;
            }
            for ix in air.networks.of_unit[node.at()].iter().copied() {
                let network = air.networks.get(ix);
                let (end, heard) = air.cast(ix, node, REQUEST_BYTES, (key, at));
                let arrival = end.plus_s(network.latency_s);
                for by in heard.into_iter().map(|seat| network.member(seat)) {
                    let is_sooner = steps.get(&by).is_none_or(|step| arrival < step.at);
                    if by != unit && is_sooner {
                        let step = Step {
                            before: node,
                            network: ix,
                            at: arrival,
                        };
                        steps.insert(by, step);
                        frontier.push(Reverse((arrival, by)));
                    }
                }
            }
        }
        let asked_at = steps.get(&reader)?.at;
        self.answer((unit, reader), &steps, (key, asked_at), air)
    }

    /// Sends the answer back along the way of the request; tells when it arrives.
    fn answer(
        &mut self,
        (unit, reader): (UnitIx, UnitIx),
        steps: &BTreeMap<UnitIx, Step>,
        (key, asked_at): ((u64, u64), SimTime),
        air: &mut ControlAir<'_>,
    ) -> Option<SimTime> {
        let mut at = reader;
        let mut now = asked_at;
        let mut back = Vec::new();
        while at != unit {
            let step = steps.get(&at)?;
            let network = air.networks.get(step.network);
            let to = network.seat(step.before)?;
            let arrives = (0..u64::from(ANSWER_TRIES)).any(|round| {
                let key = (key.0 ^ air.index.id(at).0, key.1 | (round + 1) << 42);
                let (end, heard) = air.cast(step.network, at, REQUEST_BYTES, (key, now));
                now = end;
                heard.contains(&to)
            });
            if !arrives {
                return None;
            }
            now = now.plus_s(network.latency_s);
            back.push((step.before, at, step.network));
            at = step.before;
        }
        for (before, after, network) in back {
            let way = |next| Way {
                network,
                next,
                from: now,
                until: now.plus_s(ACTIVE_S),
            };
            self.ways.insert((before, reader), way(after));
            self.ways.insert((after, unit), way(before));
        }
        Some(now)
    }
}
