//! Tests of relay placement: brute force, bounds, larger graphs, refusals.

use super::ascent::ascend;
use super::grow::{grow, mend};
use super::*;
use crate::kernel::budget::WorkBudget;
use crate::kernel::random::{DrawKey, Stream};
use glam::DVec2;
use proptest::prelude::*;

/// Budget that never ends.
fn endless() -> WorkBudget {
    WorkBudget::new(u64::MAX)
}

/// A graph from a table of prices by pair; `None` for no link.
fn graph_of(terminals: usize, prices: &[f64], links: &[Option<f64>]) -> CandidateGraph {
    let nodes = terminals + prices.len();
    let link = |a: usize, b: usize| links[a * nodes + b];
    CandidateGraph::new(terminals, prices, link, &mut endless()).unwrap()
}

/// Price of the cheapest tree over exactly these nodes, by Kruskal; `None` if they fall apart.
fn spanning_price(nodes: &[usize], total: usize, links: &[Option<f64>]) -> Option<f64> {
    let mut pairs: Vec<(f64, usize, usize)> = nodes
        .iter()
        .flat_map(|&a| nodes.iter().map(move |&b| (a, b)))
        .filter(|&(a, b)| a < b)
        .filter_map(|(a, b)| Some((links[a * total + b]?, a, b)))
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut group: Vec<usize> = (0..total).collect();
    let (mut sum, mut joins) = (0.0, 0);
    for (price, a, b) in pairs {
        let (first, second) = (group[a], group[b]);
        if first != second {
            group
                .iter_mut()
                .filter(|g| **g == first)
                .for_each(|g| *g = second);
            sum += price;
            joins += 1;
        }
    }
    (joins + 1 == nodes.len()).then_some(sum)
}

/// Least cost over all subsets of candidates.
fn brute(terminals: usize, prices: &[f64], links: &[Option<f64>]) -> Option<f64> {
    let total = terminals + prices.len();
    let mut best: Option<f64> = None;
    for subset in 0..1_usize << prices.len() {
        let chosen = (0..prices.len()).filter(|c| subset >> c & 1 == 1);
        let nodes: Vec<usize> = (0..terminals)
            .chain(chosen.map(|c| terminals + c))
            .collect();
        let relays: f64 = nodes[terminals..]
            .iter()
            .map(|n| prices[n - terminals])
            .sum();
        if let Some(price) = spanning_price(&nodes, total, links) {
            let cost = relays + price;
            best = Some(best.map_or(cost, |b| b.min(cost)));
        }
    }
    best
}

/// Small graphs: whole or fractional prices, sparse or dense links, free or priced.
fn problems() -> impl Strategy<Value = (usize, Vec<f64>, Vec<Option<f64>>)> {
    (1_usize..6, 0_usize..8, any::<bool>(), any::<bool>()).prop_flat_map(
        |(terminals, candidates, whole, free)| {
            let total = terminals + candidates;
            let price = (0_i32..40).prop_map(move |p| {
                let price = f64::from(p);
                if whole {
                    (price / 8.0).floor()
                } else {
                    price / 7.0
                }
            });
            let link = (0_i32..9, any::<bool>()).prop_map(move |(p, linked)| {
                let price = if free { 0.0 } else { f64::from(p) / 4.0 };
                linked.then_some(price)
            });
            (
                Just(terminals),
                prop::collection::vec(price, candidates),
                prop::collection::vec(link, total * total),
            )
        },
    )
}

/// The links of a placement form a tree over the terminals and its relays, at its price.
fn holds(graph: &CandidateGraph, found: &Placement) -> bool {
    let mut nodes: Vec<usize> = (0..graph.terminals()).collect();
    nodes.extend(&found.relays);
    let mut joined = vec![false; graph.nodes()];
    if let Some(first) = nodes.first() {
        joined[*first] = true;
    }
    for _ in &found.links {
        for &(a, b) in &found.links {
            (joined[a], joined[b]) = (joined[a] || joined[b], joined[a] || joined[b]);
        }
    }
    let is_tree = found.links.len() + 1 == nodes.len().max(1);
    let cost = graph.cost_of(&found.links);
    is_tree && nodes.iter().all(|&n| joined[n]) && (cost - found.cost).abs() < 1e-9
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// The cost equals brute force and is proven; nothing is found where nothing exists.
    #[test]
    fn small_graphs_equal_brute_force((terminals, prices, links) in problems()) {
        let graph = graph_of(terminals, &prices, &links);
        match (place(&graph, 1, &mut endless()), brute(terminals, &prices, &links)) {
            (Ok(found), Some(best)) => {
                prop_assert!((found.cost - best).abs() < 1e-9, "{found:?} against {best}");
                prop_assert!(found.is_proven && (found.bound - found.cost).abs() < 1e-9);
                prop_assert!(holds(&graph, &found), "{found:?}");
            }
            (Err(GraphError::Apart(_)), None) => {}
            (found, best) => prop_assert!(false, "{found:?} against {best:?}"),
        }
    }

    /// The table gives every subset the price that brute force gives those terminals alone.
    #[test]
    fn every_subset_has_its_cheapest_tree((terminals, prices, links) in problems()) {
        let graph = graph_of(terminals, &prices, &links);
        let others: Vec<usize> = (1..terminals).collect();
        let table = SubsetTable::new(&graph, &others, &mut endless()).unwrap();
        for subset in 0..1_usize << others.len() {
            // Brute force on a graph in which the other terminals are candidates for nothing.
            let is_in = |node: usize| node == 0 || subset >> (node - 1) & 1 == 1;
            let mut order: Vec<usize> = (0..terminals).filter(|&t| is_in(t)).collect();
            let chosen = order.len();
            order.extend((0..terminals).filter(|&t| !is_in(t)));
            order.extend(terminals..graph.nodes());
            let total = order.len();
            let price = |&n: &usize| if n < terminals { 0.0 } else { prices[n - terminals] };
            let renamed: Vec<Option<f64>> = order
                .iter()
                .flat_map(|&a| order.iter().map(move |&b| (a.min(b), a.max(b))))
                .map(|(a, b)| if a == b { None } else { links[a * total + b] })
                .collect();
            let free: Vec<f64> = order[chosen..].iter().map(price).collect();
            let best = brute(chosen, &free, &renamed).unwrap_or(f64::INFINITY);
            let cost = table.cost(subset, 0);
            let both_apart = cost.is_infinite() && best.is_infinite();
            prop_assert!(both_apart || (cost - best).abs() < 1e-9, "{subset}: {cost}, {best}");
            if cost.is_finite() {
                prop_assert!((graph.cost_of(&table.tree(subset, 0)) - cost).abs() < 1e-9);
            }
        }
    }
}

/// A generated square: `count` terminals and three dead discs drawn uniformly, whole coordinates.
fn generated(side: f64, step: f64, range: f64, count: u64, seed: u64) -> DiscArea {
    let draw = |n: u64, object: u64, span: f64| {
        (DrawKey::new(Stream::Placement, 5, object, n).uniform(seed) * span).floor()
    };
    DiscArea {
        side,
        step,
        range,
        terminals: (0..count)
            .map(|n| DVec2::new(draw(n, 0, side), draw(n, 1, side)))
            .collect(),
        dead: (0..3)
            .map(|n| {
                let centre = DVec2::new(draw(n, 2, side), draw(n, 3, side));
                (centre, 0.05 * side + draw(n, 4, 0.1 * side))
            })
            .collect(),
    }
}

#[test]
fn the_table_and_the_ascent_agree_on_generated_areas() {
    let mut proven_by_ascent = 0;
    for seed in 0..12 {
        let area = generated(120.0, 12.0, 26.0, 9, seed);
        let (graph, _) = discs(&area, &mut endless()).unwrap();
        let found = place(&graph, 0, &mut endless()).unwrap();
        assert!(found.is_proven && holds(&graph, &found), "{seed}");
        let others: Vec<usize> = (1..9).collect();
        let table = SubsetTable::new(&graph, &others, &mut endless()).unwrap();
        assert!((table.cost(255, 0) - found.cost).abs() < 1e-9, "{seed}");
        let all: Vec<usize> = (0..9).collect();
        let ascent = ascend(&graph, &all, 0, &mut endless());
        assert!(ascent.bound <= found.cost + 1e-9, "{seed}");
        proven_by_ascent += u32::from(ascent.bound > found.cost - 1.0 + 1e-6);
    }
    assert!(proven_by_ascent > 0, "the bound never reaches the optimum");
}

#[test]
fn many_terminals_have_a_close_bound() {
    for seed in 0..3 {
        let area = generated(200.0, 10.0, 22.0, 40, seed);
        let (graph, _) = discs(&area, &mut endless()).unwrap();
        let found = place(&graph, 0, &mut WorkBudget::new(300_000_000)).unwrap();
        assert!(holds(&graph, &found));
        assert!(
            found.bound <= found.cost && found.bound >= 0.85 * found.cost,
            "{found:?}"
        );
    }
}

#[test]
fn mending_does_not_worsen_and_stops_with_its_budget() {
    let area = generated(200.0, 10.0, 22.0, 30, 4);
    let (graph, _) = discs(&area, &mut endless()).unwrap();
    let heads = graph.groups().0;
    let prices: Vec<f64> = (0..graph.nodes()).map(|n| graph.price(n)).collect();
    let first = grow(&graph, &heads, heads[0], &prices).unwrap();
    let mut best = first.clone();
    mend(
        &graph,
        &heads,
        &mut best,
        (50, 0.0),
        3,
        &mut WorkBudget::new(10),
    );
    assert_eq!(best, first);
    mend(&graph, &heads, &mut best, (50, 0.0), 3, &mut endless());
    assert!(best.cost <= first.cost);
}

#[test]
fn the_same_seed_and_budget_give_the_same_answer() {
    let area = generated(200.0, 10.0, 22.0, 40, 9);
    let (graph, _) = discs(&area, &mut endless()).unwrap();
    let once = place(&graph, 5, &mut WorkBudget::new(2_000_000)).unwrap();
    assert_eq!(
        once,
        place(&graph, 5, &mut WorkBudget::new(2_000_000)).unwrap()
    );
    assert!(holds(&graph, &once));
    let first = place(&graph, 5, &mut WorkBudget::new(0)).unwrap();
    assert!(holds(&graph, &first) && first.cost >= once.cost && !first.is_proven);
    let refused = discs(&area, &mut WorkBudget::new(0));
    assert_eq!(refused, Err(GraphError::OutOfBudget));
}

#[test]
fn sizes_and_prices_beyond_the_limits_are_refused() {
    let none = |_: usize, _: usize| None;
    let refused = CandidateGraph::new(1, &vec![1.0; MOST_NODES], none, &mut endless());
    assert!(matches!(refused, Err(GraphError::TooManyNodes(_))));
    for bad in [f64::NAN, -1.0, f64::INFINITY] {
        assert!(CandidateGraph::new(1, &[bad], none, &mut endless()).is_err());
        assert!(CandidateGraph::new(2, &[], |_, _| Some(bad), &mut endless()).is_err());
    }
    for (side, step) in [
        (100.0, 1e-9),
        (100.0, 0.0),
        (f64::INFINITY, 1.0),
        (1e9, 1.0),
    ] {
        let area = DiscArea {
            side,
            step,
            ..DiscArea::default()
        };
        assert!(area.candidates().is_err(), "{side}, {step}");
    }
}
