//! The master problem: which mixture of the columns in play costs least.
//!
//! The linear program `min sum c_k z_k` over mixtures of one column per target that use no resource
//! beyond its capacity and meet the cuts, given to an interior-point solver (Clarabel, Goulart and
//! Chen 2024) in its dual form: prices are the variables, each column is one inequality, and the
//! mixture comes out as the multipliers. Interior solutions are no disadvantage: loose ones lie in
//! the middle of the optimal prices and make column generation stable (Gondzio, Gonzalez-Brevis,
//! Munari 2013, European Journal of Operational Research 224, 41-51).

use super::column::Pool;
use super::cuts::Cut;
use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettingsBuilder, DefaultSolver, IPSolver as _, NonnegativeConeT, SolverStatus,
};

/// Most iterations of the interior-point solver.
const MOST_ITERATIONS: u32 = 60;

/// A solution of the master problem.
#[derive(Clone, Debug)]
pub(in crate::planning::algo) struct Mixture {
    /// Price of each resource.
    pub(in crate::planning::algo) prices: Vec<f64>,
    /// Price of each cut.
    pub(in crate::planning::algo) cut_prices: Vec<f64>,
    /// Share of each column, in the order of the pool.
    pub(in crate::planning::algo) shares: Vec<Vec<f64>>,
}

impl Mixture {
    /// Targets and columns with a share above `faint`, heaviest first.
    pub(in crate::planning::algo) fn heaviest(&self, faint: f64) -> Vec<(usize, usize)> {
        let lists = self.shares.iter().enumerate();
        let mut order: Vec<(f64, usize, usize)> = lists
            .flat_map(|(target, own)| own.iter().enumerate().map(move |(at, &s)| (s, target, at)))
            .filter(|&(share, ..)| share > faint)
            .collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        order
            .into_iter()
            .map(|(_, target, at)| (target, at))
            .collect()
    }

    /// Cost of the mixture.
    pub(in crate::planning::algo) fn cost(&self, pool: &Pool) -> f64 {
        let columns = pool.by_target.iter().flatten();
        let shares = self.shares.iter().flatten();
        columns.zip(shares).map(|(c, share)| c.cost * share).sum()
    }
}

/// A master problem; costs are divided by `scale` within.
pub(in crate::planning::algo) struct Master<'a> {
    /// Columns in play.
    pub(in crate::planning::algo) pool: &'a Pool,
    /// How often each resource may be used.
    pub(in crate::planning::algo) capacity: &'a [f64],
    /// Least price of each resource, at most zero: costs may have been reduced by prices already.
    pub(in crate::planning::algo) floor: &'a [f64],
    /// Further inequalities.
    pub(in crate::planning::algo) cuts: &'a [Cut],
    /// Size of the costs.
    pub(in crate::planning::algo) scale: f64,
}

impl Master<'_> {
    /// About the work of a solution, in steps of a budget. It cannot be interrupted, so this much is
    /// asked for before.
    pub(in crate::planning::algo) fn work(&self) -> u64 {
        let rows = (self.pool.len() + self.capacity.len() + self.cuts.len()) as u64;
        rows * (6000 + rows)
    }

    /// Solves it to the relative gap `tolerance`. None if the solver gives up.
    pub(in crate::planning::algo) fn solve(&self, tolerance: f64) -> Option<Mixture> {
        let targets = self.pool.by_target.len();
        let resources = self.capacity.len();
        let (matrix, costs) = self.inequalities();
        let variables = targets + resources + self.cuts.len();
        let quadratic = CscMatrix::<f64>::zeros((variables, variables));
        let mut linear = vec![-1.0; targets];
        linear.extend_from_slice(self.capacity);
        linear.extend(self.cuts.iter().map(|cut| cut.most));
        let settings = DefaultSettingsBuilder::default()
            .verbose(false)
            .max_threads(1)
            .presolve_enable(false)
            .tol_gap_abs(tolerance)
            .tol_gap_rel(tolerance)
            .tol_feas(tolerance.min(1e-8))
            .max_iter(MOST_ITERATIONS)
            .build()
            .ok()?;
        let cones = [NonnegativeConeT(costs.len())];
        let mut solver =
            DefaultSolver::new(&quadratic, &linear, &matrix, &costs, &cones, settings).ok()?;
        solver.solve();
        let usable = matches!(
            solver.solution.status,
            SolverStatus::Solved
                | SolverStatus::AlmostSolved
                | SolverStatus::InsufficientProgress
                | SolverStatus::MaxIterations
        );
        let found = &solver.solution;
        if !usable || found.x.iter().chain(&found.z).any(|v| !v.is_finite()) {
            return None;
        }
        let (prices, cut_prices) = found.x[targets..].split_at(resources);
        let prices = prices.iter().zip(self.floor);
        let prices = prices.map(|(&price, &floor)| (price * self.scale).max(floor));
        let mut row = 0;
        let shares = self.pool.by_target.iter().map(|columns| {
            row += columns.len();
            found.z[row - columns.len()..row].to_vec()
        });
        Some(Mixture {
            prices: prices.collect(),
            cut_prices: cut_prices
                .iter()
                .map(|g| (g * self.scale).max(0.0))
                .collect(),
            shares: shares.collect(),
        })
    }

    /// Rows `pi_j - sum price_i - sum alpha_k gamma <= c_k`, one per column, then the least prices.
    fn inequalities(&self) -> (CscMatrix<f64>, Vec<f64>) {
        let mut costs = Vec::with_capacity(self.pool.len() + self.capacity.len());
        let mut by_resource: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.capacity.len()];
        let (mut starts, mut rows, mut entries) = (vec![0], Vec::new(), Vec::new());
        let mut first_row = Vec::with_capacity(self.pool.by_target.len());
        for columns in &self.pool.by_target {
            first_row.push(costs.len());
            for column in columns {
                let row = costs.len();
                costs.push(column.cost / self.scale);
                rows.push(row);
                entries.push(1.0);
                for group in column.uses.chunk_by(|a, b| a == b) {
                    by_resource[group[0]].push((row, -(group.len() as f64)));
                }
            }
            starts.push(rows.len());
        }
        let cut_lists = self.cuts.iter().map(|cut| {
            let at =
                |&(target, column, by): &(usize, usize, f64)| (first_row[target] + column, -by);
            (cut.entries.iter().map(at).collect(), 0.0)
        });
        let priced = by_resource.into_iter().zip(self.floor);
        let priced = priced.map(|(list, floor)| (list, -floor / self.scale));
        let lists: Vec<(Vec<(usize, f64)>, f64)> = priced.chain(cut_lists).collect();
        for (list, most) in lists {
            for (row, entry) in list {
                rows.push(row);
                entries.push(entry);
            }
            rows.push(costs.len());
            entries.push(-1.0);
            costs.push(most);
            starts.push(rows.len());
        }
        let matrix = CscMatrix::new(costs.len(), starts.len() - 1, starts, rows, entries);
        (matrix, costs)
    }
}
