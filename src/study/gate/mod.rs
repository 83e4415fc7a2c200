//! Gates: what must hold of a study, as short expressions.
//!
//! ```text
//! gate      = statistic ( ">=" | ">" | "<=" | "<" ) number
//! statistic = "mean(" [point ","] measure ")"
//!           | "median(" [point ","] measure ")"
//!           | "p(" [point ","] measure [ comparison number ] ")"
//!           | "diff(" point "," point "," measure ")"
//! ```
//!
//! `p(x)` is the share of replications in which the measure meets its threshold of the scenario,
//! `p(x >= 3)` the share in which the condition holds; `diff` is the mean paired difference, first
//! point less second. Without a point, a gate must hold at every design point.
//!
//! A gate passes where the whole interval of its statistic satisfies it, fails where none of it
//! does, and is undecided otherwise.

mod judge;
mod parse;

pub use judge::{Sample, State, estimate, judge};
pub use parse::{GateError, parse};

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
}

impl Relation {
    /// Whether it holds between two numbers.
    #[must_use]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::AtLeast => left >= right,
            Self::Above => left > right,
            Self::AtMost => left <= right,
            Self::Below => left < right,
        }
    }
}

/// What a gate is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Statistic {
    /// The mean.
    Mean,
    /// The median.
    Median,
    /// The share of replications that satisfy a condition; by default the measure's threshold.
    Share(Option<(Relation, f64)>),
    /// The mean paired difference from this other point.
    Difference {
        /// The point that is taken away.
        second: String,
    },
}

/// A gate.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// As it was written.
    pub text: String,
    /// What it is about.
    pub statistic: Statistic,
    /// The design point; none means every one.
    pub point: Option<String>,
    /// The measure.
    pub measure: String,
    /// How the statistic must compare.
    pub relation: Relation,
    /// With what.
    pub bound: f64,
}
