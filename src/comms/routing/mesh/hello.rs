//! Hellos: who hears whom, and how well.

use std::collections::BTreeSet;

use super::{HOLD, Mesh, every};
use crate::{
    comms::{
        network::{HELLO_BYTES, HELLO_S, Network, NetworkIx, Networks, PROBE_BYTES},
        routing::{
            control::ControlAir,
            neighbour::{Beyond, Neighbour},
            relays,
            tree::AreaLink,
        },
    },
    kernel::{
        ids::UnitIx,
        time::{Clock, SimTime},
    },
};

impl Mesh {
    /// Judges the neighbours of a node anew; notes what changed.
    pub(super) fn judge(&mut self, unit: UnitIx, networks: &Networks, now: SimTime) {
        let node = &mut self.nodes[unit.at()];
        let mut changed = false;
        for neighbour in &mut node.neighbours {
            let network = networks.get(neighbour.network);
            let air_s = network.air_time_s(PROBE_BYTES) + network.latency_s;
            let was = neighbour.is_symmetric();
            changed |= neighbour.judge(now, network.hello_s, air_s);
            node.is_changed |= was != neighbour.is_symmetric();
        }
        node.neighbours.retain(|it| {
            let hello_s = networks.get(it.network).hello_s;
            it.is_symmetric() || now.since_s(it.heard_at) <= HOLD * hello_s
        });
        if changed {
            self.renew_own(unit);
        }
    }

    /// Takes the links of a node as last judged; what was worked out holds unless they touch it.
    fn renew_own(&mut self, unit: UnitIx) {
        let area = self.areas.area(unit);
        let node = &mut self.nodes[unit.at()];
        let mut own: Vec<AreaLink> = Vec::new();
        for of_unit in node.neighbours.chunk_by(|a, b| a.unit == b.unit) {
            let (near, place) = self.areas.of[of_unit[0].unit.at()];
            let costs = of_unit.iter().map(|it| it.cost_s);
            let cost_s = costs.fold(f64::INFINITY, f64::min);
            if near == area && cost_s.is_finite() {
                own.push((place, cost_s));
            }
        }
        own.sort_by_key(|link| link.0);
        let place = self.areas.of[unit.at()].1;
        for tree in &mut node.trees {
            if tree.as_ref().is_some_and(|it| it.is_touched(place, &node.own, &own)) {
                *tree = None;
            }
        }
        node.outward = [None, None];
        node.own = own;
    }

    /// Notes whom a hello names.
    pub(super) fn name_neighbours(&mut self, unit: UnitIx, number: u64) {
        let node = &mut self.nodes[unit.at()];
        let mut named: Vec<UnitIx> = node
            .neighbours
            .iter()
            .filter(|it| it.is_symmetric())
            .map(|it| it.unit)
            .collect();
        named.dedup();
        node.named[(number % 4) as usize] = named;
    }

    /// Chooses who passes a node's messages on, by what the neighbours' last hellos named.
    pub(super) fn choose_relays(&mut self, unit: UnitIx) {
        let node = &self.nodes[unit.at()];
        let mut near: BTreeSet<UnitIx> = node
            .neighbours
            .iter()
            .filter(|it| it.is_symmetric())
            .map(|it| it.unit)
            .collect();
        near.insert(unit);
        let view: Vec<(UnitIx, &[UnitIx])> = near
            .iter()
            .filter(|it| **it != unit && self.areas.forwards[it.at()])
            .map(|it| (*it, self.named_by(unit, *it)))
            .collect();
        let relays = relays::choose(&view, &near);
        self.nodes[unit.at()].relays = relays;
    }

    /// Number of the hello of a unit at a time.
    fn hello_number(clock: &Clock, unit: UnitIx) -> u64 {
        let every = (SimTime::from_s(HELLO_S).0 / clock.dt_us).max(1);
        (clock.tick + u64::from(unit.0)) / every
    }

    /// Number of the hello of a unit on a network.
    pub(super) fn number_on(network: &Network, unit: UnitIx, clock: &Clock) -> u64 {
        (Self::hello_number(clock, unit) + u64::from(unit.0)) / every(network)
    }

    /// Whom the last hello of a neighbour named that a node heard.
    fn named_by(&self, unit: UnitIx, neighbour: UnitIx) -> &[UnitIx] {
        let node = &self.nodes[unit.at()];
        let first = node.neighbours.partition_point(|it| it.unit < neighbour);
        node.neighbours[first..]
            .iter()
            .take_while(|it| it.unit == neighbour)
            .max_by_key(|it| it.heard_at)
            .map_or(&[], |it| &self.nodes[neighbour.at()].named[usize::from(it.named)])
    }

    /// A node says hello, where that is due, and works out what it heard.
    pub fn hello(&mut self, unit: UnitIx, clock: &Clock, air: &mut ControlAir<'_>) {
        let now = clock.now();
        let number = Self::hello_number(clock, unit);
        self.judge(unit, air.networks, now);
        self.expire(unit, now);
        self.name_neighbours(unit, number);
        if self.nodes[unit.at()].is_changed || number.is_multiple_of(4) {
            self.choose_relays(unit);
        }
        let area = self.areas.area(unit);
        let is_border = {
            let mut others = self.nodes[unit.at()].neighbours.iter();
            self.areas.forwards[unit.at()]
                && others.any(|it| self.areas.area(it.unit) != area)
        };
        let offers = if is_border { self.offers(unit) } else { Vec::new() };
        let named = self.nodes[unit.at()].named[(number % 4) as usize].len();
        let bytes = HELLO_BYTES[0]
            + HELLO_BYTES[1] * u32::try_from(named + offers.len()).unwrap_or(u32::MAX / 64);
        for ix in air.networks.of_unit[unit.at()].iter().copied() {
            let network = air.networks.get(ix);
            if !(number + u64::from(unit.0)).is_multiple_of(every(network)) {
                continue;
            }
            let of_network = Self::number_on(network, unit, clock);
            let (_, heard) = air.cast(ix, unit, bytes, ((0, number), now));
            for seat in heard {
                let by = network.member(seat);
                let named = (number % 4) as u8;
                self.hear(by, unit, (ix, of_network, named), (network.hello_s, now), &offers);
            }
        }
    }

    /// A node hears another's hello.
    fn hear(
        &mut self,
        by: UnitIx,
        from: UnitIx,
        (ix, number, named): (NetworkIx, u64, u8),
        (hello_s, now): (f64, SimTime),
        offers: &[Beyond],
    ) {
        let sender = &self.nodes[from.at()];
        let reverse = sender
            .find(by, ix)
            .map_or(0.0, |at| sender.neighbours[at].share(now, hello_s));
        let asks = sender.relays.binary_search(&by).is_ok();
        let is_far = self.areas.area(by) != self.areas.area(from);
        let node = &mut self.nodes[by.at()];
        let at = match node.find(from, ix) {
            Ok(at) => at,
            Err(at) => {
                node.neighbours.insert(at, Neighbour::new(from, ix));
                at
            }
        };
        let neighbour = &mut node.neighbours[at];
        neighbour.hear(number, now, reverse);
        neighbour.asks = asks;
        neighbour.named = named;
        if is_far && neighbour.offers != offers {
            neighbour.offers = offers.to_vec();
            node.outward = [None, None];
        }
    }

    /// A node's radio says that nothing reaches a neighbour on a network.
    pub fn lose(&mut self, unit: UnitIx, network: NetworkIx, neighbour: UnitIx) {
        let node = &mut self.nodes[unit.at()];
        if let Ok(at) = node.find(neighbour, network) {
            node.neighbours[at].lose();
            node.is_changed = true;
            self.renew_own(unit);
        }
    }
}
