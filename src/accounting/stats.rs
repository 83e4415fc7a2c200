//! Time-to-event statistics with competing outcomes, quantiles and means.
//!
//! A target that was seen need not be engaged: it may expire in a queue, be lost, or leave. Means
//! over the engaged alone would call an organisation fast that engages only the easy targets. So
//! latencies are estimated over all episodes, with the other outcomes as competing risks.
//!
//! The estimator is that of Aalen and Johansen (Scandinavian Journal of Statistics 5, 1978, pp.
//! 141-150); with a single cause it is one minus the Kaplan-Meier estimator (Journal of the
//! American Statistical Association 53, 1958, pp. 457-481).

use serde::{Deserialize, Serialize};

/// How an episode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What the clock was running for happened.
    Event,
    /// The chance ran out, for example in a queue.
    Expired,
    /// The subject was lost from sight.
    Lost,
    /// The subject left the area.
    Left,
    /// The subject was destroyed first.
    Killed,
    /// The subject could never have had the event; such an episode ends at time zero.
    Never,
    /// Observation stopped first; nothing is known about what came after.
    Censored,
}

/// Number of ways to end, censoring apart.
const CAUSES: usize = 6;

impl Outcome {
    /// All ways to end.
    pub const ALL: [Self; CAUSES + 1] = [
        Self::Event,
        Self::Expired,
        Self::Lost,
        Self::Left,
        Self::Killed,
        Self::Never,
        Self::Censored,
    ];

    /// Name in tables.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Expired => "expired",
            Self::Lost => "lost",
            Self::Left => "left",
            Self::Killed => "killed",
            Self::Never => "never",
            Self::Censored => "censored",
        }
    }

    /// The outcome of a name in tables.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }

    /// Place of the cause in a row of incidences; none for a censored episode.
    const fn cause(self) -> Option<usize> {
        match self {
            Self::Event => Some(0),
            Self::Expired => Some(1),
            Self::Lost => Some(2),
            Self::Left => Some(3),
            Self::Killed => Some(4),
            Self::Never => Some(5),
            Self::Censored => None,
        }
    }
}

/// One subject's time from the start of its clock to its end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// Length in seconds, not negative.
    pub time_s: f64,
    /// How it ended.
    pub outcome: Outcome,
}

/// The estimate just after one time at which something ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Time in seconds.
    pub time_s: f64,
    /// Episodes that had not ended before this time.
    pub at_risk: usize,
    /// Probability that nothing has happened up to and including this time.
    pub survival: f64,
    /// Cumulative incidence of each cause.
    incidence: [f64; CAUSES],
}

/// Cumulative incidence functions of all causes: right-continuous steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CumulativeIncidence {
    /// Number of episodes.
    n: usize,
    /// One step per distinct time at which an episode ended uncensored, in order of time.
    steps: Vec<Step>,
}

/// The Aalen-Johansen estimate of the cumulative incidence functions.
///
/// With `d_k(t)` episodes that end by cause k at t and `n(t)` at risk, `F_k` grows at t by
/// `S(t-) d_k(t) / n(t)` and `S(t) = S(t-) (1 - Σ_k d_k(t) / n(t))`. An episode that is censored at
/// t counts as at risk at t. O(n log n).
#[must_use]
pub fn cumulative_incidence(episodes: &[Episode]) -> CumulativeIncidence {
    debug_assert!(
        episodes
            .iter()
            .all(|e| e.time_s.is_finite() && e.time_s >= 0.0),
        "an episode has a finite length that is not negative"
    );
    let mut sorted = episodes.to_vec();
    sorted.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    let mut steps = Vec::new();
    let (mut survival, mut incidence) = (1.0, [0.0; CAUSES]);
    let mut start = 0;
    for tied in sorted.chunk_by(|a, b| a.time_s.total_cmp(&b.time_s).is_eq()) {
        let at_risk = sorted.len() - start;
        start += tied.len();
        let mut ended = 0_usize;
        for cause in tied.iter().filter_map(|e| e.outcome.cause()) {
            incidence[cause] += survival / at_risk as f64;
            ended += 1;
        }
        if ended == 0 {
            continue;
        }
        survival *= (at_risk - ended) as f64 / at_risk as f64;
        steps.push(Step {
            time_s: tied[0].time_s,
            at_risk,
            survival,
            incidence,
        });
    }
    CumulativeIncidence {
        n: episodes.len(),
        steps,
    }
}

impl CumulativeIncidence {
    /// Number of episodes that the estimate rests on.
    #[must_use]
    pub const fn n(&self) -> usize {
        self.n
    }

    /// The steps, in order of time.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The last step at or before a time.
    fn step_at(&self, time_s: f64) -> Option<&Step> {
        let after = self.steps.partition_point(|step| step.time_s <= time_s);
        self.steps[..after].last()
    }

    /// Probability that an episode has ended in this way by a time in seconds. Zero for
    /// [`Outcome::Censored`], which is no cause. Beyond the last step the estimate stays level.
    #[must_use]
    pub fn at(&self, outcome: Outcome, time_s: f64) -> f64 {
        match (outcome.cause(), self.step_at(time_s)) {
            (Some(cause), Some(step)) => step.incidence[cause],
            _ => 0.0,
        }
    }

    /// Probability that an episode has not ended by a time in seconds.
    #[must_use]
    pub fn survival_at(&self, time_s: f64) -> f64 {
        self.step_at(time_s).map_or(1.0, |step| step.survival)
    }

    /// Restricted mean time to the event in seconds: the integral of `1 - F_event` from zero to the
    /// horizon; none without episodes.
    ///
    /// That is the mean of min(T, horizon) with T infinite for an episode that ends otherwise: who
    /// expires, is lost, leaves or never could, counts with the whole horizon (the subdistribution
    /// of Fine and Gray, Journal of the American Statistical Association 94, 1999, pp. 496-509; the
    /// horizon less the result is the time lost to the cause of Andersen, Statistics in Medicine
    /// 32, 2013, pp. 5278-5285, eq. 4). Where censoring ends observation before the horizon, `F`
    /// stays at its last value, which errs towards a longer mean.
    #[must_use]
    pub fn restricted_mean_s(&self, horizon_s: f64) -> Option<f64> {
        debug_assert!(
            horizon_s.is_finite() && horizon_s >= 0.0,
            "a horizon is a time span"
        );
        if self.n == 0 {
            return None;
        }
        let (mut mean_s, mut from_s, mut incidence) = (0.0, 0.0, 0.0);
        for step in self.steps.iter().take_while(|step| step.time_s < horizon_s) {
            mean_s += (1.0 - incidence) * (step.time_s - from_s);
            (from_s, incidence) = (step.time_s, step.incidence[0]);
        }
        Some(mean_s + (1.0 - incidence) * (horizon_s - from_s))
    }

    /// The corners of one cause's curve as (seconds, probability), from (0, 0) on.
    #[must_use]
    pub fn curve(&self, outcome: Outcome) -> Vec<[f64; 2]> {
        let mut corners = vec![[0.0, 0.0]];
        let Some(cause) = outcome.cause() else {
            return corners;
        };
        for step in &self.steps {
            let last = corners[corners.len() - 1][1];
            if step.incidence[cause] > last {
                corners.push([step.time_s, step.incidence[cause]]);
            }
        }
        corners
    }
}

/// The p-quantile of a sample, p in 0 to 1; none of an empty one.
///
/// Linear between order statistics, with the least value at p = 0 and the greatest at p = 1:
/// definition 7 of Hyndman and Fan (The American Statistician 50, 1996, pp. 361-365), the default
/// of R and `NumPy`.
#[must_use]
pub fn quantile(sample: &[f64], p: f64) -> Option<f64> {
    debug_assert!(
        (0.0..=1.0).contains(&p),
        "a quantile's order is a probability"
    );
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let place = p * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last index"
    )]
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (place - below as f64) * (sorted[above] - sorted[below]))
}

/// The median of a sample; none of an empty one.
#[must_use]
pub fn median(sample: &[f64]) -> Option<f64> {
    quantile(sample, 0.5)
}

/// The arithmetic mean of a sample; none of an empty one.
#[must_use]
pub fn mean(sample: &[f64]) -> Option<f64> {
    let mut mean = WeightedMean::default();
    for value in sample {
        mean.add(*value, 1.0);
    }
    mean.value()
}

/// A mean that grows by one value at a time, each with a weight.
///
/// With the time that a value held as its weight it is the time-weighted mean of a step function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WeightedMean {
    /// Sum of value times weight.
    sum: f64,
    /// Sum of weights.
    weight: f64,
}

impl WeightedMean {
    /// Adds a value with a weight that is not negative.
    pub fn add(&mut self, value: f64, weight: f64) {
        debug_assert!(
            value.is_finite() && weight >= 0.0,
            "a finite value with a weight"
        );
        self.sum += value * weight;
        self.weight += weight;
    }

    /// The mean so far; none before the first positive weight.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

#[cfg(test)]
#[path = "stats_tests.rs"]
mod tests;
