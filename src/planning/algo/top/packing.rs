//! The sets that are worth most together, proven by prices. See [`Packing`].
//!
//! With a price `0 <= w_j <= v_j` for visiting each place, no `m` sets are worth more than
//! `sum (v_j - w_j) + m max_S w(S)`: who covers a place earns its price once for every set, and
//! what the price leaves of the value comes for free. Prices by subgradients on the sets that
//! were dearest so far; then only sets whose price falls short of the dearest by less than the gap
//! can be part of anything better.

use super::exact::{Sets, bits};
use super::problem::TopProblem;
use crate::kernel::budget::Budget;

/// Times that the dearest sets are sought among all.
const SCANS: usize = 40;

/// Subgradient steps between two scans.
const STEPS: usize = 60;

/// Sets that become active with a scan.
const FRESH: usize = 20;

/// Values closer than this are equal.
const NEGLIGIBLE: f64 = 1e-7;

/// A search for sets that together are worth more than is known.
pub(super) struct Packing<'a> {
    sets: &'a Sets,
    tours: usize,
    /// Values of the bits.
    values: Vec<f64>,
    /// Their prices.
    prices: Vec<f64>,
    /// What the prices prove.
    pub(super) bound: f64,
    /// Sets that may be part of something better: by how much their price falls short, and which.
    near: Vec<(f64, u64)>,
    /// Smallest difference of two values.
    grain: f64,
    pub(super) best: f64,
    pub(super) best_sets: Vec<u64>,
    chosen: Vec<u64>,
    looks: u64,
    out: bool,
}

/// Sum over the bits of a set.
fn sum(numbers: &[f64], set: u64) -> f64 {
    bits(set).map(|bit| numbers[bit]).sum()
}

impl<'a> Packing<'a> {
    /// Sets among which something worth more than `known` is sought. Values are multiples of
    /// `grain`.
    pub(super) fn new(problem: &TopProblem, sets: &'a Sets, known: f64, grain: f64) -> Self {
        let values: Vec<f64> = sets
            .places
            .iter()
            .map(|at| problem.place(*at).value)
            .collect();
        Self {
            sets,
            tours: problem.tours(),
            prices: values.clone(),
            bound: values.iter().sum(),
            values,
            near: Vec::new(),
            grain,
            best: known,
            best_sets: Vec::new(),
            chosen: Vec::new(),
            looks: 0,
            out: false,
        }
    }

    /// What something better is worth at least.
    fn wanted(&self) -> f64 {
        self.best + self.grain - NEGLIGIBLE * (1.0 + self.best)
    }

    /// Lowers the bound, then searches; true if `best` is proven.
    pub(super) fn run(&mut self, budget: &mut dyn Budget) -> bool {
        if !self.price(budget) {
            return false;
        }
        let dearest = self.sets.sets.iter().map(|set| sum(&self.prices, *set));
        let dearest = dearest.fold(0.0, f64::max);
        let gap = self.bound - self.wanted();
        let short = |set: &u64| (dearest - sum(&self.prices, *set), *set);
        self.near = self
            .sets
            .sets
            .iter()
            .map(short)
            .filter(|set| set.0 <= gap)
            .collect();
        self.near
            .sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.choose(0, 0, 0.0, budget);
        if !self.out {
            self.bound = self.best;
        }
        !self.out
    }

    /// Finds prices with a low bound; false when the budget is out.
    fn price(&mut self, budget: &mut dyn Budget) -> bool {
        let mut active: Vec<u64> = Vec::new();
        let mut now = self.values.clone();
        let whole = self.tours as f64;
        for _ in 0..SCANS {
            let mut ranked: Vec<(f64, u64)> = self
                .sets
                .sets
                .iter()
                .map(|set| (sum(&now, *set), *set))
                .collect();
            let middle = FRESH.min(ranked.len().saturating_sub(1));
            if !ranked.is_empty() {
                ranked
                    .select_nth_unstable_by(middle, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            }
            let dearest = ranked[..ranked.len().min(middle + 1)].iter();
            let dearest = dearest.fold(0.0, |most: f64, set| most.max(set.0));
            let rest: f64 = self.values.iter().zip(&now).map(|(v, w)| v - w).sum();
            let bound = rest + whole * dearest;
            if bound < self.bound - NEGLIGIBLE {
                self.bound = bound;
                self.prices.clone_from(&now);
            }
            if self.bound < self.wanted() {
                return true;
            }
            if !budget.spend(1 + self.sets.sets.len() as u64 / 16) {
                return false;
            }
            active.extend(
                ranked[..ranked.len().min(middle + 1)]
                    .iter()
                    .map(|set| set.1),
            );
            active.sort_unstable();
            active.dedup();
            now.clone_from(&self.prices);
            if !self.descend(&active, &mut now, budget) {
                return false;
            }
        }
        true
    }

    /// Lowers the bound that the active sets alone would give.
    fn descend(&self, active: &[u64], now: &mut [f64], budget: &mut dyn Budget) -> bool {
        let whole = self.tours as f64;
        let mut trial = now.to_vec();
        let mut least = f64::INFINITY;
        let mut stride = 1.0;
        let mut way = vec![0.0; trial.len()];
        for _ in 0..STEPS {
            let priced = active.iter().map(|set| (sum(&trial, *set), *set));
            let (dearest, set) = priced.fold((0.0, 0), |a, b| if b.0 > a.0 { b } else { a });
            let rest: f64 = self.values.iter().zip(&trial).map(|(v, w)| v - w).sum();
            let bound = rest + whole * dearest;
            if bound < least {
                least = bound;
                now.copy_from_slice(&trial);
            } else {
                stride *= 0.95;
            }
            for (bit, way) in way.iter_mut().enumerate() {
                let inside = if set >> bit & 1 == 1 { whole } else { 0.0 };
                *way = 0.7 * *way + 1.0 - inside;
            }
            let length: f64 = way.iter().map(|x| x * x).sum();
            let step = stride * (bound - self.best).max(self.grain) / length.max(1.0);
            for ((price, way), value) in trial.iter_mut().zip(&way).zip(&self.values) {
                *price = (*price + step * way).clamp(0.0, *value);
            }
            if !budget.spend(1 + active.len() as u64 / 16) {
                return false;
            }
        }
        true
    }

    /// Adds sets from `from` on to those chosen, which visit `taken` and whose bound is lower by
    /// `lost` than that of the prices.
    fn choose(&mut self, from: usize, taken: u64, lost: f64, budget: &mut dyn Budget) {
        let free = self.tours - self.chosen.len();
        for at in from..self.near.len() {
            let (short, set) = self.near[at];
            if self.bound - lost - free as f64 * short < self.wanted() || self.out {
                return;
            }
            self.looks += 1;
            if self.looks.is_multiple_of(1024) && !budget.spend(16) {
                self.out = true;
            }
            let lost = lost + short + sum(&self.prices, set & taken);
            if self.bound - lost < self.wanted() {
                continue;
            }
            let union = taken | set;
            self.chosen.push(set);
            let value = sum(&self.values, union);
            if value >= self.wanted() {
                self.best = value;
                self.best_sets.clone_from(&self.chosen);
            }
            if free > 1 {
                self.choose(at + 1, union, lost, budget);
            }
            self.chosen.pop();
        }
    }
}
