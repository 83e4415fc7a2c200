//! Sonar: signal excess, its detection probability, bearings.
//!
//! Levels of sources are band levels, as published; noise is a spectrum level (per hertz) at the
//! middle of the band, brought to a band level with the width of the band. Left out: convergence
//! zones, layers and reverberation; the spreading factor and the noise stand for the sea.

use serde::{Deserialize, Serialize};

use crate::{
    environment::seawater::{ambient_noise_db, thorp_absorption_db_km, transmission_loss_db},
    kernel::math::{erfc, from_db, log10, to_db},
};

/// What the sonar equation needs of a sonar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SonarParameters {
    /// Middle of the band in kHz.
    pub frequency_khz: f64,
    /// Width of the band in Hz.
    pub bandwidth_hz: f64,
    /// Directivity index (array gain) in dB.
    pub array_gain_db: f64,
    /// Detection threshold in dB: the signal-to-noise ratio that is detected half of the time.
    pub detection_threshold_db: f64,
    /// Spectrum level of the carrier's own noise at the array in dB re µPa²/Hz.
    pub self_noise_db: f64,
    /// Standard deviation of the signal excess in dB: 5–10 in practice (Urick 1983, ch. 12).
    pub excess_sigma_db: f64,
}

/// A sonar in the sea of the moment, worked out once per refresh and used for each target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Listener {
    /// Noise in the band less array gain plus threshold, in dB: what a received level must reach.
    required_level_db: f64,
    /// The threshold alone, in dB.
    detection_threshold_db: f64,
    /// Absorption in dB/km.
    absorption_db_km: f64,
    /// Spreading factor, 1 to 2.
    spreading: f64,
    /// Standard deviation of the signal excess in dB.
    excess_sigma_db: f64,
}

impl Listener {
    /// Puts a sonar into a sea: `shipping` from 0 to 1, wind in m/s, spreading factor from 1 to 2.
    /// Ambient noise and own noise add as powers; the band takes 10 log₁₀ of its width in hertz
    /// above the spectrum level (Urick 1983, §1.5).
    #[must_use]
    pub fn new(sonar: &SonarParameters, shipping: f64, wind_m_s: f64, spreading: f64) -> Self {
        debug_assert!(
            sonar.excess_sigma_db > 0.0 && sonar.bandwidth_hz > 0.0,
            "the signal excess scatters, and a band has a width"
        );
        let ambient = from_db(ambient_noise_db(sonar.frequency_khz, shipping, wind_m_s));
        let spectrum = ambient + from_db(sonar.self_noise_db);
        let noise_db = to_db(spectrum * sonar.bandwidth_hz);
        Self {
            required_level_db: noise_db - sonar.array_gain_db + sonar.detection_threshold_db,
            detection_threshold_db: sonar.detection_threshold_db,
            absorption_db_km: thorp_absorption_db_km(sonar.frequency_khz),
            spreading,
            excess_sigma_db: sonar.excess_sigma_db,
        }
    }

    /// Signal excess in dB of a source of this level in the band (dB re 1 µPa at 1 m):
    /// SE = SL − TL − (NL − AG) − DT (Urick 1983, §2, the passive sonar equation).
    #[must_use]
    pub fn passive_excess_db(&self, source_level_db: f64, range_m: f64) -> f64 {
        source_level_db
            - transmission_loss_db(range_m, self.spreading, self.absorption_db_km)
            - self.required_level_db
    }

    /// Signal excess in dB of an echo: SE = SL − 2 TL + TS − (NL − AG) − DT (Urick 1983, §2, the
    /// noise-limited active sonar equation), with the noise in the receiving band.
    #[must_use]
    pub fn active_excess_db(
        &self,
        source_level_db: f64,
        target_strength_db: f64,
        range_m: f64,
    ) -> f64 {
        source_level_db + target_strength_db
            - 2.0 * transmission_loss_db(range_m, self.spreading, self.absorption_db_km)
            - self.required_level_db
    }

    /// Probability of detection at this signal excess: Φ(SE/σ), the excess in dB being normal, the
    /// signal log-normal (Urick 1983, ch. 12; Wagner, Mylander & Sanders 1999).
    #[must_use]
    pub fn detection_probability(&self, excess_db: f64) -> f64 {
        0.5 * erfc(-excess_db / (self.excess_sigma_db * core::f64::consts::SQRT_2))
    }

    /// Signal-to-noise ratio (not in dB) behind the array at this signal excess, for
    /// [`angle_sigma_rad`](super::measurement::angle_sigma_rad).
    #[must_use]
    pub fn snr(&self, excess_db: f64) -> f64 {
        from_db(excess_db + self.detection_threshold_db)
    }
}

/// Radiated noise in dB at another speed than that of the reference level: 60 log₁₀ of the ratio,
/// for a cavitating propeller (Ross 1976), never below `machinery_db`, the noise of machinery
/// alone.
#[must_use]
pub fn radiated_level_db(
    reference_db: f64,
    reference_speed_m_s: f64,
    speed_m_s: f64,
    machinery_db: f64,
) -> f64 {
    if speed_m_s <= 0.0 {
        return machinery_db;
    }
    (reference_db + 60.0 * log10(speed_m_s / reference_speed_m_s)).max(machinery_db)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hull array at 1 kHz with 15 dB of gain in a band of 100 Hz.
    fn example() -> Listener {
        let sonar = SonarParameters {
            frequency_khz: 1.0,
            bandwidth_hz: 100.0,
            array_gain_db: 15.0,
            detection_threshold_db: 5.0,
            self_noise_db: 40.0,
            excess_sigma_db: 8.0,
        };
        Listener::new(&sonar, 0.5, 5.0, 1.5)
    }

    #[test]
    fn the_passive_equation_adds_up() {
        // TL 15 log 10 000 + 10 × 0.0690 = 60.69 dB; noise 60.95 dB of the sea (uw_wenz.csv, 1 kHz,
        // shipping 0.5, 5 m/s) with 40 dB of its own: 60.98 dB,
        // and 20 dB for the band.
        let excess = example().passive_excess_db(145.0, 10_000.0);
        let want = 145.0 - 60.69 - (60.985 + 20.0) + 15.0 - 5.0;
        assert!((excess - want).abs() < 0.01, "{excess} against {want}");
    }

    #[test]
    fn an_echo_pays_the_way_twice() {
        let sonar = example();
        let one_way = sonar.passive_excess_db(180.0, 3000.0);
        let echo = sonar.active_excess_db(180.0, 10.0, 3000.0);
        let loss = transmission_loss_db(3000.0, 1.5, thorp_absorption_db_km(1.0));
        assert!((one_way - echo - (loss - 10.0)).abs() < 1e-9);
    }

    #[test]
    fn detection_follows_the_normal_integral() {
        let sonar = example();
        for (excess_db, want) in [(0.0, 0.5), (8.0, 0.841_345), (-16.0, 0.022_750)] {
            let got = sonar.detection_probability(excess_db);
            assert!((got - want).abs() < 1e-6, "{excess_db} dB: {got}");
        }
    }

    #[test]
    fn faster_ships_are_louder() {
        let level = |v| radiated_level_db(150.0, 8.0, v, 120.0);
        assert!((level(16.0) - 168.06).abs() < 0.01);
        assert!((level(1.0) - 120.0).abs() < 1e-12 && (level(0.0) - 120.0).abs() < 1e-12);
    }
}
