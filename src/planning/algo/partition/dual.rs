//! Prices of resources, and the Lagrangian bound that they prove.
//!
//! With a price on every use of a resource the targets come apart: the sum of each target's cheapest
//! column with prices, less what all resources together cost, is at most the cost of any choice
//! (Everett 1963; Geoffrion 1974). Subgradient steps bring the prices near (Held, Wolfe, Crowder
//! 1974) and leave columns behind; column generation ([`Master`]) does the rest.

use super::column::{Column, Pool};
use super::master::{Master, Mixture};
use crate::kernel::budget::Budget;

/// Columns this near to the bound, as a share of the goal, stay in play.
const PRUNED_REACH: f64 = 1e-3;

/// A gap below this share of the value counts as closed.
const CLOSED: f64 = 1e-9;

/// The cheapest column of a target at some prices.
#[derive(Clone, Debug)]
pub(in crate::planning::algo) struct Priced {
    /// A lower bound of the least cost with prices; the least cost itself unless cut short.
    pub(in crate::planning::algo) least: f64,
    /// The best column found.
    pub(in crate::planning::algo) column: Column,
    /// Work that it took, in visits of a pair.
    pub(in crate::planning::algo) work: u64,
}

/// Where columns come from, and how a mixture becomes a choice.
pub(in crate::planning::algo) trait Pricing {
    /// How often each resource may be used.
    fn capacity(&self) -> &[f64];

    /// What a column costs without prices.
    fn cost(&self, target: usize, uses: &[usize]) -> f64;

    /// The cheapest column of a target at these prices.
    fn best(&mut self, target: usize, prices: &[f64]) -> Priced;

    /// All columns of a target whose cost with prices is at most `cutoff`, but for those that another
    /// one with fewer uses equals; none if there are more than `most` or the search is too long.
    /// The work comes with them.
    fn all(
        &mut self,
        target: usize,
        prices: &[f64],
        cutoff: f64,
        most: usize,
    ) -> (Option<Vec<Column>>, u64);

    /// A choice near a mixture: one column per target, within capacity. The costs of the pool may be
    /// reduced ones.
    fn round_off(&mut self, pool: &Pool, mixture: &Mixture, budget: &mut dyn Budget)
    -> Vec<Column>;
}

/// Prices with the bound that they prove.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::planning::algo) struct Dual {
    /// Price of each resource, at least zero.
    pub(in crate::planning::algo) prices: Vec<f64>,
    /// No choice costs less.
    pub(in crate::planning::algo) bound: f64,
    /// Cost with prices of each target's cheapest column.
    pub(super) least: Vec<f64>,
}

/// What an evaluation of prices found besides the bound.
struct Reaction {
    bound: f64,
    /// Uses demanded of each resource beyond its capacity.
    excess: Vec<f64>,
    /// Columns that were not yet in the pool.
    new: usize,
}

/// A round of column generation.
pub(super) struct Round {
    /// The cheapest mixture of the columns in play; more have come into play since.
    pub(super) mixture: Mixture,
    /// What it costs.
    pub(super) cost: f64,
    /// Columns that its prices have brought into play.
    pub(super) new: usize,
}

/// The search for prices, for the best choice, and for the proof that it is the best.
pub(in crate::planning::algo) struct Search<P> {
    pub(super) pricing: P,
    /// Columns in play.
    pub(super) pool: Pool,
    /// The best prices so far.
    pub(in crate::planning::algo) dual: Dual,
    /// The best choice so far, one column per target.
    pub(in crate::planning::algo) choice: Vec<Column>,
    /// What it costs.
    pub(in crate::planning::algo) value: f64,
    /// Rounds of column generation.
    pub(in crate::planning::algo) rounds: usize,
    /// Columns of the last integer program.
    pub(in crate::planning::algo) columns: usize,
    /// The bound at which the pool was last pruned.
    pruned_at: f64,
}

impl<P: Pricing> Search<P> {
    /// A search from a choice, one column per target; costs are at least zero. Without prices
    /// nothing is proven but that.
    pub(in crate::planning::algo) fn new(pricing: P, choice: Vec<Column>) -> Self {
        Self {
            pool: Pool::new(choice.len()),
            dual: Dual {
                prices: vec![0.0; pricing.capacity().len()],
                bound: 0.0,
                least: vec![0.0; choice.len()],
            },
            value: choice.iter().map(|column| column.cost).sum(),
            choice,
            pricing,
            rounds: 0,
            columns: 0,
            pruned_at: 0.0,
        }
    }

    /// Keeps a choice if it is better; true if so.
    pub(in crate::planning::algo) fn offer(&mut self, choice: Vec<Column>) -> bool {
        let value = choice.iter().map(|column| column.cost).sum();
        let better = value < self.value;
        if better {
            (self.value, self.choice) = (value, choice);
        }
        better
    }

    /// Whether the bound meets the choice.
    pub(in crate::planning::algo) fn closed(&self) -> bool {
        self.value - self.dual.bound <= CLOSED * self.value
    }

    /// The bound at these prices; cheapest columns go into the pool. None when the budget is used
    /// up.
    fn react(&mut self, prices: &[f64], budget: &mut dyn Budget) -> Option<Reaction> {
        let held = self.pricing.capacity().iter();
        let mut excess: Vec<f64> = held.map(|capacity| -capacity).collect();
        let mut bound: f64 = excess.iter().zip(prices).map(|(e, price)| e * price).sum();
        let mut new = 0;
        let mut least = Vec::with_capacity(self.choice.len());
        for target in 0..self.choice.len() {
            let priced = self.pricing.best(target, prices);
            if !budget.spend(priced.work) {
                return None;
            }
            bound += priced.least;
            least.push(priced.least);
            for &resource in &priced.column.uses {
                excess[resource] += 1.0;
            }
            new += usize::from(self.pool.add(target, priced.column));
        }
        if bound > self.dual.bound {
            self.dual = Dual {
                prices: prices.to_vec(),
                bound,
                least,
            };
        }
        Some(Reaction { bound, excess, new })
    }

    /// Tries prices; false when the budget is used up.
    pub(in crate::planning::algo) fn try_prices(
        &mut self,
        prices: &[f64],
        budget: &mut dyn Budget,
    ) -> bool {
        self.react(prices, budget).is_some()
    }

    /// Subgradient steps from the best prices, with the length after Polyak (1969) towards the cost of
    /// the best choice. False when the budget is used up.
    pub(super) fn subgradient(&mut self, steps: usize, budget: &mut dyn Budget) -> bool {
        let mut prices = self.dual.prices.clone();
        let mut direction = vec![0.0; prices.len()];
        let (mut length, mut quiet) = (1.0, 0);
        for _ in 0..steps {
            let before = self.dual.bound;
            let Some(reaction) = self.react(&prices, budget) else {
                return false;
            };
            if self.closed() {
                return true;
            }
            quiet = if self.dual.bound > before {
                0
            } else {
                quiet + 1
            };
            if quiet >= 10 {
                (length, quiet) = (length * 0.6, 0);
                prices.clone_from(&self.dual.prices);
            }
            for (d, e) in direction.iter_mut().zip(&reaction.excess) {
                *d = 0.7 * *d + 0.3 * e;
            }
            let norm: f64 = direction.iter().map(|d| d * d).sum();
            if norm <= 0.0 {
                return true;
            }
            let step = length * (self.value - reaction.bound) / norm;
            for (price, d) in prices.iter_mut().zip(&direction) {
                *price = (*price + step * d).max(0.0);
            }
        }
        true
    }

    /// One round of column generation: a mixture, its prices, and the columns that they call for.
    /// None when nothing more is to be had or the budget is used up.
    pub(super) fn round(&mut self, tolerance: f64, budget: &mut dyn Budget) -> Option<Round> {
        let goal = self.value;
        if self.dual.bound > self.pruned_at {
            let reach = (goal - self.dual.bound).max(PRUNED_REACH * goal);
            let best = &self.dual;
            self.pool.prune(&best.prices, &best.least, reach);
            self.pruned_at = self.dual.bound;
        }
        for (target, column) in self.choice.iter().enumerate() {
            self.pool.add(target, column.clone());
        }
        let capacity = self.pricing.capacity();
        let master = Master {
            pool: &self.pool,
            capacity,
            floor: &vec![0.0; capacity.len()],
            cuts: &[],
            scale: if goal > 0.0 { goal } else { 1.0 },
        };
        if !budget.spend(master.work()) {
            return None;
        }
        let mixture = master.solve(tolerance)?;
        let cost = mixture.cost(&self.pool);
        let reaction = self.react(&mixture.prices, budget)?;
        Some(Round {
            mixture,
            cost,
            new: reaction.new,
        })
    }
}
