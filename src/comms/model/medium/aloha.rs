//! Sending at once: throughput and success of pure and slotted ALOHA.
//!
//! Offered load G is the mean number of transmissions, new and repeated, that start within one
//! packet's time on the air, from many stations together (Poisson). Any overlap destroys all packets
//! that take part: no capture. Sources: Abramson 1970, "The ALOHA System", AFIPS 37; Roberts 1975,
//! "ALOHA packet system with and without slots and capture", ACM SIGCOMM 5(2).

use crate::kernel::math::{exp, pow};

/// Most of the channel that pure ALOHA carries, 1/(2e), at an offered load of 1/2.
pub const PURE_MAX: f64 = 0.183_939_720_585_721_17;

/// Most of the channel that slotted ALOHA carries, 1/e, at an offered load of 1.
pub const SLOTTED_MAX: f64 = 0.367_879_441_171_442_33;

/// Offered load in packets per packet time: `rate_hz` transmissions a second of `air_s` each.
#[must_use]
pub fn offered_load(rate_hz: f64, air_s: f64) -> f64 {
    rate_hz * air_s
}

/// Probability that a packet meets no other in pure ALOHA, exp(−2G): others must not start for a
/// packet time before it nor while it lasts.
#[must_use]
pub fn pure_success(load: f64) -> f64 {
    exp(-2.0 * load)
}

/// Probability that a packet meets no other in slotted ALOHA, exp(−G).
#[must_use]
pub fn slotted_success(load: f64) -> f64 {
    exp(-load)
}

/// Share of the channel that pure ALOHA carries, G·exp(−2G).
#[must_use]
pub fn pure_throughput(load: f64) -> f64 {
    load * pure_success(load)
}

/// Share of the channel that slotted ALOHA carries, G·exp(−G).
#[must_use]
pub fn slotted_throughput(load: f64) -> f64 {
    load * slotted_success(load)
}

/// Share of the slots that carry a packet when each of `stations` sends in a slot with probability
/// `attempt` (0 to 1): n·p·(1 − p)^(n−1). It is greatest at p = 1/n.
#[must_use]
pub fn finite_throughput(stations: u32, attempt: f64) -> f64 {
    if stations == 0 {
        return 0.0;
    }
    f64::from(stations) * attempt * pow(1.0 - attempt, f64::from(stations - 1))
}

/// Probability that a packet of `air_s` on the air meets none of the `others`, each a Poisson stream
/// of (starts per second, seconds on the air): exp(−Σ λᵢ(T + Tᵢ)), since a packet of Tᵢ overlaps it
/// if it starts within T + Tᵢ. With equal lengths this is exp(−2G).
#[must_use]
pub fn success_among(air_s: f64, others: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    let starts = others
        .into_iter()
        .map(|(rate_hz, other_s)| rate_hz * (air_s + other_s));
    exp(-starts.sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maxima_agree_with_the_published_numbers() {
        assert!((pure_throughput(0.5) - 0.18394).abs() < 1e-5);
        assert!((slotted_throughput(1.0) - 0.36788).abs() < 1e-5);
        assert!((pure_throughput(0.5) - PURE_MAX).abs() < 1e-15);
        assert!((slotted_throughput(1.0) - SLOTTED_MAX).abs() < 1e-15);
        assert!((finite_throughput(10, 0.1) - 0.387_420_489).abs() < 1e-12);
        for step in 0..300 {
            let load = f64::from(step) / 100.0;
            assert!(pure_throughput(load) <= PURE_MAX + 1e-15);
            assert!(slotted_throughput(load) <= SLOTTED_MAX + 1e-15);
            assert!(finite_throughput(7, load / 3.0) <= finite_throughput(7, 1.0 / 7.0) + 1e-15);
        }
    }

    #[test]
    fn many_stations_are_the_slotted_limit_and_one_has_the_channel() {
        let many = finite_throughput(1_000_000, 1e-6);
        assert!((many - SLOTTED_MAX).abs() < 1e-6, "{many}");
        assert!((finite_throughput(1, 1.0) - 1.0).abs() < 1e-15);
        assert!(finite_throughput(0, 0.5).abs() < 1e-15);
    }

    #[test]
    fn packets_of_equal_length_give_the_pure_success() {
        let others = [(0.5, 0.2), (1.0, 0.2), (0.25, 0.2)];
        let load = offered_load(1.75, 0.2);
        assert!((success_among(0.2, others) - pure_success(load)).abs() < 1e-15);
        assert!((success_among(0.2, []) - 1.0).abs() < 1e-15);
        // A long packet is easier to hit: λ(T + T′) = 2·(1 + 0.1).
        assert!((success_among(1.0, [(2.0, 0.1)]) - exp(-2.2)).abs() < 1e-15);
    }
}
