//! Which pairs are still open, and a lower bound on every solution among them. See [`Domain`].

use super::knapsack::Knapsack;
use super::problem::GapProblem;
use crate::kernel::budget::Budget;

/// Bounds within this of a whole number count as that number, so that rounding never cuts.
pub(super) const TOLERANCE: f64 = 1e-6;

/// Subgradient rounds without a better bound before the step is halved.
const PATIENCE: usize = 8;

/// Share of the last direction that goes into the next (Camerini, Fratta and Maffioli 1975).
const DEFLECTION: f64 = 0.6;

/// Weight of the newest knapsack choices in the average that stands for the fractional solution.
const FRESH: f64 = 0.1;

/// The pairs that a solution better than the incumbent may still use.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    /// Agent by agent: is the pair open?
    pub(super) open: Vec<bool>,
    /// Agent of each task that has one left.
    pub(super) forced: Vec<Option<usize>>,
    /// Capacity that the forced tasks leave.
    pub(super) rest: Vec<i64>,
    /// Cost of the forced tasks.
    pub(super) forced_cost: i64,
}

impl Domain {
    /// All pairs whose load the agent can bear.
    pub(super) fn whole(problem: &GapProblem) -> Self {
        let pairs = problem.agents() * problem.tasks();
        Self {
            open: vec![true; pairs],
            forced: vec![None; problem.tasks()],
            rest: problem.capacities().to_vec(),
            forced_cost: 0,
        }
    }

    /// Leaves a task its pair with this agent alone.
    pub(super) fn force(&mut self, problem: &GapProblem, agent: usize, task: usize) {
        for other in (0..problem.agents()).filter(|other| *other != agent) {
            self.open[other * problem.tasks() + task] = false;
        }
    }

    /// Forces a free task whose load the agent can bear, without further consequences.
    pub(super) fn settle(&mut self, problem: &GapProblem, agent: usize, task: usize) {
        self.force(problem, agent, task);
        self.take(problem, agent, task);
    }

    /// Notes that a task has this agent alone.
    fn take(&mut self, problem: &GapProblem, agent: usize, task: usize) {
        self.forced[task] = Some(agent);
        self.rest[agent] -= problem.load(agent, task);
        self.forced_cost += problem.cost(agent, task);
    }

    /// Draws every consequence of closed pairs; false if a task has no agent left.
    pub(super) fn propagate(&mut self, problem: &GapProblem) -> bool {
        let tasks = problem.tasks();
        loop {
            let mut changed = false;
            for task in (0..tasks)
                .filter(|task| self.forced[*task].is_none())
                .collect::<Vec<_>>()
            {
                let mut last = None;
                let mut count = 0;
                for agent in 0..problem.agents() {
                    let open = &mut self.open[agent * tasks + task];
                    if *open && problem.load(agent, task) > self.rest[agent] {
                        *open = false;
                    }
                    if *open {
                        last = Some(agent);
                        count += 1;
                    }
                }
                match (count, last) {
                    (1, Some(agent)) => {
                        self.take(problem, agent, task);
                        changed = true;
                    }
                    (0, _) => return false,
                    _ => {}
                }
            }
            if !changed {
                return true;
            }
        }
    }
}

/// Prices of the tasks and what they prove, with the tables to work it out.
#[derive(Clone, Debug, Default)]
pub(super) struct Pricer {
    sack: Knapsack,
    /// Tasks of the items in the sack.
    items: Vec<usize>,
    /// Agents that chose each task in the last evaluation.
    chosen: Vec<f64>,
    /// Pairs chosen in the last evaluation.
    picks: Vec<(usize, usize)>,
    /// Direction of the prices.
    direction: Vec<f64>,
    /// Pair by pair, the average choice.
    pub(super) average: Vec<f64>,
    /// Pair by pair, by how much using it raises the bound, as [`Self::close_dear`] found.
    pub(super) losses: Vec<f64>,
}

impl Pricer {
    /// Puts an agent's open tasks that are worth something into the sack.
    fn pack(&mut self, problem: &GapProblem, domain: &Domain, prices: &[f64], agent: usize) {
        self.sack.clear(domain.rest[agent]);
        self.items.clear();
        let row = agent * problem.tasks();
        for (task, price) in prices.iter().enumerate() {
            if domain.open[row + task] && domain.forced[task].is_none() {
                let value = price - whole(problem.cost(agent, task));
                if value > 0.0 {
                    self.sack.push(problem.load(agent, task), value);
                    self.items.push(task);
                }
            }
        }
    }

    /// The bound of these prices; `None` when the budget is out.
    fn evaluate(
        &mut self,
        problem: &GapProblem,
        domain: &Domain,
        prices: &[f64],
        budget: &mut dyn Budget,
    ) -> Option<f64> {
        self.chosen.clear();
        self.chosen.resize(problem.tasks(), 0.0);
        self.picks.clear();
        let free = |(task, _): &(usize, &f64)| domain.forced[*task].is_none();
        let priced = prices.iter().enumerate().filter(free);
        let mut bound = whole(domain.forced_cost) + priced.map(|(_, price)| price).sum::<f64>();
        for agent in 0..problem.agents() {
            self.pack(problem, domain, prices, agent);
            bound -= self.sack.solve();
            let Self {
                sack,
                items,
                chosen,
                picks,
                ..
            } = self;
            sack.choice(|k| {
                chosen[items[k]] += 1.0;
                picks.push((agent, items[k]));
            });
            if !budget.spend(self.sack.steps()) {
                return None;
            }
        }
        Some(bound)
    }

    /// Raises the bound by at most `rounds` steps on the prices, towards `target`. `prices` come
    /// out as those of the bound returned. Stops at `enough`.
    pub(super) fn tighten(
        &mut self,
        problem: &GapProblem,
        domain: &Domain,
        prices: &mut Vec<f64>,
        (target, enough): (f64, f64),
        (rounds, mut stride): (usize, f64),
        budget: &mut dyn Budget,
    ) -> f64 {
        let tasks = problem.tasks();
        let mut best = f64::NEG_INFINITY;
        let mut now = prices.clone();
        let mut stale = 0;
        self.direction.clear();
        self.direction.resize(tasks, 0.0);
        self.average.clear();
        self.average.resize(tasks * problem.agents(), 0.0);
        for round in 0..rounds {
            let Some(bound) = self.evaluate(problem, domain, &now, budget) else {
                break;
            };
            self.blend(tasks, if round == 0 { 1.0 } else { FRESH });
            if bound > best + TOLERANCE {
                best = bound;
                prices.clone_from(&now);
                stale = 0;
            } else {
                stale += 1;
                if stale % PATIENCE == 0 {
                    stride *= 0.5;
                    now.clone_from(prices);
                }
            }
            let length = self.turn(domain);
            if best > enough || length < 0.5 || stride < 1e-4 {
                break;
            }
            let step = stride * (target - bound).max(1.0) / length;
            for (price, way) in now.iter_mut().zip(&self.direction) {
                *price += step * way;
            }
        }
        best
    }

    /// Takes the last choices into the average.
    fn blend(&mut self, tasks: usize, fresh: f64) {
        self.average.iter_mut().for_each(|x| *x *= 1.0 - fresh);
        for &(agent, task) in &self.picks {
            self.average[agent * tasks + task] += fresh;
        }
    }

    /// Turns the direction towards tasks that nobody, away from tasks that several chose; its
    /// squared length, or zero if every task was chosen once.
    fn turn(&mut self, domain: &Domain) -> f64 {
        let mut exact = true;
        let mut length = 0.0;
        for (task, way) in self.direction.iter_mut().enumerate() {
            let missing = if domain.forced[task].is_some() {
                0.0
            } else {
                1.0 - self.chosen[task]
            };
            exact &= missing.abs() < 0.5;
            *way = missing + DEFLECTION * *way;
            length += *way * *way;
        }
        if exact { 0.0 } else { length }
    }

    /// The last choices as an assignment; tasks that nobody or several chose are `None`.
    pub(super) fn partial(&self, domain: &Domain) -> Vec<Option<usize>> {
        let mut agent_of = domain.forced.clone();
        for &(agent, task) in &self.picks {
            if self.chosen[task] < 1.5 {
                agent_of[task] = Some(agent);
            }
        }
        agent_of
    }

    /// Closes every pair that no solution of cost `wanted` or less can use, and forces those that
    /// each such solution uses. `bound` is that of the prices. True if something changed.
    pub(super) fn close_dear(
        &mut self,
        problem: &GapProblem,
        domain: &mut Domain,
        (prices, bound): (&[f64], f64),
        wanted: f64,
        budget: &mut dyn Budget,
    ) -> bool {
        let spare = wanted - bound + TOLERANCE;
        let tasks = problem.tasks();
        let mut changed = false;
        self.losses.clear();
        self.losses.resize(tasks * problem.agents(), f64::INFINITY);
        for agent in 0..problem.agents() {
            self.pack(problem, domain, prices, agent);
            let value = self.sack.solve();
            self.sack.solve_backward();
            let mut at = 0;
            for (task, price) in prices.iter().enumerate() {
                if !domain.open[agent * tasks + task] || domain.forced[task].is_some() {
                    continue;
                }
                let inside = if self.items.get(at) == Some(&task) {
                    at += 1;
                    if value - self.sack.without(at - 1) > spare {
                        domain.force(problem, agent, task);
                        self.losses[agent * tasks + task] = 0.0;
                        changed = true;
                        continue;
                    }
                    self.sack.with(at - 1)
                } else {
                    let gain = price - whole(problem.cost(agent, task));
                    self.sack.forced(problem.load(agent, task), gain)
                };
                self.losses[agent * tasks + task] = value - inside;
                if value - inside > spare {
                    domain.open[agent * tasks + task] = false;
                    changed = true;
                }
            }
            if !budget.spend(4 * self.sack.steps()) {
                break;
            }
        }
        changed
    }
}

/// A whole number as a double; both are below 2^53 here.
#[expect(
    clippy::cast_precision_loss,
    reason = "costs and their sums stay below 2^53"
)]
pub(super) fn whole(number: i64) -> f64 {
    number as f64
}
