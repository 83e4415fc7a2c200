//! Transcendental functions on libm, so that one binary gives one answer on every machine.
//!
//! `f64::sqrt`, `abs`, `floor` and the like are exact by IEEE 754 and may be used directly; clippy
//! refuses the others (`clippy.toml`).

pub use core::f64::consts::{PI, TAU};
pub use libm::{
    acos, asin, asinh, atan, atan2, atanh, cbrt, cos, cosh, erf, erfc, exp, exp2, expm1, hypot,
    lgamma, log, log1p, log2, log10, pow, sin, sincos, sinh, tan, tanh,
};

/// Golden angle, rad: consecutive multiples spread evenly around a circle (Vogel 1979, "A better
/// way to construct the sunflower head").
pub const GOLDEN_ANGLE_RAD: f64 = 2.399_963_229_728_653;

/// Golden ratio less one: the fractional parts of its multiples spread evenly over 0 to 1.
pub const GOLDEN_SHARE: f64 = 0.618_033_988_749_894_9;

/// Decibels to a power ratio.
#[must_use]
pub fn from_db(db: f64) -> f64 {
    pow(10.0, db / 10.0)
}

/// A power ratio to decibels. Zero gives minus infinity.
#[must_use]
pub fn to_db(ratio: f64) -> f64 {
    10.0 * log10(ratio)
}

/// An angle brought into `(-π, π]`.
#[must_use]
pub fn wrap_pi(angle_rad: f64) -> f64 {
    let turned = angle_rad - TAU * ((angle_rad + PI) / TAU).floor();
    if turned <= -PI { turned + TAU } else { turned }
}

/// An angle brought into `[0, 2π)`.
#[must_use]
pub fn wrap_tau(angle_rad: f64) -> f64 {
    let turned = angle_rad - TAU * (angle_rad / TAU).floor();
    if turned >= TAU { 0.0 } else { turned }
}

/// Bearing in radians clockwise from true north of the vector (east, north).
#[must_use]
pub fn bearing(east: f64, north: f64) -> f64 {
    wrap_tau(atan2(east, north))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_wrap_into_their_half_open_ranges() {
        assert!((wrap_pi(3.0 * PI) - PI).abs() < 1e-12);
        assert!((wrap_pi(-PI) - PI).abs() < 1e-12);
        assert!((wrap_tau(-0.5) - (TAU - 0.5)).abs() < 1e-12);
    }

    #[test]
    fn bearings_run_clockwise_from_north() {
        assert!((bearing(1.0, 0.0) - PI / 2.0).abs() < 1e-12);
        assert!((bearing(-1.0, 0.0) - 1.5 * PI).abs() < 1e-12);
    }

    #[test]
    fn decibels_round_trip() {
        assert!((to_db(from_db(-37.5)) + 37.5).abs() < 1e-9);
    }
}
