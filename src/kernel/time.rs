//! Integer time: microseconds since the start of the run. See [`SimTime`] and [`Clock`].

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

/// Microseconds in a second.
const MICROS_PER_S: f64 = 1e6;

/// Step between the phases of a staggered rhythm, µs. It is a time and no number of ticks, so that
/// the same things happen at the same moments whatever a tick lasts.
const STAGGER_US: u64 = 100_000;

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

    /// Whether something that happens every `period_s`, shifted by `phase` tenths of a second so
    /// that not everybody does it in the same tick, falls into this tick.
    ///
    /// The moments do not depend on the length of a tick. A period below it comes every tick.
    #[must_use]
    pub fn is_due(&self, period_s: f64, phase: u64) -> bool {
        let (into_us, _) = self.rhythm(period_s, phase);
        into_us == 0 || into_us + self.dt_us > SimTime::from_s(period_s).0.max(1)
    }

    /// How often something that happens every `period_s`, shifted by `phase` tenths of a second, has
    /// come round by the end of this tick.
    #[must_use]
    pub fn round_of(&self, period_s: f64, phase: u64) -> u64 {
        let (into_us, rounds) = self.rhythm(period_s, phase);
        rounds + u64::from(into_us > 0 && self.is_due(period_s, phase))
    }

    /// How far a shifted rhythm is into its period at the start of this tick, µs, and how often it
    /// has come round.
    fn rhythm(&self, period_s: f64, phase: u64) -> (u64, u64) {
        let period_us = SimTime::from_s(period_s).0.max(1);
        let at_us = u128::from(self.now().0) + u128::from(phase) * u128::from(STAGGER_US);
        let into_us = at_us % u128::from(period_us);
        let rounds = at_us / u128::from(period_us);
        (narrow(into_us), narrow(rounds))
    }
}

/// A number that fits, as the time of a run and its periods do; the largest otherwise.
fn narrow(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
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

    /// Moments at which something is due within 10 s, by the length of a tick, µs.
    fn moments_us(dt_ms: u32, period_s: f64, phase: u64) -> Vec<u64> {
        let mut clock = Clock::new(dt_ms);
        let mut moments = Vec::new();
        while clock.now() < SimTime::from_s(10.0) {
            if clock.is_due(period_s, phase) {
                moments.push(clock.now().0);
            }
            clock.tick += 1;
        }
        moments
    }

    #[test]
    fn a_rhythm_has_the_same_moments_at_every_length_of_a_tick() {
        for (period_s, phase) in [(1.0, 0), (1.0, 7), (0.5, 13), (4.0, 999), (2.5, 31)] {
            let coarse = moments_us(100, period_s, phase);
            assert!(coarse.len() > 1, "{period_s} s");
            for dt_ms in [50, 25, 20, 10] {
                assert_eq!(coarse, moments_us(dt_ms, period_s, phase), "{dt_ms} ms");
            }
        }
        // What is no whole number of ticks keeps its rhythm on average.
        assert_eq!(moments_us(100, 0.25, 0).len(), 40);
        assert_eq!(
            moments_us(100, 0.01, 3).len(),
            100,
            "never oftener than a tick"
        );
        assert_eq!(moments_us(100, 0.0, 3).len(), 100);
    }

    #[test]
    fn rounds_count_what_was_due() {
        for dt_ms in [100, 30, 25] {
            let mut clock = Clock::new(dt_ms);
            let before = clock.round_of(1.0, 4) - u64::from(clock.is_due(1.0, 4));
            let mut due = 0;
            for tick in 0..500 {
                clock.tick = tick;
                due += u64::from(clock.is_due(1.0, 4));
                assert_eq!(clock.round_of(1.0, 4), before + due, "{dt_ms} ms, {tick}");
            }
        }
    }

    #[test]
    fn seconds_round_to_microseconds_and_never_go_negative() {
        assert_eq!(SimTime::from_s(1.25), SimTime(1_250_000));
        assert_eq!(SimTime::from_s(-3.0), SimTime::ZERO);
        assert_eq!(SimTime::from_s(f64::NAN), SimTime::ZERO);
        assert_eq!(SimTime(5).since_s(SimTime(9)).to_bits(), 0.0_f64.to_bits());
    }
}
