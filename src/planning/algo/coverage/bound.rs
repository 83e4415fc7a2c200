//! What no cover can be shorter than.

use super::problem::CoverProblem;

/// The larger of two bounds on the makespan: the way to the farthest cell, and the least total
/// length of trees from the roots that reach everything, shared by all vehicles at their rates.
/// Where all lengths are whole and all rates one, rounded up.
pub(super) fn lower_bound(problem: &CoverProblem) -> f64 {
    let farthest = problem.distances().into_iter().fold(0.0, f64::max);
    let rates: f64 = (0..problem.vehicles()).map(|v| problem.rate(v)).sum();
    let shared = least_forest(problem) / rates;
    let bound = farthest.max(shared * (1.0 - 1e-12));
    let is_one = |vehicle: usize| (problem.rate(vehicle) - 1.0).abs() <= 0.0;
    let mut lengths = (0..problem.arc_count()).map(|number| problem.arc(number).1.length);
    if (0..problem.vehicles()).all(is_one) && lengths.all(|l| l < 1e9 && l.fract().abs() <= 0.0) {
        return (bound - 1e-6).ceil();
    }
    bound
}

/// Length of the least forest that hangs every cell to some root (Prim from all roots at once).
fn least_forest(problem: &CoverProblem) -> f64 {
    let mut link = vec![f64::INFINITY; problem.cells()];
    let mut done = vec![false; problem.cells()];
    let mut open = std::collections::BTreeSet::new();
    for vehicle in 0..problem.vehicles() {
        link[problem.root(vehicle)] = 0.0;
        open.insert((0_u64, problem.root(vehicle)));
    }
    let mut total = 0.0;
    while let Some((bits, cell)) = open.pop_first() {
        total += f64::from_bits(bits);
        done[cell] = true;
        for arc in problem.arcs_of(cell) {
            if !done[arc.to] && arc.length < link[arc.to] {
                open.remove(&(link[arc.to].to_bits(), arc.to));
                link[arc.to] = arc.length;
                open.insert((arc.length.to_bits(), arc.to));
            }
        }
    }
    total
}
