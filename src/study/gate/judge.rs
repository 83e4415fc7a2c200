//! Whether a gate holds. See [`judge`].

use serde::{Deserialize, Serialize};

use super::{Gate, Relation, Statistic};
use crate::study::stats::Estimate;
use crate::study::stats::mean::{mean, paired_difference};
use crate::study::stats::median::median;
use crate::study::stats::proportion::proportion;

/// What became of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The whole interval satisfies it.
    Pass,
    /// The interval lies on both sides of the bound, or there is none.
    Undecided,
    /// None of the interval satisfies it.
    Fail,
}

/// The values of a measure at a design point, one per replication; none where a replication failed
/// or gave nothing to measure.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// The values, by replication.
    pub values: &'a [Option<f64>],
    /// What meets the measure's own threshold, where it has one.
    pub threshold: Option<(Relation, f64)>,
}

impl Sample<'_> {
    /// The values that there are.
    fn present(&self) -> Vec<f64> {
        self.values.iter().copied().flatten().collect()
    }
}

/// The statistic of a gate with its interval; `second` is the sample of the other point of a
/// difference. None where there is nothing to compute it from.
#[must_use]
pub fn estimate(
    statistic: &Statistic,
    sample: Sample<'_>,
    second: Option<Sample<'_>>,
    confidence: f64,
) -> Option<Estimate> {
    match statistic {
        Statistic::Mean => mean(&sample.present(), confidence),
        Statistic::Median => median(&sample.present(), confidence),
        Statistic::Share(condition) => {
            let (relation, bound) = condition.or(sample.threshold)?;
            let values = sample.present();
            let met = values.iter().filter(|value| relation.holds(**value, bound));
            proportion(met.count(), values.len(), confidence)
        }
        Statistic::Difference { .. } => {
            let pairs = sample.values.iter().zip(second?.values);
            let pairs: Vec<(f64, f64)> = pairs
                .filter_map(|(first, second)| first.zip(*second))
                .collect();
            paired_difference(&pairs, confidence).map(|difference| difference.estimate)
        }
    }
}

/// Whether a gate holds of an estimate.
#[must_use]
pub fn judge(gate: &Gate, estimate: Option<&Estimate>) -> State {
    let Some([low, high]) = estimate.and_then(|estimate| estimate.interval) else {
        return State::Undecided;
    };
    let holds = |value| gate.relation.holds(value, gate.bound);
    match (holds(low), holds(high)) {
        (true, true) => State::Pass,
        (false, false) => State::Fail,
        _ => State::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn state(text: &str, values: &[f64], other: &[f64]) -> State {
        let gate = parse(text).unwrap();
        let (values, other): (Vec<_>, Vec<_>) = (
            values.iter().copied().map(Some).collect(),
            other.iter().copied().map(Some).collect(),
        );
        let threshold = Some((Relation::AtLeast, 5.0));
        let of = |values| Sample { values, threshold };
        let estimate = estimate(&gate.statistic, of(&values), Some(of(&other)), 0.95);
        judge(&gate, estimate.as_ref())
    }

    #[test]
    fn a_gate_passes_fails_or_stays_undecided_by_its_interval() {
        let low = [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0];
        for (text, expected) in [
            ("mean(x) < 3", State::Pass),
            ("mean(x) < 2", State::Undecided),
            ("mean(x) > 3", State::Fail),
            ("median(x) <= 3", State::Pass),
            ("median(x) < 3", State::Undecided),
            ("median(x) > 3", State::Fail),
            ("p(x) >= 0.9", State::Fail),
            ("p(x <= 3) >= 0.6", State::Pass),
            ("p(x <= 3) >= 0.9", State::Undecided),
            ("diff(a, b, x) < 0", State::Pass),
            ("diff(a, b, x) > 0", State::Fail),
        ] {
            assert_eq!(
                state(text, &low, &low.map(|it| 3.0 * it)),
                expected,
                "{text}"
            );
        }
        assert_eq!(state("diff(a, b, x) <= 0", &low, &low), State::Pass);
        assert_eq!(state("mean(x) < 3", &[1.0], &[]), State::Undecided);
        assert_eq!(state("p(x <= 3) >= 0.9", &[], &[]), State::Undecided);
    }

    #[test]
    fn a_difference_uses_the_pairs_that_are_whole() {
        let gate = parse("diff(a, b, x) < 0").unwrap();
        let of = |values| Sample {
            values,
            threshold: None,
        };
        let first = [Some(1.0), None, Some(3.0), Some(4.0)];
        let second = [Some(2.0), Some(9.0), None, Some(6.0)];
        let found = estimate(&gate.statistic, of(&first), Some(of(&second)), 0.95).unwrap();
        assert_eq!((found.n, found.value), (2, -1.5));
    }
}
