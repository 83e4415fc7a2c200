//! Whether paths of vehicles have an interleaving in the task algebra of OpenUxAS: for checking, and
//! without the automaton of the solver.

use std::collections::BTreeSet;

use super::SolveError;
use crate::planning::algo::uxas::algebra::{Expression, Operator};

/// Most ways of reading an expression that a check looks at.
const MOST_READINGS: usize = 10_000;

/// What is left of expressions after an atom, empty for a complete word (Antimirov 1996, partial
/// derivatives, with the shuffle).
fn after(expression: &Expression, id: i64) -> Vec<Option<Expression>> {
    match expression {
        Expression::Atom(own) if *own == id => vec![None],
        Expression::Atom(_) => Vec::new(),
        Expression::Node(Operator::Alternative, parts) => {
            parts.iter().flat_map(|part| after(part, id)).collect()
        }
        Expression::Node(operator, parts) => {
            let firsts = if *operator == Operator::Sequence {
                1
            } else {
                parts.len()
            };
            let rest = |at: usize, left: Option<Expression>| {
                let mut rest = parts.clone();
                match left {
                    Some(left) => rest[at] = left,
                    None => drop(rest.remove(at)),
                }
                (!rest.is_empty()).then_some(Expression::Node(*operator, rest))
            };
            let each = (0..firsts).flat_map(|at| {
                after(&parts[at], id)
                    .into_iter()
                    .map(move |left| (at, left))
            });
            each.map(|(at, left)| rest(at, left)).collect()
        }
    }
}

/// The ways to read an expression without alternatives and with some of these atoms alone.
///
/// # Errors
/// [`SolveError::Solution`] where there are more than [`MOST_READINGS`].
fn readings(
    expression: &Expression,
    atoms: &BTreeSet<i64>,
) -> Result<Vec<Option<Expression>>, SolveError> {
    let all = match expression {
        Expression::Atom(id) => {
            let is_there = atoms.contains(id);
            is_there
                .then(|| Some(expression.clone()))
                .into_iter()
                .collect()
        }
        Expression::Node(Operator::Alternative, parts) => {
            let each = parts.iter().map(|part| readings(part, atoms));
            each.collect::<Result<Vec<_>, _>>()?.concat()
        }
        Expression::Node(operator, parts) => {
            let mut rows = vec![Vec::new()];
            for part in parts {
                let each = readings(part, atoms)?;
                if rows.len() * each.len() > MOST_READINGS {
                    return Err(too_many());
                }
                let longer = |row: &Vec<Expression>| {
                    let row = row.clone();
                    let each = each.clone().into_iter().flatten();
                    each.map(move |part| row.iter().cloned().chain([part]).collect())
                };
                rows = rows.iter().flat_map(longer).collect();
            }
            rows.into_iter()
                .map(|row| Some(Expression::Node(*operator, row)))
                .collect()
        }
    };
    if all.len() > MOST_READINGS {
        return Err(too_many());
    }
    Ok(all)
}

/// The refusal of expressions that are too ambiguous.
fn too_many() -> SolveError {
    let cause = format!("its options fit the algebra in more than {MOST_READINGS} ways");
    SolveError::Solution(cause)
}

/// Whether paths have an interleaving in the language.
///
/// # Errors
/// As [`readings`].
pub(super) fn interleaves(expression: &Expression, paths: &[Vec<i64>]) -> Result<bool, SolveError> {
    let atoms = paths.iter().flatten().copied().collect();
    let readings = readings(expression, &atoms)?;
    Ok(readings.into_iter().any(|reading| is_word(reading, paths)))
}

/// Whether paths have an interleaving in an expression without alternatives. What may come next stays
/// so until it has come, so that whichever path can go on does.
fn is_word(mut state: Option<Expression>, paths: &[Vec<i64>]) -> bool {
    let mut rest: Vec<&[i64]> = paths.iter().map(Vec::as_slice).collect();
    while rest.iter().any(|path| !path.is_empty()) {
        let mut moved = false;
        for path in &mut rest {
            while let Some((id, tail)) = path.split_first() {
                let next = state.as_ref().and_then(|state| after(state, *id).pop());
                let Some(next) = next else { break };
                (state, *path, moved) = (next, tail, true);
            }
        }
        if !moved {
            return false;
        }
    }
    state.is_none()
}
