//! Cumulative incidence over replications, with pointwise intervals.

use crate::accounting::stats::{CumulativeIncidence, Episode, Outcome, cumulative_incidence};
use crate::kernel::math;

use super::mean::t_quantile;

/// Most groups of replications for the jackknife: more would take long and say no more.
const GROUPS_MAX: usize = 100;

/// A curve of cumulative incidence at chosen times.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Number of episodes.
    pub n: usize,
    /// (time in s, estimate, lower end, upper end) at each time.
    pub points: Vec<[f64; 4]>,
}

/// The Aalen-Johansen estimate of the incidence of the event over all episodes of all replications,
/// with pointwise intervals, at `times_s`.
///
/// The targets of one replication share its weather of chance, so the replication is the unit that
/// varies: the standard error is the jackknife's, leaving out one replication at a time (Lipsitz and
/// Parzen, Biometrics 52, 1996, pp. 291-298), with t of as many degrees of freedom as there are
/// replications less one. The interval is made on the scale of log(−log F), so that it stays in 0
/// to 1 (Choudhury, Statistics in Medicine 21, 2002, pp. 1129-1144): `F^exp(±t s / (F ln F))`. Where
/// the estimate is 0 or 1, or there is one replication only, the ends are the estimate itself.
/// More than 100 replications are left out in 100 groups.
#[must_use]
pub fn incidence_curve(replications: &[Vec<Episode>], times_s: &[f64], confidence: f64) -> Curve {
    let clusters = grouped(replications);
    let without = |left_out: Option<usize>| -> CumulativeIncidence {
        let kept = clusters
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != left_out);
        let episodes: Vec<Episode> = kept.flat_map(|(_, all)| all.iter().copied()).collect();
        cumulative_incidence(&episodes)
    };
    let whole = without(None);
    let parts: Vec<CumulativeIncidence> = (0..clusters.len()).map(|at| without(Some(at))).collect();
    let t = t_quantile(confidence, clusters.len().saturating_sub(1));
    let point = |time_s: &f64| {
        let value = whole.at(Outcome::Event, *time_s);
        let left: Vec<f64> = parts
            .iter()
            .map(|it| it.at(Outcome::Event, *time_s))
            .collect();
        let [low, high] = t.map_or([value, value], |t| ends(value, jackknife_error(&left), t));
        [*time_s, value, low, high]
    };
    Curve {
        n: whole.n(),
        points: times_s.iter().map(point).collect(),
    }
}

/// The episodes of each group of replications that has any.
fn grouped(replications: &[Vec<Episode>]) -> Vec<Vec<Episode>> {
    let with_episodes: Vec<_> = replications.iter().filter(|all| !all.is_empty()).collect();
    let mut groups = vec![Vec::new(); with_episodes.len().min(GROUPS_MAX)];
    for (at, episodes) in with_episodes.into_iter().enumerate() {
        groups[at % GROUPS_MAX].extend_from_slice(episodes);
    }
    groups
}

/// The jackknife's standard error from the estimates that leave out one cluster each: `√((n - 1)/n Σ
/// (F_i - mean F)²)` (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, eq. 11.5).
fn jackknife_error(left: &[f64]) -> f64 {
    let n = left.len() as f64;
    let mean = left.iter().sum::<f64>() / n;
    let squares: f64 = left
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    ((n - 1.0) / n * squares).sqrt()
}

/// Ends of the interval of a probability with a standard error.
fn ends(value: f64, error: f64, t: f64) -> [f64; 2] {
    if value <= 0.0 || value >= 1.0 || error <= 0.0 {
        return [value, value];
    }
    let log = math::log(value);
    let spread = t * error / (value * -log);
    // `log` is negative: the greater power is the lower end.
    [
        math::exp(log * math::exp(spread)),
        math::exp(log * math::exp(-spread)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn episode(time_s: f64, outcome: Outcome) -> Episode {
        Episode { time_s, outcome }
    }

    #[test]
    fn without_censoring_the_estimate_is_the_share_and_its_error_that_of_the_mean() {
        // One episode per replication: the jackknife's variance of a mean is s²/n exactly.
        let shares: Vec<Vec<Episode>> = (0..40_u32)
            .map(|at| {
                let outcome = if at % 4 == 0 {
                    Outcome::Event
                } else {
                    Outcome::Lost
                };
                vec![episode(f64::from(at), outcome)]
            })
            .collect();
        let curve = incidence_curve(&shares, &[0.0, 100.0], 0.95);
        let [_, value, low, high] = curve.points[1];
        assert!((value - 0.25).abs() < 1e-12 && curve.n == 40);
        let error = (0.25 * 0.75 / 39.0_f64).sqrt();
        let [expected_low, expected_high] = ends(0.25, error, t_quantile(0.95, 39).unwrap());
        assert!((low - expected_low).abs() < 1e-9 && (high - expected_high).abs() < 1e-9);
        assert!(0.0 < low && low < 0.25 && 0.25 < high && high < 1.0);
    }

    #[test]
    fn targets_that_share_a_replication_count_as_one_witness() {
        let outcome = |at: usize| {
            if at.is_multiple_of(2) {
                Outcome::Event
            } else {
                Outcome::Left
            }
        };
        let alone: Vec<Vec<Episode>> = (0..60).map(|at| vec![episode(1.0, outcome(at))]).collect();
        let together: Vec<Vec<Episode>> = (0..6)
            .map(|at| vec![episode(1.0, outcome(at)); 10])
            .collect();
        let width = |replications: &[Vec<Episode>]| {
            let [_, value, low, high] = incidence_curve(replications, &[2.0], 0.95).points[0];
            assert!((value - 0.5).abs() < 1e-12);
            high - low
        };
        assert!(width(&together) > 2.5 * width(&alone));
    }

    #[test]
    fn edges_have_no_width_and_no_data_no_curve() {
        let never = vec![vec![episode(3.0, Outcome::Lost)]; 5];
        assert_eq!(
            incidence_curve(&never, &[9.0], 0.95).points,
            [[9.0, 0.0, 0.0, 0.0]]
        );
        let one = vec![vec![
            episode(3.0, Outcome::Event),
            episode(4.0, Outcome::Left),
        ]];
        assert_eq!(
            incidence_curve(&one, &[9.0], 0.95).points,
            [[9.0, 0.5, 0.5, 0.5]]
        );
        let none = incidence_curve(&[], &[9.0], 0.95);
        assert_eq!((none.n, none.points), (0, vec![[9.0, 0.0, 0.0, 0.0]]));
    }
}
