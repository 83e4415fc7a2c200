//! Instance files of the field in, answers out: what `tercio solve` runs, without a clock.
//!
//! Each kind has a file here that reads its format, calls its solver in [`crate::planning::algo`], and
//! checks a given solution without that solver.

mod answer;
#[cfg(test)]
mod assignment_tests;
pub mod cbba;
mod certificate;
pub mod coverage;
pub mod gap;
mod json;
pub mod lap;
pub mod mrta;
pub mod relay;
pub mod swta;
pub mod top;
pub mod uxas;
mod uxas_words;
mod words;
pub mod wta;

pub use answer::{Answer, Checked, Options, Sense, SolveError, Topology};

use serde::Serialize;
use serde_json::Value;

use crate::kernel::budget::Budget;

/// What is to be solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Linear assignment.
    Lap,
    /// Weapon-target assignment.
    Wta,
    /// Sensor-weapon-target assignment.
    Swta,
    /// Generalised assignment.
    Gap,
    /// Team orienteering.
    Top,
    /// Consensus-based bundle algorithm.
    Cbba,
    /// Coverage by several vehicles: rooted tree cover.
    Coverage,
    /// Relay placement.
    Relay,
    /// Coalitions with precedence.
    Mrta,
    /// OpenUxAS task assignment.
    Uxas,
}

impl Kind {
    /// Solves an instance, as well as the budget allows.
    ///
    /// # Errors
    /// [`SolveError`], if the text is no instance of this kind, or has no solution.
    pub fn solve(
        self,
        text: &str,
        options: &Options,
        budget: &mut dyn Budget,
    ) -> Result<Answer, SolveError> {
        match self {
            Self::Lap => lap::solve(text, options, budget),
            Self::Wta => wta::solve(text, options, budget),
            Self::Swta => swta::solve(text, options, budget),
            Self::Gap => gap::solve(text, options, budget),
            Self::Top => top::solve(text, options, budget),
            Self::Cbba => cbba::solve(text, options, budget),
            Self::Coverage => coverage::solve(text, options, budget),
            Self::Relay => relay::solve(text, options, budget),
            Self::Mrta => mrta::solve(text, options, budget),
            Self::Uxas => uxas::solve(text, options, budget),
        }
    }

    /// Works out anew what a solution is worth, without the solver.
    ///
    /// # Errors
    /// [`SolveError`], if the text is no instance of this kind, or the solution breaks its rules.
    pub fn check(
        self,
        text: &str,
        options: &Options,
        solution: &Value,
    ) -> Result<Checked, SolveError> {
        match self {
            Self::Lap => lap::check(text, options, solution),
            Self::Wta => wta::check(text, options, solution),
            Self::Swta => swta::check(text, options, solution),
            Self::Gap => gap::check(text, options, solution),
            Self::Top => top::check(text, options, solution),
            Self::Cbba => cbba::check(text, options, solution),
            Self::Coverage => coverage::check(text, options, solution),
            Self::Relay => relay::check(text, options, solution),
            Self::Mrta => mrta::check(text, options, solution),
            Self::Uxas => uxas::check(text, options, solution),
        }
    }

    /// The bound that a certificate proves, worked out anew without the solver; none for a kind whose
    /// answers have no certificate.
    ///
    /// # Errors
    /// [`SolveError`], if the text is no instance of this kind, the certificate does not prove what it
    /// says, or the budget ends before that is seen.
    pub fn verify(
        self,
        text: &str,
        options: &Options,
        certificate: &Value,
        budget: &mut dyn Budget,
    ) -> Result<Option<f64>, SolveError> {
        match self {
            Self::Wta => wta::verify(text, options, certificate, budget).map(Some),
            Self::Swta => swta::verify(text, certificate, budget).map(Some),
            _ => Ok(None),
        }
    }
}
