//! What a solver was asked and what it answers. See [`Answer`].

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sense {
    /// Less is better, and a bound lies below.
    Min,
    /// More is better, and a bound lies above.
    Max,
}

/// Who hears whom among the agents of a market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Topology {
    /// Everybody everybody.
    #[default]
    Full,
    /// Each its two neighbours in a circle.
    Ring,
    /// Each its neighbours in a row.
    Line,
    /// All the first agent alone.
    Star,
}

/// What a person asked for besides the instance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Units of every weapon type (`wta`), instead of what the file says.
    pub mu: Option<u32>,
    /// Who hears whom (`cbba`).
    pub topology: Topology,
    /// Whether agents trade on after the auction (`cbba`).
    pub exchange: bool,
    /// Seed of solvers that draw.
    pub seed: u64,
}

/// A solution, what it is worth, and how far from the best it can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Which way is better.
    pub sense: Sense,
    /// What the solution is worth.
    pub objective: f64,
    /// What no solution can be better than, where it is known.
    pub bound: Option<f64>,
    /// Whether the bound shows the solution to be the best, within the solver's stated tolerance.
    pub proven: bool,
    /// What found it, e.g. `column-generation`.
    pub method: &'static str,
    /// The solution, in the form that `docs/solvers.md` gives for its kind.
    pub solution: Value,
    /// What proves a bound of the objective, in the form that `docs/solvers.md` gives for its kind;
    /// [`Kind::verify`](super::Kind::verify) checks it without the solver.
    pub certificate: Option<Value>,
    /// More figures for people: names that end in their unit, and values.
    pub notes: Vec<(String, f64)>,
}

/// A solution that was checked without the solver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checked {
    /// Which way is better.
    pub sense: Sense,
    /// What it is worth, worked out anew from the instance.
    pub objective: f64,
}

/// Why an instance or a solution was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SolveError {
    /// The text is not an instance of its kind.
    #[error("line {line}: {cause}; {cure}")]
    Instance {
        /// Line, counted from 1.
        line: usize,
        /// What is wrong, with the value.
        cause: String,
        /// What to do about it.
        cure: String,
    },
    /// The solution breaks a rule of the problem.
    #[error("the solution does not hold: {0}")]
    Solution(String),
    /// The certificate does not prove what it says.
    #[error("the certificate does not hold: {0}")]
    Certificate(String),
    /// There is no solution.
    #[error("there is no solution: {0}")]
    Infeasible(String),
}
