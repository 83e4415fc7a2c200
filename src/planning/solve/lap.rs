//! Linear assignment files: `tercio solve lap`.
//!
//! Two formats, told apart by their first line. `n` alone, then `n * n` costs row by row, as the
//! OR-Library has them; `rows cols`, then `rows * cols` costs row by row. Line breaks between costs
//! mean nothing. `x` or `inf` forbids a pair. Of `rows` and `cols` the fewer are all served, once
//! each, at the least sum of costs.
//!
//! See [`crate::kernel::assignment`] for the method.

use super::answer::{Answer, Checked, Options, Sense, SolveError};
use super::words::{Words, refuse, size};
use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::budget::Budget;
use serde_json::{Value, json};

/// Most rows or columns.
const MOST_SIDE: usize = 1_000_000;

/// Most costs; bounds memory to some hundred megabytes.
const MOST_COSTS: usize = 30_000_000;

/// A matrix of costs.
struct Matrix {
    rows: usize,
    cols: usize,
    /// Costs row by row; `+inf` forbids a pair.
    costs: Vec<f64>,
}

/// Solves an assignment file. `solution` is a list with the column of each row, or null for a row
/// without one.
///
/// # Errors
/// [`SolveError::Instance`] for a malformed file; [`SolveError::Infeasible`] if forbidden pairs leave
/// no complete assignment.
pub fn solve(
    text: &str,
    _options: &Options,
    budget: &mut dyn Budget,
) -> Result<Answer, SolveError> {
    let matrix = read(text)?;
    let costs = checked(&matrix)?;
    // Exact and polynomial: there is nothing to answer with before it is done.
    budget.spend(4 * matrix.costs.len() as u64);
    let mut assigner = Assigner::default();
    let found = assigner
        .solve(&costs, None)
        .or_else(|e| refuse(1, e.to_string(), CURE))?;
    let needed = matrix.rows.min(matrix.cols);
    if found.pairs() < needed {
        return Err(SolveError::Infeasible(format!(
            "the permitted pairs serve {} of {needed} at once",
            found.pairs()
        )));
    }
    let left_out = (matrix.rows - found.pairs()) as f64 * found.unassigned_price;
    let dual: f64 = found.row_dual.iter().chain(&found.col_dual).sum::<f64>() - left_out;
    // Beside costs of very different size, duals within rounding of the largest may prove nothing.
    let is_tight = (found.objective - dual).abs() <= TIGHT * found.objective.abs().max(1.0);
    let proven = is_tight && found.certify(&costs, 1e-9).is_ok();
    Ok(Answer {
        sense: Sense::Min,
        objective: found.objective,
        bound: proven.then_some(found.objective),
        proven,
        method: "shortest-augmenting-path",
        solution: json!(found.row_to_col),
        certificate: None,
        notes: vec![("dual_objective".into(), dual)],
    })
}

/// Checks the columns of the rows against the file.
///
/// # Errors
/// [`SolveError::Instance`] for a malformed file, [`SolveError::Solution`] for a solution that is
/// not a complete assignment of permitted pairs.
pub fn check(text: &str, _options: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let matrix = read(text)?;
    let fail = |what: String| Err(SolveError::Solution(what));
    let Some(list) = solution.as_array() else {
        return fail("it is not a list of columns, one per row".into());
    };
    if list.len() != matrix.rows {
        return fail(format!(
            "it has {} entries for {} rows",
            list.len(),
            matrix.rows
        ));
    }
    let mut taken = vec![false; matrix.cols];
    let (mut objective, mut pairs) = (0.0, 0);
    for (row, entry) in list
        .iter()
        .enumerate()
        .filter(|(_, entry)| !entry.is_null())
    {
        let col = entry.as_u64().and_then(|c| usize::try_from(c).ok());
        let Some(col) = col.filter(|&c| c < matrix.cols) else {
            return fail(format!("row {row} has column {entry} of {}", matrix.cols));
        };
        if std::mem::replace(&mut taken[col], true) {
            return fail(format!("column {col} is given twice"));
        }
        let cost = matrix.costs[row * matrix.cols + col];
        if cost.is_infinite() {
            return fail(format!("row {row}, column {col} is a forbidden pair"));
        }
        objective += cost;
        pairs += 1;
    }
    if pairs < matrix.rows.min(matrix.cols) {
        return fail(format!(
            "it has {pairs} pairs of {}",
            matrix.rows.min(matrix.cols)
        ));
    }
    Ok(Checked {
        sense: Sense::Min,
        objective,
    })
}

/// Largest magnitude of a cost: beyond, differences of small ones drown in rounding.
const LARGEST: f64 = 1e12;

/// Share by which the dual objective may be off that of a proven assignment.
const TIGHT: f64 = 1e-6;

/// What to do about costs.
const CURE: &str = "give finite costs, or x for a forbidden pair";

/// The costs, checked once more by the solver's own standards.
fn checked(matrix: &Matrix) -> Result<Costs<'_>, SolveError> {
    Costs::new(matrix.rows, matrix.cols, &matrix.costs).or_else(|e| refuse(1, e.to_string(), CURE))
}

/// Reads either format.
fn read(text: &str) -> Result<Matrix, SolveError> {
    let mut words = Words::new(text);
    let header = words.header();
    let line = words.line();
    let (rows, cols) = match header[..] {
        [n] => {
            let n = size(n, line, "rows", MOST_SIDE)?;
            (n, n)
        }
        [rows, cols] => (
            size(rows, line, "rows", MOST_SIDE)?,
            size(cols, line, "columns", MOST_SIDE)?,
        ),
        _ => {
            return refuse(
                line,
                format!("the first line has {} numbers", header.len()),
                "begin with 'n' or 'rows cols' on a line of its own",
            );
        }
    };
    if rows * cols > MOST_COSTS {
        return refuse(
            line,
            format!("{rows} rows and {cols} columns are too many"),
            format!("give at most {MOST_COSTS} costs"),
        );
    }
    let mut costs = Vec::new();
    for _ in 0..rows * cols {
        costs.push(cost(&mut words)?);
    }
    words.end()?;
    Ok(Matrix { rows, cols, costs })
}

/// The next cost.
fn cost(words: &mut Words<'_>) -> Result<f64, SolveError> {
    let word = words.next("a cost")?;
    if matches!(word, "x" | "inf" | "+inf") {
        return Ok(f64::INFINITY);
    }
    match word.parse::<f64>() {
        Ok(cost) if cost.abs() <= LARGEST => Ok(cost),
        _ => refuse(words.line(), format!("a cost is '{word:.40}'"), CURE),
    }
}
