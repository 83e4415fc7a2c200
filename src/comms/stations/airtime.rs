//! How much of the time a transmitter was on the air lately. See [`AirTime`].

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::kernel::{math, time::SimTime};

/// Time constant of each of the two stages over which air time is averaged, s: what was sent is
/// remembered for twice as long in the mean, which is the period of a scan (notional, 2 to 10).
const STAGE_S: f64 = 5.0;

/// Time over which air time is averaged, s: the mean age of what counts.
pub const WINDOW_S: f64 = 2.0 * STAGE_S;

/// Share of the time that a transmitter was on the air, averaged by two equal lags in a row.
///
/// The weight of what was sent `t` ago is `t exp(−t/T) / T²` (gamma density of shape two): it begins
/// with zero, so that a transmission that begins a little before a look counts hardly more than one
/// that begins a little after it, and no moment at which one counts is special. Transmissions are
/// booked from their beginning to their end, to the microsecond: the average does not depend on
/// when it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AirTime {
    /// The first and the second lag, each 0 to 1.
    mean: [f64; 2],
    /// As of when.
    at: SimTime,
    /// Transmissions that have not ended by then, one after the other.
    ahead: VecDeque<(SimTime, SimTime)>,
}

impl AirTime {
    /// Books a transmission that ends at a time after being on the air for so long, s. A transmitter
    /// sends one thing at a time, so that what overlaps an earlier one counts once.
    pub(super) fn book(&mut self, air_s: f64, end: SimTime, now: SimTime) {
        self.mean = self.means(now);
        self.at = self.at.max(now);
        while self.ahead.front().is_some_and(|next| next.1 <= now) {
            self.ahead.pop_front();
        }
        let begin = SimTime(end.0.saturating_sub(SimTime::from_s(air_s).0));
        let free = self.ahead.back().map_or(self.at, |last| last.1);
        if end > free {
            self.ahead.push_back((begin.max(free), end));
        }
    }

    /// The average now, 0 to 1.
    #[must_use]
    pub fn share(&self, now: SimTime) -> f64 {
        self.means(now)[1]
    }

    /// Both lags at a time.
    fn means(&self, now: SimTime) -> [f64; 2] {
        let mut lags = (self.mean, self.at);
        for &(begin, end) in self.ahead.iter().take_while(|next| next.0 < now) {
            lags = passed(lags, begin, 0.0);
            lags = passed(lags, end.min(now), 1.0);
        }
        passed(lags, now, 0.0).0
    }
}

/// Both lags after the transmitter was on (1) or off (0) until a time.
fn passed((mean, at): ([f64; 2], SimTime), to: SimTime, level: f64) -> ([f64; 2], SimTime) {
    if to <= at {
        return (mean, at);
    }
    let x = to.since_s(at) / STAGE_S;
    let left = math::exp(-x);
    let [first, second] = mean.map(|mean| mean - level);
    let mean = [level + first * left, level + (second + first * x) * left];
    (mean, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Books bursts of 0.2 s that end at these times, s.
    fn sent(ends_s: &[f64]) -> AirTime {
        let mut air = AirTime::default();
        for end_s in ends_s {
            air.book(0.2, SimTime::from_s(*end_s), SimTime::ZERO);
        }
        air
    }

    /// What the gamma density says of one burst of 0.2 s, its middle so long ago, s.
    fn weight(ago_s: f64) -> f64 {
        0.2 * ago_s / (STAGE_S * STAGE_S) * math::exp(-ago_s / STAGE_S)
    }

    #[test]
    fn a_burst_weighs_what_the_density_says_whenever_it_is_asked_for() {
        for after_s in [0.5, 1.0, 5.0, 12.0, 40.0] {
            let at = SimTime::from_s(10.0 + after_s);
            let (once, mut often) = (sent(&[10.1]), sent(&[10.1]));
            for ms in (0..at.0 / 1000).step_by(50) {
                // What has ended before anything was booked adds nothing.
                often.book(1.0, SimTime::ZERO, SimTime(ms * 1000));
            }
            let (share, want) = (once.share(at), weight(after_s));
            assert!((share - often.share(at)).abs() < 1e-12);
            assert!(
                (share - want).abs() < 2e-3 * want + 2e-6,
                "{share} for {want}"
            );
        }
    }

    #[test]
    fn who_sends_all_the_time_is_on_the_air_all_the_time_and_who_stops_is_forgotten() {
        let mut air = AirTime::default();
        air.book(100.0, SimTime::from_s(100.0), SimTime::ZERO);
        assert!((air.share(SimTime::from_s(100.0)) - 1.0).abs() < 1e-6);
        assert!(air.share(SimTime::from_s(200.0)) < 1e-6);
        air.book(0.0, SimTime::ZERO, SimTime::from_s(200.0));
        assert!(air.ahead.is_empty());
    }

    /// The defect that this replaced: air time counted by whole seconds.
    #[test]
    fn a_tick_sooner_or_later_changes_hardly_what_a_scan_hears() {
        let shares = [14.85, 14.95, 15.05, 15.15].map(|end_s| {
            let air = sent(&[end_s]);
            [20.0, 30.0, 40.0].map(|at_s| air.share(SimTime::from_s(at_s)))
        });
        for (before, after) in shares.iter().zip(&shares[1..]) {
            let of = |shares: &[f64; 3]| shares.iter().sum::<f64>();
            assert!((of(before) / of(after) - 1.0).abs() < 0.02, "{shares:?}");
        }
    }

    #[test]
    fn one_transmitter_sends_one_thing_at_a_time() {
        let mut air = AirTime::default();
        for (air_s, end_s) in [(2.0, 2.0), (2.0, 3.0), (1.0, 2.5)] {
            air.book(air_s, SimTime::from_s(end_s), SimTime::ZERO);
        }
        let spans: Vec<(u64, u64)> = air.ahead.iter().map(|it| (it.0.0, it.1.0)).collect();
        assert_eq!(spans, [(0, 2_000_000), (2_000_000, 3_000_000)]);
    }
}
