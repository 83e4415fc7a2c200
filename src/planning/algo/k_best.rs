//! The best assignments in order: the best, the second best, and so on.
//!
//! Problem: as [`crate::kernel::assignment`], with at most as many rows as columns or a cost for
//! rows left out; every row is assigned or pays that cost. Alternatives to an assignment, for the
//! explanation of a decision and for trackers that follow several hypotheses.
//!
//! Method: Murty (1968), "An algorithm for ranking all the assignments in order of increasing
//! cost", Operations Research 16, 682-687: the assignments other than the best fall into one part
//! per row, in which the rows before it are as in the best and the row itself is not. The dual
//! values of the parent say without any work what a part can cost at least (Miller, Stone and Cox
//! 1997), so a part is solved only when its turn comes; then one shortest augmenting path from the
//! parent's solution does, `O(n²)`. The k best take `O(k n³)` at worst, and one path for most.

use crate::kernel::assignment::{Assigner, AssignmentError, Costs};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Marks no row or column.
const NONE: usize = usize::MAX;

/// One of the best assignments.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// Column of each row; `None` if the row is left out.
    pub row_to_col: Vec<Option<usize>>,
    /// Sum of the costs of the pairs and of the rows left out.
    pub cost: f64,
}

/// An assignment that is optimal in some part, with its dual values.
#[derive(Clone, Debug)]
struct Solution {
    row_to_col: Vec<usize>,
    col_dual: Vec<f64>,
    row_dual: Vec<f64>,
    cost: f64,
}

/// A set of assignments: rows before `fixed` are as in the solution, `forbidden` columns are not
/// for row `fixed`.
#[derive(Clone, Debug)]
struct Part {
    /// Optimal in this part, or, if not `is_solved`, in the parent's.
    solution: Arc<Solution>,
    fixed: usize,
    forbidden: Vec<usize>,
    is_solved: bool,
}

/// Assignments in order of cost, as an iterator. Ties come in an order that depends on the numbers
/// alone.
#[derive(Clone, Debug)]
pub struct KBest {
    rows: usize,
    /// Columns of the costs; row `r` besides has column `cols + r` for itself if rows may be left
    /// out.
    cols: usize,
    /// Columns with those of rows left out.
    wide: usize,
    /// Costs, row by row over `wide` columns.
    cost: Vec<f64>,
    /// Parts by what they cost at least, and by age.
    open: BTreeMap<(Ordered, u64), Part>,
    /// Number of parts made.
    age: u64,
    /// Number of shortest paths found, for those who measure.
    paths: u64,
}

/// A number that orders.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ordered(f64);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl KBest {
    /// Ranks the assignments of these costs. Without an `unassigned_cost` every row is assigned,
    /// and where that is impossible there is no assignment at all.
    ///
    /// # Errors
    /// [`AssignmentError`] for costs out of range, [`AssignmentError::Shape`] for more rows than
    /// columns without an `unassigned_cost`.
    pub fn new(costs: &Costs<'_>, unassigned_cost: Option<f64>) -> Result<Self, AssignmentError> {
        let (rows, cols) = (costs.rows(), costs.cols());
        if rows > cols && unassigned_cost.is_none() {
            let len = rows * cols;
            return Err(AssignmentError::Shape { rows, cols, len });
        }
        let wide = cols + unassigned_cost.map_or(0, |_| rows);
        let mut cost = Vec::with_capacity(rows * wide);
        for row in 0..rows {
            cost.extend((0..cols).map(|col| costs.at(row, col)));
            if let Some(out) = unassigned_cost {
                cost.extend((0..rows).map(|own| if own == row { out } else { f64::INFINITY }));
            }
        }
        let mut ranking = Self {
            rows,
            cols,
            wide,
            cost,
            open: BTreeMap::new(),
            age: 0,
            paths: 0,
        };
        let mut assigner = Assigner::default();
        let values = Costs::new(rows, wide, &ranking.cost)?;
        let found = assigner.solve(&values, None)?;
        if found.pairs() == rows {
            let row_to_col: Vec<usize> = found.row_to_col.iter().flatten().copied().collect();
            let solution = Solution {
                cost: ranking.total(&row_to_col),
                row_to_col,
                col_dual: found.col_dual.clone(),
                row_dual: found.row_dual.clone(),
            };
            let first = Part {
                solution: Arc::new(solution),
                fixed: 0,
                forbidden: Vec::new(),
                is_solved: true,
            };
            ranking.file(first, 0.0);
        }
        Ok(ranking)
    }

    /// Number of shortest augmenting paths found so far.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.paths
    }

    /// Cost of a pair, with the columns of rows left out.
    fn at(&self, row: usize, col: usize) -> f64 {
        self.cost[row * self.wide + col]
    }

    /// Cost of a whole assignment, summed row by row.
    fn total(&self, row_to_col: &[usize]) -> f64 {
        let pairs = row_to_col.iter().enumerate();
        pairs.map(|(row, &col)| self.at(row, col)).sum()
    }

    /// Files a part under its cost, or, where it is not solved, `extra` above its parent's.
    fn file(&mut self, part: Part, extra: f64) {
        let least = part.solution.cost + extra;
        self.age += 1;
        self.open.insert((Ordered(least), self.age), part);
    }

    /// Splits a solved part by the first row that differs from its solution.
    fn split(&mut self, part: &Part) {
        let best = &*part.solution;
        let mut is_taken = vec![false; self.wide];
        best.row_to_col[..part.fixed]
            .iter()
            .for_each(|&col| is_taken[col] = true);
        let mut is_used = vec![false; self.wide];
        best.row_to_col.iter().for_each(|&col| is_used[col] = true);
        let free_dual = (0..self.wide)
            .find(|&col| !is_used[col])
            .map(|col| best.col_dual[col]);
        for row in part.fixed..self.rows {
            let own = best.row_to_col[row];
            let mut forbidden = vec![own];
            if row == part.fixed {
                forbidden.extend(&part.forbidden);
            }
            // The path begins with the cheapest column that is left, and ends with the cheapest way
            // of a later row, or of none, into the column that is given up.
            let open = (0..self.wide).filter(|c| !is_taken[*c] && !forbidden.contains(c));
            let steps = open.map(|c| self.at(row, c) - best.col_dual[c] - best.row_dual[row]);
            let first = steps.fold(f64::INFINITY, f64::min);
            let later = (row + 1..self.rows).map(|r| self.at(r, own) - best.row_dual[r]);
            let least = later.fold(free_dual.unwrap_or(f64::INFINITY), f64::min);
            let extra = first.max(0.0) + (least - best.col_dual[own]).max(0.0);
            if extra < f64::INFINITY {
                let child = Part {
                    fixed: row,
                    forbidden,
                    is_solved: false,
                    ..part.clone()
                };
                self.file(child, extra);
            }
            is_taken[own] = true;
        }
    }

    /// Solves a part by one shortest augmenting path from row `fixed` to the column that it gives
    /// up; `None` if it is empty.
    ///
    /// Columns without a row belong to rows that cost nothing anywhere, all alike: once one of them
    /// is reached, so is every column at the difference of their duals, of which free columns have
    /// the largest.
    fn solve(&mut self, part: Part) -> Option<Part> {
        self.paths += 1;
        let start = part.fixed;
        let mut best = Solution::clone(&part.solution);
        let mut col_to_row = vec![NONE; self.wide];
        for (row, &col) in best.row_to_col.iter().enumerate() {
            col_to_row[col] = row;
        }
        let own = best.row_to_col[start];
        let mut dist = vec![f64::INFINITY; self.wide];
        let mut pred = vec![start; self.wide];
        let mut is_done = vec![false; self.wide];
        best.row_to_col[..start]
            .iter()
            .for_each(|&col| is_done[col] = true);
        let (mut row, mut so_far, mut settled, mut free) = (start, 0.0, Vec::new(), NONE);
        while !is_done[own] {
            let mut nearest = (f64::INFINITY, NONE);
            for col in (0..self.wide).filter(|&col| !is_done[col]) {
                let step = match row {
                    NONE => best.col_dual[free] - best.col_dual[col],
                    _ if row == start && part.forbidden.contains(&col) => f64::INFINITY,
                    _ => self.at(row, col) - best.col_dual[col] - best.row_dual[row],
                };
                let through = so_far + step.max(0.0);
                if through < dist[col] {
                    (dist[col], pred[col]) = (through, row);
                }
                if dist[col] < nearest.0 {
                    nearest = (dist[col], col);
                }
            }
            let (least, col) = nearest;
            if col == NONE {
                return None;
            }
            so_far = least;
            is_done[col] = true;
            settled.push(col);
            row = col_to_row[col];
            if row == NONE && free == NONE {
                free = col;
            }
        }
        best.row_dual[start] += so_far;
        for &col in settled.iter().filter(|&&col| col != own) {
            if col_to_row[col] != NONE {
                best.row_dual[col_to_row[col]] += so_far - dist[col];
            }
            best.col_dual[col] -= so_far - dist[col];
        }
        best.turn(start, (own, free), &pred);
        best.cost = self.total(&best.row_to_col);
        Some(Part {
            solution: Arc::new(best),
            is_solved: true,
            ..part
        })
    }
}

impl Solution {
    /// Gives columns to rows along the path from row `start` to column `end`; where it comes from a
    /// row that costs nothing, that row had column `free`.
    fn turn(&mut self, start: usize, (end, free): (usize, usize), pred: &[usize]) {
        let mut col = end;
        loop {
            let row = pred[col];
            if row == NONE {
                col = free;
                continue;
            }
            let next = self.row_to_col[row];
            self.row_to_col[row] = col;
            if row == start {
                break;
            }
            col = next;
        }
    }
}

impl Iterator for KBest {
    type Item = Ranked;

    fn next(&mut self) -> Option<Ranked> {
        loop {
            let ((Ordered(cost), _), part) = self.open.pop_first()?;
            if !part.is_solved {
                if let Some(part) = self.solve(part) {
                    self.file(part, 0.0);
                }
                continue;
            }
            self.split(&part);
            let columns = part.solution.row_to_col.iter();
            return Some(Ranked {
                row_to_col: columns
                    .map(|&col| (col < self.cols).then_some(col))
                    .collect(),
                cost,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Costs of all assignments, in order.
    fn brute(costs: &Costs<'_>, row: usize, used: &mut Vec<bool>, out: Option<f64>) -> Vec<f64> {
        if row == costs.rows() {
            return vec![0.0];
        }
        let mut all = Vec::new();
        if let Some(out) = out {
            all.extend(
                brute(costs, row + 1, used, Some(out))
                    .iter()
                    .map(|c| c + out),
            );
        }
        for col in 0..costs.cols() {
            if !used[col] && costs.at(row, col).is_finite() {
                used[col] = true;
                let rest = brute(costs, row + 1, used, out);
                all.extend(rest.iter().map(|c| c + costs.at(row, col)));
                used[col] = false;
            }
        }
        all.sort_by(f64::total_cmp);
        all
    }

    /// Small shapes with ties and forbidden pairs.
    fn problems() -> impl Strategy<Value = (usize, usize, Vec<f64>, Option<f64>)> {
        (0_usize..5, 0_usize..6).prop_flat_map(|(rows, cols)| {
            let cost = prop_oneof![
                4 => (-6_i32..20).prop_map(|c| f64::from(c) / 3.0),
                1 => Just(f64::INFINITY),
            ];
            let out = prop_oneof![Just(None), (-4_i32..9).prop_map(|c| Some(f64::from(c)))];
            let costs = prop::collection::vec(cost, rows * cols);
            (Just(rows), Just(cols), costs, out)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// All assignments come, each once, in order, at the costs of brute force.
        #[test]
        fn the_ranking_is_that_of_brute_force((rows, cols, values, out) in problems()) {
            let costs = Costs::new(rows, cols, &values).unwrap();
            let Ok(ranking) = KBest::new(&costs, out) else {
                prop_assert!(rows > cols && out.is_none());
                return Ok(());
            };
            let all = brute(&costs, 0, &mut vec![false; cols], out);
            let ranked: Vec<Ranked> = ranking.take(all.len() + 3).collect();
            prop_assert_eq!(ranked.len(), all.len());
            for (found, cost) in ranked.iter().zip(&all) {
                prop_assert!((found.cost - cost).abs() < 1e-9, "{} for {}", found.cost, cost);
            }
            let mut distinct: Vec<_> = ranked.iter().map(|r| r.row_to_col.clone()).collect();
            distinct.sort();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), all.len());
        }
    }

    #[test]
    fn few_parts_are_solved() {
        let value = |at: usize| f64::from(u32::try_from(at * 7919 % 10007).unwrap());
        let values: Vec<f64> = (0..60 * 80).map(value).collect();
        let costs = Costs::new(60, 80, &values).unwrap();
        let mut ranking = KBest::new(&costs, None).unwrap();
        let costs: Vec<f64> = ranking.by_ref().take(100).map(|r| r.cost).collect();
        assert!(costs.windows(2).all(|w| w[0] <= w[1]) && costs.len() == 100);
        // All parts of the first hundred would be some six thousand.
        assert!(ranking.paths() < 1500, "{}", ranking.paths());
    }

    #[test]
    fn more_rows_than_columns_need_a_cost_of_leaving_out() {
        let costs = Costs::new(2, 1, &[1.0, 2.0]).unwrap();
        assert!(KBest::new(&costs, None).is_err());
        let ranked: Vec<f64> = KBest::new(&costs, Some(5.0))
            .unwrap()
            .map(|r| r.cost)
            .collect();
        assert_eq!(ranked, [6.0, 7.0, 10.0]);
        assert!(KBest::new(&costs, Some(f64::NAN)).is_err());
    }
}
