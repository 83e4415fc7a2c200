//! The independent check of an assignment's optimality.

use super::{Assignment, AssignmentError, Costs};

/// Numbers that are handled at a time, so that the compiler can use vector instructions.
const LANES: usize = 8;

impl Assignment {
    /// Checks independently of the solver that this is an assignment and an optimal one: feasible
    /// pairs, dual feasibility, complementary slackness, equal primal and dual objective and, if
    /// rows may be left out only by necessity, that no assignment has more pairs. `tolerance` is
    /// relative to the largest cost or price in play.
    ///
    /// # Errors
    /// [`AssignmentError::Certificate`] with the first condition that fails.
    pub fn certify(&self, costs: &Costs<'_>, tolerance: f64) -> Result<(), AssignmentError> {
        let fail = |what: String| Err(AssignmentError::Certificate(what));
        let (rows, cols, price) = (costs.rows, costs.cols, self.unassigned_price);
        if self.row_to_col.len() != rows || self.col_to_row.len() != cols {
            return fail("the solution has another shape than the costs".into());
        }
        if self.row_dual.len() != rows || self.col_dual.len() != cols {
            return fail("a dual value is missing".into());
        }
        if self
            .row_dual
            .iter()
            .chain(&self.col_dual)
            .any(|v| v.is_nan())
        {
            return fail("a dual value is not a number".into());
        }
        let largest = largest_cost(costs.values);
        let eps = tolerance * largest.max(price.abs()).max(1.0);
        let mut total = 0.0;
        for (row, &u) in self.row_dual.iter().enumerate() {
            let chosen = self.row_to_col[row];
            if !(u <= price + eps && (chosen.is_some() || u >= price - eps)) {
                return fail(format!("dual {u} of row {row} against price {price}"));
            }
            if chosen.is_some_and(|col| self.col_to_row.get(col) != Some(&Some(row))) {
                return fail(format!("row {row} and its column disagree"));
            }
            let line = &costs.values[row * cols..][..cols];
            let least = least_difference(line, &self.col_dual) - u;
            let slack = chosen.map_or(0.0, |col| line[col] - u - self.col_dual[col]);
            if !(least >= -eps && slack <= eps) {
                return fail(format!("reduced cost {} of row {row}", least.min(slack)));
            }
            total += chosen.map_or(self.unassigned_cost.unwrap_or(0.0), |col| {
                costs.at(row, col)
            });
        }
        for (col, &v) in self.col_dual.iter().enumerate() {
            let owner = self.col_to_row[col];
            if !(v <= eps && (owner.is_some() || v >= -eps)) {
                return fail(format!("dual {v} of column {col}"));
            }
            if owner.is_some_and(|row| self.row_to_col.get(row) != Some(&Some(col))) {
                return fail(format!("column {col} and its row disagree"));
            }
        }
        self.certify_objective(costs, total, eps)
    }

    /// The part of [`Self::certify`] about the objective and the number of pairs.
    fn certify_objective(
        &self,
        costs: &Costs<'_>,
        total: f64,
        eps: f64,
    ) -> Result<(), AssignmentError> {
        let fail = |what: String| Err(AssignmentError::Certificate(what));
        let out = self.row_to_col.len() - self.pairs();
        let left_out = u32::try_from(out).map_or(f64::MAX, f64::from) * self.unassigned_price;
        let dual: f64 = self.row_dual.iter().sum::<f64>() + self.col_dual.iter().sum::<f64>();
        let size = f64::from(u32::try_from(costs.rows + costs.cols).unwrap_or(u32::MAX));
        let primal = match self.unassigned_cost {
            Some(_) => total,
            None => total + left_out,
        };
        if (total - self.objective).abs() > eps * size || (primal - dual).abs() > eps * size {
            return fail(format!(
                "objective {}, recomputed {primal}, dual {dual}",
                self.objective
            ));
        }
        let given = self.unassigned_cost;
        let as_given = given.is_some_and(|c| (c - self.unassigned_price).abs() <= eps);
        let full = given.is_none() && self.pairs() == costs.rows.min(costs.cols);
        let dear = given.is_none() && self.unassigned_price >= costs.prohibitive();
        if as_given || full || dear {
            return Ok(());
        }
        fail(format!(
            "{} pairs are not shown to be the most possible",
            self.pairs()
        ))
    }
}

/// Least of `cost - dual` over a row.
fn least_difference(line: &[f64], dual: &[f64]) -> f64 {
    let least = |a: f64, b: f64| if b < a { b } else { a };
    let (c_blocks, c_tail) = line.as_chunks::<LANES>();
    let (v_blocks, v_tail) = dual.as_chunks::<LANES>();
    let mut lanes = [f64::INFINITY; LANES];
    for (c, v) in c_blocks.iter().zip(v_blocks) {
        for k in 0..LANES {
            lanes[k] = least(lanes[k], c[k] - v[k]);
        }
    }
    let tail = c_tail.iter().zip(v_tail).map(|(c, v)| c - v);
    lanes.into_iter().chain(tail).fold(f64::INFINITY, least)
}

/// Largest magnitude of the finite costs, or zero.
fn largest_cost(costs: &[f64]) -> f64 {
    let size = |c: f64| if c < f64::INFINITY { c.abs() } else { 0.0 };
    let most = |a: f64, b: f64| if b > a { b } else { a };
    let (blocks, tail) = costs.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for block in blocks {
        for k in 0..LANES {
            lanes[k] = most(lanes[k], size(block[k]));
        }
    }
    let tail = tail.iter().map(|&c| size(c));
    lanes.into_iter().chain(tail).fold(0.0, most)
}
