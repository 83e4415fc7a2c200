//! Simulated annealing over forests. See [`cover`].

use super::bound::lower_bound;
use super::forest::Forest;
use super::problem::CoverProblem;
use crate::kernel::budget::Budget;
use crate::kernel::math;
use crate::kernel::random::{DrawKey, Draws, Stream, to_unit};
use crate::planning::algo::draw_below;
use rand::Rng as _;

/// Moves of one cooling per link.
const MOVES_PER_LINK: u64 = 1200;
/// Fewest moves of one cooling.
const FEWEST_MOVES: u64 = 600_000;
/// Moves between two questions to the budget; the temperature is the same for so many.
const MOVES_PER_BLOCK: u64 = 500;
/// Moves of all coolings together, within [`FEWEST_COOLINGS`] and [`MOST_COOLINGS`].
const ALL_MOVES: u64 = 9_000_000;
/// Fewest coolings, each from the best trees so far.
const FEWEST_COOLINGS: u64 = 4;
/// Most coolings.
const MOST_COOLINGS: u64 = 15;
/// Power in the mean of times that is lowered in place of the longest.
const POWER: f64 = 10.0;
/// Temperatures at the beginning and at the end, in units of what one mean link changes.
const HEAT: (f64, f64) = (2.0, 0.05);
/// Closer than this share two times are equal.
const CLOSE: f64 = 1e-9;

/// `x` to the power [`POWER`], multiplied in this order everywhere.
fn tenth_power(x: f64) -> f64 {
    let square = x * x;
    let fifth = square * square * x;
    fifth * fifth
}

/// Trees that cover everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cover {
    /// Links of each vehicle's tree, as the cell nearer to its root and the other.
    pub trees: Vec<Vec<(usize, usize)>>,
    /// Length of each tree.
    pub lengths: Vec<f64>,
    /// Time of the slowest vehicle: length over rate.
    pub makespan: f64,
    /// No cover has a shorter makespan.
    pub bound: f64,
}

impl Cover {
    /// Whether no cover is better.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.makespan <= self.bound * (1.0 + CLOSE)
    }
}

/// The search with its random numbers and its best forest.
struct Annealing<'a> {
    problem: &'a CoverProblem,
    forest: Forest<'a>,
    best: Forest<'a>,
    best_makespan: f64,
    draws: Draws,
    /// Cells looked at since the budget was last asked.
    work: u64,
    /// Length of the mean link.
    mean_link: f64,
}

/// Time of the slowest vehicle.
fn makespan(problem: &CoverProblem, forest: &Forest<'_>) -> f64 {
    let times = forest.length.iter().enumerate();
    times
        .map(|(tree, length)| length / problem.rate(tree))
        .fold(0.0, f64::max)
}

impl Annealing<'_> {
    /// What is lowered: a high power of times as shares of `unit`.
    fn energy(&self, unit: f64) -> f64 {
        let times = self.forest.length.iter().enumerate();
        times
            .map(|(tree, length)| tenth_power(length / self.problem.rate(tree) / unit))
            .sum()
    }

    /// A tree that has this cell.
    fn owner(&mut self, cell: usize) -> usize {
        let owners = usize::try_from(self.forest.owners(cell)).unwrap_or(1);
        let mut skip = draw_below(&mut self.draws, owners);
        for tree in 0..self.problem.vehicles() {
            if self.forest.has(tree, cell) {
                if skip == 0 {
                    return tree;
                }
                skip -= 1;
            }
        }
        0
    }

    /// One random move; false if nothing came of it.
    fn change(&mut self) -> bool {
        let number = draw_below(&mut self.draws, self.problem.arc_count());
        let (hook, arc) = self.problem.arc(number);
        let tree = self.owner(hook);
        let cell = arc.to;
        if self.forest.has(tree, cell) {
            return self.forest.rehang(tree, cell, hook);
        }
        if draw_below(&mut self.draws, 200) == 0 {
            return self.break_through(tree);
        }
        let from = self.owner(cell);
        let mut top = cell;
        // Mostly small branches, now and then a large one.
        let mut draw = self.draws.next_u64();
        while draw & 3 == 0 {
            draw >>= 2;
            match self.forest.parent(from, top) {
                Some(above) if self.forest.parent(from, above).is_some() => top = above,
                _ => break,
            }
        }
        if self.forest.parent(from, top).is_none() {
            // Through another vehicle's root a tree may pass.
            self.forest.lengthen(tree, &[hook, cell]);
            return true;
        }
        let work = &mut self.work;
        self.forest.hand_over((from, top), (tree, hook), cell, work)
    }

    /// Takes a far branch over by the shortest way to it, through other trees' cells.
    fn break_through(&mut self, tree: usize) -> bool {
        let cells = self.problem.cells();
        let aim = draw_below(&mut self.draws, cells);
        if self.forest.has(tree, aim) {
            return false;
        }
        let from = self.owner(aim);
        let mut before = vec![usize::MAX; cells];
        before[aim] = aim;
        let mut open = vec![aim];
        let mut next = 0;
        while let Some(&cell) = open.get(next) {
            next += 1;
            if self.forest.has(tree, cell) {
                let mut way = vec![cell];
                while way[way.len() - 1] != aim {
                    way.push(before[way[way.len() - 1]]);
                }
                self.work += u64::try_from(next).unwrap_or(u64::MAX);
                let hook = way[way.len() - 2];
                self.forest.lengthen(tree, &way[..way.len() - 1]);
                let work = &mut self.work;
                return self.forest.hand_over((from, aim), (tree, hook), aim, work);
            }
            for arc in self.problem.arcs_of(cell) {
                if before[arc.to] == usize::MAX {
                    before[arc.to] = cell;
                    open.push(arc.to);
                }
            }
        }
        false
    }

    /// Cools once over so many moves; false once out of budget or proven to be the best.
    fn cool(&mut self, moves: u64, bound: f64, budget: &mut dyn Budget) -> bool {
        let (hot, cold) = HEAT;
        let blocks = u32::try_from(moves / MOVES_PER_BLOCK).unwrap_or(u32::MAX);
        for block in 0..blocks {
            let unit = self.best_makespan.max(f64::MIN_POSITIVE);
            let share = f64::from(block) / f64::from(blocks);
            let link = POWER * self.mean_link / unit;
            let heat = link * hot * math::pow(cold / hot, share);
            let mut energy = self.energy(unit);
            for _ in 0..MOVES_PER_BLOCK {
                if self.change() {
                    let next = self.energy(unit);
                    let worse = next - energy;
                    let luck = to_unit(self.draws.next_u64());
                    if worse <= 0.0 || luck < math::exp(-worse / heat) {
                        self.forest.keep();
                        energy = next;
                        self.remember();
                        continue;
                    }
                }
                self.forest.take_back();
            }
            let steps = self.work + MOVES_PER_BLOCK;
            self.work = 0;
            if self.best_makespan <= bound * (1.0 + CLOSE) || !budget.spend(steps) {
                return false;
            }
        }
        true
    }

    /// Keeps the forest if it is the best so far.
    fn remember(&mut self) {
        let now = makespan(self.problem, &self.forest);
        if now < self.best_makespan * (1.0 - CLOSE) {
            self.best_makespan = now;
            self.best.clone_from(&self.forest);
        }
    }
}

/// Covers all cells by one tree per vehicle, each from the vehicle's root, so that the longest time
/// (length over rate) is short: the min-max rooted tree cover, which is NP-hard (Even, Garg,
/// Könemann, Ravi and Sinha 2004). Trees may share cells where a way is narrow.
///
/// Trees grow in turn, then branches change trees, are hung elsewhere or taken over across other
/// trees under simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983), with a high power mean of
/// the times in place of their maximum. `seed` names the random choices; the budget counts moves
/// and cells looked at. Out of budget the best trees so far are the answer.
pub fn cover(problem: &CoverProblem, seed: u64, budget: &mut dyn Budget) -> Cover {
    let mut forest = Forest::grown(problem);
    forest.tidy();
    forest.keep();
    let links = (0..problem.arc_count()).map(|number| problem.arc(number).1.length);
    let count = f64::from(u32::try_from(problem.arc_count().max(1)).unwrap_or(u32::MAX));
    let mut annealing = Annealing {
        problem,
        best: forest.clone(),
        best_makespan: makespan(problem, &forest),
        forest,
        draws: DrawKey::new(Stream::Placement, 0, 0, 0).draws(seed),
        work: 0,
        mean_link: links.sum::<f64>() / count,
    };
    let bound = lower_bound(problem);
    let arcs = u64::try_from(problem.arc_count()).unwrap_or(u64::MAX);
    let moves = (MOVES_PER_LINK * arcs / 2).max(FEWEST_MOVES);
    if problem.vehicles() > 1 || annealing.best_makespan > bound {
        let coolings = (ALL_MOVES / moves).clamp(FEWEST_COOLINGS, MOST_COOLINGS);
        for _ in 0..coolings {
            annealing.forest.clone_from(&annealing.best);
            if !annealing.cool(moves, bound, budget) {
                break;
            }
        }
    }
    let mut best = annealing.best;
    best.tidy();
    // Lengths were kept by adding and subtracting; the answer sums its links anew.
    let trees = best.links();
    let length = |links: &Vec<(usize, usize)>| {
        let lengths = links.iter().map(|&(a, b)| problem.length(a, b));
        lengths.sum::<f64>()
    };
    let lengths: Vec<f64> = trees.iter().map(length).collect();
    let times = lengths.iter().enumerate();
    let makespan = times
        .map(|(v, length)| length / problem.rate(v))
        .fold(0.0, f64::max);
    Cover {
        trees,
        lengths,
        makespan,
        bound: bound.min(makespan),
    }
}
