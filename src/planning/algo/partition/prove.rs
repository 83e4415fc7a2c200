//! From prices to a proven choice: column generation, then integer programs.

use super::column::{Column, Pool};
use super::dual::{Pricing, Search};
use super::integer::{self, Candidates};
use crate::kernel::budget::Budget;

/// Most columns of an integer program.
const MOST_COLUMNS: usize = 40_000;

/// How far from the bound the first integer program reaches, as a share of the bound.
const FIRST_REACH: f64 = 3e-4;

/// Most rounds of column generation.
const MOST_ROUNDS: usize = 400;

/// Subgradient steps before column generation.
const STEPS: usize = 60;

impl<P: Pricing> Search<P> {
    /// Searches until the best choice is proven or the budget is used up; whether it is proven.
    pub(in crate::planning::algo) fn prove(&mut self, budget: &mut dyn Budget) -> bool {
        if !self.subgradient(STEPS, budget) {
            return self.closed();
        }
        self.generate_columns(budget);
        self.closed() || self.integrate(budget)
    }

    /// Column generation until the bound is as high as prices can make it, or near enough to the
    /// choice for an integer program.
    fn generate_columns(&mut self, budget: &mut dyn Budget) {
        let mut tolerance = 1e-3_f64;
        while !self.closed() && self.rounds < MOST_ROUNDS {
            self.rounds += 1;
            let Some(round) = self.round(tolerance, budget) else {
                return;
            };
            let choice = self.pricing.round_off(&self.pool, &round.mixture, budget);
            self.offer(choice);
            let gap = self.value - self.dual.bound;
            let to_gain = round.cost - self.dual.bound;
            let settled = round.new == 0 && tolerance <= 1e-9;
            if to_gain <= 0.01 * gap || gap <= FIRST_REACH * self.value || settled {
                return;
            }
            let accuracy = match round.new {
                0 => 0.1 * tolerance,
                _ => tolerance.min(0.05 * to_gain / self.value),
            };
            tolerance = accuracy.max(1e-9);
        }
    }

    /// Integer programs over all columns within a reach of the bound. A choice within the reach that
    /// is the best over them is the best of all, so the reach begins small and grows until it holds
    /// one.
    fn integrate(&mut self, budget: &mut dyn Budget) -> bool {
        let dual = self.dual.clone();
        let mut reach = FIRST_REACH * dual.bound;
        loop {
            let gap = self.value - dual.bound;
            reach = match reach > 0.0 {
                true => reach.min(gap * (1.0 + 1e-9)),
                false => gap,
            };
            let Some(candidates) = self.within(&dual.prices, &dual.least, reach, budget) else {
                return self.closed();
            };
            self.columns = candidates.pool.len();
            let outcome = integer::solve(candidates, budget, &mut |pool, mixture, budget| {
                if mixture.cut_prices.is_empty() {
                    // These prices come from all columns that matter; they may prove more.
                    let prices = dual.prices.iter().zip(&mixture.prices);
                    let prices = prices.map(|(price, more)| (price + more * reach).max(0.0));
                    self.try_prices(&prices.collect::<Vec<f64>>(), budget);
                }
                let choice = self.pricing.round_off(pool, mixture, budget);
                self.offer(choice);
            });
            if let Some(choice) = outcome.choice {
                let lists = choice.into_iter().enumerate();
                let choice = lists.map(|(target, column)| Column {
                    cost: self.pricing.cost(target, &column.uses),
                    uses: column.uses,
                });
                let choice = choice.collect();
                self.offer(choice);
            }
            if !outcome.complete {
                return self.closed();
            }
            if self.value - dual.bound <= reach {
                return true;
            }
            reach *= 2.0;
        }
    }

    /// Every column with reduced cost within `reach`. None if there are too many of them, a search is
    /// too long, or the budget is used up.
    fn within(
        &mut self,
        prices: &[f64],
        least: &[f64],
        reach: f64,
        budget: &mut dyn Budget,
    ) -> Option<Candidates> {
        let mut pool = Pool::new(least.len());
        let mut count = 0;
        for (target, &least) in least.iter().enumerate() {
            let cutoff = least + reach + least.abs() * 1e-14;
            let (found, work) = self
                .pricing
                .all(target, prices, cutoff, MOST_COLUMNS - count);
            if !budget.spend(work) {
                return None;
            }
            let reduced = found?.into_iter().map(|column| Column {
                cost: (column.priced(prices) - least).max(0.0),
                uses: column.uses,
            });
            pool.by_target[target] = reduced.collect();
            count += pool.by_target[target].len();
        }
        Some(Candidates {
            pool,
            prices: prices.to_vec(),
            capacity: self.pricing.capacity().to_vec(),
            reach,
        })
    }
}
