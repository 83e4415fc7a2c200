//! Attenuation by scatter in the troposphere.

use super::Path;
use crate::kernel::math;

/// Attenuation by scatter at a distance, m, dB (eq. 4.60 to 4.67); none where the path is too short
/// for it. `before_db` is the frequency gain found farther out, if any, and what is found here is
/// left there.
pub(super) fn attenuation_db(
    path: &Path,
    distance_m: f64,
    before_db: &mut Option<f64>,
) -> Option<f64> {
    let theta = path.elevations_rad[0] + path.elevations_rad[1] + distance_m / path.earth_m();
    let gain_db = match *before_db {
        Some(gain_db) if gain_db > 15.0 => gain_db,
        before => frequency_gain_db(path, distance_m, theta, before)?,
    };
    *before_db = Some(gain_db);
    let theta4 = theta * theta * theta * theta;
    Some(
        distance_db(theta * distance_m) + 10.0 * math::log10(path.wave_number() * 47.7 * theta4)
            - 0.1 * (path.refractivity - 301.0) * math::exp(-theta * distance_m / 40e3)
            + gain_db,
    )
}

/// The frequency gain, dB.
fn frequency_gain_db(
    path: &Path,
    distance_m: f64,
    theta: f64,
    before_db: Option<f64>,
) -> Option<f64> {
    let [a_m, b_m] = path.effective_m;
    let lead_m = path.horizons_m[0] - path.horizons_m[1];
    let ratio = if lead_m < 0.0 { a_m / b_m } else { b_m / a_m };
    let lead_m = lead_m.abs();
    let r = [a_m, b_m].map(|height_m| 2.0 * path.wave_number() * theta * height_m);
    if r[0] < 0.2 && r[1] < 0.2 {
        return None;
    }
    let s = (distance_m - lead_m) / (distance_m + lead_m);
    let q = (ratio / s).clamp(0.1, 10.0);
    let s = s.max(0.1);
    let height_m = (distance_m - lead_m) * (distance_m + lead_m) * theta * 0.25 / distance_m;
    let n = path.refractivity;
    let decay = (height_m / 8e3).min(1.7);
    let thinning = math::exp(-decay * decay * decay * decay * decay * decay);
    let eta = height_m / 1756.0 * (1.0 + (0.031 - n * 2.32e-3 + n * n * 5.67e-6) * thinning);
    let mean_db = 0.5 * (scale_db(r[0], eta) + scale_db(r[1], eta));
    let skew = 6.0 * (0.6 - math::log10(eta.max(1.0))) * math::log10(s) * math::log10(q);
    let mut gain_db = (mean_db + mean_db.min(skew)).max(0.0);
    if eta < 1.0 {
        let root2 = core::f64::consts::SQRT_2;
        let both = (1.0 + root2 / r[0]) * (1.0 + root2 / r[1]);
        let low = both * both * (r[0] + r[1]) / (r[0] + r[1] + 2.0 * root2);
        gain_db = eta * gain_db + (1.0 - eta) * 10.0 * math::log10(low);
    }
    Some(match before_db {
        Some(before_db) if gain_db > 15.0 => before_db,
        _ => gain_db,
    })
}

/// One antenna's frequency gain, dB (eq. 6.13), between whole values of the scatter efficiency.
fn scale_db(r: f64, eta: f64) -> f64 {
    const A: [f64; 5] = [25.0, 80.0, 177.0, 395.0, 705.0];
    const B: [f64; 5] = [24.0, 45.0, 68.0, 80.0, 105.0];
    let curve = |at: usize| {
        let inverse2 = 1.0 / (r * r);
        10.0 * math::log10(1.0 + A[at] * inverse2 * inverse2 + B[at] * inverse2)
    };
    let eta = eta.clamp(1.0, 5.0);
    let part = eta - eta.floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 1 to 5"
    )]
    let at = eta as usize - 1;
    if part == 0.0 {
        curve(at)
    } else {
        (1.0 - part) * curve(at) + part * curve(at + 1)
    }
}

/// The attenuation function of angle times distance, dB (eq. 6.9).
fn distance_db(theta_d_m: f64) -> f64 {
    let (a, b, c) = if theta_d_m <= 10e3 {
        (133.4, 0.332e-3, -10.0)
    } else if theta_d_m <= 70e3 {
        (104.6, 0.212e-3, -2.5)
    } else {
        (71.8, 0.157e-3, 5.0)
    };
    a + b * theta_d_m + c * math::log10(theta_d_m)
}
