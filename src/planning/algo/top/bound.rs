//! An upper bound that costs next to nothing. See [`fractional`].

use super::problem::TopProblem;

/// Most value that tours can visit if parts of visits counted: a fractional knapsack in which a
/// visit takes its service and half of its two shortest ways, and a tour has its limit less half
/// the shortest way out of the start and into the end.
pub(super) fn fractional(problem: &TopProblem, reachable: &[usize]) -> f64 {
    let end = problem.len() - 1;
    let shortest = |ways: &[f64], but: usize, terminal: usize| {
        let others = reachable
            .iter()
            .copied()
            .chain([terminal])
            .filter(|at| *at != but);
        others.map(|at| ways[at]).fold(f64::INFINITY, f64::min)
    };
    let out = shortest(problem.leaving_s(0), 0, end);
    let home = shortest(problem.arriving_s(end), end, 0);
    let spare = (problem.deadline_s() - (out + home) / 2.0).max(0.0);
    let mut left = spare * problem.tours() as f64;
    let mut visits: Vec<(f64, f64)> = reachable
        .iter()
        .map(|&at| {
            let into = shortest(problem.arriving_s(at), at, 0);
            let from = shortest(problem.leaving_s(at), at, end);
            (
                problem.place(at).value,
                problem.place(at).service_s + (into + from) / 2.0,
            )
        })
        .collect();
    visits.sort_by(|a, b| (b.0 * a.1).total_cmp(&(a.0 * b.1)));
    let mut bound = 0.0;
    for (value, time) in visits {
        let share = if time <= left { 1.0 } else { left / time };
        bound += value * share;
        left -= time * share;
    }
    bound
}
