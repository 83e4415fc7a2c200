//! Looking through all lists, with a bound and dominance. See [`search`].

use std::collections::BTreeMap;

use super::bound::Bounds;
use super::list::State;
use super::problem::Problem;
use super::{Entry, TOLERANCE};
use crate::kernel::budget::Budget;

/// Most tasks: those done are bits.
const MOST_TASKS: usize = 64;
/// Most times kept to compare with.
const MOST_KEPT: usize = 400_000;

/// Tasks done and, by kinds of robots of equal skills, where they are.
type Key = (u64, Vec<usize>);

/// The search.
struct Search<'a> {
    /// The problem.
    problem: &'a Problem,
    /// Its bounds.
    bounds: Bounds,
    /// The best list so far.
    best: &'a mut (Vec<Entry>, f64),
    /// Tasks that come behind each.
    behind: Vec<Vec<usize>>,
    /// For each robot the first of its kind.
    kinds: Vec<usize>,
    /// Times of states seen.
    seen: BTreeMap<Key, Vec<Vec<f64>>>,
    /// Number of them.
    kept: usize,
    /// Nodes left.
    nodes: u64,
    /// What the caller allows.
    budget: &'a mut dyn Budget,
}

/// Searches for a shorter schedule; true if there is none but `best`.
pub(super) fn search(
    problem: &Problem,
    best: &mut (Vec<Entry>, f64),
    nodes: u64,
    budget: &mut dyn Budget,
) -> bool {
    if problem.tasks() > MOST_TASKS || !problem.has_optimum {
        return false;
    }
    let mut behind = vec![Vec::new(); problem.tasks() + 2];
    for task in 1..=problem.tasks() {
        problem.before[task]
            .iter()
            .for_each(|&first| behind[first].push(task));
    }
    let kind = |own: &u64| {
        problem
            .skills
            .iter()
            .position(|other| other == own)
            .unwrap_or(0)
    };
    let mut search = Search {
        bounds: Bounds::new(problem),
        kinds: problem.skills.iter().map(kind).collect(),
        problem,
        best,
        behind,
        seen: BTreeMap::new(),
        kept: 0,
        nodes,
        budget,
    };
    let mut done = vec![false; problem.tasks() + 2];
    search.visit(&State::new(problem), &mut done, &mut Vec::new())
}

impl Search<'_> {
    /// Makespan at or above which nothing is wanted.
    fn cut(&self) -> f64 {
        self.best.1 * (1.0 - TOLERANCE)
    }

    /// Whether a state with the same tasks done and robots at the same places was reached with
    /// nothing later; remembers this one otherwise.
    fn is_dominated(&mut self, state: &State, done: &[bool]) -> bool {
        let tasks = (1..=self.problem.tasks()).filter(|&task| done[task]);
        let bits = tasks.fold(0, |bits, task| bits | 1_u64 << (task - 1));
        let mut robots: Vec<(usize, usize, f64)> = Vec::with_capacity(state.robots.len());
        for (robot, &(at, since)) in state.robots.iter().enumerate() {
            robots.push((self.kinds[robot], at, since));
        }
        robots.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
        let places = robots.iter().map(|robot| robot.1).collect();
        let mut times: Vec<f64> = robots.iter().map(|robot| robot.2).collect();
        let open = |task: &usize| done[*task] && self.behind[*task].iter().any(|&b| !done[b]);
        times.extend(
            (1..=self.problem.tasks())
                .filter(open)
                .map(|task| state.ends[task]),
        );
        let key = (bits, places);
        let covers = |old: &Vec<f64>| old.iter().zip(&times).all(|(old, new)| old <= new);
        if self
            .seen
            .get(&key)
            .is_some_and(|seen| seen.iter().any(covers))
        {
            return true;
        }
        if self.kept < MOST_KEPT {
            self.seen.entry(key).or_default().push(times);
            self.kept += 1;
        }
        false
    }

    /// Searches below a state; false if the nodes or the budget ran out.
    fn visit(&mut self, state: &State, done: &mut Vec<bool>, list: &mut Vec<Entry>) -> bool {
        let work = self.problem.tasks() * self.problem.robots();
        if self.nodes == 0 || !self.budget.spend(work as u64) {
            return false;
        }
        self.nodes -= 1;
        if list.len() == self.problem.tasks() {
            let makespan = state.makespan(self.problem);
            if makespan < self.best.1 {
                *self.best = (list.clone(), makespan);
            }
            return true;
        }
        let mut children = Vec::new();
        for task in 1..=self.problem.tasks() {
            if done[task] || self.problem.before[task].iter().any(|&first| !done[first]) {
                continue;
            }
            done[task] = true;
            for &coalition in &self.problem.coalitions[task] {
                let entry = Entry { task, coalition };
                let mut next = state.clone();
                next.perform(self.problem, entry);
                let bound = self.bounds.at(self.problem, done, &next.ends, &next.robots);
                if bound < self.cut() {
                    children.push((bound, next.ends[task], entry, next));
                }
            }
            done[task] = false;
        }
        children.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for (bound, _, entry, next) in children {
            if bound >= self.cut() {
                break;
            }
            done[entry.task] = true;
            list.push(entry);
            let is_through = self.is_dominated(&next, done) || self.visit(&next, done, list);
            list.pop();
            done[entry.task] = false;
            if !is_through {
                return false;
            }
        }
        true
    }
}
