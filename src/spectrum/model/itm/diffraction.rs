//! Attenuation beyond the horizon: knife edges, the rounded earth, clutter.

use super::{Path, irregularity_over_m};
use crate::kernel::math;

/// Radius of the earth in the scales of the smooth earth, m.
const EARTH_M: f64 = 6_370e3;

/// Standard deviation of the ground's height within a first Fresnel zone, m (eq. 3.6a of the guide).
pub(super) fn height_deviation_m(irregularity_m: f64) -> f64 {
    0.78 * irregularity_m * math::exp(-0.5 * irregularity_m.sqrt().sqrt())
}

/// Attenuation by diffraction at a distance, m, beyond the horizon, dB (eq. 4.9 to 4.12).
pub(super) fn attenuation_db(path: &Path, bending_rad: f64, distance_m: f64) -> f64 {
    let smooth_m = path.smooth_horizons_m();
    let rough_m = irregularity_over_m(smooth_m[0] + smooth_m[1], path.irregularity_m);
    let [a, b] = path.heights_m;
    let clutter = 1e-5 * a * b * path.frequency_mhz * height_deviation_m(rough_m);
    let clutter_db = (5.0 * math::log10(1.0 + clutter)).min(15.0);
    let structural = a * b;
    let excess = path.effective_m[0] * path.effective_m[1] - structural;
    let structural = structural + if path.is_point_to_point { 10.0 } else { 0.0 };
    let raised = (1.0 + excess / structural).sqrt();
    let near = (path.horizon_m() - bending_rad * path.earth_m()) / distance_m;
    let roughness = irregularity_over_m(distance_m, path.irregularity_m) * path.wave_number();
    let q = (raised + near) * roughness.min(6283.2);
    let weight = 25.1 / (25.1 + q.sqrt());
    let round_db = round_earth_db(path, bending_rad, distance_m);
    let edges_db = knife_edges_db(path, bending_rad, distance_m);
    weight * round_db + (1.0 - weight) * edges_db + clutter_db
}

/// Angle by which the signal is bent at a distance, m, beyond what both horizons give, rad.
fn bend_rad(path: &Path, bending_rad: f64, distance_m: f64) -> f64 {
    distance_m / path.earth_m() - bending_rad
}

/// Two knife edges, at the horizons (eq. 4.15), dB.
fn knife_edges_db(path: &Path, bending_rad: f64, distance_m: f64) -> f64 {
    let theta = bend_rad(path, bending_rad, distance_m);
    let beyond_m = distance_m - path.horizon_m();
    let edge = |horizon_m: f64| {
        let v2 = 0.079_577_5 * path.wave_number() * theta * theta * horizon_m * beyond_m
            / (beyond_m + horizon_m);
        fresnel_db(v2)
    };
    edge(path.horizons_m[0]) + edge(path.horizons_m[1])
}

/// Attenuation of a knife edge by the square of its parameter, dB (eq. 6.1).
fn fresnel_db(v2: f64) -> f64 {
    if v2 < 5.76 {
        6.02 + 9.11 * v2.sqrt() - 1.27 * v2
    } else {
        12.953 + 10.0 * math::log10(v2)
    }
}

/// The rounded earth, by three radii (eq. 4.18 to 4.25), dB.
fn round_earth_db(path: &Path, bending_rad: f64, distance_m: f64) -> f64 {
    let theta = bend_rad(path, bending_rad, distance_m);
    let radius_m =
        |end: usize| 0.5 * path.horizons_m[end] * path.horizons_m[end] / path.effective_m[end];
    let between_m = (distance_m - path.horizon_m()) / theta;
    let radii_m = [between_m, radius_m(0), radius_m(1)];
    let arcs_km = [
        between_m * theta / 1000.0,
        path.horizons_m[0] / 1000.0,
        path.horizons_m[1] / 1000.0,
    ];
    let third = math::cbrt(path.frequency_mhz);
    let scale = radii_m.map(|radius_m| math::cbrt(4.0 / 3.0 * EARTH_M / radius_m));
    let impedance = path.impedance.norm2().sqrt();
    let ground = scale.map(|scale| 0.017_778 * scale / third / impedance);
    let x_km = [0, 1, 2]
        .map(|part| (1.607 - ground[part]) * scale[part] * scale[part] * third * arcs_km[part]);
    let all_km = x_km[0] + x_km[1] + x_km[2];
    let distance_db = 0.057_51 * all_km - 10.0 * math::log10(all_km);
    distance_db - height_gain_db(x_km[1], ground[1]) - height_gain_db(x_km[2], ground[2]) - 20.0
}

/// The gain of height over a smooth earth, dB (eq. 6.2 to 6.7).
fn height_gain_db(x_km: f64, ground: f64) -> f64 {
    if x_km < 200.0 {
        let w = -math::log(ground);
        if ground < 1e-5 || x_km * w * w * w > 5495.0 {
            let gain_db = if x_km > 1.0 {
                17.372 * math::log(x_km)
            } else {
                0.0
            };
            gain_db - 117.0
        } else {
            2.5e-5 * x_km * x_km / ground - 8.686 * w - 15.0
        }
    } else {
        let gain_db = 0.057_51 * x_km - 4.343 * math::log(x_km);
        if x_km < 2000.0 {
            let w = 0.0134 * x_km * math::exp(-0.005 * x_km);
            (1.0 - w) * gain_db + w * (17.372 * math::log(x_km) - 117.0)
        } else {
            gain_db
        }
    }
}
