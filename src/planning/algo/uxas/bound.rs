//! A bound below every solution: each task is assigned what comes before it. See [`bound`].

use super::algebra::{Expression, Operator};
use super::problem::{NEVER, Objective, Problem};
use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::budget::Budget;

/// Most tasks for which the assignment is solved.
const MOST_ASSIGNED: usize = 400;

/// Tasks that every word has: each a set of atoms of which it has exactly one.
#[derive(Debug, Default)]
struct Groups {
    /// The sets.
    groups: Vec<Vec<usize>>,
    /// Atoms of alternatives between more than single atoms.
    others: Vec<usize>,
    /// What the cheapest word of each of those costs, added up, ms.
    others_ms: i64,
}

/// No solution costs less, ms.
///
/// Every task done has one predecessor (another task or where a vehicle starts), and every
/// predecessor has at most one successor: an assignment of predecessors to tasks, at the times of
/// whichever vehicle is quickest, costs at most the sum of the vehicles' times, and that divided by
/// their number is at most the longest of them. Of alternatives between single options each counts
/// as one task with several; of others, the cheapest word counts, with cheapest predecessors. The
/// longest time is besides at least what any single task needs. `O(n³)` for `n` tasks.
pub fn bound(problem: &Problem, budget: &mut dyn Budget) -> i64 {
    let cheapest: Vec<i64> = (0..problem.atoms())
        .map(|atom| cheapest(problem, atom))
        .collect();
    let mut found = Groups::default();
    gather(
        problem.automaton.expression(),
        &mut 0,
        &cheapest,
        &mut found,
    );
    let least = |group: &Vec<usize>| group.iter().map(|&atom| cheapest[atom]).min();
    let each: Vec<i64> = found.groups.iter().filter_map(least).collect();
    let simple = each
        .iter()
        .fold(found.others_ms, |sum, &ms| sum.saturating_add(ms));
    let sum = assigned(problem, &found, budget).map_or(simple, |ms| ms.max(simple));
    let vehicles = i64::try_from(problem.vehicles().len().max(1)).unwrap_or(i64::MAX);
    match problem.objective {
        Objective::Cumulative => sum,
        Objective::MinMax => {
            let share = sum / vehicles + i64::from(sum % vehicles > 0);
            each.into_iter().fold(share, i64::max)
        }
    }
}

/// The least that doing an atom adds, ms: by whichever vehicle, from wherever.
pub(super) fn cheapest(problem: &Problem, atom: usize) -> i64 {
    let from = (0..problem.atoms())
        .map(Some)
        .chain([None])
        .filter(|&from| from != Some(atom));
    let leg = |from| {
        let each = (0..problem.vehicles().len()).map(move |v| problem.leg(v, from, atom));
        each.min().unwrap_or(NEVER)
    };
    from.map(leg).min().unwrap_or(NEVER)
}

/// Gathers the groups of an expression whose first atom is `at`, which moves behind it.
fn gather(expression: &Expression, at: &mut usize, cheapest: &[i64], found: &mut Groups) {
    match expression {
        Expression::Atom(_) => {
            found.groups.push(vec![*at]);
            *at += 1;
        }
        Expression::Node(Operator::Alternative, _) => {
            let from = *at;
            *at += expression.atoms().len();
            if choices(expression) {
                found.groups.push((from..*at).collect());
            } else {
                found.others.extend(from..*at);
                let nothing = vec![false; cheapest.len()];
                let least = left(expression, &mut from.clone(), &nothing, cheapest).0;
                found.others_ms = found.others_ms.saturating_add(least);
            }
        }
        Expression::Node(_, parts) => {
            parts
                .iter()
                .for_each(|part| gather(part, at, cheapest, found));
        }
    }
}

/// Whether every word of an expression is a single atom.
fn choices(expression: &Expression) -> bool {
    match expression {
        Expression::Atom(_) => true,
        Expression::Node(Operator::Alternative, parts) => parts.iter().all(choices),
        Expression::Node(_, parts) => parts.len() == 1 && choices(&parts[0]),
    }
}

/// The least that is left of an expression whose first atom is `at`, which moves behind it, by
/// `cheapest`, ms; and whether any of it is done.
pub(super) fn left(
    expression: &Expression,
    at: &mut usize,
    done: &[bool],
    cheapest: &[i64],
) -> (i64, bool) {
    let Expression::Node(operator, parts) = expression else {
        *at += 1;
        let done = done[*at - 1];
        return (if done { 0 } else { cheapest[*at - 1] }, done);
    };
    let (mut sum, mut least, mut begun) = (0_i64, i64::MAX, None);
    for part in parts {
        let (ms, is_begun) = left(part, at, done, cheapest);
        sum = sum.saturating_add(ms);
        least = least.min(ms);
        begun = begun.or(is_begun.then_some(ms));
    }
    match operator {
        Operator::Alternative => (begun.unwrap_or(least), begun.is_some()),
        _ => (sum, begun.is_some()),
    }
}

/// The cost of the best assignment of predecessors, rounded up, ms; `None` if it is not worked out.
fn assigned(problem: &Problem, found: &Groups, budget: &mut dyn Budget) -> Option<i64> {
    let rows = found.groups.len();
    let vehicles = problem.vehicles().len();
    if rows == 0 || rows > MOST_ASSIGNED {
        return None;
    }
    // Predecessors: the starts, the other tasks, and atoms that may or may not be done.
    let mut columns: Vec<Vec<Option<usize>>> = vec![vec![None]; vehicles];
    columns.extend(
        found
            .groups
            .iter()
            .map(|group| group.iter().map(|&a| Some(a)).collect()),
    );
    columns.extend(found.others.iter().map(|&atom| vec![Some(atom)]));
    let mut costs = Vec::with_capacity(rows * columns.len());
    for (row, group) in found.groups.iter().enumerate() {
        for (column, from) in columns.iter().enumerate() {
            let by = if column < vehicles {
                column..column + 1
            } else {
                0..vehicles
            };
            let legs = group
                .iter()
                .flat_map(|&to| from.iter().map(move |&from| (from, to)));
            let leg = |(from, to)| by.clone().map(move |by| problem.leg(by, from, to)).min();
            let least = legs.filter_map(leg).min().unwrap_or(NEVER);
            let is_own = column == vehicles + row;
            costs.push(if is_own || least >= NEVER {
                f64::INFINITY
            } else {
                as_f64(least)
            });
        }
    }
    if !budget.spend((rows * costs.len()) as u64) {
        return None;
    }
    let costs = Costs::new(rows, columns.len(), &costs).ok()?;
    let mut assigner = Assigner::default();
    let solved = assigner.solve(&costs, None).ok()?;
    if solved.pairs() < rows {
        return Some(NEVER);
    }
    // Whole numbers below 2^53 add up exactly.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "4096 times at most a million million"
    )]
    let sum = solved.objective as i64;
    Some(sum.saturating_add(found.others_ms))
}

/// A time as a number; exact, as times are below 2^53.
#[expect(clippy::cast_precision_loss, reason = "at most 2e12")]
fn as_f64(ms: i64) -> f64 {
    ms as f64
}
