//! What stands about a terminal: woodland by ITU-R P.833, roofs by ITU-R P.2108.
//!
//! Both give what is lost besides the loss of the bare ground. Left out: clutter far from both ends,
//! the way over the treetops as a path of its own, wet leaves, bare branches in winter.

use super::diffraction::knife_edge_loss_db;
use crate::kernel::math::{atan, exp, pow};

/// Specific attenuation of woodland at 105.9 MHz, dB/m, and the power of frequency with which it grows:
/// through the measurements in woodland near St Petersburg that ITU-R P.833 tabulates (0.04 dB/m at
/// 105.9 MHz to 0.34 dB/m at 2117.5 MHz), within 13 % of each.
const SPECIFIC: (f64, f64, f64) = (0.04, 105.9, 0.714);

/// A₁ and α of the greatest attenuation, in dB over MHz (ITU-R P.833, §2.1, eq. 2: woodland near St
/// Petersburg, 900 to 2200 MHz).
const GREATEST: (f64, f64) = (1.37, 0.42);

/// Width of streets, m (ITU-R P.2108-1, §3.1).
const STREET_M: f64 = 27.0;

/// Loss of a terminal in woodland, dB, of which the path crosses `depth_m` metres: Aₘ(1 − e^(−dγ/Aₘ))
/// (ITU-R P.833, §2.1, eq. 1) with Aₘ = A₁f^α (eq. 2). The recommendation has 30 MHz and up; below,
/// the power laws go on.
#[must_use]
pub fn woodland_loss_db(frequency_hz: f64, depth_m: f64) -> f64 {
    debug_assert!(frequency_hz > 0.0 && depth_m >= 0.0);
    let frequency_mhz = frequency_hz / 1e6;
    let (at_mhz, from_mhz, power) = SPECIFIC;
    let specific_db_m = at_mhz * pow(frequency_mhz / from_mhz, power);
    let greatest_db = GREATEST.0 * pow(frequency_mhz, GREATEST.1);
    greatest_db * (1.0 - exp(-depth_m * specific_db_m / greatest_db))
}

/// Loss of a terminal `below_m` metres lower than the roofs about it, dB: J(ν) − 6.03 with
/// ν = 0.342 √(f h θ), θ = atan(h / 27 m) in degrees (ITU-R P.2108-1, §3.1, eqs. 2a to 2g, for
/// 30 MHz to 3 GHz; beyond, the formula goes on). Zero at and above the roofs.
#[must_use]
pub fn roof_loss_db(frequency_hz: f64, below_m: f64) -> f64 {
    if below_m <= 0.0 {
        return 0.0;
    }
    let angle_deg = atan(below_m / STREET_M).to_degrees();
    let nu = 0.342 * (frequency_hz / 1e9 * below_m * angle_deg).sqrt();
    (knife_edge_loss_db(nu) - 6.03).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of ITU-R P.833: MHz, dB/m, greatest dB.
    const TABLE: [(f64, f64, f64); 5] = [
        (105.9, 0.04, 9.4),
        (466.475, 0.12, 18.0),
        (949.0, 0.17, 26.5),
        (1852.2, 0.30, 29.0),
        (2117.5, 0.34, 34.1),
    ];

    #[test]
    fn the_first_metres_and_the_deep_wood_are_those_of_the_table() {
        for (mhz, specific_db_m, greatest_db) in TABLE {
            let first = woodland_loss_db(mhz * 1e6, 0.01) / 0.01;
            assert!((first / specific_db_m - 1.0).abs() < 0.13, "{mhz}: {first}");
            let deep = woodland_loss_db(mhz * 1e6, 1e5);
            assert!((deep - greatest_db).abs() < 3.5, "{mhz}: {deep}");
        }
    }

    #[test]
    fn roofs_lose_as_worked_out_by_hand() {
        // 8 m below roofs at 1 GHz: θ = 16.504°, ν = 3.9299, J = 6.9 + 20 log₁₀(√(3.8299² + 1) +
        // 3.8299) = 24.73 dB, less 6.03.
        let loss = roof_loss_db(1e9, 8.0);
        assert!((loss - 18.70).abs() < 0.02, "{loss}");
        assert!(roof_loss_db(3e9, 8.0) > loss && roof_loss_db(1e9, 2.0) < loss);
        assert!(roof_loss_db(1e9, 0.0) <= 0.0 && roof_loss_db(30e6, 1e-6) >= 0.0);
    }
}
