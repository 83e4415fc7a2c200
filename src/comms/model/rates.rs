//! Rate adaptation: which of its bit rates a radio uses on a link. See [`Rates`].

use thiserror::Error;

use super::link::Reception;

/// Scale of the reception curves of [`Rates::ieee80211abg`], dB: with it the one at 6 Mbit/s
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

/// The rate chosen for a packet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Place of the rate among the rising rates, from 0.
    pub index: usize,
    /// Bit rate, bit/s.
    pub rate_bit_s: f64,
    /// Probability that the packet arrives.
    pub probability: f64,
}

impl Choice {
    /// Expected goodput, bit/s: the rate times the probability.
    #[must_use]
    pub fn goodput_bit_s(&self) -> f64 {
        self.rate_bit_s * self.probability
    }
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

    /// The twelve rates of IEEE 802.11a/b/g as logistic curves of our own through the points at which
    /// half of 128-byte packets arrive on the curves of EMANE (Adjacent Link LLC, BSD-3-Clause).
    #[must_use]
    pub fn ieee80211abg() -> Self {
        let curve = |(rate_mbit_s, midpoint_db): (f64, f64)| {
            let step = Reception::Logistic {
                midpoint_db,
                scale_db: IEEE80211ABG_SCALE_DB,
                packet_bytes: IEEE80211ABG_PACKET_BYTES,
            };
            (rate_mbit_s * 1e6, step)
        };
        Self {
            curves: IEEE80211ABG.map(curve).into(),
        }
    }

    /// The rates in bit/s, rising, with their curves.
    #[must_use]
    pub fn curves(&self) -> &[(f64, Reception)] {
        &self.curves
    }

    /// The rate with the greatest expected goodput, rate times probability, for a packet of `bytes`
    /// at a SINR; of equals the lowest. `None` where no rate has a chance. This is what an ideal
    /// adaptation finds that knows the SINR (Holland, Vaidya, Bahl 2001, "A rate-adaptive MAC protocol
    /// for multi-hop wireless networks").
    #[must_use]
    pub fn best(&self, sinr_db: f64, bytes: f64) -> Option<Choice> {
        let mut best: Option<Choice> = None;
        for (index, (rate_bit_s, reception)) in self.curves.iter().enumerate() {
            let probability = reception.probability(sinr_db, bytes);
            let choice = Choice {
                index,
                rate_bit_s: *rate_bit_s,
                probability,
            };
            let least = best.map_or(0.0, |chosen| chosen.goodput_bit_s());
            if choice.goodput_bit_s() > least {
                best = Some(choice);
            }
        }
        best
    }

    /// The highest rate at which a packet of `bytes` arrives with at least probability `wanted`, for
    /// broadcast that nobody acknowledges; `None` where there is none.
    #[must_use]
    pub fn fastest_above(&self, wanted: f64, sinr_db: f64, bytes: f64) -> Option<Choice> {
        let rates = self.curves.iter().enumerate().rev();
        let mut choices = rates.map(|(index, (rate_bit_s, reception))| Choice {
            index,
            rate_bit_s: *rate_bit_s,
            probability: reception.probability(sinr_db, bytes),
        });
        choices.find(|choice| choice.probability >= wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::curve::Curve;

    /// A table of two points.
    fn table(low_db: f64, high_db: f64) -> Reception {
        let curve = Curve::new(vec![(low_db, 0.0), (high_db, 1.0)]).unwrap();
        Reception::Table {
            curve,
            packet_bytes: 100.0,
        }
    }

    #[test]
    fn the_best_rate_has_the_greatest_goodput() {
        let rates = Rates::new(vec![(2e6, table(4.0, 8.0)), (1e6, table(0.0, 2.0))]).unwrap();
        let best = |sinr_db| rates.best(sinr_db, 100.0).map(|choice| choice.rate_bit_s);
        assert_eq!(best(-1.0), None);
        assert_eq!(best(1.0), Some(1e6));
        // Half of the packets at twice the rate are no more than all: the lower rate stays.
        assert_eq!(best(6.0), Some(1e6));
        assert_eq!(best(6.01), Some(2e6));
        let high = rates.best(7.0, 100.0).unwrap();
        assert!(high.index == 1 && (high.goodput_bit_s() - 1.5e6).abs() < 1e-6);
        // Longer packets are lost more often.
        assert_eq!(rates.best(6.5, 400.0).unwrap().index, 0);
        assert_eq!(rates.fastest_above(0.5, 6.0, 100.0).unwrap().index, 1);
        assert_eq!(rates.fastest_above(0.9, 6.0, 100.0).unwrap().index, 0);
        assert_eq!(rates.fastest_above(0.9, 1.0, 100.0), None);
    }

    #[test]
    fn goodput_grows_with_the_signal_through_all_rates_of_ieee_80211() {
        let rates = Rates::ieee80211abg();
        assert_eq!(Rates::new(rates.curves().to_vec()).as_ref(), Ok(&rates));
        let mut before = 0.0;
        let mut used = Vec::new();
        for step in 0..400 {
            let choice = rates.best(f64::from(step) * 0.1 - 10.0, 128.0).unwrap();
            assert!(choice.goodput_bit_s() >= before);
            before = choice.goodput_bit_s();
            used.push(choice.index);
        }
        assert!((before - 54e6).abs() < 1.0);
        used.dedup();
        // 5.5 Mbit/s needs more signal than the faster 6: it is never the best.
        assert!(used.is_sorted() && !used.contains(&2), "{used:?}");
    }

    #[test]
    fn logistic_curves_meet_the_published_ones() {
        let rates = Rates::ieee80211abg();
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
