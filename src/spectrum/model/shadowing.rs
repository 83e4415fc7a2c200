//! Shadowing: how far the loss of one place lies from the median of its surroundings.
//!
//! Deviates come from outside, so that the formulas are pure: whoever draws them keeps runs
//! repeatable.

use crate::kernel::math::exp;

/// Loss in dB with log-normal shadowing: the median and σ times a standard normal deviate (Rappaport
/// 2002, §4.9.2).
#[must_use]
pub fn shadowed_loss_db(median_db: f64, sigma_db: f64, deviate: f64) -> f64 {
    median_db + sigma_db * deviate
}

/// Correlation of the shadowing at two places (Gudmundson 1991): e^(−d/d₀), d₀ being some 20 m among
/// buildings and some 500 m in open land.
#[must_use]
pub fn shadowing_correlation(apart_m: f64, decorrelation_m: f64) -> f64 {
    debug_assert!(decorrelation_m > 0.0, "shadows have a size");
    exp(-apart_m.abs() / decorrelation_m)
}

/// The standard deviate of the shadowing after a move, from the one before and a fresh one
/// (Gudmundson 1991): a first-order autoregression whose variance stays 1.
#[must_use]
pub fn moved_deviate(before: f64, fresh: f64, correlation: f64) -> f64 {
    correlation * before + (1.0 - correlation * correlation).sqrt() * fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_agree_with_the_closed_form() {
        // σ = 8 dB: what 90, 95 and 99 % of places stay below.
        for (deviate, want_db) in [(1.281_552, 10.25), (1.644_854, 13.16), (2.326_348, 18.61)] {
            let got = shadowed_loss_db(100.0, 8.0, deviate) - 100.0;
            assert!((got - want_db).abs() < 0.005, "{got}");
        }
    }

    #[test]
    fn correlation_falls_by_e_over_the_decorrelation_distance() {
        assert!((shadowing_correlation(0.0, 20.0) - 1.0).abs() < 1e-12);
        assert!((shadowing_correlation(20.0, 20.0) - 0.367_879_441).abs() < 1e-9);
        // Two steps correlate as one of twice the length.
        let step = shadowing_correlation(7.0, 20.0);
        assert!((step * step - shadowing_correlation(14.0, 20.0)).abs() < 1e-12);
    }

    #[test]
    fn a_move_keeps_the_variance_and_mixes_as_the_correlation_says() {
        for correlation in [0.0, 0.3, 0.99, 1.0] {
            let (kept, fresh) = (
                moved_deviate(1.0, 0.0, correlation),
                moved_deviate(0.0, 1.0, correlation),
            );
            assert!((kept * kept + fresh * fresh - 1.0).abs() < 1e-12);
            assert!((kept - correlation).abs() < 1e-12);
        }
    }
}
