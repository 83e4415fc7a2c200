//! Clustered estimates against identities, cases worked out by hand, and published ones.

use super::*;
use crate::study::stats::mean::{mean, paired_difference as difference_of_means};

fn episode(time_s: f64, outcome: Outcome) -> Episode {
    Episode { time_s, outcome }
}

/// Twelve replications of four targets each: event, lost, or censored in turn, at many times.
fn twelve(shift: usize) -> Vec<Vec<Episode>> {
    let outcome = |at: usize| match at % 5 {
        0 | 3 => Outcome::Event,
        1 => Outcome::Lost,
        2 => Outcome::Expired,
        _ => Outcome::Censored,
    };
    let target = |at: usize| episode(((at * 37 + shift) % 101) as f64, outcome(at + shift));
    let replication = |it: usize| (0..4).map(|k| target(it * 4 + k)).collect();
    (0..12).map(replication).collect()
}

/// Ends of an interval.
fn interval(estimate: Estimate) -> [f64; 2] {
    estimate.interval.unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn without_censoring_they_are_means_over_replications() {
    // As many targets in each replication: the incidence is the mean of the shares, the restricted
    // mean that of the replications', and the jackknife's error of a mean is its standard error.
    let lengths = [[10.0, 40.0], [20.0, 300.0], [90.0, 15.0], [70.0, 70.0]];
    let outcomes = [Outcome::Event, Outcome::Lost];
    let replications: Vec<Vec<Episode>> = lengths
        .iter()
        .enumerate()
        .map(|(at, pair)| {
            let second = outcomes[at % 2];
            vec![episode(pair[0], Outcome::Event), episode(pair[1], second)]
        })
        .collect();
    let horizon_s = 80.0;
    let restricted = |it: &Episode| match it.outcome {
        Outcome::Event => it.time_s.min(horizon_s),
        _ => horizon_s,
    };
    let means: Vec<f64> = replications
        .iter()
        .map(|all| all.iter().map(restricted).sum::<f64>() / 2.0)
        .collect();
    let expected = mean(&means, 0.9).unwrap();
    let found = Clusters::new(&replications)
        .restricted_mean_s(horizon_s, 0.9)
        .unwrap();
    assert!(close(found.value, expected.value), "{found:?} {expected:?}");
    let clamped = interval(expected).map(|end| end.clamp(0.0, horizon_s));
    assert!((0..2).all(|at| close(interval(found)[at], clamped[at])));
    let share = Clusters::new(&replications).incidence(Outcome::Event, horizon_s, 0.9);
    // Within 80 s: 10 and 40, 20, 15, 70; the 300 was lost, the 90 too late, the second 70 lost.
    assert!(close(share.unwrap().value, 5.0 / 8.0));
    assert_eq!(share.unwrap().n, 4);
}

#[test]
fn with_one_cause_it_is_kaplan_meier() {
    // Remission of the 21 patients on 6-mercaptopurine: the area under the estimate that Kleinbaum
    // and Klein, Survival Analysis, chapter 2, print to three places, up to 35 weeks.
    let event = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
    let censored = [
        6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0,
    ];
    let of = |times: &[f64], outcome| -> Vec<Vec<Episode>> {
        times.iter().map(|t| vec![episode(*t, outcome)]).collect()
    };
    let mut patients = of(&event, Outcome::Event);
    patients.extend(of(&censored, Outcome::Censored));
    let printed = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448];
    let weeks = [1.0, 3.0, 3.0, 3.0, 6.0, 1.0, 12.0];
    let area = 6.0 + (0..7).map(|at| printed[at] * weeks[at]).sum::<f64>();
    let clusters = Clusters::new(&patients);
    let found = clusters.restricted_mean_s(35.0, 0.95).unwrap();
    assert!((found.value - area).abs() < 29.0 * 0.0005, "{found:?}");
    // Of single patients the error is Greenwood's, here at 10 weeks 0.0963 by hand, but for terms
    // of order 1/n.
    let (error, _) = clusters
        .error(|it| Some(it.at(Outcome::Event, 10.0)), 0.95)
        .unwrap();
    let greenwood = 3.0 / (21.0 * 18.0) + 1.0 / (17.0 * 16.0) + 1.0 / (15.0 * 14.0);
    let expected = 0.753 * f64::sqrt(greenwood);
    assert!((error / expected - 1.0).abs() < 0.05, "{error} {expected}");
}

#[test]
fn steps_are_those_of_a_published_example() {
    // Satagopan and others, British Journal of Cancer 91, 2004, pp. 1229-1235, table 2: the first
    // nine of 305 patients, followed for so many months. The survival and the steps of the
    // incidence are printed in per cent to one place.
    let table = [
        (7.0, Outcome::Censored),
        (10.0, Outcome::Event),
        (14.0, Outcome::Censored),
        (16.0, Outcome::Event),
        (18.0, Outcome::Lost),
        (23.0, Outcome::Event),
        (24.0, Outcome::Censored),
        (26.0, Outcome::Lost),
        (27.0, Outcome::Event),
    ];
    let mut patients: Vec<Vec<Episode>> = table.map(|(t, end)| vec![episode(t, end)]).to_vec();
    patients.extend((9..305).map(|_| vec![episode(60.0, Outcome::Censored)]));
    let whole = Clusters::new(&patients).whole;
    let printed = [
        (10.0, 304, 99.7, 0.3),
        (16.0, 302, 99.3, 0.3),
        (18.0, 301, 99.0, 0.0),
        (23.0, 300, 98.7, 0.3),
        (26.0, 298, 98.3, 0.0),
        (27.0, 297, 98.0, 0.3),
    ];
    let mut before = 0.0;
    for (step, (month, at_risk, survival, grown)) in whole.steps().iter().zip(printed) {
        let value = whole.at(Outcome::Event, month);
        assert!(close(step.time_s, month) && step.at_risk == at_risk);
        assert!((100.0 * step.survival - survival).abs() < 0.051, "{month}");
        assert!((100.0 * (value - before) - grown).abs() < 0.05, "{month}");
        before = value;
    }
    assert_eq!(whole.steps().len(), printed.len());
}

#[test]
fn what_pairs_share_cancels() {
    let first = twelve(0);
    let pairs = |second: &[Vec<Episode>]| -> Vec<[Vec<Episode>; 2]> {
        let both = first.iter().cloned().zip(second.iter().cloned());
        both.map(|(a, b)| [a, b]).collect()
    };
    let at_80 = |it: &CumulativeIncidence| Some(it.at(Outcome::Event, 80.0));
    let same = paired_difference(&pairs(&first), at_80, 0.95).unwrap();
    assert_eq!(
        (same.n, same.value, same.interval),
        (12, 0.0, Some([0.0; 2]))
    );
    // Each target a second later: the restricted mean is a second more for those in time.
    let later: Vec<Vec<Episode>> = first
        .iter()
        .map(|all| {
            all.iter()
                .map(|it| episode(it.time_s + 1.0, it.outcome))
                .collect()
        })
        .collect();
    let mean_s = |it: &CumulativeIncidence| it.restricted_mean_s(90.0);
    let found = paired_difference(&pairs(&later), mean_s, 0.95).unwrap();
    let apart = Clusters::new(&first).restricted_mean_s(90.0, 0.95).unwrap();
    let width = |ends: [f64; 2]| ends[1] - ends[0];
    assert!(-1.0 < found.value && found.value < 0.0, "{found:?}");
    assert!(width(interval(found)) < 0.1 * width(interval(apart)));
}

#[test]
fn a_paired_difference_without_censoring_is_that_of_the_means() {
    let lengths = [(10.0, 25.0), (40.0, 35.0), (60.0, 75.0), (15.0, 55.0)];
    let one = |time_s| vec![episode(time_s, Outcome::Event)];
    let pairs: Vec<[Vec<Episode>; 2]> = lengths.map(|(a, b)| [one(a), one(b)]).to_vec();
    let mean_s = |it: &CumulativeIncidence| it.restricted_mean_s(100.0);
    let found = paired_difference(&pairs, mean_s, 0.9).unwrap();
    let expected = difference_of_means(&lengths, 0.9).unwrap().estimate;
    assert!(close(found.value, expected.value));
    assert!((0..2).all(|at| close(interval(found)[at], interval(expected)[at])));
}

#[test]
fn edges_are_as_wide_as_the_replications_are_few() {
    let lost = vec![vec![episode(3.0, Outcome::Lost); 8]; 10];
    let clusters = Clusters::new(&lost);
    let never = clusters.incidence(Outcome::Event, 9.0, 0.95).unwrap();
    // Wilson's upper end for none of ten: z²/(10 + z²).
    assert!((interval(never)[1] - 3.8415 / 13.8415).abs() < 1e-4);
    assert!((never.value, interval(never)[0]) == (0.0, 0.0));
    let all = clusters.incidence(Outcome::Lost, 9.0, 0.95).unwrap();
    assert!((interval(all)[0] - 10.0 / 13.8415).abs() < 1e-4 && interval(all)[1] >= 1.0);
    let mean_s = clusters.restricted_mean_s(9.0, 0.95).unwrap();
    assert_eq!((mean_s.value, mean_s.interval), (9.0, None));
}

#[test]
fn too_little_has_no_interval_and_nothing_no_estimate() {
    let one = Clusters::new(&[vec![episode(3.0, Outcome::Event)], Vec::new()]);
    assert_eq!(one.replications(), 1);
    let estimates = [
        one.incidence(Outcome::Event, 9.0, 0.95),
        one.restricted_mean_s(9.0, 0.95),
    ];
    assert!(estimates.iter().all(|it| it.unwrap().interval.is_none()));
    let none = Clusters::new(&[Vec::new()]);
    assert_eq!(none.incidence(Outcome::Event, 9.0, 0.95), None);
    assert_eq!(none.restricted_mean_s(9.0, 0.95), None);
    let pair = [[vec![episode(3.0, Outcome::Event)], Vec::new()]];
    let mean_s = |it: &CumulativeIncidence| it.restricted_mean_s(9.0);
    assert_eq!(paired_difference(&pair, mean_s, 0.95), None);
}
