//! What became of messages, counted. See [`Traffic`].

use std::collections::BTreeMap;

use crate::kernel::time::SimTime;

/// What became of some messages.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Traffic {
    /// Messages times readers that they were meant for.
    pub(super) sent: u64,
    /// How many took how long, by milliseconds.
    pub(super) delays_ms: BTreeMap<u64, u64>,
}

impl Traffic {
    /// Number that arrived.
    pub(super) fn delivered(&self) -> u64 {
        self.delays_ms.values().sum()
    }

    /// Adds others.
    pub(super) fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        for (delay, count) in &other.delays_ms {
            *self.delays_ms.entry(*delay).or_default() += count;
        }
    }

    /// Counts a message with its delay, s; none if it never arrived.
    pub(super) fn count(&mut self, delay_s: Option<f64>) {
        self.sent += 1;
        if let Some(delay_s) = delay_s {
            let delay_ms = (SimTime::from_s(delay_s).0 + 500) / 1000;
            *self.delays_ms.entry(delay_ms).or_default() += 1;
        }
    }

    /// Delivered over sent; none if nothing was sent.
    pub(super) fn ratio(&self) -> Option<f64> {
        (self.sent > 0).then(|| self.delivered() as f64 / self.sent as f64)
    }

    /// Delay, s, to a millisecond, that `part` in `whole` of the delivered did not exceed: the least
    /// of which that is true.
    pub(super) fn quantile_s(&self, part: u64, whole: u64) -> Option<f64> {
        let enough = (self.delivered() * part).div_ceil(whole).max(1);
        let mut below = 0;
        let found = self.delays_ms.iter().find(|(_, count)| {
            below += **count;
            below >= enough
        });
        found.map(|(delay, _)| SimTime(delay * 1000).as_s())
    }
}
