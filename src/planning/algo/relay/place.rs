//! The cheapest set of relays, step by step. See [`place()`].

use super::ascent::{Ascent, ascend};
use super::graph::{CandidateGraph, GraphError};
use super::grow::{Grown, grow, mend};
use super::subsets::SubsetTable;
use crate::kernel::budget::Budget;

/// Rounds of mending before the exact methods.
const FEW_ROUNDS: u64 = 24;
/// Rounds of mending where the exact table is too large.
const MANY_ROUNDS: u64 = 1500;
/// Most terminals from which dual ascent is tried.
const MOST_ROOTS: usize = 8;
/// Costs closer than this share are equal.
const CLOSE: f64 = 1e-9;

/// Relays that join all terminals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    /// The relays, as nodes of the graph in rising order.
    pub relays: Vec<usize>,
    /// Links of a tree over terminals and relays.
    pub links: Vec<(usize, usize)>,
    /// Price of the relays and the links.
    pub cost: f64,
    /// Nothing that joins the terminals costs less.
    pub bound: f64,
    /// Whether `bound` reaches `cost`.
    pub is_proven: bool,
}

/// The search as far as it is.
struct Search<'a> {
    graph: &'a CandidateGraph,
    /// One terminal of each group that is joined for nothing.
    heads: Vec<usize>,
    best: Grown,
    bound: f64,
    /// Dual ascents, from which candidates are ruled out.
    ascents: Vec<Ascent>,
    /// Whether all costs are whole numbers.
    is_whole: bool,
}

impl Search<'_> {
    /// A tree that is better costs less than this.
    fn worth_finding(&self) -> f64 {
        match self.is_whole {
            true => self.best.cost - 1.0 + 1e-6,
            false => self.best.cost * (1.0 - CLOSE),
        }
    }

    /// Whether the best known tree is proven to be the best.
    fn is_proven(&self) -> bool {
        self.bound >= self.best.cost || self.bound > self.worth_finding()
    }

    /// Bounds the cost from several roots.
    fn raise_bound(&mut self, budget: &mut dyn Budget) {
        for &root in self.heads.iter().take(MOST_ROOTS) {
            let ascent = ascend(self.graph, &self.heads, root, budget);
            let bound = match self.is_whole {
                true => (ascent.bound - 1e-6).ceil(),
                false => ascent.bound,
            };
            self.bound = self.bound.max(bound);
            if ascent.is_complete {
                self.ascents.push(ascent);
            }
            if self.is_proven() || !budget.spend(1) {
                return;
            }
        }
    }

    /// The graph without candidates that no better tree uses, and the old index of each node.
    fn reduced(&self) -> (CandidateGraph, Vec<usize>) {
        let limit = self.worth_finding() + CLOSE * self.best.cost;
        let useful = |node: usize| {
            let mut each = self.ascents.iter();
            each.all(|ascent| ascent.bound + ascent.extra[node] <= limit)
        };
        let keep: Vec<bool> = (0..self.graph.nodes()).map(useful).collect();
        self.graph.restricted(&keep)
    }

    /// Solves exactly what the bounds have left; false if that is too much.
    fn finish(&mut self, budget: &mut dyn Budget) -> bool {
        let (small, old) = self.reduced();
        let Some(table) = SubsetTable::new(&small, &self.heads[1..], budget) else {
            return false;
        };
        let all = (1_usize << (self.heads.len() - 1)) - 1;
        let (root, cost) = (self.heads[0], table.cost(all, self.heads[0]));
        if cost < self.best.cost {
            let links = table.tree(all, root);
            let tree: Vec<_> = links.iter().map(|&(a, b)| (old[a], old[b])).collect();
            let cost = self.graph.cost_of(&tree);
            self.best = Grown { tree, cost };
        }
        self.bound = self.best.cost;
        true
    }
}

/// Terminal that no relays join to terminal 0, if there is one.
fn apart(graph: &CandidateGraph) -> Option<usize> {
    let mut seen = vec![false; graph.nodes()];
    seen[0] = true;
    let mut open = vec![0];
    while let Some(node) = open.pop() {
        for link in graph.links_of(node) {
            if !std::mem::replace(&mut seen[link.to], true) {
                open.push(link.to);
            }
        }
    }
    (0..graph.terminals()).find(|&terminal| !seen[terminal])
}

/// Joins all terminals by relays of least total price: the node-weighted Steiner tree.
///
/// Terminals that hear each other count as one. A tree is grown and mended (Takahashi and
/// Matsuyama 1980; ruin and recreate), dual ascent (Wong 1984) bounds the cost and rules out
/// candidates, and a table over subsets of terminals (Dreyfus and Wagner 1971) solves the rest
/// exactly, which is practical up to about 16 groups of terminals and some hundred candidates.
/// Beyond, mending goes on and the bound stays below. `seed` names the random choices; the budget
/// counts links and table entries looked at, and the first tree is grown whatever it is.
///
/// # Errors
/// [`GraphError::Apart`] if nothing joins the terminals.
pub fn place(
    graph: &CandidateGraph,
    seed: u64,
    budget: &mut dyn Budget,
) -> Result<Placement, GraphError> {
    if graph.terminals() == 0 {
        return Ok(Placement {
            is_proven: true,
            ..Placement::default()
        });
    }
    if let Some(terminal) = apart(graph) {
        return Err(GraphError::Apart(terminal));
    }
    let (heads, inner) = graph.groups();
    let prices: Vec<f64> = (0..graph.nodes()).map(|node| graph.price(node)).collect();
    let best = grow(graph, &heads, heads[0], &prices).ok_or(GraphError::Apart(heads[0]))?;
    let mut search = Search {
        graph,
        heads,
        best,
        bound: 0.0,
        ascents: Vec::new(),
        is_whole: graph.is_whole(),
    };
    run(&mut search, seed, budget);
    Ok(answer(&search, inner))
}

/// Improves the first tree until it is proven or the budget or the methods are at an end.
fn run(search: &mut Search<'_>, seed: u64, budget: &mut dyn Budget) {
    if search.heads.len() <= 1 || search.best.cost <= 0.0 {
        search.bound = search.best.cost;
        return;
    }
    let improve = |search: &mut Search<'_>, rounds: u64, seed: u64, budget: &mut dyn Budget| {
        let limits = (rounds, search.bound);
        let (graph, heads) = (search.graph, search.heads.clone());
        mend(graph, &heads, &mut search.best, limits, seed, budget);
    };
    improve(search, FEW_ROUNDS, seed, budget);
    search.raise_bound(budget);
    if search.is_proven() || search.finish(budget) {
        return;
    }
    improve(search, MANY_ROUNDS, seed.wrapping_add(1), budget);
    if !search.is_proven() {
        search.finish(budget);
    }
}

/// What the search found.
fn answer(search: &Search<'_>, inner: Vec<(usize, usize)>) -> Placement {
    let terminals = search.graph.terminals();
    let ends = search.best.tree.iter().flat_map(|&(a, b)| [a, b]);
    let mut relays: Vec<usize> = ends.filter(|&node| node >= terminals).collect();
    relays.sort_unstable();
    relays.dedup();
    let mut links = spanning_links(search.graph.nodes(), &search.best.tree, &inner);
    links.sort_unstable();
    let is_proven = search.is_proven();
    let cost = search.best.cost;
    Placement {
        relays,
        links,
        cost,
        bound: if is_proven {
            cost
        } else {
            search.bound.min(cost)
        },
        is_proven,
    }
}

/// The links of both lists, less those that would close a circle.
fn spanning_links(
    nodes: usize,
    tree: &[(usize, usize)],
    inner: &[(usize, usize)],
) -> Vec<(usize, usize)> {
    let mut group: Vec<usize> = (0..nodes).collect();
    fn root(group: &mut [usize], mut node: usize) -> usize {
        while group[node] != node {
            group[node] = group[group[node]];
            node = group[node];
        }
        node
    }
    let mut links = Vec::new();
    for &(a, b) in tree.iter().chain(inner) {
        let (first, second) = (root(&mut group, a), root(&mut group, b));
        if first != second {
            group[first] = second;
            links.push((a.min(b), a.max(b)));
        }
    }
    links
}
