//! What nodes know of a mesh that is up, against the graph as it is.

use petgraph::{algo::dijkstra, graph::UnGraph};

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
        random::{DrawKey, Stream},
        time::Clock,
    },
    platform::class::{Catalogue, RadioSpec},
};

/// Links of nodes on a square that are near enough, with probe successes.
fn geometric(nodes: usize, range: f64, seed: u64, worst: f64) -> Vec<(usize, usize, f64)> {
    let mut draws = DrawKey::new(Stream::Placement, 3, 2, 1).draws(seed);
    let places: Vec<_> = (0..nodes)
        .map(|_| (draws.uniform(), draws.uniform()))
        .collect();
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

/// The worst ratio of the expected transmissions of the ways that nodes take to the best ways.
fn worst_ratio(nodes: usize, probes: &[(usize, usize, f64)]) -> f64 {
    let members = (0..nodes).map(|at| (UnitIx::from_at(at), 2.0)).collect();
    let network = Network::new("net".to_owned(), &radio(), None, members);
    let networks = Networks::new(vec![network], nodes, false);
    let links = Links::of_probes(nodes, probes);
    let rows = (0..nodes).map(|at| UnitRow {
        id: UnitId(at as u64),
        entity: bevy::prelude::Entity::PLACEHOLDER,
        name: format!("n{at}"),
    });
    let index = UnitIndex::new(rows.collect());
    let mut stations = Stations::default();
    stations.set_up(&networks);
    let mut mesh = Mesh::default();
    assert!(mesh.set_up(areas(nodes)));
    let air = ControlAir {
        seed: 1,
        networks: &networks,
        outages: &Outages::default(),
        links: &links,
        index: &index,
        stations: &mut stations,
    };
    mesh.start(&Clock::new(100), &air);
    let mut graph = UnGraph::<(), f64>::new_undirected();
    let ends: Vec<_> = (0..nodes).map(|_| graph.add_node(())).collect();
    let mut cost = std::collections::BTreeMap::new();
    for (a, b, _) in probes.iter().copied() {
        // What a node knows is a window of sixteen hellos.
        let known = mesh.nodes[a].best_to(UnitIx::from_at(b)).unwrap().1;
        graph.add_edge(ends[a], ends[b], known);
        cost.insert((a, b), known);
        cost.insert((b, a), known);
    }
    let mut worst: f64 = 1.0;
    for from in 0..nodes {
        let best = dijkstra(&graph, ends[from], None, |edge| *edge.weight());
        for to in (0..nodes).filter(|to| *to != from) {
            let (mut at, mut way_s, mut hops) = (from, 0.0, 0);
            while at != to && hops < nodes {
                let Some((_, next)) = mesh.next(UnitIx::from_at(at), UnitIx::from_at(to), false)
                else {
                    break;
                };
                way_s += cost[&(at, next.at())];
                at = next.at();
                hops += 1;
            }
            match best.get(&ends[to]) {
                Some(best_s) => {
                    assert_eq!(at, to, "no way from {from} to {to}");
                    worst = worst.max(way_s / best_s);
                }
                None => assert_ne!(at, to),
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
