//! Diving for a first assignment, and solving parts of the incumbent anew. See [`Neighbourhood`].

use super::lagrange::{Domain, Pricer, whole};
use super::problem::GapProblem;
use super::tree::{Incumbent, Tree, wanted};
use crate::kernel::budget::Budget;
use crate::kernel::random::{DrawKey, Draws, Stream};
use crate::planning::algo::draw_below;

/// Rounds on the prices at each depth of a dive, and the stride they start with.
const DIVE_ROUNDS: (usize, f64) = (20, 0.4);

/// Pairs that the average choice is this sure of are forced at once in a dive.
const SURE: f64 = 0.92;

/// A dive ends, and a tree takes over, at so many free tasks.
const SHALLOW: usize = 30;

/// Parts of a tree after which a neighbourhood is given up.
const PARTS: usize = 12;

/// Free tasks of the first neighbourhood.
const FIRST_FREE: f64 = 24.0;

/// Large neighbourhoods of the incumbent, whose size follows what could be searched to its end.
#[derive(Debug)]
pub(super) struct Neighbourhood {
    draws: Draws,
    /// Tasks to be freed.
    free: f64,
}

/// Number of tasks that are not forced.
fn free_tasks(domain: &Domain) -> usize {
    domain.forced.iter().filter(|agent| agent.is_none()).count()
}

/// Searches at most so many parts; whether all were searched.
fn search(
    problem: &GapProblem,
    mut tree: Tree,
    parts: usize,
    incumbent: &mut Incumbent,
    budget: &mut dyn Budget,
) -> bool {
    for _ in 0..parts {
        if tree.is_done() || !tree.advance(problem, incumbent, budget) {
            break;
        }
    }
    tree.is_done()
}

/// Forces what the average choice is surest of, again and again; a tree searches the rest. Answers
/// with the agents forced on the way.
pub(super) fn dive(
    problem: &GapProblem,
    mut domain: Domain,
    mut prices: Vec<f64>,
    aim: f64,
    incumbent: &mut Incumbent,
    budget: &mut dyn Budget,
) -> Vec<Option<usize>> {
    let mut pricer = Pricer::default();
    let mut forced = domain.forced.clone();
    loop {
        let free = free_tasks(&domain);
        if free <= SHALLOW {
            let tree = Tree::new(domain, prices, f64::NEG_INFINITY);
            search(problem, tree, 4 * PARTS, incumbent, budget);
            return forced;
        }
        let aim = (aim, f64::INFINITY);
        pricer.tighten(problem, &domain, &mut prices, aim, DIVE_ROUNDS, budget);
        let share = |agent: usize, task: usize| pricer.average[agent * problem.tasks() + task];
        let mut sure: Vec<(f64, usize, usize)> = Vec::with_capacity(free);
        for task in (0..problem.tasks()).filter(|task| domain.forced[*task].is_none()) {
            let open = (0..problem.agents()).filter(|i| domain.open[i * problem.tasks() + task]);
            let surest = open.max_by(|a, b| share(*a, task).total_cmp(&share(*b, task)));
            sure.extend(surest.map(|agent| (share(agent, task), agent, task)));
        }
        sure.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (at, &(share, agent, task)) in sure.iter().enumerate() {
            if at > free / 16 && share < SURE || at > free / 3 {
                break;
            }
            if problem.load(agent, task) <= domain.rest[agent] && domain.forced[task].is_none() {
                domain.settle(problem, agent, task);
            }
        }
        if !domain.propagate(problem) {
            return forced;
        }
        forced.clone_from(&domain.forced);
        if !budget.spend(1) {
            return forced;
        }
    }
}

impl Neighbourhood {
    /// Neighbourhoods drawn by this seed.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            draws: DrawKey::new(Stream::Search, 0, 0, 1).draws(seed),
            free: FIRST_FREE,
        }
    }

    /// Frees the tasks of some agents of the incumbent and searches for a better assignment of
    /// them within the open pairs.
    pub(super) fn improve(
        &mut self,
        problem: &GapProblem,
        open: &Domain,
        prices: &[f64],
        incumbent: &mut Incumbent,
        budget: &mut dyn Budget,
    ) {
        let Some((_, agents)) = incumbent.as_ref().filter(|_| budget.spend(1)) else {
            return;
        };
        let mut order: Vec<usize> = (0..problem.agents()).collect();
        let mut part = vec![false; problem.agents()];
        let mut freed = 0;
        let mut count = 0;
        while !order.is_empty() && (count < 2 || whole_count(freed) < self.free) {
            let agent = order.swap_remove(draw_below(&mut self.draws, order.len()));
            part[agent] = true;
            count += 1;
            freed += agents.iter().filter(|other| **other == agent).count();
        }
        let mut domain = open.clone();
        for (task, &agent) in agents.iter().enumerate() {
            let at = |other: usize| other * problem.tasks() + task;
            domain.open[at(agent)] = true;
            for other in (0..problem.agents()).filter(|other| *other != agent) {
                domain.open[at(other)] &= part[agent] && part[other];
            }
        }
        if !domain.propagate(problem) || whole(domain.forced_cost) > wanted(incumbent) {
            return;
        }
        let tree = Tree::new(domain, prices.to_vec(), f64::NEG_INFINITY);
        let done = search(problem, tree, PARTS, incumbent, budget);
        let factor = if done { 1.1 } else { 0.93 };
        self.free = (self.free * factor).clamp(2.0, whole_count(problem.tasks()));
    }
}

/// A count as a double.
#[expect(clippy::cast_precision_loss, reason = "counts of tasks are small")]
fn whole_count(count: usize) -> f64 {
    count as f64
}
