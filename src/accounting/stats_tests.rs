//! Tests of the time-to-event statistics against published and hand-computed cases.

use super::*;

/// Episodes from (seconds, outcome) pairs.
fn episodes(pairs: &[(f64, Outcome)]) -> Vec<Episode> {
    pairs
        .iter()
        .map(|&(time_s, outcome)| Episode { time_s, outcome })
        .collect()
}

/// Whether two numbers agree to a tolerance.
fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

#[test]
fn one_cause_is_kaplan_meier() {
    // Remission times in weeks of the 21 patients on 6-mercaptopurine (Freireich and others, Blood
    // 21, 1963), and the Kaplan-Meier estimate as printed in Kleinbaum and Klein, Survival
    // Analysis, chapter 2 (to three places).
    let event = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
    let censored = [
        6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0,
    ];
    let pairs: Vec<_> = event
        .iter()
        .map(|&t| (t, Outcome::Event))
        .chain(censored.iter().map(|&t| (t, Outcome::Censored)))
        .collect();
    let estimate = cumulative_incidence(&episodes(&pairs));
    let printed = [
        (6.0, 21, 0.857),
        (7.0, 17, 0.807),
        (10.0, 15, 0.753),
        (13.0, 12, 0.690),
        (16.0, 11, 0.627),
        (22.0, 7, 0.538),
        (23.0, 6, 0.448),
    ];
    assert_eq!(estimate.steps().len(), printed.len());
    for (step, (time_s, at_risk, survival)) in estimate.steps().iter().zip(printed) {
        assert!(close(step.time_s, time_s, 0.0));
        assert_eq!(step.at_risk, at_risk);
        assert!(close(step.survival, survival, 0.0005), "{step:?}");
        assert!(close(
            estimate.at(Outcome::Event, time_s),
            1.0 - step.survival,
            1e-12
        ));
    }
}

#[test]
fn competing_causes_share_the_probability_as_by_hand() {
    // By hand: t=1 event, n=5: F=1/5, S=4/5. t=2 censored. t=3 expired, n=3: +4/15, S=8/15.
    // t=4 event, n=2: F=1/5+4/15=7/15, S=4/15. t=5 censored.
    let estimate = cumulative_incidence(&episodes(&[
        (5.0, Outcome::Censored),
        (3.0, Outcome::Expired),
        (1.0, Outcome::Event),
        (4.0, Outcome::Event),
        (2.0, Outcome::Censored),
    ]));
    assert!(close(estimate.at(Outcome::Event, 0.9), 0.0, 0.0));
    assert!(close(estimate.at(Outcome::Event, 1.0), 1.0 / 5.0, 1e-15));
    assert!(close(estimate.at(Outcome::Event, 3.9), 1.0 / 5.0, 1e-15));
    assert!(close(estimate.at(Outcome::Event, 4.0), 7.0 / 15.0, 1e-15));
    assert!(close(estimate.at(Outcome::Expired, 3.0), 4.0 / 15.0, 1e-15));
    assert!(close(estimate.survival_at(3.5), 8.0 / 15.0, 1e-15));
    // 1·1 + 4/5·3 + 8/15·6 up to ten seconds.
    let mean_s = estimate
        .restricted_mean_s(10.0)
        .expect("there are episodes");
    assert!(
        close(mean_s, 1.0 + 12.0 / 5.0 + 48.0 / 15.0, 1e-12),
        "{mean_s}"
    );
    let curve = estimate.curve(Outcome::Event);
    assert_eq!(curve.len(), 3);
    assert!(close(curve[2][0], 4.0, 0.0) && close(curve[2][1], 7.0 / 15.0, 1e-15));
}

#[test]
fn incidences_and_survival_add_up_to_one_at_ties() {
    let estimate = cumulative_incidence(&episodes(&[
        (2.0, Outcome::Event),
        (2.0, Outcome::Lost),
        (2.0, Outcome::Censored),
        (0.0, Outcome::Never),
        (7.0, Outcome::Left),
        (7.0, Outcome::Censored),
    ]));
    for step in estimate.steps() {
        let sum: f64 = step.incidence.iter().sum();
        assert!(close(sum + step.survival, 1.0, 1e-15), "{step:?}");
    }
    assert!(close(estimate.at(Outcome::Never, 0.0), 1.0 / 6.0, 1e-15));
    assert!(close(estimate.at(Outcome::Event, 2.0), 1.0 / 6.0, 1e-15));
    assert!(close(estimate.at(Outcome::Left, 7.0), 0.25, 1e-15));
}

#[test]
fn without_censoring_the_restricted_mean_is_the_plain_mean_with_the_horizon_for_the_rest() {
    let pairs = [
        (40.0, Outcome::Event),
        (90.0, Outcome::Event),
        (500.0, Outcome::Event),
        (10.0, Outcome::Expired),
        (70.0, Outcome::Left),
        (0.0, Outcome::Never),
    ];
    let estimate = cumulative_incidence(&episodes(&pairs));
    let mean_s = estimate
        .restricted_mean_s(300.0)
        .expect("there are episodes");
    assert!(
        close(mean_s, (40.0 + 90.0 + 4.0 * 300.0) / 6.0, 1e-9),
        "{mean_s}"
    );
    assert!(close(estimate.at(Outcome::Event, 300.0), 2.0 / 6.0, 1e-15));
}

#[test]
fn a_never_at_time_zero_scales_the_curve_of_the_others() {
    let others = [
        (10.0, Outcome::Event),
        (20.0, Outcome::Censored),
        (30.0, Outcome::Event),
    ];
    let alone = cumulative_incidence(&episodes(&others));
    let mut pairs = others.to_vec();
    pairs.extend([(0.0, Outcome::Never); 3]);
    let mixed = cumulative_incidence(&episodes(&pairs));
    for time_s in [5.0, 10.0, 30.0] {
        let scaled = 0.5 * alone.at(Outcome::Event, time_s);
        assert!(close(mixed.at(Outcome::Event, time_s), scaled, 1e-15));
    }
}

#[test]
fn nothing_gives_nothing() {
    let estimate = cumulative_incidence(&[]);
    assert_eq!(estimate.restricted_mean_s(60.0), None);
    assert!(close(estimate.survival_at(5.0), 1.0, 0.0));
    assert_eq!(quantile(&[], 0.5), None);
    assert_eq!(mean(&[]), None);
    assert_eq!(WeightedMean::default().value(), None);
}

#[test]
fn quantiles_interpolate_between_order_statistics() {
    // numpy.quantile([1, 2, 4, 8, 16], [.5, .9, .25]) = 4, 12.8, 2.
    let sample = [16.0, 1.0, 8.0, 2.0, 4.0];
    assert_eq!(median(&sample), Some(4.0));
    assert!(close(
        quantile(&sample, 0.9).expect("a sample"),
        12.8,
        1e-12
    ));
    assert!(close(
        quantile(&sample, 0.25).expect("a sample"),
        2.0,
        1e-12
    ));
    assert_eq!(quantile(&sample, 1.0), Some(16.0));
    assert_eq!(median(&[3.0, 1.0]), Some(2.0));
}

#[test]
fn a_time_weighted_mean_weighs_by_how_long_a_value_held() {
    let mut mean = WeightedMean::default();
    mean.add(1.0, 30.0);
    mean.add(0.0, 10.0);
    assert_eq!(mean.value(), Some(0.75));
}
