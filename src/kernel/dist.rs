//! Distributions on libm, drawn from [`Draws`].

use super::{math, random::Draws};

/// A standard normal number (Box & Muller 1958; the cosine half, so that one name gives one number).
pub fn standard_normal(draws: &mut Draws) -> f64 {
    let radius = (-2.0 * math::log(1.0 - draws.uniform())).sqrt();
    radius * math::cos(math::TAU * draws.uniform())
}

/// Two independent standard normal numbers (Box & Muller 1958).
pub fn standard_normal_pair(draws: &mut Draws) -> [f64; 2] {
    let radius = (-2.0 * math::log(1.0 - draws.uniform())).sqrt();
    let (sin, cos) = math::sincos(math::TAU * draws.uniform());
    [radius * cos, radius * sin]
}

/// An exponential number with this mean (by inversion).
pub fn exponential(draws: &mut Draws, mean: f64) -> f64 {
    -mean * math::log(1.0 - draws.uniform())
}

/// A log-normal number with this median; `sigma_log` is the deviation of its logarithm.
pub fn log_normal(draws: &mut Draws, median: f64, sigma_log: f64) -> f64 {
    median * math::exp(sigma_log * standard_normal(draws))
}

/// A Poisson number with this mean, at most `limit` (Knuth 1969, multiplication of uniforms; means
/// here are small: a few false alarms per scan).
pub fn poisson(draws: &mut Draws, mean: f64, limit: u32) -> u32 {
    debug_assert!(
        mean.is_finite() && mean >= 0.0,
        "a Poisson mean is finite and not negative"
    );
    let floor = math::exp(-mean);
    let mut product = draws.uniform();
    let mut count = 0;
    while product > floor && count < limit {
        product *= draws.uniform();
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{DrawKey, Stream};

    /// Mean and variance of `n` numbers drawn under neighbouring names.
    fn moments(n: u32, mut draw: impl FnMut(&mut Draws) -> f64) -> (f64, f64) {
        let numbers: Vec<f64> = (0..n)
            .map(|i| draw(&mut DrawKey::new(Stream::Measurement, 1, u64::from(i), 0).draws(7)))
            .collect();
        let mean = numbers.iter().sum::<f64>() / f64::from(n);
        let var = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n - 1);
        (mean, var)
    }

    #[test]
    fn moments_are_right_within_four_standard_errors() {
        let n = 40_000;
        let root = f64::from(n).sqrt();
        let (mean, var) = moments(n, standard_normal);
        assert!(mean.abs() < 4.0 / root, "normal mean {mean}");
        assert!(
            (var - 1.0).abs() < 4.0 * 2.0_f64.sqrt() / root,
            "normal variance {var}"
        );
        let (mean, _) = moments(n, |d| exponential(d, 3.0));
        assert!(
            (mean - 3.0).abs() < 4.0 * 3.0 / root,
            "exponential mean {mean}"
        );
        let (mean, var) = moments(n, |d| f64::from(poisson(d, 2.5, 1000)));
        assert!(
            (mean - 2.5).abs() < 4.0 * 2.5_f64.sqrt() / root,
            "Poisson mean {mean}"
        );
        assert!((var - 2.5).abs() < 0.12, "Poisson variance {var}");
        let (mean, _) = moments(n, |d| math::log(log_normal(d, 20.0, 0.5)));
        assert!(
            (mean - math::log(20.0)).abs() < 4.0 * 0.5 / root,
            "log-normal median {mean}"
        );
    }
}
