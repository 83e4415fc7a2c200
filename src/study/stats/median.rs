//! Medians with intervals between order statistics.

use statrs::distribution::{Binomial, DiscreteCDF as _};

use super::Estimate;
use crate::accounting::stats;

/// The rank r, from 1, such that the r-th least and the r-th greatest of n values hold the median
/// between them with at least this confidence, and r is as great as that allows; none where even
/// least and greatest do not.
///
/// The interval holds the median of a continuous distribution with probability
/// `1 - 2 P(B ≤ r - 1)`, B binomial with n trials of one half, whatever the distribution (David and
/// Nagaraja, Order Statistics, 3rd ed. 2003, § 7.1).
#[must_use]
pub fn median_rank(n: usize, confidence: f64) -> Option<usize> {
    let binomial = Binomial::new(0.5, n as u64).ok()?;
    let holds = |rank: &usize| 2.0 * binomial.cdf(*rank as u64 - 1) <= 1.0 - confidence;
    (1..=n / 2).take_while(holds).last()
}

/// The median of a sample with its interval of order statistics; none of an empty sample.
#[must_use]
pub fn median(sample: &[f64], confidence: f64) -> Option<Estimate> {
    let value = stats::median(sample)?;
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let interval = median_rank(n, confidence).map(|rank| [sorted[rank - 1], sorted[n - rank]]);
    Some(Estimate { n, value, interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_those_of_the_table() {
        // Conover, Practical Nonparametric Statistics, 3rd ed. 1999, table A3 with p = 0.5.
        for (n, rank) in [
            (5, None),
            (6, Some(1)),
            (9, Some(2)),
            (15, Some(4)),
            (20, Some(6)),
            (100, Some(40)),
        ] {
            assert_eq!(median_rank(n, 0.95), rank, "{n}");
        }
    }

    #[test]
    fn the_interval_lies_between_order_statistics() {
        let sample: Vec<f64> = (1..=20_u32).rev().map(f64::from).collect();
        let estimate = median(&sample, 0.95).unwrap();
        assert_eq!(
            (estimate.value, estimate.interval),
            (10.5, Some([6.0, 15.0]))
        );
        assert_eq!(median(&[1.0, 2.0], 0.95).unwrap().interval, None);
        assert_eq!(median(&[], 0.95), None);
    }
}
