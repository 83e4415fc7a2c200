//! How attenuation varies in time, place and circumstance.

use super::{Path, irregularity_over_m};
use crate::kernel::math;

/// Climates of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Climate {
    /// Equatorial (Congo).
    Equatorial,
    /// Continental subtropical (Sudan).
    ContinentalSubtropical,
    /// Maritime subtropical (west coast of Africa).
    MaritimeSubtropical,
    /// Desert (Sahara).
    Desert,
    /// Continental temperate.
    ContinentalTemperate,
    /// Maritime temperate, over land (United Kingdom and west coasts).
    MaritimeTemperateLand,
    /// Maritime temperate, over sea.
    MaritimeTemperateSea,
}

/// Shares of time, of places and of circumstances in which attenuation is no greater, percent between
/// 0.1 and 99.9. Places count in the mode of single messages only; a known path has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentiles {
    /// Of time.
    pub time: f64,
    /// Of places.
    pub location: f64,
    /// Of circumstances: confidence.
    pub situation: f64,
}

impl Default for Percentiles {
    /// Medians.
    fn default() -> Self {
        Self {
            time: 50.0,
            location: 50.0,
            situation: 50.0,
        }
    }
}

/// [`Percentiles`] as standard normal deviates, worked out once for many paths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviates {
    time: f64,
    location: f64,
    situation: f64,
}

impl Deviates {
    /// The deviates of percentiles.
    #[must_use]
    pub fn new(percentiles: &Percentiles) -> Self {
        Self {
            time: deviate(percentiles.time),
            location: deviate(percentiles.location),
            situation: deviate(percentiles.situation),
        }
    }
}

/// Coefficients of a curve over effective distance (eq. 5.5), m beyond the first two.
type Curve = [f64; 5];

/// What a climate does.
struct Coefficients {
    median: Curve,
    below: Curve,
    above: Curve,
    above_far: [f64; 2],
    below_frequency: [f64; 3],
    above_frequency: [f64; 3],
}

/// Coefficients by climate (Hufford 1995, tables of section 5).
const CLIMATES: [Coefficients; 7] = [
    Coefficients {
        median: [-9.67, 12.7, 144.9e3, 190.3e3, 133.8e3],
        below: [2.13, 159.5, 762.2e3, 123.6e3, 94.5e3],
        above: [2.11, 102.3, 636.9e3, 134.8e3, 95.6e3],
        above_far: [1.224, 1.282],
        below_frequency: [1.0, 0.0, 0.0],
        above_frequency: [1.0, 0.0, 0.0],
    },
    Coefficients {
        median: [-0.62, 9.19, 228.9e3, 205.2e3, 143.6e3],
        below: [2.66, 7.67, 100.4e3, 172.5e3, 136.4e3],
        above: [6.87, 15.53, 138.7e3, 143.7e3, 98.6e3],
        above_far: [0.801, 2.161],
        below_frequency: [1.0, 0.0, 0.0],
        above_frequency: [0.93, 0.31, 2.0],
    },
    Coefficients {
        median: [1.26, 15.5, 262.6e3, 185.2e3, 99.8e3],
        below: [6.11, 6.65, 138.2e3, 242.2e3, 178.6e3],
        above: [10.08, 9.60, 165.3e3, 225.7e3, 129.7e3],
        above_far: [1.380, 1.282],
        below_frequency: [1.0, 0.0, 0.0],
        above_frequency: [1.0, 0.0, 0.0],
    },
    Coefficients {
        median: [-9.21, 9.05, 84.1e3, 101.1e3, 98.6e3],
        below: [1.98, 13.11, 139.1e3, 132.7e3, 193.5e3],
        above: [3.68, 159.3, 464.4e3, 93.1e3, 94.2e3],
        above_far: [1.000, 20.0],
        below_frequency: [1.0, 0.0, 0.0],
        above_frequency: [0.93, 0.19, 1.79],
    },
    Coefficients {
        median: [-0.62, 9.19, 228.9e3, 205.2e3, 143.6e3],
        below: [2.68, 7.16, 93.7e3, 186.8e3, 133.5e3],
        above: [4.75, 8.12, 93.2e3, 135.9e3, 113.4e3],
        above_far: [1.224, 1.282],
        below_frequency: [0.92, 0.25, 1.77],
        above_frequency: [0.93, 0.31, 2.0],
    },
    Coefficients {
        median: [-0.39, 2.86, 141.7e3, 315.9e3, 167.4e3],
        below: [6.86, 10.38, 187.8e3, 169.6e3, 108.9e3],
        above: [8.58, 13.97, 216.0e3, 152.0e3, 122.7e3],
        above_far: [1.518, 1.282],
        below_frequency: [1.0, 0.0, 0.0],
        above_frequency: [1.0, 0.0, 0.0],
    },
    Coefficients {
        median: [3.15, 857.9, 2222.0e3, 164.8e3, 116.3e3],
        below: [8.51, 169.8, 609.8e3, 119.9e3, 106.6e3],
        above: [8.43, 8.19, 136.2e3, 188.5e3, 122.9e3],
        above_far: [1.518, 1.282],
        below_frequency: [1.0, 0.0, 0.0],
        above_frequency: [1.0, 0.0, 0.0],
    },
];

/// A curve at an effective distance, m.
fn curve([c1, c2, x1, x2, x3]: Curve, distance_m: f64) -> f64 {
    let near = distance_m / x1;
    let hump = (distance_m - x2) / x3;
    (c1 + c2 / (1.0 + hump * hump)) * near * near / (1.0 + near * near)
}

/// Factor of frequency of a deviation.
fn frequency_factor([a, b, c]: [f64; 3], wave_number: f64) -> f64 {
    let q = c * math::log(0.133 * wave_number);
    a + b / (q * q + 1.0)
}

/// Standard normal deviate exceeded by a share of percent (Abramowitz and Stegun 26.2.23).
fn deviate(percent: f64) -> f64 {
    let share = percent / 100.0;
    let tail = if share > 0.5 { 1.0 - share } else { share };
    let t = (-2.0 * math::log(tail)).sqrt();
    let z = t
        - ((0.010_328 * t + 0.802_853) * t + 2.515_517)
            / (((0.001_308 * t + 0.189_269) * t + 1.432_788) * t + 1.0);
    if share > 0.5 { -z } else { z }
}

/// Effective distance of a path, m (eq. 5.1 to 5.3).
fn effective_distance_m(path: &Path, distance_m: f64) -> f64 {
    let [a, b] = path.effective_m;
    let reach_m = (18e6 * a).sqrt() + (18e6 * b).sqrt() + math::cbrt(575.7e12 / path.wave_number());
    if distance_m < reach_m {
        130e3 * distance_m / reach_m
    } else {
        130e3 + distance_m - reach_m
    }
}

/// Standard deviation over time at an effective distance, on the side of a deviate, dB (eq. 5.11 to
/// 5.13).
fn over_time_db(of: &Coefficients, far_m: f64, wave_number: f64, time: f64) -> f64 {
    if time < 0.0 {
        return curve(of.below, far_m) * frequency_factor(of.below_frequency, wave_number);
    }
    let above = curve(of.above, far_m) * frequency_factor(of.above_frequency, wave_number);
    let [share, from] = of.above_far;
    if time <= from {
        above
    } else {
        share * above + (1.0 - share) * above * from / time
    }
}

/// Attenuation relative to free space that is not exceeded in the shares given, dB: mobile mode
/// without variability of place for a known path, single messages for an area (eq. 5.4 to 5.20).
pub(super) fn attenuation_db(
    path: &Path,
    distance_m: f64,
    reference_db: f64,
    climate: Climate,
    deviates: &Deviates,
) -> f64 {
    let of = &CLIMATES[climate as usize];
    let far_m = effective_distance_m(path, distance_m);
    let Deviates {
        time, situation, ..
    } = *deviates;
    let over_time = over_time_db(of, far_m, path.wave_number(), time);
    let over_situation = 5.0 + 3.0 * math::exp(-far_m / 100e3);
    let over_place = if path.is_point_to_point {
        0.0
    } else {
        let rough = path.wave_number() * irregularity_over_m(distance_m, path.irregularity_m);
        10.0 * rough / (rough + 13.0)
    };
    let place = if path.is_point_to_point {
        time
    } else {
        deviates.location
    };
    let squared = |x: f64| x * x;
    let unknown = squared(over_situation)
        + squared(over_time * time) / (7.8 + squared(situation))
        + squared(over_place * place) / (24.0 + squared(situation));
    let varied = over_time * time + over_place * place;
    let median_db = curve(of.median, far_m);
    let result_db = reference_db - median_db - varied - unknown.sqrt() * situation;
    if result_db < 0.0 {
        result_db * (29.0 - result_db) / (29.0 - 10.0 * result_db)
    } else {
        result_db
    }
}
