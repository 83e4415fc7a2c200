//! Search and bound. See [`solve`].

use super::bound::fractional;
use super::exact::{Sets, bits};
use super::packing::Packing;
use super::problem::TopProblem;
use super::search::Search;
use crate::kernel::budget::Budget;

/// Cycles of the search before the proof is tried.
const FIRST_CYCLES: usize = 4;

/// Bounds within this share of a value prove it.
const NEGLIGIBLE: f64 = 1e-7;

/// Whole values up to this have a common divisor that is worth knowing.
const LARGEST_WHOLE: f64 = 1e9;

/// Tours, what they are worth, and what none can be worth more than.
#[derive(Clone, Debug, PartialEq)]
pub struct TopSolution {
    /// The visits of each tour in order, without start and end.
    pub tours: Vec<Vec<usize>>,
    /// What they are worth together.
    pub value: f64,
    /// No tours are worth more.
    pub bound: f64,
    /// Whether the bound shows that.
    pub proven: bool,
}

/// Finds tours of great value. Steps of the budget are about a microsecond of work; equal budgets
/// and seeds give equal answers.
pub fn solve(problem: &TopProblem, seed: u64, budget: &mut dyn Budget) -> TopSolution {
    let reachable = problem.reachable();
    let mut bound = fractional(problem, &reachable);
    let grain = grain(problem, &reachable);
    let mut search = Search::new(problem, seed);
    let mut going = true;
    if !reachable.is_empty() {
        for _ in 0..FIRST_CYCLES {
            going = going && search.cycle(budget);
        }
        if going && search.best.value < round_down(bound, grain) {
            bound = bound.min(prove(problem, &reachable, &mut search, grain, budget));
        }
        while search.best.value < round_down(bound, grain) && search.cycle(budget) {}
    }
    let best = &search.best;
    let value = best
        .tours
        .iter()
        .map(|tour| problem.value(tour.visits()))
        .sum();
    let proven = best.value >= round_down(bound, grain);
    TopSolution {
        tours: best
            .tours
            .iter()
            .map(|tour| tour.visits().to_vec())
            .collect(),
        value,
        bound: if proven {
            value
        } else {
            round_down(bound, grain).max(value)
        },
        proven,
    }
}

/// Searches among all sets of places that a tour can visit, if they are few; the bound that comes
/// of it, infinite if none.
fn prove(
    problem: &TopProblem,
    reachable: &[usize],
    search: &mut Search<'_>,
    grain: f64,
    budget: &mut dyn Budget,
) -> f64 {
    if !Sets::may_be_few(reachable) || !problem.is_metric(reachable) {
        return f64::INFINITY;
    }
    let Some(sets) = Sets::all(problem, reachable, budget) else {
        return f64::INFINITY;
    };
    let mut packing = Packing::new(problem, &sets, search.best.value, grain);
    packing.run(budget);
    if !packing.best_sets.is_empty() {
        let mut taken = 0;
        let mut tours = Vec::new();
        for &set in &packing.best_sets {
            tours.push(sets.order(problem, set & !taken));
            taken |= set;
        }
        debug_assert!(bits(taken).count() == tours.iter().map(Vec::len).sum::<usize>());
        search.take(&tours);
    }
    packing.bound
}

/// Least difference between two different sums of values: the common divisor of whole ones,
/// otherwise what rounding leaves.
fn grain(problem: &TopProblem, reachable: &[usize]) -> f64 {
    let values = || reachable.iter().map(|at| problem.place(*at).value);
    if values().all(|value| value <= LARGEST_WHOLE && value.fract().abs() < f64::MIN_POSITIVE) {
        let divisor = values().fold(0.0, |mut a: f64, mut b| {
            while b > 0.5 {
                (a, b) = (b, a % b);
            }
            a
        });
        return divisor.max(1.0);
    }
    4.0 * NEGLIGIBLE * (1.0 + values().sum::<f64>())
}

/// The greatest multiple of the grain within a bound.
fn round_down(bound: f64, grain: f64) -> f64 {
    let spare = bound * (1.0 + NEGLIGIBLE);
    if grain >= 1.0 {
        (spare / grain).floor() * grain
    } else {
        bound - grain
    }
}
