//! How much of a difference is due to which of its causes. See [`decompose`].

use super::Estimate;
use super::mean::mean;

/// What one cause contributes, in the unit of the measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What goes where the causes are switched off one after the other in their order.
    pub forward: Estimate,
    /// What goes where they are switched off in the opposite order.
    pub backward: Estimate,
    /// The mean over all orders, Shapley's value.
    pub average: Estimate,
}

/// A difference in its parts: the averages and the rest together are the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The difference with every cause in force.
    pub whole: Estimate,
    /// What each cause contributes, in their order.
    pub parts: Vec<Part>,
    /// What is left with every cause switched off.
    pub rest: Estimate,
}

/// Takes a difference apart. `differences[set]` are the paired differences by replication with the
/// causes of `set` switched off, bit i standing for cause i; so there are two to the power of
/// the number of causes of them, each with the same replications.
///
/// The contribution of a cause is the difference before it is switched off less that after, so it
/// depends on what was switched off before. Two orders show by how much; the mean over all
/// orders divides what causes do together evenly (Shapley, in Contributions to the Theory of
/// Games II, 1953, pp. 307-317). Every contribution is linear in the differences, so that its
/// interval is that of a mean over replications.
///
/// None without replications.
#[must_use]
pub fn decompose(differences: &[Vec<f64>], confidence: f64) -> Option<Parts> {
    let sets = differences.len();
    let causes = sets.checked_ilog2()? as usize;
    debug_assert!(sets.is_power_of_two(), "one sample for every set of causes");
    let all = sets - 1;
    let step = |cause: usize, before: usize| (before, before | 1 << cause);
    let estimate = |steps: &[(f64, (usize, usize))]| {
        let of_run = |run: usize| {
            let terms = steps.iter().map(|(weight, (before, after))| {
                weight * (differences[*before][run] - differences[*after][run])
            });
            terms.sum::<f64>()
        };
        let runs: Vec<f64> = (0..differences[0].len()).map(of_run).collect();
        mean(&runs, confidence)
    };
    let part = |cause: usize| {
        let earlier = (1 << cause) - 1;
        let later = all & !(earlier | 1 << cause);
        let without = (0..sets).filter(|set| set & (1 << cause) == 0);
        let average: Vec<_> = without
            .map(|set| (weight(set.count_ones() as usize, causes), step(cause, set)))
            .collect();
        Some(Part {
            forward: estimate(&[(1.0, step(cause, earlier))])?,
            backward: estimate(&[(1.0, step(cause, later))])?,
            average: estimate(&average)?,
        })
    };
    Some(Parts {
        whole: mean(&differences[0], confidence)?,
        parts: (0..causes).map(part).collect::<Option<_>>()?,
        rest: mean(&differences[all], confidence)?,
    })
}

/// Share of the orders of so many causes in which exactly one given set of `before` others comes
/// before a cause: `before! (causes - before - 1)! / causes!`.
fn weight(before: usize, causes: usize) -> f64 {
    let factorial = |n: usize| (1..=n).map(|it| it as f64).product::<f64>();
    factorial(before) * factorial(causes - before - 1) / factorial(causes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_adds_up_is_told_apart_in_every_order() {
        // Causes of 3 and 5 beside a rest of 2, the same in four replications of other levels.
        let sample = |value: f64| [0.0, 1.0, 2.0, 3.0].map(|level| value + level).to_vec();
        let parts =
            decompose(&[sample(10.0), sample(7.0), sample(5.0), sample(2.0)], 0.95).unwrap();
        for (part, expected) in parts.parts.iter().zip([3.0, 5.0]) {
            for found in [part.forward, part.backward, part.average] {
                assert!((found.value - expected).abs() < 1e-12, "{part:?}");
                // What replications share cancels.
                let [low, high] = found.interval.unwrap();
                assert!(high - low < 1e-9);
            }
        }
        assert!((parts.rest.value - 3.5).abs() < 1e-12 && (parts.whole.value - 11.5).abs() < 1e-12);
    }

    #[test]
    fn what_causes_do_together_shows_between_the_orders_and_is_shared_evenly() {
        // Nothing goes unless both are switched off.
        let parts = decompose(&[vec![6.0], vec![6.0], vec![6.0], vec![0.0]], 0.95).unwrap();
        let values = |part: &Part| [part.forward, part.backward, part.average].map(|it| it.value);
        for (part, expected) in parts.parts.iter().zip([[0.0, 6.0, 3.0], [6.0, 0.0, 3.0]]) {
            let mut pairs = values(part).into_iter().zip(expected);
            assert!(
                pairs.all(|(found, wanted)| (found - wanted).abs() < 1e-12),
                "{part:?}"
            );
        }
    }

    #[test]
    fn averages_and_rest_are_the_whole() {
        let differences: Vec<Vec<f64>> = (0..16_u32)
            .map(|set| {
                [1.0, 2.0, 5.0]
                    .map(|run| crate::kernel::math::sin(f64::from(set) * run))
                    .to_vec()
            })
            .collect();
        let parts = decompose(&differences, 0.95).unwrap();
        let sum: f64 = parts.parts.iter().map(|part| part.average.value).sum();
        assert!((sum + parts.rest.value - parts.whole.value).abs() < 1e-12);
        assert!(decompose(&[], 0.95).is_none());
        assert!(decompose(&[vec![], vec![]], 0.95).is_none());
    }
}
