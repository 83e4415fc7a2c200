//! From received power to delivered packets: noise, reception curves, retries, air time.

use serde::{Deserialize, Serialize};

use crate::kernel::{
    curve::Curve,
    math::{exp, from_db, log10, pow, to_db},
};

/// Boltzmann's constant times 290 K in dBm/Hz (ITU-R P.372: −173.98).
const THERMAL_DBM_HZ: f64 = -173.975_252_117_283_4;

/// Noise at the receiver in dBm: kTB at 290 K and the receiver's noise figure.
#[must_use]
pub fn noise_floor_dbm(bandwidth_hz: f64, noise_figure_db: f64) -> f64 {
    THERMAL_DBM_HZ + to_db(bandwidth_hz) + noise_figure_db
}

/// Watts to dBm.
#[must_use]
pub fn dbm(power_w: f64) -> f64 {
    to_db(power_w) + 30.0
}

/// Signal to noise and interference in dB, all given in dBm; powers of noise and interferers add.
#[must_use]
pub fn sinr_db(signal_dbm: f64, noise_dbm: f64, interferers_dbm: impl Iterator<Item = f64>) -> f64 {
    let mut others = interferers_dbm.peekable();
    if others.peek().is_none() {
        return signal_dbm - noise_dbm;
    }
    signal_dbm - to_db(others.fold(from_db(noise_dbm), |sum_mw, power| sum_mw + from_db(power)))
}

/// The probability that a packet is received at a signal-to-noise-and-interference ratio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reception {
    /// A table for packets of one size, linear in between: the packet completion rate of EMANE.
    Table {
        /// Probability of reception (0 to 1) over the ratio in dB.
        curve: Curve,
        /// Size of the packets for which the table holds, in bytes; 0 if it holds for every size.
        packet_bytes: f64,
    },
    /// A logistic step, for radios of which only a sensitivity is known.
    Logistic {
        /// Ratio in dB at which half of the packets of the given size arrive.
        midpoint_db: f64,
        /// Decibels over which the odds grow by e: 0.5 dB is typical of coded modems.
        scale_db: f64,
        /// Size of the packets for which the step holds, in bytes.
        packet_bytes: f64,
    },
}

impl Reception {
    /// Ratio in dB below which next to nothing arrives: the end of the zeros of a table, or ten scales
    /// below the middle of a step, where one packet in 20 000 does. Minus infinity where a table says
    /// that something always arrives.
    #[must_use]
    pub fn floor_db(&self) -> f64 {
        match self {
            Self::Table { curve, .. } => curve.last_at_most(0.0),
            Self::Logistic {
                midpoint_db,
                scale_db,
                ..
            } => midpoint_db - 10.0 * scale_db,
        }
    }

    /// Ratio in dB up to which at most half of the reference packets arrive.
    #[must_use]
    pub fn required_db(&self) -> f64 {
        match self {
            Self::Table { curve, .. } => curve.last_at_most(0.5),
            Self::Logistic { midpoint_db, .. } => *midpoint_db,
        }
    }

    /// Probability that a packet of `bytes` arrives: that of the reference packet to the power of
    /// the sizes' ratio (EMANE's rule: bits fail independently).
    #[must_use]
    pub fn probability(&self, sinr_db: f64, bytes: f64) -> f64 {
        let (reference, packet_bytes) = match self {
            Self::Table {
                curve,
                packet_bytes,
            } => (curve.at(sinr_db), *packet_bytes),
            Self::Logistic {
                midpoint_db,
                scale_db,
                packet_bytes,
            } => (
                1.0 / (1.0 + exp((midpoint_db - sinr_db) / scale_db)),
                *packet_bytes,
            ),
        };
        if reference <= 0.0 || reference >= 1.0 || packet_bytes <= 0.0 {
            return reference.clamp(0.0, 1.0);
        }
        pow(reference, bytes / packet_bytes)
    }
}

/// Expected transmissions until a packet and its acknowledgement both arrive: one over the product
/// of the delivery ratios both ways (De Couto et al. 2003). Infinite on a dead link.
#[must_use]
pub fn expected_transmissions(forward: f64, reverse: f64) -> f64 {
    1.0 / (forward * reverse)
}

/// Probability that at least one of `tries` transmissions arrives: 1 − (1 − p)^k.
#[must_use]
pub fn delivery_with_tries(single: f64, tries: u32) -> f64 {
    1.0 - missed(single, tries)
}

/// Mean transmissions made when a sender stops at the first success or after `tries`:
/// (1 − (1 − p)^k)/p, the mean of a truncated geometric number.
#[must_use]
pub fn mean_tries(single: f64, tries: u32) -> f64 {
    if single <= 0.0 {
        return f64::from(tries);
    }
    delivery_with_tries(single, tries) / single
}

/// Probability that all of `tries` transmissions are lost.
fn missed(single: f64, tries: u32) -> f64 {
    (0..tries).fold(1.0, |product, _| product * (1.0 - single))
}

/// Bit rate in bit/s of a radio that adapts to its channel: `efficiency`·B·log₂(1 + SNR), at most
/// `cap_bit_s_hz`·B (3GPP TR 36.942, annex A: 0.6 and 4.4 bit/s/Hz).
#[must_use]
pub fn adaptive_rate_bit_s(
    bandwidth_hz: f64,
    snr_db: f64,
    efficiency: f64,
    cap_bit_s_hz: f64,
) -> f64 {
    let shannon = log10(1.0 + from_db(snr_db)) / core::f64::consts::LOG10_2;
    bandwidth_hz * (efficiency * shannon).min(cap_bit_s_hz)
}

/// Seconds for which a packet occupies the channel.
#[must_use]
pub fn air_time_s(bytes: f64, rate_bit_s: f64) -> f64 {
    8.0 * bytes / rate_bit_s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_floors_agree_with_the_table() {
        let table = [
            (25e3, -130.0),
            (250e3, -120.0),
            (1e6, -113.98),
            (5e6, -106.99),
            (2e7, -100.96),
        ];
        for (bandwidth_hz, want_dbm) in table {
            let got = noise_floor_dbm(bandwidth_hz, 0.0);
            assert!((got - want_dbm).abs() < 0.01, "{bandwidth_hz} Hz: {got}");
        }
        // ns-3's 802.11b receiver: 22 MHz, noise figure 7 dB, −100.55 dBm before the figure.
        assert!((noise_floor_dbm(22e6, 7.0) - 7.0 + 100.55).abs() < 0.01);
    }

    #[test]
    fn a_table_is_linear_between_entries_and_scales_with_size() {
        // EMANE's curve at 6 Mbit/s, 128 bytes.
        let points = vec![
            (-2.0, 0.0),
            (-1.0, 0.055),
            (0.0, 0.398),
            (1.0, 0.79),
            (2.0, 0.96),
            (3.0, 0.995),
            (4.0, 1.0),
        ];
        let table = Reception::Table {
            curve: Curve::new(points.clone()).unwrap(),
            packet_bytes: 128.0,
        };
        let p = |sinr_db, bytes| table.probability(sinr_db, bytes);
        assert!((p(1.0, 128.0) - 0.79).abs() < 1e-12);
        assert!((p(0.5, 128.0) - 0.594).abs() < 1e-12);
        assert!((p(1.0, 256.0) - 0.6241).abs() < 1e-12);
        assert!(p(-2.5, 10.0).abs() < 1e-12 && (p(9.0, 1e6) - 1.0).abs() < 1e-12);
        // Of no size of its own: the same for every size.
        let any = Reception::Table {
            curve: Curve::new(points).unwrap(),
            packet_bytes: 0.0,
        };
        assert!((any.probability(1.0, 256.0) - 0.79).abs() < 1e-12);
        // The published half-way point, 0.3 dB.
        assert!((p(0.26, 128.0) - 0.5).abs() < 0.005);
    }

    #[test]
    fn a_logistic_step_is_half_at_its_midpoint() {
        let step = Reception::Logistic {
            midpoint_db: 8.0,
            scale_db: 0.5,
            packet_bytes: 100.0,
        };
        assert!((step.probability(8.0, 100.0) - 0.5).abs() < 1e-12);
        assert!((step.probability(8.0, 200.0) - 0.25).abs() < 1e-12);
        assert!(step.probability(12.0, 100.0) > 0.999);
    }

    #[test]
    fn retries_and_expected_transmissions_agree_with_closed_forms() {
        assert!((expected_transmissions(0.8, 0.9) - 1.388_888_889).abs() < 1e-9);
        assert!((delivery_with_tries(0.7, 4) - 0.9919).abs() < 1e-12);
        let five_hops = pow(delivery_with_tries(0.95, 3), 5.0);
        assert!((five_hops - 0.999_375_156_2).abs() < 1e-9, "{five_hops}");
        assert!((mean_tries(0.3, 4) - 2.533).abs() < 1e-12);
        assert!((mean_tries(0.0, 4) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn interference_adds_to_noise() {
        assert!((sinr_db(-80.0, -100.0, core::iter::empty()) - 20.0).abs() < 1e-12);
        let equal = sinr_db(-80.0, -100.0, [-100.0].into_iter());
        assert!((equal - (20.0 - 3.0103)).abs() < 1e-4);
        // A 100 W jammer at 20 km against 5 W at 2 km in free space: J/S = −6.99 dB.
        let loss = |d_m: f64| 20.0 * log10(d_m);
        let sir = sinr_db(
            dbm(5.0) - loss(2e3),
            -300.0,
            [dbm(100.0) - loss(2e4)].into_iter(),
        );
        assert!((sir - 6.9897).abs() < 1e-3, "{sir}");
    }

    #[test]
    fn adaptive_rates_agree_with_the_attenuated_shannon_bound() {
        for (snr_db, want) in [
            (-10.0, 0.083),
            (0.0, 0.6),
            (10.0, 2.076),
            (20.0, 3.995),
            (30.0, 4.4),
        ] {
            let got = adaptive_rate_bit_s(1.0, snr_db, 0.6, 4.4);
            assert!((got - want).abs() < 1e-3, "{snr_db} dB: {got}");
        }
        assert!((air_time_s(125.0, 1e3) - 1.0).abs() < 1e-12);
    }
}
