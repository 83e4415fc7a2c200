//! Links under water: budget and delay of an acoustic modem.

use serde::{Deserialize, Serialize};

use crate::{
    environment::seawater::{ambient_noise_db, thorp_absorption_db_km, transmission_loss_db},
    kernel::math::to_db,
};

/// What the link budget needs of a modem.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ModemParameters {
    /// Source level in dB re µPa at 1 m, over the whole band.
    pub source_level_db: f64,
    /// Carrier frequency in kHz.
    pub frequency_khz: f64,
    /// Bandwidth in Hz.
    pub bandwidth_hz: f64,
}

/// A modem in the sea of the moment, worked out once per refresh and used for each pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AcousticLink {
    /// Source level less noise in the band, in dB.
    level_over_noise_db: f64,
    /// Absorption in dB/km.
    absorption_db_km: f64,
    /// Spreading factor, 1 to 2.
    spreading: f64,
}

impl AcousticLink {
    /// Puts a modem into a sea: `shipping` from 0 to 1, wind in m/s, spreading factor from 1 to 2
    /// (1.5 in ns-3). The noise of the band is the spectrum level at the carrier times the
    /// bandwidth.
    #[must_use]
    pub fn new(modem: &ModemParameters, shipping: f64, wind_m_s: f64, spreading: f64) -> Self {
        let noise_db =
            ambient_noise_db(modem.frequency_khz, shipping, wind_m_s) + to_db(modem.bandwidth_hz);
        Self {
            level_over_noise_db: modem.source_level_db - noise_db,
            absorption_db_km: thorp_absorption_db_km(modem.frequency_khz),
            spreading,
        }
    }

    /// Signal-to-noise ratio in dB at this range (Urick 1983, ch. 2; Stojanovic 2007).
    #[must_use]
    pub fn snr_db(&self, range_m: f64) -> f64 {
        self.level_over_noise_db
            - transmission_loss_db(range_m, self.spreading, self.absorption_db_km)
    }
}

/// Time in seconds that sound takes: 0.67 s/km at 1500 m/s.
#[must_use]
pub fn acoustic_delay_s(range_m: f64, sound_speed_m_s: f64) -> f64 {
    debug_assert!(sound_speed_m_s > 0.0, "sound travels");
    range_m / sound_speed_m_s
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::seawater::sound_speed_m_s;

    #[test]
    fn the_budget_agrees_with_the_worked_example() {
        // SL 185 dB, 25 kHz, 5 kHz of band, shipping 0.5, wind 5 m/s: 47.7 dB at 2 km.
        let modem = ModemParameters {
            source_level_db: 185.0,
            frequency_khz: 25.0,
            bandwidth_hz: 5000.0,
        };
        let link = AcousticLink::new(&modem, 0.5, 5.0, 1.5);
        for (range_m, want_db) in [(2000.0, 47.7), (5000.0, 23.5)] {
            let got = link.snr_db(range_m);
            assert!((got - want_db).abs() < 0.06, "{range_m} m: {got}");
        }
    }

    #[test]
    fn sound_takes_two_thirds_of_a_second_a_kilometre() {
        let delay_s = acoustic_delay_s(1000.0, sound_speed_m_s(10.0, 35.0, 100.0));
        assert!((delay_s - 0.6705).abs() < 1e-4, "{delay_s}");
    }
}
