//! Sound in sea water: absorption, spreading, ambient noise, speed. Sonar and acoustic modems
//! both stand on it.
//!
//! Left out: refraction (no ray paths or convergence zones), bottom and surface reflection. The
//! spreading factor stands for all of them.

use crate::kernel::math::{from_db, log10, pow, to_db};

/// Absorption in dB/km (Thorp 1967, in metric units as ns-3 has it), for 4 °C at about 1000 m.
///
/// Valid from 0.1 to about 50 kHz; Francois & Garrison (1982) give 10 to 25 % less at 10 °C.
#[must_use]
pub fn thorp_absorption_db_km(frequency_khz: f64) -> f64 {
    debug_assert!(frequency_khz > 0.0, "a frequency is positive");
    let f = frequency_khz;
    let f2 = f * f;
    if f >= 0.4 {
        0.11 * f2 / (1.0 + f2) + 44.0 * f2 / (4100.0 + f2) + 2.75e-4 * f2 + 0.003
    } else {
        0.002 + 0.11 * f / (1.0 + f) + 0.011 * f
    }
}

/// One-way transmission loss in dB re 1 m (Urick 1983, ch. 5): spreading and absorption.
///
/// `spreading` is 1 for a cylinder, 1.5 in practice, 2 for a sphere; nothing is lost within 1 m.
#[must_use]
pub fn transmission_loss_db(range_m: f64, spreading: f64, absorption_db_km: f64) -> f64 {
    let range_m = range_m.max(1.0);
    spreading * 10.0 * log10(range_m) + absorption_db_km * range_m / 1000.0
}

/// Spectral density of ambient noise in dB re µPa²/Hz: turbulence, shipping, wind and thermal
/// noise (Wenz 1962, in the formulas of Coates 1990 that Harris & Zorzi 2007 use).
///
/// `shipping` runs from 0 (none) to 1 (heavy); the wind is that at the surface.
#[must_use]
pub fn ambient_noise_db(frequency_khz: f64, shipping: f64, wind_m_s: f64) -> f64 {
    debug_assert!(frequency_khz > 0.0, "a frequency is positive");
    let log_f = log10(frequency_khz);
    let turbulence_db = 17.0 - 30.0 * log_f;
    let shipping_db =
        40.0 + 20.0 * (shipping - 0.5) + 26.0 * log_f - 60.0 * log10(frequency_khz + 0.03);
    let wind_db =
        50.0 + 7.5 * wind_m_s.max(0.0).sqrt() + 20.0 * log_f - 40.0 * log10(frequency_khz + 0.4);
    let thermal_db = -15.0 + 20.0 * log_f;
    to_db(from_db(turbulence_db) + from_db(shipping_db) + from_db(wind_db) + from_db(thermal_db))
}

/// Speed of sound in m/s (Mackenzie 1981, eq. 1) for temperature in °C, salinity in parts per
/// thousand and depth in metres: 2–30 °C, 25–40 ‰, 0–8000 m.
#[must_use]
pub fn sound_speed_m_s(temperature_c: f64, salinity_ppt: f64, depth_m: f64) -> f64 {
    let (t, s, d) = (temperature_c, salinity_ppt - 35.0, depth_m);
    1448.96 + 4.591 * t - 5.304e-2 * t * t
        + 2.374e-4 * t * t * t
        + 1.340 * s
        + 1.630e-2 * d
        + 1.675e-7 * d * d
        - 1.025e-2 * t * s
        - 7.139e-13 * t * pow(d, 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a reference table as numbers, without its two header lines.
    fn rows(text: &str) -> impl Iterator<Item = Vec<f64>> + '_ {
        text.lines()
            .skip(2)
            .map(|line| line.split(',').map(|x| x.parse().unwrap()).collect())
    }

    #[test]
    fn thorp_agrees_with_ns3() {
        let table = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/uw_absorption.csv"
        ));
        for row in rows(table) {
            let got = thorp_absorption_db_km(row[0]);
            assert!(
                (got - row[1]).abs() < 1e-4,
                "{} kHz: {got} against {}",
                row[0],
                row[1]
            );
        }
    }

    #[test]
    fn ambient_noise_agrees_with_ns3() {
        let table = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/uw_wenz.csv"
        ));
        for row in rows(table) {
            let got = ambient_noise_db(row[0], row[1], row[2]);
            assert!((got - row[3]).abs() < 0.01, "{row:?}: {got}");
        }
    }

    #[test]
    fn sound_speed_agrees_with_mackenzie_and_teos10() {
        let table = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/uw_soundspeed.csv"
        ));
        for row in rows(table) {
            let got = sound_speed_m_s(row[0], row[1], row[2]);
            assert!((got - row[3]).abs() < 0.01, "{row:?}: {got}");
            assert!(
                (got - row[6]).abs() < 0.25,
                "{row:?}: {got} against TEOS-10"
            );
        }
    }

    #[test]
    fn spreading_and_absorption_add_up() {
        let loss = transmission_loss_db(10_000.0, 2.0, 1.2);
        assert!((loss - (80.0 + 12.0)).abs() < 1e-9);
        assert!((transmission_loss_db(0.1, 1.5, 0.0)).abs() < 1e-12);
    }
}
