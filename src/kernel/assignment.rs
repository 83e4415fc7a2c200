//! Exact linear assignment of rows to columns, with dual values that prove it.
//!
//! Problem: given a cost for every pair of a row and a column (`+inf` forbids the pair), give each
//! row at most one column and each column at most one row, so that the number of pairs is as large
//! as the permitted pairs allow and, among those, the sum of their costs is least. With an
//! `unassigned_cost` every row that is left out adds that cost instead, and the total is least.
//!
//! Method: shortest augmenting paths, Jonker and Volgenant (1987), Computing 38, 325-340; `O(n³)`
//! at worst, about `O(n²)` to `O(n^2.5)` on random costs. Tracker association and the planners
//! share it. The answer depends on the numbers alone, so ties are always broken the same way.
//!
//! ```
//! use tercio::kernel::assignment::{Assigner, Costs};
//!
//! let costs = Costs::new(2, 3, &[4.0, 1.0, 3.0, 2.0, 1.5, 5.0])?;
//! let mut assigner = Assigner::default();
//! let found = assigner.solve(&costs, None)?;
//! assert_eq!(found.row_to_col, [Some(1), Some(0)]);
//! found.certify(&costs, 1e-9)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod augment;
mod certificate;
#[cfg(test)]
mod tests;

use augment::{Core, NONE};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Largest magnitude of a finite cost; sums of this many stay far from overflow.
pub const LARGEST_COST: f64 = 1e100;

/// Why a problem was refused or a certificate does not hold.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum AssignmentError {
    /// The number of costs is not rows times columns.
    #[error("{len} costs do not fill {rows} rows by {cols} columns")]
    Shape {
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        cols: usize,
        /// Number of costs given.
        len: usize,
    },
    /// A cost is not a number, is `-inf` or is beyond [`LARGEST_COST`].
    #[error("cost {value} of row {row}, column {col} is neither finite nor +inf (forbidden)")]
    Cost {
        /// Row of the first such cost.
        row: usize,
        /// Column of the first such cost.
        col: usize,
        /// The cost.
        value: f64,
    },
    /// The cost of an unassigned row is not finite or is beyond [`LARGEST_COST`].
    #[error("the cost {0} of an unassigned row is not a finite number in range")]
    UnassignedCost(f64),
    /// The solution does not prove what it claims.
    #[error("certificate fails: {0}")]
    Certificate(String),
}

/// A dense, row-major cost matrix that has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Costs<'a> {
    /// Number of rows.
    rows: usize,
    /// Number of columns.
    cols: usize,
    /// Costs, row by row; `+inf` forbids the pair.
    values: &'a [f64],
}

impl<'a> Costs<'a> {
    /// Checks the shape and every cost: finite within [`LARGEST_COST`], or `+inf`.
    ///
    /// # Errors
    /// [`AssignmentError::Shape`] or [`AssignmentError::Cost`].
    pub fn new(rows: usize, cols: usize, values: &'a [f64]) -> Result<Self, AssignmentError> {
        if rows.checked_mul(cols) != Some(values.len()) {
            return Err(AssignmentError::Shape {
                rows,
                cols,
                len: values.len(),
            });
        }
        let good = |c: f64| c.abs() <= LARGEST_COST || c == f64::INFINITY;
        // Without a branch per cost this runs at the speed of memory.
        if values.iter().fold(true, |all, &c| all & good(c)) {
            return Ok(Self { rows, cols, values });
        }
        let at = values.iter().position(|&c| !good(c)).unwrap_or_default();
        Err(AssignmentError::Cost {
            row: at / cols,
            col: at % cols,
            value: values[at],
        })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Cost of a pair.
    #[must_use]
    pub fn at(&self, row: usize, col: usize) -> f64 {
        self.values[row * self.cols + col]
    }

    /// Price of an unassigned row at which no gain in cost pays for one pair less.
    fn prohibitive(&self) -> f64 {
        let finite = self.values.iter().filter(|c| c.is_finite());
        let largest = finite.fold(0.0_f64, |most, c| most.max(c.abs()));
        let pairs = u32::try_from(self.rows.min(self.cols)).map_or(f64::MAX.sqrt(), f64::from);
        (2.0 * pairs + 3.0) * largest + 1.0
    }
}

/// An optimal assignment with its dual values.
///
/// For every permitted pair `row_dual + col_dual <= cost`, with equality on the chosen pairs;
/// `row_dual <= unassigned_price`, with equality on rows left out; `col_dual <= 0`, with equality
/// on columns left out. These are the complementary slackness conditions, which [`Self::certify`]
/// checks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// Column of each row.
    pub row_to_col: Vec<Option<usize>>,
    /// Row of each column.
    pub col_to_row: Vec<Option<usize>>,
    /// Sum of the costs of the pairs, plus `unassigned_cost` for each row left out if one was
    /// given.
    pub objective: f64,
    /// Dual value of each row: what one more use of this row would save is minus this.
    pub row_dual: Vec<f64>,
    /// Dual value of each column.
    pub col_dual: Vec<f64>,
    /// The price of leaving out a row under which the dual values prove the optimum: the given
    /// one, or one of the solver's making.
    pub unassigned_price: f64,
    /// The given cost of an unassigned row.
    pub unassigned_cost: Option<f64>,
}

impl Assignment {
    /// Number of pairs.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.row_to_col.iter().flatten().count()
    }
}

/// The solver with its buffers: make one, keep it, and from the second problem of a size on it
/// allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Assigner {
    /// Work buffers.
    core: Core,
    /// Costs with rows and columns exchanged, for problems with more rows than columns.
    turned: Vec<f64>,
    /// The last solution.
    found: Assignment,
}

impl Assigner {
    /// Finds an optimal assignment; see the [module](self) for the problem.
    ///
    /// # Errors
    /// [`AssignmentError::UnassignedCost`] if that cost is not finite or out of range.
    pub fn solve(
        &mut self,
        costs: &Costs<'_>,
        unassigned_cost: Option<f64>,
    ) -> Result<&Assignment, AssignmentError> {
        if let Some(cost) = unassigned_cost.filter(|c| c.is_nan() || c.abs() > LARGEST_COST) {
            return Err(AssignmentError::UnassignedCost(cost));
        }
        let (rows, cols) = (costs.rows, costs.cols);
        let turn = rows > cols;
        if turn {
            self.turned.clear();
            self.turned
                .extend((0..cols).flat_map(|col| (0..rows).map(move |row| costs.at(row, col))));
        }
        let values = if turn { &self.turned } else { costs.values };
        let (short, long) = (rows.min(cols), rows.max(cols));
        let mut price = unassigned_cost.unwrap_or(f64::INFINITY);
        if !self.core.run(values, short, long, price) {
            price = costs.prohibitive();
            let placed = self.core.run(values, short, long, price);
            debug_assert!(placed, "at a finite price every row has a place");
        }
        self.write(costs, turn, price, unassigned_cost);
        Ok(&self.found)
    }

    /// Turns the core's state into the solution, in the orientation of the problem.
    fn write(&mut self, costs: &Costs<'_>, turn: bool, price: f64, unassigned_cost: Option<f64>) {
        let partner = |&at: &usize| (at != NONE).then_some(at);
        let (core, found) = (&self.core, &mut self.found);
        let (rows, cols) = match turn {
            true => (&core.col_to_row, &core.row_to_col),
            false => (&core.row_to_col, &core.col_to_row),
        };
        replace(&mut found.row_to_col, rows.iter().map(partner));
        replace(&mut found.col_to_row, cols.iter().map(partner));
        let short_dual = core
            .row_to_col
            .iter()
            .enumerate()
            .map(|(row, &col)| match col {
                NONE => price,
                _ if turn => costs.at(col, row) - core.col_dual[col],
                _ => costs.at(row, col) - core.col_dual[col],
            });
        let (short, long) = match turn {
            true => (&mut found.col_dual, &mut found.row_dual),
            false => (&mut found.row_dual, &mut found.col_dual),
        };
        replace(short, short_dual);
        replace(long, core.col_dual.iter().copied());
        // The core's free side has dual values at most zero, unless column reduction has moved
        // them all; the documented form is reached by shifting one side against the other.
        let most = |duals: &[f64]| duals.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shift = match (price.is_finite(), turn) {
            (false, _) => most(&found.col_dual),
            (true, true) => price,
            (true, false) => 0.0,
        };
        let shift = if shift.is_finite() { shift } else { 0.0 };
        found.row_dual.iter_mut().for_each(|u| *u += shift);
        found.col_dual.iter_mut().for_each(|v| *v -= shift);
        found.unassigned_price = if price.is_finite() {
            price
        } else {
            most(&found.row_dual)
        };
        if found.unassigned_price.is_infinite() {
            found.unassigned_price = 0.0;
        }
        found.unassigned_cost = unassigned_cost;
        let pairs = found.row_to_col.iter().enumerate();
        found.objective = pairs
            .map(|(row, col)| match col {
                Some(col) => costs.at(row, *col),
                None => unassigned_cost.unwrap_or(0.0),
            })
            .sum();
    }
}

/// Refills a buffer without giving up its memory.
fn replace<T>(buffer: &mut Vec<T>, items: impl Iterator<Item = T>) {
    buffer.clear();
    buffer.extend(items);
}
