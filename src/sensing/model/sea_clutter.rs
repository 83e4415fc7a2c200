//! Echo of a rough sea in a radar's resolution cell.
//!
//! Left out: spikes, the shape of the clutter's distribution, wind direction, ducting.

use crate::kernel::math::{asin, from_db, log10, pow, sin};

/// What the clutter equation needs of a radar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClutterCell {
    /// Carrier, GHz.
    pub frequency_ghz: f64,
    /// Width of the beam, rad.
    pub beam_rad: f64,
    /// Length of a resolution cell, m.
    pub length_m: f64,
}

/// Sea state from which on clutter counts: below, the sea is smooth or wavy and its echo is lost in
/// the noise of a coastal radar.
const LEAST_STATE: f64 = 2.0;

/// Highest sea state for which the reflectivity was fitted, and least and greatest grazing angle in
/// degrees for which it is taken; it was fitted up to 60°.
const FITTED: (f64, [f64; 2]) = (6.0, [0.1, 10.0]);

/// How much filters and integration from scan to scan weaken clutter against a target, dB (notional,
/// 10 to 30).
const REJECTION_DB: f64 = 20.0;

/// Reflectivity of the sea, dB (m² per m²), horizontal polarisation: σ₀ = c₁ + c₂ log₁₀ sin α +
/// (27.5 + c₃α) log₁₀ f / (1 + 0.95α) + c₄ (1 + S)^(1/(2 + 0.085α + 0.033S)) + c₅α² with the grazing
/// angle α in degrees, f in GHz and Douglas sea state S (Gregers-Hansen and Mital 2012, "An improved
/// empirical model for radar sea clutter reflectivity", NRL/MR/5310--12-9346; 0.5 to 35 GHz, states 0 to
/// 6, taken here from 0.1° to 10°; on average within about 2.3 dB of Nathanson's tables there).
#[must_use]
pub fn sea_reflectivity_db(frequency_ghz: f64, grazing_deg: f64, sea_state: f64) -> f64 {
    let (most, [low, high]) = FITTED;
    let (a, s) = (grazing_deg.clamp(low, high), sea_state.min(most));
    -73.0
        + 20.78 * log10(sin(a.to_radians()))
        + (27.5 + 7.351 * a) * log10(frequency_ghz) / (1.0 + 0.95 * a)
        + 25.65 * pow(1.0 + s, 1.0 / (2.0 + 0.085 * a + 0.033 * s))
        + 0.005_40 * a * a
}

impl ClutterCell {
    /// Cross-section of the sea in a resolution cell, after filtering, m²: σ₀ R θ Δ / cos α
    /// (Skolnik 2001, §7.2) of a radar `height_m` above the sea.
    #[must_use]
    pub fn echo_m2(&self, range_m: f64, height_m: f64, sea_state: f64) -> f64 {
        if sea_state < LEAST_STATE {
            return 0.0;
        }
        let sine = (height_m.max(0.0) / range_m.max(1.0)).min(1.0);
        let level = (1.0 - sine * sine).sqrt();
        let grazing_deg = asin(sine).to_degrees();
        let reflectivity = sea_reflectivity_db(self.frequency_ghz, grazing_deg, sea_state);
        // Straight down, where the formula ends, the cell stays finite.
        let length_m = self.length_m / level.max(0.1);
        from_db(reflectivity - REJECTION_DB) * range_m * self.beam_rad * length_m
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reflectivity_is_the_sum_of_its_terms() {
        // X band, 1°, state 3: −73 − 36.529 + 34.851 · 0.96848 / 1.95 + 25.65 · 4^(1/2.184) + 0.0054.
        let got = sea_reflectivity_db(9.3, 1.0, 3.0);
        let want = -73.0 - 36.529 + 17.309 + 48.394 + 0.0054;
        assert!((got - want).abs() < 0.02, "{got} against {want}");
    }

    #[test]
    fn rough_seas_and_steep_looks_echo_more_and_calm_ones_not() {
        let cell = ClutterCell {
            frequency_ghz: 9.4,
            beam_rad: 0.02,
            length_m: 30.0,
        };
        assert!(cell.echo_m2(8000.0, 20.0, 1.0) <= 0.0);
        let states = [2.0, 3.0, 4.0, 5.0, 6.0].map(|s| cell.echo_m2(8000.0, 20.0, s));
        assert!(
            states.windows(2).all(|pair| pair[1] > pair[0]),
            "{states:?}"
        );
        assert!(states[0] > 0.0 && states[4] < 10.0, "{states:?}");
        assert!(cell.echo_m2(8000.0, 200.0, 4.0) > states[2]);
    }
}
