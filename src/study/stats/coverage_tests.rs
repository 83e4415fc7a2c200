//! Intervals cover what they promise, over 10,000 synthetic samples each with fixed seeds: where
//! the exact coverage is known, within 4 standard errors of it.

use statrs::distribution::{Binomial, Discrete as _, DiscreteCDF as _};

use super::clusters::{Clusters, paired_difference as paired_times};
use super::mean::{mean, paired_difference};
use super::median::{median, median_rank};
use super::proportion::proportion;
use super::{Estimate, incidence};
use crate::accounting::stats::{CumulativeIncidence, Episode, Outcome};
use crate::kernel::math;
use crate::kernel::random::{DrawKey, Stream};

/// Synthetic samples per case.
const SAMPLES: u64 = 10_000;

/// Confidence of every interval here.
const CONFIDENCE: f64 = 0.95;

/// The `n`-th uniform number of a sample, in (0, 1).
fn uniform(case: u64, sample: u64, n: u64) -> f64 {
    DrawKey::new(Stream::Placement, case, sample, n)
        .uniform(7)
        .max(f64::MIN_POSITIVE)
}

/// A standard normal number by Box and Muller (Annals of Mathematical Statistics 29, 1958).
fn normal(case: u64, sample: u64, n: u64) -> f64 {
    let radius = (-2.0 * math::log(uniform(case, sample, 2 * n))).sqrt();
    radius * math::cos(core::f64::consts::TAU * uniform(case, sample, 2 * n + 1))
}

/// Share of samples whose interval holds the truth.
fn coverage(truth: f64, estimate: impl Fn(u64) -> Option<Estimate>) -> f64 {
    let holds = |sample: &u64| {
        let [low, high] = estimate(*sample).and_then(|it| it.interval).unwrap();
        low <= truth && truth <= high
    };
    (0..SAMPLES).filter(holds).count() as f64 / SAMPLES as f64
}

/// Whether a share of samples is within 4 standard errors of a probability.
fn is_near(found: f64, exact: f64) -> bool {
    (found - exact).abs() <= 4.0 * (exact * (1.0 - exact) / SAMPLES as f64).sqrt()
}

#[test]
fn t_intervals_cover_the_mean_of_normal_samples() {
    for (case, n) in [(1, 5), (2, 20), (3, 100)] {
        let sample = |at| -> Vec<f64> { (0..n).map(|k| 3.0 + 2.0 * normal(case, at, k)).collect() };
        let found = coverage(3.0, |at| mean(&sample(at), CONFIDENCE));
        assert!((found - 0.95).abs() <= 0.015, "n = {n}: {found}");
    }
}

#[test]
fn intervals_of_paired_differences_cover_the_difference() {
    // First and second share most of their noise, as under common random numbers.
    let pair = |at, k| {
        let shared = 5.0 * normal(10, at, k);
        (shared + normal(11, at, k) + 0.5, shared + normal(12, at, k))
    };
    let pairs = |at| -> Vec<(f64, f64)> { (0..12).map(|k| pair(at, k)).collect() };
    let found = coverage(0.5, |at| {
        paired_difference(&pairs(at), CONFIDENCE).map(|it| it.estimate)
    });
    assert!((found - 0.95).abs() <= 0.015, "{found}");
    let reduction = |at| {
        paired_difference(&pairs(at), CONFIDENCE)
            .unwrap()
            .variance_reduction
    };
    let mean = (0..200).filter_map(reduction).sum::<f64>() / 200.0;
    // (26 + 26) / 2 = 26, and the inverse of a chi-square mean lifts it by 11/9.
    assert!((mean / (26.0 * 11.0 / 9.0) - 1.0).abs() < 0.15, "{mean}");
}

#[test]
fn wilson_intervals_cover_as_their_exact_binomial_coverage_says() {
    for (case, n, p) in [(20, 10, 0.5), (21, 20, 0.1), (22, 40, 0.9), (23, 100, 0.3)] {
        let holds = |k: &usize| {
            let [low, high] = proportion(*k, n, CONFIDENCE).unwrap().interval.unwrap();
            low <= p && p <= high
        };
        let binomial = Binomial::new(p, n as u64).unwrap();
        let exact: f64 = (0..=n).filter(holds).map(|k| binomial.pmf(k as u64)).sum();
        let successes = |at| (0..n as u64).filter(|k| uniform(case, at, *k) < p).count();
        let found = coverage(p, |at| proportion(successes(at), n, CONFIDENCE));
        assert!(
            is_near(found, exact),
            "n = {n}, p = {p}: {found}, exactly {exact}"
        );
        assert!(exact > 0.9, "n = {n}, p = {p}: {exact}");
    }
}

#[test]
fn intervals_of_order_statistics_cover_as_their_exact_binomial_coverage_says() {
    for (case, n) in [(30, 6), (31, 20), (32, 101)] {
        let rank = median_rank(n, CONFIDENCE).unwrap() as u64;
        let exact = 1.0 - 2.0 * Binomial::new(0.5, n as u64).unwrap().cdf(rank - 1);
        // Exponential samples: far from symmetric, median ln 2.
        let sample = |at| -> Vec<f64> {
            (0..n as u64)
                .map(|k| -math::log(uniform(case, at, k)))
                .collect()
        };
        let found = coverage(core::f64::consts::LN_2, |at| {
            median(&sample(at), CONFIDENCE)
        });
        assert!(is_near(found, exact), "n = {n}: {found}, exactly {exact}");
        assert!(exact >= CONFIDENCE, "n = {n}: {exact}");
    }
}

#[test]
fn intervals_of_incidence_cover_though_targets_of_a_replication_are_alike() {
    // Twenty replications of eight targets. Each replication has a chance of its own, 0.2 or 0.6,
    // for the event within the horizon; the others are lost. So the incidence is 0.4, and treating
    // the 160 targets as independent would give intervals far too short. A tenth of the samples,
    // as each is a jackknife; the interval is approximate, so the bound is wide.
    let samples = SAMPLES / 10;
    let episodes = |at: u64, replication: u64| -> Vec<Episode> {
        let chance = if uniform(40, at, replication) < 0.5 {
            0.2
        } else {
            0.6
        };
        let target = |k: u64| {
            let draw = uniform(41, at, replication * 8 + k);
            let outcome = if draw < chance {
                Outcome::Event
            } else {
                Outcome::Lost
            };
            Episode {
                time_s: 1.0 + draw,
                outcome,
            }
        };
        (0..8).map(target).collect()
    };
    let holds = |at: &u64| {
        let replications: Vec<_> = (0..20).map(|it| episodes(*at, it)).collect();
        let curve = incidence::incidence_curve(&replications, &[5.0], CONFIDENCE);
        curve.points[0][2] <= 0.4 && 0.4 <= curve.points[0][3]
    };
    let found = (0..samples).filter(holds).count() as f64 / samples as f64;
    assert!((0.92..=0.98).contains(&found), "{found}");
}

/// Rate of what competes with the event, per second.
const COMPETING: f64 = 0.5;

/// Horizon of the restricted means, s.
const HORIZON_S: f64 = 2.0;

/// Eight targets of a replication with an event rate per second; a run of 3 s in which they appear
/// in its first 2 s, so that some are censored before the horizon.
fn eight(case: u64, key: u64, rate: f64) -> Vec<Episode> {
    let target = |k: u64| {
        let waits = |n: u64, rate: f64| -math::log(uniform(case + n, key, k)) / rate;
        let (event_s, lost_s) = (waits(0, rate), waits(1, COMPETING));
        let seen_s = 3.0 - 2.0 * uniform(case + 2, key, k);
        let first_s = event_s.min(lost_s).min(seen_s);
        let outcome = match first_s {
            _ if first_s >= seen_s => Outcome::Censored,
            _ if first_s >= lost_s => Outcome::Lost,
            _ => Outcome::Event,
        };
        let time_s = first_s;
        Episode { time_s, outcome }
    };
    (0..8).map(target).collect()
}

/// The restricted mean of such a target: the horizon less the area under
/// `r/(r+c) (1 - exp(-(r+c) t))`.
fn restricted_mean_s(rate: f64) -> f64 {
    let all = rate + COMPETING;
    let area = HORIZON_S - (1.0 - math::exp(-all * HORIZON_S)) / all;
    HORIZON_S - rate / all * area
}

#[test]
fn intervals_of_restricted_means_cover_with_clusters_censoring_and_competitors() {
    // Twenty replications, each slow or quick by the toss of a coin. A tenth of the samples.
    let samples = SAMPLES / 10;
    let rates = [0.3, 1.5];
    let truth_s = rates.map(restricted_mean_s).iter().sum::<f64>() / 2.0;
    let rate = |at, it| rates[usize::from(uniform(50, at, it) < 0.5)];
    let holds = |at: &u64| {
        let of = |it| eight(51, at * 20 + it, rate(*at, it));
        let replications: Vec<_> = (0..20).map(of).collect();
        let found = Clusters::new(&replications).restricted_mean_s(HORIZON_S, CONFIDENCE);
        let [low, high] = found.unwrap().interval.unwrap();
        low <= truth_s && truth_s <= high
    };
    let found = (0..samples).filter(holds).count() as f64 / samples as f64;
    assert!((0.92..=0.98).contains(&found), "{found}");
}

#[test]
fn intervals_of_paired_differences_of_times_cover_the_difference() {
    // The first point is quicker by a factor; both share whether a replication is slow. Twelve
    // pairs, a tenth of the samples.
    let samples = SAMPLES / 10;
    let rates = [0.3, 1.0];
    let gain_s = |rate: f64| restricted_mean_s(1.5 * rate) - restricted_mean_s(rate);
    let share = |rate: f64| {
        let all = rate + COMPETING;
        rate / all * (1.0 - math::exp(-all * HORIZON_S))
    };
    let truth_s = rates.map(gain_s).iter().sum::<f64>() / 2.0;
    let truth = rates
        .map(|it| share(1.5 * it) - share(it))
        .iter()
        .sum::<f64>()
        / 2.0;
    let mut held = [0_u32; 2];
    for at in 0..samples {
        let pair = |it: u64| {
            let rate = rates[usize::from(uniform(60, at, it) < 0.5)];
            [(61, 1.5 * rate), (65, rate)].map(|(case, rate)| eight(case, at * 12 + it, rate))
        };
        let pairs: Vec<_> = (0..12).map(pair).collect();
        let mean_s = |it: &CumulativeIncidence| it.restricted_mean_s(HORIZON_S);
        let by_then = |it: &CumulativeIncidence| Some(it.at(Outcome::Event, HORIZON_S));
        let found = [
            paired_times(&pairs, mean_s, CONFIDENCE),
            paired_times(&pairs, by_then, CONFIDENCE),
        ];
        for (held, (found, truth)) in held.iter_mut().zip(found.into_iter().zip([truth_s, truth])) {
            let [low, high] = found.unwrap().interval.unwrap();
            *held += u32::from(low <= truth && truth <= high);
        }
    }
    for held in held {
        let found = f64::from(held) / samples as f64;
        assert!((0.92..=0.98).contains(&found), "{found}");
    }
}
