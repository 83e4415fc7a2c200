//! How far a run is, drawn on standard error.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::text::clock;

/// Ticks between two looks at whether to draw: looking costs a clock reading.
const TICKS: u64 = 16;

/// A progress bar, hidden where none is wanted.
#[derive(Debug)]
pub(super) struct Progress {
    /// The bar.
    bar: ProgressBar,
    /// Length of a tick, seconds.
    tick_s: f64,
    /// End of the run as a clock shows it.
    end: String,
}

impl Progress {
    /// A bar for so many ticks of a length in milliseconds.
    pub(super) fn new(is_shown: bool, ticks: u64, dt_ms: u32) -> Self {
        let target = if is_shown {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}  {eta} left")
            .expect("the template is fixed, and a test reads it");
        let bar = ProgressBar::with_draw_target(Some(ticks), target).with_style(style);
        let tick_s = f64::from(dt_ms) / 1000.0;
        Self {
            bar,
            tick_s,
            end: clock(time_s(ticks, tick_s)),
        }
    }

    /// Shows that so many ticks are done.
    pub(super) fn at(&self, ticks: u64) {
        if ticks.is_multiple_of(TICKS) && !self.bar.is_hidden() {
            self.bar.set_position(ticks);
            let now = clock(time_s(ticks, self.tick_s));
            self.bar.set_message(format!("{now} of {}", self.end));
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Simulated time after so many ticks, seconds.
fn time_s(ticks: u64, tick_s: f64) -> f64 {
    let ticks = ticks as f64;
    ticks * tick_s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_bar_takes_any_order_of_calls() {
        let progress = Progress::new(false, 100, 100);
        for ticks in [0, 16, 100, 200] {
            progress.at(ticks);
        }
        progress.end();
        assert!(progress.bar.is_finished());
        assert_eq!(progress.end, "0:00:10");
    }
}
