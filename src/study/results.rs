//! The result of a study, as `--json` prints it and `results.json` keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::gate::State;
use crate::accounting::summary::{Direction, ScenarioIdentity};

/// What a measure came to at one design point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureResult {
    /// Replications that gave a value.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Lower end of its t interval; none for a single value.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Sample standard deviation; none for a single value.
    pub deviation: Option<f64>,
    /// Median.
    pub median: f64,
    /// Lower end of its interval of order statistics; none below six values (at 95 %).
    pub median_low: Option<f64>,
    /// Upper end.
    pub median_high: Option<f64>,
    /// Share of replications that meet the measure's threshold; none without a threshold.
    pub met: Option<MetResult>,
}

/// How often a measure met its threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetResult {
    /// The threshold.
    pub threshold: f64,
    /// Share of replications that meet it.
    pub share: f64,
    /// Lower end of its Wilson interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One design point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointResult {
    /// Its id.
    pub id: String,
    /// What makes the scenario into this point, as for `--set`.
    pub settings: Vec<String>,
    /// Replications that ran to their end.
    pub n: usize,
    /// Replications that failed.
    pub failed: usize,
    /// The measures that gave a value in any replication, by name.
    pub measures: BTreeMap<String, MeasureResult>,
}

/// The difference of a measure between two design points over replications with the same seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DifferenceResult {
    /// The measure.
    pub measure: String,
    /// The one point.
    pub first: String,
    /// The point that is taken away.
    pub second: String,
    /// Number of pairs.
    pub n: usize,
    /// Mean of first less second.
    pub mean: f64,
    /// Lower end of its t interval; none for a single pair.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// How many times fewer replications common random numbers needed; none where that is not
    /// defined.
    pub variance_reduction: Option<f64>,
}

/// A gate at one design point, or between two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateResult {
    /// The gate as it was written.
    pub gate: String,
    /// The design point; of a difference the first.
    pub point: String,
    /// What became of it.
    pub state: State,
    /// The statistic; none where there was nothing to compute it from.
    pub value: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// A replication that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The design point.
    pub point: String,
    /// Number of the replication.
    pub replication: u64,
    /// Its seed.
    pub seed: u64,
    /// Why.
    pub error: String,
}

/// What is known of a measure of the study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureColumn {
    /// Name.
    pub name: String,
    /// Unit, `1` for a bare number.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
}

/// The result of a study. It holds no wall time: the same study gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Name of the study.
    pub study: String,
    /// One line for people.
    pub title: String,
    /// Hash of everything that its runs depend on.
    pub hash: String,
    /// Version of the program.
    pub tercio: String,
    /// Revision that it was built from.
    pub git: String,
    /// The scenario file.
    pub scenario: ScenarioIdentity,
    /// Where every run stops, s; none where the scenario says it.
    pub until_s: Option<f64>,
    /// How long every run was at most, s.
    pub horizon_s: f64,
    /// Replications of each design point.
    pub replications: u64,
    /// Confidence of every interval.
    pub confidence: f64,
    /// The measures, in order.
    pub measures: Vec<MeasureColumn>,
    /// The design points.
    pub points: Vec<PointResult>,
    /// Paired differences.
    pub differences: Vec<DifferenceResult>,
    /// The gates.
    pub gates: Vec<GateResult>,
    /// Replications that failed.
    pub failures: Vec<Failure>,
}
