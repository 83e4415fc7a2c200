//! Tests of the solver of partitions: brute force, validity of cuts.

use super::column::{Column, Pool};
use super::cuts::{self, Cut};
use super::integer::{Candidates, branch, solve};
use super::master::Master;
use crate::kernel::budget::WorkBudget;
use proptest::prelude::*;

/// Three to five targets with a column of no use and a few others, over four resources; reduced
/// costs in units of the reach.
fn candidates() -> impl Strategy<Value = Candidates> {
    let column = (prop::collection::vec(0..4_usize, 1..4), 0.0..0.5_f64);
    let columns = prop::collection::vec(column, 1..6);
    let capacity = prop::collection::vec(1..4_u32, 4);
    let prices = prop::collection::vec(0.0..0.4_f64, 4);
    (prop::collection::vec(columns, 3..6), capacity, prices).prop_map(
        |(lists, capacity, prices)| {
            let mut pool = Pool::new(lists.len());
            for (target, list) in lists.into_iter().enumerate() {
                let none = Column {
                    uses: Vec::new(),
                    cost: 0.45,
                };
                pool.add(target, none);
                for (mut uses, cost) in list {
                    uses.sort_unstable();
                    pool.add(target, Column { uses, cost });
                }
            }
            Candidates {
                pool,
                prices,
                capacity: capacity.into_iter().map(f64::from).collect(),
                reach: 1.0,
            }
        },
    )
}

/// All choices within capacity, as indices of columns.
fn choices(candidates: &Candidates) -> Vec<Vec<usize>> {
    let mut all = vec![(Vec::new(), candidates.capacity.clone())];
    for columns in &candidates.pool.by_target {
        let mut next = Vec::new();
        for (chosen, left) in &all {
            for (at, column) in columns.iter().enumerate() {
                let mut left = left.clone();
                column.uses.iter().for_each(|&r| left[r] -= 1.0);
                if left.iter().all(|&l| l >= 0.0) {
                    next.push(([chosen.as_slice(), &[at]].concat(), left));
                }
            }
        }
        all = next;
    }
    all.into_iter().map(|(chosen, _)| chosen).collect()
}

/// Reduced costs plus the price of what is left unused.
fn cost<'a>(candidates: &Candidates, chosen: impl Iterator<Item = &'a Column>) -> f64 {
    let mut left = candidates.capacity.clone();
    let mut cost = 0.0;
    for column in chosen {
        cost += column.cost;
        column.uses.iter().for_each(|&r| left[r] -= 1.0);
    }
    let unused = left
        .iter()
        .zip(&candidates.prices)
        .map(|(l, price)| l * price);
    cost + unused.sum::<f64>()
}

/// The columns of a choice by indices.
fn columns<'a>(pool: &'a Pool, chosen: &'a [usize]) -> impl Iterator<Item = &'a Column> {
    let lists = pool.by_target.iter().zip(chosen);
    lists.map(|(columns, &at)| &columns[at])
}

/// The mixture of a master problem over all candidates.
fn mixture(candidates: &Candidates, cuts: &[Cut]) -> super::Mixture {
    let floor: Vec<f64> = candidates.prices.iter().map(|price| -price).collect();
    let master = Master {
        pool: &candidates.pool,
        capacity: &candidates.capacity,
        floor: &floor,
        cuts,
        scale: 1.0,
    };
    master.solve(1e-9).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_best_choice_within_the_reach_is_found(candidates in candidates()) {
        let all = choices(&candidates);
        let costs = all.iter().map(|c| cost(&candidates, columns(&candidates.pool, c)));
        let best = costs.fold(f64::INFINITY, f64::min);
        let mut budget = WorkBudget::new(u64::MAX);
        let branched = branch(&candidates, &[], &mut budget);
        let cut = solve(candidates.clone(), &mut budget, &mut |_, _, _| ());
        for outcome in [branched, cut] {
            prop_assert!(outcome.complete);
            let found = outcome.choice.map(|choice| cost(&candidates, choice.iter()));
            let found = found.unwrap_or(f64::INFINITY);
            prop_assert!(found >= best - 1e-6, "{found} is better than {best}");
            // Beyond the reach there is no promise.
            prop_assert!(best > 1.0 - 1e-6 || found <= best + 1e-6, "{found} and {best}");
        }
    }

    #[test]
    fn cuts_hold_for_every_choice_and_raise_the_bound(candidates in candidates()) {
        let first = mixture(&candidates, &[]);
        let found = cuts::separate(&candidates.pool, &first.shares, &candidates.capacity);
        for chosen in choices(&candidates) {
            for cut in &found {
                let entries = cut.entries.iter();
                let held: f64 = entries.filter(|e| chosen[e.0] == e.1).map(|e| e.2).sum();
                prop_assert!(held <= cut.most, "{held} above {}", cut.most);
            }
        }
        for cut in &found {
            let reached: f64 = cut.entries.iter().map(|e| e.2 * first.shares[e.0][e.1]).sum();
            prop_assert!(reached > cut.most, "a cut that is not violated");
        }
        let objective = |mixture: &super::Mixture| {
            let shares = mixture.shares.iter().flatten();
            let columns = candidates.pool.by_target.iter().flatten();
            let weighed = columns.zip(shares).map(|(column, share)| {
                let saved: f64 = column.uses.iter().map(|&r| candidates.prices[r]).sum();
                share * (column.cost - saved)
            });
            weighed.sum::<f64>()
        };
        if !found.is_empty() {
            let then = objective(&mixture(&candidates, &found));
            prop_assert!(then >= objective(&first) - 1e-6);
        }
    }
}

#[test]
fn an_odd_cycle_needs_a_cut_and_gets_it() {
    // Three targets, three resources of capacity one; each target wants one of the three pairs.
    // Mixtures use half of every pair, a choice only one.
    let mut pool = Pool::new(3);
    for target in 0..3 {
        for (uses, cost) in [
            (vec![], 0.3),
            (vec![0, 1], 0.0),
            (vec![1, 2], 0.0),
            (vec![0, 2], 0.0),
        ] {
            pool.add(target, Column { uses, cost });
        }
    }
    let candidates = Candidates {
        pool,
        prices: vec![0.0; 3],
        capacity: vec![1.0; 3],
        reach: 1.0,
    };
    let first = mixture(&candidates, &[]);
    assert!((first.cost(&candidates.pool) - 0.45).abs() < 1e-6);
    let cuts = cuts::separate(&candidates.pool, &first.shares, &candidates.capacity);
    let then = mixture(&candidates, &cuts);
    assert!((then.cost(&candidates.pool) - 0.6).abs() < 1e-6);
}
