//! The reference attenuation: line of sight, diffraction, scatter, joined into one curve.

use super::{
    Mode, Path,
    diffraction::Diffraction,
    line_of_sight::{self, DiffractionLine},
    scatter,
};
use crate::kernel::math;

/// Reference attenuation relative to free space at a distance, m, dB, and how the signal gets there
/// (eq. 4.1 to 4.4).
pub(super) fn attenuation_db(path: &Path, distance_m: f64) -> (f64, Mode) {
    let smooth_m = path.smooth_horizons_m();
    let horizon_m = smooth_m[0] + smooth_m[1];
    let line = diffraction_line(path, horizon_m);
    let (reference_db, mode) = if distance_m < horizon_m {
        let mode = if path.is_obstructed {
            Mode::Diffraction
        } else {
            Mode::LineOfSight
        };
        (within_db(path, &line, horizon_m, distance_m), mode)
    } else {
        beyond_db(path, &line, horizon_m, distance_m)
    };
    (reference_db.max(0.0), mode)
}

/// Angle between the horizon rays, negative, rad.
fn bending_rad(path: &Path) -> f64 {
    let sum = path.elevations_rad[0] + path.elevations_rad[1];
    -sum.max(-path.horizon_m() / path.earth_m())
}

/// Unit of distance beyond the horizon, m.
fn scale_m(path: &Path) -> f64 {
    1.0 / math::cbrt(path.wave_number() * path.curvature * path.curvature)
}

/// The line through the attenuation by diffraction at two distances beyond the horizon (eq. 4.6 to
/// 4.8).
fn diffraction_line(path: &Path, horizon_m: f64) -> DiffractionLine {
    let scale_m = scale_m(path);
    let near_m = horizon_m.max(path.horizon_m() + 1.3787 * scale_m);
    let far_m = near_m + 2.7574 * scale_m;
    let diffraction = Diffraction::new(path, bending_rad(path));
    let [near_db, far_db] = [near_m, far_m].map(|at_m| diffraction.attenuation_db(at_m));
    let slope = (far_db - near_db) / (far_m - near_m);
    DiffractionLine {
        slope,
        start_db: near_db - slope * near_m,
    }
}

/// Within the line of sight (eq. 4.26 to 4.42), dB.
fn within_db(path: &Path, line: &DiffractionLine, horizon_m: f64, distance_m: f64) -> f64 {
    let at = |distance_m| line_of_sight::attenuation_db(path, line, horizon_m, distance_m);
    let horizon_db = line.at(horizon_m);
    let both_m = path.horizon_m();
    let mut first_m = 0.04 * path.frequency_mhz * path.effective_m[0] * path.effective_m[1];
    let second_m = if line.start_db >= 0.0 {
        first_m = first_m.min(0.5 * both_m);
        first_m + 0.25 * (both_m - first_m)
    } else {
        (-line.start_db / line.slope).max(0.25 * both_m)
    };
    let second_db = at(second_m);
    let mut slopes = None;
    if first_m < second_m {
        let first_db = at(first_m);
        let q = math::log(horizon_m / first_m);
        let reach_m = horizon_m - first_m;
        let step_m = second_m - first_m;
        let numerator = reach_m * (second_db - first_db) - step_m * (horizon_db - first_db);
        let denominator = reach_m * math::log(second_m / first_m) - step_m * q;
        let logarithmic = (numerator / denominator).max(0.0);
        if line.start_db > 0.0 || logarithmic > 0.0 {
            slopes = Some(joined(
                (horizon_db - first_db, q, reach_m),
                logarithmic,
                line.slope,
            ));
        }
    }
    let (linear, logarithmic) = slopes.unwrap_or_else(|| {
        let linear = (horizon_db - second_db).max(0.0) / (horizon_m - second_m);
        (if linear == 0.0 { line.slope } else { linear }, 0.0)
    });
    let start_db = horizon_db - linear * horizon_m - logarithmic * math::log(horizon_m);
    start_db + linear * distance_m + logarithmic * math::log(distance_m)
}

/// Linear and logarithmic slopes of the curve that rises by `rise_db` over a stretch, whose logarithm
/// is `q` and whose length is `reach_m`, with a logarithmic slope tried first.
fn joined((rise_db, q, reach_m): (f64, f64, f64), logarithmic: f64, slope: f64) -> (f64, f64) {
    let linear = (rise_db - logarithmic * q) / reach_m;
    if linear >= 0.0 {
        return (linear, logarithmic);
    }
    let logarithmic = rise_db.max(0.0) / q;
    (if logarithmic == 0.0 { slope } else { 0.0 }, logarithmic)
}

/// Beyond the horizon (eq. 4.52 to 4.59), dB.
fn beyond_db(path: &Path, line: &DiffractionLine, horizon_m: f64, distance_m: f64) -> (f64, Mode) {
    let (near_m, far_m) = (path.horizon_m() + 200e3, path.horizon_m() + 400e3);
    let mut gain_db = None;
    let far_db = scatter::attenuation_db(path, far_m, &mut gain_db);
    let near_db = scatter::attenuation_db(path, near_m, &mut gain_db);
    let (Some(near_db), Some(far_db)) = (near_db, far_db) else {
        return (line.at(distance_m), Mode::Diffraction);
    };
    if near_db >= 1000.0 {
        return (line.at(distance_m), Mode::Diffraction);
    }
    let slope = (far_db - near_db) / 200e3;
    let cross_m = (near_db - line.start_db - slope * near_m) / (line.slope - slope);
    let least_m = path.horizon_m() + 0.3 * scale_m(path) * math::log(path.frequency_mhz);
    let change_m = horizon_m.max(least_m).max(cross_m);
    if distance_m > change_m {
        let start_db = (line.slope - slope) * change_m + line.start_db;
        (slope * distance_m + start_db, Mode::Troposcatter)
    } else {
        (line.at(distance_m), Mode::Diffraction)
    }
}
