//! What is left of a track's state when it was passed on with less than full detail.
//!
//! Rounding a number to a step adds an error that is even over the step, so the covariance takes
//! step²/12 more on each axis. A format of fixed fields says accuracy as a class of quality instead
//! of a number: standard deviations go up to the next class, each √2 times the one before (notional,
//! a factor of 1.2 to 2), and correlations stay.

use crate::{
    kernel::math,
    picture::model::kalman::Kinematics,
    sensing::model::measurement::Covariance2,
    wire::{Detail, rounding_sigma},
};

/// Smallest class of a position's standard deviation, m, and of a velocity's, m/s.
const LEAST: [f64; 2] = [1.0, 0.1];

/// The factor that takes a standard deviation to its class: from 1 to below √2.
fn to_class(sigma: f64, least: f64) -> f64 {
    if sigma <= least {
        return least / sigma;
    }
    // A hair below, so that what stands on a class stays on it.
    let classes = (2.0 * math::log(sigma / least) / math::log(2.0) - 1e-9).ceil();
    least * math::exp(0.5 * classes * math::log(2.0)) / sigma
}

/// A covariance times a factor.
fn scaled(covariance: Covariance2, factor: f64) -> Covariance2 {
    Covariance2 {
        xx: covariance.xx * factor,
        xy: covariance.xy * factor,
        yy: covariance.yy * factor,
    }
}

/// A state as it is passed on.
#[must_use]
pub fn coarse(state: &Kinematics, detail: Detail) -> Kinematics {
    let velocity = detail.velocity(state.velocity_m_s.extend(0.0)).truncate();
    let added = [detail.position_step_m(), detail.velocity_step_m_s()]
        .map(|step| Covariance2::isotropic(rounding_sigma(step)));
    let position_covariance = state.position_covariance.plus(added[0]);
    let velocity_covariance = state.velocity_covariance.plus(added[1]);
    let [place, speed] = if detail == Detail::Rounded {
        [
            to_class(position_covariance.major_sigma(), LEAST[0]),
            to_class(velocity_covariance.major_sigma(), LEAST[1]),
        ]
    } else {
        [1.0; 2]
    };
    Kinematics {
        position_m: detail.spot(state.position_m),
        velocity_m_s: velocity,
        position_covariance: scaled(position_covariance, place * place),
        cross_covariance: state
            .cross_covariance
            .map(|row| row.map(|value| value * place * speed)),
        velocity_covariance: scaled(velocity_covariance, speed * speed),
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;

    /// A state with correlations.
    fn state() -> Kinematics {
        Kinematics {
            position_m: DVec2::new(1234.4, -567.8),
            velocity_m_s: DVec2::new(3.4, -0.6),
            position_covariance: Covariance2 {
                xx: 90.0,
                xy: 20.0,
                yy: 60.0,
            },
            cross_covariance: [[5.0, 1.0], [0.5, 4.0]],
            velocity_covariance: Covariance2 {
                xx: 2.0,
                xy: 0.3,
                yy: 1.5,
            },
        }
    }

    #[test]
    fn in_full_detail_nothing_changes() {
        assert_eq!(coarse(&state(), Detail::Full), state());
    }

    #[test]
    fn a_spoken_place_is_a_grid_reference_and_owns_up_to_it() {
        let spoken = coarse(&state(), Detail::Spoken);
        assert_eq!(spoken.position_m, DVec2::new(1200.0, -600.0));
        assert_eq!(spoken.velocity_m_s, state().velocity_m_s);
        let added = spoken.position_covariance.xx - state().position_covariance.xx;
        assert!((added - 1e4 / 12.0).abs() < 1e-9, "{added}");
    }

    #[test]
    fn fixed_fields_round_to_steps_and_classes() {
        let rounded = coarse(&state(), Detail::Rounded);
        assert_eq!(rounded.position_m, DVec2::new(1230.0, -570.0));
        assert_eq!(rounded.velocity_m_s, DVec2::new(3.0, -1.0));
        let sigma = rounded.position_covariance.major_sigma();
        let classes = 2.0 * math::log(sigma) / math::log(2.0);
        assert!((classes - classes.round()).abs() < 1e-9, "{classes}");
        let ratio =
            rounded.position_covariance.major_sigma() / state().position_covariance.major_sigma();
        assert!((1.0..1.6).contains(&ratio), "{ratio}");
        // Rounding again loses nothing more of the place.
        let again = coarse(&rounded, Detail::Rounded).position_m;
        assert_eq!(again, rounded.position_m);
    }

    #[test]
    fn a_deviation_on_a_class_stays_there() {
        for sigma in [1.0, 2.0, 8.0, 2.0_f64.sqrt()] {
            assert!((to_class(sigma, 1.0) - 1.0).abs() < 1e-6, "{sigma}");
        }
        assert!((to_class(0.5, 1.0) - 2.0).abs() < 1e-12);
    }
}
