//! How a guided munition flies, as pure functions. See [`meet_s`] and [`height_m`].

use glam::DVec2;

use crate::platform::class::Profile;

/// Time in which something with this speed, m/s, meets something that is `away` from it, m, and moves
/// with a constant velocity, m/s; none if it never catches up. The smaller root of
/// |away + velocity·t| = speed·t.
#[must_use]
pub(super) fn meet_s(away: DVec2, velocity: DVec2, speed_m_s: f64) -> Option<f64> {
    let excess = speed_m_s * speed_m_s - velocity.length_squared();
    let along = away.dot(velocity);
    if excess <= 0.0 {
        return None;
    }
    let root = (along * along + excess * away.length_squared()).sqrt();
    Some((along + root) / excess)
}

/// Height of a munition above mean sea level, m, that has `flown` so far, m, and has `to_go`, m,
/// between its start and its target at these heights, m, over ground of this height, m: straight; or up
/// to its cruising height over the length of its last leg, level above the ground, and down over its
/// last leg. What lies in between is left to the ground below it: it does not fly into hills.
#[must_use]
pub(super) fn height_m(
    profile: &Profile,
    [flown_m, to_go_m]: [f64; 2],
    [start_m, target_m]: [f64; 2],
    ground_m: f64,
) -> f64 {
    match profile {
        Profile::Straight => {
            let share = flown_m / (flown_m + to_go_m).max(1e-9);
            start_m + (target_m - start_m) * share
        }
        Profile::Cruise {
            height_m,
            terminal_m,
        } => {
            let (level_m, leg_m) = (ground_m + height_m.value(), terminal_m.value());
            let up_m = start_m + (level_m - start_m) * (flown_m / leg_m).min(1.0);
            let down = (to_go_m / leg_m).min(1.0);
            target_m + (up_m - target_m) * down
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Figure;

    #[test]
    fn a_faster_munition_meets_what_runs_and_a_slower_one_does_not() {
        let away = DVec2::new(0.0, 3000.0);
        assert!((meet_s(away, DVec2::ZERO, 200.0).unwrap() - 15.0).abs() < 1e-12);
        // It runs away: the gap closes with the difference of speeds.
        let t = meet_s(away, DVec2::Y * 20.0, 200.0).unwrap();
        assert!((t - 3000.0 / 180.0).abs() < 1e-9);
        // It crosses: 3-4-5.
        let t = meet_s(away, DVec2::X * 120.0, 200.0).unwrap();
        assert!((t - 3000.0 / 160.0).abs() < 1e-9);
        assert_eq!(meet_s(away, DVec2::Y * 200.0, 200.0), None);
    }

    #[test]
    fn profiles_begin_at_the_tube_and_end_at_the_target() {
        let figure = |value| Figure::Notional(value, value, value);
        let lofted = Profile::Cruise {
            height_m: figure(150.0),
            terminal_m: figure(100.0),
        };
        for profile in [&Profile::Straight, &lofted] {
            let at = |flown_m| height_m(profile, [flown_m, 1000.0 - flown_m], [12.0, 30.0], 10.0);
            assert!((at(0.0) - 12.0).abs() < 1e-9 && (at(1000.0) - 30.0).abs() < 1e-9);
        }
        let at = |flown_m| height_m(&lofted, [flown_m, 1000.0 - flown_m], [12.0, 30.0], 10.0);
        assert!((at(500.0) - 160.0).abs() < 1e-9);
        // Down on the last leg: steeper than 45°.
        assert!(at(950.0) - at(1000.0) > 50.0);
    }
}
