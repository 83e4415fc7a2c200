//! The network simplex method. See [`min_cost_flow`].

use super::certificate::Flow;
use super::problem::{FlowError, FlowProblem};
use super::tree::{Price, Tree};
use crate::kernel::budget::Budget;

/// Negative reduced costs below this share of the largest cost are rounding.
const NEGLIGIBLE: f64 = 1e-11;
/// A flow without a limit.
const UNLIMITED: i64 = i64::MAX;

/// Arcs in columns, those of the method itself after those of the problem; least flows are zero.
struct Simplex {
    from: Vec<usize>,
    to: Vec<usize>,
    /// Most flow above the least.
    room: Vec<i64>,
    price: Vec<Price>,
    /// Flow above the least.
    flow: Vec<i64>,
    /// Whether the arc is in the tree.
    in_tree: Vec<bool>,
    tree: Tree,
    /// Number of arcs of the problem.
    own: usize,
    /// Reduced costs closer to zero than this are zero.
    eps: f64,
    /// Where the search for an entering arc goes on.
    next: usize,
    /// Nodes and arcs looked at since the budget was last asked.
    work: u64,
}

/// What a pivot did.
enum Pivot {
    /// The tree or the flow changed.
    Done,
    /// Nothing limits the flow around this circle of arcs.
    Unlimited(Vec<usize>),
}

impl Simplex {
    /// The starting tree: every supply goes to, and every demand comes from, a node of its own.
    fn new(problem: &FlowProblem) -> Self {
        let (nodes, own) = (problem.supplies.len(), problem.arcs.len());
        let mut net = problem.supplies.clone();
        for arc in &problem.arcs {
            net[arc.from] -= arc.least;
            net[arc.to] += arc.least;
        }
        let ours = problem.arcs.iter();
        let out = |node: usize| net[node] >= 0;
        let star = |node: usize| {
            if out(node) {
                (node, nodes)
            } else {
                (nodes, node)
            }
        };
        let broken = Price {
            broken: 1,
            cost: 0.0,
        };
        let largest = ours
            .clone()
            .fold(0.0_f64, |most, arc| most.max(arc.cost.abs()));
        let room = ours
            .clone()
            .map(|arc| arc.most.map_or(UNLIMITED, |most| most - arc.least));
        let cost = |cost: f64| Price { broken: 0, cost };
        Self {
            from: ours
                .clone()
                .map(|a| a.from)
                .chain((0..nodes).map(|n| star(n).0))
                .collect(),
            to: ours
                .clone()
                .map(|a| a.to)
                .chain((0..nodes).map(|n| star(n).1))
                .collect(),
            room: room.chain((0..nodes).map(|_| UNLIMITED)).collect(),
            price: ours
                .map(|a| cost(a.cost))
                .chain((0..nodes).map(|_| broken))
                .collect(),
            flow: (0..own)
                .map(|_| 0)
                .chain(net.iter().map(|n| n.abs()))
                .collect(),
            in_tree: (0..own + nodes).map(|arc| arc >= own).collect(),
            tree: Tree::star(nodes, own, |node| match out(node) {
                true => Price::default().minus(broken),
                false => broken,
            }),
            own,
            eps: NEGLIGIBLE * largest,
            next: 0,
            work: 0,
        }
    }

    /// Price of one more unit on an arc, at the node prices.
    fn reduced(&self, arc: usize) -> Price {
        let ends = self.tree.price[self.from[arc]].minus(self.tree.price[self.to[arc]]);
        self.price[arc].plus(ends)
    }

    /// An arc on which more or less flow saves: the most saving one of the first block that has
    /// one.
    fn entering(&mut self) -> Option<usize> {
        let arcs = self.own;
        let block = arcs.isqrt().max(20);
        let mut best = ((0, 0.0), None);
        for looked in 1..=arcs {
            let arc = self.next;
            self.next = if arc + 1 == arcs { 0 } else { arc + 1 };
            if !self.in_tree[arc] && self.room[arc] > 0 {
                let reduced = self.reduced(arc);
                let saved = match self.flow[arc] {
                    0 => reduced.deficit(self.eps),
                    _ => Price::default().minus(reduced).deficit(self.eps),
                };
                if saved > best.0 {
                    best = (saved, Some(arc));
                }
            }
            if looked % block == 0 && best.1.is_some() {
                self.work += u64::try_from(looked).unwrap_or(u64::MAX);
                return best.1;
            }
        }
        self.work += u64::try_from(arcs).unwrap_or(u64::MAX);
        best.1
    }

    /// How much more flow the arc above a node takes, upwards or downwards.
    fn slack(&self, node: usize, upwards: bool) -> i64 {
        let arc = self.tree.arc[node];
        match (self.from[arc] == node) == upwards {
            true if self.room[arc] == UNLIMITED => UNLIMITED,
            true => self.room[arc] - self.flow[arc],
            false => self.flow[arc],
        }
    }

    /// Sends flow around the circle that an arc closes, until something limits it, and takes the
    /// arc into the tree. Of several limits the last one met from the top of the circle along the
    /// flow leaves, which keeps the tree strongly feasible, so that the method ends (Cunningham
    /// 1976).
    fn pivot(&mut self, arc: usize) -> Pivot {
        let (first, second) = match self.flow[arc] {
            0 => (self.from[arc], self.to[arc]),
            _ => (self.to[arc], self.from[arc]),
        };
        let (mut a, mut b) = (first, second);
        let (mut down, mut up) = (Vec::new(), Vec::new());
        while a != b {
            if self.tree.depth[a] >= self.tree.depth[b] {
                down.push(a);
                a = self.tree.above[a];
            } else {
                up.push(b);
                b = self.tree.above[b];
            }
        }
        self.work += u64::try_from(down.len() + up.len()).unwrap_or(u64::MAX);
        let (mut most, mut leaving) = (self.room[arc], None);
        for &node in &down {
            let slack = self.slack(node, false);
            if slack < most {
                (most, leaving) = (slack, Some((node, true)));
            }
        }
        for &node in &up {
            let slack = self.slack(node, true);
            // No limit at all is no limit that leaves.
            if slack <= most && slack < UNLIMITED {
                (most, leaving) = (slack, Some((node, false)));
            }
        }
        if most == UNLIMITED {
            let ways = down.iter().chain(&up).map(|&node| self.tree.arc[node]);
            return Pivot::Unlimited(ways.chain([arc]).collect());
        }
        self.push(&down, &up, most);
        self.flow[arc] += if self.flow[arc] == 0 { most } else { -most };
        if let Some((node, is_down)) = leaving {
            self.in_tree[self.tree.arc[node]] = false;
            self.in_tree[arc] = true;
            let (entry, hook) = if is_down {
                (first, second)
            } else {
                (second, first)
            };
            let (to, price) = (&self.to, &self.price);
            let step = |by: usize, node: usize| match to[by] == node {
                true => price[by],
                false => Price::default().minus(price[by]),
            };
            let place = (hook, arc);
            self.tree
                .move_branch(node, entry, place, step, &mut self.work);
        }
        Pivot::Done
    }

    /// Changes the flow of the tree arcs above these nodes.
    fn push(&mut self, down: &[usize], up: &[usize], amount: i64) {
        for (nodes, upwards) in [(down, false), (up, true)] {
            for &node in nodes {
                let arc = self.tree.arc[node];
                let along = (self.from[arc] == node) == upwards;
                self.flow[arc] += if along { amount } else { -amount };
            }
        }
    }

    /// A node whose supply or demand is not met, if there is one.
    fn unmet(&self) -> Option<usize> {
        self.flow[self.own..].iter().position(|&flow| flow > 0)
    }

    /// Node prices in which the first part of a price has become a number: large enough that no arc
    /// of an optimal flow is priced wrongly, and no larger.
    fn node_prices(&self) -> Vec<f64> {
        let mut weight = 0.0_f64;
        for arc in 0..self.own {
            let reduced = self.reduced(arc);
            if reduced.broken != 0 {
                let sign = if reduced.broken > 0 { -1.0 } else { 1.0 };
                weight = weight.max(sign * reduced.cost / as_f64(reduced.broken.abs()));
            }
        }
        let nodes = &self.tree.price[..self.tree.price.len() - 1];
        let value = |price: &Price| weight * as_f64(price.broken) + price.cost;
        nodes.iter().map(value).collect()
    }
}

/// A whole number as a float; exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "flows are below 2^53")]
pub(super) fn as_f64(number: i64) -> f64 {
    number as f64
}

/// A flow of least cost within the bounds of all arcs that meets all supplies and demands.
///
/// Network simplex method (Dantzig 1951; Ahuja, Magnanti and Orlin 1993, chapter 11) with strongly
/// feasible trees and block search for the entering arc (Grigoriadis 1986). Flows are whole
/// numbers. Negative costs are allowed: circles of negative cost are filled to their bounds, and
/// reported where nothing bounds them. Worst case exponential, in practice about `O(n m)`. Out of
/// budget (nodes and arcs looked at) the flow so far is returned if it is feasible, with a bound
/// below it.
///
/// # Errors
/// [`FlowError`] for a problem that cannot be used, has no flow within its bounds or no cheapest
/// one, or a budget that ends before a flow is found.
pub fn min_cost_flow(problem: &FlowProblem, budget: &mut dyn Budget) -> Result<Flow, FlowError> {
    problem.check()?;
    let mut simplex = Simplex::new(problem);
    let mut is_optimal = simplex.own == 0;
    while let Some(arc) = (!is_optimal).then(|| simplex.entering()).flatten() {
        if let Pivot::Unlimited(circle) = simplex.pivot(arc) {
            return Err(FlowError::Unbounded(circle));
        }
        if !budget.spend(std::mem::take(&mut simplex.work)) {
            return match simplex.unmet() {
                Some(_) => Err(FlowError::OutOfBudget),
                None => Ok(answer(problem, &simplex, false)),
            };
        }
    }
    is_optimal = true;
    match simplex.unmet() {
        Some(node) => Err(FlowError::Infeasible(node)),
        None => Ok(answer(problem, &simplex, is_optimal)),
    }
}

/// The flow of the problem's own arcs, with its duals.
fn answer(problem: &FlowProblem, simplex: &Simplex, is_optimal: bool) -> Flow {
    let above = problem.arcs.iter().zip(&simplex.flow);
    let flow: Vec<i64> = above.map(|(arc, above)| arc.least + above).collect();
    Flow::new(problem, flow, simplex.node_prices(), is_optimal)
}
