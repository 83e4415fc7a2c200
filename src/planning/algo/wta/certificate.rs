//! Proof of a lower bound by prices alone, checked without the solver.
//!
//! For prices `l_i >= 0` no plan's value is less than `sum_j m_j - units sum_i l_i`, where `m_j` is the
//! least of `V_j prod q_i^x_i + sum l_i x_i` over whole `x`, `0 <= x_i <= units`. [`bound_of`] works
//! out the `m_j` by a search of its own: `exp(-e)` lies above each of its tangents, so for any slope
//! `s` what survives an effort `e` is at least `s (1 + ln(V / s) - e)`, and a node's bound is a sum
//! of one term per weapon. It shares the instance with the solver, and nothing else.

use super::instance::Instance;
use crate::kernel::budget::Budget;
use crate::kernel::math;
use serde::{Deserialize, Serialize};

/// Most nodes of the search on one target; beyond, the tangent's bound stands in for the least.
const MOST_NODES: u64 = 20_000_000;

/// Most shots on one target that the search follows.
const MOST_DEPTH: usize = 1_500;

/// Prices of shots, and the bound that they prove.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// Price of each weapon's shot, in units of value.
    pub prices: Vec<f64>,
    /// No plan's expected surviving value is less.
    pub bound: f64,
}

/// The bound that these prices prove; none if their number is wrong, one is negative or not finite, or
/// the budget ends. One step is one node of the search.
pub fn bound_of(instance: &Instance, prices: &[f64], budget: &mut dyn Budget) -> Option<f64> {
    let good = |price: &f64| price.is_finite() && *price >= 0.0;
    if prices.len() != instance.weapons() || !prices.iter().all(good) {
        return None;
    }
    let paid = f64::from(instance.units()) * prices.iter().sum::<f64>();
    let mut least = 0.0;
    for target in 0..instance.targets() {
        let (of_target, nodes) = least_of(instance, target, prices);
        least += of_target;
        if !budget.spend(nodes.max(1)) {
            return None;
        }
    }
    Some(least - paid)
}

/// The least of value and prices on one target, and the nodes that it took.
fn least_of(instance: &Instance, target: usize, prices: &[f64]) -> (f64, u64) {
    let value = instance.values()[target];
    if value <= 0.0 {
        return (0.0, 0);
    }
    let mut certain = f64::INFINITY;
    let mut weapons = Vec::new();
    for (&survival, &price) in instance.survivals(target).iter().zip(prices) {
        if survival <= 0.0 {
            certain = certain.min(price);
        } else if survival < 1.0 {
            weapons.push((price, -math::log(survival)));
        }
    }
    let slope = best_slope(value, &weapons, instance.units());
    let mut terms: Vec<Term> = weapons
        .iter()
        .map(|&(price, effort)| Term {
            price,
            kept: math::exp(-effort),
            reduced: price - slope * effort,
        })
        .collect();
    terms.sort_by(|a, b| a.reduced.total_cmp(&b.reduced));
    let mut rest = vec![0.0; terms.len() + 1];
    for at in (0..terms.len()).rev() {
        rest[at] = rest[at + 1] + f64::from(instance.units()) * terms[at].reduced.min(0.0);
    }
    let root = slope * (1.0 + math::log(value / slope));
    let mut search = Search {
        terms,
        rest,
        units: instance.units(),
        best: certain.min(value),
        nodes: 0,
        cut_short: false,
    };
    search.below(0, 0, 0, root, (value, 0.0));
    let least = match search.cut_short {
        true => search.best.min(root + search.rest[0]),
        false => search.best,
    };
    (least, search.nodes)
}

/// The slope whose tangent gives the best bound at the root, which is concave in it: bisection on
/// its derivative.
fn best_slope(value: f64, weapons: &[(f64, f64)], units: u32) -> f64 {
    let (mut low, mut high) = (value * 1e-12, value);
    for _ in 0..100 {
        let slope = 0.5 * (low + high);
        let worth = weapons
            .iter()
            .filter(|&&(price, effort)| price < slope * effort);
        let effort: f64 = worth.map(|&(_, effort)| effort * f64::from(units)).sum();
        if math::log(value / slope) > effort {
            low = slope;
        } else {
            high = slope;
        }
    }
    high
}

/// A weapon in the search.
struct Term {
    price: f64,
    /// Share that survives a shot.
    kept: f64,
    /// Price less what the tangent says that a shot saves.
    reduced: f64,
}

/// Depth-first search on one target.
struct Search {
    /// Weapons in rising order of `reduced`.
    terms: Vec<Term>,
    /// What the weapons from each one on can still save, at most; at most zero.
    rest: Vec<f64>,
    units: u32,
    best: f64,
    nodes: u64,
    cut_short: bool,
}

impl Search {
    /// All plans that add shots of weapons from `first` on to the present node, whose tangent bound
    /// without further shots is `tangent` and which has `(surviving, paid)`.
    fn below(&mut self, first: usize, used: u32, depth: usize, tangent: f64, now: (f64, f64)) {
        self.cut_short |= self.nodes > MOST_NODES || depth > MOST_DEPTH;
        for at in first..self.terms.len() {
            let spent = if at == first { used } else { 0 };
            let reduced = self.terms[at].reduced;
            // Weapons come in rising order: no later one does better.
            if self.cut_short || tangent + reduced.max(0.0) + self.rest[at] >= self.best {
                return;
            }
            if spent < self.units {
                self.nodes += 1;
                let (surviving, paid) = (now.0 * self.terms[at].kept, now.1 + self.terms[at].price);
                self.best = self.best.min(surviving + paid);
                self.below(
                    at,
                    spent + 1,
                    depth + 1,
                    tangent + reduced,
                    (surviving, paid),
                );
            }
        }
    }
}
