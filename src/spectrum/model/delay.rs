//! How long a signal is on its way: along a fibre or a wire, and by way of a satellite.
//!
//! Left out: switching and processing, repeaters, detours of cables.

use super::propagation::LIGHT_SPEED_M_S;
use crate::kernel::math::sin;

/// Refractive index of single-mode fibre at 1550 nm as its light sees it (group index; ITU-T G.652
/// fibres): 4.9 µs/km.
pub const FIBRE_INDEX: f64 = 1.468;

/// The same of a wire whose waves go at two thirds of the speed of light: 5.0 µs/km.
pub const WIRE_INDEX: f64 = 1.5;

/// Mean radius of the earth, m (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Height of the geostationary orbit over the equator, m.
pub const GEOSTATIONARY_M: f64 = 35_786_000.0;

/// Time along a cable, s, by its length and its refractive index ([`FIBRE_INDEX`], [`WIRE_INDEX`]).
#[must_use]
pub fn cable_delay_s(length_m: f64, index: f64) -> f64 {
    debug_assert!(index >= 1.0, "nothing is faster than light");
    length_m * index / LIGHT_SPEED_M_S
}

/// Time through the air or space, s.
#[must_use]
pub fn radio_delay_s(distance_m: f64) -> f64 {
    distance_m / LIGHT_SPEED_M_S
}

/// Distance from the ground to a satellite, m, by the height of its orbit and its elevation over the
/// horizon, rad (Maral & Bousquet 2009, §2.2; law of cosines on a sphere):
/// √(R² sin² ε + 2 R h + h²) − R sin ε.
#[must_use]
pub fn slant_range_m(orbit_m: f64, elevation_rad: f64) -> f64 {
    debug_assert!(orbit_m > 0.0, "satellites fly");
    let upward_m = EARTH_RADIUS_M * sin(elevation_rad);
    let beyond_m2 = orbit_m * (2.0 * EARTH_RADIUS_M + orbit_m);
    // The difference of two near numbers, without cancellation.
    beyond_m2 / ((upward_m * upward_m + beyond_m2).sqrt() + upward_m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::math::{PI, acos, cos};

    #[test]
    fn cables_take_five_microseconds_a_kilometre() {
        let fibre_us = 1e6 * cable_delay_s(1000.0, FIBRE_INDEX);
        assert!((fibre_us - 4.8967).abs() < 1e-4, "{fibre_us}");
        let wire_us = 1e6 * cable_delay_s(1000.0, WIRE_INDEX);
        assert!((wire_us - 5.0035).abs() < 1e-4, "{wire_us}");
        // The planning value for fibre (ITU-T G.114, annex A) is 5 µs/km.
        assert!((fibre_us - 5.0).abs() < 0.15);
    }

    #[test]
    fn a_geostationary_satellite_is_an_eighth_of_a_second_away() {
        let zenith_m = slant_range_m(GEOSTATIONARY_M, PI / 2.0);
        assert!((zenith_m - GEOSTATIONARY_M).abs() < 1e-3, "{zenith_m}");
        assert!((radio_delay_s(zenith_m) - 0.119_369).abs() < 1e-6);
        // At the horizon: √(h² + 2 R h) = 41,679 km on an earth of 6378 km, less on the mean one.
        let horizon_m = slant_range_m(GEOSTATIONARY_M, 0.0);
        assert!((horizon_m - 41_673e3).abs() < 2e3, "{horizon_m}");
        assert!((radio_delay_s(horizon_m) - 0.139).abs() < 1e-4);
    }

    #[test]
    fn slant_ranges_agree_with_the_triangle() {
        // Orbit in km and elevation in degrees; the central angle gives the range another way.
        for (orbit_km, elevation_deg) in [
            (550.0, 25.0),
            (780.0, 8.2),
            (1200.0, 55.0),
            (35_786.0, 10.0),
        ] {
            let (orbit_m, elevation) = (1000.0 * orbit_km, f64::to_radians(elevation_deg));
            let outer_m = EARTH_RADIUS_M + orbit_m;
            let central = acos(EARTH_RADIUS_M / outer_m * cos(elevation)) - elevation;
            let square = EARTH_RADIUS_M * EARTH_RADIUS_M + outer_m * outer_m
                - 2.0 * EARTH_RADIUS_M * outer_m * cos(central);
            let got = slant_range_m(orbit_m, elevation);
            assert!((got - square.sqrt()).abs() < 1.0, "{orbit_km} km: {got}");
        }
        // A constellation at 550 km seen at 25°: 1123 km, 3.7 ms.
        let near_m = slant_range_m(550e3, f64::to_radians(25.0));
        assert!((near_m - 1.123e6).abs() < 1e3, "{near_m}");
    }
}
