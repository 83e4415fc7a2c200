//! Relief that the posts of a terrain do not resolve, and whether it hides a low target.
//!
//! A notional model. The difference in height of two places is taken for Gaussian with a deviation
//! that grows with their distance to the power H (fractional Brownian relief: Mandelbrot and Van
//! Ness, 1968, SIAM Review 10(4), §3, with H as in [`detail`](super::detail)). Finer than the posts
//! only crests within half a post of an end are: whoever stands lower than the crest there, by more
//! than the line to the other end has risen, is hidden. Between posts that come closer the deviation
//! goes to zero, so that halving the spacing hands over to relief that is marched over.

use crate::kernel::math::{erfc, pow};
use core::f64::consts::SQRT_2;

/// Hurst exponent of relief: octaves half as wide are 2⁻ᴴ as high (0.55, as
/// [`Detail`](super::Detail) has it).
const HURST: f64 = 0.85;

/// Distance for which the deviation of a cover is given, m.
const REFERENCE_M: f64 = 100.0;

/// Deviation of unresolved relief over the rise of the ground in the same distance: a quarter, as of
/// mountains ([`Detail`](super::Detail)), of noise whose deviation is a third of its bound
/// (notional, 0.04 to 0.16).
const SLOPE_SHARE: f64 = 0.08;

/// What one end of a line has about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LowEnd {
    /// Height above the ground, m.
    pub above_m: f64,
    /// Rise over run of the line as it leaves the end.
    pub rise: f64,
    /// Rise over run of the ground along the line, as the posts have it.
    pub ground_rise: f64,
    /// Steepness of the ground, rise over run.
    pub slope: f64,
    /// Deviation of the unresolved difference in height of places 100 m apart, m.
    pub relief_m: f64,
}

impl LowEnd {
    /// Probability that relief finer than posts `spacing_m` apart hides the end from a point
    /// `range_m` away, 0 to one half.
    #[must_use]
    pub fn hidden_probability(&self, spacing_m: f64, range_m: f64) -> f64 {
        let reach_m = 0.5 * spacing_m.min(range_m);
        let even_m = self.relief_m * pow(reach_m / REFERENCE_M, HURST);
        let steep_m = 2.0 * SLOPE_SHARE * self.slope * reach_m;
        let sigma_m = (even_m * even_m + steep_m * steep_m).sqrt();
        if sigma_m <= 0.0 {
            return 0.0;
        }
        let risen_m = reach_m * (self.rise - self.ground_rise).max(0.0);
        let needed_m = self.above_m.max(0.0) + risen_m;
        0.5 * erfc(needed_m / (sigma_m * SQRT_2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vehicle's middle on open ground, seen along the ground.
    const LOW: LowEnd = LowEnd {
        above_m: 1.2,
        rise: 0.0,
        ground_rise: 0.0,
        slope: 0.0,
        relief_m: 3.0,
    };

    #[test]
    fn it_follows_the_normal_integral() {
        // 1.2 m against 3 m · (50 / 100)^0.85 = 1.6643 m: Q(0.72102) = 0.23545 (Abramowitz and
        // Stegun 1964, table 26.1, interpolated).
        let got = LOW.hidden_probability(100.0, 3000.0);
        assert!((got - 0.235_45).abs() < 2e-4, "{got}");
    }

    #[test]
    fn height_and_elevation_uncover_and_fine_posts_leave_nothing() {
        let hidden = |end: LowEnd| end.hidden_probability(90.0, 3000.0);
        let tall = LowEnd {
            above_m: 3.0,
            ..LOW
        };
        let steep = LowEnd { rise: 0.2, ..LOW };
        let hilly = LowEnd { slope: 0.3, ..LOW };
        assert!(hidden(LOW) > hidden(tall) && hidden(LOW) > hidden(steep));
        assert!(hidden(hilly) > hidden(LOW));
        // A line along the slope of its ground is as low as a level one over a plain.
        let along = LowEnd {
            rise: 0.2,
            ground_rise: 0.2,
            ..LOW
        };
        assert!((hidden(along) - hidden(LOW)).abs() < 1e-15);
        let mut last = 0.5;
        for spacing_m in [240.0, 120.0, 60.0, 30.0, 15.0, 7.5] {
            let now = LowEnd { slope: 0.3, ..LOW }.hidden_probability(spacing_m, 3000.0);
            assert!(now < last, "{spacing_m}: {now}");
            last = now;
        }
        assert!(last < 1e-3, "{last}");
        assert!(
            LOW.hidden_probability(90.0, 5.0) < 1e-9,
            "at arm's length nothing hides"
        );
    }
}
