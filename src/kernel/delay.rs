//! What happens later. See [`DelayQueue`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::time::SimTime;

/// Things with the time at which they fall due, in order of that time and then of posting.
#[derive(Debug, Clone, PartialEq, Resource, Serialize, Deserialize)]
pub struct DelayQueue<T: Send + Sync + 'static> {
    waiting: BTreeMap<(SimTime, u64), T>,
    posted: u64,
}

impl<T: Send + Sync + 'static> Default for DelayQueue<T> {
    fn default() -> Self {
        Self {
            waiting: BTreeMap::new(),
            posted: 0,
        }
    }
}

impl<T: Send + Sync + 'static> DelayQueue<T> {
    /// Posts `thing` for `due`.
    pub fn post(&mut self, due: SimTime, thing: T) {
        self.waiting.insert((due, self.posted), thing);
        self.posted += 1;
    }

    /// Takes the first thing that falls due before `limit`, with its time.
    pub fn pop_before(&mut self, limit: SimTime) -> Option<(SimTime, T)> {
        let entry = self.waiting.first_entry()?;
        if entry.key().0 >= limit {
            return None;
        }
        let ((due, _), thing) = entry.remove_entry();
        Some((due, thing))
    }

    /// Number of things that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What waits, in order.
    pub fn iter(&self) -> impl Iterator<Item = (SimTime, &T)> {
        self.waiting.iter().map(|((due, _), thing)| (*due, thing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_by_time_then_by_posting() {
        let mut queue = DelayQueue::default();
        queue.post(SimTime(20), 'c');
        queue.post(SimTime(10), 'a');
        queue.post(SimTime(10), 'b');
        queue.post(SimTime(30), 'd');
        let mut order = String::new();
        while let Some((_, thing)) = queue.pop_before(SimTime(30)) {
            order.push(thing);
        }
        assert_eq!(order, "abc");
        assert_eq!(queue.len(), 1);
    }
}
