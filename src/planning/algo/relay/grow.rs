//! Trees grown terminal by terminal, pruned, and mended after a random loss.
//!
//! Takahashi and Matsuyama (1980), "An approximate solution for the Steiner problem in graphs",
//! Math. Japonica 24, 573-577: the terminal that is cheapest to reach joins next. Ruin and
//! recreate (Schrimpf and others 2000) on top: part of the tree is priced again with noise, the
//! rest is free, and the better tree stays.

use super::graph::CandidateGraph;
use crate::kernel::budget::Budget;
use crate::kernel::random::{DrawKey, Draws, Stream};
use std::collections::BTreeSet;

/// Links of a tree that joins all terminals.
pub(super) type Tree = Vec<(usize, usize)>;

/// A tree with its cost.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grown {
    /// Its links.
    pub(super) tree: Tree,
    /// Its cost.
    pub(super) cost: f64,
}

/// Grows a tree from `start` under these node prices, and prunes it under the graph's own. `None`
/// if some terminal cannot be reached.
pub(super) fn grow(
    graph: &CandidateGraph,
    terminals: &[usize],
    start: usize,
    prices: &[f64],
) -> Option<Grown> {
    let nodes = graph.nodes();
    let (mut dist, mut pred) = (vec![f64::INFINITY; nodes], vec![usize::MAX; nodes]);
    let mut in_tree = vec![false; nodes];
    let mut wanted = vec![false; nodes];
    terminals.iter().for_each(|&t| wanted[t] = t != start);
    let mut missing = wanted.iter().filter(|&&w| w).count();
    // Bits of non-negative doubles order as the numbers do.
    let mut open = BTreeSet::from([(0_u64, start)]);
    (dist[start], in_tree[start]) = (0.0, true);
    while missing > 0 {
        let (bits, node) = open.pop_first()?;
        if wanted[node] {
            missing -= 1;
            wanted[node] = false;
            let mut at = node;
            while !in_tree[at] {
                in_tree[at] = true;
                open.remove(&(dist[at].to_bits(), at));
                dist[at] = 0.0;
                open.insert((0, at));
                at = pred[at];
            }
            continue;
        }
        for link in graph.links_of(node) {
            let longer = f64::from_bits(bits) + link.price + prices[link.to];
            if longer < dist[link.to] {
                open.remove(&(dist[link.to].to_bits(), link.to));
                (dist[link.to], pred[link.to]) = (longer, node);
                open.insert((longer.to_bits(), link.to));
            }
        }
    }
    Some(prune(graph, in_tree))
}

/// The cheapest links that join these nodes, without the relays that join nothing, and without
/// relays whose removal leaves everything joined, dearest first.
fn prune(graph: &CandidateGraph, mut used: Vec<bool>) -> Grown {
    let mut tree = spanning(graph, &used).expect("the nodes hang together");
    let mut relays: Vec<usize> = (graph.terminals()..graph.nodes())
        .filter(|&node| used[node])
        .collect();
    relays.sort_by(|a, b| graph.price(*b).total_cmp(&graph.price(*a)).then(a.cmp(b)));
    let mut cost = graph.cost_of(&tree);
    for relay in relays {
        used[relay] = false;
        match spanning(graph, &used).map(|shorter| (graph.cost_of(&shorter), shorter)) {
            Some((less, shorter)) if less <= cost => (cost, tree) = (less, shorter),
            _ => used[relay] = true,
        }
    }
    Grown { tree, cost }
}

/// The cheapest tree of links over these nodes (Prim), less its relays of one link; `None` if a
/// terminal among them is left out.
fn spanning(graph: &CandidateGraph, used: &[bool]) -> Option<Tree> {
    let start = (0..graph.nodes()).find(|&node| used[node])?;
    let mut best: Vec<(f64, usize)> = vec![(f64::INFINITY, start); graph.nodes()];
    let mut done = vec![false; graph.nodes()];
    let mut open = BTreeSet::from([(0_u64, start)]);
    let mut tree = Vec::new();
    while let Some((_, node)) = open.pop_first() {
        done[node] = true;
        if node != start {
            tree.push((best[node].1, node));
        }
        for link in graph.links_of(node) {
            if used[link.to] && !done[link.to] && link.price < best[link.to].0 {
                open.remove(&(best[link.to].0.to_bits(), link.to));
                best[link.to] = (link.price, node);
                open.insert((link.price.to_bits(), link.to));
            }
        }
    }
    let left_out = (0..graph.terminals()).any(|t| used[t] && !done[t]);
    if left_out {
        return None;
    }
    let mut degree = vec![0_u32; graph.nodes()];
    tree.iter()
        .for_each(|&(a, b)| [a, b].into_iter().for_each(|v| degree[v] += 1));
    // A link comes after the one by which its near end was reached, so backwards is leaf to root.
    let mut kept = Vec::with_capacity(tree.len());
    for &(near, far) in tree.iter().rev() {
        if far >= graph.terminals() && degree[far] == 1 {
            degree[near] -= 1;
        } else {
            kept.push((near, far));
        }
    }
    kept.reverse();
    Some(kept)
}

/// Improves `best` for so many rounds of ruin and recreate, or until it costs at most `enough`.
pub(super) fn mend(
    graph: &CandidateGraph,
    terminals: &[usize],
    best: &mut Grown,
    (rounds, enough): (u64, f64),
    seed: u64,
    budget: &mut dyn Budget,
) {
    let mut current = best.clone();
    let mut prices = vec![0.0; graph.nodes()];
    let round_steps = u64::try_from(4 * graph.link_count() + 20 * graph.nodes());
    for round in 0..rounds {
        if best.cost <= enough || !budget.spend(round_steps.unwrap_or(u64::MAX)) {
            return;
        }
        let mut draws = DrawKey::new(Stream::Placement, 0, 0, round).draws(seed);
        for (node, price) in prices.iter_mut().enumerate() {
            *price = graph.price(node) * (0.8 + 0.4 * draws.uniform());
        }
        // A few rounds start from nothing, so that the search does not stay in one corner.
        if round % 8 != 0 {
            keep_far(graph, &current.tree, &mut prices, &mut draws);
        }
        let start = terminals[pick(&mut draws, terminals.len())];
        let Some(grown) = grow(graph, terminals, start, &prices) else {
            return;
        };
        if grown.cost < best.cost {
            best.clone_from(&grown);
        }
        if grown.cost <= current.cost {
            current = grown;
        } else if round % 64 == 63 {
            current.clone_from(best);
        }
    }
}

/// An index below `count`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number from 0 to count, which is an index"
)]
fn pick(draws: &mut Draws, count: usize) -> usize {
    let span = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    ((draws.uniform() * span) as usize).min(count - 1)
}

/// Makes the nodes of the tree free, but for those within a few links of a random one of them.
fn keep_far(
    graph: &CandidateGraph,
    tree: &[(usize, usize)],
    prices: &mut [f64],
    draws: &mut Draws,
) {
    if tree.is_empty() {
        return;
    }
    let centre = tree[pick(draws, tree.len())].1;
    let lost = 2 + pick(draws, 3 + tree.len() / 2);
    let mut near = vec![false; graph.nodes()];
    near[centre] = true;
    let mut count = 1;
    // Rings along the tree until so many nodes are lost.
    while count < lost {
        let ring: Vec<usize> = tree
            .iter()
            .filter(|&&(a, b)| near[a] != near[b])
            .map(|&(a, b)| if near[a] { b } else { a })
            .collect();
        if ring.is_empty() {
            break;
        }
        ring.iter().for_each(|&node| near[node] = true);
        count += ring.len();
    }
    for &(a, b) in tree {
        for node in [a, b] {
            if !near[node] {
                prices[node] = 0.0;
            }
        }
    }
}
