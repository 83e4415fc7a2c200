//! The gate that a receiver's filter puts before a fix. See [`threshold`] and [`detection`].
//!
//! The normalised innovation squared of a two-dimensional fix is χ² with two degrees of freedom where
//! the fix is honest, and noncentral χ² where it is off (Bar-Shalom, Li & Kirubarajan 2001, §5.4).

use crate::kernel::math::{exp, log};

/// Noncentrality from which detection is certain to twelve digits at any usual threshold; the sum below
/// would underflow far beyond it.
const CERTAIN: f64 = 400.0;

/// Value that an honest fix exceeds with a probability of `alpha`: −2 ln α, the quantile of χ² with two
/// degrees of freedom.
#[must_use]
pub fn threshold(alpha: f64) -> f64 {
    debug_assert!(
        alpha > 0.0 && alpha <= 1.0,
        "a probability of false alarms is in (0, 1]"
    );
    -2.0 * log(alpha)
}

/// Probability that noncentral χ² with two degrees of freedom and this noncentrality exceeds the
/// threshold: Marcum's Q₁(√λ, √x), summed over its Poisson mixture (Johnson, Kotz & Balakrishnan 1995,
/// ch. 29).
///
/// The noncentrality is the squared offset over the variance on one axis.
#[must_use]
pub fn detection(noncentrality: f64, threshold: f64) -> f64 {
    if noncentrality >= CERTAIN && noncentrality >= 4.0 * threshold {
        return 1.0;
    }
    let (half, x) = (0.5 * noncentrality.min(CERTAIN), 0.5 * threshold);
    // `weight` is the Poisson probability of k, `term` that of k at the threshold, `tail` its sum.
    let mut weight = exp(-half);
    let mut term = exp(-x);
    let (mut tail, mut seen, mut sum) = (term, weight, weight * term);
    let mut k = 0.0;
    while 1.0 - seen > 1e-13 && k < 2000.0 {
        k += 1.0;
        weight *= half / k;
        term *= x / k;
        tail += term;
        seen += weight;
        sum += weight * tail;
    }
    sum.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_of_one_in_a_thousand_stands_at_13_816() {
        assert!((threshold(0.001) - 13.816).abs() < 5e-4);
    }

    #[test]
    fn detection_agrees_with_the_noncentral_chi_square() {
        let gate = threshold(0.001);
        for (noncentrality, wanted) in [(9.0, 0.286), (16.0, 0.661), (25.0, 0.919)] {
            let found = detection(noncentrality, gate);
            assert!((found - wanted).abs() < 5e-4, "{noncentrality}: {found}");
        }
        assert!((detection(0.0, gate) - 0.001).abs() < 1e-12);
        assert!(detection(1e6, gate) > 1.0 - 1e-12);
        let steps: Vec<f64> = (0..120)
            .map(|n| detection(f64::from(n) * 5.0, gate))
            .collect();
        assert!(steps.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
    }
}
