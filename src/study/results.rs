//! The result of a study, as `--json` prints it and `results.json` keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::gate::State;
use super::stats::break_even::End;
use crate::accounting::span::Span;
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
    /// `name=level` of every factor.
    #[serde(default)]
    pub levels: Vec<String>,
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

/// An estimate with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end; none where there are too few replications for one.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// A time of one side at one design point, over all targets that became detectable. Intervals take
/// the replication as the unit that varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeResult {
    /// The observing side.
    pub side: String,
    /// Which time.
    pub time: Span,
    /// The design point.
    pub point: String,
    /// Replications that had targets.
    pub runs: usize,
    /// Targets of all of them.
    pub targets: usize,
    /// Targets to which the event happened, at any time.
    pub events: usize,
    /// Targets that the end of their run cut off before the horizon.
    pub censored: usize,
    /// Probability of the event within the horizon.
    pub incidence: Interval,
    /// Restricted mean time to the event, s: who has no event counts with the whole horizon.
    pub restricted_mean_s: Interval,
    /// Probability of each way to end otherwise within the horizon, by the name of the outcome.
    pub competing: BTreeMap<String, Interval>,
    /// Median time conditional on the event, s: it says nothing of the other targets.
    pub median_conditional_s: Option<f64>,
}

/// The difference of a time between two design points over replications with the same seed, first
/// less second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeDifference {
    /// The observing side.
    pub side: String,
    /// Which time.
    pub time: Span,
    /// The one point.
    pub first: String,
    /// The point that is taken away.
    pub second: String,
    /// Number of pairs.
    pub pairs: usize,
    /// Difference of the probabilities of the event within the horizon.
    pub incidence: Interval,
    /// Difference of the restricted means, s.
    pub restricted_mean_s: Interval,
}

/// What one cause contributes to a difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartResult {
    /// The factor that is switched off.
    pub cause: String,
    /// What goes with it where causes are switched off in the order of the study.
    pub forward: Interval,
    /// What goes with it in the opposite order.
    pub backward: Interval,
    /// The mean over all orders.
    pub average: Interval,
}

/// A paired difference taken apart, in the unit of its measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecompositionResult {
    /// The measure.
    pub measure: String,
    /// The one level.
    pub first: String,
    /// The level that is taken away.
    pub second: String,
    /// Replications with a value at every design point of it.
    pub n: usize,
    /// The difference with every cause in force.
    pub whole: Interval,
    /// What each cause contributes.
    pub parts: Vec<PartResult>,
    /// The difference with every cause switched off.
    pub rest: Interval,
}

/// Where a paired difference crosses zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BreakEvenResult {
    /// The measure.
    pub measure: String,
    /// The one level of the contrast.
    pub first: String,
    /// The level that is taken away.
    pub second: String,
    /// The factor along which is looked.
    pub over: String,
    /// Replications with a value at every design point of it.
    pub n: usize,
    /// The levels of that factor.
    pub levels: Vec<f64>,
    /// The mean difference at each.
    pub differences: Vec<f64>,
    /// The level at which the difference is zero; none where it keeps its sign.
    pub level: Option<f64>,
    /// Lower end of its interval: a level, or on which side of the levels it lies; none where there are
    /// too few replications for an interval.
    pub low: Option<End>,
    /// Upper end.
    pub high: Option<End>,
    /// Share of the bootstrap's resamples in which the difference crosses zero.
    pub crossed: f64,
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
    /// Horizon of `times` and `time_differences`, s.
    #[serde(default)]
    pub times_horizon_s: f64,
    /// Times over all detectable targets, by side, time and design point.
    #[serde(default)]
    pub times: Vec<TimeResult>,
    /// Their paired differences.
    #[serde(default)]
    pub time_differences: Vec<TimeDifference>,
    /// Differences taken apart.
    #[serde(default)]
    pub decompositions: Vec<DecompositionResult>,
    /// Where differences cross zero.
    #[serde(default)]
    pub break_evens: Vec<BreakEvenResult>,
    /// The gates.
    pub gates: Vec<GateResult>,
    /// Replications that failed.
    pub failures: Vec<Failure>,
}
