//! Jamming of radios and radars in closed form: what runs are compared with.

use crate::kernel::math::{PI, from_db, log10};

/// Ratio of jamming to signal at a receiver, dB: `ERPj − ERPt + 10·n·log₁₀(dt/dj)` (Adamy 2001, "EW
/// 101", ch. 9), for powers in dBm and distances in metres. `exponent` is 2 in free space and 4 over
/// a plane earth with antennas of equal height. Left out: patterns of antennas and terrain.
#[must_use]
pub fn jamming_to_signal_db(
    (jammer_erp_dbm, jammer_m): (f64, f64),
    (transmitter_erp_dbm, transmitter_m): (f64, f64),
    exponent: f64,
) -> f64 {
    debug_assert!(
        jammer_m > 0.0 && transmitter_m > 0.0,
        "distances are positive"
    );
    jammer_erp_dbm - transmitter_erp_dbm + 10.0 * exponent * log10(transmitter_m / jammer_m)
}

/// Range, m, within which a radar sees a target that jams it: `√(Pt·Gt·σ·(J/S) / (4π·Pj·Gj))`
/// (Adamy 2001, ch. 9; Skolnik 2008, ch. 24), for powers in W, gains in dBi, the radar cross-section in
/// m², and the greatest ratio of jamming to signal at which it still sees, dB. The bandwidths are the
/// same.
#[must_use]
pub fn burn_through_m(
    (radar_w, radar_gain_dbi): (f64, f64),
    cross_section_m2: f64,
    (jammer_w, jammer_gain_dbi): (f64, f64),
    jamming_to_signal_db: f64,
) -> f64 {
    let radar = radar_w * from_db(radar_gain_dbi) * cross_section_m2;
    let jammer = 4.0 * PI * jammer_w * from_db(jammer_gain_dbi);
    (radar / jammer * from_db(jamming_to_signal_db)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::math::to_db;

    #[test]
    fn a_jammer_ten_times_as_far_away_loses_by_the_law_of_the_path() {
        let of = |watt: f64, distance_m: f64| (to_db(watt) + 30.0, distance_m);
        let ratio = |exponent: f64| jamming_to_signal_db(of(100.0, 20e3), of(5.0, 2e3), exponent);
        assert!((ratio(2.0) + 6.99).abs() < 0.005, "{}", ratio(2.0));
        assert!((ratio(4.0) + 26.99).abs() < 0.005, "{}", ratio(4.0));
    }

    #[test]
    fn a_radar_burns_through_a_small_jammer_close_by() {
        let range_m = burn_through_m((50e3, 35.0), 5.0, (200.0, 0.0), 0.0);
        assert!((range_m - 560.85).abs() < 0.01, "{range_m}");
    }
}
