//! Every set of places that one tour can visit, for small problems. See [`Sets`].

use super::problem::TopProblem;
use crate::kernel::budget::Budget;

/// Most places that can be told apart in a set.
const MOST: usize = 64;

/// Most ways to reach the sets of one size.
const MOST_WAYS: usize = 1_000_000;

/// Most sets in all.
const MOST_SETS: usize = 2_000_000;

/// Labels between two looks at the budget.
const LOOK: usize = 2048;

/// The fastest way to have visited a set and stand at a place of it.
#[derive(Clone, Copy, Debug)]
struct Way {
    set: u64,
    /// Place within `Sets::places`.
    last: usize,
    /// When service at it begins, s.
    begins_s: f64,
}

/// Sets of places, as bits, that a tour can visit and to which none can be added.
#[derive(Clone, Debug)]
pub(super) struct Sets {
    /// What the bits stand for.
    pub(super) places: Vec<usize>,
    pub(super) sets: Vec<u64>,
}

/// The places of a set, by their bits.
pub(super) fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let bit = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(bit)
    })
}

/// Ways with one place more, each the fastest of its kind; `None` if they are too many or the
/// budget is out.
fn extend(
    problem: &TopProblem,
    places: &[usize],
    ways: &[Way],
    budget: &mut dyn Budget,
) -> Option<Vec<Way>> {
    let end = problem.len() - 1;
    let mut longer = Vec::new();
    for (at, way) in ways.iter().enumerate() {
        let from = places[way.last];
        let leaves = way.begins_s + problem.place(from).service_s;
        for (next, &to) in places
            .iter()
            .enumerate()
            .filter(|(next, _)| way.set >> next & 1 == 0)
        {
            let begins_s = (leaves + problem.travel_s(from, to)).max(problem.place(to).opens_s);
            let ends = begins_s + problem.place(to).service_s + problem.travel_s(to, end);
            if begins_s <= problem.closes_s(to) && ends <= problem.deadline_s() {
                longer.push(Way {
                    set: way.set | 1 << next,
                    last: next,
                    begins_s,
                });
            }
        }
        let look = at % LOOK == LOOK - 1;
        if longer.len() > 8 * MOST_WAYS || look && !budget.spend(LOOK as u64 / 8) {
            return None;
        }
    }
    longer.sort_unstable_by(|a, b| {
        (a.set, a.last)
            .cmp(&(b.set, b.last))
            .then(a.begins_s.total_cmp(&b.begins_s))
    });
    longer.dedup_by_key(|way| (way.set, way.last));
    let affordable = budget.spend(1 + longer.len() as u64 / 4) && longer.len() <= MOST_WAYS;
    affordable.then_some(longer)
}

impl Sets {
    /// Whether that many places can be told apart.
    pub(super) fn may_be_few(reachable: &[usize]) -> bool {
        reachable.len() <= MOST
    }

    /// Visits sets of one place, of two and so on. Needs travel times for which no detour is
    /// shorter than the direct way, so that a tour stays one when a visit is dropped.
    pub(super) fn all(
        problem: &TopProblem,
        reachable: &[usize],
        budget: &mut dyn Budget,
    ) -> Option<Self> {
        let places = reachable.to_vec();
        let mut ways: Vec<Way> = (0..places.len())
            .map(|last| Way {
                set: 1 << last,
                last,
                begins_s: problem
                    .travel_s(0, places[last])
                    .max(problem.place(places[last]).opens_s),
            })
            .collect();
        let mut sets = Vec::new();
        while !ways.is_empty() {
            let longer = extend(problem, &places, &ways, budget)?;
            let larger: Vec<u64> = {
                let mut larger: Vec<u64> = longer.iter().map(|way| way.set).collect();
                larger.dedup();
                larger
            };
            let mut level: Vec<u64> = ways.iter().map(|way| way.set).collect();
            level.dedup();
            let extendable = |set: &u64| {
                let free = (0..places.len()).filter(|bit| set >> bit & 1 == 0);
                free.map(|bit| set | 1 << bit)
                    .any(|other| larger.binary_search(&other).is_ok())
            };
            for chunk in level.chunks(LOOK) {
                sets.extend(chunk.iter().copied().filter(|set| !extendable(set)));
                if sets.len() > MOST_SETS || !budget.spend(LOOK as u64) {
                    return None;
                }
            }
            ways = longer;
        }
        Some(Self { places, sets })
    }

    /// The fastest order in which to visit a set.
    pub(super) fn order(&self, problem: &TopProblem, set: u64) -> Vec<usize> {
        let places: Vec<usize> = bits(set).map(|bit| self.places[bit]).collect();
        let mut rest = places.clone();
        let mut best = (f64::INFINITY, places);
        permute(problem, &mut Vec::new(), &mut rest, 0.0, &mut best);
        best.1
    }
}

/// Completes an order in every way that can end earlier than the best.
fn permute(
    problem: &TopProblem,
    order: &mut Vec<usize>,
    rest: &mut Vec<usize>,
    leaves_s: f64,
    best: &mut (f64, Vec<usize>),
) {
    let from = order.last().copied().unwrap_or(0);
    if rest.is_empty() {
        let end = leaves_s + problem.travel_s(from, problem.len() - 1);
        if end < best.0 && end <= problem.deadline_s() {
            *best = (end, order.clone());
        }
        return;
    }
    for at in 0..rest.len() {
        let to = rest[at];
        let begins = (leaves_s + problem.travel_s(from, to)).max(problem.place(to).opens_s);
        let leaves = begins + problem.place(to).service_s;
        let ends = leaves + problem.travel_s(to, problem.len() - 1);
        if begins <= problem.closes_s(to) && ends < best.0 && ends <= problem.deadline_s() {
            rest.swap_remove(at);
            order.push(to);
            permute(problem, order, rest, leaves, best);
            order.pop();
            rest.push(to);
            let last = rest.len() - 1;
            rest.swap(at, last);
        }
    }
}
