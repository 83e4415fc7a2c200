//! Estimates over episodes whose replication, not the episode, is the unit that varies. See
//! [`Clusters`] and [`paired_difference`].
//!
//! The targets of one replication share its weather of chance: one sensor out of action touches them
//! all. Intervals that took targets as independent would be far too short. So the standard error
//! is the jackknife's, leaving out one replication at a time (Lipsitz and Parzen, Biometrics 52,
//! 1996, pp. 291-298), with t of as many degrees of freedom as there are replications less one. It
//! needs no random numbers, and holds for any smooth function of the incidences.

use crate::accounting::stats::{CumulativeIncidence, Episode, Outcome, cumulative_incidence};
use crate::kernel::math;

use super::Estimate;
use super::mean::t_quantile;
use super::proportion::proportion;

/// Most groups of replications for the jackknife: more would take long and say no more.
const GROUPS_MAX: usize = 100;

/// A standard error up to this is rounding: all replications agree.
const NO_SPREAD: f64 = 1e-12;

/// A lower end below this is zero: few replications give ends such as 1e-50.
const LEAST: f64 = 1e-6;

/// The estimate over all replications, and those that leave out one each.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// Over all.
    pub whole: CumulativeIncidence,
    /// Without one each; more than 100 replications are left out in 100 groups.
    parts: Vec<CumulativeIncidence>,
    /// Replications that had episodes.
    replications: usize,
}

impl Clusters {
    /// The estimates over the episodes of replications.
    #[must_use]
    pub fn new(replications: &[Vec<Episode>]) -> Self {
        let used: Vec<&[Episode]> = replications
            .iter()
            .filter(|all| !all.is_empty())
            .map(Vec::as_slice)
            .collect();
        let (whole, parts) = left_out(&used);
        Self {
            whole,
            parts,
            replications: used.len(),
        }
    }

    /// Replications that had episodes.
    #[must_use]
    pub const fn replications(&self) -> usize {
        self.replications
    }

    /// Standard error of a number, and the t quantile that goes with it; none of fewer than two
    /// replications, or where the number needs episodes and only one replication has any.
    fn error(
        &self,
        of: impl Fn(&CumulativeIncidence) -> Option<f64>,
        confidence: f64,
    ) -> Option<(f64, f64)> {
        let t = t_quantile(confidence, self.parts.len().checked_sub(1)?)?;
        let left: Option<Vec<f64>> = self.parts.iter().map(of).collect();
        Some((jackknife_error(&left?), t))
    }

    /// The probability of an outcome by a time in seconds; `n` counts replications.
    ///
    /// The interval is made on the scale of log(−log F), so that it stays in 0 to 1 (Choudhury,
    /// Statistics in Medicine 21, 2002, pp. 1129-1144): `F^exp(±t s / (F ln F))`. Where the
    /// estimate is 0 or 1 there is no spread to go by: the interval is Wilson's of as many trials
    /// as there are replications, which is right if the targets of a replication share one fate
    /// and too wide otherwise. Where all replications agree on anything else there is no interval.
    /// None without episodes.
    #[must_use]
    pub fn incidence(&self, outcome: Outcome, time_s: f64, confidence: f64) -> Option<Estimate> {
        if self.whole.n() == 0 {
            return None;
        }
        let value = self.whole.at(outcome, time_s);
        let interval = if value <= 0.0 || value >= 1.0 - 1e-12 {
            let all = if value > 0.5 { self.replications } else { 0 };
            let edge = proportion(all, self.replications, confidence);
            edge.filter(|_| self.replications > 1)
                .and_then(|it| it.interval)
        } else {
            self.error(|it| Some(it.at(outcome, time_s)), confidence)
                .filter(|(error, _)| *error > NO_SPREAD)
                .map(|(error, t)| ends(value, error, t))
        };
        Some(Estimate {
            n: self.replications,
            value,
            interval,
        })
    }

    /// The restricted mean time to the event in seconds ([`CumulativeIncidence::restricted_mean_s`])
    /// with `mean ± t s`, cut to 0 and the horizon; `n` counts replications. Where all replications
    /// are the same, as without any event, there is no spread to go by and no interval. None without
    /// episodes.
    #[must_use]
    pub fn restricted_mean_s(&self, horizon_s: f64, confidence: f64) -> Option<Estimate> {
        let value = self.whole.restricted_mean_s(horizon_s)?;
        let interval = self
            .error(|it| it.restricted_mean_s(horizon_s), confidence)
            .filter(|(error, _)| *error > NO_SPREAD)
            .map(|(error, t)| [value - t * error, value + t * error])
            .map(|ends| ends.map(|end| end.clamp(0.0, horizon_s)));
        Some(Estimate {
            n: self.replications,
            value,
            interval,
        })
    }
}

/// The difference of a number between two design points, first less second, over replications that
/// ran with the same random numbers, with `difference ± t s`.
///
/// Each replication is left out of both points at once, so what its chance did to both cancels as it
/// does in a paired t interval. `pairs` holds the episodes of one replication at both points; a
/// pair with no episodes at either point is none. `n` counts pairs. None where the number does not
/// exist at one of the points.
#[must_use]
pub fn paired_difference(
    pairs: &[[Vec<Episode>; 2]],
    of: impl Fn(&CumulativeIncidence) -> Option<f64>,
    confidence: f64,
) -> Option<Estimate> {
    let used: Vec<&[Vec<Episode>; 2]> = pairs
        .iter()
        .filter(|pair| pair.iter().any(|episodes| !episodes.is_empty()))
        .collect();
    let at = |point: usize| -> Vec<&[Episode]> {
        used.iter().map(|pair| pair[point].as_slice()).collect()
    };
    let [(first, firsts), (second, seconds)] = [left_out(&at(0)), left_out(&at(1))];
    let value = of(&first)? - of(&second)?;
    let parts = firsts.iter().zip(&seconds);
    let left: Option<Vec<f64>> = parts.map(|(a, b)| Some(of(a)? - of(b)?)).collect();
    let interval = left.and_then(|left| {
        let t = t_quantile(confidence, left.len().checked_sub(1)?)?;
        let half = t * jackknife_error(&left);
        Some([value - half, value + half])
    });
    Some(Estimate {
        n: used.len(),
        value,
        interval,
    })
}

/// The estimate over all replications, and those that leave out one group of them each: the n-th
/// replication is in group n modulo [`GROUPS_MAX`].
fn left_out(replications: &[&[Episode]]) -> (CumulativeIncidence, Vec<CumulativeIncidence>) {
    let grouped = replications.iter().enumerate();
    let mut sorted: Vec<(usize, Episode)> = grouped
        .flat_map(|(at, all)| all.iter().map(move |it| (at % GROUPS_MAX, *it)))
        .collect();
    // What is in order once need not be sorted for every group.
    sorted.sort_by(|(_, a), (_, b)| a.time_s.total_cmp(&b.time_s));
    let without = |left_out: Option<usize>| {
        let kept = sorted.iter().filter(|(group, _)| Some(*group) != left_out);
        cumulative_incidence(&kept.map(|(_, it)| *it).collect::<Vec<_>>())
    };
    let groups = replications.len().min(GROUPS_MAX);
    (
        without(None),
        (0..groups).map(|group| without(Some(group))).collect(),
    )
}

/// The jackknife's standard error from the estimates that leave out one cluster each: `√((n - 1)/n Σ
/// (F_i - mean F)²)` (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, eq. 11.5).
fn jackknife_error(left: &[f64]) -> f64 {
    let n = left.len() as f64;
    let mean = left.iter().sum::<f64>() / n;
    let squares: f64 = left
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    ((n - 1.0) / n * squares).sqrt()
}

/// Ends of the interval of a probability above 0 and below 1 with a standard error above 0.
pub(super) fn ends(value: f64, error: f64, t: f64) -> [f64; 2] {
    let log = math::log(value);
    let spread = t * error / (value * -log);
    let low = math::exp(log * math::exp(spread));
    // `log` is negative: the greater power is the lower end.
    [
        if low < LEAST { 0.0 } else { low },
        math::exp(log * math::exp(-spread)),
    ]
}

#[cfg(test)]
#[path = "clusters_tests.rs"]
mod tests;
