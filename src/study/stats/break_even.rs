//! Where a paired difference crosses zero. See [`break_even`].

use crate::accounting::stats::quantile;
use crate::study::seed::replication_seed;

/// Resamples of the bootstrap.
const RESAMPLES: u64 = 2000;

/// Name of its random numbers.
const DRAWS: &str = "break-even bootstrap";

/// Fewest replications that are resampled.
const FEWEST: usize = 5;

/// Where two alternatives are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakEven {
    /// The level at which the mean difference is zero; none where it does not change its sign.
    pub level: Option<f64>,
    /// Lower end of its interval; none where that lies below the lowest level.
    pub low: Option<f64>,
    /// Upper end; none where it lies above the highest level.
    pub high: Option<f64>,
    /// Share of the resamples that have a crossing.
    pub crossed: f64,
}

/// The level at which a paired difference becomes zero: `differences[level][replication]` at
/// ascending `levels`.
///
/// The mean difference is taken as linear between neighbouring levels; the first change of sign
/// counts. The interval is the percentile bootstrap's over whole replications (Efron and
/// Tibshirani, An Introduction to the Bootstrap, 1993, § 13.3). A resample without a crossing
/// counts as beyond that end of the levels at which its difference is the smaller, so that an end
/// of the interval may be open. Random numbers are named: the same sample gives the same
/// interval.
///
/// None without levels or replications; without interval below five replications, both ends open
/// and nothing crossed.
#[must_use]
pub fn break_even(levels: &[f64], differences: &[Vec<f64>], confidence: f64) -> Option<BreakEven> {
    let runs = differences.first()?.len();
    if runs == 0 || levels.len() != differences.len() {
        return None;
    }
    let all: Vec<usize> = (0..runs).collect();
    let level = crossing(levels, &means(differences, &all));
    let level = level.is_finite().then_some(level);
    let (low, high, crossed) = if runs < FEWEST {
        (None, None, 0.0)
    } else {
        let found: Vec<f64> = (0..RESAMPLES)
            .map(|number| crossing(levels, &means(differences, &resample(number, runs))))
            .collect();
        let crossed = found.iter().filter(|it| it.is_finite()).count();
        let [low, high] = ends(&found, levels, confidence);
        (low, high, crossed as f64 / RESAMPLES as f64)
    };
    Some(BreakEven {
        level,
        low,
        high,
        crossed,
    })
}

/// Replications drawn with replacement.
fn resample(number: u64, runs: usize) -> Vec<usize> {
    let draw = |n: u64| {
        let word = u128::from(replication_seed(DRAWS, number, n));
        usize::try_from((word * runs as u128) >> 64).unwrap_or(0)
    };
    (0..runs as u64).map(draw).collect()
}

/// The mean difference at every level over some replications.
fn means(differences: &[Vec<f64>], runs: &[usize]) -> Vec<f64> {
    let mean = |of_level: &Vec<f64>| {
        let sum: f64 = runs.iter().map(|run| of_level[*run]).sum();
        sum / runs.len() as f64
    };
    differences.iter().map(mean).collect()
}

/// The level of the first change of sign; infinite where there is none, as where two alternatives are
/// equal at every level.
fn crossing(levels: &[f64], means: &[f64]) -> f64 {
    if means.iter().all(|mean| mean.abs() <= 0.0) {
        return f64::INFINITY;
    }
    let ends = || levels.windows(2).zip(means.windows(2));
    for (level, mean) in ends() {
        if mean[0].abs() <= 0.0 {
            return level[0];
        }
        if mean[0] * mean[1] <= 0.0 {
            let share = mean[0] / (mean[0] - mean[1]);
            return level[0] + share * (level[1] - level[0]);
        }
    }
    let (first, last) = (means[0].abs(), means[means.len() - 1].abs());
    if last < first {
        f64::INFINITY
    } else {
        f64::NEG_INFINITY
    }
}

/// The percentiles, open beyond the levels.
fn ends(found: &[f64], levels: &[f64], confidence: f64) -> [Option<f64>; 2] {
    // Just beyond the levels in place of infinity, as quantiles interpolate.
    let (lowest, highest) = (levels[0], levels[levels.len() - 1]);
    let beyond = 1.0 + highest - lowest;
    let found: Vec<f64> = found
        .iter()
        .map(|it| it.clamp(lowest - beyond, highest + beyond))
        .collect();
    let tail = (1.0 - confidence) / 2.0;
    [tail, 1.0 - tail].map(|p| {
        let end = quantile(&found, p)?;
        (lowest..=highest).contains(&end).then_some(end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{DrawKey, Stream};

    /// Differences `6 - 0.2 level` with errors that replications keep over all levels in part: zero
    /// at 30.
    fn sample(seed: u64, runs: u64) -> (Vec<f64>, Vec<Vec<f64>>) {
        let levels = vec![0.0, 15.0, 45.0, 90.0];
        let error = |run: u64, at: u64| {
            let draw = |n| DrawKey::new(Stream::Placement, run, at, n).uniform(seed);
            4.0 * (draw(0) + draw(1) + draw(2) - 1.5)
        };
        let of_level = |(at, level): (u64, &f64)| -> Vec<f64> {
            let runs = 0..runs;
            runs.map(|run| 6.0 - 0.2 * level + error(run, 99) + 0.3 * error(run, at))
                .collect()
        };
        let differences = (0_u64..).zip(&levels).map(of_level).collect();
        (levels, differences)
    }

    #[test]
    fn a_line_crosses_where_it_does() {
        let lines = [vec![6.0; 8], vec![3.0; 8], vec![-3.0; 8], vec![-12.0; 8]];
        let found = break_even(&[0.0, 15.0, 45.0, 90.0], &lines, 0.95).unwrap();
        assert_eq!((found.level, found.crossed), (Some(30.0), 1.0));
        assert_eq!((found.low, found.high), (Some(30.0), Some(30.0)));
    }

    #[test]
    fn without_a_change_of_sign_there_is_no_level_and_the_near_end_is_open() {
        let towards = [vec![6.0; 6], vec![2.0; 6]];
        let found = break_even(&[1.0, 5.0], &towards, 0.95).unwrap();
        assert_eq!((found.level, found.crossed), (None, 0.0));
        assert_eq!((found.low, found.high), (None, None));
        let few = break_even(&[1.0, 5.0], &[vec![1.0], vec![-1.0]], 0.95).unwrap();
        assert_eq!((few.level, few.low, few.high), (Some(3.0), None, None));
        assert_eq!(break_even(&[], &[], 0.95), None);
    }

    #[test]
    fn alternatives_that_never_differ_break_even_nowhere() {
        let equal = [vec![0.0; 6], vec![0.0; 6]];
        let found = break_even(&[1.0, 2.0], &equal, 0.95).unwrap();
        assert_eq!((found.level, found.low, found.high), (None, None, None));
        assert!(found.crossed.abs() < 1e-12);
        // Equal at the first level only is equal there.
        let then = [vec![0.0; 6], vec![3.0; 6]];
        let found = break_even(&[1.0, 2.0], &then, 0.95).unwrap();
        assert!((found.level.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_interval_covers_as_promised() {
        // 200 samples of 30 replications: percentiles cover a little less than 95 %; four standard
        // errors of 0.95 are 0.06.
        let covers = |seed: &u64| {
            let (levels, differences) = sample(*seed, 30);
            let found = break_even(&levels, &differences, 0.95).unwrap();
            let (low, high) = (found.low.unwrap(), found.high.unwrap());
            (low..=high).contains(&30.0)
        };
        let covered = (0..200_u64).filter(covers).count();
        assert!((178..=200).contains(&covered), "{covered} of 200");
    }
}
