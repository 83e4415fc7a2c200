//! The independent check of an assignment's optimality.

use super::{Assignment, AssignmentError, Costs};

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
        let finite = costs.values.iter().filter(|c| c.is_finite());
        let eps = tolerance * finite.fold(price.abs().max(1.0), |most, c| most.max(c.abs()));
        let mut total = 0.0;
        for (row, &u) in self.row_dual.iter().enumerate() {
            let chosen = self.row_to_col[row];
            if !(u <= price + eps && (chosen.is_some() || u >= price - eps)) {
                return fail(format!("dual {u} of row {row} against price {price}"));
            }
            if chosen.is_some_and(|col| self.col_to_row.get(col) != Some(&Some(row))) {
                return fail(format!("row {row} and its column disagree"));
            }
            for (col, &v) in self.col_dual.iter().enumerate() {
                let slack = costs.at(row, col) - u - v;
                let tight = chosen != Some(col) || slack <= eps;
                if slack.is_nan() || slack < -eps || !tight {
                    return fail(format!("reduced cost {slack} of row {row}, column {col}"));
                }
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
