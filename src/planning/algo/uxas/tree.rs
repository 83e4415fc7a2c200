//! The tree again, with bounds and dominance: to prove, or to find what recreation misses.

use std::collections::BTreeMap;

use super::Nodes;
use super::plain::{self, State};
use super::problem::{NEVER, Objective, Problem, Solution};

/// Most times kept to compare with.
const MOST_KEPT: usize = 200_000;

/// What two states have in common if one can dominate the other: atoms done, last atom of each
/// vehicle.
type Key = (Vec<u64>, Vec<usize>);

/// What is known of states: a bound on what is left of them, and who was there in less time.
struct Known<'a> {
    /// The problem.
    problem: &'a Problem,
    /// The least that each atom adds, ms.
    cheapest: Vec<i64>,
    /// Times of states seen.
    seen: BTreeMap<Key, Vec<Vec<i64>>>,
    /// Number of them.
    kept: usize,
}

/// The search.
struct Search<'a, 'b> {
    /// Best so far.
    best: &'a mut Option<Solution>,
    /// Nodes left.
    nodes: &'a mut Nodes<'b>,
    /// What is known of states.
    known: Known<'a>,
}

/// Searches for what is better than `best`; true if there is nothing else.
pub(super) fn search(
    problem: &Problem,
    best: &mut Option<Solution>,
    nodes: &mut Nodes<'_>,
) -> bool {
    let mut search = Search {
        best,
        nodes,
        known: Known::new(problem),
    };
    search.visit(&mut State::new(problem))
}

/// The published search without what bounds and dominance rule out: the same solutions in the same
/// order, in fewer nodes. It ends once the published one would have used as many nodes as there are.
pub(super) fn follow(problem: &Problem, nodes: &mut Nodes<'_>) -> (Option<Solution>, bool) {
    let mut known = Known::new(problem);
    plain::descend(problem, nodes, &mut |state, cut, nodes| {
        let work = state.done.len() + state.routes.len();
        nodes.budget.spend(work as u64) && (known.bound(state) >= cut || known.is_dominated(state))
    })
}

impl<'a> Known<'a> {
    /// Of no state yet.
    fn new(problem: &'a Problem) -> Self {
        let cheapest = (0..problem.atoms()).map(|atom| super::bound::cheapest(problem, atom));
        Self {
            cheapest: cheapest.collect(),
            problem,
            seen: BTreeMap::new(),
            kept: 0,
        }
    }

    /// No word that goes on from here costs less, ms.
    fn bound(&self, state: &State) -> i64 {
        let expression = self.problem.automaton.expression();
        let left = super::bound::left(expression, &mut 0, &state.done, &self.cheapest).0;
        let sum = state
            .times
            .iter()
            .fold(left, |sum, &ms| sum.saturating_add(ms));
        match self.problem.objective {
            Objective::Cumulative => sum,
            Objective::MinMax => {
                let vehicles = i64::try_from(state.times.len().max(1)).unwrap_or(i64::MAX);
                let share = sum / vehicles + i64::from(sum % vehicles > 0);
                share.max(self.problem.cost(&state.times))
            }
        }
    }

    /// Whether a state with the same atoms done and the same ends was reached in no more time by any
    /// vehicle; remembers this one otherwise.
    fn is_dominated(&mut self, state: &State) -> bool {
        let mut bits = vec![0_u64; state.done.len().div_ceil(64)];
        for (atom, _) in state.done.iter().enumerate().filter(|(_, done)| **done) {
            bits[atom / 64] |= 1 << (atom % 64);
        }
        let last = |route: &Vec<usize>| route.last().copied().unwrap_or(usize::MAX);
        let key = (bits, state.routes.iter().map(last).collect());
        let covers = |a: &[i64], b: &[i64]| a.iter().zip(b).all(|(a, b)| a <= b);
        let seen = self.seen.get(&key).into_iter().flatten();
        let is_dominated = seen.into_iter().any(|old| covers(old, &state.times));
        if !is_dominated && self.kept < MOST_KEPT {
            self.seen.entry(key).or_default().push(state.times.clone());
            self.kept += 1;
        }
        is_dominated
    }
}

impl Search<'_, '_> {
    /// Cost at or above which nothing is wanted.
    fn cut(&self) -> i64 {
        self.best.as_ref().map_or(NEVER, |best| best.cost_ms)
    }

    /// Searches below a state; false if the nodes ran out.
    fn visit(&mut self, state: &mut State) -> bool {
        if !self
            .nodes
            .spend(state.done.len() * (1 + state.routes.len()))
        {
            return false;
        }
        let mut next = Vec::new();
        if self.known.problem.automaton.next(&state.done, &mut next) {
            let cost_ms = self.known.problem.cost(&state.times);
            if cost_ms < self.cut() {
                *self.best = Some(Solution {
                    cost_ms,
                    routes: state.routes.clone(),
                });
            }
            return true;
        }
        let mut children = Vec::new();
        for &atom in &next {
            for vehicle in 0..state.routes.len() {
                if let Some(cost) = state.cost_with(self.known.problem, atom, vehicle)
                    && cost < self.cut()
                {
                    state.give(self.known.problem, atom, vehicle);
                    let bound = self.known.bound(state);
                    let added = state.times[vehicle];
                    state.take(self.known.problem, vehicle);
                    children.push((bound, added, atom, vehicle));
                }
            }
        }
        children.sort_unstable();
        for (bound, _, atom, vehicle) in children {
            if bound >= self.cut() {
                break;
            }
            state.give(self.known.problem, atom, vehicle);
            let is_through = self.known.is_dominated(state) || self.visit(state);
            state.take(self.known.problem, vehicle);
            if !is_through {
                return false;
            }
        }
        true
    }
}
