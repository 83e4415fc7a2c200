//! Search and proof in turns. See [`solve`].

use super::anneal::Annealer;
use super::lagrange::{Domain, Pricer, whole};
use super::neighbourhood::{Neighbourhood, dive};
use super::problem::GapProblem;
use super::tree::{Incumbent, Tree, cheaper, offer, round_up, wanted};
use crate::kernel::budget::Budget;
use crate::kernel::random::{DrawKey, Draws, Stream};

/// Most rounds on the first prices, and the stride they start with.
const FIRST_ROUNDS: (usize, f64) = (400, 1.0);

/// Epochs of the first annealing, and of one that mends what a dive left, per 200 tasks begun.
const EPOCHS: [u64; 2] = [100, 200];

/// Where the first annealing, and a mending one, start and end, in scales of cost.
const TEMPERATURES: [(f64, f64); 2] = [(1.0, 0.1), (0.3, 0.03)];

/// Agents that a mending annealing may use for a task.
const MOST_AGENTS: usize = 5;

/// Width of the noise on the prices that a dive starts with, in scales of cost.
const NOISE: f64 = 0.3;

/// Steps of dives in the first turn; neighbourhoods and tree have half of that each. Every turn is
/// half as long again.
const FIRST_QUOTA: u64 = 50_000;

/// What an assignment costs, and what none can cost less than.
#[derive(Clone, Debug, PartialEq)]
pub struct GapSolution {
    /// Agent of each task; `None` if no assignment was found.
    pub agent_of: Option<Vec<usize>>,
    /// What it costs; zero without one.
    pub cost: i64,
    /// No assignment costs less; infinite if it is proven that there is none.
    pub bound: f64,
    /// Whether the search came to its end: the assignment is the best, or there is none.
    pub proven: bool,
}

/// A budget that counts what goes through it.
struct Meter<'a> {
    inner: &'a mut dyn Budget,
    spent: u64,
    out: bool,
}

impl Budget for Meter<'_> {
    fn spend(&mut self, steps: u64) -> bool {
        self.spent = self.spent.saturating_add(steps);
        self.out = self.out || !self.inner.spend(steps);
        !self.out
    }
}

/// A search under way.
struct Solver<'a> {
    problem: &'a GapProblem,
    /// Pairs that a better assignment may use, by the first prices.
    root: Domain,
    prices: Vec<f64>,
    /// Bound of the prices.
    bound: f64,
    pricer: Pricer,
    annealer: Annealer<'a>,
    /// Scale of differences of cost.
    scale: f64,
    incumbent: Incumbent,
    draws: Draws,
    meter: Meter<'a>,
}

/// Gives every task an agent at little cost. Steps of the budget are about a microsecond of work;
/// equal budgets and seeds give equal answers.
pub fn solve(problem: &GapProblem, seed: u64, budget: &mut dyn Budget) -> GapSolution {
    let mut root = Domain::whole(problem);
    if !root.propagate(problem) {
        return finish(None, f64::INFINITY, true);
    }
    let mut solver = Solver {
        problem,
        prices: first_prices(problem),
        bound: cheapest_each(problem),
        pricer: Pricer::default(),
        annealer: Annealer::new(problem, seed),
        scale: cost_scale(problem),
        incumbent: None,
        draws: DrawKey::new(Stream::Search, 0, 0, 2).draws(seed),
        meter: Meter {
            inner: budget,
            spent: 0,
            out: false,
        },
        root,
    };
    offer(problem, &mut solver.incumbent, &solver.root.forced);
    let tree = solver.run(seed);
    let proven = tree.is_done() || round_up(tree.bound()) > wanted(&solver.incumbent);
    finish(solver.incumbent, tree.bound(), proven)
}

impl Solver<'_> {
    /// First bound and assignment, then turns until the proof is done or the budget is out.
    fn run(&mut self, seed: u64) -> Tree {
        let problem = self.problem;
        self.anneal_first();
        let aim = (self.aim(), wanted(&self.incumbent) + 1e-5);
        let Self {
            pricer,
            root,
            prices,
            meter,
            ..
        } = self;
        let found = pricer.tighten(problem, root, prices, aim, FIRST_ROUNDS, meter);
        self.bound = self.bound.max(found);
        offer(
            problem,
            &mut self.incumbent,
            &self.pricer.partial(&self.root),
        );
        if self.incumbent.is_none() && found > dearest_each(problem) + 1.0 {
            return Tree::done();
        }
        let mut tree = Tree::new(self.root.clone(), self.prices.clone(), self.bound);
        let mut neighbourhood = Neighbourhood::new(seed);
        let mut quota = FIRST_QUOTA;
        let mut noise = 0.0;
        while !self.meter.out
            && !tree.is_done()
            && round_up(tree.bound()) <= wanted(&self.incumbent)
        {
            if !self.close(found) {
                return Tree::done();
            }
            let start = self.meter.spent;
            while !self.meter.out && self.meter.spent - start < quota {
                self.dive(noise);
                noise = NOISE * self.scale;
            }
            let start = self.meter.spent;
            let Self {
                root,
                prices,
                meter,
                incumbent,
                ..
            } = self;
            while !meter.out && incumbent.is_some() && meter.spent - start < quota / 2 {
                neighbourhood.improve(problem, root, prices, incumbent, meter);
            }
            let start = meter.spent;
            while !tree.is_done() && meter.spent - start < quota / 2 {
                if !tree.advance(problem, incumbent, meter) {
                    break;
                }
            }
            quota += quota / 2;
        }
        tree
    }

    /// Anneals from the cheapest agents on, with all pairs open.
    fn anneal_first(&mut self) {
        let flat = vec![0.0; self.problem.agents() * self.problem.tasks()];
        self.annealer
            .narrow(&self.root, &flat, self.problem.agents());
        self.annealer.place(&vec![None; self.problem.tasks()]);
        self.cool(0);
    }

    /// Anneals as at the start (0) or to mend (1), and takes what is better.
    fn cool(&mut self, phase: usize) {
        let (hot, cold) = TEMPERATURES[phase];
        let temperatures = (hot * self.scale, cold * self.scale);
        let epochs = EPOCHS[phase] * (1 + self.problem.tasks() as u64 / 200);
        self.annealer.cool(temperatures, epochs, &mut self.meter);
        cheaper(&mut self.incumbent, self.annealer.best.as_ref());
    }

    /// Cost to aim the prices at.
    fn aim(&self) -> f64 {
        let now = self.annealer.cost();
        self.incumbent
            .as_ref()
            .map_or(now, |(cost, _)| whole(*cost))
    }

    /// Closes pairs that are too dear by the first prices; false if nothing better is left.
    fn close(&mut self, found: f64) -> bool {
        let proof = (self.prices.as_slice(), found);
        let wanted = wanted(&self.incumbent);
        self.pricer
            .close_dear(self.problem, &mut self.root, proof, wanted, &mut self.meter);
        self.root.propagate(self.problem)
    }

    /// Dives from prices with noise of this width; what a dive leaves undone is mended by
    /// annealing.
    fn dive(&mut self, noise: f64) {
        let shake = |price: &f64| price + noise * (self.draws.uniform() - 0.5);
        let prices = self.prices.iter().map(shake).collect();
        let aim = self.aim();
        let mut own = None;
        let (problem, root) = (self.problem, self.root.clone());
        let forced = dive(problem, root, prices, aim, &mut own, &mut self.meter);
        if own.is_none() {
            self.annealer
                .narrow(&self.root, &self.pricer.losses, MOST_AGENTS);
            self.annealer.place(&forced);
            self.cool(1);
        }
        cheaper(&mut self.incumbent, own.as_ref());
    }
}

/// Mean difference between the two cheapest agents of a task: the scale of differences of cost.
fn cost_scale(problem: &GapProblem) -> f64 {
    let sum: f64 = (0..problem.tasks())
        .map(|task| second_cost(problem, task) - least_cost(problem, task))
        .sum();
    (sum / whole_count(problem.tasks().max(1))).max(0.5)
}

/// Least cost of a task.
fn least_cost(problem: &GapProblem, task: usize) -> f64 {
    let least = (0..problem.agents())
        .map(|agent| problem.cost(agent, task))
        .min();
    least.map_or(0.0, whole)
}

/// Cost of a task with its second cheapest agent, or with its only one.
fn second_cost(problem: &GapProblem, task: usize) -> f64 {
    let mut costs: Vec<i64> = (0..problem.agents())
        .map(|i| problem.cost(i, task))
        .collect();
    costs.sort_unstable();
    costs
        .get(1)
        .or(costs.first())
        .map_or(0.0, |cost| whole(*cost))
}

/// Prices to start with: the second least cost, so that a task is worth something to its cheapest
/// agent.
fn first_prices(problem: &GapProblem) -> Vec<f64> {
    (0..problem.tasks())
        .map(|task| second_cost(problem, task))
        .collect()
}

/// Every task with its cheapest agent: the bound without any work.
fn cheapest_each(problem: &GapProblem) -> f64 {
    (0..problem.tasks())
        .map(|task| least_cost(problem, task))
        .sum()
}

/// Every task with its dearest agent: a bound above this shows that there is no assignment.
fn dearest_each(problem: &GapProblem) -> f64 {
    let dearest = |task| {
        (0..problem.agents())
            .map(|agent| problem.cost(agent, task))
            .max()
    };
    (0..problem.tasks())
        .map(|task| dearest(task).map_or(0.0, whole))
        .sum()
}

/// A count as a double.
#[expect(clippy::cast_precision_loss, reason = "counts of tasks are below 2^53")]
fn whole_count(count: usize) -> f64 {
    count as f64
}

/// The answer. The bound of a finished search is the cost itself.
fn finish(incumbent: Incumbent, bound: f64, proven: bool) -> GapSolution {
    let bound = round_up(bound);
    match incumbent {
        Some((cost, agent_of)) => GapSolution {
            agent_of: Some(agent_of),
            cost,
            bound: if proven {
                whole(cost)
            } else {
                bound.min(whole(cost))
            },
            proven,
        },
        None => GapSolution {
            agent_of: None,
            cost: 0,
            bound: if proven { f64::INFINITY } else { bound },
            proven,
        },
    }
}
