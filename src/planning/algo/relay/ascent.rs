//! Dual ascent: a bound on every tree, and what each node would add to it.
//!
//! Wong (1984), "A dual ascent approach for Steiner tree problems on a directed graph",
//! Mathematical Programming 28, 271-287. A tree is directed away from the first terminal, and the
//! price of a node is paid by the arc that enters it. A set of nodes that holds a terminal but not
//! the root is entered by an arc of every tree, so raising the price of entering it raises the
//! bound, as long as no arc is charged beyond its price.

use super::graph::CandidateGraph;
use crate::kernel::budget::Budget;

/// What dual ascent found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ascent {
    /// No tree costs less.
    pub(super) bound: f64,
    /// A bound on trees that use the node, less `bound`, for every node.
    pub(super) extra: Vec<f64>,
    /// Whether arcs without a reduced price lead from the root to every terminal.
    pub(super) is_complete: bool,
}

/// State of the ascent.
struct State<'a> {
    graph: &'a CandidateGraph,
    /// What is left of the price of the arc into the node that owns the link, by link: entry `l` of
    /// node `v` with far end `u` is the arc from `u` to `v`.
    left: Vec<f64>,
    /// Whether a node is in the current cut.
    inside: Vec<bool>,
    /// The nodes of the current cut.
    cut: Vec<usize>,
}

impl State<'_> {
    /// Nodes from which arcs without a reduced price lead to `terminal`; false if the root is one.
    fn grow(&mut self, terminal: usize, root: usize) -> bool {
        for node in self.cut.drain(..) {
            self.inside[node] = false;
        }
        self.inside[terminal] = true;
        self.cut.push(terminal);
        let mut next = 0;
        while let Some(&node) = self.cut.get(next) {
            next += 1;
            let first = self.graph.first_link(node);
            for (at, link) in self.graph.links_of(node).iter().enumerate() {
                if self.left[first + at] <= 0.0 && !self.inside[link.to] {
                    if link.to == root {
                        return false;
                    }
                    self.inside[link.to] = true;
                    self.cut.push(link.to);
                }
            }
        }
        true
    }

    /// Charges every arc into the cut as much as the cheapest has left; how much, and how many
    /// links were looked at.
    fn charge(&mut self) -> (f64, usize) {
        let (mut least, mut looked) = (f64::INFINITY, 0);
        for pass in 0..2 {
            for &node in &self.cut {
                let first = self.graph.first_link(node);
                for (at, link) in self.graph.links_of(node).iter().enumerate() {
                    looked += 1;
                    if self.inside[link.to] {
                        continue;
                    }
                    let left = &mut self.left[first + at];
                    if pass == 0 {
                        least = least.min(*left);
                    } else {
                        // The arc that gave the minimum becomes exactly zero.
                        *left = if *left <= least { 0.0 } else { *left - least };
                    }
                }
            }
            if least.is_infinite() {
                break;
            }
        }
        (least, looked)
    }
}

/// Bounds the cost of joining `terminals` from below, spending at most `budget` links looked at.
pub(super) fn ascend(
    graph: &CandidateGraph,
    terminals: &[usize],
    root: usize,
    budget: &mut dyn Budget,
) -> Ascent {
    let arcs = (0..graph.nodes()).flat_map(|node| {
        let links = graph.links_of(node).iter();
        links.map(move |link| link.price + graph.price(node))
    });
    let mut state = State {
        graph,
        left: arcs.collect(),
        inside: vec![false; graph.nodes()],
        cut: Vec::new(),
    };
    let mut active: Vec<usize> = terminals.iter().copied().filter(|&t| t != root).collect();
    let mut found = Ascent {
        is_complete: true,
        ..Ascent::default()
    };
    // The terminal with the smallest cut goes first, which keeps cuts apart for longest.
    let mut sizes = vec![1_usize; active.len()];
    while !active.is_empty() {
        let smallest = (0..active.len()).min_by_key(|&at| (sizes[at], at));
        let at = smallest.expect("it is not empty");
        if !state.grow(active[at], root) {
            active.swap_remove(at);
            sizes.swap_remove(at);
            continue;
        }
        if state.cut.len() > sizes[at] {
            sizes[at] = state.cut.len();
            if sizes.iter().any(|&size| size < sizes[at]) {
                continue;
            }
        }
        let (least, looked) = state.charge();
        if least.is_infinite() || !budget.spend(u64::try_from(looked).unwrap_or(u64::MAX)) {
            found.is_complete = false;
            break;
        }
        found.bound += least;
    }
    found.extra = extras(&state, terminals, root);
    found
}

/// For every node the reduced price of getting there from the root, plus that of getting from
/// there to the nearest terminal.
fn extras(state: &State<'_>, terminals: &[usize], root: usize) -> Vec<f64> {
    let from_root = distances(state, &[root], true);
    let ends: Vec<usize> = terminals.iter().copied().filter(|&t| t != root).collect();
    let to_terminal = distances(state, &ends, false);
    let sums = from_root.iter().zip(&to_terminal);
    sums.map(|(there, on)| there + on).collect()
}

/// Least reduced price from any source to every node, or back with `forward` false.
fn distances(state: &State<'_>, sources: &[usize], forward: bool) -> Vec<f64> {
    let graph = state.graph;
    let mut dist = vec![f64::INFINITY; graph.nodes()];
    let mut open: std::collections::BTreeSet<(u64, usize)> = std::collections::BTreeSet::new();
    for &source in sources {
        dist[source] = 0.0;
        open.insert((0, source));
    }
    // Bits of non-negative doubles order as the numbers do.
    while let Some((bits, node)) = open.pop_first() {
        let at_node = f64::from_bits(bits);
        let first = graph.first_link(node);
        for (at, link) in graph.links_of(node).iter().enumerate() {
            let arc = match forward {
                // The arc into the far end is kept with the far end.
                true => {
                    let back = graph
                        .links_of(link.to)
                        .binary_search_by_key(&node, |l| l.to);
                    let back = back.expect("links go both ways");
                    state.left[graph.first_link(link.to) + back]
                }
                false => state.left[first + at],
            };
            let longer = at_node + arc;
            if longer < dist[link.to] {
                open.remove(&(dist[link.to].to_bits(), link.to));
                dist[link.to] = longer;
                open.insert((longer.to_bits(), link.to));
            }
        }
    }
    dist
}
