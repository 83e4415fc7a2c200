//! Lots to bidders, at most one each, by what every pair is worth. See [`Matching`].
//!
//! Problem: rectangular assignment of greatest worth, where leaving out is worth nothing. Exactly by
//! shortest augmenting paths ([`crate::kernel::assignment`], `O(n³)` at worst), with dual prices that
//! prove it, or greedily, the best pair again and again (`O(n² log n)`), which every planner has to
//! beat. The prices say besides why another pair was not chosen: [`Matching::regret`].

use serde::{Deserialize, Serialize};

use crate::kernel::assignment::{Assigner, AssignmentError, Costs};

/// What every pair of a bidder (row) and a lot (column) is worth, in points.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Matching {
    /// Number of bidders.
    pub bidders: usize,
    /// Number of lots.
    pub lots: usize,
    /// Bidder by bidder, the worth of each lot; `None` where the pair cannot be. What is worth
    /// nothing or less is never chosen.
    pub worth: Vec<Option<f64>>,
}

/// Who gets what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Matched {
    /// The lot of each bidder.
    pub lot_of: Vec<Option<usize>>,
    /// Sum of the worths of the pairs, in points.
    pub objective: f64,
    /// No matching is worth more, in points.
    pub bound: f64,
    /// Price of each bidder and of each lot, in points and at least zero; together the bound, and for
    /// every pair at least its worth.
    pub prices: (Vec<f64>, Vec<f64>),
}

impl Matching {
    /// The worth of a pair.
    #[must_use]
    pub fn worth(&self, bidder: usize, lot: usize) -> Option<f64> {
        self.worth[bidder * self.lots + lot]
    }

    /// The matching of greatest worth, with the prices that prove it.
    ///
    /// # Errors
    /// Where a worth is not a finite number, or their number is not that of the pairs.
    pub fn exact(&self, assigner: &mut Assigner) -> Result<Matched, AssignmentError> {
        let cost = |worth: &Option<f64>| worth.map_or(f64::INFINITY, |worth| -worth);
        let values: Vec<f64> = self.worth.iter().map(cost).collect();
        let costs = Costs::new(self.bidders, self.lots, &values)?;
        let solved = assigner.solve(&costs, Some(0.0))?;
        let price = |dual: &f64| -dual;
        let prices: (Vec<f64>, Vec<f64>) = (
            solved.row_dual.iter().map(price).collect(),
            solved.col_dual.iter().map(price).collect(),
        );
        Ok(Matched {
            lot_of: solved.row_to_col.clone(),
            objective: -solved.objective,
            bound: prices.0.iter().chain(&prices.1).sum(),
            prices,
        })
    }

    /// The best pair again and again; of equal ones that of the first bidder, then of the first lot.
    /// Each bidder's price is the most that it could have.
    #[must_use]
    pub fn greedy(&self) -> Matched {
        let pairs = (0..self.bidders).flat_map(|row| (0..self.lots).map(move |lot| (row, lot)));
        let worth = |(row, lot)| Some((self.worth(row, lot)?, row, lot));
        let mut ranked: Vec<(f64, usize, usize)> =
            pairs.filter_map(worth).filter(|it| it.0 > 0.0).collect();
        // Stable, so that ties stay in the order of bidders and lots.
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut most = vec![0.0_f64; self.bidders];
        let (mut lot_of, mut is_taken) = (vec![None; self.bidders], vec![false; self.lots]);
        let mut objective = 0.0;
        for (worth, row, lot) in ranked {
            most[row] = most[row].max(worth);
            if lot_of[row].is_none() && !is_taken[lot] {
                (lot_of[row], is_taken[lot]) = (Some(lot), true);
                objective += worth;
            }
        }
        Matched {
            lot_of,
            objective,
            bound: most.iter().sum(),
            prices: (most, vec![0.0; self.lots]),
        }
    }

    /// At least so much worse, in points, is every matching that has this pair than the bound; `None`
    /// where the pair cannot be. With exact prices zero means that the pair is as good as what was
    /// chosen, as far as prices can tell.
    #[must_use]
    pub fn regret(&self, matched: &Matched, bidder: usize, lot: usize) -> Option<f64> {
        let worth = self.worth(bidder, lot)?;
        Some((matched.prices.0[bidder] + matched.prices.1[lot] - worth).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The greatest worth by trying everything.
    fn best(of: &Matching, row: usize, taken: &mut Vec<bool>) -> f64 {
        if row == of.bidders {
            return 0.0;
        }
        let mut most = best(of, row + 1, taken);
        for lot in 0..of.lots {
            if let (false, Some(worth)) = (taken[lot], of.worth(row, lot)) {
                taken[lot] = true;
                most = most.max(worth + best(of, row + 1, taken));
                taken[lot] = false;
            }
        }
        most
    }

    proptest! {
        #[test]
        fn exact_is_best_and_proves_it_and_greedy_gets_half(
            bidders in 0_usize..6,
            lots in 0_usize..6,
            numbers in prop::collection::vec(prop::option::weighted(0.8, -3_i32..20), 36),
        ) {
            let worth = numbers[..bidders * lots].iter().map(|it| it.map(f64::from)).collect();
            let problem = Matching { bidders, lots, worth };
            let want = best(&problem, 0, &mut vec![false; lots]);
            let exact = problem.exact(&mut Assigner::default()).unwrap();
            let greedy = problem.greedy();
            prop_assert!((exact.objective - want).abs() < 1e-9);
            prop_assert!((exact.bound - want).abs() < 1e-9);
            prop_assert!(greedy.objective >= 0.5 * want - 1e-9 && greedy.bound >= want - 1e-9);
            for found in [&exact, &greedy] {
                let mut sum = 0.0;
                let mut used = vec![false; lots];
                for (row, lot) in found.lot_of.iter().enumerate() {
                    if let Some(lot) = *lot {
                        prop_assert!(!core::mem::replace(&mut used[lot], true));
                        sum += problem.worth(row, lot).unwrap();
                    }
                }
                prop_assert!((sum - found.objective).abs() < 1e-9);
                prop_assert!(found.prices.0.iter().chain(&found.prices.1).all(|it| *it >= -1e-9));
            }
            // What the prices say of a pair holds for the best matching that has it.
            for row in 0..bidders {
                for lot in 0..lots {
                    let Some(regret) = problem.regret(&exact, row, lot) else { continue };
                    let mut forced = problem.clone();
                    for other in 0..lots {
                        forced.worth[row * lots + other] = None;
                    }
                    let mut taken = vec![false; lots];
                    taken[lot] = true;
                    let with = problem.worth(row, lot).unwrap() + best(&forced, 0, &mut taken);
                    prop_assert!(want - with >= regret - 1e-9);
                }
            }
        }
    }
}
