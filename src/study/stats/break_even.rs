//! Where a paired difference crosses zero. See [`break_even`].

use serde::{Deserialize, Serialize};

use crate::study::seed::replication_seed;

/// Resamples of the bootstrap.
const RESAMPLES: u32 = 2000;

/// Name of its random numbers.
const DRAWS: &str = "break-even bootstrap";

/// Fewest replications that are resampled.
const FEWEST: usize = 5;

/// On which side of the levels something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Below the lowest.
    Below,
    /// Above the highest.
    Above,
}

/// An end of an interval of levels: in JSON a number, `"below"` or `"above"`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum End {
    /// At this level.
    At(f64),
    /// Beyond the levels, on this side.
    Beyond(Side),
}

/// Where two alternatives are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakEven {
    /// The level at which the mean difference is zero; none where it does not change its sign.
    pub level: Option<f64>,
    /// Lower and upper end of its interval; none where there are too few replications for one.
    pub interval: Option<[End; 2]>,
    /// Share of the resamples that have a crossing.
    pub crossed: f64,
}

/// Where a line of means crosses zero.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Zero {
    /// At a level.
    At(f64),
    /// Nowhere; it comes nearer to zero towards this side.
    Towards(Side),
    /// Nowhere, and it is as near to zero at either end.
    Nowhere,
}

/// The level at which a paired difference becomes zero: `differences[level][replication]` at
/// ascending `levels`.
///
/// The mean difference is taken as linear between neighbouring levels. The first change of sign
/// counts, from one mean that is not zero to the next such one; where it is zero in between, it
/// changes in the middle of that. A touch is no change of sign, nor is a zero at an end.
///
/// The interval is the percentile bootstrap's over whole replications, with order statistics for its
/// ends (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, § 13.3 and p. 160). A resample
/// without a crossing counts as beyond that end of the levels at which its difference is the smaller;
/// if both are as large, as below for the lower end and as above for the upper one. So an end may lie
/// beyond the levels on either side. Random numbers are named: the same sample gives the same
/// interval.
///
/// None without levels or replications; without interval below five replications, and nothing
/// crossed.
#[must_use]
pub fn break_even(levels: &[f64], differences: &[Vec<f64>], confidence: f64) -> Option<BreakEven> {
    let runs = differences.first()?.len();
    if runs == 0 || levels.len() != differences.len() {
        return None;
    }
    let all: Vec<usize> = (0..runs).collect();
    let level = match zero(levels, &means(differences, &all)) {
        Zero::At(level) => Some(level),
        Zero::Towards(_) | Zero::Nowhere => None,
    };
    let mut found = BreakEven {
        level,
        interval: None,
        crossed: 0.0,
    };
    if runs >= FEWEST {
        let zeros: Vec<Zero> = (0..RESAMPLES)
            .map(|number| zero(levels, &means(differences, &resample(number, runs))))
            .collect();
        let crossed = zeros.iter().filter(|it| matches!(it, Zero::At(_))).count();
        found.crossed = crossed as f64 / f64::from(RESAMPLES);
        found.interval = Some(ends(&zeros, confidence));
    }
    Some(found)
}

/// Replications drawn with replacement.
fn resample(number: u32, runs: usize) -> Vec<usize> {
    let draw = |n: u64| {
        let word = u128::from(replication_seed(DRAWS, u64::from(number), n));
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

/// Where means at levels first change their sign.
fn zero(levels: &[f64], means: &[f64]) -> Zero {
    // Sums of what cancels leave a rounding.
    let largest = means
        .iter()
        .fold(0.0, |most: f64, mean| most.max(mean.abs()));
    let is_zero = |mean: f64| mean.abs() <= 1e-12 * largest;
    let signed: Vec<usize> = (0..means.len()).filter(|at| !is_zero(means[*at])).collect();
    let changes = |pair: &&[usize]| (means[pair[0]] > 0.0) != (means[pair[1]] > 0.0);
    if let Some(pair) = signed.windows(2).find(changes) {
        let (last, next) = (pair[0], pair[1]);
        if next > last + 1 {
            return Zero::At(0.5 * (levels[last + 1] + levels[next - 1]));
        }
        let share = means[last] / (means[last] - means[next]);
        return Zero::At(levels[last] + share * (levels[next] - levels[last]));
    }
    let (first, last) = (means[0].abs(), means[means.len() - 1].abs());
    if first < last {
        Zero::Towards(Side::Below)
    } else if last < first {
        Zero::Towards(Side::Above)
    } else {
        Zero::Nowhere
    }
}

/// The ends of the percentile interval: with k = ⌊(B + 1) α⌋ the k-th smallest and the k-th largest of B
/// resamples.
fn ends(zeros: &[Zero], confidence: f64) -> [End; 2] {
    let tail = 0.5 * (1.0 - confidence);
    let k = ((zeros.len() + 1) as f64 * tail).floor().max(1.0);
    let place = (1..zeros.len()).take_while(|at| *at as f64 <= k).count();
    let at = place.saturating_sub(1);
    let end = |nowhere: f64, is_upper: bool| {
        let number = |it: &Zero| match it {
            Zero::At(level) => *level,
            Zero::Towards(Side::Below) => f64::NEG_INFINITY,
            Zero::Towards(Side::Above) => f64::INFINITY,
            Zero::Nowhere => nowhere,
        };
        let mut sorted: Vec<f64> = zeros.iter().map(number).collect();
        sorted.sort_by(f64::total_cmp);
        let at = if is_upper { sorted.len() - 1 - at } else { at };
        match sorted[at] {
            level if level.is_finite() => End::At(level),
            level if level > 0.0 => End::Beyond(Side::Above),
            _ => End::Beyond(Side::Below),
        }
    };
    [end(f64::NEG_INFINITY, false), end(f64::INFINITY, true)]
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
        assert_eq!(found.interval, Some([End::At(30.0); 2]));
    }

    #[test]
    fn without_a_change_of_sign_there_is_no_level_and_both_ends_are_on_the_near_side() {
        let interval = |lines: &[Vec<f64>]| {
            let found = break_even(&[1.0, 5.0], lines, 0.95).unwrap();
            assert_eq!((found.level, found.crossed), (None, 0.0));
            found.interval.unwrap()
        };
        let [below, above] = [Side::Below, Side::Above].map(End::Beyond);
        assert_eq!(interval(&[vec![6.0; 6], vec![2.0; 6]]), [above; 2]);
        assert_eq!(interval(&[vec![2.0; 6], vec![6.0; 6]]), [below; 2]);
        let level = [vec![6.0; 6], vec![6.0; 6]];
        assert_eq!(interval(&level), [below, above], "it may be anywhere");
        let few = break_even(&[1.0, 5.0], &[vec![1.0], vec![-1.0]], 0.95).unwrap();
        assert_eq!((few.level, few.interval), (Some(3.0), None));
        assert_eq!(break_even(&[], &[], 0.95), None);
    }

    #[test]
    fn only_opposite_signs_are_a_crossing() {
        let levels = [1.0, 2.0, 3.0, 4.0];
        let zero = |means: [f64; 4]| zero(&levels, &means);
        assert_eq!(zero([2.0, 1.0, -1.0, -2.0]), Zero::At(2.5));
        assert_eq!(zero([2.0, 0.0, -1.0, -2.0]), Zero::At(2.0));
        assert_eq!(zero([2.0, 0.0, 0.0, -2.0]), Zero::At(2.5));
        assert_eq!(zero([2.0, 0.0, 1.0, -1.0]), Zero::At(3.5), "not the touch");
        let (below, above) = (Zero::Towards(Side::Below), Zero::Towards(Side::Above));
        assert_eq!(zero([0.0, 3.0, 4.0, 5.0]), below, "equal there, no change");
        assert_eq!(zero([3.0, 2.0, 1.0, 0.0]), above);
        assert_eq!(zero([3.0, 0.0, 1.0, 2.0]), above, "a touch");
        assert_eq!(zero([2.0, 0.0, 1.0, 2.0]), Zero::Nowhere);
        assert_eq!(zero([0.0; 4]), Zero::Nowhere, "they never differ");
    }

    #[test]
    fn ends_are_order_statistics_and_keep_their_side() {
        // Of 2000 the 50th smallest and the 50th largest.
        let mut zeros: Vec<Zero> = (1..=2000).map(|at| Zero::At(f64::from(at))).collect();
        assert_eq!(ends(&zeros, 0.95), [End::At(50.0), End::At(1951.0)]);
        let above = Zero::Towards(Side::Above);
        zeros[..49].fill(above);
        // 49 of them lie above: the 50th smallest of the rest, and the one next below those.
        assert_eq!(ends(&zeros, 0.95), [End::At(99.0), End::At(2000.0)]);
        zeros[49] = above;
        let beyond = [Side::Below, Side::Above].map(End::Beyond);
        assert_eq!(ends(&zeros, 0.95), [End::At(100.0), beyond[1]]);
        zeros[..1960].fill(above);
        assert_eq!(ends(&zeros, 0.95), [beyond[1]; 2], "nearly all above");
        zeros[..1960].fill(Zero::Nowhere);
        assert_eq!(ends(&zeros, 0.95), beyond, "nearly all anywhere");
    }

    #[test]
    fn ends_stay_readable() {
        let ends = [
            End::At(2.5),
            End::Beyond(Side::Below),
            End::Beyond(Side::Above),
        ];
        let text = serde_json::to_string(&ends).unwrap();
        assert_eq!(text, r#"[2.5,"below","above"]"#);
        assert_eq!(serde_json::from_str::<[End; 3]>(&text).unwrap(), ends);
    }

    #[test]
    fn the_interval_covers_as_promised() {
        // 200 samples of 30 replications: percentiles cover a little less than 95 %; four standard
        // errors of 0.95 are 0.06.
        let covers = |seed: &u64| {
            let (levels, differences) = sample(*seed, 30);
            let found = break_even(&levels, &differences, 0.95).unwrap();
            let Some([End::At(low), End::At(high)]) = found.interval else {
                panic!("{found:?}");
            };
            (low..=high).contains(&30.0)
        };
        let covered = (0..200_u64).filter(covers).count();
        assert!((178..=200).contains(&covered), "{covered} of 200");
    }
}
