//! The kill chain of one side: how far its targets got, how long it took, and where it broke.

use serde::{Deserialize, Serialize};

use super::span::{Span, SpanAccount, incidence_of};
use super::stats::{CumulativeIncidence, median, quantile};
use super::target::{Fate, TargetRecord};

/// A stage on the way from a target that could be seen to an effect that was assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A sensor of the side could have detected it for the first time.
    FirstDetectable,
    /// A sensor of the side detected it.
    Detected,
    /// A node of the side has a confirmed track.
    Tracked,
    /// The track reached the node that decided about it, or would have.
    Shared,
    /// A planner proposed an effector.
    Decided,
    /// A human desk authorised the engagement.
    Authorised,
    /// An effector fired.
    Engaged,
    /// A sensor's look after the engagement reached the node that asked for it.
    Assessed,
}

/// Number of stages.
pub const STAGES: usize = 8;

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; STAGES] = [
        Self::FirstDetectable,
        Self::Detected,
        Self::Tracked,
        Self::Shared,
        Self::Decided,
        Self::Authorised,
        Self::Engaged,
        Self::Assessed,
    ];

    /// Place in the order, from zero.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Name in words, as a report prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstDetectable => "first detectable",
            Self::Detected => "detected",
            Self::Tracked => "tracked",
            Self::Shared => "shared",
            Self::Decided => "decided",
            Self::Authorised => "authorised",
            Self::Engaged => "engaged",
            Self::Assessed => "assessed",
        }
    }
}

/// What became of a target in the eyes of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetOutcome {
    /// Engaged, and the effect was assessed.
    Assessed,
    /// Engaged, and never assessed.
    Engaged,
    /// Its chance ran out in a queue or with an authorisation.
    Expired,
    /// Its track was lost and not found again.
    Lost,
    /// It left the area.
    Left,
    /// It was destroyed without having been engaged.
    Killed,
    /// It was never detected.
    NeverDetected,
    /// The run ended while it was being worked on.
    Open,
}

impl TargetOutcome {
    /// Name in words, as a report prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assessed => "assessed",
            Self::Engaged => "engaged",
            Self::Expired => "expired",
            Self::Lost => "lost",
            Self::Left => "left",
            Self::Killed => "killed otherwise",
            Self::NeverDetected => "never detected",
            Self::Open => "open",
        }
    }
}

/// The way of one target through the stages, as one side made it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetTimeline {
    /// The target's unit id.
    pub target: String,
    /// First time of each stage in the order of [`Stage::ALL`], seconds since the run began; none
    /// where the stage was not reached.
    pub times_s: [Option<f64>; STAGES],
    /// What became of it.
    pub outcome: TargetOutcome,
    /// When that was settled, seconds since the run began; the end of the run for
    /// [`TargetOutcome::Open`].
    pub ended_s: f64,
    /// The first stage that it should have reached and did not.
    pub broke_at: Option<Stage>,
    /// Why it did not, in a few words.
    pub why: String,
    /// First harm that a shot of the side did to it, seconds since the run began.
    pub effect_s: Option<f64>,
    /// What ended the chance on it, or would have, had it not been engaged.
    pub fate: Fate,
    /// When that was; the end of the run for [`Fate::Open`].
    pub fate_s: f64,
    /// When the run ended.
    pub end_s: f64,
}

impl TargetTimeline {
    /// Time of a stage in seconds since the run began.
    #[must_use]
    pub const fn time_s(&self, stage: Stage) -> Option<f64> {
        self.times_s[stage.index()]
    }

    /// Seconds that a stage took: from the last earlier stage that was reached. None where the
    /// stage was not reached, or none before it was. A stage reached before the one ahead of it
    /// took no time.
    #[must_use]
    pub fn stage_s(&self, stage: Stage) -> Option<f64> {
        let before = self.times_s[..stage.index()]
            .iter()
            .rev()
            .find_map(|time| *time)?;
        Some((self.time_s(stage)? - before).max(0.0))
    }

    /// What times are analysed from; none if the target never became detectable.
    #[must_use]
    pub fn record(&self) -> Option<TargetRecord> {
        Some(TargetRecord {
            target: self.target.clone(),
            first_detectable_s: self.times_s.iter().flatten().copied().next()?,
            detected_s: self.time_s(Stage::Detected),
            tracked_s: self.time_s(Stage::Tracked),
            shared_s: self.time_s(Stage::Shared),
            decided_s: self.time_s(Stage::Decided),
            authorised_s: self.time_s(Stage::Authorised),
            engaged_s: self.time_s(Stage::Engaged),
            effect_s: self.effect_s,
            assessed_s: self.time_s(Stage::Assessed),
            fate: self.fate,
            fate_s: self.fate_s,
            end_s: self.end_s,
        })
    }
}

/// The records of all targets that became detectable.
#[must_use]
pub fn records(targets: &[TargetTimeline]) -> Vec<TargetRecord> {
    targets.iter().filter_map(TargetTimeline::record).collect()
}

/// How many targets reached a stage, and how long it took them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// Targets that reached it.
    pub count: usize,
    /// Median of the seconds from the stage before, conditional on both: over those that reached them.
    pub median_s: Option<f64>,
    /// Their 90th percentile ([`quantile`] says how it is interpolated).
    pub p90_s: Option<f64>,
}

/// How many targets ended in each way; the numbers add up to the number of targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeCounts {
    /// Engaged and assessed.
    pub assessed: usize,
    /// Engaged, not assessed.
    pub engaged: usize,
    /// Chance ran out.
    pub expired: usize,
    /// Track lost.
    pub lost: usize,
    /// Left the area.
    pub left: usize,
    /// Destroyed without having been engaged.
    #[serde(default)]
    pub killed: usize,
    /// Never detected.
    pub never_detected: usize,
    /// Being worked on when the run ended.
    pub open: usize,
}

impl OutcomeCounts {
    /// The counter of an outcome.
    const fn of_mut(&mut self, outcome: TargetOutcome) -> &mut usize {
        match outcome {
            TargetOutcome::Assessed => &mut self.assessed,
            TargetOutcome::Engaged => &mut self.engaged,
            TargetOutcome::Expired => &mut self.expired,
            TargetOutcome::Lost => &mut self.lost,
            TargetOutcome::Left => &mut self.left,
            TargetOutcome::Killed => &mut self.killed,
            TargetOutcome::NeverDetected => &mut self.never_detected,
            TargetOutcome::Open => &mut self.open,
        }
    }
}

/// Targets whose chain broke at the same stage for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// The first stage that they did not reach.
    pub stage: Stage,
    /// Why.
    pub why: String,
    /// How many targets.
    pub count: usize,
}

/// Latency from detected to engaged over every target that became detectable, with expiry, loss and
/// leaving as competing outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SensorToShooter {
    /// Targets that became detectable.
    pub n: usize,
    /// Those that were engaged.
    pub events: usize,
    /// Restricted mean in seconds ([`CumulativeIncidence::restricted_mean_s`]); who is never
    /// engaged, and who is never detected, counts with the whole horizon. None if n is zero.
    pub restricted_mean_s: Option<f64>,
    /// The horizon in seconds.
    pub horizon_s: f64,
    /// Probability that such a target is engaged within the horizon. None if n is zero.
    pub p_engaged_by_horizon: Option<f64>,
    /// Median seconds conditional on engagement: of the engaged alone, it says nothing of the others.
    pub median_of_engaged_s: Option<f64>,
}

/// The account of one side's kill chain over all its targets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KillChain {
    /// Number of targets.
    pub targets: usize,
    /// One entry per stage, in order.
    pub stages: Vec<StageCount>,
    /// What became of them.
    pub outcomes: OutcomeCounts,
    /// The headline latency.
    pub sensor_to_shooter: SensorToShooter,
    /// Every time over all targets that became detectable, in the order of [`Span::ALL`].
    #[serde(default)]
    pub times: Vec<SpanAccount>,
    /// Where the chain broke and why, by stage, the most frequent first.
    pub breaks: Vec<Break>,
}

impl KillChain {
    /// The account of a set of targets, with a horizon in seconds for the restricted mean.
    #[must_use]
    pub fn from_targets(targets: &[TargetTimeline], horizon_s: f64) -> Self {
        let records = records(targets);
        let mut outcomes = OutcomeCounts::default();
        for target in targets {
            *outcomes.of_mut(target.outcome) += 1;
        }
        Self {
            targets: targets.len(),
            stages: Stage::ALL
                .iter()
                .map(|stage| stage_count(targets, *stage))
                .collect(),
            outcomes,
            sensor_to_shooter: sensor_to_shooter(&records, horizon_s),
            times: Span::ALL
                .map(|time| SpanAccount::new(time, &records, horizon_s))
                .to_vec(),
            breaks: breaks(targets),
        }
    }
}

/// Cumulative incidence of the engagement, in seconds from detection, over all targets that became
/// detectable.
#[must_use]
pub fn engagement_incidence(targets: &[TargetTimeline]) -> CumulativeIncidence {
    incidence_of(Span::SensorToShooter, &records(targets))
}

/// Count and times of one stage.
fn stage_count(targets: &[TargetTimeline], stage: Stage) -> StageCount {
    let times_s: Vec<f64> = targets
        .iter()
        .filter_map(|target| target.stage_s(stage))
        .collect();
    StageCount {
        stage,
        count: targets
            .iter()
            .filter(|target| target.time_s(stage).is_some())
            .count(),
        median_s: median(&times_s),
        p90_s: quantile(&times_s, 0.9),
    }
}

/// The headline latency.
fn sensor_to_shooter(targets: &[TargetRecord], horizon_s: f64) -> SensorToShooter {
    let SpanAccount {
        n,
        events,
        p_by_horizon,
        restricted_mean_s,
        median_conditional_s,
        ..
    } = SpanAccount::new(Span::SensorToShooter, targets, horizon_s);
    SensorToShooter {
        n,
        events,
        restricted_mean_s,
        horizon_s,
        p_engaged_by_horizon: p_by_horizon,
        median_of_engaged_s: median_conditional_s,
    }
}

/// Broken chains, counted by stage and reason.
fn breaks(targets: &[TargetTimeline]) -> Vec<Break> {
    let mut broken: Vec<(Stage, &str)> = targets
        .iter()
        .filter_map(|target| target.broke_at.map(|stage| (stage, target.why.as_str())))
        .collect();
    broken.sort_unstable();
    let mut counted: Vec<Break> = broken
        .chunk_by(|a, b| a == b)
        .map(|same| Break {
            stage: same[0].0,
            why: same[0].1.to_owned(),
            count: same.len(),
        })
        .collect();
    counted.sort_by_key(|b| (b.stage, usize::MAX - b.count));
    counted
}

#[cfg(test)]
#[path = "kill_chain_tests.rs"]
mod tests;
