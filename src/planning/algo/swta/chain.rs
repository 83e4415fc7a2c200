//! The chain of solvers, and what it answers.

use super::columns::{PairPricing, columns};
use super::instance::{Instance, Pair};
use super::local::Plan;
use super::small;
use crate::kernel::budget::Budget;
use crate::planning::algo::partition::Search;

/// A plan, with what is known about the best one.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The pairs on each target.
    pub pairs: Vec<Vec<Pair>>,
    /// Threat that they remove.
    pub removed: f64,
    /// No plan removes more.
    pub bound: f64,
    /// Whether the plan is shown to be the best, up to a relative 1e-9 of what survives.
    pub proven: bool,
    /// What found the plan.
    pub method: &'static str,
    /// Prices of weapons, then of sensors, in units of threat, that prove `price_bound`; empty where
    /// dynamic programming is the proof.
    pub prices: Vec<f64>,
    /// What these prices prove by themselves: no plan removes more.
    pub price_bound: f64,
}

/// Runs the chain until the best plan is proven or the budget is used up. One step is about one
/// visit of a weapon, a sensor and a target. Small instances need one step for each
/// target and pair of nested sets of weapons and sensors.
#[must_use]
pub fn solve(instance: &Instance, budget: &mut dyn Budget) -> Solved {
    let total: f64 = instance.threat().iter().sum();
    if small::is_small(instance) && budget.spend(small::steps(instance)) {
        let pairs = small::solve(instance);
        let removed = total - surviving(instance, &pairs);
        return Solved {
            pairs,
            removed,
            bound: removed,
            proven: true,
            method: "dynamic-programming",
            prices: Vec::new(),
            price_bound: removed,
        };
    }
    by_columns(instance, budget)
}

/// The chain for instances that are not small.
pub(super) fn by_columns(instance: &Instance, budget: &mut dyn Budget) -> Solved {
    let total: f64 = instance.threat().iter().sum();
    let mut plan = Plan::empty(instance);
    let lasted = plan.greedy(budget) && plan.local_search(budget);
    let first = plan.by_target();
    let prices = first_prices(instance, &first);
    let pricing = PairPricing::new(instance);
    let mut search = Search::new(pricing, columns(instance, &first));
    let before = search.value;
    let proven = lasted && search.try_prices(&prices, budget) && search.prove(budget);
    let improved = search.value < before;
    let choice = search.choice.iter().enumerate();
    let pairs: Vec<Vec<Pair>> = choice
        .map(|(target, column)| instance.pair_up(target, &column.uses))
        .collect();
    let removed = total - surviving(instance, &pairs);
    let price_bound = total - search.dual.bound;
    Solved {
        pairs,
        removed,
        bound: if proven {
            removed
        } else {
            price_bound.max(removed)
        },
        proven,
        method: if improved {
            "column-generation"
        } else {
            "local-search"
        },
        prices: search.dual.prices,
        price_bound,
    }
}

/// Threat that survives the pairs.
fn surviving(instance: &Instance, pairs: &[Vec<Pair>]) -> f64 {
    let lists = pairs.iter().enumerate();
    lists
        .map(|(target, list)| instance.surviving(target, list))
        .sum()
}

/// Prices to begin with: half of what each pair of the plan saves on its weapon, half on its sensor.
fn first_prices(instance: &Instance, pairs: &[Vec<Pair>]) -> Vec<f64> {
    let mut prices = vec![0.0; instance.weapons() + instance.sensors()];
    for (target, list) in pairs.iter().enumerate() {
        let left = instance.surviving(target, list);
        for (at, &(weapon, sensor)) in list.iter().enumerate() {
            let others: Vec<Pair> = list
                .iter()
                .enumerate()
                .filter(|&(other, _)| other != at)
                .map(|(_, &pair)| pair)
                .collect();
            let saved = instance.surviving(target, &others) - left;
            prices[weapon] = 0.5 * saved;
            prices[instance.weapons() + sensor] = 0.5 * saved;
        }
    }
    prices
}
