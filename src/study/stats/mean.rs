//! Means and paired differences with t intervals.

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::Estimate;

/// Mean and sample variance (n − 1 in the denominator) by Welford's recurrence (Technometrics 4,
/// 1962, pp. 419-420); the variance of fewer than two values is zero.
#[must_use]
pub fn moments(sample: &[f64]) -> (f64, f64) {
    let (mut mean, mut squares, mut n) = (0.0, 0.0, 0.0);
    for value in sample {
        n += 1.0;
        let off = value - mean;
        mean += off / n;
        squares += off * (value - mean);
    }
    let variance = if n > 1.0 { squares / (n - 1.0) } else { 0.0 };
    (mean, variance)
}

/// The two-sided t quantile: `t_{(1 + confidence) / 2, df}`; none without degrees of freedom.
#[must_use]
pub fn t_quantile(confidence: f64, df: usize) -> Option<f64> {
    let t = StudentsT::new(0.0, 1.0, df as f64).ok()?;
    Some(t.inverse_cdf(0.5 + confidence / 2.0))
}

/// The mean of a sample with the interval `mean ± t_{n-1} s / √n` (Student, Biometrika 6, 1908, pp.
/// 1-25); none of an empty sample, without interval for a single value.
///
/// Exact for normal samples; for others the error of its coverage falls with their skewness and
/// with 1/√n.
#[must_use]
pub fn mean(sample: &[f64], confidence: f64) -> Option<Estimate> {
    if sample.is_empty() {
        return None;
    }
    let n = sample.len();
    let (value, variance) = moments(sample);
    let half = |t: f64| t * (variance / n as f64).sqrt();
    let interval = t_quantile(confidence, n - 1).map(|t| [value - half(t), value + half(t)]);
    Some(Estimate { n, value, interval })
}

/// A paired difference, first less second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Mean of the differences with its t interval.
    pub estimate: Estimate,
    /// How many times fewer replications the common random numbers need: variance of the
    /// difference of independent samples over that of the pairs, `(s1² + s2²) / sd²`. Above one
    /// pairing helps, below one it hurts. None where it is not defined: fewer than two pairs, or
    /// pairs whose difference never varies.
    pub variance_reduction: Option<f64>,
}

/// The mean of paired differences (Law, Simulation Modeling and Analysis, 5th ed. 2015, § 10.2.1
/// and § 11.2); none without pairs.
#[must_use]
pub fn paired_difference(pairs: &[(f64, f64)], confidence: f64) -> Option<Difference> {
    let differences: Vec<f64> = pairs.iter().map(|(first, second)| first - second).collect();
    let estimate = mean(&differences, confidence)?;
    let variance = |of: fn(&(f64, f64)) -> f64| {
        let sample: Vec<f64> = pairs.iter().map(of).collect();
        moments(&sample).1
    };
    let apart = variance(|pair| pair.0) + variance(|pair| pair.1);
    let paired = moments(&differences).1;
    Some(Difference {
        estimate,
        variance_reduction: (paired > 0.0).then(|| apart / paired),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_table() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, § 1.3.6.7.2, two-sided 95 %.
        for (df, t) in [(1, 12.706), (4, 2.776), (19, 2.093), (100, 1.984)] {
            assert!((t_quantile(0.95, df).unwrap() - t).abs() < 6e-4, "{df}");
        }
        assert_eq!(t_quantile(0.95, 0), None);
    }

    #[test]
    fn an_interval_is_that_of_a_worked_example() {
        // Law (2015), example 4.27: ten values, mean 1.34, variance 0.17, 90 % interval 1.34 ± 0.24.
        let sample = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09];
        let Estimate { n, value, interval } = mean(&sample, 0.9).unwrap();
        let [low, high] = interval.unwrap();
        assert_eq!(n, 10);
        assert!((value - 1.343).abs() < 1e-9 && (moments(&sample).1 - 0.17).abs() < 0.005);
        assert!((high - low - 0.48).abs() < 0.01, "{low} {high}");
    }

    #[test]
    fn small_samples_have_no_interval() {
        assert_eq!(mean(&[], 0.95), None);
        assert_eq!(mean(&[3.0], 0.95).unwrap().interval, None);
        assert_eq!(mean(&[3.0, 3.0], 0.95).unwrap().interval, Some([3.0, 3.0]));
    }

    #[test]
    fn what_pairs_share_cancels() {
        let pairs = [(1.0, 0.0), (11.0, 10.5), (21.0, 19.5), (31.0, 30.0)];
        let difference = paired_difference(&pairs, 0.95).unwrap();
        assert!((difference.estimate.value - 1.0).abs() < 1e-12);
        assert!(difference.variance_reduction.unwrap() > 1000.0);
        let crossed = [(0.0, 1.0), (1.0, 0.0), (0.0, 1.0), (1.0, 0.0)];
        let hurts = paired_difference(&crossed, 0.95).unwrap();
        assert!((hurts.variance_reduction.unwrap() - 0.5).abs() < 1e-12);
        let same = paired_difference(&[(1.0, 0.0), (2.0, 1.0)], 0.95).unwrap();
        assert_eq!(
            (same.variance_reduction, same.estimate.interval),
            (None, Some([1.0, 1.0]))
        );
        assert_eq!(paired_difference(&[], 0.95), None);
    }
}
