//! Whether a receiver that listens now and then catches a transmitter that sends now and then.

use crate::kernel::math::exp;

/// Probability that a transmitter is on the air at some time during a dwell of a receiver on its
/// channel.
///
/// The transmitter is an alternating renewal process of bursts of a mean `burst_s` and exponential
/// gaps, on the air for a share `on_air` of the time: it is on the air when the dwell begins with the
/// probability `on_air`; else the rest of the gap is exponential with the mean of gaps,
/// `burst_s (1 − on_air) / on_air`, and the dwell misses it with `exp(−dwell_s / gap)` (alternating
/// renewal processes: Cox 1962, "Renewal Theory", ch. 7). Left out: transmitters in step with the scan
/// of the receiver.
#[must_use]
pub fn intercept_probability(on_air: f64, burst_s: f64, dwell_s: f64) -> f64 {
    if on_air <= 0.0 || burst_s <= 0.0 {
        return 0.0;
    }
    if on_air >= 1.0 {
        return 1.0;
    }
    let gap_s = burst_s * (1.0 - on_air) / on_air;
    1.0 - (1.0 - on_air) * exp(-dwell_s.max(0.0) / gap_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{
        dist::exponential,
        random::{DrawKey, Stream},
    };

    #[test]
    fn a_glance_finds_the_share_of_the_time_and_a_stare_everything() {
        assert!((intercept_probability(0.2, 0.1, 0.0) - 0.2).abs() < 1e-12);
        assert!(intercept_probability(0.2, 0.1, 1e3) > 1.0 - 1e-9);
        assert!(intercept_probability(0.0, 0.1, 1e3) <= 0.0);
        assert!(intercept_probability(1.0, 0.1, 0.0) >= 1.0);
        // Gap 0.4 s, dwell 0.3 s: 1 − 0.8 exp(−0.75).
        assert!((intercept_probability(0.2, 0.1, 0.3) - 0.622_107).abs() < 1e-6);
    }

    /// Bursts of 50 ms, 5 % of the time, dwells of 0.3 s every 10 s: counted.
    #[test]
    fn bursts_are_caught_as_often_as_the_formula_says() {
        let (on_air, burst_s, dwell_s, looks) = (0.05, 0.05, 0.3, 20_000_u32);
        let gap_s = burst_s * (1.0 - on_air) / on_air;
        let mut draws = DrawKey::new(Stream::Placement, 3, 1, 4).draws(5);
        let mut next_s = exponential(&mut draws, gap_s);
        let mut caught = 0_u32;
        for look in 0..looks {
            let begin_s = 10.0 * f64::from(look);
            while next_s + burst_s <= begin_s {
                next_s += burst_s + exponential(&mut draws, gap_s);
            }
            caught += u32::from(next_s < begin_s + dwell_s);
        }
        let share = f64::from(caught) / f64::from(looks);
        let want = intercept_probability(on_air, burst_s, dwell_s);
        // Dwells ten mean gaps apart are independent: four standard errors of a proportion.
        let sigma = (want * (1.0 - want) / f64::from(looks)).sqrt();
        assert!((share - want).abs() < 4.0 * sigma, "{share} for {want}");
    }
}
