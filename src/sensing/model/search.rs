//! Theory of search: how much of an area a searcher finds (Koopman 1946, 1956; Washburn 2002).

use crate::kernel::math::{PI, TAU, erf, exp, pow};

/// Coverage factor: sweep width × speed × time over area, without dimension.
#[must_use]
pub fn coverage(sweep_width_m: f64, speed_m_s: f64, time_s: f64, area_m2: f64) -> f64 {
    sweep_width_m * speed_m_s * time_s / area_m2
}

/// Probability of detection by random search, 1 − e^(−C) (Koopman 1956): a lower bound that short
/// independent legs attain; a searcher who turns smoothly finds less.
#[must_use]
pub fn random_search(coverage: f64) -> f64 {
    1.0 - exp(-coverage)
}

/// Probability of detection by exhaustive search with a definite-range sensor: the upper bound.
#[must_use]
pub fn exhaustive_search(coverage: f64) -> f64 {
    coverage.clamp(0.0, 1.0)
}

/// Probability of detection by parallel sweeps with an inverse-cube sensor: erf(C √π/2)
/// (Koopman 1946).
#[must_use]
pub fn inverse_cube_search(coverage: f64) -> f64 {
    erf(0.5 * PI.sqrt() * coverage)
}

/// Probability that `legs` independent straight legs find a fixed target in an area without edges:
/// each leg of length ℓ covers wℓ + πR², w = 2R being the sweep width (Washburn 2002).
#[must_use]
pub fn independent_legs(sweep_width_m: f64, leg_m: f64, legs: f64, area_m2: f64) -> f64 {
    let radius_m = 0.5 * sweep_width_m;
    let covered_m2 = sweep_width_m * leg_m + PI * radius_m * radius_m;
    1.0 - pow(1.0 - (covered_m2 / area_m2).min(1.0), legs)
}

/// Probability that one of `glimpses` independent glimpses detects: 1 − (1 − g)ⁿ (Koopman 1946).
#[must_use]
pub fn glimpses(single: f64, glimpses: f64) -> f64 {
    1.0 - pow(1.0 - single, glimpses)
}

/// Sweep width in metres of the lateral-range curve p₀ e^(−x²/2s²): p₀ s √(2π).
#[must_use]
pub fn gaussian_sweep_width_m(peak: f64, scale_m: f64) -> f64 {
    peak * scale_m * TAU.sqrt()
}

/// Sweep width in metres of any lateral-range curve that is even and vanishes beyond `reach_m`:
/// W = ∫ p(x) dx (Koopman 1946), by Simpson's rule with 256 intervals over 0 to `reach_m`.
#[must_use]
pub fn sweep_width_m(reach_m: f64, lateral_range: impl Fn(f64) -> f64) -> f64 {
    let step_m = reach_m / 256.0;
    let inner: f64 = (1..256_u32)
        .map(|i| {
            let weight = if i % 2 == 1 { 4.0 } else { 2.0 };
            weight * lateral_range(f64::from(i) * step_m)
        })
        .sum();
    2.0 * (lateral_range(0.0) + inner + lateral_range(reach_m)) * step_m / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_searches_agree_with_koopman() {
        // Reference table: C, exhaustive, inverse cube, random.
        let table = [
            (0.25, 0.25, 0.246, 0.2212),
            (0.5, 0.5, 0.4691, 0.3935),
            (1.0, 1.0, 0.7899, 0.6321),
            (1.5, 1.0, 0.9399, 0.7769),
            (2.0, 1.0, 0.9878, 0.8647),
        ];
        for (c, exhaustive, cube, random) in table {
            assert!((exhaustive_search(c) - exhaustive).abs() < 1e-12);
            assert!((inverse_cube_search(c) - cube).abs() < 6e-5, "C = {c}");
            assert!((random_search(c) - random).abs() < 6e-5, "C = {c}");
        }
        // w = 2 km, v = 100 km/h, A = 1000 km², t = 5 h.
        let c = coverage(2000.0, 100.0 / 3.6, 5.0 * 3600.0, 1e9);
        assert!((random_search(c) - 0.632_120_558_8).abs() < 1e-9);
    }

    #[test]
    fn independent_legs_on_a_torus() {
        // 50 legs of 10 km, w = 2 km, 1000 km²: 0.689843468813 (Monte Carlo 0.6965 ± 0.007).
        let p = independent_legs(2000.0, 10_000.0, 50.0, 1e9);
        assert!((p - 0.689_843_468_8).abs() < 1e-9, "{p}");
    }

    #[test]
    fn glimpses_and_sweep_width() {
        assert!((glimpses(0.1, 10.0) - 0.651_321_559_9).abs() < 1e-9);
        assert!((gaussian_sweep_width_m(0.9, 1000.0) - 2_255.965_447).abs() < 1e-5);
        let w = sweep_width_m(8000.0, |x| 0.9 * exp(-x * x / 2e6));
        assert!((w - 2_255.965_447).abs() < 1e-4, "{w}");
        let definite = sweep_width_m(1000.0, |_| 1.0);
        assert!((definite - 2000.0).abs() < 1e-9);
    }
}
