//! Listening before sending: saturation throughput of the distributed coordination function of
//! IEEE 802.11, basic access. See [`Dcf`].
//!
//! Bianchi 2000, "Performance analysis of the IEEE 802.11 distributed coordination function", IEEE
//! Journal on Selected Areas in Communications 18(3): n stations that always have a packet, each
//! with a backoff of binary exponential windows, meet collisions with a constant probability. Its
//! equations are named where they are used.
//!
//! Left out: hidden stations, capture, errors of the channel, limits on retries, frame aggregation,
//! request and clear to send.

use thiserror::Error;

use crate::kernel::math::pow;

/// Steps of the bisection for the fixed point: enough to halve an interval of 1 to nothing.
const BISECTIONS: u32 = 80;

/// Most doublings of the window.
const STAGES_MAX: u32 = 16;

/// Parameters of the medium access of IEEE 802.11.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dcf {
    /// Least contention window W, slots: backoffs are drawn from 0 to W − 1.
    pub window: u32,
    /// Times m that the window doubles.
    pub stages: u32,
    /// Slot σ, s.
    pub slot_s: f64,
    /// Short interframe space, s.
    pub sifs_s: f64,
    /// Distributed interframe space, s.
    pub difs_s: f64,
    /// Propagation delay δ, s.
    pub propagation_s: f64,
    /// Preamble and header of the physical layer before every frame, s.
    pub preamble_s: f64,
    /// Header and check sum of the medium access layer, bits, at the rate of the payload.
    pub header_bits: f64,
    /// Acknowledgement without preamble, bits, at the basic rate.
    pub ack_bits: f64,
    /// Bit rate of acknowledgements, bit/s.
    pub basic_rate_bit_s: f64,
}

/// Why parameters describe no medium access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DcfError {
    /// The window holds nothing to draw from, or doubles beyond all use.
    #[error(
        "a window of {window} slots that doubles {stages} times: use at least 1 slot and at most {STAGES_MAX} doublings"
    )]
    Window {
        /// Least window, slots.
        window: u32,
        /// Doublings.
        stages: u32,
    },
    /// A time, length or rate is negative, infinite or not a number.
    #[error("{name} of the medium access is not a finite number of zero or more")]
    NotFinite {
        /// Name of the field.
        name: &'static str,
    },
    /// The slot or the basic rate is zero.
    #[error("{name} of the medium access is zero: nothing would ever be sent")]
    Zero {
        /// Name of the field.
        name: &'static str,
    },
}

/// How often stations that always have a packet send, and how often they meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contention {
    /// Probability τ that a station sends in a slot.
    pub attempt: f64,
    /// Probability p that a transmission meets another.
    pub collision: f64,
}

impl Dcf {
    /// The parameters of the paper's numbers: frequency hopping at 1 Mbit/s (Bianchi 2000, table II),
    /// W = 32 and m = 5.
    pub const BIANCHI_2000: Self = Self {
        window: 32,
        stages: 5,
        slot_s: 50e-6,
        sifs_s: 28e-6,
        difs_s: 128e-6,
        propagation_s: 1e-6,
        preamble_s: 128e-6,
        header_bits: 272.0,
        ack_bits: 112.0,
        basic_rate_bit_s: 1e6,
    };

    /// Orthogonal frequency division in 20 MHz (IEEE 802.11-2020, table 17-21: slot 9 µs, SIFS 16 µs,
    /// preamble and signal 20 µs, least window 15, greatest 1023; DIFS = SIFS + 2 slots; header and check sum
    /// of 28 bytes; acknowledgement of 14 bytes at 6 Mbit/s). Tail and padding bits are left out.
    pub const OFDM_20_MHZ: Self = Self {
        window: 16,
        stages: 6,
        slot_s: 9e-6,
        sifs_s: 16e-6,
        difs_s: 34e-6,
        propagation_s: 1e-6,
        preamble_s: 20e-6,
        header_bits: 224.0,
        ack_bits: 112.0,
        basic_rate_bit_s: 6e6,
    };

    /// These parameters, if they describe a medium access.
    ///
    /// # Errors
    /// When the window is empty or doubles too often, a number is negative or not finite, or the
    /// slot or the basic rate is zero.
    pub fn checked(self) -> Result<Self, DcfError> {
        if self.window == 0 || self.stages > STAGES_MAX {
            return Err(DcfError::Window {
                window: self.window,
                stages: self.stages,
            });
        }
        let numbers = [
            ("slot_s", self.slot_s),
            ("basic_rate_bit_s", self.basic_rate_bit_s),
            ("sifs_s", self.sifs_s),
            ("difs_s", self.difs_s),
            ("propagation_s", self.propagation_s),
            ("preamble_s", self.preamble_s),
            ("header_bits", self.header_bits),
            ("ack_bits", self.ack_bits),
        ];
        for (at, (name, number)) in numbers.into_iter().enumerate() {
            if !(number.is_finite() && number >= 0.0) {
                return Err(DcfError::NotFinite { name });
            }
            if at < 2 && number <= 0.0 {
                return Err(DcfError::Zero { name });
            }
        }
        Ok(self)
    }

    /// Probability τ that a station sends in a slot, when its transmissions collide with probability
    /// p (equation 7, written as a sum, so that p = 1/2 is no exception):
    /// τ = 2/(1 + W + p·W·Σ_{i<m} (2p)^i).
    #[must_use]
    pub fn attempt(&self, collision: f64) -> f64 {
        let (mut term, mut sum) = (1.0, 0.0);
        for _ in 0..self.stages {
            sum += term;
            term *= 2.0 * collision;
        }
        let window = f64::from(self.window);
        2.0 / (1.0 + window + collision * window * sum)
    }

    /// The fixed point of τ(p) and p = 1 − (1 − τ)^(n−1) (equations 7 and 9) for `stations` that
    /// always have a packet; none counts as one. The root is unique, and found by bisection.
    #[must_use]
    pub fn contention(&self, stations: u32) -> Contention {
        let others = f64::from(stations.max(1) - 1);
        let collision = |attempt: f64| 1.0 - pow(1.0 - attempt, others);
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (low + high);
            if middle < self.attempt(collision(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        let attempt = 0.5 * (low + high);
        Contention {
            attempt,
            collision: collision(attempt),
        }
    }

    /// Share S of the nominal bit rate that all `stations` together carry as payload of
    /// `payload_bits` a packet at `rate_bit_s` (equations 10 to 14, basic access), 0 to 1.
    #[must_use]
    pub fn throughput(&self, stations: u32, payload_bits: f64, rate_bit_s: f64) -> f64 {
        let contention = self.contention(stations);
        self.throughput_at(contention, stations, payload_bits, rate_bit_s)
    }

    /// [`Dcf::throughput`] from a fixed point that is known already.
    #[must_use]
    pub fn throughput_at(
        &self,
        contention: Contention,
        stations: u32,
        payload_bits: f64,
        rate_bit_s: f64,
    ) -> f64 {
        let others_silent = 1.0 - contention.collision;
        // Equations 10 and 11: somebody sends; exactly one does.
        let some = 1.0 - others_silent * (1.0 - contention.attempt);
        let one = f64::from(stations.max(1)) * contention.attempt * others_silent;
        // Equation 14: a success with its acknowledgement, and a collision.
        let payload_s = payload_bits / rate_bit_s;
        let frame_s = self.preamble_s + self.header_bits / rate_bit_s + payload_s;
        let ack_s = self.preamble_s + self.ack_bits / self.basic_rate_bit_s;
        let collision_s = frame_s + self.propagation_s + self.difs_s;
        let success_s = collision_s + self.sifs_s + ack_s + self.propagation_s;
        // Equation 13: payload per mean length of a slot.
        let mean_slot_s = (1.0 - some) * self.slot_s + one * success_s + (some - one) * collision_s;
        one * payload_s / mean_slot_s
    }
}

/// Fixed points of a medium access for small numbers of stations, computed once.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentionTable {
    /// The medium access.
    dcf: Dcf,
    /// Fixed point for 1, 2, … stations.
    rows: Vec<Contention>,
}

impl ContentionTable {
    /// The table for 1 to `stations_max` stations.
    ///
    /// # Errors
    /// When the parameters describe no medium access.
    pub fn new(dcf: Dcf, stations_max: u32) -> Result<Self, DcfError> {
        let dcf = dcf.checked()?;
        let rows = (1..=stations_max)
            .map(|stations| dcf.contention(stations))
            .collect();
        Ok(Self { dcf, rows })
    }

    /// The medium access.
    #[must_use]
    pub const fn dcf(&self) -> &Dcf {
        &self.dcf
    }

    /// Fixed point for `stations`, none counting as one: looked up, or computed beyond the table.
    #[must_use]
    pub fn contention(&self, stations: u32) -> Contention {
        let known = usize::try_from(stations.max(1) - 1)
            .ok()
            .and_then(|at| self.rows.get(at));
        known
            .copied()
            .unwrap_or_else(|| self.dcf.contention(stations))
    }

    /// Probability that a transmission of one of `stations` collides.
    #[must_use]
    pub fn collision(&self, stations: u32) -> f64 {
        self.contention(stations).collision
    }

    /// Share of the nominal bit rate that each of `stations`, all with packets of `payload_bytes` at
    /// `rate_bit_s` always waiting, gets for its payload: S/n.
    #[must_use]
    pub fn share(&self, stations: u32, payload_bytes: f64, rate_bit_s: f64) -> f64 {
        let contention = self.contention(stations);
        let all = self
            .dcf
            .throughput_at(contention, stations, 8.0 * payload_bytes, rate_bit_s);
        all / f64::from(stations.max(1))
    }

    /// Mean time in s that one of `stations` takes for a packet of `payload_bytes`, backoff,
    /// collisions and acknowledgement included: the payload over its share of the rate.
    #[must_use]
    pub fn service_s(&self, stations: u32, payload_bytes: f64, rate_bit_s: f64) -> f64 {
        8.0 * payload_bytes / (rate_bit_s * self.share(stations, payload_bytes, rate_bit_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saturation_throughput_agrees_with_the_reference() {
        // (stations, τ, p, S) for a payload of 8184 bits at 1 Mbit/s, solved independently.
        let reference = [
            (2, 0.0570, 0.0570, 0.8473),
            (5, 0.0478, 0.1781, 0.8102),
            (10, 0.0373, 0.2898, 0.7579),
            (20, 0.0264, 0.3988, 0.6975),
            (50, 0.0154, 0.5324, 0.6109),
        ];
        let dcf = Dcf::BIANCHI_2000;
        for (stations, attempt, collision, throughput) in reference {
            let point = dcf.contention(stations);
            let got = dcf.throughput(stations, 8184.0, 1e6);
            assert!(
                (point.attempt - attempt).abs() < 5e-5,
                "{stations}: {point:?}"
            );
            assert!(
                (point.collision - collision).abs() < 5e-5,
                "{stations}: {point:?}"
            );
            assert!((got - throughput).abs() < 5e-5, "{stations}: {got}");
        }
    }

    #[test]
    fn the_sum_agrees_with_the_published_form_and_has_no_hole() {
        let dcf = Dcf::BIANCHI_2000;
        for p in [0.0, 0.1, 0.3, 0.49, 0.6, 0.9] {
            // Equation 7 as printed.
            let window = 32.0;
            let steps = p * window * (1.0 - pow(2.0 * p, 5.0));
            let printed = 2.0 * (1.0 - 2.0 * p) / ((1.0 - 2.0 * p) * (window + 1.0) + steps);
            assert!((dcf.attempt(p) - printed).abs() < 1e-14, "{p}");
        }
        // The limit at 1/2 by hand: 2/(1 + W + W·m/2).
        assert!((dcf.attempt(0.5) - 2.0 / 113.0).abs() < 1e-15);
    }

    #[test]
    fn a_fixed_point_is_one() {
        for dcf in [Dcf::BIANCHI_2000, Dcf::OFDM_20_MHZ] {
            for stations in 1..200 {
                let Contention { attempt, collision } = dcf.contention(stations);
                let others = f64::from(stations - 1);
                assert!((dcf.attempt(collision) - attempt).abs() < 1e-14);
                assert!((1.0 - pow(1.0 - attempt, others) - collision).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_station_alone_waits_for_its_backoff_alone() {
        let dcf = Dcf::BIANCHI_2000;
        let alone = dcf.contention(1);
        assert!((alone.attempt - 2.0 / 33.0).abs() < 1e-15 && alone.collision.abs() < 1e-15);
        // (W − 1)/2 slots of backoff, then the exchange.
        let exchange_us = 128.0 + 272.0 + 8184.0 + 1.0 + 28.0 + 240.0 + 1.0 + 128.0;
        let want = 8184.0 / (15.5 * 50.0 + exchange_us);
        assert!((dcf.throughput(1, 8184.0, 1e6) - want).abs() < 1e-12);
        assert_eq!(dcf.contention(0), alone);
    }

    #[test]
    fn shares_fall_with_stations_and_small_packets_pay_more() {
        let table = ContentionTable::new(Dcf::OFDM_20_MHZ, 64).unwrap();
        for stations in 1..100 {
            let share = |bytes| table.share(stations, bytes, 54e6);
            assert!(share(1500.0) < 1.0 / f64::from(stations));
            assert!(share(100.0) < share(1500.0));
            assert!(table.share(stations + 1, 1500.0, 54e6) < share(1500.0));
            assert!(table.collision(stations) < table.collision(stations + 1));
            // Beyond the table, what it would hold.
            assert_eq!(table.contention(stations), table.dcf().contention(stations));
        }
        // At 54 Mbit/s the headers eat half of the rate of a lone station with 1500 bytes.
        let alone = table.share(1, 1500.0, 54e6);
        assert!((0.5..0.6).contains(&alone), "{alone}");
        let service_s = table.service_s(1, 1500.0, 54e6);
        assert!((service_s - 12_000.0 / 54e6 / alone).abs() < 1e-12);
    }

    #[test]
    fn parameters_that_cannot_be_are_refused() {
        let base = Dcf::OFDM_20_MHZ;
        let error = |dcf: Dcf| dcf.checked().unwrap_err();
        assert!(matches!(
            error(Dcf { window: 0, ..base }),
            DcfError::Window { .. }
        ));
        assert!(matches!(
            error(Dcf { stages: 17, ..base }),
            DcfError::Window { .. }
        ));
        assert_eq!(
            error(Dcf {
                slot_s: 0.0,
                ..base
            }),
            DcfError::Zero { name: "slot_s" }
        );
        let not_finite = DcfError::NotFinite { name: "sifs_s" };
        assert_eq!(
            error(Dcf {
                sifs_s: -1e-6,
                ..base
            }),
            not_finite
        );
        assert_eq!(
            error(Dcf {
                sifs_s: f64::NAN,
                ..base
            }),
            not_finite
        );
        assert!(not_finite.to_string().contains("sifs_s"));
    }
}
