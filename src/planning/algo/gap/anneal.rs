//! Annealing over shifts, swaps and ejection chains, with a price on overload. See [`Annealer`].

use super::lagrange::{Domain, whole};
use super::problem::GapProblem;
use crate::kernel::budget::Budget;
use crate::kernel::math::{exp, log};
use crate::kernel::random::{DrawKey, Draws, Stream};
use crate::planning::algo::draw_below;

/// Moves between two looks at the budget, the temperature and the price of overload.
const EPOCH: u64 = 1000;

/// Steps of about a microsecond that so many moves take.
const EPOCH_STEPS: u64 = 60;

/// Moves dearer than this many temperatures are refused without a draw.
const HOPELESS: f64 = 20.0;

/// Smallest and largest share of epochs' moves that end without overload before its price changes.
const FEASIBLE_SHARE: [f64; 2] = [0.2, 0.6];

/// By what the price of overload changes.
const PRICE_FACTOR: f64 = 1.05;

/// An assignment on its way, and the best one that it came through.
#[derive(Debug)]
pub(super) struct Annealer<'a> {
    problem: &'a GapProblem,
    draws: Draws,
    /// Agents of each task's open pairs, one task after the other.
    agents: Vec<usize>,
    /// Where the agents of each task start.
    starts: Vec<usize>,
    /// Pair by pair, agent by agent: open?
    open: Vec<bool>,
    /// Agent of each task.
    agent_of: Vec<usize>,
    /// Tasks of each agent.
    tasks_of: Vec<Vec<usize>>,
    /// Place of each task among those of its agent.
    place: Vec<usize>,
    /// Capacity left, below zero for overload.
    left: Vec<i64>,
    /// Cost without overload.
    cost: i64,
    /// Overload of all agents.
    overload: i64,
    /// Price of a unit of overload.
    price: f64,
    /// Cost and agents of the best assignment without overload.
    pub(super) best: Option<(i64, Vec<usize>)>,
}

/// What an agent whose capacity left is this lacks.
fn lack(left: i64) -> i64 {
    (-left).max(0)
}

impl<'a> Annealer<'a> {
    /// Nothing placed, and no pair open.
    pub(super) fn new(problem: &'a GapProblem, seed: u64) -> Self {
        Self {
            problem,
            draws: DrawKey::new(Stream::Search, 0, 0, 0).draws(seed),
            agents: Vec::new(),
            starts: Vec::new(),
            open: vec![false; problem.tasks() * problem.agents()],
            agent_of: vec![0; problem.tasks()],
            tasks_of: vec![Vec::new(); problem.agents()],
            place: vec![0; problem.tasks()],
            left: problem.capacities().to_vec(),
            cost: 0,
            overload: 0,
            price: initial_price(problem),
            best: None,
        }
    }

    /// Lets moves use, of the open pairs, those that raise the bound least: `most` agents a task.
    pub(super) fn narrow(&mut self, domain: &Domain, losses: &[f64], most: usize) {
        let tasks = self.problem.tasks();
        self.open.fill(false);
        self.agents.clear();
        self.starts.clear();
        for task in 0..tasks {
            self.starts.push(self.agents.len());
            let at = |agent: usize| agent * tasks + task;
            let open = (0..self.problem.agents()).filter(|agent| domain.open[at(*agent)]);
            let mut agents: Vec<usize> = open.collect();
            agents.sort_by(|a, b| losses[at(*a)].total_cmp(&losses[at(*b)]));
            agents.truncate(most);
            for &agent in &agents {
                self.open[at(agent)] = true;
            }
            self.agents.extend(agents);
        }
        self.starts.push(self.agents.len());
    }

    /// Puts the assignment; tasks without an agent, or with a closed one, go where they are
    /// cheapest.
    pub(super) fn place(&mut self, wanted: &[Option<usize>]) {
        self.tasks_of.iter_mut().for_each(Vec::clear);
        self.left = self.problem.capacities().to_vec();
        self.cost = 0;
        for (task, &agent) in wanted.iter().enumerate() {
            let open = agent.filter(|agent| self.open[agent * self.problem.tasks() + task]);
            let agents = &self.agents[self.starts[task]..self.starts[task + 1]];
            let cheapest = || {
                agents
                    .iter()
                    .copied()
                    .min_by_key(|i| self.problem.cost(*i, task))
            };
            let agent = open.or_else(cheapest).unwrap_or(0);
            self.agent_of[task] = agent;
            self.place[task] = self.tasks_of[agent].len();
            self.tasks_of[agent].push(task);
            self.left[agent] -= self.problem.load(agent, task);
            self.cost += self.problem.cost(agent, task);
        }
        self.overload = self.left.iter().map(|left| lack(*left)).sum();
        self.keep_if_best();
    }

    /// What the present assignment costs, its overload priced.
    pub(super) fn cost(&self) -> f64 {
        whole(self.cost) + self.price * whole(self.overload)
    }

    /// Keeps the present assignment if it is without overload and the cheapest so far.
    fn keep_if_best(&mut self) {
        let better = self.best.as_ref().is_none_or(|(cost, _)| self.cost < *cost);
        if self.overload == 0 && better {
            self.best = Some((self.cost, self.agent_of.clone()));
        }
    }

    /// A uniform whole number below `below`, which is above zero.
    fn below(&mut self, limit: usize) -> usize {
        draw_below(&mut self.draws, limit)
    }

    /// One random agent of the open pairs of a task, unless it is `but`.
    fn agent_for(&mut self, task: usize, but: usize) -> Option<usize> {
        let (start, end) = (self.starts[task], self.starts[task + 1]);
        if end - start < 2 {
            return None;
        }
        let mut at = start + self.below(end - start - 1);
        if self.agents[at] == but {
            at = end - 1;
        }
        Some(self.agents[at]).filter(|agent| *agent != but)
    }

    /// Gives a task to another agent.
    fn shift(&mut self, task: usize, to: usize) {
        let from = self.agent_of[task];
        let last = self.tasks_of[from].pop().expect("the agent has the task");
        if last != task {
            self.tasks_of[from][self.place[task]] = last;
            self.place[last] = self.place[task];
        }
        self.place[task] = self.tasks_of[to].len();
        self.tasks_of[to].push(task);
        self.agent_of[task] = to;
    }

    /// Proposes one move at this temperature and makes it if it is accepted.
    fn step(&mut self, temperature: f64) {
        let task = self.below(self.problem.tasks());
        let from = self.agent_of[task];
        let Some(to) = self.agent_for(task, from) else {
            return;
        };
        let (problem, tasks) = (self.problem, self.problem.tasks());
        let mut cost = problem.cost(to, task) - problem.cost(from, task);
        let mut changes = [
            (from, problem.load(from, task)),
            (to, -problem.load(to, task)),
            (to, 0),
        ];
        let mut ejected = None;
        let choice = self.below(8);
        if choice > 1 && !self.tasks_of[to].is_empty() {
            let at = self.below(self.tasks_of[to].len());
            let other = self.tasks_of[to][at];
            let goal = if choice > 3 {
                Some(from).filter(|from| self.open[from * tasks + other])
            } else {
                self.agent_for(other, to)
            };
            let Some(goal) = goal else {
                return;
            };
            cost += problem.cost(goal, other) - problem.cost(to, other);
            changes[1].1 += problem.load(to, other);
            if goal == from {
                changes[0].1 -= problem.load(goal, other);
            } else {
                changes[2] = (goal, -problem.load(goal, other));
            }
            ejected = Some((other, goal));
        }
        let overload = changes
            .iter()
            .map(|&(agent, change)| lack(self.left[agent] + change) - lack(self.left[agent]));
        let overload: i64 = if changes[2].1 == 0 {
            overload.take(2).sum()
        } else {
            overload.sum()
        };
        let worse = whole(cost) + self.price * whole(overload);
        if worse > 0.0
            && (worse > HOPELESS * temperature || self.draws.uniform() >= exp(-worse / temperature))
        {
            return;
        }
        self.cost += cost;
        self.overload += overload;
        for (agent, change) in changes {
            self.left[agent] += change;
        }
        self.shift(task, to);
        if let Some((other, goal)) = ejected {
            self.shift(other, goal);
        }
        if cost != 0 || overload != 0 {
            self.keep_if_best();
        }
    }

    /// Cools from `hot` to `cold` over so many epochs; false when the budget is out.
    pub(super) fn cool(
        &mut self,
        (hot, cold): (f64, f64),
        epochs: u64,
        budget: &mut dyn Budget,
    ) -> bool {
        if self.problem.tasks() == 0 {
            return true;
        }
        let ratio = log(cold / hot) / epochs as f64;
        for epoch in 0..epochs {
            if !budget.spend(EPOCH_STEPS) {
                return false;
            }
            let temperature = hot * exp(ratio * epoch as f64);
            let mut feasible = 0;
            for _ in 0..EPOCH {
                self.step(temperature);
                feasible += u64::from(self.overload == 0);
            }
            let share = feasible as f64 / EPOCH as f64;
            if share < FEASIBLE_SHARE[0] {
                self.price *= PRICE_FACTOR;
            } else if share > FEASIBLE_SHARE[1] {
                self.price /= PRICE_FACTOR;
            }
        }
        true
    }
}

/// Price of overload to start with: what cost a unit of load stands for.
fn initial_price(problem: &GapProblem) -> f64 {
    let (mut cost, mut load) = (0, 0);
    for agent in 0..problem.agents() {
        for task in 0..problem.tasks() {
            cost += problem.cost(agent, task);
            load += problem.load(agent, task);
        }
    }
    (whole(cost) / whole(load.max(1))).max(1e-3)
}
