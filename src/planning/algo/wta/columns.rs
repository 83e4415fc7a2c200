//! Columns of shots, for the solver of partitions.

use super::improve::local_search;
use super::instance::Instance;
use super::plan::Plan;
use super::pricing::{Pricer, column_of};
use crate::kernel::budget::Budget;
use crate::planning::algo::partition::{Column, Mixture, Pool, Priced, Pricing};

/// Shares below this are no hint.
const FAINT: f64 = 0.05;

/// Prices columns of shots; the resources are the weapons.
pub(super) struct ShotPricing<'a> {
    instance: &'a Instance,
    capacity: Vec<f64>,
    pricer: Pricer,
}

impl<'a> ShotPricing<'a> {
    /// For this instance.
    pub(super) fn new(instance: &'a Instance) -> Self {
        Self {
            instance,
            capacity: vec![f64::from(instance.units()); instance.weapons()],
            pricer: Pricer::default(),
        }
    }
}

impl Pricing for ShotPricing<'_> {
    fn capacity(&self) -> &[f64] {
        &self.capacity
    }

    fn cost(&self, target: usize, uses: &[usize]) -> f64 {
        self.instance.surviving(target, uses)
    }

    fn best(&mut self, target: usize, prices: &[f64]) -> Priced {
        let (least, column) = self.pricer.best(self.instance, target, prices);
        let work = self.instance.weapons() as u64 + u64::from(self.pricer.nodes()) * 16;
        Priced {
            least,
            column,
            work,
        }
    }

    fn all(
        &mut self,
        target: usize,
        prices: &[f64],
        cutoff: f64,
        most: usize,
    ) -> (Option<Vec<Column>>, u64) {
        let found = self.pricer.all(self.instance, target, prices, cutoff, most);
        let work = 20 * self.instance.weapons() as u64 + u64::from(self.pricer.nodes()) * 16;
        (found, work)
    }

    /// Largest shares first, then local search.
    fn round_off(
        &mut self,
        pool: &Pool,
        mixture: &Mixture,
        budget: &mut dyn Budget,
    ) -> Vec<Column> {
        let mut plan = Plan::empty(self.instance);
        let mut served = vec![false; self.instance.targets()];
        for (target, at) in mixture.heaviest(FAINT) {
            let shots = &pool.by_target[target][at].uses;
            if !served[target] && plan.holds(shots) {
                served[target] = true;
                for &weapon in shots {
                    plan.add(self.instance, target, weapon);
                }
            }
        }
        local_search(self.instance, &mut plan, budget);
        plan.columns(self.instance)
    }
}

impl Plan {
    /// One column per target.
    pub(super) fn columns(&self, instance: &Instance) -> Vec<Column> {
        let lists = self.shots().iter().enumerate();
        lists
            .map(|(target, shots)| column_of(instance, target, shots.clone()))
            .collect()
    }

    /// The plan of one column per target.
    pub(super) fn of_columns(instance: &Instance, choice: &[Column]) -> Self {
        let mut plan = Self::empty(instance);
        for (target, column) in choice.iter().enumerate() {
            if plan.holds(&column.uses) {
                for &weapon in &column.uses {
                    plan.add(instance, target, weapon);
                }
            }
        }
        plan
    }

    /// Whether the weapons have these shots left, which come in rising order.
    fn holds(&self, shots: &[usize]) -> bool {
        let mut groups = shots.chunk_by(|a, b| a == b);
        groups.all(|group| u32::try_from(group.len()).is_ok_and(|n| n <= self.left()[group[0]]))
    }
}
