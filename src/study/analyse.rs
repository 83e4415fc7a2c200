//! From replications to the result of a study. See [`analyse`].

use std::collections::BTreeMap;

use super::effects::{crossed, taken_apart};
use super::farm::Replication;
use super::gate::{Gate, Sample, State, Statistic, estimate, judge};
use super::prepare::Prepared;
use super::results::{
    DifferenceResult, Failure, GateResult, MeasureColumn, MeasureResult, MetResult, PointResult,
    Results,
};
use super::stats::Estimate;
use super::stats::mean::{mean, moments, paired_difference};
use super::stats::median::median;
use super::stats::proportion::proportion;
use super::times::{Runs, time_differences, times};

/// The program that ran a study.
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    /// Version.
    pub tercio: &'a str,
    /// Revision that it was built from.
    pub git: &'a str,
}

/// Values by design point, measure and replication.
struct Cube<'a> {
    /// The study.
    prepared: &'a Prepared,
    /// The values.
    values: Vec<Vec<Vec<Option<f64>>>>,
}

impl<'a> Cube<'a> {
    /// Sorts values into place; a replication that failed or is missing has none.
    fn new(prepared: &'a Prepared, replications: &[Replication]) -> Self {
        let runs = usize::try_from(prepared.replications).unwrap_or(usize::MAX);
        let empty = vec![vec![None; runs]; prepared.measures.len()];
        let mut values = vec![empty; prepared.points.len()];
        for it in replications {
            let at = usize::try_from(it.replication - 1).unwrap_or(usize::MAX);
            for (measure, value) in it
                .outcome
                .iter()
                .flat_map(|it| it.values.iter().enumerate())
            {
                values[it.point][measure][at] = *value;
            }
        }
        Self { prepared, values }
    }

    /// The sample of a measure at a point.
    fn sample(&self, point: usize, measure: usize) -> Sample<'_> {
        Sample {
            values: &self.values[point][measure],
            threshold: self.prepared.threshold(measure, point),
        }
    }

    /// The values that there are of a measure at a point.
    fn present(&self, point: usize, measure: usize) -> Vec<f64> {
        self.values[point][measure]
            .iter()
            .copied()
            .flatten()
            .collect()
    }

    /// What a measure came to at a point.
    fn measure(&self, point: usize, measure: usize) -> Option<MeasureResult> {
        let confidence = self.prepared.confidence;
        let values = self.present(point, measure);
        let (mean, median) = (mean(&values, confidence)?, median(&values, confidence)?);
        let met = self
            .prepared
            .threshold(measure, point)
            .and_then(|(relation, threshold)| {
                let met = values
                    .iter()
                    .filter(|value| relation.holds(**value, threshold));
                let share = proportion(met.count(), values.len(), confidence)?;
                let [low, high] = share.interval?;
                Some(MetResult {
                    threshold,
                    share: share.value,
                    low,
                    high,
                })
            });
        Some(MeasureResult {
            n: mean.n,
            mean: mean.value,
            low: low(&mean),
            high: high(&mean),
            deviation: (mean.n > 1).then(|| moments(&values).1.sqrt()),
            median: median.value,
            median_low: low(&median),
            median_high: high(&median),
            met,
        })
    }

    /// The difference of a measure between two points.
    fn difference(
        &self,
        (first, second): (usize, usize),
        measure: usize,
    ) -> Option<DifferenceResult> {
        let pairs = self.values[first][measure]
            .iter()
            .zip(&self.values[second][measure]);
        let pairs: Vec<(f64, f64)> = pairs.filter_map(|(a, b)| a.zip(*b)).collect();
        let difference = paired_difference(&pairs, self.prepared.confidence)?;
        Some(DifferenceResult {
            measure: self.prepared.measures[measure].name.clone(),
            first: self.prepared.points[first].id.clone(),
            second: self.prepared.points[second].id.clone(),
            n: difference.estimate.n,
            mean: difference.estimate.value,
            low: low(&difference.estimate),
            high: high(&difference.estimate),
            variance_reduction: difference.variance_reduction,
        })
    }

    /// The values of a measure at a point by its name, which the study keeps.
    fn named(&self, point: usize, measure: &str) -> &[Option<f64>] {
        let mut measures = self.prepared.measures.iter();
        let at = measures.position(|it| it.name == measure);
        at.map_or(&[], |at| &self.values[point][at])
    }

    /// A gate at a point. Where a replication failed, what would pass is undecided: nobody knows
    /// what it would have shown.
    fn gate(&self, gate: &Gate, point: usize, failures: &[Failure]) -> Option<GateResult> {
        let measure = self
            .prepared
            .measures
            .iter()
            .position(|it| it.name == gate.measure)?;
        let other = match &gate.statistic {
            Statistic::Difference { second } => {
                self.prepared.points.iter().position(|it| it.id == *second)
            }
            _ => None,
        };
        let sample = self.sample(point, measure);
        let second = other.map(|other| self.sample(other, measure));
        let found = estimate(&gate.statistic, sample, second, self.prepared.confidence);
        let mut state = judge(gate, found.as_ref());
        let touched = [Some(point), other].into_iter().flatten();
        let mut ids = touched.map(|at| &self.prepared.points[at].id);
        if state == State::Pass && ids.any(|id| failures.iter().any(|it| it.point == *id)) {
            state = State::Undecided;
        }
        Some(GateResult {
            gate: gate.text.clone(),
            point: self.prepared.points[point].id.clone(),
            state,
            value: found.map(|it| it.value),
            low: found.as_ref().and_then(low),
            high: found.as_ref().and_then(high),
        })
    }
}

/// Lower end of an interval.
fn low(estimate: &Estimate) -> Option<f64> {
    estimate.interval.map(|interval| interval[0])
}

/// Upper end of an interval.
fn high(estimate: &Estimate) -> Option<f64> {
    estimate.interval.map(|interval| interval[1])
}

/// The result of a study: estimates, differences and gates over its replications.
#[must_use]
pub fn analyse(prepared: &Prepared, replications: &[Replication], program: Program<'_>) -> Results {
    let cube = Cube::new(prepared, replications);
    let failures = failures(prepared, replications);
    let measures = 0..prepared.measures.len();
    let points = points(&cube, replications);
    let pairs = prepared.comparisons.iter();
    let differences = pairs
        .flat_map(|pair| {
            measures
                .clone()
                .filter_map(|measure| cube.difference(*pair, measure))
        })
        .collect();
    let column = |info: &super::measure::MeasureInfo| MeasureColumn {
        name: info.name.clone(),
        unit: info.unit.clone(),
        direction: info.direction,
    };
    let duration_s = prepared
        .scenarios
        .iter()
        .map(|it| it.read.scenario.duration_s);
    let duration_s = duration_s.fold(0.0, f64::max);
    let horizon_s = prepared.until_s.unwrap_or(f64::INFINITY).min(duration_s);
    let times_horizon_s = prepared.times_horizon_s.unwrap_or(horizon_s);
    let runs = Runs::new(prepared, replications, times_horizon_s);
    let values = |point: usize, measure: &str| cube.named(point, measure);
    let (effects, confidence) = (&prepared.effects, prepared.confidence);
    let decompositions = effects.decompositions.iter();
    let crossings = effects.crossings.iter();
    Results {
        study: prepared.name.clone(),
        title: prepared.title.clone(),
        hash: prepared.hash.clone(),
        tercio: program.tercio.to_owned(),
        git: program.git.to_owned(),
        scenario: prepared.scenario.clone(),
        until_s: prepared.until_s,
        horizon_s,
        replications: prepared.replications,
        confidence: prepared.confidence,
        measures: prepared.measures.iter().map(column).collect(),
        points,
        differences,
        times_horizon_s,
        times: times(&runs),
        time_differences: time_differences(&runs),
        decompositions: decompositions
            .filter_map(|it| taken_apart(it, &values, confidence))
            .collect(),
        break_evens: crossings
            .filter_map(|it| crossed(it, &values, confidence))
            .collect(),
        gates: gates(&cube, &failures),
        failures,
    }
}

/// Every design point with its measures.
fn points(cube: &Cube<'_>, replications: &[Replication]) -> Vec<PointResult> {
    let prepared = cube.prepared;
    let measures = 0..prepared.measures.len();
    let points = prepared.points.iter().enumerate();
    let points = points.map(|(at, point)| {
        let named = |measure: usize| {
            Some((
                prepared.measures[measure].name.clone(),
                cube.measure(at, measure)?,
            ))
        };
        let of_point = |it: &&Replication| it.point == at;
        let (done, all) = (
            replications
                .iter()
                .filter(of_point)
                .filter(|it| it.outcome.is_ok())
                .count(),
            replications.iter().filter(of_point).count(),
        );
        PointResult {
            id: point.id.clone(),
            settings: point.settings.clone(),
            levels: prepared.labels(at),
            n: done,
            failed: all - done,
            measures: measures
                .clone()
                .filter_map(named)
                .collect::<BTreeMap<_, _>>(),
        }
    });
    points.collect()
}

/// Every gate, at its point or at every one.
fn gates(cube: &Cube<'_>, failures: &[Failure]) -> Vec<GateResult> {
    let points = &cube.prepared.points;
    let at_points = |gate: &Gate| {
        let is_meant = |at: &usize| gate.point.as_ref().is_none_or(|id| points[*at].id == *id);
        let meant = (0..points.len()).filter(is_meant);
        meant
            .filter_map(|at| cube.gate(gate, at, failures))
            .collect::<Vec<_>>()
    };
    cube.prepared.gates.iter().flat_map(at_points).collect()
}

/// The replications that failed.
fn failures(prepared: &Prepared, replications: &[Replication]) -> Vec<Failure> {
    let failure = |it: &Replication| {
        let error = it.outcome.as_ref().err()?.clone();
        let point = prepared.points[it.point].id.clone();
        Some(Failure {
            point,
            replication: it.replication,
            seed: it.seed,
            error,
        })
    };
    replications.iter().filter_map(failure).collect()
}

#[cfg(test)]
#[path = "analyse_tests.rs"]
mod tests;
