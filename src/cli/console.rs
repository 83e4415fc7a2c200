//! All that is printed. See [`Console`].

use std::env;
use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

use super::args::Talk;
use super::error::CliError;
use super::findings;
use crate::kernel::finding::Finding;

/// Where the program talks, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Console {
    /// Whether only results and errors are printed.
    quiet: bool,
    /// Whether a progress bar may be drawn.
    progress: bool,
    /// Whether standard output takes colours.
    color_out: bool,
    /// Whether standard error takes colours.
    color_err: bool,
}

impl Console {
    /// The console of this process: colours on a terminal only, and never where `NO_COLOR` is set
    /// to anything (no-color.org).
    pub(super) fn of_process(talk: Talk) -> Self {
        let colorful = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let err_is_terminal = io::stderr().is_terminal();
        Self {
            quiet: talk.quiet,
            progress: err_is_terminal && !talk.quiet && !talk.no_progress,
            color_out: colorful && io::stdout().is_terminal(),
            color_err: colorful && err_is_terminal,
        }
    }

    /// Whether a progress bar may be drawn.
    pub(super) fn shows_progress(&self) -> bool {
        self.progress
    }

    /// Whether standard output takes colours.
    pub(super) fn is_colorful(&self) -> bool {
        self.color_out
    }

    /// Prints a result.
    ///
    /// # Errors
    ///
    /// [`CliError::Output`] if standard output does not take it.
    pub(super) fn data(&self, text: &str) -> Result<(), CliError> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(CliError::Output)
    }

    /// Prints a result as one line of JSON.
    ///
    /// # Errors
    ///
    /// As [`Self::data`], and if the value has no JSON form.
    pub(super) fn json(&self, value: &impl Serialize) -> Result<(), CliError> {
        let mut text = serde_json::to_string(value).map_err(CliError::Json)?;
        text.push('\n');
        self.data(&text)
    }

    /// Prints a result that is for people only.
    ///
    /// # Errors
    ///
    /// As [`Self::data`].
    pub(super) fn say(&self, text: &str) -> Result<(), CliError> {
        if self.quiet { Ok(()) } else { self.data(text) }
    }

    /// Says something about the work.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.tell(text);
        }
    }

    /// Shows findings; quietly, only errors.
    pub(super) fn findings(&self, all: &[Finding]) {
        let is_shown = |finding: &&Finding| !self.quiet || finding.is_error();
        let mut shown: Vec<&Finding> = all.iter().filter(is_shown).collect();
        // Where there are too many to be shown, no warning stands in the way of an error.
        shown.sort_by_key(|finding| finding.severity);
        if !shown.is_empty() {
            self.tell(&findings::render(&shown, self.color_err));
        }
    }

    /// Says why the program fails.
    pub(super) fn error(&self, error: &CliError) {
        self.findings(error.findings());
        if !error.is_broken_pipe() {
            self.tell(&format!("error: {error}\n"));
        }
    }

    /// Writes to standard error. Where that fails, there is nobody left to tell.
    fn tell(&self, text: &str) {
        io::stderr()
            .lock()
            .write_all(text.as_bytes())
            .unwrap_or_default();
    }
}
