//! Who fires at whom now. See [`Policy`].

use super::course::Arrivals;
use super::prices::{Demand, common, walk};
use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::math;
use crate::kernel::random::{DrawKey, Stream};

/// Targets drawn to stand for those still to come.
const SAMPLES: u32 = 200;
/// Steps of the first walk to prices, and of each later one.
const STEPS: (u32, u32) = (600, 12);

/// A target as seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen<'a> {
    /// Its number in the course.
    pub target: usize,
    /// What its destruction is worth, in points.
    pub value: f64,
    /// Chance that a round of each shooter destroys it.
    pub p_kill: &'a [f64],
    /// Time from firing to a known outcome of each shooter, s.
    pub flight_s: &'a [f64],
    /// Rounds on their way to it.
    pub in_flight: u32,
}

/// What a policy knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Situation<'a> {
    /// Now, s.
    pub now_s: f64,
    /// Rounds left of each shooter.
    pub rounds: &'a [u32],
    /// When each shooter can fire next, s.
    pub ready_s: &'a [f64],
    /// The targets that are there and not known to be destroyed.
    pub seen: &'a [Seen<'a>],
}

impl Situation<'_> {
    /// Shooters that can fire now.
    fn free(&self) -> Vec<usize> {
        let able = |&s: &usize| self.rounds[s] > 0 && self.ready_s[s] <= self.now_s;
        (0..self.rounds.len()).filter(able).collect()
    }

    /// Targets without a round on its way: one shoots, looks, and shoots again.
    fn open(&self) -> Vec<usize> {
        let quiet = |&t: &usize| self.seen[t].in_flight == 0;
        (0..self.seen.len()).filter(quiet).collect()
    }
}

/// Decides at every event.
pub trait Policy {
    /// Pairs of a shooter that can fire and a target's number, each shooter at most once.
    fn decide(&mut self, situation: &Situation<'_>) -> Vec<(usize, usize)>;
}

/// Pairs of the greatest sum of gains above zero, one target per shooter and one shooter per
/// target.
fn best_pairs(
    free: &[usize],
    open: &[usize],
    gain: impl Fn(usize, usize) -> f64,
    assigner: &mut Assigner,
) -> Vec<(usize, usize)> {
    let cost = |shooter: usize, seen: usize| match gain(shooter, seen) {
        gain if gain > 0.0 => -gain,
        _ => f64::INFINITY,
    };
    let values: Vec<f64> = free
        .iter()
        .flat_map(|&shooter| open.iter().map(move |&seen| (shooter, seen)))
        .map(|(shooter, seen)| cost(shooter, seen))
        .collect();
    let found = Costs::new(free.len(), open.len(), &values)
        .ok()
        .and_then(|costs| assigner.solve(&costs, Some(0.0)).ok());
    let columns = found.map_or(&[][..], |found| &found.row_to_col[..]);
    let pairs = free.iter().zip(columns);
    pairs
        .filter_map(|(&shooter, col)| Some((shooter, open[(*col)?])))
        .collect()
}

/// The best assignment by what each round destroys on average, whatever it may be wanted for later.
#[derive(Clone, Debug, Default)]
pub struct Myopic {
    assigner: Assigner,
}

impl Policy for Myopic {
    fn decide(&mut self, situation: &Situation<'_>) -> Vec<(usize, usize)> {
        let seen = situation.seen;
        let gain = |shooter: usize, at: usize| seen[at].value * seen[at].p_kill[shooter];
        let (free, open) = (situation.free(), situation.open());
        let pairs = best_pairs(&free, &open, gain, &mut self.assigner);
        pairs
            .into_iter()
            .map(|(shooter, at)| (shooter, seen[at].target))
            .collect()
    }
}

/// The best assignment by what each round brings above its price and above waiting.
///
/// Rounds are priced by the dual of the linear programme over the targets that are there and a
/// sample of those still to come (certainty-equivalent bid prices, Talluri and van Ryzin 1998, "An
/// analysis of bid-price controls for network revenue management"; Bertsekas 1999 on rollout of
/// scheduling under uncertainty). A target that is left alone keeps a value: that of the best later
/// round at it, less what is lost if it leaves before. A round is fired where its gain over both is
/// positive.
#[derive(Clone, Debug)]
pub struct Priced {
    law: Arrivals,
    /// Targets that stand for all to come.
    samples: Vec<Demand>,
    /// Price of a round of each shooter, in points.
    prices: Vec<f64>,
    is_warm: bool,
    assigner: Assigner,
}

impl Priced {
    /// A policy that knows the law of arrivals; `seed` names its sample of the future.
    #[must_use]
    pub fn new(law: &Arrivals, seed: u64) -> Self {
        let mut draws = DrawKey::new(Stream::Placement, 0x70_72_69, 1, 0).draws(seed);
        let leaving = 1.0 / law.mean_stay_s;
        let sample = |_| {
            let target = law.target(0.0, &mut draws);
            let times = target.p_kill.iter().zip(&target.flight_s);
            Demand {
                weight: 1.0,
                value: target.value,
                most: 1.0,
                p: times
                    .map(|(p, flight)| p * math::exp(-flight * leaving))
                    .collect(),
            }
        };
        Self {
            samples: (0..SAMPLES).map(sample).collect(),
            prices: vec![0.0; law.shooters.len()],
            law: law.clone(),
            is_warm: false,
            assigner: Assigner::default(),
        }
    }

    /// Brings the prices up to what is there now.
    fn reprice(&mut self, situation: &Situation<'_>, chances: &[Vec<f64>]) {
        let left_s = (self.law.horizon_s - situation.now_s).max(0.0);
        let weight = self.law.rate * left_s / f64::from(SAMPLES);
        let mut demands = self.samples.clone();
        demands.iter_mut().for_each(|demand| demand.weight = weight);
        demands.extend(situation.seen.iter().zip(chances).map(|(seen, p)| Demand {
            weight: 1.0,
            value: seen.value,
            most: 1.0,
            p: p.clone(),
        }));
        let rounds: Vec<f64> = situation.rounds.iter().map(|&r| f64::from(r)).collect();
        let largest = self.law.value.1;
        if !self.is_warm {
            self.prices = common(&demands, &rounds, largest);
            walk(
                &demands,
                &rounds,
                &mut self.prices,
                (STEPS.0, 0.05 * largest),
            );
            self.is_warm = true;
        }
        let limits = (STEPS.1, 0.01 * largest);
        walk(&demands, &rounds, &mut self.prices, limits);
    }

    /// What a target is worth that is left alone now: the best later round at it, of a shooter with
    /// rounds that is not `taken` before it has reloaded.
    fn later(&self, situation: &Situation<'_>, taken: &[bool], value: f64, p: &[f64]) -> f64 {
        let later = (0..p.len()).filter(|&s| situation.rounds[s] > u32::from(taken[s]));
        let worth = later.map(|shooter| {
            let wait_s = match taken[shooter] {
                true => self.law.shooters[shooter].reload_s,
                false => (situation.ready_s[shooter] - situation.now_s).max(1.0),
            };
            let stays = math::exp(-wait_s / self.law.mean_stay_s);
            stays * (value - self.prices[shooter] / p[shooter])
        });
        worth.fold(0.0, f64::max)
    }
}

impl Policy for Priced {
    fn decide(&mut self, situation: &Situation<'_>) -> Vec<(usize, usize)> {
        let seen = situation.seen;
        let (mut free, mut open) = (situation.free(), situation.open());
        if free.is_empty() || open.is_empty() {
            return Vec::new();
        }
        let leaving = 1.0 / self.law.mean_stay_s;
        let end_s = self.law.horizon_s - situation.now_s;
        let chance = |seen: &Seen<'_>| -> Vec<f64> {
            let times = seen.p_kill.iter().zip(seen.flight_s);
            let in_time = |flight: f64| {
                if flight <= end_s {
                    math::exp(-flight * leaving)
                } else {
                    0.0
                }
            };
            times.map(|(p, flight)| p * in_time(*flight)).collect()
        };
        let chances: Vec<Vec<f64>> = seen.iter().map(chance).collect();
        self.reprice(situation, &chances);
        let mut taken = vec![false; situation.rounds.len()];
        let mut orders = Vec::new();
        // Who gets nobody this time may do better with the next best than with waiting.
        loop {
            let later: Vec<f64> = (0..seen.len())
                .map(|at| self.later(situation, &taken, seen[at].value, &chances[at]))
                .collect();
            let gain = |shooter: usize, at: usize| {
                chances[at][shooter] * (seen[at].value - later[at]) - self.prices[shooter]
            };
            let pairs = best_pairs(&free, &open, gain, &mut self.assigner);
            if pairs.is_empty() {
                return orders;
            }
            for &(shooter, at) in &pairs {
                taken[shooter] = true;
                orders.push((shooter, seen[at].target));
            }
            free.retain(|&shooter| !taken[shooter]);
            open.retain(|at| pairs.iter().all(|pair| pair.1 != *at));
        }
    }
}
