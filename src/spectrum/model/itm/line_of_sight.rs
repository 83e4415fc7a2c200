//! Attenuation within the line of sight: two rays over rough ground.

use super::{Path, complex::Complex, diffraction::height_deviation_m, irregularity_over_m};
use crate::kernel::math;

/// The line that attenuation by diffraction follows near the horizon.
#[derive(Debug, Clone, Copy)]
pub(super) struct DiffractionLine {
    /// Slope, dB/m.
    pub(super) slope: f64,
    /// Value at the antenna, dB.
    pub(super) start_db: f64,
}

impl DiffractionLine {
    /// Value at a distance, m, dB.
    pub(super) fn at(&self, distance_m: f64) -> f64 {
        self.slope * distance_m + self.start_db
    }
}

/// Attenuation at a distance, m, within the horizon at `horizon_m` over a smooth earth, dB (eq. 4.43
/// to 4.50).
pub(super) fn attenuation_db(
    path: &Path,
    line: &DiffractionLine,
    horizon_m: f64,
    distance_m: f64,
) -> f64 {
    let rough_m = height_deviation_m(irregularity_over_m(distance_m, path.irregularity_m));
    let wave_number = path.wave_number();
    let [a, b] = path.effective_m;
    let sin_psi = (a + b) / (distance_m * distance_m + (a + b) * (a + b)).sqrt();
    let sine = Complex {
        re: sin_psi,
        im: 0.0,
    };
    let scattered = math::exp(-(wave_number * rough_m * sin_psi).min(10.0));
    let reflection = (sine - path.impedance) / (sine + path.impedance) * scattered;
    let power = reflection.norm2();
    let reflection = if power < 0.25 || power < sin_psi {
        reflection * (sin_psi / power).sqrt()
    } else {
        reflection
    };
    let delta = 2.0 * wave_number * a * b / distance_m;
    let half_turn = 0.5 * math::PI;
    let delta = if delta > half_turn {
        math::PI - half_turn * half_turn / delta
    } else {
        delta
    };
    let (sin, cos) = math::sincos(delta);
    let sum = Complex { re: cos, im: -sin } + reflection;
    let two_ray_db = -10.0 * math::log10(sum.norm2());
    let weight = 1.0 / (1.0 + path.frequency_mhz * path.irregularity_m / horizon_m.max(10e3));
    weight * two_ray_db + (1.0 - weight) * line.at(distance_m)
}
