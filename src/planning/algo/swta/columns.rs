//! Columns of pairs, for the solver of partitions.

use super::instance::{Instance, Pair};
use super::local::{Plan, Shot};
use super::ordered::{Found, Order, OrderedSearch};
use super::pricing::{PairSearch, uses_of};
use crate::kernel::budget::Budget;
use crate::planning::algo::partition::{Column, Mixture, Pool, Priced, Pricing};

/// Shares below this are no hint.
const FAINT: f64 = 0.05;

/// The pairs as columns.
pub(super) fn columns(instance: &Instance, pairs: &[Vec<Pair>]) -> Vec<Column> {
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

/// Prices columns of pairs; the resources are the weapons, then the sensors.
pub(super) struct PairPricing<'a> {
    instance: &'a Instance,
    capacity: Vec<f64>,
    /// Order of each target's weapons and sensors, where all pairs work.
    orders: Option<Vec<Order>>,
    /// Where to begin each target's next search; see [`OrderedSearch::best`].
    steepness: Vec<usize>,
    /// The instance with weapons and sensors exchanged, where some pairs do not work and sensors are
    /// fewer: a search branches over the fewer.
    exchanged: Option<Instance>,
}

impl<'a> PairPricing<'a> {
    /// For this instance.
    pub(super) fn new(instance: &'a Instance) -> Self {
        let orders = (0..instance.targets()).map(|target| instance.order(target));
        Self {
            instance,
            capacity: vec![1.0; instance.weapons() + instance.sensors()],
            steepness: vec![0; instance.targets()],
            orders: instance.all_work().then(|| orders.collect()),
            exchanged: (!instance.all_work() && instance.weapons() > instance.sensors())
                .then(|| instance.exchanged()),
        }
    }

    /// The instance to search and the prices in its order, where some pairs do not work.
    fn searched(&self, prices: &[f64]) -> (&Instance, Vec<f64>) {
        let (weapons, sensors) = prices.split_at(self.instance.weapons());
        match &self.exchanged {
            Some(exchanged) => (exchanged, [sensors, weapons].concat()),
            None => (self.instance, prices.to_vec()),
        }
    }

    /// Resources of the instance that was searched as those of the instance.
    fn named(&self, mut uses: Vec<usize>) -> Vec<usize> {
        if self.exchanged.is_some() {
            let (weapons, sensors) = (self.instance.weapons(), self.instance.sensors());
            for r in &mut uses {
                *r = r.checked_sub(sensors).unwrap_or(*r + weapons);
            }
            uses.sort_unstable();
        }
        uses
    }

    /// Work of a search that does not know the order, in visits.
    fn work(&self, nodes: u32) -> u64 {
        let pairs = (self.instance.weapons() * self.instance.sensors()) as u64;
        16 * pairs + u64::from(nodes) * self.instance.sensors() as u64
    }

    /// A found set as a column.
    fn column(&self, (pairs, cost): Found) -> Column {
        let uses = uses_of(self.instance, &pairs);
        Column { uses, cost }
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
        if let Some(orders) = &self.orders {
            let order = &orders[target];
            let mut search = OrderedSearch::new(self.instance, target, order, prices, 0.0);
            let (least, found) = search.best(self.instance, target, &mut self.steepness[target]);
            return Priced {
                least,
                column: self.column(found),
                work: search.work(),
            };
        }
        let (instance, prices) = self.searched(prices);
        let mut search = PairSearch::new(instance, target, &prices);
        let (least, pairs) = search.best();
        let uses = self.named(uses_of(instance, &pairs));
        Priced {
            least,
            column: column_of(self.instance, target, uses),
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
        if let Some(orders) = &self.orders {
            let order = &orders[target];
            let mut least = OrderedSearch::new(self.instance, target, order, prices, 0.0);
            // A pair that saves less than its price by more than this makes any column too dear.
            let spare = cutoff
                - least
                    .best(self.instance, target, &mut self.steepness[target])
                    .0
                + 1e-12 * cutoff.abs();
            let mut search = OrderedSearch::new(self.instance, target, order, prices, spare);
            let found = search.all(self.instance, target, cutoff, most);
            let column = |found| self.column(found);
            let columns = found.map(|sets| sets.into_iter().map(column).collect());
            return (columns, least.work() + search.work());
        }
        let (instance, prices) = self.searched(prices);
        let search = PairSearch::new(instance, target, &prices);
        let (sets, nodes) = search.all(cutoff, most);
        let column = |(uses, cost)| Column {
            uses: self.named(uses),
            cost,
        };
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
