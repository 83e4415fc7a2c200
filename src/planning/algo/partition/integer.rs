//! The best choice among columns that lie within a reach of a bound.
//!
//! Given prices and a bound that they prove, a choice costs the bound plus the reduced costs of its
//! columns plus the price of what it leaves unused. All of these are at least zero, so no choice
//! better than bound plus reach holds a column of greater reduced cost. The problem over the columns
//! within the reach is written in those terms, in units of the reach: its numbers lie between zero
//! and one whatever the instance's are. Cuts raise the bound, the raised bound drops columns, and
//! what is left goes to branch and bound (microlp).

use super::column::{Column, Pool};
use super::cuts::{self, Cut};
use super::master::{Master, Mixture};
use crate::kernel::budget::Budget;
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOptions};

/// Branch-and-bound nodes between two questions to the budget.
const NODES_AT_ONCE: u64 = 4;

/// Cuts priced below this are dropped.
const IDLE: f64 = 1e-6;

/// Most rounds of cuts.
const MOST_ROUNDS: usize = 40;

/// Columns with their reduced costs, within a reach of a bound.
#[derive(Clone, Debug)]
pub(in crate::planning::algo) struct Candidates {
    /// Columns of each target; their cost is the reduced cost.
    pub(in crate::planning::algo) pool: Pool,
    /// Price of each resource.
    pub(in crate::planning::algo) prices: Vec<f64>,
    /// How often each resource may be used.
    pub(in crate::planning::algo) capacity: Vec<f64>,
    /// Above zero.
    pub(in crate::planning::algo) reach: f64,
}

/// How it ended.
#[derive(Clone, Debug)]
pub(in crate::planning::algo) struct Outcome {
    /// A choice, one column per target, within capacity.
    pub(in crate::planning::algo) choice: Option<Vec<Column>>,
    /// Whether no choice is better than the given one and within the reach.
    pub(in crate::planning::algo) complete: bool,
}

/// The best choice among the candidates. `offer` is shown mixtures on the way, which it may round.
pub(in crate::planning::algo) fn solve(
    mut candidates: Candidates,
    budget: &mut dyn Budget,
    offer: &mut dyn FnMut(&Pool, &Mixture, &mut dyn Budget),
) -> Outcome {
    let reach = candidates.reach;
    for columns in &mut candidates.pool.by_target {
        for column in columns {
            column.cost /= reach;
        }
    }
    candidates
        .prices
        .iter_mut()
        .for_each(|price| *price /= reach);
    let mut cuts = Vec::new();
    match tighten(&mut candidates, &mut cuts, budget, offer) {
        Some(outcome) => outcome,
        None => branch(&candidates, &cuts, budget),
    }
}

/// Rounds of cuts, after each of which columns out of reach are dropped. An outcome if that
/// settles it.
fn tighten(
    candidates: &mut Candidates,
    cuts: &mut Vec<Cut>,
    budget: &mut dyn Budget,
    offer: &mut dyn FnMut(&Pool, &Mixture, &mut dyn Budget),
) -> Option<Outcome> {
    let floor: Vec<f64> = candidates.prices.iter().map(|price| -price).collect();
    let (mut best, mut quiet) = (0.0_f64, 0);
    let done = |choice, complete| Some(Outcome { choice, complete });
    for _ in 0..MOST_ROUNDS {
        if candidates.pool.by_target.iter().any(Vec::is_empty) {
            return done(None, true);
        }
        let master = Master {
            pool: &candidates.pool,
            capacity: &candidates.capacity,
            floor: &floor,
            cuts,
            scale: 1.0,
        };
        if !budget.spend(master.work()) {
            return done(None, false);
        }
        let mixture = master.solve(1e-8)?;
        let (bound, reduced) = evaluate(candidates, cuts, &mixture);
        offer(&candidates.pool, &mixture, budget);
        if bound >= 1.0 - 1e-9 {
            return done(None, true);
        }
        if let Some(choice) = whole(&candidates.pool, &mixture) {
            return done(Some(choice), true);
        }
        quiet = if bound > best + 0.01 { 0 } else { quiet + 1 };
        best = best.max(bound);
        let new = cuts::separate(&candidates.pool, &mixture.shares, &candidates.capacity);
        drop_columns(&mut candidates.pool, &reduced, 1.0 - bound);
        let mut prices = mixture.cut_prices.iter();
        cuts.retain(|_| prices.next().is_some_and(|&price| price > IDLE));
        let stuck = new.is_empty();
        cuts.extend(new);
        cuts.iter_mut()
            .for_each(|cut| cut.refresh(&candidates.pool));
        if stuck || quiet >= 4 {
            return None;
        }
    }
    None
}

/// The bound that the prices of a mixture prove over these columns, and each column's reduced cost.
fn evaluate(candidates: &Candidates, cuts: &[Cut], mixture: &Mixture) -> (f64, Vec<Vec<f64>>) {
    let columns = candidates.pool.by_target.iter();
    let mut reduced: Vec<Vec<f64>> = columns
        .map(|own| own.iter().map(|c| c.priced(&mixture.prices)).collect())
        .collect();
    let mut bound = 0.0;
    for (cut, price) in cuts.iter().zip(&mixture.cut_prices) {
        bound -= cut.most * price;
        for &(target, at, by) in &cut.entries {
            reduced[target][at] += by * price;
        }
    }
    let held = candidates.capacity.iter().zip(&mixture.prices);
    bound -= held.map(|(c, price)| c * price).sum::<f64>();
    for own in &mut reduced {
        let least = own.iter().copied().fold(f64::INFINITY, f64::min);
        bound += least;
        own.iter_mut().for_each(|cost| *cost -= least);
    }
    (bound, reduced)
}

/// Drops columns whose reduced cost is above `reach`.
fn drop_columns(pool: &mut Pool, reduced: &[Vec<f64>], reach: f64) {
    for (columns, costs) in pool.by_target.iter_mut().zip(reduced) {
        let mut costs = costs.iter();
        columns.retain(|_| costs.next().is_some_and(|&cost| cost <= reach + 1e-7));
    }
}

/// The choice that a mixture is, if it is one.
fn whole(pool: &Pool, mixture: &Mixture) -> Option<Vec<Column>> {
    let lists = pool.by_target.iter().zip(&mixture.shares);
    lists
        .map(|(columns, shares)| {
            let at = shares.iter().position(|&share| share >= 1.0 - 1e-5)?;
            Some(columns[at].clone())
        })
        .collect()
}

/// Branch and bound over the columns that are left.
pub(super) fn branch(candidates: &Candidates, cuts: &[Cut], budget: &mut dyn Budget) -> Outcome {
    let failed = |complete| Outcome {
        choice: None,
        complete,
    };
    let columns = candidates.pool.len() as u64;
    if !budget.spend(2000 * columns) {
        return failed(false);
    }
    let (problem, variables) = program(candidates, cuts);
    let mut options = SolveOptions::default();
    options.node_limit = Some(NODES_AT_ONCE);
    let mut outcome = problem.solve_with(options);
    loop {
        match &outcome {
            // The columns admit no choice: none is within the reach.
            Err(microlp::Error::Infeasible) => return failed(true),
            Err(_) => return failed(false),
            Ok(found) if found.is_optimal() => break,
            Ok(found) => {
                let limited = found.termination_reason() == microlp::TerminationReason::NodeLimit;
                if !limited || !budget.spend(1000 * columns) {
                    break;
                }
            }
        }
        outcome = outcome.and_then(microlp::SolveOutcome::resume);
    }
    let Ok(outcome) = outcome else {
        return failed(false);
    };
    let choice = outcome.solution().map(|solution| {
        let lists = candidates.pool.by_target.iter().zip(&variables);
        let chosen = lists.filter_map(|(columns, own)| {
            let at = own.iter().position(|&v| solution.var_value(v) > 0.5)?;
            Some(columns[at].clone())
        });
        chosen.collect()
    });
    Outcome {
        choice,
        complete: outcome.is_optimal(),
    }
}

/// The integer program, with the variable of each column.
fn program(candidates: &Candidates, cuts: &[Cut]) -> (Problem, Vec<Vec<microlp::Variable>>) {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut uses: Vec<LinearExpr> = vec![LinearExpr::empty(); candidates.capacity.len()];
    let mut variables = Vec::with_capacity(candidates.pool.by_target.len());
    for columns in &candidates.pool.by_target {
        let mut one = LinearExpr::empty();
        let mut own = Vec::with_capacity(columns.len());
        for column in columns {
            let variable = problem.add_binary_var(column.cost);
            one.add(variable, 1.0);
            for group in column.uses.chunk_by(|a, b| a == b) {
                uses[group[0]].add(variable, group.len() as f64);
            }
            own.push(variable);
        }
        problem.add_constraint(one, ComparisonOp::Eq, 1.0);
        variables.push(own);
    }
    let held = candidates.capacity.iter().zip(&candidates.prices);
    for (mut use_of, (&capacity, &price)) in uses.into_iter().zip(held) {
        // What stays unused costs its price; dearer than the reach, nothing does.
        if price <= 1.0 {
            let left = problem.add_var(price, (0.0, capacity));
            use_of.add(left, 1.0);
        }
        problem.add_constraint(use_of, ComparisonOp::Eq, capacity);
    }
    for cut in cuts {
        let mut sum = LinearExpr::empty();
        for &(target, at, by) in &cut.entries {
            sum.add(variables[target][at], by);
        }
        problem.add_constraint(sum, ComparisonOp::Le, cut.most);
    }
    (problem, variables)
}
