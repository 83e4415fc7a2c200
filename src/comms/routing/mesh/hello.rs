//! Hellos: who hears whom, and how well.

use super::{HOLD, Mesh, every};
use crate::{
    comms::{
        links::Links,
        network::{HELLO_BYTES, HELLO_S, Network, NetworkIx, Networks, PROBE_BYTES},
        routing::{
            control::ControlAir,
            neighbour::{Beyond, Neighbour},
            relays,
            tree::{AreaLink, Tree},
        },
    },
    kernel::{
        ids::UnitIx,
        time::{Clock, SimTime},
    },
};

impl Mesh {
    /// Judges the neighbours of a node anew; notes what changed.
    pub(super) fn judge(
        &mut self,
        unit: UnitIx,
        (networks, links): (&Networks, &Links),
        now: SimTime,
    ) {
        let node = &mut self.nodes[unit.at()];
        let (mut changed, mut turned) = (false, false);
        for neighbour in &mut node.neighbours {
            let network = networks.get(neighbour.network);
            let rate = match [network.seat(unit), network.seat(neighbour.unit)] {
                [Some(own), Some(other)] => links
                    .of(neighbour.network)
                    .rate_to(own, [other].into_iter()),
                _ => 0,
            };
            let air_s = network.air_time_s(PROBE_BYTES, rate) + network.latency_s;
            let was = neighbour.is_symmetric();
            changed |= neighbour.judge(now, network.hello_s, air_s);
            turned |= was != neighbour.is_symmetric();
        }
        if turned {
            node.forget();
        }
        node.neighbours.retain(|it| {
            let hello_s = networks.get(it.network).hello_s;
            it.is_symmetric() || now.since_s(it.heard_at) <= HOLD * hello_s
        });
        if changed {
            self.nodes[unit.at()].own_since = now;
            self.renew_own(unit);
        }
    }

    /// Takes the links of a node as last judged; what was worked out holds unless they touch it.
    fn renew_own(&mut self, unit: UnitIx) {
        let area = self.areas.area(unit);
        let node = &mut self.nodes[unit.at()];
        let mut own: Vec<AreaLink> = Vec::new();
        let mut is_border = false;
        for of_unit in node.neighbours.chunk_by(|a, b| a.unit == b.unit) {
            let (near, place) = self.areas.of[of_unit[0].unit.at()];
            let costs = of_unit.iter().map(|it| it.cost_s);
            let cost_s = costs.fold(f64::INFINITY, f64::min);
            is_border |= near != area;
            if near == area && cost_s.is_finite() {
                own.push((place, cost_s));
            }
        }
        own.sort_by_key(|link| link.0);
        let place = self.areas.of[unit.at()].1;
        for tree in &mut node.trees {
            if tree
                .as_ref()
                .is_some_and(|it| it.is_touched(place, &node.own, &own))
            {
                *tree = None;
                node.outward = [None, None];
            }
        }
        if is_border {
            node.outward = [None, None];
        }
        node.own = own;
        node.is_stale = true;
    }

    /// Chooses whom a node asks to pass its messages on, by what its neighbours' hellos named.
    pub(super) fn choose_relays(&mut self, unit: UnitIx) {
        let (area, root) = self.areas.of[unit.at()];
        let node = &self.nodes[unit.at()];
        if !node.is_stale {
            return;
        }
        let members = &self.areas.members[usize::from(area)];
        let beyond = |place: u16| {
            let neighbour = members[usize::from(place)];
            let forwards = self.areas.forwards[neighbour.at()];
            forwards.then(|| node.named_by(neighbour)).flatten()
        };
        let pairs = relays::providers(root, &node.own, beyond);
        let in_area = |unit: &&UnitIx| self.areas.area(**unit) == area;
        let before = node.relays.iter().filter(in_area);
        let before: Vec<u16> = before.map(|unit| self.areas.of[unit.at()].1).collect();
        let mut chosen: Vec<UnitIx> = relays::choose(&pairs, &before)
            .into_iter()
            .map(|place| members[usize::from(place)])
            .collect();
        chosen.sort_unstable();
        let node = &mut self.nodes[unit.at()];
        node.relays = chosen;
        node.is_stale = false;
    }

    /// Number of the hello of a unit at a time.
    fn hello_number(clock: &Clock, unit: UnitIx) -> u64 {
        clock.round_of(HELLO_S, u64::from(unit.0))
    }

    /// Number of the hello of a unit on a network.
    pub(super) fn number_on(network: &Network, unit: UnitIx, clock: &Clock) -> u64 {
        (Self::hello_number(clock, unit) + u64::from(unit.0)) / every(network)
    }

    /// A node says hello, where that is due, and works out what it heard.
    pub fn hello(&mut self, unit: UnitIx, clock: &Clock, air: &mut ControlAir<'_>) {
        let now = clock.now();
        let number = Self::hello_number(clock, unit);
        self.judge(unit, (air.networks, air.links), now);
        self.expire(unit, now);
        self.choose_relays(unit);
        let area = self.areas.area(unit);
        let is_border = {
            let mut others = self.nodes[unit.at()].neighbours.iter();
            others.any(|it| self.areas.area(it.unit) != area)
        };
        let offers = if is_border {
            self.offers(unit)
        } else {
            Vec::new()
        };
        for ix in air.networks.of_unit[unit.at()].iter().copied() {
            let network = air.networks.get(ix);
            if !(number + u64::from(unit.0)).is_multiple_of(every(network)) {
                continue;
            }
            let of_network = Self::number_on(network, unit, clock);
            let bytes = self.hello_bytes(unit, (ix, network), &offers, now);
            let (_, heard) = air.cast(ix, unit, bytes, ((0, number), now));
            for seat in heard {
                let by = network.member(seat);
                let when = (of_network, network.hello_s, now);
                self.hear(by, (unit, ix), when, &offers);
            }
        }
    }

    /// Size of a hello on a network, bytes: it names the neighbours there every time, the others only
    /// when something changed (differential hellos: RFC 3684, §5).
    fn hello_bytes(
        &self,
        unit: UnitIx,
        (ix, network): (NetworkIx, &Network),
        offers: &[Beyond],
        now: SimTime,
    ) -> u32 {
        let node = &self.nodes[unit.at()];
        let is_new = now.since_s(node.own_since) < network.hello_s;
        let is_named = |it: &&Neighbour| is_new || it.network == ix;
        let named = node.neighbours.iter().filter(is_named).count() + offers.len();
        let places = offers.iter().map(|it| it.extra_bytes(&self.areas));
        HELLO_BYTES[0]
            + HELLO_BYTES[1] * u32::try_from(named).unwrap_or(u32::MAX / 64)
            + places.sum::<u32>()
    }

    /// A node hears another's hello.
    fn hear(
        &mut self,
        by: UnitIx,
        (from, ix): (UnitIx, NetworkIx),
        (number, hello_s, now): (u64, f64, SimTime),
        offers: &[Beyond],
    ) {
        let mut node = core::mem::take(&mut self.nodes[by.at()]);
        let sender = &self.nodes[from.at()];
        let reverse = sender
            .find(by, ix)
            .map_or(0.0, |at| sender.neighbours[at].share(now, hello_s));
        let (area, place) = self.areas.of[from.at()];
        let is_near = self.areas.area(by) == area;
        let at = match node.find(from, ix) {
            Ok(at) => at,
            Err(at) => {
                node.neighbours.insert(at, Neighbour::new(from, ix));
                at
            }
        };
        if is_near {
            if let Some(known) = node.named_by(from).filter(|known| **known != *sender.own) {
                let touched = |tree: &Tree| tree.is_touched(place, known, &sender.own);
                let stays = |tree: Option<&Tree>| !tree.is_some_and(touched);
                let kept = [0, 1].map(|which: usize| stays(node.trees[which].as_ref()));
                for (tree, _) in node.trees.iter_mut().zip(kept).filter(|(_, kept)| !kept) {
                    *tree = None;
                    node.outward = [None, None];
                }
            }
            if node.neighbours[at].named != sender.own {
                node.neighbours[at].named.clone_from(&sender.own);
                node.is_stale = true;
            }
        } else if node.neighbours[at].offers != offers {
            offers.clone_into(&mut node.neighbours[at].offers);
            node.outward = [None, None];
        }
        let neighbour = &mut node.neighbours[at];
        neighbour.hear(number, now, reverse);
        neighbour.asks = sender.relays.binary_search(&by).is_ok();
        self.nodes[by.at()] = node;
    }

    /// A node's radio says that nothing reaches a neighbour on a network.
    pub fn lose(&mut self, unit: UnitIx, network: NetworkIx, neighbour: UnitIx) {
        let node = &mut self.nodes[unit.at()];
        if let Ok(at) = node.find(neighbour, network) {
            node.neighbours[at].lose();
            node.forget();
            self.renew_own(unit);
        }
    }
}
