//! A Kalman filter in the horizontal plane (Bar-Shalom, Li & Kirubarajan 2001, §5.2 and §6.2):
//! velocities that wander and are forgotten, positions with a full covariance, bearings linearised.
//!
//! Left out: manoeuvre models (IMM) and height, which its users carry beside the track.

mod wander;

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::math::{bearing, log, sincos, wrap_pi},
    sensing::model::measurement::Covariance2,
};

pub use wander::Wander;

/// Where a thing is, how it moves, and how well that is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Kinematics {
    /// Position east and north in m.
    pub position_m: DVec2,
    /// Velocity east and north in m/s.
    pub velocity_m_s: DVec2,
    /// Covariance of the position in m².
    pub position_covariance: Covariance2,
    /// Covariance of position (row) with velocity (column) in m²/s.
    pub cross_covariance: [[f64; 2]; 2],
    /// Covariance of the velocity in m²/s².
    pub velocity_covariance: Covariance2,
}

/// What a measured position says about a track before it is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Innovation {
    /// Measured less predicted position in m.
    pub residual_m: DVec2,
    /// Inverse of the residual's covariance S in 1/m².
    pub inverse_covariance: Covariance2,
    /// Normalised innovation squared, the squared Mahalanobis distance; χ² with 2 degrees of
    /// freedom.
    pub distance2: f64,
    /// Determinant of S in m⁴.
    pub determinant: f64,
}

impl Innovation {
    /// Cost of taking the measurement for the track's: −2 ln of the likelihood but for a constant,
    /// d² + ln|S| (Blackman & Popoli 1999, ch. 6).
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.distance2 + log(self.determinant)
    }
}

/// Squared Mahalanobis distance in two dimensions below which a true measurement falls with this
/// probability: −2 ln(1 − P).
#[must_use]
pub fn gate_distance2(probability: f64) -> f64 {
    -2.0 * log(1.0 - probability)
}

/// A bearing against the track that it is held against.
struct BearingInnovation {
    /// From the sensor to the predicted position, m.
    relative: DVec2,
    /// Measured less predicted, rad.
    residual: f64,
    /// Its variance, rad².
    variance: f64,
    /// P Hᵀ, position part.
    ph: DVec2,
    /// P Hᵀ, velocity part.
    vh: DVec2,
}

impl Kinematics {
    /// A track begun by one position: velocity zero with deviation `speed_sigma_m_s` on each axis.
    #[must_use]
    pub fn from_position(position_m: DVec2, covariance: Covariance2, speed_sigma_m_s: f64) -> Self {
        Self {
            position_m,
            velocity_m_s: DVec2::ZERO,
            position_covariance: covariance,
            cross_covariance: [[0.0; 2]; 2],
            velocity_covariance: Covariance2::isotropic(speed_sigma_m_s),
        }
    }

    /// A track begun by one bearing (clockwise from north) of a sensor: at a guessed range along
    /// it.
    #[must_use]
    pub fn from_bearing(
        sensor_m: DVec2,
        bearing_rad: f64,
        bearing_sigma_rad: f64,
        range_m: f64,
        range_sigma_m: f64,
        speed_sigma_m_s: f64,
    ) -> Self {
        let (sin, cos) = sincos(bearing_rad);
        let across_m = range_m * bearing_sigma_rad;
        Self::from_position(
            sensor_m + range_m * DVec2::new(sin, cos),
            Covariance2::along_bearing(bearing_rad, range_sigma_m, across_m),
            speed_sigma_m_s,
        )
    }

    /// The state `dt_s` seconds later.
    #[must_use]
    pub fn predict(&self, dt_s: f64, wander: Wander) -> Self {
        debug_assert!(dt_s >= 0.0, "prediction goes forward");
        let (left, for_s, [noise_p, noise_c, noise_v]) = wander.over(dt_s);
        let (p, c, v) = (
            self.position_covariance,
            self.cross_covariance,
            self.velocity_covariance,
        );
        let (for2, left2) = (for_s * for_s, left * left);
        Self {
            position_m: self.position_m + self.velocity_m_s * for_s,
            velocity_m_s: self.velocity_m_s * left,
            position_covariance: Covariance2 {
                xx: p.xx + 2.0 * for_s * c[0][0] + for2 * v.xx + noise_p,
                xy: p.xy + for_s * (c[0][1] + c[1][0]) + for2 * v.xy,
                yy: p.yy + 2.0 * for_s * c[1][1] + for2 * v.yy + noise_p,
            },
            cross_covariance: [
                [
                    left * (c[0][0] + for_s * v.xx) + noise_c,
                    left * (c[0][1] + for_s * v.xy),
                ],
                [
                    left * (c[1][0] + for_s * v.xy),
                    left * (c[1][1] + for_s * v.yy) + noise_c,
                ],
            ],
            velocity_covariance: Covariance2 {
                xx: left2 * v.xx + noise_v,
                xy: left2 * v.xy,
                yy: left2 * v.yy + noise_v,
            },
        }
    }

    /// What a position measured with this covariance would say, for gating and association.
    #[must_use]
    pub fn innovation(&self, measured_m: DVec2, covariance: Covariance2) -> Innovation {
        let residual_m = measured_m - self.position_m;
        let sum = self.position_covariance.plus(covariance);
        let inverse_covariance = sum.inverse();
        Innovation {
            residual_m,
            inverse_covariance,
            distance2: inverse_covariance.quadratic_form(residual_m),
            determinant: sum.determinant(),
        }
    }

    /// The state after a position whose innovation was worked out against this very state.
    #[must_use]
    pub fn update(&self, innovation: &Innovation) -> Self {
        let (p, c, v) = (
            self.position_covariance,
            self.cross_covariance,
            self.velocity_covariance,
        );
        let s = innovation.inverse_covariance;
        // Gains: K_p = P_pp S⁻¹ and K_v = P_vp S⁻¹.
        let gain_p = [
            [p.xx * s.xx + p.xy * s.xy, p.xx * s.xy + p.xy * s.yy],
            [p.xy * s.xx + p.yy * s.xy, p.xy * s.xy + p.yy * s.yy],
        ];
        let gain_v = [
            [
                c[0][0] * s.xx + c[1][0] * s.xy,
                c[0][0] * s.xy + c[1][0] * s.yy,
            ],
            [
                c[0][1] * s.xx + c[1][1] * s.xy,
                c[0][1] * s.xy + c[1][1] * s.yy,
            ],
        ];
        let r = innovation.residual_m;
        let weigh = |k: [[f64; 2]; 2]| {
            DVec2::new(k[0][0] * r.x + k[0][1] * r.y, k[1][0] * r.x + k[1][1] * r.y)
        };
        Self {
            position_m: self.position_m + weigh(gain_p),
            velocity_m_s: self.velocity_m_s + weigh(gain_v),
            position_covariance: Covariance2 {
                xx: p.xx - (gain_p[0][0] * p.xx + gain_p[0][1] * p.xy),
                xy: p.xy - (gain_p[0][0] * p.xy + gain_p[0][1] * p.yy),
                yy: p.yy - (gain_p[1][0] * p.xy + gain_p[1][1] * p.yy),
            },
            cross_covariance: [
                [
                    c[0][0] - (gain_p[0][0] * c[0][0] + gain_p[0][1] * c[1][0]),
                    c[0][1] - (gain_p[0][0] * c[0][1] + gain_p[0][1] * c[1][1]),
                ],
                [
                    c[1][0] - (gain_p[1][0] * c[0][0] + gain_p[1][1] * c[1][0]),
                    c[1][1] - (gain_p[1][0] * c[0][1] + gain_p[1][1] * c[1][1]),
                ],
            ],
            velocity_covariance: Covariance2 {
                xx: v.xx - (gain_v[0][0] * c[0][0] + gain_v[0][1] * c[1][0]),
                xy: v.xy - (gain_v[0][0] * c[0][1] + gain_v[0][1] * c[1][1]),
                yy: v.yy - (gain_v[1][0] * c[0][1] + gain_v[1][1] * c[1][1]),
            },
        }
    }

    /// Gates a measured position and, inside the gate, uses it; the distance is returned either
    /// way.
    #[must_use]
    pub fn update_gated(
        &self,
        measured_m: DVec2,
        covariance: Covariance2,
        gate_distance2: f64,
    ) -> (Option<Self>, f64) {
        let innovation = self.innovation(measured_m, covariance);
        let inside = innovation.distance2 <= gate_distance2;
        (
            inside.then(|| self.update(&innovation)),
            innovation.distance2,
        )
    }

    /// What a bearing (clockwise from north) taken from `sensor_m` says; none without a direction to the
    /// track.
    fn bearing_innovation(
        &self,
        sensor_m: DVec2,
        bearing_rad: f64,
        bearing_sigma_rad: f64,
    ) -> Option<BearingInnovation> {
        let relative = self.position_m - sensor_m;
        let range2 = relative.length_squared();
        if range2 < 1.0 {
            return None;
        }
        let h = DVec2::new(relative.y, -relative.x) / range2;
        let (p, c) = (self.position_covariance, self.cross_covariance);
        let ph = DVec2::new(p.xx * h.x + p.xy * h.y, p.xy * h.x + p.yy * h.y);
        let vh = DVec2::new(c[0][0] * h.x + c[1][0] * h.y, c[0][1] * h.x + c[1][1] * h.y);
        Some(BearingInnovation {
            relative,
            residual: wrap_pi(bearing_rad - bearing(relative.x, relative.y)),
            variance: h.dot(ph) + bearing_sigma_rad * bearing_sigma_rad,
            ph,
            vh,
        })
    }

    /// The state after a bearing (clockwise from north) taken from `sensor_m`, linearised about the
    /// predicted position (extended filter, ibid., §10.3), and its normalised innovation squared
    /// (χ² with 1 degree of freedom). Without a direction to the track the state stays as it is.
    #[must_use]
    pub fn update_bearing(
        &self,
        sensor_m: DVec2,
        bearing_rad: f64,
        bearing_sigma_rad: f64,
    ) -> (Self, f64) {
        let Some(told) = self.bearing_innovation(sensor_m, bearing_rad, bearing_sigma_rad) else {
            return (*self, 0.0);
        };
        let BearingInnovation {
            residual,
            variance,
            ph,
            vh,
            ..
        } = told;
        let (p, c, v) = (
            self.position_covariance,
            self.cross_covariance,
            self.velocity_covariance,
        );
        let (kp, kv) = (ph / variance, vh / variance);
        let updated = Self {
            position_m: self.position_m + kp * residual,
            velocity_m_s: self.velocity_m_s + kv * residual,
            position_covariance: Covariance2 {
                xx: p.xx - kp.x * ph.x,
                xy: p.xy - kp.x * ph.y,
                yy: p.yy - kp.y * ph.y,
            },
            cross_covariance: [
                [c[0][0] - kp.x * vh.x, c[0][1] - kp.x * vh.y],
                [c[1][0] - kp.y * vh.x, c[1][1] - kp.y * vh.y],
            ],
            velocity_covariance: Covariance2 {
                xx: v.xx - kv.x * vh.x,
                xy: v.xy - kv.x * vh.y,
                yy: v.yy - kv.y * vh.y,
            },
        };
        (updated, residual * residual / variance)
    }

    /// As [`Kinematics::update_bearing`], but what lies along the bearing, place and speed, stays as it
    /// was: one sensor that stands still learns nothing of it, while an extended filter in Cartesian
    /// coordinates, linearised anew at every look, comes to believe that it did (Aidala 1979). The
    /// gain is less than the best one, so the covariance is Joseph's (Bar-Shalom et al., §5.2.3).
    #[must_use]
    pub fn update_across(&self, sensor_m: DVec2, bearing_rad: f64, bearing_sigma_rad: f64) -> Self {
        let Some(told) = self.bearing_innovation(sensor_m, bearing_rad, bearing_sigma_rad) else {
            return *self;
        };
        let BearingInnovation {
            relative,
            residual,
            variance,
            ph,
            vh,
        } = told;
        let (p, c, v) = (
            self.position_covariance,
            self.cross_covariance,
            self.velocity_covariance,
        );
        let range2 = relative.length_squared();
        let across = |gain: DVec2| gain - relative * (gain.dot(relative) / range2);
        let (kp, kv) = (across(ph / variance), across(vh / variance));
        // (I − K H) P (I − K H)ᵀ + K R Kᵀ, element by element.
        let less = |a: f64, gain: [f64; 2], cross: [f64; 2]| {
            a - gain[0] * cross[1] - cross[0] * gain[1] + gain[0] * gain[1] * variance
        };
        let joint = |i: [f64; 2], j: [f64; 2], a: f64| less(a, [i[0], j[0]], [i[1], j[1]]);
        let [px, py, vx, vy] = [[kp.x, ph.x], [kp.y, ph.y], [kv.x, vh.x], [kv.y, vh.y]];
        Self {
            position_m: self.position_m + kp * residual,
            velocity_m_s: self.velocity_m_s + kv * residual,
            position_covariance: Covariance2 {
                xx: joint(px, px, p.xx),
                xy: joint(px, py, p.xy),
                yy: joint(py, py, p.yy),
            },
            cross_covariance: [
                [joint(px, vx, c[0][0]), joint(px, vy, c[0][1])],
                [joint(py, vx, c[1][0]), joint(py, vy, c[1][1])],
            ],
            velocity_covariance: Covariance2 {
                xx: joint(vx, vx, v.xx),
                xy: joint(vx, vy, v.xy),
                yy: joint(vy, vy, v.yy),
            },
        }
    }

    /// Half the long axis of the 1-σ ellipse of the position, in m: by which tracks age and drop.
    #[must_use]
    pub fn position_sigma_m(&self) -> f64 {
        self.position_covariance.major_sigma()
    }
}

#[cfg(test)]
mod tests;
