//! Local search of the pairing: single rounds moved, pairs of rounds exchanged.

use crate::planning::algo::pairing::{Choice, Slots};

/// A choice under improvement, with the slots at each target at hand.
pub(super) struct LocalSearch<'a> {
    /// The problem.
    slots: &'a Slots,
    /// Target of each slot.
    pub(super) choice: Choice,
    /// Slots at each target.
    at: Vec<Vec<usize>>,
    /// Least gain that counts, in points.
    least: f64,
}

impl<'a> LocalSearch<'a> {
    /// Starts from a choice.
    pub(super) fn new(slots: &'a Slots, choice: Choice, least: f64) -> Self {
        let mut at = vec![Vec::new(); slots.targets];
        for (slot, target) in choice.iter().enumerate() {
            if let Some(target) = *target {
                at[target].push(slot);
            }
        }
        Self {
            slots,
            choice,
            at,
            least,
        }
    }

    /// Worth of the rounds at a target without one slot and with another; `None` if that one
    /// cannot reach it.
    fn worth(&self, target: usize, without: Option<usize>, with: Option<usize>) -> Option<f64> {
        let staying = self.at[target]
            .iter()
            .copied()
            .filter(|slot| Some(*slot) != without);
        let (mut survives, mut cost) = (1.0, 0.0);
        for slot in staying.chain(with) {
            let shot = self.slots.shot[slot * self.slots.targets + target]?;
            survives *= 1.0 - shot.0;
            cost += shot.1;
        }
        Some(self.slots.value[target] * (1.0 - survives) - cost)
    }

    /// Sends a slot's round elsewhere or nowhere.
    fn send(&mut self, slot: usize, target: Option<usize>) {
        if let Some(old) = self.choice[slot] {
            self.at[old].retain(|other| *other != slot);
        }
        if let Some(new) = target {
            self.at[new].push(slot);
        }
        self.choice[slot] = target;
    }

    /// Sends one slot's round where it is worth most, or nowhere; whether that changed anything.
    pub(super) fn move_best(&mut self, slot: usize) -> bool {
        let held = self.choice[slot];
        // What the round adds at the target it is sent to now.
        let adds = held.and_then(|target| {
            Some(self.worth(target, None, None)? - self.worth(target, Some(slot), None)?)
        });
        let mut best = (adds.unwrap_or(0.0), held);
        if best.0 < -self.least {
            best = (0.0, None);
        }
        for target in 0..self.slots.targets {
            let full = self.at[target].len() >= self.slots.cap[target] as usize;
            let reaches = self.slots.shot[slot * self.slots.targets + target].is_some();
            if full || !reaches || held == Some(target) {
                continue;
            }
            let with = self.worth(target, None, Some(slot));
            let gain = with
                .zip(self.worth(target, None, None))
                .map(|(with, now)| with - now);
            if let Some(gain) = gain.filter(|gain| *gain > best.0 + self.least) {
                best = (gain, Some(target));
            }
        }
        if best.1 != held {
            self.send(slot, best.1);
        }
        best.1 != held
    }

    /// Exchanges the targets of two slots if that is worth more; whether it did.
    pub(super) fn swap_if_better(&mut self, a: usize, b: usize) -> bool {
        let (Some(to_a), Some(to_b)) = (self.choice[a], self.choice[b]) else {
            return false;
        };
        if to_a == to_b {
            return false;
        }
        let sum = |x: Option<f64>, y: Option<f64>| x.zip(y).map(|(x, y)| x + y);
        let now = sum(self.worth(to_a, None, None), self.worth(to_b, None, None));
        let then = sum(
            self.worth(to_a, Some(a), Some(b)),
            self.worth(to_b, Some(b), Some(a)),
        );
        let better = now
            .zip(then)
            .is_some_and(|(now, then)| then > now + self.least);
        if better {
            self.send(a, Some(to_b));
            self.send(b, Some(to_a));
        }
        better
    }
}
