//! Cheapest trees for every subset of terminals. See [`SubsetTable`].

use super::graph::CandidateGraph;
use crate::kernel::budget::Budget;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Most entries of the table: subsets times nodes; 16 bytes each.
const MOST_ENTRIES: usize = 12_000_000;
/// Most elementary steps that are worth beginning.
const MOST_STEPS: f64 = 6e9;
/// Marks an entry without a predecessor.
const NONE: u32 = u32::MAX;
/// Marks a predecessor that is a subset, not a node.
const SUBSET: u32 = 1 << 31;

/// A non-negative cost that orders.
#[derive(Clone, Copy, PartialEq)]
struct Cost(f64);

impl Eq for Cost {}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// What a cheapest tree costs that joins any subset of terminals and any node, and which tree that
/// is.
///
/// Dreyfus and Wagner (1971), "The Steiner problem in graphs", Networks 1, 195-207, in the form of
/// Erickson, Monma and Veinott (1987), with prices on nodes: two trees that meet in a node pay it
/// once. `k` terminals besides the root and `n` nodes with `m` links take `O(3^k n + 2^k m log n)`
/// steps and `2^k n` entries.
#[derive(Clone, Debug, Default)]
pub struct SubsetTable {
    /// Number of nodes.
    nodes: usize,
    /// Cost by subset and node.
    cost: Vec<f64>,
    /// How each entry came about: a node before it, or with [`SUBSET`] one of two parts.
    pred: Vec<u32>,
}

impl SubsetTable {
    /// Whether a table of this size is worth beginning.
    pub(super) fn is_practical(nodes: usize, terminals: usize) -> bool {
        if terminals > 24 {
            return false;
        }
        let entries = (1_usize << terminals).saturating_mul(nodes);
        let merges: f64 = (0..terminals).map(|_| 3.0).product();
        let size = f64::from(u32::try_from(nodes).unwrap_or(u32::MAX));
        entries <= MOST_ENTRIES && 0.5 * merges * size <= MOST_STEPS
    }

    /// The table of these terminals in this graph; `None` if it is too large (see
    /// [`Self::cost`] for its use) or the budget, in elementary steps, does not cover it.
    #[must_use]
    pub fn new(
        graph: &CandidateGraph,
        terminals: &[usize],
        budget: &mut dyn Budget,
    ) -> Option<Self> {
        let nodes = graph.nodes();
        let is_node = |&terminal: &usize| terminal < nodes;
        if !Self::is_practical(nodes, terminals.len()) || !terminals.iter().all(is_node) {
            return None;
        }
        let subsets = 1 << terminals.len();
        let mut table = Self {
            nodes,
            cost: vec![f64::INFINITY; subsets * nodes],
            pred: vec![NONE; subsets * nodes],
        };
        let prices: Vec<f64> = (0..nodes).map(|node| graph.price(node)).collect();
        let mut heap = BinaryHeap::new();
        for subset in 1..subsets {
            if subset.is_power_of_two() {
                let terminal = terminals[subset.trailing_zeros() as usize];
                table.cost[subset * nodes + terminal] = graph.price(terminal);
            } else if !table.merge(subset, &prices, budget) {
                return None;
            }
            let links = u64::try_from(nodes + 2 * graph.link_count()).unwrap_or(u64::MAX);
            if !budget.spend(links) {
                return None;
            }
            table.spread(subset, graph, &mut heap);
        }
        Some(table)
    }

    /// Joins two trees of complementary subsets at every node. False once out of budget.
    fn merge(&mut self, subset: usize, prices: &[f64], budget: &mut dyn Budget) -> bool {
        let nodes = self.nodes;
        let (done, rest) = self.cost.split_at_mut(subset * nodes);
        let costs = &mut rest[..nodes];
        let preds = &mut self.pred[subset * nodes..][..nodes];
        let highest = 1 << subset.ilog2();
        let lower = subset & !highest;
        let mut part = lower;
        // Every split is met once: the highest terminal is always in the other part.
        while part > 0 {
            if !budget.spend(u64::try_from(nodes).unwrap_or(u64::MAX)) {
                return false;
            }
            let first = &done[part * nodes..][..nodes];
            let second = &done[(subset & !part) * nodes..][..nodes];
            let mark = SUBSET | u32::try_from(part).expect("at most 24 terminals");
            let sums = first.iter().zip(second).zip(prices);
            for ((cost, pred), ((a, b), price)) in costs.iter_mut().zip(&mut *preds).zip(sums) {
                let sum = a + b - price;
                let better = sum < *cost;
                *cost = if better { sum } else { *cost };
                *pred = if better { mark } else { *pred };
            }
            part = (part - 1) & lower;
        }
        true
    }

    /// Lengthens the trees of one subset by shortest paths.
    fn spread(
        &mut self,
        subset: usize,
        graph: &CandidateGraph,
        heap: &mut BinaryHeap<Reverse<(Cost, usize)>>,
    ) {
        let costs = &mut self.cost[subset * self.nodes..][..self.nodes];
        let preds = &mut self.pred[subset * self.nodes..][..self.nodes];
        let reached = costs.iter().enumerate().filter(|(_, c)| c.is_finite());
        heap.extend(reached.map(|(node, &cost)| Reverse((Cost(cost), node))));
        while let Some(Reverse((Cost(cost), node))) = heap.pop() {
            if cost > costs[node] {
                continue;
            }
            for link in graph.links_of(node) {
                let longer = cost + link.price + graph.price(link.to);
                if longer < costs[link.to] {
                    costs[link.to] = longer;
                    preds[link.to] = u32::try_from(node).expect("at most MOST_NODES");
                    heap.push(Reverse((Cost(longer), link.to)));
                }
            }
        }
    }

    /// What joining a subset of terminals (bits in the order given to [`Self::new`]) and a node
    /// costs; `+inf` if nothing joins them, zero for the empty subset.
    #[must_use]
    pub fn cost(&self, subset: usize, node: usize) -> f64 {
        match subset {
            0 => 0.0,
            _ => self.cost[subset * self.nodes + node],
        }
    }

    /// The links of a tree of that cost; empty where there is none.
    #[must_use]
    pub fn tree(&self, subset: usize, node: usize) -> Vec<(usize, usize)> {
        let mut links = Vec::new();
        let mut open = vec![(subset, node)];
        while let Some((subset, node)) = open.pop() {
            if subset == 0 {
                continue;
            }
            match self.pred[subset * self.nodes + node] {
                NONE => {}
                part if part & SUBSET != 0 => {
                    let part = (part & !SUBSET) as usize;
                    open.extend([(part, node), (subset & !part, node)]);
                }
                before => {
                    links.push((before as usize, node));
                    open.push((subset, before as usize));
                }
            }
        }
        links
    }
}
