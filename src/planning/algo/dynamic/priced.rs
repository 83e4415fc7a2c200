//! Prices of rounds, and the turns of shooters to come. See [`Priced`].

use super::course::Arrivals;
use super::policy::{Policy, Seen, Situation};
use super::prices::{Demand, common, walk};
use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::math;
use crate::kernel::random::{DrawKey, Stream};

/// Targets drawn to stand for those still to come.
const SAMPLES: u32 = 200;
/// Steps of the first walk to prices, and of each later one.
const STEPS: (u32, u32) = (600, 12);

/// The best assignment of targets to the turns of shooters, those to come included, by what each
/// round brings above its price.
///
/// Rounds are priced by the dual of the linear programme over the targets that are there and a
/// sample of those still to come (certainty-equivalent bid prices, Talluri and van Ryzin 1998, "An
/// analysis of bid-price controls for network revenue management"; Bertsekas 1999 on rollout of
/// scheduling under uncertainty). A round brings the target's value if it destroys it, and if not
/// what a living target is worth after the look: further rounds at their price, as long as it stays. Each
/// shooter has its turn now, or as soon as it has reloaded, and one more per reload; a later turn brings
/// less, as the target may have left. All targets are assigned to all turns at once, and the rounds
/// whose turn is now are fired. So a target waits for a shooter that is better at it where that is
/// worth the wait, and where nothing is scarce those go first that lose most by waiting.
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

    /// What a target is worth after a look that finds it alive: the best shooter for it fires after
    /// `wait` reloads, looks, and fires again until the target is destroyed or leaves.
    fn alive(&self, situation: &Situation<'_>, seen: &Seen<'_>, reach: &[f64], wait: f64) -> f64 {
        let able = (0..reach.len()).filter(|&s| situation.rounds[s] > 0);
        let worth = able.map(|shooter| {
            let p = seen.p_kill[shooter];
            let gain = p * reach[shooter] * seen.value - self.prices[shooter];
            let stays = self.stays(wait * self.law.shooters[shooter].reload_s);
            let again = stays * (1.0 - p) * reach[shooter];
            stays * gain / (1.0 - again).max(1e-9)
        });
        worth.fold(0.0, f64::max)
    }

    /// Chance that a target stays so long.
    fn stays(&self, time_s: f64) -> f64 {
        math::exp(-time_s / self.law.mean_stay_s)
    }

    /// Chance that a target is still there when a round fired now takes effect, for each shooter; 0
    /// if that is after the end.
    fn reach(&self, situation: &Situation<'_>, seen: &Seen<'_>) -> Vec<f64> {
        let left_s = self.law.horizon_s - situation.now_s;
        let of = |&flight_s: &f64| match flight_s <= left_s {
            true => self.stays(flight_s),
            false => 0.0,
        };
        seen.flight_s.iter().map(of).collect()
    }

    /// The next turns of all shooters that have rounds, `most` of each.
    fn turns(&self, situation: &Situation<'_>, most: u32) -> Vec<Turn> {
        let able = (0..situation.rounds.len()).filter(|&s| situation.rounds[s] > 0);
        let of = |shooter: usize| {
            let first_s = (situation.ready_s[shooter] - situation.now_s).max(0.0);
            let reload_s = self.law.shooters[shooter].reload_s;
            (0..situation.rounds[shooter].min(most)).map(move |turn| {
                let in_s = first_s + f64::from(turn) * reload_s;
                let stays = self.stays(in_s);
                Turn {
                    shooter,
                    in_s,
                    stays,
                }
            })
        };
        able.flat_map(of).collect()
    }
}

/// An opportunity to fire.
#[derive(Clone, Copy)]
struct Turn {
    shooter: usize,
    /// Time until then, s.
    in_s: f64,
    /// Chance that a target stays until then.
    stays: f64,
}

impl Policy for Priced {
    fn decide(&mut self, situation: &Situation<'_>) -> Vec<(usize, usize)> {
        let seen = situation.seen;
        let open = situation.open();
        if situation.free().is_empty() || open.is_empty() {
            return Vec::new();
        }
        let reaches: Vec<Vec<f64>> = seen.iter().map(|s| self.reach(situation, s)).collect();
        let chance = |(seen, reach): (&Seen<'_>, &Vec<f64>)| {
            let both = seen.p_kill.iter().zip(reach);
            both.map(|(p, reach)| p * reach).collect()
        };
        let chances: Vec<Vec<f64>> = seen.iter().zip(&reaches).map(chance).collect();
        self.reprice(situation, &chances);
        let able = situation.rounds.iter().filter(|&&r| r > 0).count().max(1);
        let turns = u32::try_from(open.len().div_ceil(able) + 1).unwrap_or(u32::MAX);
        let turns = self.turns(situation, turns);
        // A shooter is half a reload away on average, and half of the line stands before a target.
        let wait = 0.5 * (1.0 + open.len() as f64 / able as f64);
        let left_s = self.law.horizon_s - situation.now_s;
        let mut costs = Vec::with_capacity(open.len() * turns.len());
        for &at in &open {
            let (target, reach) = (&seen[at], &reaches[at]);
            let alive = self.alive(situation, target, reach, wait);
            costs.extend(turns.iter().map(|turn| {
                let shooter = turn.shooter;
                let p = target.p_kill[shooter];
                let brings = reach[shooter] * (p * target.value + (1.0 - p) * alive);
                let worth = turn.stays * (brings - self.prices[shooter]);
                let counts = worth > 0.0 && turn.in_s + target.flight_s[shooter] <= left_s;
                if counts { -worth } else { f64::INFINITY }
            }));
        }
        let found = Costs::new(open.len(), turns.len(), &costs)
            .ok()
            .and_then(|costs| self.assigner.solve(&costs, Some(0.0)).ok());
        let columns = found.map_or(&[][..], |found| &found.row_to_col[..]);
        let pairs = open.iter().zip(columns);
        let now = pairs.filter_map(|(&at, column)| {
            let turn = &turns[(*column)?];
            (turn.in_s <= 0.0).then_some((turn.shooter, seen[at].target))
        });
        now.collect()
    }
}
