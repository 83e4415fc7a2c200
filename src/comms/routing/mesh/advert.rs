//! Topology messages: what nodes tell of their links, and who passes it on.

use super::{ADVERT_HOLD_S, Advert, Mesh, Relay, TOPOLOGY_BYTES, TOPOLOGY_S, URGENT_S, VERSIONS};
use crate::{
    comms::{
        network::NetworkIx,
        routing::{
            control::ControlAir,
            neighbour::Beyond,
            tree::{AreaLink, Tree},
        },
    },
    kernel::{
        ids::UnitIx,
        time::{Clock, SimTime},
    },
};

impl Mesh {
    /// Forgets adverts that nobody confirmed for too long.
    pub(super) fn expire(&mut self, unit: UnitIx, now: SimTime) {
        let node = &mut self.nodes[unit.at()];
        let mut is_touched = false;
        for known in &mut node.known {
            if known.sequence > 0 && now.since_s(known.heard_at) > ADVERT_HOLD_S {
                known.sequence = 0;
                is_touched = true;
            }
        }
        if is_touched {
            node.forget();
        }
    }

    /// Links of a node to those in its area who asked it to tell that it reaches them.
    fn told(&self, unit: UnitIx) -> Vec<AreaLink> {
        let (area, _) = self.areas.of[unit.at()];
        let node = &self.nodes[unit.at()];
        let asks = |link: &&AreaLink| {
            let other = self.areas.members[usize::from(area)][usize::from(link.0)];
            let first = node.neighbours.partition_point(|it| it.unit < other);
            let mut same = node.neighbours[first..]
                .iter()
                .take_while(|it| it.unit == other);
            same.any(|it| it.asks)
        };
        node.own.iter().filter(asks).copied().collect()
    }

    /// A node sends a topology message if one is due or something changed, and it has something to
    /// tell; gives what is to be sent.
    pub fn advertise(&mut self, unit: UnitIx, clock: &Clock) -> Option<Relay> {
        if !self.areas.forwards[unit.at()] {
            return None;
        }
        let now = clock.now();
        let node = &self.nodes[unit.at()];
        let last = node
            .versions
            .back()
            .map_or(&[][..], |(_, last)| &last.links);
        let told = self.told(unit);
        let places = |links: &[AreaLink]| links.iter().map(|link| link.0).collect::<Vec<_>>();
        let is_urgent = now.since_s(node.issued.1) >= URGENT_S && places(last) != places(&told);
        if !is_urgent && !clock.is_due(TOPOLOGY_S, u64::from(unit.0)) {
            return None;
        }
        self.issue(unit, told, now).then(|| Relay {
            origin: unit,
            sequence: self.nodes[unit.at()].issued.0,
            node: unit,
        })
    }

    /// Numbers a new advert of a node; tells whether it says anything, or takes back what it said.
    pub(super) fn issue(&mut self, unit: UnitIx, links: Vec<AreaLink>, now: SimTime) -> bool {
        let mut beyond: Vec<Beyond> = Vec::new();
        for inside in [false, true] {
            let across = self.across(unit, inside);
            beyond.extend(across.into_iter().map(|it| it.beyond));
        }
        let advert = Advert { links, beyond };
        let node = &mut self.nodes[unit.at()];
        let last = node.versions.back().map(|(_, last)| last);
        if advert == Advert::default() && last.is_none_or(|last| *last == advert) {
            return false;
        }
        node.issued = (node.issued.0 + 1, now);
        let sequence = node.issued.0;
        if last.is_none_or(|last| *last != advert) {
            node.versions.push_back((sequence, advert));
            if node.versions.len() > VERSIONS {
                node.versions.pop_front();
            }
        }
        true
    }

    /// Numbers a new advert of a node at the start.
    pub(super) fn issue_at_start(&mut self, unit: UnitIx) {
        if self.areas.forwards[unit.at()] && self.has_area(unit) {
            let told = self.told(unit);
            self.issue(unit, told, SimTime::ZERO);
        }
    }

    /// A node sends a topology message on all its networks; gives who passes it on and when.
    pub fn relay(
        &mut self,
        relay: Relay,
        now: SimTime,
        air: &mut ControlAir<'_>,
    ) -> Vec<(SimTime, Relay)> {
        let Relay {
            origin, sequence, ..
        } = relay;
        let advert = self.nodes[origin.at()].advert(sequence);
        let bytes = advert.map_or(TOPOLOGY_BYTES[0], |it| it.bytes(&self.areas));
        let area = self.areas.area(origin);
        let mut next = Vec::new();
        for ix in air.networks.of_unit[relay.node.at()].iter().copied() {
            if !air.has_room(ix, relay.node, now) {
                continue;
            }
            let network = air.networks.get(ix);
            let has_reader =
                |(unit, _): &(UnitIx, f64)| *unit != relay.node && self.areas.area(*unit) == area;
            if !network.members.iter().any(has_reader) {
                continue;
            }
            let key = (air.index.id(origin).0, u64::from(sequence) | 1 << 40);
            let (end, heard) = air.cast(ix, relay.node, bytes, (key, now));
            for seat in heard {
                let by = network.member(seat);
                if self.learn(by, relay, ix, end) {
                    next.push((end.plus_s(network.latency_s), Relay { node: by, ..relay }));
                }
            }
        }
        next
    }

    /// A node hears a topology message; tells whether it is to pass it on.
    fn learn(&mut self, by: UnitIx, relay: Relay, ix: NetworkIx, now: SimTime) -> bool {
        let Relay {
            origin, sequence, ..
        } = relay;
        if by == origin || self.areas.area(by) != self.areas.area(origin) {
            return false;
        }
        let place = self.areas.of[origin.at()].1;
        let known = self.nodes[by.at()].known[usize::from(place)];
        if sequence > known.sequence {
            self.take(by, origin, (known.sequence, sequence));
            let known = &mut self.nodes[by.at()].known[usize::from(place)];
            known.sequence = sequence;
            known.heard_at = now;
        }
        let node = &mut self.nodes[by.at()];
        let asks = node
            .find(relay.node, ix)
            .is_ok_and(|at| node.neighbours[at].asks);
        let known = &mut node.known[usize::from(place)];
        let passes = asks && self.areas.forwards[by.at()] && known.relayed < sequence;
        if passes {
            known.relayed = sequence;
        }
        passes
    }

    /// Forgets what a newer advert touches.
    fn take(&mut self, by: UnitIx, origin: UnitIx, (old, new): (u32, u32)) {
        let nothing = Advert::default();
        let place = self.areas.of[origin.at()].1;
        let mut trees = core::mem::take(&mut self.nodes[by.at()].trees);
        let author = &self.nodes[origin.at()];
        let old = author.advert(old).unwrap_or(&nothing);
        let new = author.advert(new).unwrap_or(&nothing);
        let is_same = core::ptr::eq(old, new);
        let mut forgets_outward = !is_same && old.beyond != new.beyond;
        for tree in &mut trees {
            let touched = |it: &Tree| it.is_touched(place, &old.links, &new.links);
            if !is_same && tree.as_ref().is_some_and(touched) {
                *tree = None;
                forgets_outward = true;
            }
        }
        let node = &mut self.nodes[by.at()];
        node.trees = trees;
        if forgets_outward {
            node.outward = [None, None];
        }
    }
}
