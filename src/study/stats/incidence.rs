//! Curves of cumulative incidence over replications, with pointwise intervals.

use crate::accounting::stats::{Episode, Outcome};

use super::clusters::Clusters;

/// A curve of cumulative incidence at chosen times.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Number of episodes.
    pub n: usize,
    /// (time in s, estimate, lower end, upper end) at each time.
    pub points: Vec<[f64; 4]>,
}

/// The Aalen-Johansen estimate of the incidence of the event over all episodes of all replications,
/// with pointwise intervals ([`Clusters::incidence`]), at `times_s`.
///
/// Where the estimate is 0 or 1, or there is one replication only, the ends are the estimate itself:
/// a band that is drawn begins where the curve does.
#[must_use]
pub fn incidence_curve(replications: &[Vec<Episode>], times_s: &[f64], confidence: f64) -> Curve {
    let clusters = Clusters::new(replications);
    let point = |time_s: &f64| {
        let estimate = clusters.incidence(Outcome::Event, *time_s, confidence);
        let value = estimate.map_or(0.0, |it| it.value);
        let is_edge = value <= 0.0 || value >= 1.0;
        let interval = estimate.and_then(|it| it.interval).filter(|_| !is_edge);
        let [low, high] = interval.unwrap_or([value; 2]);
        [*time_s, value, low, high]
    };
    Curve {
        n: clusters.whole.n(),
        points: times_s.iter().map(point).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::stats::clusters::ends;
    use crate::study::stats::mean::t_quantile;

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
