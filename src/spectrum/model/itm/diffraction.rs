//! Attenuation beyond the horizon: knife edges, the rounded earth, clutter.

use super::{Path, irregularity_over_m};
use crate::kernel::math;

/// Radius of the earth in the scales of the smooth earth, m.
const EARTH_M: f64 = 6_370e3;

/// Standard deviation of the ground's height within a first Fresnel zone, m (eq. 3.6a of the guide).
pub(super) fn height_deviation_m(irregularity_m: f64) -> f64 {
    0.78 * irregularity_m * math::exp(-0.5 * irregularity_m.sqrt().sqrt())
}

/// A path beyond the horizon: what does not depend on how far beyond.
pub(super) struct Diffraction<'a> {
    /// The path.
    path: &'a Path,
    /// Angle between the horizon rays, negative, rad.
    bending_rad: f64,
    /// Loss to clutter, dB.
    clutter_db: f64,
    /// Root of how far the effective heights exceed the structural ones.
    raised: f64,
    /// The rounded earth to both horizons.
    round: RoundEnds,
}

/// The rounded earth from both antennas to their horizons.
struct RoundEnds {
    /// Cube root of the frequency in MHz.
    third: f64,
    /// Modulus of the ground's impedance.
    impedance: f64,
    /// Scaled distances to the horizons, km.
    x_km: [f64; 2],
    /// Gains of both heights, dB.
    gains_db: [f64; 2],
}

impl<'a> Diffraction<'a> {
    /// A path whose horizon rays meet at an angle, rad.
    pub(super) fn new(path: &'a Path, bending_rad: f64) -> Self {
        let smooth_m = path.smooth_horizons_m();
        let rough_m = irregularity_over_m(smooth_m[0] + smooth_m[1], path.irregularity_m);
        let [a, b] = path.heights_m;
        let clutter = 1e-5 * a * b * path.frequency_mhz * height_deviation_m(rough_m);
        let structural = a * b;
        let excess = path.effective_m[0] * path.effective_m[1] - structural;
        let structural = structural + if path.is_point_to_point { 10.0 } else { 0.0 };
        Self {
            path,
            bending_rad,
            clutter_db: (5.0 * math::log10(1.0 + clutter)).min(15.0),
            raised: (1.0 + excess / structural).sqrt(),
            round: RoundEnds::new(path),
        }
    }

    /// Attenuation at a distance, m, beyond the horizon, dB (eq. 4.9 to 4.12).
    pub(super) fn attenuation_db(&self, distance_m: f64) -> f64 {
        let path = self.path;
        let near = (path.horizon_m() - self.bending_rad * path.earth_m()) / distance_m;
        let roughness = irregularity_over_m(distance_m, path.irregularity_m) * path.wave_number();
        let q = (self.raised + near) * roughness.min(6283.2);
        let weight = 25.1 / (25.1 + q.sqrt());
        // Angle by which the signal is bent beyond what both horizons give.
        let theta = distance_m / path.earth_m() - self.bending_rad;
        let beyond_m = distance_m - path.horizon_m();
        let round_db = self.round.attenuation_db(beyond_m, theta);
        let edges_db = knife_edges_db(path, theta, beyond_m);
        weight * round_db + (1.0 - weight) * edges_db + self.clutter_db
    }
}

/// Two knife edges, at the horizons (eq. 4.15), dB.
fn knife_edges_db(path: &Path, theta: f64, beyond_m: f64) -> f64 {
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

impl RoundEnds {
    /// Both ends of a path, each with a radius of its own (eq. 4.18 to 4.25).
    fn new(path: &Path) -> Self {
        let mut round = Self {
            third: math::cbrt(path.frequency_mhz),
            impedance: path.impedance.norm2().sqrt(),
            x_km: [0.0; 2],
            gains_db: [0.0; 2],
        };
        for end in 0..2 {
            let horizon_m = path.horizons_m[end];
            let radius_m = 0.5 * horizon_m * horizon_m / path.effective_m[end];
            let (x_km, ground) = round.scaled(radius_m, horizon_m / 1000.0);
            round.x_km[end] = x_km;
            round.gains_db[end] = height_gain_db(x_km, ground);
        }
        round
    }

    /// Scaled length of an arc of a radius, km, and the scaled ground.
    fn scaled(&self, radius_m: f64, arc_km: f64) -> (f64, f64) {
        let scale = math::cbrt(4.0 / 3.0 * EARTH_M / radius_m);
        let ground = 0.017_778 * scale / self.third / self.impedance;
        let x_km = (1.607 - ground) * scale * scale * self.third * arc_km;
        (x_km, ground)
    }

    /// Attenuation over an arc of a length, m, beyond both horizons, that bends by an angle, dB.
    fn attenuation_db(&self, beyond_m: f64, theta: f64) -> f64 {
        let between_m = beyond_m / theta;
        let (between_km, _) = self.scaled(between_m, between_m * theta / 1000.0);
        let all_km = between_km + self.x_km[0] + self.x_km[1];
        let distance_db = 0.057_51 * all_km - 10.0 * math::log10(all_km);
        distance_db - self.gains_db[0] - self.gains_db[1] - 20.0
    }
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
