//! Wall and processor time of a run and of the phases of its ticks.
#![expect(
    clippy::disallowed_types,
    reason = "measuring speed is the command line's task"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

use crate::kernel::schedule::Phase;

/// Number of phases.
const PHASES: usize = Phase::ALL.len();

/// Wall and processor time since it was started.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopwatch {
    /// Wall time.
    wall: Instant,
    /// Processor time of the process; none where the system does not tell.
    cpu: Option<ProcessTime>,
}

/// What a stopwatch showed, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spent {
    /// Wall time.
    pub(super) wall_s: f64,
    /// Processor time of the process; the wall time where the system does not tell.
    pub(super) cpu_s: f64,
}

impl Stopwatch {
    /// Starts now.
    pub(super) fn start() -> Self {
        Self {
            wall: Instant::now(),
            cpu: ProcessTime::try_now().ok(),
        }
    }

    /// What it shows.
    pub(super) fn spent(&self) -> Spent {
        let wall_s = self.wall.elapsed().as_secs_f64();
        let cpu = self.cpu.and_then(|cpu| cpu.try_elapsed().ok());
        Spent {
            wall_s,
            cpu_s: cpu.map_or(wall_s, |cpu| cpu.as_secs_f64()),
        }
    }
}

/// Adds up the wall time of each phase over all ticks.
#[derive(Debug, Clone, Default)]
pub(super) struct PhaseClock(Arc<Mutex<Phases>>);

/// What a phase clock knows.
#[derive(Debug, Default)]
struct Phases {
    /// The phase that goes on, and since when.
    current: Option<(Phase, Instant)>,
    /// Wall time by phase so far, in the order of the tick.
    spent: [Duration; PHASES],
}

impl Phases {
    /// Ends the phase that goes on, if any, and begins another, if any.
    fn go_to(&mut self, next: Option<Phase>) {
        let now = Instant::now();
        if let Some((phase, since)) = self.current {
            self.spent[phase as usize] += now - since;
        }
        self.current = next.map(|phase| (phase, now));
    }
}

impl PhaseClock {
    /// What the schedule calls at the start of every phase.
    pub(super) fn hook(&self) -> Box<dyn FnMut(Phase) + Send + Sync> {
        let clock = self.clone();
        Box::new(move |phase| clock.go_to(Some(phase)))
    }

    /// Ends the last phase of a tick: what follows is not the simulation's time.
    pub(super) fn end_tick(&self) {
        self.go_to(None);
    }

    /// Passes on to the phases; a thread that panicked has left them sound.
    fn go_to(&self, next: Option<Phase>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .go_to(next);
    }

    /// Processor time by name of the phase, seconds. Asking the system for processor time at every
    /// phase would cost more than most phases do, so that of the whole run is shared out in
    /// proportion to wall time.
    pub(super) fn cpu_s(&self, run: Spent) -> BTreeMap<String, f64> {
        let phases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let scale = if run.wall_s > 0.0 {
            run.cpu_s / run.wall_s
        } else {
            0.0
        };
        let of = |phase: &Phase| {
            let wall_s = phases.spent[*phase as usize].as_secs_f64();
            (format!("{phase:?}"), wall_s * scale)
        };
        Phase::ALL.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_get_their_own_time_and_pauses_count_for_none() {
        let clock = PhaseClock::default();
        let mut hook = clock.hook();
        let spin = |millis| {
            let since = Instant::now();
            while since.elapsed() < Duration::from_millis(millis) {}
        };
        hook(Phase::Move);
        spin(2);
        hook(Phase::Sense);
        spin(4);
        clock.end_tick();
        spin(8);
        hook(Phase::Move);
        clock.end_tick();
        let all = clock.cpu_s(Spent {
            wall_s: 2.0,
            cpu_s: 1.0,
        });
        assert_eq!(all.len(), PHASES);
        assert!(all["Move"] >= 0.001 && all["Sense"] >= 0.002, "{all:?}");
        // The pause of 8 ms would show as 4 ms in one of them, unless another process steals time.
        assert!(
            all.values().sum::<f64>() >= 0.003 && all["Command"] <= 0.0,
            "{all:?}"
        );
    }

    #[test]
    fn a_stopwatch_runs() {
        let watch = Stopwatch::start();
        let first = watch.spent();
        let second = watch.spent();
        assert!(second.wall_s >= first.wall_s && second.cpu_s >= first.cpu_s);
    }
}
