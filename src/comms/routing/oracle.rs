//! Ways for who knows all links as they are: the upper bound. See [`Topology`].

use core::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::is_forwarder;
use crate::{
    comms::network::{NetworkIx, Networks},
    kernel::ids::UnitIx,
    org::OrderOfBattle,
};

/// One direction of a link that works.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Arc {
    /// Who hears.
    pub to: UnitIx,
    /// On which network.
    pub network: NetworkIx,
    /// Packet success of the probe.
    pub success: f64,
    /// Propagation delay, s.
    pub delay_s: f64,
    /// Expected time of a probe, s: what routes minimise (expected transmission time: Draves,
    /// Padhye, Zill 2004).
    pub cost_s: f64,
}

impl Arc {
    /// A link without loss and delay.
    #[must_use]
    pub fn perfect(network: NetworkIx) -> Self {
        Self {
            to: UnitIx(0),
            network,
            success: 1.0,
            delay_s: 0.0,
            cost_s: 1e-6,
        }
    }
}

/// A hop of a shortest-path tree: from whom, over which link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hop {
    /// The node before.
    pub from: UnitIx,
    /// The link.
    pub arc: Arc,
}

/// Shortest paths from one source (Dijkstra 1959), as far as anybody has asked. Ties go to the lower
/// rank, whatever the order of asking.
#[derive(Debug, Clone, Default)]
struct Search {
    cost: Vec<f64>,
    hops: Vec<Option<Hop>>,
    is_settled: Vec<bool>,
    /// Cost as bits, which order as the cost does since it is never negative, and rank.
    frontier: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Search {
    /// A search that has not begun.
    fn from(source: UnitIx, units: usize) -> Self {
        let mut search = Self {
            cost: vec![f64::INFINITY; units],
            hops: vec![None; units],
            is_settled: vec![false; units],
            frontier: BinaryHeap::new(),
        };
        search.cost[source.at()] = 0.0;
        search.frontier.push(Reverse((0, source.0)));
        search
    }

    /// Goes on until a unit is reached for good, or nobody is left to reach.
    fn settle(&mut self, goal: UnitIx, arcs: &[Vec<Arc>], may_forward: impl Fn(UnitIx) -> bool) {
        while !self.is_settled[goal.at()] {
            let Some(Reverse((_, rank))) = self.frontier.pop() else {
                return;
            };
            let unit = UnitIx(rank);
            if core::mem::replace(&mut self.is_settled[unit.at()], true) || !may_forward(unit) {
                continue;
            }
            for arc in &arcs[unit.at()] {
                self.relax(unit, arc);
            }
        }
    }

    /// Takes a link if it leads to a unit sooner than what was known.
    fn relax(&mut self, from: UnitIx, arc: &Arc) {
        let to = arc.to.at();
        let cost = self.cost[from.at()] + arc.cost_s;
        let known = self.hops[to].map(|hop| (hop.from, hop.arc.network));
        let is_tied = cost.total_cmp(&self.cost[to]).is_eq();
        let is_better = cost < self.cost[to]
            || is_tied && known.is_some_and(|known| (from, arc.network) < known);
        if is_better && !self.is_settled[to] {
            self.cost[to] = cost;
            self.hops[to] = Some(Hop { from, arc: *arc });
            self.frontier.push(Reverse((cost.to_bits(), arc.to.0)));
        }
    }
}

/// The routing graph as of the last round, and searches over it.
#[derive(Debug, Default, Resource, Serialize, Deserialize)]
pub struct Topology {
    arcs: Vec<Vec<Arc>>,
    forwards: Vec<bool>,
    domains: Vec<(u8, u8)>,
    /// Searches of this round, as far as they went; they can be made again, so they are no state.
    #[serde(skip)]
    searches: BTreeMap<(UnitIx, bool), Search>,
}

impl Topology {
    /// Takes the links of a new round.
    pub fn renew(
        &mut self,
        arcs: Vec<Vec<Arc>>,
        networks: &Networks,
        order: &OrderOfBattle,
        lives: impl Fn(UnitIx) -> bool,
    ) {
        let forwards = |at: usize| {
            let unit = UnitIx::from_at(at);
            lives(unit) && is_forwarder(unit, networks, order)
        };
        self.forwards = (0..arcs.len()).map(forwards).collect();
        self.domains = order
            .units
            .iter()
            .map(|unit| (unit.nation.0, unit.service.0))
            .collect();
        self.arcs = arcs;
        self.searches.clear();
    }

    /// Links of a unit.
    #[must_use]
    pub fn arcs(&self, unit: UnitIx) -> &[Arc] {
        self.arcs.get(unit.at()).map_or(&[], Vec::as_slice)
    }

    /// The next hop of the shortest path from a node to a reader.
    pub fn next(
        &mut self,
        node: UnitIx,
        reader: UnitIx,
        stays_inside: bool,
    ) -> Option<(NetworkIx, UnitIx)> {
        let path = self.path(node, reader, stays_inside)?;
        path.last().map(|(to, hop)| (hop.arc.network, *to))
    }

    /// The hops of the shortest path from a source to a unit, last first; none if there is no path.
    /// `stays_inside` keeps to forwarders of the source's own nation and service.
    pub fn path(
        &mut self,
        source: UnitIx,
        to: UnitIx,
        stays_inside: bool,
    ) -> Option<Vec<(UnitIx, Hop)>> {
        let Self {
            arcs,
            forwards,
            domains,
            searches,
        } = self;
        let search = searches
            .entry((source, stays_inside))
            .or_insert_with(|| Search::from(source, arcs.len()));
        search.settle(to, arcs, |unit| {
            let is_near = !stays_inside || domains[unit.at()] == domains[source.at()];
            unit == source || forwards[unit.at()] && is_near
        });
        let mut path = Vec::new();
        let mut at = to;
        while at != source {
            let hop = search.hops[at.at()].filter(|_| search.is_settled[at.at()])?;
            path.push((at, hop));
            at = hop.from;
        }
        Some(path)
    }
}

#[cfg(test)]
mod tests {
    use petgraph::{algo::dijkstra, graph::DiGraph};

    use super::*;
    use crate::kernel::random::{DrawKey, Stream};

    /// A random graph of `n` nodes.
    fn graph(n: u32, seed: u64) -> Vec<Vec<Arc>> {
        let mut arcs = vec![Vec::new(); n as usize];
        let mut draws = DrawKey::new(Stream::Placement, 1, 2, 3).draws(seed);
        for a in 0..n {
            for b in a + 1..n {
                if draws.uniform() < 0.15 {
                    let cost_s = 0.01 + draws.uniform();
                    let arc = Arc {
                        cost_s,
                        ..Arc::perfect(NetworkIx(0))
                    };
                    arcs[a as usize].push(Arc {
                        to: UnitIx(b),
                        ..arc
                    });
                    arcs[b as usize].push(Arc {
                        to: UnitIx(a),
                        ..arc
                    });
                }
            }
        }
        arcs
    }

    /// The topology of a graph in which everybody forwards but the units given.
    fn topology(arcs: Vec<Vec<Arc>>, silent: &[usize]) -> Topology {
        let forwards = (0..arcs.len()).map(|at| !silent.contains(&at)).collect();
        let domains = vec![(0, 0); arcs.len()];
        Topology {
            arcs,
            forwards,
            domains,
            ..Topology::default()
        }
    }

    #[test]
    fn paths_are_as_short_as_petgraph_says() {
        for seed in 0..20 {
            let arcs = graph(30, seed);
            let mut network = DiGraph::<(), f64>::new();
            let nodes: Vec<_> = arcs.iter().map(|_| network.add_node(())).collect();
            for (from, arcs) in arcs.iter().enumerate() {
                for arc in arcs {
                    network.add_edge(nodes[from], nodes[arc.to.at()], arc.cost_s);
                }
            }
            let best = dijkstra(&network, nodes[0], None, |edge| *edge.weight());
            let mut topology = topology(arcs, &[]);
            // Asked in an order that has nothing to do with distance.
            for at in (1..30).rev() {
                let path = topology.path(UnitIx(0), UnitIx::from_at(at), false);
                let found =
                    path.map(|path| path.iter().map(|(_, hop)| hop.arc.cost_s).sum::<f64>());
                match (found, best.get(&nodes[at])) {
                    (Some(found), Some(best)) => assert!((found - best).abs() < 1e-12),
                    (found, best) => assert_eq!(found, best.copied()),
                }
            }
        }
    }

    #[test]
    fn nobody_is_reached_through_one_who_does_not_forward() {
        let link = |to| Arc {
            to: UnitIx(to),
            ..Arc::perfect(NetworkIx(0))
        };
        let arcs = vec![vec![link(1)], vec![link(0), link(2)], vec![link(1)]];
        let mut topology = topology(arcs, &[1]);
        assert!(topology.path(UnitIx(0), UnitIx(1), false).is_some());
        assert!(topology.path(UnitIx(0), UnitIx(2), false).is_none());
    }
}
