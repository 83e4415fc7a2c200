//! Which way messages go: shortest paths over the links that work. See [`Topology`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use petgraph::{Direction, algo::dijkstra, graph::{DiGraph, NodeIndex}, visit::EdgeRef};
use serde::{Deserialize, Serialize};

use super::network::{NetworkIx, Networks};
use crate::{
    kernel::ids::UnitIx,
    org::{OrderOfBattle, Role},
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
        Self { to: UnitIx(0), network, success: 1.0, delay_s: 0.0, cost_s: 1e-6 }
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

/// Shortest-path tree of one source: the last hop to each unit that it reaches.
pub type Tree = Vec<Option<Hop>>;

/// The routing graph as of the last round, and trees over it.
#[derive(Debug, Default, Resource, Serialize, Deserialize)]
pub struct Topology {
    arcs: Vec<Vec<Arc>>,
    forwards: Vec<bool>,
    domains: Vec<(u8, u8)>,
    /// Trees already worked out in this round; no state.
    #[serde(skip)]
    trees: BTreeMap<(UnitIx, bool), Tree>,
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
        const HUBS: [Role; 4] = [Role::Relay, Role::Command, Role::Gateway, Role::Liaison];
        let forwards = |at: usize| {
            let unit = UnitIx::from_at(at);
            let is_hub = HUBS.iter().any(|role| order.has_role(unit, *role));
            let meshes = || networks.of_unit[at].iter().any(|ix| networks.get(*ix).forwards);
            lives(unit) && (is_hub || meshes())
        };
        self.forwards = (0..arcs.len()).map(forwards).collect();
        self.domains =
            order.units.iter().map(|unit| (unit.nation.0, unit.service.0)).collect();
        self.arcs = arcs;
        self.trees.clear();
    }

    /// Links of a unit.
    #[must_use]
    pub fn arcs(&self, unit: UnitIx) -> &[Arc] {
        self.arcs.get(unit.at()).map_or(&[], Vec::as_slice)
    }

    /// The shortest-path tree of a source. `stays_inside` keeps to forwarders of the source's own
    /// nation and service.
    pub fn tree(&mut self, source: UnitIx, stays_inside: bool) -> &Tree {
        let Self { arcs, forwards, domains, trees } = self;
        trees
            .entry((source, stays_inside))
            .or_insert_with(|| shortest_paths(arcs, source, |unit| {
                let is_near = !stays_inside || domains[unit.at()] == domains[source.at()];
                unit == source || forwards[unit.at()] && is_near
            }))
    }
}

/// Dijkstra's algorithm (petgraph) over the part of the graph that the source can reach; ties go to
/// the lower rank, whatever the order in which petgraph visits.
fn shortest_paths(
    arcs: &[Vec<Arc>],
    source: UnitIx,
    may_forward: impl Fn(UnitIx) -> bool,
) -> Tree {
    let reached = reachable(arcs, source, &may_forward);
    let mut tree: Tree = vec![None; arcs.len()];
    if reached.len() <= 1 {
        return tree;
    }
    let mut graph = DiGraph::<UnitIx, Arc>::with_capacity(reached.len(), reached.len() * 4);
    let nodes: BTreeMap<UnitIx, NodeIndex> =
        reached.iter().map(|unit| (*unit, graph.add_node(*unit))).collect();
    for unit in reached.iter().filter(|unit| may_forward(**unit)) {
        for arc in &arcs[unit.at()] {
            graph.add_edge(nodes[unit], nodes[&arc.to], *arc);
        }
    }
    let costs = dijkstra(&graph, nodes[&source], None, |edge| edge.weight().cost_s);
    for (unit, node) in nodes.iter().filter(|(unit, _)| **unit != source) {
        let best = graph
            .edges_directed(*node, Direction::Incoming)
            .filter_map(|edge| Some((costs.get(&edge.source())? + edge.weight().cost_s, edge)))
            .min_by(|(a, x), (b, y)| {
                let from = |edge: &petgraph::graph::EdgeReference<'_, Arc>| {
                    (graph[edge.source()], edge.weight().network)
                };
                a.total_cmp(b).then_with(|| from(x).cmp(&from(y)))
            });
        tree[unit.at()] =
            best.map(|(_, edge)| Hop { from: graph[edge.source()], arc: *edge.weight() });
    }
    tree
}

/// Units that the source reaches, sorted.
fn reachable(
    arcs: &[Vec<Arc>],
    source: UnitIx,
    may_forward: &impl Fn(UnitIx) -> bool,
) -> Vec<UnitIx> {
    let mut seen = vec![false; arcs.len()];
    let mut found = vec![source];
    seen[source.at()] = true;
    let mut next = 0;
    while let Some(unit) = found.get(next).copied() {
        next += 1;
        if !may_forward(unit) {
            continue;
        }
        for arc in &arcs[unit.at()] {
            if !core::mem::replace(&mut seen[arc.to.at()], true) {
                found.push(arc.to);
            }
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
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
                    let arc = Arc { cost_s, ..Arc::perfect(NetworkIx(0)) };
                    arcs[a as usize].push(Arc { to: UnitIx(b), ..arc });
                    arcs[b as usize].push(Arc { to: UnitIx(a), ..arc });
                }
            }
        }
        arcs
    }

    /// Cost of the way to a node along the tree.
    fn cost(tree: &Tree, to: UnitIx) -> f64 {
        tree[to.at()].map_or(0.0, |hop| hop.arc.cost_s + cost(tree, hop.from))
    }

    #[test]
    fn trees_are_as_short_as_bellman_ford_says() {
        for seed in 0..20 {
            let arcs = graph(30, seed);
            let tree = shortest_paths(&arcs, UnitIx(0), |_| true);
            let mut best = vec![f64::INFINITY; arcs.len()];
            best[0] = 0.0;
            for _ in 0..arcs.len() {
                for from in 0..arcs.len() {
                    for arc in &arcs[from] {
                        best[arc.to.at()] = best[arc.to.at()].min(best[from] + arc.cost_s);
                    }
                }
            }
            for at in 1..arcs.len() {
                let unit = UnitIx::from_at(at);
                let found = tree[at].map_or(f64::INFINITY, |_| cost(&tree, unit));
                assert!(
                    (found - best[at]).abs() < 1e-12 || found == best[at],
                    "node {at}: {found} against {}",
                    best[at]
                );
            }
        }
    }

    #[test]
    fn nobody_is_reached_through_one_who_does_not_forward() {
        let link = |to| Arc { to: UnitIx(to), ..Arc::perfect(NetworkIx(0)) };
        let arcs = vec![vec![link(1)], vec![link(0), link(2)], vec![link(1)]];
        let tree = shortest_paths(&arcs, UnitIx(0), |unit| unit != UnitIx(1));
        assert!(tree[1].is_some() && tree[2].is_none());
    }
}
