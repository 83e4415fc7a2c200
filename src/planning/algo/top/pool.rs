//! A memory of good tours, and the best ones of it together. See [`Pool`].

use super::problem::TopProblem;
use super::tour::Tour;
use crate::kernel::budget::Budget;
use std::collections::BTreeMap;

/// Tours that are remembered.
const CAPACITY: usize = 800;

/// Looks at the budget are so many tours apart.
const LOOKS: u64 = 2000;

/// Places as bits.
type Bits = Vec<u64>;

/// Tours by the places they visit.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    words: usize,
    /// For a set of places: its value, the end of its shortest tour, and that tour.
    tours: BTreeMap<Bits, (f64, f64, Vec<usize>)>,
}

/// A search for the tours that are worth most together.
struct Combination<'a> {
    problem: &'a TopProblem,
    /// Places, value and visits, the most valuable first.
    ranked: Vec<(&'a Bits, f64, &'a Vec<usize>)>,
    chosen: Vec<usize>,
    best: Vec<usize>,
    best_value: f64,
    looks: u64,
    out: bool,
}

impl Pool {
    /// A memory for so many places.
    pub(super) fn new(places: usize) -> Self {
        Self {
            words: places.div_ceil(64),
            tours: BTreeMap::new(),
        }
    }

    /// Remembers a tour.
    pub(super) fn add(&mut self, problem: &TopProblem, tour: &Tour) {
        let mut bits = vec![0; self.words];
        for at in tour.visits() {
            bits[at / 64] |= 1 << (at % 64);
        }
        let end = tour.end_s();
        let known = self.tours.get_mut(&bits);
        match known {
            Some((_, known_end, _)) if *known_end <= end => {}
            _ => {
                let value = problem.value(tour.visits());
                self.tours
                    .insert(bits, (value, end, tour.visits().to_vec()));
            }
        }
        if self.tours.len() > 2 * CAPACITY {
            self.forget();
        }
    }

    /// Keeps the most valuable tours.
    fn forget(&mut self) {
        let mut values: Vec<f64> = self.tours.values().map(|tour| tour.0).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let least = values[CAPACITY];
        self.tours.retain(|_, tour| tour.0 > least);
    }

    /// The tours that visit most value together, places of several counted once.
    pub(super) fn combine(&self, problem: &TopProblem, budget: &mut dyn Budget) -> Vec<Vec<usize>> {
        let mut ranked: Vec<_> = self
            .tours
            .iter()
            .map(|(bits, tour)| (bits, tour.0, &tour.2))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked.truncate(CAPACITY);
        let mut search = Combination {
            problem,
            ranked,
            chosen: Vec::new(),
            best: Vec::new(),
            best_value: 0.0,
            looks: 0,
            out: false,
        };
        search.extend(0, &vec![0; self.words], 0.0, budget);
        search
            .best
            .iter()
            .map(|at| search.ranked[*at].2.clone())
            .collect()
    }
}

impl Combination<'_> {
    /// Adds tours from `from` on to those chosen, which visit the places `taken` of this value.
    fn extend(&mut self, from: usize, taken: &Bits, value: f64, budget: &mut dyn Budget) {
        let free = self.problem.tours() - self.chosen.len();
        for at in from..self.ranked.len() {
            if self.out || value + whole(free) * self.ranked[at].1 <= self.best_value {
                return;
            }
            self.looks += 1;
            if self.looks.is_multiple_of(LOOKS) {
                self.out = !budget.spend(LOOKS / 100) || self.looks > 30 * LOOKS;
            }
            let (bits, worth, visits) = self.ranked[at];
            let both = taken.iter().zip(bits).any(|(a, b)| a & b != 0);
            let gain = if both {
                let is_free = |at: &&usize| taken[**at / 64] >> (**at % 64) & 1 == 0;
                let fresh = visits.iter().filter(is_free);
                fresh.map(|at| self.problem.place(*at).value).sum()
            } else {
                worth
            };
            let rest = if free > 1 {
                self.ranked.get(at + 1).map_or(0.0, |next| next.1)
            } else {
                0.0
            };
            if value + gain + whole(free - 1) * rest <= self.best_value {
                continue;
            }
            self.chosen.push(at);
            if value + gain > self.best_value {
                self.best_value = value + gain;
                self.best.clone_from(&self.chosen);
            }
            if free > 1 {
                let union = taken.iter().zip(bits).map(|(a, b)| a | b).collect();
                self.extend(at + 1, &union, value + gain, budget);
            }
            self.chosen.pop();
        }
    }
}

/// A small count as a double.
fn whole(count: usize) -> f64 {
    count as f64
}
