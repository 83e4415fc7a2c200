//! Schedules from lists, and annealing over them. See [`anneal`].

use super::problem::Problem;
use super::{Entry, TOLERANCE};
use crate::kernel::budget::Budget;
use crate::kernel::math::{exp, pow};
use crate::kernel::random::{DrawKey, Draws, Stream};
use crate::planning::algo::draw_below;

/// Temperatures at the start and at the end, as shares of the makespan.
const TEMPERATURES: (f64, f64) = (0.05, 0.000_5);
/// Most entries looked at while annealing.
const MOST_ENTRIES: u64 = 300_000_000;

/// Where robots are, and when tasks have ended.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// For each robot its last place and since when it is free there.
    pub(super) robots: Vec<(usize, f64)>,
    /// For each task when it ended.
    pub(super) ends: Vec<f64>,
}

impl State {
    /// Nothing done.
    pub(super) fn new(problem: &Problem) -> Self {
        Self {
            robots: vec![(0, 0.0); problem.robots()],
            ends: vec![0.0; problem.tasks() + 2],
        }
    }

    /// When a coalition could begin a task whose predecessors are done.
    pub(super) fn start(&self, problem: &Problem, entry: Entry) -> f64 {
        let after = problem.before[entry.task]
            .iter()
            .map(|&first| self.ends[first]);
        let ready = after.fold(0.0, f64::max);
        let mut start = ready;
        let mut members = entry.coalition;
        while members != 0 {
            let (at, since) = self.robots[members.trailing_zeros() as usize];
            start = start.max(since + problem.way(at, entry.task));
            members &= members - 1;
        }
        start
    }

    /// Does a task as early as can be.
    pub(super) fn perform(&mut self, problem: &Problem, entry: Entry) {
        let end = self.start(problem, entry) + problem.durations[entry.task];
        self.ends[entry.task] = end;
        let mut members = entry.coalition;
        while members != 0 {
            self.robots[members.trailing_zeros() as usize] = (entry.task, end);
            members &= members - 1;
        }
    }

    /// When the last robot that did anything is at the end.
    pub(super) fn makespan(&self, problem: &Problem) -> f64 {
        let end = problem.end();
        let worked = self.robots.iter().filter(|(at, _)| *at != 0);
        worked
            .map(|&(at, since)| since + problem.way(at, end))
            .fold(0.0, f64::max)
    }
}

/// Makespan of a list that keeps precedence.
pub(super) fn makespan(problem: &Problem, list: &[Entry]) -> f64 {
    let mut state = State::new(problem);
    list.iter().for_each(|&entry| state.perform(problem, entry));
    state.makespan(problem)
}

/// A list made task by task: the one that can begin first, of those the one with the longest rest of
/// its chain; once the budget is spent, whichever task may begin, with its first coalition.
pub(super) fn first(problem: &Problem, budget: &mut dyn Budget) -> Option<(Vec<Entry>, f64)> {
    let mut state = State::new(problem);
    let mut done = vec![false; problem.tasks() + 2];
    let mut list = Vec::with_capacity(problem.tasks());
    let tails = super::bound::Bounds::new(problem).tails;
    while list.len() < problem.tasks() {
        let ready = |task: &usize| !done[*task] && problem.before[*task].iter().all(|&b| done[b]);
        let tasks = (1..=problem.tasks()).filter(ready);
        let each = tasks.flat_map(|task| {
            let coalitions = problem.coalitions[task].iter();
            coalitions.map(move |&coalition| Entry { task, coalition })
        });
        let mut each = each.peekable();
        let any = *each.peek()?;
        let lasts = budget.spend(problem.tasks() as u64);
        let each = each.take(if lasts { usize::MAX } else { 1 });
        let rated = each.map(|entry| (state.start(problem, entry), entry));
        let rest = |entry: Entry| problem.durations[entry.task] + tails[entry.task];
        let best = rated.min_by(|a, b| {
            let by_rest = rest(b.1).total_cmp(&rest(a.1));
            let by_size = a.1.coalition.count_ones().cmp(&b.1.coalition.count_ones());
            a.0.total_cmp(&b.0)
                .then(by_size)
                .then(by_rest)
                .then(a.1.task.cmp(&b.1.task))
        });
        let entry = best.map_or(any, |(_, entry)| entry);
        state.perform(problem, entry);
        done[entry.task] = true;
        list.push(entry);
    }
    let found = state.makespan(problem);
    Some((list, found))
}

/// Anneals over lists (Kirkpatrick, Gelatt, Vecchi 1983): a task to another place of the list, or to
/// another coalition, or both.
pub(super) fn anneal(
    problem: &Problem,
    best: &mut (Vec<Entry>, f64),
    bound: f64,
    lists: u64,
    seed: u64,
    budget: &mut dyn Budget,
) {
    let count = best.0.len();
    let mut draws = DrawKey::new(Stream::Placement, 22, 0, 0).draws(seed);
    let (mut kept, mut span) = best.clone();
    let lists = lists.min(MOST_ENTRIES / (count as u64).max(1));
    let given = u32::try_from(lists).unwrap_or(u32::MAX).max(1);
    let (hot, cold) = TEMPERATURES;
    let scale = best.1;
    for tried in 0..given {
        if best.1 <= bound * (1.0 + TOLERANCE) || count == 0 || !budget.spend(count as u64) {
            return;
        }
        let mut list = kept.clone();
        if !change(problem, &mut list, &mut draws) {
            continue;
        }
        let now = makespan(problem, &list);
        let passed = f64::from(tried) / f64::from(given);
        let temperature = scale * hot * pow(cold / hot, passed);
        if now <= span || draws.uniform() < exp((span - now) / temperature) {
            (kept, span) = (list, now);
            if span < best.1 {
                *best = (kept.clone(), span);
            }
        }
    }
}

/// Changes a list; false if that would break precedence or change nothing.
fn change(problem: &Problem, list: &mut Vec<Entry>, draws: &mut Draws) -> bool {
    let from = draw_below(draws, list.len());
    let mut entry = list[from];
    let kind = draws.uniform();
    let coalitions = &problem.coalitions[entry.task];
    if kind < 0.5 {
        entry.coalition = coalitions[draw_below(draws, coalitions.len())];
    }
    let to = if kind < 0.25 {
        from
    } else {
        draw_below(draws, list.len())
    };
    if to == from && entry == list[from] {
        return false;
    }
    list.remove(from);
    let is_before = |other: &Entry| problem.before[entry.task].contains(&other.task);
    let is_behind = |other: &Entry| problem.before[other.task].contains(&entry.task);
    if list[to..].iter().any(is_before) || list[..to].iter().any(is_behind) {
        return false;
    }
    list.insert(to, entry);
    true
}
