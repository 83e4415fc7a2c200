//! Depth-first branching with prices that are tightened in every node. See [`Tree`].

use super::lagrange::{Domain, Pricer, TOLERANCE, whole};
use super::problem::GapProblem;
use crate::kernel::budget::Budget;

/// Rounds on the prices in a node, and the stride they start with.
const ROUNDS: (usize, f64) = (40, 0.5);

/// Tightenings in a node while they close pairs.
const REPEATS: usize = 4;

/// Most pairs over all parts that wait: some hundred megabytes.
const MOST_CELLS: usize = 300_000_000;

/// The cheapest assignment so far: cost and agents.
pub(super) type Incumbent = Option<(i64, Vec<usize>)>;

/// Pairs that are left to a part of the solutions, and what that part costs at least.
#[derive(Clone, Debug)]
struct Node {
    domain: Domain,
    prices: Vec<f64>,
    bound: f64,
}

/// The parts that are still to be searched.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    stack: Vec<Node>,
    pricer: Pricer,
}

/// A bound rounded up to what a solution can cost.
pub(super) fn round_up(bound: f64) -> f64 {
    (bound - TOLERANCE).ceil()
}

/// Keeps an assignment if it holds and is cheaper.
pub(super) fn offer(problem: &GapProblem, incumbent: &mut Incumbent, agent_of: &[Option<usize>]) {
    let Some(agents) = agent_of.iter().copied().collect::<Option<Vec<usize>>>() else {
        return;
    };
    if let Some(cost) = problem.evaluate(&agents)
        && incumbent.as_ref().is_none_or(|(best, _)| cost < *best)
    {
        *incumbent = Some((cost, agents));
    }
}

/// Keeps the other assignment if it is cheaper.
pub(super) fn cheaper(incumbent: &mut Incumbent, other: Option<&(i64, Vec<usize>)>) {
    if let Some((cost, agents)) = other
        && whole(*cost) <= wanted(incumbent)
    {
        *incumbent = Some((*cost, agents.clone()));
    }
}

/// Cost below which a solution has to lie to be worth finding; infinite without an incumbent.
pub(super) fn wanted(incumbent: &Incumbent) -> f64 {
    incumbent
        .as_ref()
        .map_or(f64::INFINITY, |(cost, _)| whole(cost - 1))
}

impl Tree {
    /// All of a domain, with prices and the bound that they prove.
    pub(super) fn new(domain: Domain, prices: Vec<f64>, bound: f64) -> Self {
        Self {
            stack: vec![Node {
                domain,
                prices,
                bound,
            }],
            pricer: Pricer::default(),
        }
    }

    /// Nothing left to be searched.
    pub(super) fn done() -> Self {
        Self {
            stack: Vec::new(),
            pricer: Pricer::default(),
        }
    }

    /// Whether nothing is left to be searched.
    pub(super) fn is_done(&self) -> bool {
        self.stack.is_empty()
    }

    /// What every solution in the parts left costs at least; infinite if none is left.
    pub(super) fn bound(&self) -> f64 {
        self.stack
            .iter()
            .map(|node| node.bound)
            .fold(f64::INFINITY, f64::min)
    }

    /// Searches one part; false when the budget or memory is out, which leaves that part where it
    /// was.
    pub(super) fn advance(
        &mut self,
        problem: &GapProblem,
        incumbent: &mut Incumbent,
        budget: &mut dyn Budget,
    ) -> bool {
        if self.stack.len() * problem.agents() * problem.tasks() > MOST_CELLS {
            return false;
        }
        let Some(mut node) = self.stack.pop() else {
            return true;
        };
        let kept = node.clone();
        for _ in 0..REPEATS {
            if !node.domain.propagate(problem) || round_up(node.bound) > wanted(incumbent) {
                return true;
            }
            offer(problem, incumbent, &node.domain.forced);
            let aim = match incumbent {
                Some((cost, _)) => whole(*cost),
                None => node.bound.abs() * 1.02 + 1.0,
            };
            let Node {
                domain,
                prices,
                bound,
            } = &mut node;
            let enough = wanted(incumbent) + 2.0 * TOLERANCE;
            let found = self
                .pricer
                .tighten(problem, domain, prices, (aim, enough), ROUNDS, budget);
            *bound = bound.max(found);
            offer(problem, incumbent, &self.pricer.partial(domain));
            if !budget.spend(1) {
                self.stack.push(kept);
                return false;
            }
            if round_up(*bound) > wanted(incumbent) {
                return true;
            }
            let wanted = wanted(incumbent);
            let closed = self
                .pricer
                .close_dear(problem, domain, (prices, found), wanted, budget);
            if !closed {
                break;
            }
        }
        self.branch(problem, node);
        true
    }

    /// Splits a node by the pair that the average choice is least sure of.
    fn branch(&mut self, problem: &GapProblem, mut node: Node) {
        if !node.domain.propagate(problem) {
            return;
        }
        let tasks = problem.tasks();
        let average = &self.pricer.average;
        let share = |agent: usize, task: usize| average[agent * tasks + task];
        let free = (0..tasks).filter(|task| node.domain.forced[*task].is_none());
        let likeliest = free.filter_map(|task| {
            let open = (0..problem.agents()).filter(|i| node.domain.open[i * tasks + task]);
            let agent = open.max_by(|a, b| share(*a, task).total_cmp(&share(*b, task)))?;
            Some((agent, task))
        });
        let unsure = |&(agent, task): &(usize, usize)| (share(agent, task) - 0.5).abs();
        let Some((agent, task)) = likeliest.min_by(|a, b| unsure(a).total_cmp(&unsure(b))) else {
            return;
        };
        let mut other = node.clone();
        other.domain.open[agent * tasks + task] = false;
        self.stack.push(other);
        node.domain.force(problem, agent, task);
        self.stack.push(node);
    }
}
