//! Rate adaptation: which of its bit rates a radio uses on a link. See [`Rates`].

use thiserror::Error;

use super::link::Reception;

/// Why rates are none.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum RatesError {
    /// There is none.
    #[error("a radio needs at least one bit rate")]
    Empty,
    /// A rate is zero, negative, infinite or not a number.
    #[error("a bit rate of {rate_bit_s} bit/s: give a positive number")]
    NotPositive {
        /// The rate, bit/s.
        rate_bit_s: f64,
    },
    /// A rate occurs twice.
    #[error("two curves for {rate_bit_s} bit/s: keep one of them")]
    Twice {
        /// The rate, bit/s.
        rate_bit_s: f64,
    },
}

/// Bit rates of a radio, each with its own probability of reception.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// Rates in bit/s, strictly rising, and their curves; never empty.
    curves: Vec<(f64, Reception)>,
}

impl Rates {
    /// These rates in bit/s with their curves, in any order.
    ///
    /// # Errors
    /// Without a rate, when one is not a positive number, or when one occurs twice.
    pub fn new(mut curves: Vec<(f64, Reception)>) -> Result<Self, RatesError> {
        if curves.is_empty() {
            return Err(RatesError::Empty);
        }
        for &(rate_bit_s, _) in &curves {
            if !(rate_bit_s > 0.0 && rate_bit_s.is_finite()) {
                return Err(RatesError::NotPositive { rate_bit_s });
            }
        }
        curves.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in curves.windows(2) {
            if pair[0].0 >= pair[1].0 {
                return Err(RatesError::Twice {
                    rate_bit_s: pair[0].0,
                });
            }
        }
        Ok(Self { curves })
    }

    /// Number of rates.
    #[must_use]
    pub fn count(&self) -> usize {
        self.curves.len()
    }

    /// The lowest rate, bit/s: that of what is sent to all.
    #[must_use]
    pub fn basic_bit_s(&self) -> f64 {
        self.curves[0].0
    }

    /// A rate, bit/s, by its place among the rising ones.
    #[must_use]
    pub fn bit_s(&self, index: usize) -> f64 {
        self.curves[index].0
    }

    /// Probability that a packet of `bytes` arrives at the rate with this place.
    #[must_use]
    pub fn probability(&self, index: usize, sinr_db: f64, bytes: f64) -> f64 {
        self.curves[index].1.probability(sinr_db, bytes)
    }

    /// Ratio in dB below which next to nothing arrives at any rate.
    #[must_use]
    pub fn floor_db(&self) -> f64 {
        let floors = self.curves.iter().map(|(_, curve)| curve.floor_db());
        floors.fold(f64::INFINITY, f64::min)
    }

    /// The rates in bit/s, rising, with their curves.
    #[must_use]
    pub fn curves(&self) -> &[(f64, Reception)] {
        &self.curves
    }

    /// Place of the rate with the greatest expected goodput, rate times probability of reception, by the
    /// probability at each place; of equals the lowest, as where no rate has a chance. This is what an
    /// ideal adaptation finds that knows the SINR (Holland, Vaidya, Bahl 2001, "A rate-adaptive MAC
    /// protocol for multi-hop wireless networks").
    #[must_use]
    pub fn best(&self, probability: impl Fn(usize) -> f64) -> usize {
        let mut best = (0, 0.0);
        for (index, (rate_bit_s, _)) in self.curves.iter().enumerate() {
            let goodput_bit_s = rate_bit_s * probability(index);
            if goodput_bit_s > best.1 {
                best = (index, goodput_bit_s);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::curve::Curve;

    /// Scale of the reception curves of [`ieee80211abg`], dB: with it the one at 6 Mbit/s
    /// stays within 0.05 of the published curve.
    const IEEE80211ABG_SCALE_DB: f64 = 0.5;

    /// Size of packets of the published curves, bytes.
    const IEEE80211ABG_PACKET_BYTES: f64 = 128.0;

    /// Bit rate in Mbit/s, and SINR in dB at which half of the packets arrive, of IEEE 802.11a/b/g.
    const IEEE80211ABG: [(f64, f64); 12] = [
        (1.0, -6.3),
        (2.0, -3.3),
        (5.5, 1.1),
        (6.0, 0.3),
        (9.0, 2.0),
        (11.0, 4.1),
        (12.0, 4.9),
        (18.0, 6.7),
        (24.0, 11.7),
        (36.0, 13.4),
        (48.0, 18.9),
        (54.0, 20.5),
    ];

    /// The twelve rates of IEEE 802.11a/b/g as logistic curves of our own through the points at which
    /// half of 128-byte packets arrive on the curves of EMANE (Adjacent Link LLC, BSD-3-Clause).
    fn ieee80211abg() -> Rates {
        let curve = |(rate_mbit_s, midpoint_db): (f64, f64)| {
            let step = Reception::Logistic {
                midpoint_db,
                scale_db: IEEE80211ABG_SCALE_DB,
                packet_bytes: IEEE80211ABG_PACKET_BYTES,
            };
            (rate_mbit_s * 1e6, step)
        };
        Rates {
            curves: IEEE80211ABG.map(curve).into(),
        }
    }

    /// A table of two points.
    fn table(low_db: f64, high_db: f64) -> Reception {
        let curve = Curve::new(vec![(low_db, 0.0), (high_db, 1.0)]).unwrap();
        Reception::Table {
            curve,
            packet_bytes: 100.0,
        }
    }

    /// The best rate at a SINR, with the goodput that it gives, bit/s.
    fn best(rates: &Rates, sinr_db: f64, bytes: f64) -> (usize, f64) {
        let probability = |index| rates.probability(index, sinr_db, bytes);
        let index = rates.best(probability);
        (index, rates.bit_s(index) * probability(index))
    }

    #[test]
    fn the_best_rate_has_the_greatest_goodput() {
        let rates = Rates::new(vec![(2e6, table(4.0, 8.0)), (1e6, table(0.0, 2.0))]).unwrap();
        let best = |sinr_db, bytes| best(&rates, sinr_db, bytes);
        assert_eq!(best(-1.0, 100.0), (0, 0.0));
        assert_eq!(best(1.0, 100.0).0, 0);
        // Half of the packets at twice the rate are no more than all: the lower rate stays.
        assert_eq!(best(6.0, 100.0).0, 0);
        assert_eq!(best(6.01, 100.0).0, 1);
        let high = best(7.0, 100.0);
        assert!(high.0 == 1 && (high.1 - 1.5e6).abs() < 1e-6);
        // Longer packets are lost more often.
        assert_eq!(best(6.5, 400.0).0, 0);
        assert!((rates.floor_db() - 0.0).abs() < 1e-12);
        assert!((rates.basic_bit_s() - 1e6).abs() < 1e-6);
    }

    #[test]
    fn goodput_grows_with_the_signal_through_all_rates_of_ieee_80211() {
        let rates = ieee80211abg();
        assert_eq!(Rates::new(rates.curves().to_vec()).as_ref(), Ok(&rates));
        let mut before = 0.0;
        let mut used = Vec::new();
        for step in 0..400 {
            let (index, goodput_bit_s) = best(&rates, f64::from(step) * 0.1 - 10.0, 128.0);
            assert!(goodput_bit_s >= before);
            before = goodput_bit_s;
            used.push(index);
        }
        assert!((before - 54e6).abs() < 1.0);
        used.dedup();
        // 5.5 Mbit/s needs more signal than the faster 6: it is never the best.
        assert!(used.is_sorted() && !used.contains(&2), "{used:?}");
    }

    #[test]
    fn logistic_curves_meet_the_published_ones() {
        let rates = ieee80211abg();
        let (rate, six) = &rates.curves()[3];
        assert!((rate - 6e6).abs() < 1e-3);
        for (sinr_db, want) in [
            (-2.0, 0.0),
            (-1.0, 0.055),
            (0.0, 0.398),
            (1.0, 0.79),
            (2.0, 0.96),
            (3.0, 0.995),
        ] {
            let got = six.probability(sinr_db, 128.0);
            assert!((got - want).abs() < 0.045, "{sinr_db} dB: {got}");
        }
    }

    #[test]
    fn rates_that_cannot_be_are_refused() {
        assert_eq!(Rates::new(vec![]), Err(RatesError::Empty));
        let error =
            |rate| Rates::new(vec![(1e6, table(0.0, 1.0)), (rate, table(0.0, 1.0))]).unwrap_err();
        assert_eq!(error(1e6), RatesError::Twice { rate_bit_s: 1e6 });
        assert_eq!(error(0.0), RatesError::NotPositive { rate_bit_s: 0.0 });
        assert!(matches!(error(f64::NAN), RatesError::NotPositive { .. }));
    }
}
