//! What a target is worth to a planner. See [`target_value`] and [`worth`].

use super::view::TrackView;
use crate::{kernel::time::SimTime, org::Doctrine, platform::class::TargetClass};

/// Worth of a target by its kind, in the planner's own scale (notional, each 0.5 to 2 times).
#[must_use]
pub fn target_value(target: TargetClass) -> f64 {
    match target {
        TargetClass::Personnel => 1.0,
        TargetClass::Soft | TargetClass::SmallAir => 2.0,
        TargetClass::Light => 3.0,
        TargetClass::Medium | TargetClass::Boat | TargetClass::Structure => 5.0,
        TargetClass::Heavy | TargetClass::Air | TargetClass::Submerged => 8.0,
        TargetClass::Ship => 15.0,
    }
}

/// Time since it was last heard for which a target counts as one that radiates, s (notional, 120 to
/// 900).
const RADIATES_S: f64 = 300.0;

/// Worth of a track to a force: that of its kind, times what the doctrine makes of emitters.
#[must_use]
pub fn worth(track: &TrackView, doctrine: &Doctrine, now: SimTime) -> f64 {
    let radiates = track.heard.is_some_and(|at| now.since_s(at) <= RADIATES_S);
    let factor = if radiates {
        doctrine.emitter_worth
    } else {
        1.0
    };
    factor * target_value(track.target)
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;
    use crate::{
        kernel::{assignment::Assigner, budget::WorkBudget, scoring::ScoringTag},
        org::library::shipped,
        planning::algo::pairing::{PairingProblem, ShooterSpec, ShotSpec, TargetSpec},
        platform::class::Domain,
    };

    /// A track of a kind, heard at a time.
    fn track(target: TargetClass, heard: Option<SimTime>) -> TrackView {
        TrackView {
            number: 1,
            position: DVec2::ZERO,
            velocity: DVec2::ZERO,
            sigma_m: 10.0,
            hostile_llr: 3.0,
            confidence: 0.95,
            is_wreck: false,
            seen: SimTime::ZERO,
            heard,
            target,
            domain: Domain::Land,
            tag: ScoringTag::default(),
        }
    }

    /// Which of these targets the pairing gives the only shooter first.
    fn first(tracks: &[TrackView], doctrine: &Doctrine) -> usize {
        let shot = ShotSpec {
            p_kill: 0.5,
            time_to_effect_s: 20.0,
            cost: 0.01,
        };
        let spec = |track: &TrackView| TargetSpec {
            value: worth(track, doctrine, SimTime::from_s(60.0)),
            track_quality: track.confidence,
            expires_s: f64::INFINITY,
            max_rounds: 1,
        };
        let problem = PairingProblem {
            shooters: vec![ShooterSpec {
                rounds: 1,
                ready_s: 0.0,
                reload_s: 0.0,
            }],
            targets: tracks.iter().map(spec).collect(),
            shots: vec![Some(shot); tracks.len()],
        };
        let mut budget = WorkBudget::new(10_000);
        let pairing = problem.solve(&mut Assigner::default(), &mut budget);
        pairing.unwrap().rounds[0].target
    }

    #[test]
    fn who_hunts_emissions_engages_the_truck_that_radiates_before_the_carrier_that_is_silent() {
        let doctrines = shipped();
        let doctrine = |id: &str| doctrines.iter().find(|it| it.id == id).unwrap();
        let heard = Some(SimTime::from_s(30.0));
        let carrier = track(TargetClass::Medium, None);
        let truck = track(TargetClass::Soft, heard);
        for (id, want) in [("standard", 0), ("hunt-emissions", 1)] {
            assert_eq!(first(&[carrier, truck], doctrine(id)), want, "{id}");
        }
        // What was heard an hour ago may have moved and fallen silent.
        let late = SimTime::from_s(3600.0);
        let hunt = doctrine("hunt-emissions");
        assert!((worth(&truck, hunt, late) - target_value(TargetClass::Soft)).abs() < 1e-12);
    }
}
