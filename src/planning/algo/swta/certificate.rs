//! Proof of an upper bound by prices alone, checked without the solver.
//!
//! For prices `l >= 0` of weapons and sensors no plan leaves less threat than `sum_t m_t - sum l`, where
//! `m_t` is the least of `v_t prod (1 - d e)` plus the prices used, over all sets of pairs that use nothing
//! twice. [`bound_of`] works out the `m_t` by a search of its own that knows nothing of the order of
//! chances and serves restricted pairs as well: what survives an effort `e` is at least
//! `g (1 + ln(v / g) - e)` for every slope `g`, and the least of price less `g` times effort over all
//! sets of pairs is an assignment. Any values `b_s <= 0` of sensors, with `a_w` the least of zero and what
//! remains of weapon `w` over its sensors, bound that assignment by their sum, and a set of pairs
//! exceeds the sum by what its pairs and its idle weapons lack: a few slopes at once cut the search off.
//! It shares the instance and linear assignment with the solver, and nothing else.

use super::instance::Instance;
use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::budget::Budget;
use crate::kernel::math;

/// Most nodes of the search on one target; beyond, the least bound of what is left stands in.
const MOST_NODES: u64 = 2_000_000;

/// Slopes that cut the search off, as shares of the best one.
const SLOPES: [f64; 7] = [1.0, 0.6, 0.75, 0.87, 1.15, 1.4, 1.9];

/// Shares of the threat among which the best slope is sought, and how often the step is halved.
const FIRST_STEP: f64 = 4.0;
const HALVINGS: usize = 6;

/// The most threat that any plan removes, by these prices of weapons, then of sensors; none if their
/// number is wrong, one is negative or not finite, or the budget ends. One step is one pair that the
/// search looks at.
pub fn bound_of(instance: &Instance, prices: &[f64], budget: &mut dyn Budget) -> Option<f64> {
    let good = |price: &f64| price.is_finite() && *price >= 0.0;
    let resources = instance.weapons() + instance.sensors();
    if prices.len() != resources || !prices.iter().all(good) {
        return None;
    }
    let mut left = -prices.iter().sum::<f64>();
    for target in 0..instance.targets() {
        left += least_of(instance, target, prices, budget)?;
    }
    Some(instance.threat().iter().sum::<f64>() - left)
}

/// The least of threat and prices on one target; none if the budget ends.
fn least_of(
    instance: &Instance,
    target: usize,
    prices: &[f64],
    budget: &mut dyn Budget,
) -> Option<f64> {
    let threat = instance.threat()[target];
    let pairs = pairs_of(instance, target, prices);
    if pairs.cells.is_empty() {
        return Some(threat);
    }
    let work = (pairs.cells.len() * pairs.weapons.len()) as u64;
    if !budget.spend(40 * work) {
        return None;
    }
    let best = best_slope(&pairs);
    let views: Vec<View> = SLOPES
        .iter()
        .map(|share| View::new(&pairs, share * best))
        .collect();
    let mut order: Vec<usize> = (0..pairs.weapons.len()).collect();
    order.sort_by(|&a, &b| {
        views[0].idle[b]
            .total_cmp(&views[0].idle[a])
            .then(a.cmp(&b))
    });
    let bounds: Vec<f64> = views.iter().map(|view| view.bound).collect();
    let mut search = Search {
        used: vec![false; pairs.sensors],
        best: threat,
        nodes: 0,
        pairs: &pairs,
        order,
        views: &views,
        budget,
        open: f64::INFINITY,
        ended: false,
    };
    search.below(0, &bounds, (threat, 0.0));
    (!search.ended).then(|| search.best.min(search.open))
}

/// A pair that may be worth its price on a target.
#[derive(Clone, Copy)]
struct Cell {
    sensor: usize,
    price: f64,
    kept: f64,
    effort: f64,
}

/// The pairs that may be worth their prices on a target.
struct Pairs {
    threat: f64,
    /// Number of sensors of the instance.
    sensors: usize,
    /// For each weapon that has any, the range of its cells.
    weapons: Vec<std::ops::Range<usize>>,
    cells: Vec<Cell>,
}

/// Gathers them: a pair saves at most what it saves as the first one.
fn pairs_of(instance: &Instance, target: usize, prices: &[f64]) -> Pairs {
    let threat = instance.threat()[target];
    let (own, others) = prices.split_at(instance.weapons());
    let mut pairs = Pairs {
        threat,
        sensors: others.len(),
        weapons: Vec::new(),
        cells: Vec::new(),
    };
    for (weapon, price) in own.iter().enumerate() {
        let from = pairs.cells.len();
        for (sensor, other) in others.iter().enumerate() {
            let kept = instance.kept(target, (weapon, sensor));
            let price = price + other;
            if threat * (1.0 - kept) > price {
                // The logarithm of nothing: as much as wipes out any threat.
                let effort = if kept > 0.0 { -math::log(kept) } else { 746.0 };
                pairs.cells.push(Cell {
                    sensor,
                    price,
                    kept,
                    effort,
                });
            }
        }
        if pairs.cells.len() > from {
            pairs.weapons.push(from..pairs.cells.len());
        }
    }
    pairs
}

/// The slope whose bound is best, which is concave in it: steps up and down that get smaller.
fn best_slope(pairs: &Pairs) -> f64 {
    let bound = |slope: f64| View::new(pairs, slope).bound;
    let (mut at, mut step) = (0.3 * pairs.threat, FIRST_STEP);
    let mut best = bound(at);
    for _ in 0..HALVINGS {
        for next in [at * step, at / step] {
            let then = bound(next);
            if then > best {
                (at, best) = (next, then);
            }
        }
        step = step.sqrt();
    }
    at
}

/// What one slope says of all sets of pairs on a target.
struct View {
    /// No set costs less.
    bound: f64,
    /// What a set costs more at least, for each of its pairs.
    excess: Vec<f64>,
    /// And for each weapon that it leaves idle.
    idle: Vec<f64>,
}

impl View {
    /// The view of a slope; sensors are valued by an assignment, and whatever it says, the bound holds.
    fn new(pairs: &Pairs, slope: f64) -> Self {
        let reduced = |cell: &Cell| cell.price - slope * cell.effort;
        let mut costs = vec![f64::INFINITY; pairs.weapons.len() * pairs.sensors];
        for (row, range) in pairs.weapons.iter().enumerate() {
            for cell in &pairs.cells[range.clone()] {
                costs[row * pairs.sensors + cell.sensor] = reduced(cell);
            }
        }
        let mut assigner = Assigner::default();
        let solved = Costs::new(pairs.weapons.len(), pairs.sensors, &costs);
        let solved = solved.and_then(|costs| assigner.solve(&costs, Some(0.0)).cloned());
        let duals = solved.map(|found| found.col_dual).unwrap_or_default();
        let values: Vec<f64> = (0..pairs.sensors)
            .map(|sensor| duals.get(sensor).map_or(0.0, |value| value.min(0.0)))
            .collect();
        let beyond = |cell: &Cell| reduced(cell) - values[cell.sensor];
        let least = |range: &std::ops::Range<usize>| {
            let cells = pairs.cells[range.clone()].iter();
            cells.map(beyond).fold(0.0_f64, f64::min)
        };
        let idle: Vec<f64> = pairs.weapons.iter().map(|range| -least(range)).collect();
        let of_weapon = |(range, idle): (&std::ops::Range<usize>, &f64)| {
            let cells = pairs.cells[range.clone()].iter();
            cells.map(|cell| beyond(cell) + idle).collect::<Vec<f64>>()
        };
        let excess = pairs.weapons.iter().zip(&idle).flat_map(of_weapon);
        let tangent = slope * (1.0 + math::log(pairs.threat / slope));
        Self {
            excess: excess.collect(),
            bound: tangent + values.iter().sum::<f64>() - idle.iter().sum::<f64>(),
            idle,
        }
    }
}

/// Depth-first search on one target.
struct Search<'a> {
    pairs: &'a Pairs,
    views: &'a [View],
    /// The weapons, those first whose idleness costs most.
    order: Vec<usize>,
    used: Vec<bool>,
    best: f64,
    nodes: u64,
    /// The least bound of what a search of too many nodes has left out.
    open: f64,
    budget: &'a mut dyn Budget,
    ended: bool,
}

impl Search<'_> {
    /// All sets that add pairs of weapons from `first` on to the present one, which costs at least
    /// `bounds` and of which `(surviving, paid)` is so.
    fn below(&mut self, first: usize, bounds: &[f64], now: (f64, f64)) {
        let mut bounds = bounds.to_vec();
        for at in first..self.order.len() {
            let weapon = self.order[at];
            let range = self.pairs.weapons[weapon].clone();
            if self.ended || self.is_beyond(&bounds) {
                return;
            }
            if self.nodes > MOST_NODES {
                let bound = bounds.iter().copied().fold(now.1, f64::max);
                self.open = self.open.min(bound);
                return;
            }
            self.ended |= !self.budget.spend(range.len() as u64);
            for index in range {
                let cell = self.pairs.cells[index];
                let views = self.views.iter();
                let lacks = views.clone().map(|view| view.excess[index]);
                let then: Vec<f64> = bounds.iter().zip(lacks).map(|(b, e)| b + e).collect();
                if self.used[cell.sensor] || self.is_beyond(&then) {
                    continue;
                }
                self.nodes += 1;
                let (surviving, paid) = (now.0 * cell.kept, now.1 + cell.price);
                self.best = self.best.min(surviving + paid);
                if paid < self.best {
                    self.used[cell.sensor] = true;
                    self.below(at + 1, &then, (surviving, paid));
                    self.used[cell.sensor] = false;
                }
            }
            for (bound, view) in bounds.iter_mut().zip(self.views) {
                *bound += view.idle[weapon];
            }
        }
    }

    /// Whether a slope rules everything below out.
    fn is_beyond(&self, bounds: &[f64]) -> bool {
        bounds.iter().any(|&bound| bound >= self.best)
    }
}
