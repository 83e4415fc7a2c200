//! The formulas of an engagement: kill probabilities, rounds, time of flight, what is damaged.
//!
//! Every random outcome takes one uniform number from its caller, so that each can be recomputed
//! from the key of its draw, and a better shot never turns a kill into a miss.

use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        curve::Curve,
        math::{exp, expm1, pow},
    },
    platform::{class::DamageSplit, damage::Harm},
};

/// Kill probability of one round over range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KillCurve {
    /// Shortest range in m.
    pub range_min_m: f64,
    /// Longest range in m.
    pub range_max_m: f64,
    /// Probability of a kill over range in m, linear between its points.
    pub probability: Curve,
}

impl KillCurve {
    /// Probability that one round kills at this range; 0 outside the weapon's reach.
    #[must_use]
    pub fn at(&self, range_m: f64) -> f64 {
        if self.reaches(range_m) {
            self.within_reach(range_m)
        } else {
            0.0
        }
    }

    /// Whether a range is within the weapon's reach.
    #[must_use]
    pub fn reaches(&self, range_m: f64) -> bool {
        (self.range_min_m..=self.range_max_m).contains(&range_m)
    }

    /// The same probability without a look at the reach.
    #[must_use]
    pub fn within_reach(&self, range_m: f64) -> f64 {
        self.probability.at(range_m).clamp(0.0, 1.0)
    }
}

/// Single-shot kill probability of a weapon with circular error `cep_m` against a target that dies
/// within `lethal_radius_m` of the impact: 1 − 0.5^((R/CEP)²) (Driels 2013, circular normal
/// errors).
#[must_use]
pub fn single_shot_kill(lethal_radius_m: f64, cep_m: f64) -> f64 {
    let ratio = lethal_radius_m / cep_m;
    1.0 - pow(0.5, ratio * ratio)
}

/// Probability that at least one of `rounds` independent rounds kills: 1 − (1 − p)ⁿ.
#[must_use]
pub fn salvo_kill(single: f64, rounds: u32) -> f64 {
    1.0 - (0..rounds).fold(1.0, |missed, _| missed * (1.0 - single))
}

/// Fewest rounds, at most `limit`, whose salvo kills with probability `wanted`.
#[must_use]
pub fn rounds_for(single: f64, wanted: f64, limit: u32) -> Option<u32> {
    let mut missed = 1.0;
    for rounds in 0..=limit {
        if 1.0 - missed >= wanted {
            return Some(rounds);
        }
        missed *= 1.0 - single;
    }
    None
}

/// Mean rounds of shoot-look-shoot with at most `rounds`: (1 − (1 − p)ⁿ)/p (Washburn & Kress 2009).
#[must_use]
pub fn shoot_look_shoot_rounds(single: f64, rounds: u32) -> f64 {
    if single <= 0.0 {
        f64::from(rounds)
    } else {
        salvo_kill(single, rounds) / single
    }
}

/// Time of flight in s of a round that drag slows with the square of its speed:
/// (e^{kR} − 1)/(k v₀) (`McCoy` 1999, flat fire at constant drag coefficient), R/v₀ without drag.
///
/// `drag_per_m` is k: 0 for a guided missile at constant speed.
#[must_use]
pub fn time_of_flight_s(range_m: f64, speed_m_s: f64, drag_per_m: f64) -> f64 {
    debug_assert!(
        speed_m_s > 0.0 && drag_per_m >= 0.0,
        "rounds fly and drag slows"
    );
    if drag_per_m <= 0.0 {
        return range_m / speed_m_s;
    }
    expm1(drag_per_m * range_m) / (drag_per_m * speed_m_s)
}

/// How the effect of a shot that succeeds divides into kinds of damage: shares that add up to 1 (the
/// mobility, firepower and catastrophic kill categories of Driels 2013).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DamageShares {
    /// The target is lost.
    pub catastrophic: f64,
    /// It can no longer shoot.
    pub firepower: f64,
    /// It can no longer move.
    pub mobility: f64,
    /// Its sensors are blind.
    pub sensor: f64,
    /// Its radios are dead.
    pub radio: f64,
}

impl DamageShares {
    /// The shares of a weapon in the catalogue.
    #[must_use]
    pub fn of(split: &DamageSplit) -> Self {
        Self {
            catastrophic: split.catastrophic.value(),
            firepower: split.firepower.value(),
            mobility: split.mobility.value(),
            sensor: split.sensor.value(),
            radio: split.radio.value(),
        }
    }

    /// The shares by kind of harm, the worst first.
    #[must_use]
    pub fn worst_first(&self) -> [(Harm, f64); 5] {
        [
            (Harm::Catastrophic, self.catastrophic),
            (Harm::Firepower, self.firepower),
            (Harm::Mobility, self.mobility),
            (Harm::Sensor, self.sensor),
            (Harm::Radio, self.radio),
        ]
    }

    /// The harm that belongs to a uniform number in [0, 1), if the shot takes effect with this
    /// probability. The worst harm lies lowest, so that more probability never lessens the harm of
    /// the same draw.
    #[must_use]
    pub fn harm(&self, probability: f64, uniform: f64) -> Option<Harm> {
        if uniform >= probability {
            return None;
        }
        let shares = self.worst_first();
        let whole: f64 = shares.iter().map(|(_, share)| share).sum();
        let within = uniform / probability * whole;
        let mut below = 0.0;
        let found = shares.iter().find(|(_, share)| {
            below += share;
            within < below
        });
        // Rounding may leave a draw a bit above the last sum.
        let last = || shares.iter().rev().find(|(_, share)| *share > 0.0);
        found.or_else(last).map(|(harm, _)| *harm)
    }
}

/// Mean and variance of the length of a chain of exponential stages with these means.
#[must_use]
pub fn chain_moments(stage_means: &[f64]) -> (f64, f64) {
    (
        stage_means.iter().sum(),
        stage_means.iter().map(|mean| mean * mean).sum(),
    )
}

/// Probability that a chain of exponential stages with these means is done within `time`: the
/// hypoexponential distribution, by uniformisation (Jensen 1953), which equal means do not disturb.
#[must_use]
pub fn chain_done_by(stage_means: &[f64], time: f64) -> f64 {
    let Some(shortest) = stage_means.iter().copied().reduce(f64::min) else {
        return 1.0;
    };
    let jumps = time / shortest;
    if jumps <= 0.0 {
        return 0.0;
    }
    // Slices keep exp(−jumps) away from underflow; the chain is Markov, so they follow each other.
    let slices = (jumps / 32.0).ceil().max(1.0);
    let slice = jumps / slices;
    let mut in_stage = vec![0.0; stage_means.len()];
    in_stage[0] = 1.0;
    let mut done_slices = 0.0;
    while done_slices < slices {
        in_stage = after_jumps(&in_stage, stage_means, shortest, slice);
        done_slices += 1.0;
    }
    (1.0 - in_stage.iter().sum::<f64>()).clamp(0.0, 1.0)
}

/// The probabilities of being in each stage after a time in which the uniformised chain makes
/// `jumps` jumps in the mean (at most 32).
fn after_jumps(start: &[f64], stage_means: &[f64], shortest: f64, jumps: f64) -> Vec<f64> {
    let mut now = start.to_vec();
    let mut weight = exp(-jumps);
    let mut sum: Vec<f64> = now.iter().map(|p| weight * p).collect();
    // Beyond 160 jumps the Poisson weight of a mean of 32 is below 1e-60.
    for jump in 1..=160_u32 {
        let mut arriving = 0.0;
        for (p, mean) in now.iter_mut().zip(stage_means) {
            let leaving = *p * (shortest / mean);
            *p += arriving - leaving;
            arriving = leaving;
        }
        weight *= jumps / f64::from(jump);
        for (total, p) in sum.iter_mut().zip(&now) {
            *total += weight * p;
        }
    }
    sum
}

/// Probability that the chain is done before an exponential dwell of this mean ends:
/// Π rᵢ/(rᵢ + 1/dwell).
#[must_use]
pub fn chain_beats_dwell(stage_means: &[f64], dwell_mean: f64) -> f64 {
    stage_means
        .iter()
        .map(|mean| dwell_mean / (dwell_mean + mean))
        .product()
}

/// Solves (I − Q)·x = r for the transient states of an absorbing Markov chain with these transition
/// probabilities among them, which is x = N·r with the fundamental matrix N = (I − Q)⁻¹ (Kemeny & Snell
/// 1960, theorem 3.2.4): mean steps to absorption from each state where all of r are 1; probability of
/// ending in one absorbing state where r are the probabilities of stepping into it.
///
/// None where Q is not square, r does not fit, or some state is never left.
#[must_use]
pub fn absorbed(transient: &[Vec<f64>], r: &[f64]) -> Option<Vec<f64>> {
    let count = transient.len();
    if r.len() != count || transient.iter().any(|row| row.len() != count) {
        return None;
    }
    let equation = |(at, row): (usize, &Vec<f64>)| {
        let own = |(to, q): (usize, &f64)| f64::from(u8::from(to == at)) - q;
        let left = row.iter().enumerate().map(own);
        left.chain([r[at]]).collect::<Vec<f64>>()
    };
    let mut rows: Vec<Vec<f64>> = transient.iter().enumerate().map(equation).collect();
    for at in 0..count {
        let size = |row: &usize| rows[*row][at].abs();
        let best = (at..count).max_by(|a, b| size(a).total_cmp(&size(b)))?;
        if size(&best) < 1e-12 {
            return None;
        }
        rows.swap(at, best);
        let pivot = rows[at].clone();
        for (_, row) in rows
            .iter_mut()
            .enumerate()
            .filter(|(other, _)| *other != at)
        {
            let share = row[at] / pivot[at];
            for (x, p) in row.iter_mut().zip(&pivot) {
                *x -= share * p;
            }
        }
    }
    let value = |(at, row): (usize, &Vec<f64>)| row[count] / row[at];
    Some(rows.iter().enumerate().map(value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Find, fix, track, target, engage, assess: mean minutes of the reference chain.
    const STAGES: [f64; 6] = [2.0, 3.0, 1.0, 4.0, 0.5, 5.0];

    #[test]
    fn kill_probability_is_linear_in_range_and_ends_with_reach() {
        let curve = KillCurve {
            range_min_m: 100.0,
            range_max_m: 2000.0,
            probability: Curve::new(vec![(500.0, 0.8), (1500.0, 0.4)]).unwrap(),
        };
        for (range_m, want) in [
            (99.0, 0.0),
            (100.0, 0.8),
            (1000.0, 0.6),
            (2000.0, 0.4),
            (2001.0, 0.0),
        ] {
            assert!((curve.at(range_m) - want).abs() < 1e-12, "{range_m} m");
        }
        assert!(curve.at(f64::NAN).abs() < 1e-12);
    }

    #[test]
    fn closed_forms_of_shooting_agree() {
        assert!((salvo_kill(0.3, 4) - 0.7599).abs() < 1e-12);
        assert!((shoot_look_shoot_rounds(0.3, 4) - 2.533).abs() < 1e-12);
        assert!((single_shot_kill(10.0, 12.0) - 0.382_052_767).abs() < 1e-9);
        assert_eq!(rounds_for(0.3, 0.7599, 9), Some(4));
        assert_eq!(rounds_for(0.3, 0.76, 4), None);
        assert_eq!(rounds_for(0.3, 0.0, 0), Some(0));
    }

    #[test]
    fn drag_lengthens_the_flight() {
        assert!((time_of_flight_s(1500.0, 300.0, 0.0) - 5.0).abs() < 1e-12);
        // v falls to v₀/e over 1/k; t = (e − 1)/(k v₀).
        let t = time_of_flight_s(2000.0, 800.0, 5e-4);
        assert!((t - 1.718_281_828 / 0.4).abs() < 1e-8, "{t}");
    }

    #[test]
    fn one_draw_decides_and_more_lethality_never_helps_the_target() {
        let shares = DamageShares {
            catastrophic: 0.5,
            firepower: 0.2,
            mobility: 0.2,
            sensor: 0.05,
            radio: 0.05,
        };
        for (uniform, want) in [
            (0.0, Some(Harm::Catastrophic)),
            (0.19, Some(Harm::Catastrophic)),
            (0.21, Some(Harm::Firepower)),
            (0.29, Some(Harm::Mobility)),
            (0.35, Some(Harm::Mobility)),
            (0.37, Some(Harm::Sensor)),
            (0.39, Some(Harm::Radio)),
            (0.4, None),
        ] {
            assert_eq!(shares.harm(0.4, uniform), want, "{uniform}");
        }
        assert_eq!(shares.harm(0.0, 0.0), None);
        let severity = |probability: f64, uniform: f64| match shares.harm(probability, uniform) {
            None => 0,
            Some(harm) => 1 + harm as u8,
        };
        for step in 0..100_u32 {
            let u = f64::from(step) / 100.0;
            assert!(severity(0.5, u) >= severity(0.3, u), "u = {u}");
        }
    }

    #[test]
    fn the_kill_chain_agrees_with_the_hypoexponential() {
        let (mean, variance) = chain_moments(&STAGES);
        assert!((mean - 15.5).abs() < 1e-12 && (variance.sqrt() - 7.433_034_4).abs() < 1e-6);
        for (time, want) in [
            (10.0, 0.243_744_725_96),
            (20.0, 0.767_825_147_26),
            (30.0, 0.954_144_163_48),
        ] {
            let got = chain_done_by(&STAGES, time);
            assert!((got - want).abs() < 1e-10, "{time}: {got}");
        }
        assert!((chain_beats_dwell(&STAGES, 20.0) - 0.489_671_751_6).abs() < 1e-9);
    }

    /// MODELS §3, number 17: a kill chain that falls back and may lose its target.
    #[test]
    fn a_kill_chain_that_falls_back_is_an_absorbing_chain() {
        let q = [
            vec![0.5, 0.4, 0.0],
            vec![0.1, 0.6, 0.25],
            vec![0.0, 0.2, 0.5],
        ];
        let steps = absorbed(&q, &[1.0; 3]).unwrap()[0];
        assert!((steps - 90.0 / 11.0).abs() < 1e-12, "{steps}");
        let done = absorbed(&q, &[0.0, 0.0, 0.3]).unwrap()[0];
        assert!((done - 6.0 / 11.0).abs() < 1e-12, "{done}");
        let lost = absorbed(&q, &[0.1, 0.05, 0.0]).unwrap()[0];
        assert!(
            (done + lost - 1.0).abs() < 1e-12,
            "it is done or lost: {lost}"
        );
        assert_eq!(absorbed(&[vec![1.0]], &[1.0]), None, "it is never left");
        assert_eq!(absorbed(&q, &[1.0; 2]), None);
    }

    #[test]
    fn equal_stages_make_an_erlang_chain() {
        // Two stages of mean 1: 1 − e^{−t}(1 + t).
        let want = 1.0 - exp(-3.0) * 4.0;
        assert!((chain_done_by(&[1.0, 1.0], 3.0) - want).abs() < 1e-12);
        assert!((chain_done_by(&[1.0, 1.0], 500.0) - 1.0).abs() < 1e-9);
        assert!((chain_done_by(&[], 0.0) - 1.0).abs() < 1e-12);
    }
}
