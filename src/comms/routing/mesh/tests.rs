//! What nodes know of a mesh that is up, against the graph as it is.

mod between;

use std::collections::BTreeSet;

use petgraph::{
    algo::dijkstra,
    graph::{NodeIndex, UnGraph},
};

use super::*;
use crate::{
    comms::{
        links::Links,
        network::{Networks, Outages},
        routing::control::ControlAir,
        stations::Stations,
    },
    kernel::{
        ids::{UnitId, UnitIndex, UnitRow},
        random::{DrawKey, Draws, Stream},
        time::Clock,
    },
    platform::class::{Catalogue, RadioSpec},
};

/// Places of nodes on a square, and the draws after them.
fn places(nodes: usize, seed: u64) -> (Vec<(f64, f64)>, Draws) {
    let mut draws = DrawKey::new(Stream::Placement, 3, 2, 1).draws(seed);
    let place = |_| (draws.uniform(), draws.uniform());
    ((0..nodes).map(place).collect(), draws)
}

/// Links of nodes on a square that are near enough, with probe successes.
fn geometric(nodes: usize, range: f64, seed: u64, worst: f64) -> Vec<(usize, usize, f64)> {
    let (places, mut draws) = places(nodes, seed);
    let mut links = Vec::new();
    for a in 0..nodes {
        for b in a + 1..nodes {
            let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
            if dx * dx + dy * dy < range * range {
                links.push((a, b, worst + (1.0 - worst) * draws.uniform()));
            }
        }
    }
    links
}

/// One area of units with one network, all of which forward.
fn areas(nodes: usize) -> Areas {
    Areas {
        of: (0..nodes)
            .map(|at| (0, u16::try_from(at).unwrap()))
            .collect(),
        members: vec![(0..nodes).map(UnitIx::from_at).collect()],
        forwards: vec![true; nodes],
        domains: vec![(0, 0); nodes],
    }
}

/// The mesh radio of the catalogue.
fn radio() -> RadioSpec {
    let catalogue = Catalogue::shipped();
    catalogue.radio("mesh-wideband").unwrap().clone()
}

/// A mesh on one network, and the graph of its links with what their ends know of their costs.
struct Bed {
    networks: Networks,
    links: Links,
    index: UnitIndex,
    stations: Stations,
    mesh: Mesh,
    clock: Clock,
}

/// What became of a walk from next hop to next hop.
#[derive(Debug, PartialEq)]
enum Walk {
    /// It arrived, with this cost, s.
    There(f64),
    /// A node knew no way.
    NoWay,
    /// It came to a node twice.
    Circle,
}

impl Bed {
    /// A mesh that is up.
    fn new(areas: Areas, probes: &[(usize, usize, f64)]) -> Self {
        let nodes = areas.of.len();
        let members = (0..nodes).map(|at| (UnitIx::from_at(at), 2.0)).collect();
        let network = Network::new("net".to_owned(), &radio(), None, members);
        let networks = Networks::new(vec![network], nodes, false);
        let rows = (0..nodes).map(|at| UnitRow {
            id: UnitId(at as u64),
            entity: bevy::prelude::Entity::PLACEHOLDER,
            name: format!("n{at}"),
        });
        let mut stations = Stations::default();
        stations.set_up(&networks);
        let mut mesh = Mesh::default();
        assert!(mesh.set_up(areas));
        let mut bed = Self {
            networks,
            links: Links::of_probes(nodes, probes),
            index: UnitIndex::new(rows.collect()),
            stations,
            mesh,
            clock: Clock::new(100),
        };
        let clock = bed.clock;
        bed.with_air(|mesh, air| mesh.start(&clock, air));
        bed
    }

    /// Does something with the mesh on the air.
    fn with_air<T>(&mut self, act: impl FnOnce(&mut Mesh, &mut ControlAir<'_>) -> T) -> T {
        let mut air = ControlAir {
            emissions: &crate::platform::emission::Emissions::default(),
            seed: 1,
            networks: &self.networks,
            outages: &Outages::default(),
            links: &self.links,
            index: &self.index,
            stations: &mut self.stations,
        };
        act(&mut self.mesh, &mut air)
    }

    /// The graph of the links that both ends know, with its nodes.
    fn graph(&self, probes: &[(usize, usize, f64)]) -> (UnGraph<(), f64>, Vec<NodeIndex>) {
        let mut graph = UnGraph::new_undirected();
        let count = self.mesh.nodes.len();
        let ends: Vec<_> = (0..count).map(|_| graph.add_node(())).collect();
        for (a, b, _) in probes.iter().copied() {
            graph.add_edge(ends[a], ends[b], self.cost_s(a, b));
        }
        (graph, ends)
    }

    /// Cost of a link, s, as its first end knows it: by a window of sixteen hellos.
    fn cost_s(&self, from: usize, to: usize) -> f64 {
        self.mesh.nodes[from]
            .best_to(UnitIx::from_at(to))
            .unwrap()
            .1
    }

    /// Follows what nodes know from one to another.
    fn walk(&mut self, from: usize, to: usize) -> Walk {
        let (mut at, mut way_s) = (from, 0.0);
        let mut seen = BTreeSet::from([from]);
        while at != to {
            let next = (self.mesh).next(UnitIx::from_at(at), UnitIx::from_at(to), false);
            let Some((_, next)) = next else {
                return Walk::NoWay;
            };
            way_s += self.cost_s(at, next.at());
            at = next.at();
            if !seen.insert(at) {
                return Walk::Circle;
            }
        }
        Walk::There(way_s)
    }
}

/// The worst ratio of the expected transmissions of the ways that nodes take to the best ways.
fn worst_ratio(nodes: usize, probes: &[(usize, usize, f64)]) -> f64 {
    let mut bed = Bed::new(areas(nodes), probes);
    let (graph, ends) = bed.graph(probes);
    let mut worst: f64 = 1.0;
    for from in 0..nodes {
        let best = dijkstra(&graph, ends[from], None, |edge| *edge.weight());
        for to in (0..nodes).filter(|to| *to != from) {
            match (best.get(&ends[to]), bed.walk(from, to)) {
                (Some(best_s), Walk::There(way_s)) => worst = worst.max(way_s / best_s),
                (None, Walk::NoWay) => {}
                (_, walk) => panic!("from {from} to {to}: {walk:?}"),
            }
        }
    }
    worst
}

#[test]
fn ways_over_equal_links_are_as_short_as_petgraph_says() {
    for seed in 0..20 {
        let links = geometric(40, 0.28, seed, 1.0);
        let worst = worst_ratio(40, &links);
        assert!(worst < 1.0 + 1e-9, "seed {seed}: {worst}");
    }
}

#[test]
fn ways_over_unequal_links_are_nearly_as_short() {
    let mut sum = 0.0;
    for seed in 0..20 {
        let links = geometric(40, 0.28, seed, 0.5);
        let worst = worst_ratio(40, &links);
        assert!(worst < 1.6, "seed {seed}: {worst}");
        sum += worst;
    }
    assert!(sum / 20.0 < 1.35, "{}", sum / 20.0);
}
