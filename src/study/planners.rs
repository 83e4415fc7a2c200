//! Planners beside each other on paired seeds. See [`compare`].

use serde::Serialize;

use super::stats::{
    Estimate,
    mean::{mean, paired_difference},
    rank::spearman,
};
use crate::accounting::summary::{Direction, Measure};

/// What one run under one planner showed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// Seed.
    pub seed: u64,
    /// Hash of the run, 16 hexadecimal digits.
    pub state_hash: String,
    /// Rounds of the side in which anything could be chosen.
    pub rounds: u64,
    /// Worth of what was chosen, mean over rounds, in points; none without rounds.
    pub objective: Option<f64>,
    /// Worth of what was chosen over the greatest that the same questions have, 0 to 1.
    pub of_best: Option<f64>,
    /// Messages times readers of the whole run.
    pub messages: u64,
    /// Those of classes that plan: tasks of units, requests to look, plans.
    pub planning_messages: u64,
    /// Bytes of messages on the air, repetitions and overhead included, of the whole run.
    pub bytes: u64,
    /// Wall-clock time of the phase `Plan` over the rounds, ms a round; none without rounds.
    pub plan_ms: Option<f64>,
    /// The same of single rounds, ms, that 99 of 100 did not exceed.
    pub plan_p99_ms: Option<f64>,
    /// The scenario's own measures.
    pub measures: Vec<Measure>,
}

/// A mean with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mean {
    /// How many values.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Interval; none of a single value.
    pub interval: Option<[f64; 2]>,
}

impl From<Estimate> for Mean {
    fn from(it: Estimate) -> Self {
        Self {
            n: it.n,
            mean: it.value,
            interval: it.interval,
        }
    }
}

/// One of the scenario's measures under one planner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureRow {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// Its mean.
    pub mean: Option<Mean>,
    /// Difference from the planner that all are held against, pair by pair.
    pub difference: Option<Mean>,
    /// Rank correlation between objective and how good the measure is, over the seeds of this planner.
    pub correlation: Option<f64>,
}

/// One planner over all seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannerRow {
    /// Its name.
    pub planner: String,
    /// Objective a round, in points.
    pub objective: Option<Mean>,
    /// Share of the greatest worth that the same questions have.
    pub of_best: Option<Mean>,
    /// By how much its objective a round falls short of the oracle's, as a share of that; none without
    /// the oracle.
    pub oracle_gap: Option<f64>,
    /// Rounds of a run.
    pub rounds: Option<Mean>,
    /// Messages of a run.
    pub messages: Option<Mean>,
    /// Those of classes that plan.
    pub planning_messages: Option<Mean>,
    /// Bytes of a run.
    pub bytes: Option<Mean>,
    /// Wall-clock time of a round, ms.
    pub plan_ms: Option<Mean>,
    /// Longest 99th percentile of a round, ms.
    pub plan_p99_ms: Option<f64>,
    /// The scenario's measures.
    pub measures: Vec<MeasureRow>,
    /// Its runs.
    pub trials: Vec<Trial>,
}

/// Rank correlations of one measure with objectives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Correlation {
    /// The measure.
    pub measure: String,
    /// Over all runs of all planners.
    pub over_runs: Option<f64>,
    /// Over the means of planners, the oracle left out, which is asked other questions.
    pub over_planners: Option<f64>,
    /// The same between the share of the best and the measure, over all runs but the oracle's.
    pub of_best_over_runs: Option<f64>,
}

/// All planners, and how far what they maximise is what the scenario measures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Scenario.
    pub scenario: String,
    /// Side whose planner varies.
    pub side: String,
    /// Runs of each planner.
    pub replications: u64,
    /// Planner that all are held against.
    pub against: String,
    /// Confidence of all intervals.
    pub confidence: f64,
    /// Planners in the order asked for.
    pub planners: Vec<PlannerRow>,
    /// Correlations by measure.
    pub correlations: Vec<Correlation>,
}

/// Confidence of the intervals.
pub const CONFIDENCE: f64 = 0.95;

/// Name of the upper bound.
const ORACLE: &str = "oracle";

/// The mean of what trials show of something.
fn mean_of(trials: &[Trial], of: impl Fn(&Trial) -> Option<f64>) -> Option<Mean> {
    let values: Vec<f64> = trials.iter().filter_map(of).collect();
    mean(&values, CONFIDENCE).map(Mean::from)
}

/// How good a measure of a trial is: more is better.
fn goodness(trial: &Trial, measure: usize) -> Option<f64> {
    let measure = &trial.measures[measure];
    let value = measure.value?;
    Some(match measure.direction {
        Direction::Up => value,
        Direction::Down => -value,
    })
}

/// Something of each trial with how good a measure of it is.
fn pairs<'a>(
    trials: impl Iterator<Item = &'a Trial>,
    measure: usize,
    of: fn(&Trial) -> Option<f64>,
) -> Vec<(f64, f64)> {
    trials
        .filter_map(|it| of(it).zip(goodness(it, measure)))
        .collect()
}

/// One measure of a planner beside that of another.
fn measure_row(trials: &[Trial], against: &[Trial], measure: usize) -> Option<MeasureRow> {
    let first = trials.first()?.measures.get(measure)?;
    let value = |trial: &Trial| trial.measures[measure].value;
    let paired = trials.iter().zip(against);
    let paired: Vec<(f64, f64)> = paired
        .filter_map(|(own, other)| value(own).zip(value(other)))
        .collect();
    let difference = paired_difference(&paired, CONFIDENCE);
    Some(MeasureRow {
        name: first.name.clone(),
        unit: first.unit.clone(),
        direction: first.direction,
        mean: mean_of(trials, value),
        difference: difference.map(|it| it.estimate.into()),
        correlation: spearman(&pairs(trials.iter(), measure, |it| it.objective)),
    })
}

/// Holds planners against the one named `against` and the oracle; `trials` are in the same order of seeds
/// for each.
#[must_use]
pub fn compare(
    (scenario, side, against): (&str, &str, &str),
    trials: Vec<(String, Vec<Trial>)>,
) -> Comparison {
    let find = |name: &str| trials.iter().find(|it| it.0 == name).map(|it| &it.1);
    let oracle = find(ORACLE).and_then(|it| mean_of(it, |it| it.objective));
    let empty = Vec::new();
    let other = find(against).unwrap_or(&empty);
    let count = trials
        .first()
        .map_or(0, |(_, all)| all.first().map_or(0, |it| it.measures.len()));
    let row = |(planner, own): &(String, Vec<Trial>)| {
        let objective = mean_of(own, |it| it.objective);
        let gap = oracle.zip(objective);
        let gap = gap.filter(|(most, _)| most.mean > 0.0);
        let number = |of: fn(&Trial) -> u64| mean_of(own, move |it| Some(of(it) as f64));
        let p99 = own.iter().filter_map(|it| it.plan_p99_ms);
        PlannerRow {
            planner: planner.clone(),
            objective,
            of_best: mean_of(own, |it| it.of_best),
            oracle_gap: gap.map(|(most, own)| 1.0 - own.mean / most.mean),
            rounds: number(|it| it.rounds),
            messages: number(|it| it.messages),
            planning_messages: number(|it| it.planning_messages),
            bytes: number(|it| it.bytes),
            plan_ms: mean_of(own, |it| it.plan_ms),
            plan_p99_ms: p99.reduce(f64::max),
            measures: (0..count)
                .filter_map(|it| measure_row(own, other, it))
                .collect(),
            trials: own.clone(),
        }
    };
    let planners: Vec<PlannerRow> = trials.iter().map(row).collect();
    let runs = trials.first().map_or(0, |it| it.1.len());
    Comparison {
        scenario: scenario.to_owned(),
        side: side.to_owned(),
        replications: runs as u64,
        against: against.to_owned(),
        confidence: CONFIDENCE,
        correlations: (0..count).map(|it| correlation(&planners, it)).collect(),
        planners,
    }
}

/// How far objectives and a measure go together.
fn correlation(planners: &[PlannerRow], measure: usize) -> Correlation {
    let all = || planners.iter().flat_map(|it| &it.trials);
    let honest = || planners.iter().filter(|it| it.planner != ORACLE);
    let means = honest().filter_map(|it| {
        let row = it.measures.get(measure)?;
        let good = match row.direction {
            Direction::Up => row.mean?.mean,
            Direction::Down => -row.mean?.mean,
        };
        Some((it.objective?.mean, good))
    });
    let named = planners.iter().find_map(|it| it.measures.get(measure));
    Correlation {
        measure: named.map_or_else(String::new, |it| it.name.clone()),
        over_runs: spearman(&pairs(all(), measure, |it| it.objective)),
        over_planners: spearman(&means.collect::<Vec<_>>()),
        of_best_over_runs: spearman(&pairs(honest().flat_map(|it| &it.trials), measure, |it| {
            it.of_best
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run with this objective and these losses.
    fn trial(seed: u64, objective: f64, losses: f64) -> Trial {
        Trial {
            seed,
            state_hash: String::new(),
            rounds: 4,
            objective: Some(objective),
            of_best: Some(objective / 10.0),
            messages: 100,
            planning_messages: 10,
            bytes: 1000,
            plan_ms: Some(0.5),
            plan_p99_ms: Some(objective),
            measures: vec![Measure::new(
                "losses",
                "1",
                Some(losses),
                Direction::Down,
                None,
            )],
        }
    }

    #[test]
    fn planners_are_held_against_one_and_the_oracle_pair_by_pair() {
        let own = |name: &str, shift: f64| {
            let trials = [(1, 4.0, 9.0), (2, 5.0, 7.0), (3, 6.0, 5.0)];
            let trials = trials.map(|(seed, worth, lost)| trial(seed, worth + shift, lost - shift));
            (name.to_owned(), trials.to_vec())
        };
        let all = vec![own("greedy", -1.0), own("exact", 0.0), own("oracle", 3.0)];
        let found = compare(("s", "blue", "exact"), all);
        let [greedy, exact, oracle] = &found.planners[..] else {
            panic!("three planners")
        };
        let difference = greedy.measures[0].difference.unwrap();
        assert!((difference.mean - 1.0).abs() < 1e-12 && difference.n == 3);
        assert!(exact.measures[0].difference.unwrap().mean.abs() < 1e-12);
        assert!((greedy.oracle_gap.unwrap() - 0.5).abs() < 1e-12);
        assert!(oracle.oracle_gap.unwrap().abs() < 1e-12);
        // Fewer losses are better, and go with more worth.
        assert!((greedy.measures[0].correlation.unwrap() - 1.0).abs() < 1e-12);
        // Ranks with ties of nine runs: 56.75 of the root of 59 and 59.5.
        let correlation = &found.correlations[0];
        let want = 56.75 / (59.0_f64 * 59.5).sqrt();
        assert!((correlation.over_runs.unwrap() - want).abs() < 1e-12);
        // Two planners besides the oracle are too few to rank.
        assert_eq!(correlation.over_planners, None);
        assert_eq!((found.replications, greedy.plan_p99_ms), (3, Some(5.0)));
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let found = compare(("s", "blue", "exact"), vec![("exact".into(), Vec::new())]);
        assert_eq!(found.planners[0].objective, None);
        assert!(found.correlations.is_empty());
    }
}
