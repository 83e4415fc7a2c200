//! Jamming in closed form: a jammer against a link, and against satellite navigation.
//!
//! Left out: terrain, antenna patterns beyond one gain each, the shape of spectra beyond one factor.

use serde::{Deserialize, Serialize};

use super::propagation::{free_space_loss_db, free_space_range_m};
use crate::kernel::math::{from_db, to_db};

/// Who radiates towards a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Emitter {
    /// Power within the receiver's band, W.
    pub power_w: f64,
    /// Gains of both antennas towards each other, dBi.
    pub gain_dbi: f64,
    /// Distance to the receiver, m.
    pub distance_m: f64,
}

/// Power of a jammer over that of a signal at the receiver, dB, where power falls with the distance
/// to the power of `exponent`, 2 in free space, 4 over plane earth: the ratio of the
/// radiated powers, and 10·n·log₁₀ of that of the distances (Adamy 2001, "EW 101", ch. 9).
#[must_use]
pub fn jam_ratio_db(jammer: &Emitter, transmitter: &Emitter, exponent: f64) -> f64 {
    debug_assert!(jammer.distance_m > 0.0 && transmitter.distance_m > 0.0);
    to_db(jammer.power_w / transmitter.power_w) + jammer.gain_dbi - transmitter.gain_dbi
        + exponent * to_db(transmitter.distance_m / jammer.distance_m)
}

/// A receiver of satellite navigation (Kaplan & Hegarty 2006, ch. 6.2).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GnssReceiver {
    /// Carrier, Hz.
    pub frequency_hz: f64,
    /// Power of the signal into an isotropic antenna, dBW: −160 at GPS L1.
    pub signal_dbw: f64,
    /// Carrier to noise density without jamming, dB-Hz.
    pub carrier_to_noise_dbhz: f64,
    /// Carrier to noise density below which lock is lost, dB-Hz.
    pub threshold_dbhz: f64,
    /// Chip rate of the code, 1/s.
    pub chip_rate_hz: f64,
    /// Q, which the jammer's spectrum decides: 1 narrow, 1.5 matched to the code, 2.22 wide.
    pub quality: f64,
}

impl GnssReceiver {
    /// Ratio of jammer to signal at which lock is lost, dB (Kaplan & Hegarty 2006, ch. 6.2):
    /// `10 log₁₀ (Q R (10^(−threshold/10) − 10^(−C/N₀/10)))`. None if the signal is below the
    /// threshold anyway.
    #[must_use]
    pub fn jam_ratio_max_db(&self) -> Option<f64> {
        let room = from_db(-self.threshold_dbhz) - from_db(-self.carrier_to_noise_dbhz);
        (room > 0.0).then(|| to_db(self.quality * self.chip_rate_hz * room))
    }

    /// Carrier to noise density that remains under jamming, dB-Hz (Kaplan & Hegarty 2006, ch. 6.2).
    #[must_use]
    pub fn carrier_to_noise_dbhz(&self, jam_ratio_db: f64) -> f64 {
        let jamming = from_db(jam_ratio_db) / (self.quality * self.chip_rate_hz);
        -to_db(from_db(-self.carrier_to_noise_dbhz) + jamming)
    }

    /// Ratio of jammer to signal at a distance from a jammer in free space, dB; `jammer_w` is what it
    /// radiates towards the receiver (EIRP).
    #[must_use]
    pub fn jam_ratio_db(&self, jammer_w: f64, distance_m: f64) -> f64 {
        to_db(jammer_w) - free_space_loss_db(self.frequency_hz, distance_m) - self.signal_dbw
    }

    /// How far from a jammer a ratio of jammer to signal is met in free space, m: an upper bound, for
    /// ground in the way makes it less.
    #[must_use]
    pub fn range_m(&self, jammer_w: f64, jam_ratio_db: f64) -> f64 {
        let loss_db = to_db(jammer_w) - self.signal_dbw - jam_ratio_db;
        free_space_range_m(self.frequency_hz, loss_db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_jammed_as_the_closed_form_says() {
        let emitter = |power_w, distance_m| Emitter {
            power_w,
            gain_dbi: 0.0,
            distance_m,
        };
        let (jammer, transmitter) = (emitter(100.0, 20e3), emitter(5.0, 2e3));
        for (exponent, want_db) in [(2.0, -6.99), (4.0, -26.99)] {
            let got = jam_ratio_db(&jammer, &transmitter, exponent);
            assert!((got - want_db).abs() < 0.01, "n = {exponent}: {got}");
        }
        let directed = Emitter {
            gain_dbi: 10.0,
            ..jammer
        };
        let gain =
            jam_ratio_db(&directed, &transmitter, 2.0) - jam_ratio_db(&jammer, &transmitter, 2.0);
        assert!((gain - 10.0).abs() < 1e-12);
    }

    /// A C/A receiver at 45 dB-Hz that holds lock down to 28.
    fn receiver(quality: f64) -> GnssReceiver {
        GnssReceiver {
            frequency_hz: 1575.42e6,
            signal_dbw: -160.0,
            carrier_to_noise_dbhz: 45.0,
            threshold_dbhz: 28.0,
            chip_rate_hz: 1.023e6,
            quality,
        }
    }

    #[test]
    fn navigation_is_jammed_as_the_closed_form_says() {
        // Q, tolerable J/S in dB, range in km of a jammer of 1 W.
        for (quality, want_db, want_km) in
            [(1.0, 32.0, 38.0), (1.5, 33.8, 31.0), (2.22, 35.5, 25.5)]
        {
            let receiver = receiver(quality);
            let ratio = receiver.jam_ratio_max_db().unwrap();
            assert!((ratio - want_db).abs() < 0.05, "Q = {quality}: {ratio}");
            let range_m = receiver.range_m(1.0, ratio);
            assert!((range_m / 1000.0 - want_km).abs() < 0.05, "{range_m}");
            // At that range, the ratio is that and what remains is the threshold.
            assert!((receiver.jam_ratio_db(1.0, range_m) - ratio).abs() < 1e-9);
            assert!((receiver.carrier_to_noise_dbhz(ratio) - 28.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_receiver_without_signal_cannot_be_jammed() {
        let deaf = GnssReceiver {
            carrier_to_noise_dbhz: 28.0,
            ..receiver(1.0)
        };
        assert_eq!(deaf.jam_ratio_max_db(), None);
    }
}
