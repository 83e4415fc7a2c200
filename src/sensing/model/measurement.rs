//! What a sensor's errors are on the map: covariances, accuracy from signal strength, false alarms.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::kernel::math::sincos;

/// A symmetric 2 × 2 covariance in the horizontal plane, x east and y north, in m² (or m²/s² for
/// velocities).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Covariance2 {
    /// Variance east.
    pub xx: f64,
    /// Covariance of east and north.
    pub xy: f64,
    /// Variance north.
    pub yy: f64,
}

impl Covariance2 {
    /// The same standard deviation in all directions.
    #[must_use]
    pub fn isotropic(sigma: f64) -> Self {
        Self {
            xx: sigma * sigma,
            xy: 0.0,
            yy: sigma * sigma,
        }
    }

    /// The covariance of an error with deviation `along` in the direction of `bearing_rad`
    /// (clockwise from north) and `across` at right angles to it.
    #[must_use]
    pub fn along_bearing(bearing_rad: f64, along: f64, across: f64) -> Self {
        let (sin, cos) = sincos(bearing_rad);
        let (a2, c2) = (along * along, across * across);
        Self {
            xx: a2 * sin * sin + c2 * cos * cos,
            xy: (a2 - c2) * sin * cos,
            yy: a2 * cos * cos + c2 * sin * sin,
        }
    }

    /// The sum of two independent errors.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            xx: self.xx + other.xx,
            xy: self.xy + other.xy,
            yy: self.yy + other.yy,
        }
    }

    /// The determinant.
    #[must_use]
    pub fn determinant(self) -> f64 {
        self.xx * self.yy - self.xy * self.xy
    }

    /// The trace.
    #[must_use]
    pub fn trace(self) -> f64 {
        self.xx + self.yy
    }

    /// The inverse; the covariance must be positive definite.
    #[must_use]
    pub fn inverse(self) -> Self {
        let determinant = self.determinant();
        debug_assert!(determinant > 0.0, "the covariance is positive definite");
        let scale = 1.0 / determinant;
        Self {
            xx: self.yy * scale,
            xy: -self.xy * scale,
            yy: self.xx * scale,
        }
    }

    /// vᵀ C v; the squared Mahalanobis distance when `self` is an inverse covariance.
    #[must_use]
    pub fn quadratic_form(self, v: DVec2) -> f64 {
        self.xx * v.x * v.x + 2.0 * self.xy * v.x * v.y + self.yy * v.y * v.y
    }

    /// The larger standard deviation: half the long axis of the 1-σ ellipse.
    #[must_use]
    pub fn major_sigma(self) -> f64 {
        let half_difference = 0.5 * (self.xx - self.yy);
        let root = (half_difference * half_difference + self.xy * self.xy).sqrt();
        (0.5 * self.trace() + root).sqrt()
    }
}

/// The errors of a sensor that measures range and bearing, as standard deviations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PolarError {
    /// Of the range, in metres.
    pub range_sigma_m: f64,
    /// Of the bearing, in radians.
    pub bearing_sigma_rad: f64,
}

impl PolarError {
    /// The covariance on the map at `relative`, the target's position from the sensor in metres
    /// (Bar-Shalom, Li & Kirubarajan 2001, §10.4.3, the linearised conversion).
    ///
    /// Valid while range times bearing variance over range deviation stays below about 0.4, where
    /// the conversion's bias may be neglected.
    #[must_use]
    pub fn covariance(self, relative: DVec2) -> Covariance2 {
        let range2 = relative.length_squared();
        if range2 <= 0.0 {
            return Covariance2::isotropic(self.range_sigma_m);
        }
        let along2 = self.range_sigma_m * self.range_sigma_m / range2;
        let across2 = self.bearing_sigma_rad * self.bearing_sigma_rad;
        let (x, y) = (relative.x, relative.y);
        Covariance2 {
            xx: along2 * x * x + across2 * y * y,
            xy: (along2 - across2) * x * y,
            yy: along2 * y * y + across2 * x * x,
        }
    }

    /// The measured position, from the sensor, of a target truly at `relative`, given two standard
    /// normal numbers for the errors of range and bearing.
    #[must_use]
    pub fn measured(self, relative: DVec2, normals: [f64; 2]) -> DVec2 {
        let range_m = relative.length();
        if range_m <= 0.0 {
            return DVec2::new(normals[0], normals[1]) * self.range_sigma_m;
        }
        // A measured range is never negative, however large the error.
        let scale = (1.0 + self.range_sigma_m * normals[0] / range_m).max(0.0);
        let (sin, cos) = sincos(self.bearing_sigma_rad * normals[1]);
        // Bearings grow clockwise.
        DVec2::new(
            relative.x * cos + relative.y * sin,
            relative.y * cos - relative.x * sin,
        ) * scale
    }
}

/// Standard deviation of a range by time delay, in metres: ΔR / √(2 SNR), never below `floor_m`
/// (Curry 2005, ch. 8, where ΔR is the range resolution).
#[must_use]
pub fn range_sigma_m(resolution_m: f64, snr: f64, floor_m: f64) -> f64 {
    (resolution_m / (2.0 * snr).sqrt()).max(floor_m)
}

/// Standard deviation of an angle measured by monopulse or split beam, in radians:
/// θ / (1.6 √(2 SNR)), never below `floor_rad` (Curry 2005, ch. 8; θ is the 3-dB beamwidth).
#[must_use]
pub fn angle_sigma_rad(beamwidth_rad: f64, snr: f64, floor_rad: f64) -> f64 {
    (beamwidth_rad / (1.6 * (2.0 * snr).sqrt())).max(floor_rad)
}

/// Mean number of false alarms of a scan: cells × probability. The number itself is Poisson.
#[must_use]
pub fn false_alarm_mean(cells: f64, false_alarm_probability: f64) -> f64 {
    cells * false_alarm_probability
}

/// Resolution cells of a scan: range extent over range resolution times sector over beamwidth.
#[must_use]
pub fn resolution_cells(
    range_extent_m: f64,
    range_resolution_m: f64,
    sector_rad: f64,
    beamwidth_rad: f64,
) -> f64 {
    (range_extent_m / range_resolution_m).max(1.0) * (sector_rad / beamwidth_rad).max(1.0)
}

/// Probability that at least `needed` of `looks` independent looks of probability `single` succeed:
/// the binomial tail of an m-of-n confirmation rule (Skolnik 2008, ch. 7).
#[must_use]
pub fn m_of_n(single: f64, needed: u32, looks: u32) -> f64 {
    let odds = single / (1.0 - single);
    if !odds.is_finite() {
        return if needed <= looks { 1.0 } else { 0.0 };
    }
    let mut term = (0..looks).fold(1.0, |product, _| product * (1.0 - single));
    let mut sum = if needed == 0 { term } else { 0.0 };
    for hits in 1..=looks {
        term *= odds * f64::from(looks - hits + 1) / f64::from(hits);
        if hits >= needed {
            sum += term;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::math::{PI, bearing};

    #[test]
    fn polar_errors_turn_with_the_bearing() {
        let error = PolarError {
            range_sigma_m: 20.0,
            bearing_sigma_rad: 0.01,
        };
        let east = error.covariance(DVec2::new(5000.0, 0.0));
        assert!((east.xx - 400.0).abs() < 1e-9 && (east.yy - 2500.0).abs() < 1e-9);
        let oblique = DVec2::new(3000.0, 4000.0);
        let one = error.covariance(oblique);
        let other = Covariance2::along_bearing(bearing(3000.0, 4000.0), 20.0, 50.0);
        for (a, b) in [(one.xx, other.xx), (one.xy, other.xy), (one.yy, other.yy)] {
            assert!((a - b).abs() < 1e-9, "{one:?} against {other:?}");
        }
        assert!((one.determinant() - 1000.0 * 1000.0).abs() < 1e-3);
        assert!((one.major_sigma() - 50.0).abs() < 1e-9);
    }

    #[test]
    fn measured_positions_scatter_as_the_covariance_says() {
        let error = PolarError {
            range_sigma_m: 30.0,
            bearing_sigma_rad: 0.02,
        };
        let relative = DVec2::new(-2000.0, 1000.0);
        // Sigma points at ±1 reproduce the covariance to first order.
        let mut sum = Covariance2 {
            xx: 0.0,
            xy: 0.0,
            yy: 0.0,
        };
        for normals in [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]] {
            let d = error.measured(relative, normals) - relative;
            sum = sum.plus(Covariance2 {
                xx: d.x * d.x / 2.0,
                xy: d.x * d.y / 2.0,
                yy: d.y * d.y / 2.0,
            });
        }
        let want = error.covariance(relative);
        assert!((sum.xx / want.xx - 1.0).abs() < 1e-3, "{sum:?} {want:?}");
        assert!((sum.yy / want.yy - 1.0).abs() < 1e-3, "{sum:?} {want:?}");
        assert!((sum.xy / want.xy - 1.0).abs() < 1e-3, "{sum:?} {want:?}");
    }

    #[test]
    fn a_positive_bearing_error_turns_clockwise() {
        let error = PolarError {
            range_sigma_m: 0.0,
            bearing_sigma_rad: PI / 2.0,
        };
        let seen = error.measured(DVec2::new(0.0, 100.0), [0.0, 1.0]);
        assert!((seen - DVec2::new(100.0, 0.0)).length() < 1e-9, "{seen}");
    }

    #[test]
    fn inverse_and_quadratic_form_agree() {
        let c = Covariance2 {
            xx: 4.0,
            xy: 1.0,
            yy: 9.0,
        };
        let i = c.inverse();
        assert!((c.xx * i.xx + c.xy * i.xy - 1.0).abs() < 1e-12);
        assert!((c.xx * i.xy + c.xy * i.yy).abs() < 1e-12);
        assert!((i.quadratic_form(DVec2::new(1.0, 0.0)) - i.xx).abs() < 1e-12);
    }

    #[test]
    fn two_of_three_confirmation() {
        // Binomial sums by hand: 3·0.8²·0.2 + 0.8³ and 3·0.01²·0.99 + 0.01³.
        assert!((m_of_n(0.8, 2, 3) - 0.896).abs() < 1e-12);
        assert!((m_of_n(0.01, 2, 3) - 2.98e-4).abs() < 1e-12);
        assert!((m_of_n(1.0, 2, 3) - 1.0).abs() < 1e-12);
        assert!((m_of_n(0.4, 0, 3) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn accuracy_improves_with_signal_down_to_its_floor() {
        assert!((range_sigma_m(15.0, 50.0, 0.5) - 1.5).abs() < 1e-12);
        assert!((range_sigma_m(15.0, 1e9, 0.5) - 0.5).abs() < 1e-12);
        assert!((angle_sigma_rad(0.032, 50.0, 0.0) - 0.002).abs() < 1e-12);
        let cells = resolution_cells(20_000.0, 20.0, 6.0, 0.03);
        assert!((false_alarm_mean(cells, 1e-6) - 0.2).abs() < 1e-12);
    }
}
