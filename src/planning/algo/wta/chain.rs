//! The chain of solvers, and what it answers.

use super::certificate::Certificate;
use super::columns::ShotPricing;
use super::construct::{Layering, greedy, layers};
use super::improve::local_search;
use super::instance::Instance;
use super::neighbourhood::large_steps;
use super::plan::Plan;
use crate::kernel::budget::Budget;
use crate::kernel::random::{DrawKey, Stream};
use crate::planning::algo::partition::Search;

/// Steps of the large neighbourhood without improvement, after which columns do better.
const PATIENCE: usize = 4;

/// A plan, with what is known about the best one.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The best plan found, shots in rising order.
    pub plan: Plan,
    /// No plan's expected surviving value is less.
    pub bound: f64,
    /// Whether the plan is shown to be the best, up to a relative 1e-9.
    pub proven: bool,
    /// Which link of the chain found the plan.
    pub method: &'static str,
    /// Prices and the bound that they prove by themselves; where the plan is proven and this bound
    /// is less than its value, the integer program over the columns between them closes the gap.
    pub certificate: Certificate,
    /// Rounds of column generation.
    pub rounds: usize,
    /// Columns of the last integer program.
    pub columns: usize,
}

/// Runs the chain until the best plan is proven or the budget is used up. One step is about one
/// visit of one pair of a weapon and a target. `seed` decides which shots the large neighbourhood
/// takes, so it may decide which of several best plans is found.
#[must_use]
pub fn solve(instance: &Instance, seed: u64, budget: &mut dyn Budget) -> Solved {
    let mut run = Run {
        instance,
        plan: Plan::empty(instance),
        method: "assignment-layers",
    };
    let (mut layering, mut lasted) = (Layering::default(), true);
    let prices = run.first_plan(&mut layering, &mut lasted, budget);
    let mut search = Search::new(ShotPricing::new(instance), run.columns());
    if let Some(prices) = prices.filter(|_| lasted) {
        lasted = search.try_prices(&prices, budget);
    }
    let mut proven = lasted && search.closed();
    if lasted && !proven {
        let before = run.plan.value();
        let mut draws = DrawKey::new(Stream::Search, 0, 0, 0).draws(seed);
        let plan = &mut run.plan;
        lasted = large_steps(instance, plan, &mut layering, &mut draws, PATIENCE, budget);
        run.credit(before, "large-neighbourhood");
        search.offer(run.columns());
    }
    if lasted && !proven {
        let prices = run.plan.marginal_prices(instance);
        proven = search.try_prices(&prices, budget) && search.prove(budget);
        run.offer(
            Plan::of_columns(instance, &search.choice),
            "column-generation",
        );
    }
    run.plan.sort(instance);
    let value = run.plan.value();
    let dual = search.dual;
    Solved {
        bound: if proven { value } else { dual.bound.min(value) },
        plan: run.plan,
        proven,
        method: run.method,
        certificate: Certificate {
            prices: dual.prices,
            bound: dual.bound,
        },
        rounds: search.rounds,
        columns: search.columns,
    }
}

/// The plan of the chain.
struct Run<'a> {
    instance: &'a Instance,
    plan: Plan,
    method: &'static str,
}

impl Run<'_> {
    /// Layers or greedy, whichever is better, and local search; `lasted` is cleared when the budget
    /// is used up. Prices if one layer was all.
    fn first_plan(
        &mut self,
        layering: &mut Layering,
        lasted: &mut bool,
        budget: &mut dyn Budget,
    ) -> Option<Vec<f64>> {
        let prices = layers(self.instance, &mut self.plan, layering, budget);
        let mut other = Plan::empty(self.instance);
        greedy(self.instance, &mut other, budget);
        self.offer(other, "greedy");
        let before = self.plan.value();
        *lasted = local_search(self.instance, &mut self.plan, budget);
        self.credit(before, "local-search");
        prices
    }

    /// The plan as columns.
    fn columns(&self) -> Vec<crate::planning::algo::partition::Column> {
        self.plan.columns(self.instance)
    }

    /// Keeps a plan if it is better.
    fn offer(&mut self, plan: Plan, method: &'static str) {
        if plan.value() < self.plan.value() {
            self.plan = plan;
            self.method = method;
        }
    }

    /// Names the method if it has improved the plan.
    fn credit(&mut self, before: f64, method: &'static str) {
        if self.plan.value() < before * (1.0 - 1e-12) {
            self.method = method;
        }
    }
}
