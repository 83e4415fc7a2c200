//! Tests of the kill-chain account on a handful of targets worked out by hand.

use super::*;

/// A target with the times of its first stages.
fn target(times_s: &[f64], outcome: TargetOutcome, ended_s: f64) -> TargetTimeline {
    let mut all = [None; STAGES];
    for (slot, time_s) in all.iter_mut().zip(times_s) {
        *slot = Some(*time_s);
    }
    TargetTimeline {
        target: "red-1".to_owned(),
        times_s: all,
        outcome,
        ended_s,
        broke_at: Stage::ALL.get(times_s.len()).copied(),
        why: "because".to_owned(),
        effect_s: None,
        fate: match outcome {
            TargetOutcome::Expired => Fate::Expired,
            _ => Fate::Open,
        },
        fate_s: ended_s,
        end_s: 600.0,
    }
}

/// Five targets of a run of 600 s: assessed, engaged, expired, never detected, open.
fn five() -> Vec<TargetTimeline> {
    vec![
        target(
            &[0.0, 10.0, 20.0, 30.0, 40.0, 60.0, 90.0, 120.0],
            TargetOutcome::Assessed,
            120.0,
        ),
        target(
            &[5.0, 25.0, 30.0, 60.0, 75.0, 85.0, 145.0],
            TargetOutcome::Engaged,
            600.0,
        ),
        target(
            &[0.0, 50.0, 60.0, 75.0, 80.0],
            TargetOutcome::Expired,
            110.0,
        ),
        target(&[100.0], TargetOutcome::NeverDetected, 600.0),
        target(&[0.0, 560.0, 570.0], TargetOutcome::Open, 600.0),
    ]
}

#[test]
fn stages_count_and_time_from_the_stage_before() {
    let chain = KillChain::from_targets(&five(), 600.0);
    let counts: Vec<usize> = chain.stages.iter().map(|stage| stage.count).collect();
    assert_eq!(counts, [5, 4, 4, 3, 3, 2, 2, 1]);
    assert_eq!(chain.stages[0].median_s, None);
    // Detected after 10, 20, 50 and 560 s.
    assert_eq!(chain.stages[1].median_s, Some(35.0));
    let p90_s = chain.stages[1].p90_s.expect("four times");
    assert!((p90_s - (50.0 + 0.7 * 510.0)).abs() < 1e-9);
    // Engaged 30 and 60 s after the authorisation.
    assert_eq!(chain.stages[6].median_s, Some(45.0));
}

#[test]
fn a_stage_left_out_passes_its_clock_on() {
    let mut skipped = target(&[0.0, 10.0, 20.0, 30.0, 40.0], TargetOutcome::Open, 600.0);
    skipped.times_s[Stage::Shared.index()] = None;
    assert_eq!(skipped.stage_s(Stage::Shared), None);
    assert_eq!(skipped.stage_s(Stage::Decided), Some(20.0));
    skipped.times_s[Stage::Shared.index()] = Some(50.0);
    assert_eq!(skipped.stage_s(Stage::Decided), Some(0.0));
}

#[test]
fn outcomes_add_up_to_the_targets() {
    let chain = KillChain::from_targets(&five(), 600.0);
    let o = &chain.outcomes;
    let ended = o.assessed + o.engaged + o.expired + o.lost + o.left + o.killed;
    let sum = ended + o.never_detected + o.open;
    assert_eq!(sum, chain.targets);
    assert_eq!(
        (o.assessed, o.engaged, o.expired, o.never_detected, o.open),
        (1, 1, 1, 1, 1)
    );
}

#[test]
fn sensor_to_shooter_counts_everyone_who_became_detectable() {
    // Episodes: never at 0 (n=5), censored at 40, expired at 60, events at 80 and 120.
    // S: 4/5 after 0; at 60 n=3: 8/15; at 80 n=2: 4/15, F=4/15; at 120 n=1: F=8/15.
    let chain = KillChain::from_targets(&five(), 600.0);
    let latency = &chain.sensor_to_shooter;
    assert_eq!((latency.n, latency.events), (5, 2));
    let p = latency.p_engaged_by_horizon.expect("n is not zero");
    assert!((p - 8.0 / 15.0).abs() < 1e-12, "{p}");
    let mean_s = latency.restricted_mean_s.expect("n is not zero");
    let by_hand = 80.0 + 40.0 * 11.0 / 15.0 + 480.0 * 7.0 / 15.0;
    assert!((mean_s - by_hand).abs() < 1e-9, "{mean_s} {by_hand}");
    assert_eq!(latency.median_of_engaged_s, Some(100.0));
    let times: Vec<Span> = chain.times.iter().map(|it| it.time).collect();
    assert_eq!(times, Span::ALL);
    // The one that was never detected is censored after 500 s.
    assert_eq!((chain.times[0].n, chain.times[0].events), (5, 4));
}

#[test]
fn a_target_that_nobody_could_see_is_no_part_of_the_latency() {
    let hidden = target(&[], TargetOutcome::NeverDetected, 600.0);
    let chain = KillChain::from_targets(&[hidden], 600.0);
    assert_eq!(chain.targets, 1);
    assert_eq!(chain.sensor_to_shooter.n, 0);
    assert_eq!(chain.sensor_to_shooter.restricted_mean_s, None);
}

#[test]
fn breaks_are_counted_by_stage_and_reason() {
    let mut targets = five();
    targets.push(targets[3].clone());
    "no sensor near".clone_into(&mut targets[5].why);
    targets.push(targets[3].clone());
    let chain = KillChain::from_targets(&targets, 600.0);
    let first: Vec<_> = chain
        .breaks
        .iter()
        .map(|b| (b.stage, b.why.as_str(), b.count))
        .collect();
    assert_eq!(first[0], (Stage::Detected, "because", 2));
    assert_eq!(first[1], (Stage::Detected, "no sensor near", 1));
    assert_eq!(first.len(), 5);
}
