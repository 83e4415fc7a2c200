//! The chain of solvers, and what it answers.

use super::instance::{Instance, Pair};
use super::local::{Plan, Shot};
use super::pricing::{PairSearch, uses_of};
use super::small;
use crate::kernel::budget::Budget;
use crate::planning::algo::partition::{Column, Mixture, Pool, Priced, Pricing, Search};

/// Shares below this are no hint.
const FAINT: f64 = 0.05;

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

/// The pairs as columns.
fn columns(instance: &Instance, pairs: &[Vec<Pair>]) -> Vec<Column> {
    let lists = pairs.iter().enumerate();
    lists
        .map(|(target, list)| column_of(instance, target, uses_of(instance, list)))
        .collect()
}

/// The column of these resources, paired up in the best way.
fn column_of(instance: &Instance, target: usize, uses: Vec<usize>) -> Column {
    let cost = instance.surviving(target, &instance.pair_up(target, &uses));
    Column { uses, cost }
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

/// Prices columns of pairs; the resources are the weapons, then the sensors.
struct PairPricing<'a> {
    instance: &'a Instance,
    capacity: Vec<f64>,
}

impl<'a> PairPricing<'a> {
    fn new(instance: &'a Instance) -> Self {
        Self {
            instance,
            capacity: vec![1.0; instance.weapons() + instance.sensors()],
        }
    }

    /// Work of a search, in visits.
    fn work(&self, nodes: u32) -> u64 {
        let pairs = (self.instance.weapons() * self.instance.sensors()) as u64;
        16 * pairs + u64::from(nodes) * self.instance.sensors() as u64
    }
}

impl Pricing for PairPricing<'_> {
    fn capacity(&self) -> &[f64] {
        &self.capacity
    }

    fn cost(&self, target: usize, uses: &[usize]) -> f64 {
        column_of(self.instance, target, uses.to_vec()).cost
    }

    fn best(&mut self, target: usize, prices: &[f64]) -> Priced {
        let mut search = PairSearch::new(self.instance, target, prices);
        let (least, pairs) = search.best();
        Priced {
            least,
            column: column_of(self.instance, target, uses_of(self.instance, &pairs)),
            work: self.work(search.nodes),
        }
    }

    fn all(
        &mut self,
        target: usize,
        prices: &[f64],
        cutoff: f64,
        most: usize,
    ) -> (Option<Vec<Column>>, u64) {
        let search = PairSearch::new(self.instance, target, prices);
        let (sets, nodes) = search.all(cutoff, most);
        let column = |(uses, cost)| Column { uses, cost };
        let columns = sets.map(|sets| sets.into_iter().map(column).collect());
        (columns, self.work(nodes))
    }

    /// Largest shares first, then greedy and local search.
    fn round_off(
        &mut self,
        pool: &Pool,
        mixture: &Mixture,
        budget: &mut dyn Budget,
    ) -> Vec<Column> {
        let mut plan = Plan::empty(self.instance);
        let mut served = vec![false; self.instance.targets()];
        for (target, at) in mixture.heaviest(FAINT) {
            let uses = &pool.by_target[target][at].uses;
            if !served[target] && plan.holds(uses) {
                served[target] = true;
                for pair in self.instance.pair_up(target, uses) {
                    plan.add(Shot { pair, target });
                }
            }
        }
        let _lasted = plan.greedy(budget) && plan.local_search(budget);
        columns(self.instance, &plan.by_target())
    }
}
