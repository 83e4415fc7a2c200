//! How velocities change unseen. See [`Wander`].

use crate::kernel::math::exp;

/// How the velocity of a thing wanders: an Ornstein–Uhlenbeck process on each axis (Uhlenbeck &
/// Ornstein 1930), so that nothing drives on for ever as it was last seen, and nobody's speed becomes
/// as uncertain as time is long. Without an end to its memory it is white-noise acceleration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wander {
    /// Spectral density of the acceleration on each axis, m²/s³.
    pub density_m2_s3: f64,
    /// Time in which a velocity is forgotten but for 1/e, s. In the long run the deviation of the
    /// velocity on each axis is the root of half the density times this.
    pub memory_s: f64,
}

impl Wander {
    /// Share of a velocity that is left after a time, s, the time over which it counts until then, s,
    /// and the covariances that are added: of position, of position with velocity, of velocity.
    pub(super) fn over(self, dt_s: f64) -> (f64, f64, [f64; 3]) {
        let (q, t) = (self.density_m2_s3, dt_s);
        let x = t / self.memory_s;
        if x < 0.01 {
            // The first terms of the series: the closed forms lose their digits here.
            let added = [
                q * t * t * t * (1.0 / 3.0 - x / 4.0 + 7.0 * x * x / 60.0),
                q * t * t * (0.5 - x / 2.0 + 7.0 * x * x / 24.0),
                q * t * (1.0 - x + 2.0 * x * x / 3.0),
            ];
            return (
                1.0 - x + x * x / 2.0 - x * x * x / 6.0,
                t * (1.0 - x / 2.0 + x * x / 6.0),
                added,
            );
        }
        let (left, b) = (exp(-x), 1.0 / self.memory_s);
        let gone = 1.0 - left;
        let added = [
            q * (2.0 * x - 3.0 + 4.0 * left - left * left) / (2.0 * b * b * b),
            q * gone * gone / (2.0 * b * b),
            q * (1.0 - left * left) / (2.0 * b),
        ];
        (left, gone / b, added)
    }
}
