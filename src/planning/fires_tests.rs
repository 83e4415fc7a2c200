//! Tests of what a post may propose.

use glam::DVec3;

use super::*;
use crate::platform::class::{Domain, TargetClass};

/// A track a kilometre north of the origin, seen at a time.
fn track(confidence: f64, seen: SimTime) -> TrackView {
    TrackView {
        number: 3,
        position: DVec2::new(0.0, 1000.0),
        velocity: DVec2::ZERO,
        sigma_m: 10.0,
        hostile_llr: 3.0,
        confidence,
        is_wreck: false,
        seen,
        heard: None,
        target: TargetClass::Light,
        domain: Domain::Land,
        tag: ScoringTag::default(),
    }
}

#[test]
fn weapons_hold_allows_self_defence_within_reach_and_nothing_else() {
    let doctrine = Doctrine {
        posture: Posture::WeaponsHold,
        ..Doctrine::default()
    };
    let sure = track(0.97, SimTime::ZERO);
    let near = [(DVec2::ZERO, 1500.0)];
    let far = [(DVec2::new(9000.0, 0.0), 1500.0), (DVec2::ZERO, 900.0)];
    assert!(!may_propose(&doctrine, &sure, &[]));
    assert!(!may_propose(&doctrine, &sure, &far));
    assert!(may_propose(&doctrine, &sure, &near));
    let unsure = track(0.9, SimTime::ZERO);
    assert!(!may_propose(&doctrine, &unsure, &near));
    let tight = Doctrine {
        posture: Posture::WeaponsTight,
        ..doctrine
    };
    assert!(may_propose(&tight, &sure, &[]));
}

#[test]
fn what_nobody_has_seen_since_the_last_impact_is_not_fired_at_again() {
    let state = FiresState {
        impacts: BTreeMap::from([(3, SimTime::from_s(100.0))]),
        ..FiresState::default()
    };
    assert!(!state.is_there(&track(0.97, SimTime::from_s(99.0))));
    assert!(!state.is_there(&track(0.97, SimTime::from_s(100.0))));
    assert!(state.is_there(&track(0.97, SimTime::from_s(101.0))));
    let other = TrackView {
        number: 4,
        ..track(0.97, SimTime::from_s(1.0))
    };
    assert!(state.is_there(&other));
}

#[test]
fn being_fired_upon_counts_for_a_while() {
    let mut state = FiresState::default();
    let unit = UnitIx(5);
    let alarm = FiredUpon {
        unit,
        at: SimTime::from_s(10.0),
        position: DVec3::new(1.0, 2.0, 3.0),
        bearing_rad: None,
    };
    state.alarms.insert(unit, alarm);
    let places = |now_s: f64| under_fire(&state, |_| 700.0, SimTime::from_s(now_s));
    assert_eq!(places(60.0), [(DVec2::new(1.0, 2.0), 700.0)]);
    assert!(places(400.0).is_empty());
}
