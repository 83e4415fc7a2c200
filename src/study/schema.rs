//! The form of a study file.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// A whole study as its file states it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Version of the format; this reader knows 1.
    pub format_version: u32,
    /// Name, in kebab case; with `seed` it names the random numbers of the study.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// The scenario file, relative to the folder of the study.
    pub scenario: String,
    /// What varies; the design points are all combinations of levels. None: one point, the
    /// scenario itself.
    #[serde(default)]
    pub factors: Vec<FactorSpec>,
    /// Ids of the combinations that are run, in this order; all of them where left out.
    #[serde(default)]
    pub points: Vec<String>,
    /// Runs of each design point.
    pub replications: u64,
    /// Another number, other random numbers.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// Where every run stops, s; by default where the scenario does.
    #[serde(default)]
    pub until_s: Option<f64>,
    /// Horizon of times over all detectable targets, s; by default the length of a run.
    #[serde(default)]
    pub times_horizon_s: Option<f64>,
    /// Measures to keep, in this order; by default all that a run yields.
    #[serde(default)]
    pub measures: Vec<String>,
    /// Differences to report; by default every design point less the first.
    #[serde(default)]
    pub comparisons: Vec<Comparison>,
    /// Differences to take apart into what causes them.
    #[serde(default)]
    pub decompositions: Vec<DecompositionSpec>,
    /// Differences of which to find where they cross zero.
    #[serde(default)]
    pub break_evens: Vec<BreakEvenSpec>,
    /// What must hold, see [`super::gate`].
    #[serde(default)]
    pub gates: Vec<String>,
    /// Confidence of every interval.
    #[serde(default = "default_confidence")]
    pub confidence: f64,
}

/// Something that varies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorSpec {
    /// Name in the ids of design points; by default the last step of the path.
    #[serde(default)]
    pub name: Option<String>,
    /// Dotted path into the scenario, as for `--set`.
    pub path: String,
    /// The values that it takes, as the scenario writes them; the tree of the file has them.
    pub levels: Vec<IgnoredAny>,
    /// What the levels are called in the ids of design points, one for each; by default the values.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// Two design points whose difference is reported, first less second.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Id of the one.
    pub first: String,
    /// Id of the other.
    pub second: String,
}

/// A difference of a measure between two levels of a factor, first less second; factors that nothing
/// else names stand at their first level.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contrast {
    /// The measure.
    pub measure: String,
    /// Name of the factor.
    pub of: String,
    /// The one level, as in the ids of design points.
    pub first: String,
    /// The level that is taken away.
    pub second: String,
}

/// A difference to take apart.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecompositionSpec {
    /// The difference.
    pub contrast: Contrast,
    /// Factors that are switched off one after the other: in force at their first level, off at
    /// their last.
    pub causes: Vec<String>,
}

/// A difference that may cross zero.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakEvenSpec {
    /// The difference.
    pub contrast: Contrast,
    /// The factor along which to look; its levels are ascending numbers.
    pub over: String,
}

/// The seed of a file that names none.
fn default_seed() -> u64 {
    1
}

/// The confidence of a file that names none.
fn default_confidence() -> f64 {
    0.95
}
