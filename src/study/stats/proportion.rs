//! Proportions with Wilson's score interval.

use statrs::distribution::{ContinuousCDF as _, Normal};

use super::Estimate;

/// The share of successes with the score interval of Wilson (Journal of the American Statistical
/// Association 22, 1927, pp. 209-212):
/// `(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`; none of no trials.
#[must_use]
pub fn proportion(successes: usize, n: usize, confidence: f64) -> Option<Estimate> {
    if n == 0 {
        return None;
    }
    debug_assert!(successes <= n, "no more successes than trials");
    let z = Normal::standard().inverse_cdf(0.5 + confidence / 2.0);
    let (trials, value) = (n as f64, successes as f64 / n as f64);
    let square = z * z / trials;
    let half = z * (value * (1.0 - value) / trials + square / (4.0 * trials)).sqrt();
    let end = |half: f64| ((value + square / 2.0 + half) / (1.0 + square)).clamp(0.0, 1.0);
    // At the edges the formula gives them but for rounding.
    let low = if successes == 0 { 0.0 } else { end(-half) };
    let high = if successes == n { 1.0 } else { end(half) };
    Some(Estimate {
        n,
        value,
        interval: Some([low, high]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_published_ones() {
        // Newcombe (Statistics in Medicine 17, 1998, pp. 857-872), table I, method 3.
        for (successes, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let [found_low, found_high] = proportion(successes, n, 0.95).unwrap().interval.unwrap();
            assert!(
                (found_low - low).abs() < 6e-5,
                "{successes}/{n}: {found_low}"
            );
            assert!(
                (found_high - high).abs() < 6e-5,
                "{successes}/{n}: {found_high}"
            );
        }
        let all = proportion(20, 20, 0.95).unwrap().interval.unwrap();
        assert!((all[0] - (1.0 - 0.1611)).abs() < 6e-5 && all[1] >= 1.0);
        assert_eq!(proportion(0, 0, 0.95), None);
    }
}
