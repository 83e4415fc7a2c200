//! Tasks to vehicles under a process algebra, as OpenUxAS poses the problem.
//!
//! Problem: tasks with options, an algebra of sequences, choices and parallels that says which
//! options may follow which ([`algebra`]), a cost for each option and a time to go for each vehicle
//! between any two. A solution is a path for each vehicle such that some interleaving of the paths is
//! a word of the algebra; it costs the longest of the vehicles' times or their sum. As in OpenUxAS
//! (`AssignmentTreeBranchBound`), no vehicle waits for another: the algebra says in which order tasks
//! are given out, and which of them are.
//!
//! Method: [`plain()`] is the published search, depth first, children in the order of cost, what costs
//! as much as the best so far cut off (Rasmussen, Shima 2006, "Branch and bound tree search for
//! assigning cooperating UAVs to multiple tasks", ACC). [`search`] goes the same way first, without
//! the states that a bound on what is left rules out, or that others with the same tasks done and the
//! same ends of paths dominate in the times. It meets the same solutions in the same order. A state that it passes over would cost
//! the published search a node at least; once nodes used and states passed over come to the budget, the published search
//! would have found no more with all of it, and what is left of the budget (three to five sixths where 16
//! tasks meet 8 vehicles) goes on from there: so it is never worse at equal nodes. A quarter goes
//! to the tree in the order of bounds, the rest to moving strings of tasks and to ruin and recreate
//! (Schrimpf et al. 2000, J. Comp. Phys. 159: a few tasks are taken out and put back where they cost
//! least) under simulated annealing.
//!
//! Bound: [`bound()`], an assignment of each task to what comes before it. A node is one scan of all
//! children of a state (all places of one task, in a recreation), so budgets in nodes compare.

pub mod algebra;
mod automaton;
mod bound;
mod plain;
mod problem;
mod recreate;
#[cfg(test)]
mod tests;
mod tree;

pub use bound::bound;
pub use plain::plain;
pub use problem::{Leg, Objective, Problem, ProblemError, Solution, TaskOption};

use crate::kernel::budget::Budget;

/// Most atoms with which the tree is searched with bounds.
const MOST_IN_TREE: usize = 256;

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The best solution, if there is any.
    pub solution: Option<Solution>,
    /// No solution costs less, ms.
    pub bound_ms: i64,
    /// Whether the tree was searched through.
    pub is_exhausted: bool,
    /// Nodes used.
    pub nodes: u64,
}

/// Nodes with a budget of their own and the caller's.
pub(crate) struct Nodes<'a> {
    /// Nodes left.
    left: u64,
    /// Nodes used.
    used: u64,
    /// What the caller allows.
    budget: &'a mut dyn Budget,
}

impl Nodes<'_> {
    /// Uses a node that costs so much work; false if there was none left.
    fn spend(&mut self, work: usize) -> bool {
        if self.left == 0 || !self.budget.spend(work.max(1) as u64) {
            self.left = 0;
            return false;
        }
        self.left -= 1;
        self.used += 1;
        true
    }

    /// Uses a node even if there was none left; false if the caller allows no more.
    fn overdraw(&mut self, work: usize) -> bool {
        self.left = self.left.saturating_sub(1);
        self.used += 1;
        self.budget.spend(work.max(1) as u64)
    }

    /// Runs with at most so many of the nodes that are left.
    fn part<T>(&mut self, most: u64, run: impl FnOnce(&mut Self) -> T) -> T {
        let kept = self.left.saturating_sub(most);
        self.left -= kept;
        let result = run(self);
        self.left += kept;
        result
    }
}

/// Finds a good solution in at most so many nodes (and at least one dive's), with a bound.
pub fn search(problem: &Problem, nodes: u64, seed: u64, budget: &mut dyn Budget) -> Found {
    let bound_ms = bound(problem, budget);
    let mut nodes = Nodes {
        left: nodes,
        used: 0,
        budget,
    };
    let (mut best, mut is_exhausted) = tree::follow(problem, &mut nodes);
    let is_open = |best: &Solution| best.cost_ms > bound_ms;
    if !is_exhausted && best.as_ref().is_none_or(is_open) && problem.atoms() <= MOST_IN_TREE {
        let share = (nodes.left / 4).max(2 * problem.atoms() as u64);
        is_exhausted = nodes.part(share, |nodes| tree::search(problem, &mut best, nodes));
    }
    if let Some(found) = best.as_mut().filter(|best| !is_exhausted && is_open(best)) {
        recreate::improve(problem, found, bound_ms, seed, &mut nodes);
    }
    let bound_ms = match &best {
        Some(found) if is_exhausted => found.cost_ms,
        _ => bound_ms,
    };
    Found {
        solution: best,
        bound_ms,
        is_exhausted,
        nodes: nodes.used,
    }
}
