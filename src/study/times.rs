//! Times over all detectable targets of a study: incidences, restricted means and their paired
//! differences. See `times` and `time_differences`.

use super::farm::Replication;
use super::prepare::Prepared;
use super::results::{Interval, TimeDifference, TimeResult};
use super::stats::Estimate;
use super::stats::clusters::{Clusters, paired_difference};
use crate::accounting::span::{Span, event_times_s};
use crate::accounting::stats::{CumulativeIncidence, Episode, Outcome, median};
use crate::accounting::summary::SideTargets;

/// The ways to end that compete with an event.
pub const COMPETING: [Outcome; 5] = [
    Outcome::Expired,
    Outcome::Lost,
    Outcome::Left,
    Outcome::Killed,
    Outcome::Never,
];

/// The targets of every run.
pub(super) struct Runs<'a> {
    /// The study.
    prepared: &'a Prepared,
    /// The horizon, s.
    horizon_s: f64,
    /// By design point and replication; none of a replication that failed or is missing.
    targets: Vec<Vec<Option<&'a [SideTargets]>>>,
    /// Every side that has targets, in the order of the scenario.
    sides: Vec<&'a str>,
}

impl<'a> Runs<'a> {
    /// The targets of replications.
    pub(super) fn new(
        prepared: &'a Prepared,
        replications: &'a [Replication],
        horizon_s: f64,
    ) -> Self {
        let number = usize::try_from(prepared.replications).unwrap_or(usize::MAX);
        let mut targets = vec![vec![None; number]; prepared.points.len()];
        let mut sides = Vec::new();
        for it in replications {
            let Ok(result) = &it.outcome else { continue };
            let at = usize::try_from(it.replication - 1).unwrap_or(usize::MAX);
            targets[it.point][at] = Some(result.targets.as_slice());
            for side in &result.targets {
                if !sides.contains(&side.side.as_str()) && !side.targets.is_empty() {
                    sides.push(side.side.as_str());
                }
            }
        }
        Self {
            prepared,
            horizon_s,
            targets,
            sides,
        }
    }

    /// The episodes of a side in one run; none where it failed.
    fn run(
        &self,
        (point, replication): (usize, usize),
        side: &str,
        time: Span,
    ) -> Option<Vec<Episode>> {
        let of_side = self.targets[point][replication]?
            .iter()
            .find(|it| it.side == side);
        let targets = of_side.into_iter().flat_map(|it| &it.targets);
        Some(targets.map(|target| time.episode(target)).collect())
    }

    /// A time of a side at a design point; none without targets.
    fn time(&self, point: usize, side: &str, time: Span) -> Option<TimeResult> {
        let runs = 0..self.targets[point].len();
        let replications: Vec<Vec<Episode>> = runs
            .filter_map(|it| self.run((point, it), side, time))
            .collect();
        let (horizon_s, confidence) = (self.horizon_s, self.prepared.confidence);
        let clusters = Clusters::new(&replications);
        let incidence = clusters.incidence(Outcome::Event, horizon_s, confidence)?;
        let mean_s = clusters.restricted_mean_s(horizon_s, confidence)?;
        let all = replications.concat();
        let events_s = event_times_s(&all);
        let is_cut = |it: &&Episode| it.outcome == Outcome::Censored && it.time_s < horizon_s;
        let competing = |outcome: &Outcome| {
            let found = clusters.incidence(*outcome, horizon_s, confidence)?;
            Some((outcome.key().to_owned(), interval(&found)))
        };
        Some(TimeResult {
            side: side.to_owned(),
            time,
            point: self.prepared.points[point].id.clone(),
            runs: clusters.replications(),
            targets: all.len(),
            events: events_s.len(),
            censored: all.iter().filter(is_cut).count(),
            incidence: interval(&incidence),
            restricted_mean_s: interval(&mean_s),
            competing: COMPETING.iter().filter_map(competing).collect(),
            median_conditional_s: median(&events_s),
        })
    }

    /// The difference of a time of a side between two design points.
    fn difference(
        &self,
        (first, second): (usize, usize),
        side: &str,
        time: Span,
    ) -> Option<TimeDifference> {
        let both = |it: usize| {
            let of = |point| self.run((point, it), side, time);
            Some([of(first)?, of(second)?])
        };
        let runs = 0..self.targets[first].len();
        let pairs: Vec<[Vec<Episode>; 2]> = runs.filter_map(both).collect();
        let (horizon_s, confidence) = (self.horizon_s, self.prepared.confidence);
        let share =
            |it: &CumulativeIncidence| (it.n() > 0).then(|| it.at(Outcome::Event, horizon_s));
        let mean_s = |it: &CumulativeIncidence| it.restricted_mean_s(horizon_s);
        let incidence = paired_difference(&pairs, share, confidence)?;
        let restricted_mean = paired_difference(&pairs, mean_s, confidence)?;
        Some(TimeDifference {
            side: side.to_owned(),
            time,
            first: self.prepared.points[first].id.clone(),
            second: self.prepared.points[second].id.clone(),
            pairs: incidence.n,
            incidence: interval(&incidence),
            restricted_mean_s: interval(&restricted_mean),
        })
    }
}

/// An estimate in the form of a result.
fn interval(estimate: &Estimate) -> Interval {
    Interval {
        value: estimate.value,
        low: estimate.interval.map(|ends| ends[0]),
        high: estimate.interval.map(|ends| ends[1]),
    }
}

/// Every time of every side at every design point.
pub(super) fn times(runs: &Runs<'_>) -> Vec<TimeResult> {
    let mut all = Vec::new();
    for side in &runs.sides {
        for time in Span::ALL {
            let points = 0..runs.targets.len();
            all.extend(points.filter_map(|point| runs.time(point, side, time)));
        }
    }
    all
}

/// Every time of every side in every comparison.
pub(super) fn time_differences(runs: &Runs<'_>) -> Vec<TimeDifference> {
    let mut all = Vec::new();
    for side in &runs.sides {
        for time in Span::ALL {
            let pairs = runs.prepared.comparisons.iter();
            all.extend(pairs.filter_map(|pair| runs.difference(*pair, side, time)));
        }
    }
    all
}
