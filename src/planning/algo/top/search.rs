//! Destroying and mending tours, with a memory of good ones. See [`Search`].

use super::pool::Pool;
use super::problem::TopProblem;
use super::tour::{NEGLIGIBLE_S, Tour};
use crate::kernel::budget::Budget;
use crate::kernel::math::pow;
use crate::kernel::random::{DrawKey, Draws, Stream};

/// Rounds after which the best tours are put together anew.
const ROUNDS_PER_CYCLE: u64 = 600;

/// Worst fall in value that is accepted at the start of a cycle, as a share of the value.
const TOLERANCE: f64 = 0.15;

/// Widths of the noise on the weights of places.
const NOISES: [f64; 3] = [0.0, 0.4, 0.9];

/// One in so many visits is the most that a round drops.
const LARGEST_DROP: usize = 3;

/// Most times that tours are filled and shortened in a round.
const PASSES: usize = 4;

/// A set of tours.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) tours: Vec<Tour>,
    /// Place by place: is it in no tour?
    left: Vec<bool>,
    /// Value of all visits.
    pub(super) value: f64,
}

/// Tours under way.
#[derive(Debug)]
pub(super) struct Search<'a> {
    problem: &'a TopProblem,
    draws: Draws,
    pub(super) now: Plan,
    pub(super) best: Plan,
    pool: Pool,
    /// Places that the next mending may not insert at first.
    barred: Vec<usize>,
    /// Places that a tour can visit at all.
    reach: Vec<usize>,
    /// Place and tour by turns: the cheapest insertion, time added and where.
    insertions: Vec<Option<(f64, usize)>>,
}

impl Plan {
    /// No visits.
    fn empty(problem: &TopProblem) -> Self {
        let mut left = vec![true; problem.len()];
        left[0] = false;
        left[problem.len() - 1] = false;
        Self {
            tours: vec![Tour::empty(problem); problem.tours()],
            left,
            value: 0.0,
        }
    }

    /// Time that all tours take, s.
    fn length_s(&self) -> f64 {
        self.tours.iter().map(Tour::end_s).sum()
    }

    /// Whether it is worth more, or as much in less time.
    fn beats(&self, other: &Self) -> bool {
        let shorter = self.length_s() < other.length_s() - NEGLIGIBLE_S;
        self.value > other.value || self.value >= other.value && shorter
    }

    /// Drops the marked places.
    fn drop_marked(&mut self, problem: &TopProblem, marked: &[bool]) {
        for tour in &mut self.tours {
            if tour.visits().iter().any(|at| marked[*at]) {
                for &at in tour.visits().iter().filter(|at| marked[**at]) {
                    self.left[at] = true;
                    self.value -= problem.place(at).value;
                }
                tour.retain(problem, |at| !marked[at]);
            }
        }
    }
}

impl<'a> Search<'a> {
    /// Starts with empty tours.
    pub(super) fn new(problem: &'a TopProblem, seed: u64) -> Self {
        let count = problem.len();
        Self {
            problem,
            draws: DrawKey::new(Stream::Search, 1, 0, 0).draws(seed),
            now: Plan::empty(problem),
            best: Plan::empty(problem),
            pool: Pool::new(count),
            barred: Vec::new(),
            reach: problem.reachable(),
            insertions: vec![None; count * problem.tours()],
        }
    }

    /// A uniform whole number below `limit`, which is above zero.
    fn below(&mut self, limit: usize) -> usize {
        crate::planning::algo::draw_below(&mut self.draws, limit)
    }

    /// Rounds of a cycle: each drops some visits, inserts what fits and keeps the outcome unless it
    /// is too much worse; then the best tours seen are put together. False when the budget is out.
    pub(super) fn cycle(&mut self, budget: &mut dyn Budget) -> bool {
        for round in 0..ROUNDS_PER_CYCLE {
            let cooled = 1.0 - round as f64 / ROUNDS_PER_CYCLE as f64;
            let old = self.now.clone();
            self.destroy();
            let going = self.mend(budget);
            for tour in &self.now.tours {
                self.pool.add(self.problem, tour);
            }
            if self.now.beats(&self.best) {
                self.best = self.now.clone();
            }
            let fall = TOLERANCE * cooled * cooled * self.best.value * self.draws.uniform();
            if self.now.value < old.value - fall {
                self.now = old;
            }
            if !going {
                return false;
            }
        }
        self.recombine(budget)
    }

    /// The best tours of the memory together, mended, as the next start.
    fn recombine(&mut self, budget: &mut dyn Budget) -> bool {
        let chosen = self.pool.combine(self.problem, budget);
        self.now = Plan::empty(self.problem);
        for (at, visits) in chosen.iter().enumerate() {
            let left = &mut self.now.left;
            let fresh: Vec<usize> = visits
                .iter()
                .copied()
                .filter(|place| left[*place])
                .collect();
            if self.problem.end_s(&fresh).is_some() {
                fresh.iter().for_each(|place| left[*place] = false);
                self.now.value += self.problem.value(&fresh);
                self.now.tours[at].set(self.problem, &fresh);
            }
        }
        let going = self.mend(budget);
        if self.now.beats(&self.best) {
            self.best = self.now.clone();
        } else {
            match self.below(3) {
                0 => self.now = self.best.clone(),
                1 => self.restart(budget),
                _ => {}
            }
        }
        going && budget.spend(1)
    }

    /// Tours built anew.
    fn restart(&mut self, budget: &mut dyn Budget) {
        self.now = Plan::empty(self.problem);
        self.barred.clear();
        self.mend(budget);
    }

    /// Takes tours from elsewhere as the best so far.
    pub(super) fn take(&mut self, tours: &[Vec<usize>]) {
        self.best = Plan::empty(self.problem);
        for (tour, visits) in self.best.tours.iter_mut().zip(tours) {
            visits.iter().for_each(|at| self.best.left[*at] = false);
            self.best.value += self.problem.value(visits);
            tour.set(self.problem, visits);
        }
    }

    /// Drops visits by one of four rules.
    fn destroy(&mut self) {
        let visits: Vec<usize> = self
            .now
            .tours
            .iter()
            .flat_map(Tour::visits)
            .copied()
            .collect();
        self.barred.clear();
        if visits.is_empty() {
            return;
        }
        let most = visits.len() / LARGEST_DROP;
        let count = 1 + self.below(most.max(1));
        let mut marked = vec![false; self.problem.len()];
        match self.below(4) {
            0 => {
                for _ in 0..count {
                    marked[visits[self.below(visits.len())]] = true;
                }
            }
            1 => self.mark_segments(&mut marked, count),
            2 => {
                let centre = 1 + self.below(self.problem.len() - 2);
                let ways = self.problem.leaving_s(centre);
                let mut around = visits;
                around.sort_by(|a, b| ways[*a].total_cmp(&ways[*b]));
                around.iter().take(count).for_each(|at| marked[*at] = true);
            }
            _ => self.mark_worst(&mut marked, count),
        }
        self.now.drop_marked(self.problem, &marked);
        let share = self.below(4);
        for at in (0..marked.len()).filter(|at| marked[*at]) {
            if self.below(4) < share {
                self.barred.push(at);
            }
        }
    }

    /// Marks a run of visits in each of one or two tours.
    fn mark_segments(&mut self, marked: &mut [bool], count: usize) {
        let parts = 1 + self.below(2);
        for _ in 0..parts {
            let tour = self.below(self.now.tours.len());
            let length = self.now.tours[tour].visits().len();
            if length > 0 {
                let from = self.below(length);
                let to = (from + (count / parts).max(1)).min(length);
                for &at in &self.now.tours[tour].visits()[from..to] {
                    marked[at] = true;
                }
            }
        }
    }

    /// Marks the visits that are worth least for the time they take, with noise.
    fn mark_worst(&mut self, marked: &mut [bool], count: usize) {
        let mut ranked = Vec::new();
        for tour in &self.now.tours {
            for (k, &at) in tour.visits().iter().enumerate() {
                let saved = tour.saved_s(self.problem, k).max(NEGLIGIBLE_S);
                let noise = 0.5 + self.draws.uniform();
                ranked.push((self.problem.place(at).value / saved * noise, at));
            }
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        ranked
            .iter()
            .take(count)
            .for_each(|(_, at)| marked[*at] = true);
    }

    /// Inserts what fits, shortens, and inserts again; false when the budget is out.
    fn mend(&mut self, budget: &mut dyn Budget) -> bool {
        let exponent = 0.5 + 1.5 * self.draws.uniform();
        let noise = NOISES[self.below(NOISES.len())];
        let mut weight = vec![0.0; self.problem.len()];
        for &at in &self.reach {
            let shake = 1.0 + noise * (2.0 * self.draws.uniform() - 1.0);
            weight[at] = pow(self.problem.place(at).value, exponent) * shake;
        }
        let mut barred = core::mem::take(&mut self.barred);
        for _ in 0..PASSES {
            if !self.fill(&weight, &barred, budget) {
                return false;
            }
            let mut shorter = false;
            for tour in &mut self.now.tours {
                shorter |= tour.shorten(self.problem, budget);
            }
            if !budget.spend(1) {
                return false;
            }
            if !shorter && barred.is_empty() {
                break;
            }
            barred.clear();
        }
        true
    }

    /// Inserts the place of the greatest weight for its time until nothing fits; false when the
    /// budget is out.
    fn fill(&mut self, weight: &[f64], barred: &[usize], budget: &mut dyn Budget) -> bool {
        let (problem, tours) = (self.problem, self.now.tours.len());
        let free = |at: &usize| self.now.left[*at] && !barred.contains(at);
        let mut open: Vec<usize> = self.reach.iter().copied().filter(free).collect();
        let mut stale = 0..tours;
        loop {
            let mut work = 0;
            for tour in stale {
                work += open.len() * (self.now.tours[tour].visits().len() + 1);
                for &at in &open {
                    self.insertions[at * tours + tour] = self.now.tours[tour].cheapest(problem, at);
                }
            }
            if !budget.spend(work as u64 / 400) {
                return false;
            }
            let insertions = &self.insertions;
            open.retain(|at| {
                insertions[at * tours..(at + 1) * tours]
                    .iter()
                    .any(Option::is_some)
            });
            let Some((at, tour, k)) = self.worthiest(&open, weight) else {
                return true;
            };
            self.now.tours[tour].insert(problem, at, k);
            self.now.left[at] = false;
            self.now.value += problem.place(at).value;
            open.retain(|other| *other != at);
            stale = tour..tour + 1;
        }
    }

    /// The insertion of the greatest weight for its time: place, tour and the stop it follows.
    fn worthiest(&self, open: &[usize], weight: &[f64]) -> Option<(usize, usize, usize)> {
        let tours = self.now.tours.len();
        let mut best: Option<(f64, (usize, usize, usize))> = None;
        for &at in open {
            for tour in 0..tours {
                if let Some((added, k)) = self.insertions[at * tours + tour] {
                    let worth = weight[at] / added.max(NEGLIGIBLE_S);
                    if best.is_none_or(|(most, _)| worth > most) {
                        best = Some((worth, (at, tour, k)));
                    }
                }
            }
        }
        best.map(|(_, insertion)| insertion)
    }
}
