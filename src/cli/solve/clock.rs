//! A budget of processor time, for people who ask for seconds. See [`CpuBudget`].

use super::super::phase_clock::Stopwatch;
use crate::kernel::budget::Budget;

/// Steps and calls between two looks at the clock.
const LOOK_STEPS: u64 = 4096;
/// Least time that a step takes, s: what would not fit at this rate is not begun.
const STEP_S: f64 = 1e-9;
/// See [`LOOK_STEPS`]: a call weighs as much as this many steps.
const CALL_STEPS: u64 = 128;

/// Lets a solver work for so much processor time of the process.
#[derive(Debug)]
pub(super) struct CpuBudget {
    /// Runs since the solver began.
    watch: Stopwatch,
    /// How long it may run, s.
    limit_s: f64,
    /// Steps since the last look.
    steps: u64,
    /// Whether the time was up at a look.
    is_over: bool,
}

impl CpuBudget {
    /// Begins now; `limit_s` in seconds.
    pub(super) fn new(limit_s: f64) -> Self {
        Self {
            watch: Stopwatch::start(),
            limit_s,
            steps: LOOK_STEPS,
            is_over: false,
        }
    }
}

impl Budget for CpuBudget {
    fn spend(&mut self, steps: u64) -> bool {
        self.steps = self.steps.saturating_add(steps).saturating_add(CALL_STEPS);
        if self.steps >= LOOK_STEPS && !self.is_over {
            #[expect(clippy::cast_precision_loss, reason = "an estimate of time")]
            let ahead_s = steps as f64 * STEP_S;
            self.steps = 0;
            self.is_over = self.watch.spent().cpu_s + ahead_s >= self.limit_s;
        }
        !self.is_over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_ran_out_stays_so() {
        let mut none = CpuBudget::new(0.0);
        assert!(!none.spend(1) && !none.spend(0));
        let mut some = CpuBudget::new(3600.0);
        assert!((0..1000).all(|_| some.spend(100)));
    }
}
