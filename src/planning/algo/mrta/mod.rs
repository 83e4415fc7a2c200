//! Tasks that need several vehicles at once, some before others.
//!
//! Problem: robots with skills, tasks that each need a set of skills and a duration, travel times,
//! and pairs of tasks of which one ends before the other begins. A task is done by a coalition whose
//! skills together cover its own; all of it is there from begin to end, who comes first waits. All
//! start at one depot and end at another; the last arrival there is the makespan, which is to be
//! small (ST-MR-TA in the taxonomy of Gerkey and Matarić 2004; the form is that of Aswale and
//! Pinciroli 2023, "Heterogeneous coalition formation and scheduling with multi-skilled robots").
//!
//! Method: a list of tasks with coalitions is turned into a schedule task by task, each as early as
//! its coalition and those before it allow; some list gives an optimal schedule, with coalitions from
//! which nobody can be left out if no detour is shorter than a way; otherwise with any, and then
//! optima are proven for at most six robots. [`search`] anneals over lists, then branches over what comes next
//! with a bound, and cuts off what was reached before with nobody later (dominance on tasks done and
//! places of robots; robots of equal skills are exchangeable). Exponential in tasks; proven up to
//! about ten. [`bound()`] holds for any size: the longest chain, and for groups of robots the work that
//! no coalition can take off them.

mod bound;
mod generate;
mod list;
mod problem;
#[cfg(test)]
mod tests;
mod tree;

pub use bound::bound;
pub use generate::generate;
pub use problem::{Instance, Problem, ProblemError};

use crate::kernel::budget::Budget;

/// Lists that annealing tries: for each task so many.
const LISTS_OF_A_TASK: u64 = 20_000;
/// Most nodes of the tree up to so many tasks, and with more.
const NODES: (u64, usize, u64) = (400_000, 14, 5_000);
/// Relative difference that counts as none.
const TOLERANCE: f64 = 1e-9;

/// A task of a list and who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The task, from 1.
    pub task: usize,
    /// The robots, as bits.
    pub coalition: u64,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Tasks with their coalitions, in an order in which each can begin as early as may be.
    pub list: Vec<Entry>,
    /// When the last robot has arrived at its end.
    pub makespan: f64,
    /// No schedule is shorter.
    pub bound: f64,
    /// Whether nothing shorter exists: by the bound or because everything was looked through.
    pub is_proven: bool,
    /// Makespan before the tree was searched.
    pub annealed: f64,
}

/// Finds a short schedule with a bound; `None` if the budget was spent before there was one.
pub fn search(problem: &Problem, seed: u64, budget: &mut dyn Budget) -> Option<Found> {
    let bound = bound(problem);
    let mut best = list::first(problem, budget)?;
    let lists = LISTS_OF_A_TASK * problem.tasks() as u64;
    list::anneal(problem, &mut best, bound, lists, seed, budget);
    let annealed = best.1;
    let is_open = annealed > bound * (1.0 + TOLERANCE);
    let (many, small, few) = NODES;
    let nodes = if problem.tasks() <= small { many } else { few };
    let is_exhausted = is_open && tree::search(problem, &mut best, nodes, budget);
    let (list, makespan) = best;
    Some(Found {
        list,
        makespan,
        bound: if is_exhausted { makespan } else { bound },
        is_proven: is_exhausted || makespan <= bound * (1.0 + TOLERANCE),
        annealed,
    })
}
