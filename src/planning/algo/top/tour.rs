//! One tour with the times that make insertion checks take constant time. See [`Tour`].

use super::problem::TopProblem;
use crate::kernel::budget::Budget;

/// Changes of less than this, s, are rounding.
pub(super) const NEGLIGIBLE_S: f64 = 1e-9;

/// Places in order, from the start to the end, with earliest and latest times of visits.
#[derive(Clone, Debug)]
pub(super) struct Tour {
    /// Start, visits, end.
    stops: Vec<usize>,
    /// When service at each begins, s.
    begins: Vec<f64>,
    /// When it may begin at the latest for the rest to hold, s.
    latest: Vec<f64>,
    /// Travel time to the next, s.
    legs: Vec<f64>,
    /// Whether it may be shorter than [`Self::shorten`] left it.
    stale: bool,
}

impl Tour {
    /// From the start straight to the end.
    pub(super) fn empty(problem: &TopProblem) -> Self {
        let mut tour = Self {
            stops: vec![0, problem.len() - 1],
            begins: Vec::new(),
            latest: Vec::new(),
            legs: Vec::new(),
            stale: false,
        };
        tour.update(problem);
        tour
    }

    /// Visits, without start and end.
    pub(super) fn visits(&self) -> &[usize] {
        &self.stops[1..self.stops.len() - 1]
    }

    /// When the tour ends, s.
    pub(super) fn end_s(&self) -> f64 {
        self.begins[self.begins.len() - 1]
    }

    /// Takes these visits.
    pub(super) fn set(&mut self, problem: &TopProblem, visits: &[usize]) {
        self.stops.truncate(1);
        self.stops.extend(visits);
        self.stops.push(problem.len() - 1);
        self.update(problem);
    }

    /// Works out all times anew.
    fn update(&mut self, problem: &TopProblem) {
        let count = self.stops.len();
        self.stale = true;
        self.legs.clear();
        let legs = self
            .stops
            .windows(2)
            .map(|leg| problem.travel_s(leg[0], leg[1]));
        self.legs.extend(legs);
        self.begins.clear();
        self.begins.push(0.0);
        for k in 1..count {
            let (from, to) = (self.stops[k - 1], self.stops[k]);
            let leaves = self.begins[k - 1] + service(problem, from);
            let arrives = leaves + self.legs[k - 1];
            self.begins.push(if k + 1 < count {
                arrives.max(problem.place(to).opens_s)
            } else {
                arrives
            });
        }
        self.latest.clear();
        self.latest.resize(count, problem.deadline_s());
        for k in (1..count - 1).rev() {
            let at = self.stops[k];
            let left = self.latest[k + 1] - self.legs[k] - service(problem, at);
            self.latest[k] = left.min(problem.closes_s(at));
        }
    }

    /// Whether all windows and the limit hold.
    pub(super) fn holds(&self) -> bool {
        self.begins
            .iter()
            .zip(&self.latest)
            .all(|(begins, latest)| begins <= latest)
    }

    /// Time added by visiting a place after the `k`-th stop, s; `None` if it does not fit.
    fn added_s(&self, problem: &TopProblem, place: usize, k: usize) -> Option<f64> {
        let (from, to) = (self.stops[k], self.stops[k + 1]);
        let leaves = self.begins[k] + service(problem, from);
        let begins = (leaves + problem.travel_s(from, place)).max(problem.place(place).opens_s);
        let arrives = begins + problem.place(place).service_s + problem.travel_s(place, to);
        if begins > problem.closes_s(place) || arrives > self.latest[k + 1] {
            return None;
        }
        Some(arrives - leaves - problem.travel_s(from, to))
    }

    /// The cheapest insertion of a place: time added, s, and the stop that it follows.
    pub(super) fn cheapest(&self, problem: &TopProblem, place: usize) -> Option<(f64, usize)> {
        if !problem.has_windows() {
            return self.cheapest_anytime(problem, place);
        }
        let mut best: Option<(f64, usize)> = None;
        for k in 0..self.stops.len() - 1 {
            if let Some(added) = self.added_s(problem, place, k)
                && best.is_none_or(|(least, _)| added < least)
            {
                best = Some((added, k));
            }
        }
        best
    }

    /// The same where no place has a window, so that only the end of the tour matters.
    fn cheapest_anytime(&self, problem: &TopProblem, place: usize) -> Option<(f64, usize)> {
        let (leaving, arriving) = (problem.leaving_s(place), problem.arriving_s(place));
        let mut best = (f64::INFINITY, 0);
        for (k, (stops, leg)) in self.stops.windows(2).zip(&self.legs).enumerate() {
            let added = arriving[stops[0]] + leaving[stops[1]] - leg;
            if added < best.0 {
                best = (added, k);
            }
        }
        best.0 += problem.place(place).service_s;
        (self.end_s() + best.0 <= problem.deadline_s()).then_some(best)
    }

    /// Visits a place after the `k`-th stop.
    pub(super) fn insert(&mut self, problem: &TopProblem, place: usize, k: usize) {
        self.stops.insert(k + 1, place);
        self.update(problem);
    }

    /// Drops the visits for which `keep` is false.
    pub(super) fn retain(&mut self, problem: &TopProblem, mut keep: impl FnMut(usize) -> bool) {
        let last = problem.len() - 1;
        self.stops
            .retain(|&stop| stop == 0 || stop == last || keep(stop));
        self.update(problem);
    }

    /// Time saved by dropping the `k`-th visit, s.
    pub(super) fn saved_s(&self, problem: &TopProblem, k: usize) -> f64 {
        let [from, at, to] = [self.stops[k], self.stops[k + 1], self.stops[k + 2]];
        let way = problem.travel_s(from, at) + problem.travel_s(at, to);
        way - problem.travel_s(from, to) + service(problem, at)
    }

    /// Shortens the tour by turning parts round and moving short ones until neither helps or the
    /// budget is out; true if it became shorter. Work: `O(k²)` per improvement, `O(k³)` with
    /// windows.
    pub(super) fn shorten(&mut self, problem: &TopProblem, budget: &mut dyn Budget) -> bool {
        let mut shortened = false;
        if !core::mem::take(&mut self.stale) {
            return false;
        }
        let size = self.stops.len() as u64;
        while budget.spend(1 + size * size / 500)
            && (self.reverse_once(problem) || self.move_once(problem))
        {
            shortened = true;
        }
        self.stale = false;
        shortened
    }

    /// Turns the first part round that makes the tour shorter.
    fn reverse_once(&mut self, problem: &TopProblem) -> bool {
        let count = self.stops.len();
        for i in 0..count.saturating_sub(3) {
            let (a, b) = (self.stops[i], self.stops[i + 1]);
            let (from_a, from_b) = (problem.leaving_s(a), problem.leaving_s(b));
            for j in i + 2..count - 1 {
                let before = self.legs[i] + self.legs[j];
                let after = from_a[self.stops[j]] + from_b[self.stops[j + 1]];
                if after < before - NEGLIGIBLE_S
                    && self.replace(problem, |stops| stops[i + 1..=j].reverse())
                {
                    return true;
                }
            }
        }
        false
    }

    /// Moves the first part of up to three visits that makes the tour shorter elsewhere.
    fn move_once(&mut self, problem: &TopProblem) -> bool {
        let count = self.stops.len();
        for size in 1..=3 {
            for i in 1..(count - 1).saturating_sub(size - 1) {
                let (before, first) = (self.stops[i - 1], self.stops[i]);
                let (last, after) = (self.stops[i + size - 1], self.stops[i + size]);
                let gap =
                    self.legs[i - 1] + self.legs[i + size - 1] - problem.travel_s(before, after);
                let (to_first, from_last) = (problem.arriving_s(first), problem.leaving_s(last));
                for k in (0..count - 1).filter(|k| k + 1 < i || *k >= i + size) {
                    let (a, b) = (self.stops[k], self.stops[k + 1]);
                    let detour = to_first[a] + from_last[b] - self.legs[k];
                    if detour < gap - NEGLIGIBLE_S
                        && self.replace(problem, |stops| {
                            if k < i {
                                stops[k + 1..i + size].rotate_right(size);
                            } else {
                                stops[i..=k].rotate_left(size);
                            }
                        })
                    {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Makes a change if it holds and the tour ends no later.
    fn replace(&mut self, problem: &TopProblem, change: impl FnOnce(&mut [usize])) -> bool {
        let mut changed = self.clone();
        change(&mut changed.stops);
        changed.update(problem);
        let better = changed.holds() && changed.end_s() < self.end_s() - NEGLIGIBLE_S;
        if better {
            *self = changed;
        }
        better
    }
}

/// Time of a visit, s; none at the start.
fn service(problem: &TopProblem, at: usize) -> f64 {
    if at == 0 {
        0.0
    } else {
        problem.place(at).service_s
    }
}
