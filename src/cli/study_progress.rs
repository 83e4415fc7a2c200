//! How far a study is, drawn on standard error.

use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::interrupt;
use super::text::number;
use crate::study::replicate::Watch;

/// A progress bar over the ticks of all replications, hidden where none is wanted.
#[derive(Debug)]
pub(super) struct StudyProgress {
    /// The bar.
    bar: ProgressBar,
    /// Replications that were done before.
    before: usize,
    /// Replications that this process has done.
    done: AtomicUsize,
    /// Replications in all.
    runs: usize,
}

impl StudyProgress {
    /// A bar for so many ticks, with `before` of `runs` replications done.
    pub(super) fn new(is_shown: bool, ticks: u64, before: usize, runs: usize) -> Self {
        let target = if is_shown {
            ProgressDrawTarget::stderr_with_hz(5)
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}  {eta} left")
            .expect("the template is fixed, and a test reads it");
        let bar = ProgressBar::with_draw_target(Some(ticks), target).with_style(style);
        let done = AtomicUsize::new(0);
        let progress = Self {
            bar,
            before,
            done,
            runs,
        };
        progress.tell();
        progress
    }

    /// One more replication is done.
    pub(super) fn add(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }

    /// Says how many are done, and how fast.
    fn tell(&self) {
        if self.bar.is_hidden() {
            return;
        }
        let done = self.done.load(Ordering::Relaxed);
        let minutes = self.bar.elapsed().as_secs_f64() / 60.0;
        let rate = if done > 0 && minutes > 0.0 {
            format!(", {} a minute", number(done as f64 / minutes))
        } else {
            String::new()
        };
        let all = self.before + done;
        self.bar
            .set_message(format!("{all} of {} runs{rate}", self.runs));
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for StudyProgress {
    fn ticks(&self, ticks: u64) {
        self.bar.inc(ticks);
    }

    fn is_stopped(&self) -> bool {
        interrupt::is_pressed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_bar_counts_all_the_same() {
        let progress = StudyProgress::new(false, 100, 3, 5);
        progress.ticks(60);
        progress.add();
        progress.ticks(40);
        assert_eq!(progress.bar.position(), 100);
        assert_eq!(progress.done.load(Ordering::Relaxed), 1);
        assert!(!progress.is_stopped());
        progress.end();
    }
}
