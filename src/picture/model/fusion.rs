//! Two tracks of one thing: are they one, and what do they say together?
//!
//! In a mesh nobody knows which reports two tracks have in common, so they are fused by covariance
//! intersection, which is never surer than its inputs allow, whatever their correlation.

use glam::DVec2;
use nalgebra::{Matrix4, Vector4};
use serde::{Deserialize, Serialize};

use super::kalman::Kinematics;
use crate::sensing::model::measurement::Covariance2;

/// How a track of another node is fused with one's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fusion {
    /// Whatever both have in common: never surer than the inputs allow.
    #[default]
    CovarianceIntersection,
    /// As if they had nothing in common. In a mesh they have, since what a node hears goes into what it
    /// says, and every report of a track holds those before: the same look is counted again and again.
    Independent,
}

impl Fusion {
    /// Both tracks in one; none when a covariance is not positive definite. Both must be of the same
    /// time.
    #[must_use]
    pub fn fuse(self, one: &Kinematics, other: &Kinematics) -> Option<Kinematics> {
        match self {
            Self::CovarianceIntersection => intersect(one, other),
            Self::Independent => add(one, other),
        }
    }
}

/// The covariance of position and velocity as one matrix: x, y, vx, vy.
fn covariance(state: &Kinematics) -> Matrix4<f64> {
    let (p, c, v) = (
        state.position_covariance,
        state.cross_covariance,
        state.velocity_covariance,
    );
    Matrix4::new(
        p.xx, p.xy, c[0][0], c[0][1], //
        p.xy, p.yy, c[1][0], c[1][1], //
        c[0][0], c[1][0], v.xx, v.xy, //
        c[0][1], c[1][1], v.xy, v.yy,
    )
}

/// Position and velocity as one vector.
fn mean(state: &Kinematics) -> Vector4<f64> {
    Vector4::new(
        state.position_m.x,
        state.position_m.y,
        state.velocity_m_s.x,
        state.velocity_m_s.y,
    )
}

/// The state of this mean and covariance.
fn state(mean: &Vector4<f64>, covariance: &Matrix4<f64>) -> Kinematics {
    let at = |row: usize, col: usize| covariance[(row, col)];
    Kinematics {
        position_m: DVec2::new(mean[0], mean[1]),
        velocity_m_s: DVec2::new(mean[2], mean[3]),
        position_covariance: Covariance2 {
            xx: at(0, 0),
            xy: at(0, 1),
            yy: at(1, 1),
        },
        cross_covariance: [[at(0, 2), at(0, 3)], [at(1, 2), at(1, 3)]],
        velocity_covariance: Covariance2 {
            xx: at(2, 2),
            xy: at(2, 3),
            yy: at(3, 3),
        },
    }
}

/// Squared Mahalanobis distance between two tracks in position and velocity, their errors taken as
/// independent (Singer & Kanyuck 1971): χ² with 4 degrees of freedom (13.28 holds 99 %).
///
/// None when a covariance is not positive definite.
#[must_use]
pub fn track_distance2(one: &Kinematics, other: &Kinematics) -> Option<f64> {
    let difference = mean(one) - mean(other);
    let sum = (covariance(one) + covariance(other)).cholesky()?;
    Some(difference.dot(&sum.solve(&difference)))
}

/// Normalised estimation error squared against the truth: χ² with 4 degrees of freedom when the
/// filter is consistent (Bar-Shalom, Li & Kirubarajan 2001, §5.4).
///
/// None when the covariance is not positive definite.
#[must_use]
pub fn nees(estimate: &Kinematics, position_m: DVec2, velocity_m_s: DVec2) -> Option<f64> {
    let truth = Vector4::new(position_m.x, position_m.y, velocity_m_s.x, velocity_m_s.y);
    let error = mean(estimate) - truth;
    let factor = covariance(estimate).cholesky()?;
    Some(error.dot(&factor.solve(&error)))
}

/// Both tracks in one by covariance intersection (Julier & Uhlmann 1997):
/// P⁻¹ = ω P₁⁻¹ + (1 − ω) P₂⁻¹, with the closed-form weight of Fränken & Hüpper (2005),
/// ω = (|I₁ + I₂| − |I₂| + |I₁|) / (2 |I₁ + I₂|), I being inverse covariances.
///
/// None when a covariance is not positive definite. Both tracks must be of the same time.
#[must_use]
pub fn intersect(one: &Kinematics, other: &Kinematics) -> Option<Kinematics> {
    let information_1 = covariance(one).cholesky()?.inverse();
    let information_2 = covariance(other).cholesky()?.inverse();
    let both = (information_1 + information_2).determinant();
    let weight = (both - information_2.determinant() + information_1.determinant()) / (2.0 * both);
    let weight = weight.clamp(0.0, 1.0);
    let (part_1, part_2) = (information_1 * weight, information_2 * (1.0 - weight));
    let fused = (part_1 + part_2).cholesky()?.inverse();
    let mean = fused * (part_1 * mean(one) + part_2 * mean(other));
    Some(state(&mean, &fused))
}

/// Both tracks in one as if their errors were independent (convex combination: Chong, Mori, Chang
/// 1990): P⁻¹ = P₁⁻¹ + P₂⁻¹.
///
/// None when a covariance is not positive definite. Both tracks must be of the same time.
#[must_use]
pub fn add(one: &Kinematics, other: &Kinematics) -> Option<Kinematics> {
    let information_1 = covariance(one).cholesky()?.inverse();
    let information_2 = covariance(other).cholesky()?.inverse();
    let fused = (information_1 + information_2).cholesky()?.inverse();
    let mean = fused * (information_1 * mean(one) + information_2 * mean(other));
    Some(state(&mean, &fused))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::model::kalman::Wander;

    /// White-noise acceleration of a density, m²/s³.
    fn lively(density_m2_s3: f64) -> Wander {
        Wander {
            density_m2_s3,
            memory_s: f64::INFINITY,
        }
    }

    /// A track with uncorrelated position and velocity, both of covariance diag(xx, yy).
    fn track(position_m: DVec2, xx: f64, yy: f64) -> Kinematics {
        let diagonal = Covariance2 { xx, xy: 0.0, yy };
        Kinematics {
            position_m,
            velocity_m_s: DVec2::ZERO,
            position_covariance: diagonal,
            cross_covariance: [[0.0; 2]; 2],
            velocity_covariance: diagonal,
        }
    }

    #[test]
    fn intersection_agrees_with_the_hand_case() {
        // diag(1, 4) and diag(4, 1): ω = 0.5, P = 1.6 I, where naive fusion claims 0.8 I.
        let fused = intersect(
            &track(DVec2::ZERO, 1.0, 4.0),
            &track(DVec2::new(1.0, 1.0), 4.0, 1.0),
        )
        .unwrap();
        let p = fused.position_covariance;
        assert!(
            (p.xx - 1.6).abs() < 1e-12 && (p.yy - 1.6).abs() < 1e-12,
            "{p:?}"
        );
        assert!(p.xy.abs() < 1e-12);
        assert!(
            (fused.position_m - DVec2::new(0.2, 0.8)).length() < 1e-12,
            "{fused:?}"
        );
    }

    #[test]
    fn independent_errors_add_their_information() {
        // The hand case above: 1/(1 + 1/4) = 0.8 on both axes; a track met again halves its variance.
        let (one, other) = (
            track(DVec2::ZERO, 1.0, 4.0),
            track(DVec2::new(1.0, 1.0), 4.0, 1.0),
        );
        let fused = Fusion::Independent.fuse(&one, &other).unwrap();
        let p = fused.position_covariance;
        assert!(
            (p.xx - 0.8).abs() < 1e-12 && (p.yy - 0.8).abs() < 1e-12,
            "{p:?}"
        );
        assert!((fused.position_m - DVec2::new(0.2, 0.8)).length() < 1e-12);
        let again = add(&one, &one).unwrap().position_covariance;
        assert!((again.xx - 0.5).abs() < 1e-12 && (again.yy - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_track_met_again_makes_nobody_surer() {
        let one = track(DVec2::new(7.0, -3.0), 25.0, 9.0).predict(3.0, lively(0.5));
        let fused = intersect(&one, &one).unwrap();
        assert!((fused.position_covariance.xx - one.position_covariance.xx).abs() < 1e-9);
        assert!((fused.cross_covariance[1][1] - one.cross_covariance[1][1]).abs() < 1e-9);
        assert!((fused.position_m - one.position_m).length() < 1e-9);
    }

    #[test]
    fn the_closed_form_weight_is_near_the_best_one() {
        let one = track(DVec2::ZERO, 100.0, 20.0).predict(2.0, lively(1.0));
        let other = track(DVec2::ZERO, 30.0, 60.0).predict(5.0, lively(1.0));
        let fused = covariance(&intersect(&one, &other).unwrap()).determinant();
        let (i1, i2) = (
            covariance(&one).try_inverse().unwrap(),
            covariance(&other).try_inverse().unwrap(),
        );
        let best = (0..=1000_u32)
            .map(|k| f64::from(k) / 1000.0)
            .map(|w| 1.0 / (i1 * w + i2 * (1.0 - w)).determinant())
            .fold(f64::INFINITY, f64::min);
        assert!(fused < 1.1 * best, "{fused} against {best}");
    }

    #[test]
    fn distance_is_that_of_mahalanobis() {
        let d2 = track_distance2(
            &track(DVec2::ZERO, 9.0, 9.0),
            &track(DVec2::new(10.0, 0.0), 16.0, 16.0),
        );
        assert!((d2.unwrap() - 4.0).abs() < 1e-12);
        assert!(
            track_distance2(
                &track(DVec2::ZERO, -9.0, 1.0),
                &track(DVec2::ZERO, 1.0, 1.0)
            )
            .is_none()
        );
        let error2 = nees(
            &track(DVec2::ZERO, 4.0, 4.0),
            DVec2::new(2.0, 0.0),
            DVec2::ZERO,
        );
        assert!((error2.unwrap() - 1.0).abs() < 1e-12);
    }
}
