//! The published tree search, to compare with and to start from. See [`plain`].

use super::problem::{NEVER, Problem, Solution};
use super::{Found, Nodes, bound};
use crate::kernel::budget::Budget;

/// A place in the tree: what has been given to whom.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Atoms done.
    pub(super) done: Vec<bool>,
    /// Routes so far.
    pub(super) routes: Vec<Vec<usize>>,
    /// Times so far, ms.
    pub(super) times: Vec<i64>,
}

impl State {
    /// The root.
    pub(super) fn new(problem: &Problem) -> Self {
        let vehicles = problem.vehicles().len();
        Self {
            done: vec![false; problem.atoms()],
            routes: vec![Vec::new(); vehicles],
            times: vec![0; vehicles],
        }
    }

    /// Gives an atom to a vehicle.
    pub(super) fn give(&mut self, problem: &Problem, atom: usize, vehicle: usize) {
        let from = self.routes[vehicle].last().copied();
        self.times[vehicle] += problem.leg(vehicle, from, atom);
        self.routes[vehicle].push(atom);
        self.done[atom] = true;
    }

    /// Takes back the last atom of a vehicle.
    pub(super) fn take(&mut self, problem: &Problem, vehicle: usize) {
        if let Some(atom) = self.routes[vehicle].pop() {
            let from = self.routes[vehicle].last().copied();
            self.times[vehicle] -= problem.leg(vehicle, from, atom);
            self.done[atom] = false;
        }
    }

    /// What it would cost with one more atom; `None` if the vehicle cannot do it.
    pub(super) fn cost_with(
        &mut self,
        problem: &Problem,
        atom: usize,
        vehicle: usize,
    ) -> Option<i64> {
        let leg = problem.leg(vehicle, self.routes[vehicle].last().copied(), atom);
        if leg >= NEVER {
            return None;
        }
        self.times[vehicle] += leg;
        let cost = problem.cost(&self.times);
        self.times[vehicle] -= leg;
        Some(cost)
    }

    /// The children in the order of their cost; `None` if the word is complete.
    fn children(&mut self, problem: &Problem) -> Option<Vec<(i64, usize, usize)>> {
        let mut next = Vec::new();
        if problem.automaton.next(&self.done, &mut next) {
            return None;
        }
        let mut children = Vec::new();
        for &atom in &next {
            for vehicle in 0..self.routes.len() {
                if let Some(cost) = self.cost_with(problem, atom, vehicle) {
                    children.push((cost, atom, vehicle));
                }
            }
        }
        children.sort_by_key(|child| child.0);
        Some(children)
    }
}

/// Searches depth first; stops after `nodes`, but not before it has one solution.
///
/// The bound is that of [`bound()`]; the search itself works out none.
pub fn plain(problem: &Problem, nodes: u64, budget: &mut dyn Budget) -> Found {
    let bound_ms = bound(problem, budget);
    let mut nodes = Nodes {
        left: nodes,
        used: 0,
        budget,
    };
    let (solution, is_exhausted) = descend(problem, &mut nodes, &mut |_, _, _| false);
    Found {
        bound_ms: match &solution {
            Some(found) if is_exhausted => found.cost_ms,
            _ => bound_ms,
        },
        solution,
        is_exhausted,
        nodes: nodes.used,
    }
}

/// Says of a state whether nothing below it costs less than this; may ask for work, not for nodes.
pub(super) type Hopeless<'a> = &'a mut dyn FnMut(&State, i64, &mut Nodes<'_>) -> bool;

/// The best solution, at least the first, and whether the tree was searched through.
///
/// States that are `hopeless` are passed over. The published search would enter each of them, so it
/// would use a node at least: once nodes used and states passed over come to the nodes that there
/// were, it would have found nothing else with all of them, and the search ends with nodes to spare.
pub(super) fn descend(
    problem: &Problem,
    nodes: &mut Nodes<'_>,
    hopeless: Hopeless<'_>,
) -> (Option<Solution>, bool) {
    let mut state = State::new(problem);
    let mut best: Option<Solution> = None;
    let mut stack: Vec<(std::vec::IntoIter<(i64, usize, usize)>, usize)> = Vec::new();
    let mut entered = usize::MAX;
    let mut passed_over = 0;
    loop {
        if best.is_some() && passed_over >= nodes.left {
            return (best, false);
        }
        let work = problem.atoms() * (1 + state.routes.len());
        if best.is_some() && !nodes.spend(work) || best.is_none() && !nodes.overdraw(work) {
            return (best, false);
        }
        match state.children(problem) {
            Some(children) => stack.push((children.into_iter(), entered)),
            None => {
                let cost_ms = problem.cost(&state.times);
                if best.as_ref().is_none_or(|best| cost_ms < best.cost_ms) {
                    let routes = state.routes.clone();
                    best = Some(Solution { cost_ms, routes });
                }
                state.take(problem, entered);
            }
        }
        loop {
            let Some((children, by)) = stack.last_mut() else {
                return (best, true);
            };
            let cut = best.as_ref().map_or(i64::MAX, |best| best.cost_ms);
            if let Some((_, atom, vehicle)) = children.next().filter(|child| child.0 < cut) {
                state.give(problem, atom, vehicle);
                entered = vehicle;
                if !hopeless(&state, cut, nodes) {
                    break;
                }
                state.take(problem, vehicle);
                passed_over += 1;
                continue;
            }
            // What is left of these children costs as much or more.
            let by = *by;
            stack.pop();
            if by < state.routes.len() {
                state.take(problem, by);
            }
        }
    }
}
