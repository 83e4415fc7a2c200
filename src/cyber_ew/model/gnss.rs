//! Satellite navigation under interference: GPS L1 C/A.
//!
//! Formulas after Kaplan & Hegarty 2006, "Understanding GPS: Principles and Applications", 2nd ed.,
//! ch. 5 (tracking loops) and 6 (interference). One receiver stands for all: an antenna with 0 dB all
//! around, no filter against jamming, all satellites alike.

use super::waveform::Band;
use crate::{
    kernel::math::{PI, from_db, sin, to_db},
    spectrum::model::propagation::{LIGHT_SPEED_M_S, free_space_range_m},
};

/// Carrier of L1, Hz (IS-GPS-200).
pub const L1_HZ: f64 = 1_575.42e6;

/// Chips of the C/A code in a second (IS-GPS-200).
pub const CHIP_RATE_HZ: f64 = 1.023e6;

/// What the receiver's front end lets pass: the main lobe of the code.
pub const FRONT_END: Band = Band {
    centre_hz: L1_HZ,
    width_hz: 2.0 * CHIP_RATE_HZ,
};

/// Received power of one satellite, dBm: −160 dBW is the least that GPS commits to for L1 C/A, rounded
/// (IS-GPS-200 says −158.5 dBW).
pub const SIGNAL_DBM: f64 = -130.0;

/// Ratio of carrier to noise density without interference, dB-Hz (notional, 40 to 48).
pub const CLEAR_DB_HZ: f64 = 45.0;

/// Noise bandwidth of the code loop, Hz (notional, 0.1 to 2; carrier-aided loops are slow).
const LOOP_HZ: f64 = 0.5;

/// Spacing of the early and late correlator, chips (notional, 0.1 to 1).
const SPACING_CHIPS: f64 = 1.0;

/// Time of coherent integration, s: one bit of the message.
const INTEGRATION_S: f64 = 0.02;

/// Horizontal dilution of precision (notional, 0.8 to 2).
const HDOP: f64 = 1.0;

/// Intervals over which a spectrum is summed; even.
const INTERVALS: u32 = 64;

/// Resistance of the code to flat noise over this band, the quality factor Q: `1 / (Rc · ∫ Sj·Ss df)`
/// with both spectra of unit power (Kaplan & Hegarty 2006, §6.2). 1 for a line on the carrier, about
/// 2.22 for noise over the whole main lobe; `None` where the front end lets nothing of it pass.
#[must_use]
pub fn quality(noise: Band) -> Option<f64> {
    let half = |band: &Band| 0.5 * band.width_hz;
    let low = (noise.centre_hz - half(&noise)).max(L1_HZ - half(&FRONT_END)) - L1_HZ;
    let high = (noise.centre_hz + half(&noise)).min(L1_HZ + half(&FRONT_END)) - L1_HZ;
    if high <= low {
        return None;
    }
    // Simpson's rule over sin²x/x²: the code's spectrum times its chip rate.
    let step = (high - low) / f64::from(INTERVALS);
    let density = |n: u32| {
        let x = PI * (low + step * f64::from(n)) / CHIP_RATE_HZ;
        let sinc = if x.abs() < 1e-9 { 1.0 } else { sin(x) / x };
        sinc * sinc
    };
    let weight = |n: u32| match n {
        0 | INTERVALS => 1.0,
        odd if odd % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let sum: f64 = (0..=INTERVALS).map(|n| weight(n) * density(n)).sum();
    Some(f64::from(INTERVALS) * 3.0 / sum)
}

/// Greatest ratio of jamming to signal, dB, that leaves the threshold `least_db_hz`:
/// `10 log₁₀[Q·Rc·(10^(−thr/10) − 10^(−C/N₀/10))]` (Kaplan & Hegarty 2006, §6.2).
#[must_use]
pub fn jamming_to_signal_max_db(quality: f64, clear_db_hz: f64, least_db_hz: f64) -> f64 {
    to_db(quality * CHIP_RATE_HZ * (from_db(-least_db_hz) - from_db(-clear_db_hz)))
}

/// Distance, m, at which a jammer of this radiated power, dBm, has that ratio in free space.
#[must_use]
pub fn jamming_range_m(eirp_dbm: f64, jamming_to_signal_db: f64) -> f64 {
    free_space_range_m(L1_HZ, eirp_dbm - SIGNAL_DBM - jamming_to_signal_db)
}

/// Noise that a jammer adds, relative to the signal, s: `(J/S) / (Q·Rc)` for a received power in dBm.
#[must_use]
pub fn added_noise_s(received_dbm: f64, quality: f64) -> f64 {
    from_db(received_dbm - SIGNAL_DBM) / (quality * CHIP_RATE_HZ)
}

/// Ratio of carrier to noise density, dB-Hz, under the sum of what jammers add (Kaplan & Hegarty 2006,
/// §6.2).
#[must_use]
pub fn effective_db_hz(clear_db_hz: f64, added_noise_s: f64) -> f64 {
    if added_noise_s <= 0.0 {
        return clear_db_hz;
    }
    -to_db(from_db(-clear_db_hz) + added_noise_s)
}

/// Standard deviation of the range to one satellite, m, by noise in the code loop: an early-minus-late
/// power discriminator, √(B/(2·C/N₀) · s · [1 + 2/((2 − D)·T·C/N₀)]) chips with, for this front end of b
/// chip rates, s = 1/b + b/(π − 1)·(D − 1/b)² (Kaplan & Hegarty 2006, §5.6.3, for
/// 1/b < D < π/b).
#[must_use]
pub fn range_sigma_m(cn0_db_hz: f64) -> f64 {
    let cn0_hz = from_db(cn0_db_hz);
    let squaring = 1.0 + 2.0 / ((2.0 - SPACING_CHIPS) * INTEGRATION_S * cn0_hz);
    let front_end_chips = FRONT_END.width_hz / CHIP_RATE_HZ;
    let beyond = SPACING_CHIPS - 1.0 / front_end_chips;
    let shape = 1.0 / front_end_chips + front_end_chips / (PI - 1.0) * beyond * beyond;
    let chips = (LOOP_HZ / (2.0 * cn0_hz) * shape * squaring).sqrt();
    chips * LIGHT_SPEED_M_S / CHIP_RATE_HZ
}

/// Standard deviation that interference adds to a fix on each horizontal axis, m: the code loop's noise
/// beyond that of a clear sky, times the dilution of precision. Nothing where the sky is clear.
#[must_use]
pub fn added_fix_sigma_m(cn0_db_hz: f64) -> f64 {
    let [now_m, clear_m] = [cn0_db_hz, CLEAR_DB_HZ].map(range_sigma_m);
    HDOP * (0.5 * (now_m * now_m - clear_m * clear_m).max(0.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Flat noise about L1.
    fn noise(offset_hz: f64, width_hz: f64) -> Band {
        Band {
            centre_hz: L1_HZ + offset_hz,
            width_hz,
        }
    }

    #[test]
    fn the_published_limits_and_ranges_come_out() {
        // MODELS 1.6: threshold 28 dB-Hz, 45 dB-Hz in the clear, 1 W.
        for (quality, ratio_db, range_km) in
            [(1.0, 32.0, 38.0), (1.5, 33.8, 31.0), (2.22, 35.5, 25.5)]
        {
            let found_db = jamming_to_signal_max_db(quality, 45.0, 28.0);
            assert!(
                (found_db - ratio_db).abs() < 0.05,
                "{quality}: {found_db} dB"
            );
            let found_km = 1e-3 * jamming_range_m(30.0, found_db);
            assert!(
                (found_km - range_km).abs() < 0.1,
                "{quality}: {found_km} km"
            );
        }
    }

    #[test]
    fn at_the_limit_the_effective_ratio_is_the_threshold() {
        let ratio_db = jamming_to_signal_max_db(1.5, 45.0, 28.0);
        let added_s = added_noise_s(SIGNAL_DBM + ratio_db, 1.5);
        assert!((effective_db_hz(45.0, added_s) - 28.0).abs() < 1e-9);
        assert!((effective_db_hz(45.0, 0.0) - 45.0).abs() < 1e-12);
    }

    #[test]
    fn the_quality_factor_is_that_of_the_text_book() {
        let of = |offset_hz: f64, width_hz: f64| quality(noise(offset_hz, width_hz)).unwrap();
        assert!((of(0.0, 1e3) - 1.0).abs() < 1e-4, "a line on the carrier");
        let white = of(0.0, 2.0 * CHIP_RATE_HZ);
        assert!((white - 2.22).abs() < 0.01, "noise over the lobe: {white}");
        assert!((of(0.0, 20e6) - white).abs() < 1e-12, "the front end cuts");
        assert!(of(0.9e6, 1e5) > 20.0, "little near the null");
        assert_eq!(quality(noise(5e6, 1e6)), None);
    }

    #[test]
    fn a_fix_grows_worse_down_to_the_threshold() {
        // By hand, for 31623 and 631 Hz.
        for (cn0_db_hz, sigma_m) in [(45.0, 0.707), (28.0, 5.377)] {
            let found_m = range_sigma_m(cn0_db_hz);
            assert!((found_m - sigma_m).abs() < 1e-3, "{cn0_db_hz}: {found_m}");
        }
        assert!(added_fix_sigma_m(CLEAR_DB_HZ).abs() < 1e-12);
        assert!(added_fix_sigma_m(30.0) > added_fix_sigma_m(35.0));
    }
}
