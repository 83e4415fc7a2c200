//! Integer time: microseconds since the start of the run. See [`SimTime`] and [`Clock`].

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

/// Microseconds in a second.
const MICROS_PER_S: f64 = 1e6;

/// A moment, in whole microseconds since the start of the run.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct SimTime(pub u64);

impl SimTime {
    /// The start of the run.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(u64::MAX);

    /// The moment `seconds` after the start, rounded to a microsecond; negative and NaN give zero.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float-to-integer `as` saturates, and the argument is clamped at zero"
    )]
    pub fn from_s(seconds: f64) -> Self {
        Self((seconds.max(0.0) * MICROS_PER_S).round() as u64)
    }

    /// Seconds since the start.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "exact below 2^53 µs, 285 years")]
    pub fn as_s(self) -> f64 {
        self.0 as f64 / MICROS_PER_S
    }

    /// This moment moved later by `seconds` (earlier is refused: negative counts as zero).
    #[must_use]
    pub fn plus_s(self, seconds: f64) -> Self {
        Self(self.0.saturating_add(Self::from_s(seconds).0))
    }

    /// Seconds from `earlier` to this moment; zero where `earlier` is later.
    #[must_use]
    pub fn since_s(self, earlier: Self) -> f64 {
        Self(self.0.saturating_sub(earlier.0)).as_s()
    }
}

/// The clock of the world: which tick this is, and how long a tick lasts.
#[derive(Debug, Clone, Copy, Resource, Serialize, Deserialize)]
pub struct Clock {
    /// Number of the tick that runs now, from zero.
    pub tick: u64,
    /// Length of a tick, µs.
    pub dt_us: u64,
}

impl Clock {
    /// A clock at the start, with ticks of `dt_ms` milliseconds.
    #[must_use]
    pub fn new(dt_ms: u32) -> Self {
        Self {
            tick: 0,
            dt_us: u64::from(dt_ms) * 1000,
        }
    }

    /// Start of the current tick.
    #[must_use]
    pub fn now(&self) -> SimTime {
        SimTime(self.tick * self.dt_us)
    }

    /// End of the current tick: what falls due before it belongs to this tick.
    #[must_use]
    pub fn next(&self) -> SimTime {
        SimTime((self.tick + 1) * self.dt_us)
    }

    /// Length of a tick, s.
    #[must_use]
    pub fn dt_s(&self) -> f64 {
        SimTime(self.dt_us).as_s()
    }

    /// Whether something that happens every `period_s`, shifted by `phase` so that not everybody
    /// does it in the same tick, falls into this tick.
    #[must_use]
    pub fn is_due(&self, period_s: f64, phase: u64) -> bool {
        let every = (SimTime::from_s(period_s).0 / self.dt_us).max(1);
        (self.tick + phase).is_multiple_of(every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staggered_rhythm_comes_once_a_period() {
        let mut clock = Clock::new(100);
        let mut hits = [0; 3];
        for tick in 0..100 {
            clock.tick = tick;
            for (phase, hit) in [0_u64, 3, 9].into_iter().zip(&mut hits) {
                *hit += u32::from(clock.is_due(1.0, phase));
            }
        }
        assert_eq!(hits, [10, 10, 10]);
    }

    #[test]
    fn seconds_round_to_microseconds_and_never_go_negative() {
        assert_eq!(SimTime::from_s(1.25), SimTime(1_250_000));
        assert_eq!(SimTime::from_s(-3.0), SimTime::ZERO);
        assert_eq!(SimTime::from_s(f64::NAN), SimTime::ZERO);
        assert_eq!(SimTime(5).since_s(SimTime(9)).to_bits(), 0.0_f64.to_bits());
    }
}
