//! Rounds of fire to targets on one node's belief, with a bound on what any pairing could reach.
//!
//! Problem: targets have a value, a chance of being what the track says, an expiry and a limit on
//! rounds; shooters have rounds that become ready one after another. Find who fires what at whom
//! so that `sum V_j q_j (1 - prod_i (1 - p_ij)) - sum cost` is greatest (weapon-target
//! assignment, Manne 1958; a track's validity `q` scales the value, because a second round at a
//! false track kills nothing either). Method: every round of a shooter is a slot; layer by layer
//! an exact assignment of slots to targets by marginal gain, then moves and swaps until none
//! helps; greedy by marginal gain goes through the same moves, and the better one is kept, so the
//! result is never worse than greedy. With one slot per shooter and one round per target the
//! first layer is the optimum and the bound says so. The bound is a Lagrangian one. Work:
//! `O(n³)` per layer at worst, `O(slots · (slots + targets))` per pass of the moves.
//!
//! This proposes; people decide (`command`). Nothing here is ever exported to a vehicle.

use crate::kernel::assignment::{Assigner, AssignmentError, Costs};
use crate::kernel::budget::WorkBudget;
use crate::planning::algo::pairing_bound;
use crate::planning::algo::pairing_moves::LocalSearch;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most passes of moves and swaps; each improves the objective, so few are ever needed.
const PASSES: usize = 50;
/// Most pairs of a round and a target; bounds memory to some hundred megabytes.
pub const MOST_PAIRS: u64 = 10_000_000;
/// Gains below this share of the largest value are rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// A target as a node believes it to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetSpec {
    /// What its destruction is worth, in points.
    pub value: f64,
    /// Chance that the track is valid and the target where it is believed, 0 to 1.
    pub track_quality: f64,
    /// Until when an effect counts, s; `+inf` for no limit.
    pub expires_s: f64,
    /// Most rounds at it.
    pub max_rounds: u32,
}

/// A shooter as a node believes it to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShooterSpec {
    /// Rounds that it may use in this pairing.
    pub rounds: u32,
    /// When the first one can be fired, s.
    pub ready_s: f64,
    /// Time from one round to the next, s.
    pub reload_s: f64,
}

/// What a shooter can do to a target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShotSpec {
    /// Chance that one round destroys a valid target, 0 to 1.
    pub p_kill: f64,
    /// Time from firing to effect, s.
    pub time_to_effect_s: f64,
    /// What the round costs, in points; at least zero.
    pub cost: f64,
}

/// A pairing problem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PairingProblem {
    /// The shooters.
    pub shooters: Vec<ShooterSpec>,
    /// The targets.
    pub targets: Vec<TargetSpec>,
    /// Shooter by shooter, what it can do to each target; `None` if nothing.
    pub shots: Vec<Option<ShotSpec>>,
}

/// One proposed round.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Index of the shooter.
    pub shooter: usize,
    /// Index of the target.
    pub target: usize,
    /// When it can be fired, s.
    pub fires_s: f64,
    /// When it takes effect, s.
    pub effect_s: f64,
    /// Chance that it destroys a valid target.
    pub p_kill: f64,
}

/// A pairing with what it is worth and what any could be worth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pairing {
    /// The rounds, by shooter and time.
    pub rounds: Vec<Round>,
    /// Expected value destroyed minus the rounds' cost, in points.
    pub objective: f64,
    /// No pairing is worth more than this.
    pub upper_bound: f64,
}

impl Pairing {
    /// How far from the optimum this may be, as a share of the bound.
    #[must_use]
    pub fn gap(&self) -> f64 {
        let short = self.upper_bound - self.objective;
        if self.upper_bound > 0.0 {
            (short / self.upper_bound).max(0.0)
        } else {
            0.0
        }
    }
}

/// Why a problem was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum PairingError {
    /// The number of shots is not shooters times targets.
    #[error("{0} shots given, {1} needed")]
    Shape(usize, usize),
    /// More rounds times targets than [`MOST_PAIRS`].
    #[error("{0} pairs of a round and a target are more than {MOST_PAIRS}")]
    TooLarge(u64),
    /// A number of a target is NaN or out of its range.
    #[error("target {0} has a value, quality or expiry that is not a usable number")]
    Target(usize),
    /// A number of a shooter is NaN or out of its range.
    #[error("shooter {0} has a time that is not a usable number")]
    Shooter(usize),
    /// A number of a shot is NaN or out of its range.
    #[error("shot {0} has a chance, time or cost that is not a usable number")]
    Shot(usize),
    /// The gains came out beyond what the assignment accepts.
    #[error(transparent)]
    Costs(#[from] AssignmentError),
}

/// A problem in slots: one row per round that a shooter can fire.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    /// Shooter and firing time of each slot.
    pub(super) of: Vec<(usize, f64)>,
    /// The how-manieth round of its shooter each slot is.
    layer: Vec<u32>,
    /// Number of targets.
    pub(super) targets: usize,
    /// Value times track quality of each target.
    pub(super) value: Vec<f64>,
    /// Most rounds at each target.
    pub(super) cap: Vec<u32>,
    /// Slot by slot: kill probability and cost at each target; `None` if it cannot or is too late.
    pub(super) shot: Vec<Option<(f64, f64)>>,
}

/// Which target each slot fires at.
pub(super) type Choice = Vec<Option<usize>>;

impl PairingProblem {
    /// Checks every number.
    fn check(&self) -> Result<(), PairingError> {
        let needed = self.shooters.len() * self.targets.len();
        if self.shots.len() != needed {
            return Err(PairingError::Shape(self.shots.len(), needed));
        }
        let share = |p: f64| (0.0..=1.0).contains(&p);
        let positive = |x: f64| x >= 0.0 && x.is_finite();
        let bad =
            |t: &TargetSpec| !(positive(t.value) && share(t.track_quality)) || t.expires_s.is_nan();
        if let Some(at) = self.targets.iter().position(bad) {
            return Err(PairingError::Target(at));
        }
        let bad = |s: &ShooterSpec| !(s.ready_s.is_finite() && positive(s.reload_s));
        if let Some(at) = self.shooters.iter().position(bad) {
            return Err(PairingError::Shooter(at));
        }
        let good =
            |s: &ShotSpec| share(s.p_kill) && positive(s.time_to_effect_s) && positive(s.cost);
        if let Some(at) = self.shots.iter().position(|s| s.is_some_and(|s| !good(&s))) {
            return Err(PairingError::Shot(at));
        }
        let rounds = self
            .shooters
            .iter()
            .map(|s| u64::from(s.rounds.min(self.takes())));
        let targets = u64::try_from(self.targets.len()).unwrap_or(u64::MAX);
        match rounds.sum::<u64>().saturating_mul(targets) {
            pairs if pairs > MOST_PAIRS => Err(PairingError::TooLarge(pairs)),
            _ => Ok(()),
        }
    }

    /// Rounds that all targets take together.
    fn takes(&self) -> u32 {
        self.targets
            .iter()
            .fold(0, |sum, target| sum.saturating_add(target.max_rounds))
    }

    /// The problem in slots. A shooter never needs more slots than all its targets take rounds.
    fn slots(&self) -> Slots {
        let targets = self.targets.len();
        let takes = self
            .targets
            .iter()
            .fold(0_u32, |sum, t| sum.saturating_add(t.max_rounds));
        let mut slots = Slots {
            of: Vec::new(),
            layer: Vec::new(),
            targets,
            value: self
                .targets
                .iter()
                .map(|t| t.value * t.track_quality)
                .collect(),
            cap: self.targets.iter().map(|t| t.max_rounds).collect(),
            shot: Vec::new(),
        };
        for (s, shooter) in self.shooters.iter().enumerate() {
            for layer in 0..shooter.rounds.min(takes) {
                let fires_s = shooter.ready_s + f64::from(layer) * shooter.reload_s;
                let row = self.shots[s * targets..][..targets]
                    .iter()
                    .zip(&self.targets);
                let in_time = row.map(|(shot, target)| {
                    let shot = shot.filter(|s| fires_s + s.time_to_effect_s <= target.expires_s)?;
                    (target.max_rounds > 0).then_some((shot.p_kill, shot.cost))
                });
                let before = slots.shot.len();
                slots.shot.extend(in_time);
                if slots.shot[before..].iter().all(Option::is_none) {
                    slots.shot.truncate(before);
                    break; // Later rounds of this shooter come too late as well.
                }
                slots.of.push((s, fires_s));
                slots.layer.push(layer);
            }
        }
        slots
    }

    /// Finds a pairing and bounds it, spending at most `budget` (pairs evaluated) on the bound.
    ///
    /// # Errors
    /// [`PairingError`] for numbers that cannot be used.
    pub fn solve(
        &self,
        assigner: &mut Assigner,
        budget: &mut WorkBudget,
    ) -> Result<Pairing, PairingError> {
        self.check()?;
        let slots = self.slots();
        let layered = slots.improved(slots.layered(assigner)?);
        let greedy = slots.improved(slots.greedy());
        let better = slots.worth(&greedy) > slots.worth(&layered);
        let best = if better { greedy } else { layered };
        let objective = slots.worth(&best);
        let upper_bound = pairing_bound::upper_bound(&slots, objective, assigner, budget)?;
        let mut rounds: Vec<Round> = Vec::new();
        for (&(shooter, fires_s), target) in slots.of.iter().zip(&best) {
            let Some(target) = *target else { continue };
            let Some(shot) = self.shots[shooter * slots.targets + target] else {
                continue;
            };
            let effect_s = fires_s + shot.time_to_effect_s;
            rounds.push(Round {
                shooter,
                target,
                fires_s,
                effect_s,
                p_kill: shot.p_kill,
            });
        }
        Ok(Pairing {
            rounds,
            objective,
            upper_bound: upper_bound.max(objective),
        })
    }
}

impl Slots {
    /// Survival chance of each target and rounds at it under a choice.
    fn state(&self, choice: &Choice) -> (Vec<f64>, Vec<u32>) {
        let mut survives = vec![1.0; self.targets];
        let mut used = vec![0; self.targets];
        for (slot, target) in choice.iter().enumerate() {
            let Some(target) = *target else { continue };
            survives[target] *= 1.0 - self.shot[slot * self.targets + target].map_or(0.0, |s| s.0);
            used[target] += 1;
        }
        (survives, used)
    }

    /// Objective of a choice, in points.
    fn worth(&self, choice: &Choice) -> f64 {
        let (survives, _) = self.state(choice);
        let gained: f64 = self
            .value
            .iter()
            .zip(survives)
            .map(|(v, s)| v * (1.0 - s))
            .sum();
        let chosen = choice
            .iter()
            .enumerate()
            .filter_map(|(slot, target)| Some((slot, (*target)?)));
        let shots = chosen.filter_map(|(slot, target)| self.shot[slot * self.targets + target]);
        gained - shots.map(|shot| shot.1).sum::<f64>()
    }

    /// Gain of one more round; `None` if the slot cannot reach the target.
    fn gain(&self, slot: usize, target: usize, survives: f64) -> Option<f64> {
        let (p_kill, cost) = self.shot[slot * self.targets + target]?;
        Some(self.value[target] * survives * p_kill - cost)
    }

    /// Layer by layer: the slots of one layer to targets by an exact assignment of gains. A layer
    /// is repeated with its free slots as long as that helps, for targets that take several.
    fn layered(&self, assigner: &mut Assigner) -> Result<Choice, PairingError> {
        let mut choice: Choice = vec![None; self.of.len()];
        let layers = self.layer.iter().max().map_or(0, |most| most + 1);
        for layer in 0..layers {
            loop {
                let (survives, used) = self.state(&choice);
                let free: Vec<usize> = (0..self.of.len())
                    .filter(|&slot| self.layer[slot] == layer && choice[slot].is_none())
                    .collect();
                let open: Vec<usize> = (0..self.targets)
                    .filter(|&t| used[t] < self.cap[t])
                    .collect();
                let cost =
                    |slot: usize, target: usize| match self.gain(slot, target, survives[target]) {
                        Some(gain) if gain > 0.0 => -gain,
                        _ => f64::INFINITY,
                    };
                let values: Vec<f64> = free
                    .iter()
                    .flat_map(|&s| open.iter().map(move |&t| cost(s, t)))
                    .collect();
                let costs = Costs::new(free.len(), open.len(), &values)?;
                let found = assigner.solve(&costs, Some(0.0))?;
                for (slot, col) in free.iter().zip(&found.row_to_col) {
                    choice[*slot] = col.map(|col| open[col]);
                }
                if found.pairs() == 0 {
                    break;
                }
            }
        }
        Ok(choice)
    }

    /// The best single round, again and again (maximum marginal return).
    fn greedy(&self) -> Choice {
        let mut choice: Choice = vec![None; self.of.len()];
        loop {
            let (survives, used) = self.state(&choice);
            let mut best = (0.0, None);
            for slot in (0..self.of.len()).filter(|&slot| choice[slot].is_none()) {
                for target in (0..self.targets).filter(|&t| used[t] < self.cap[t]) {
                    if let Some(gain) = self.gain(slot, target, survives[target])
                        && gain > best.0
                    {
                        best = (gain, Some((slot, target)));
                    }
                }
            }
            let Some((slot, target)) = best.1 else {
                return choice;
            };
            choice[slot] = Some(target);
        }
    }

    /// Moves single rounds and swaps pairs of them until nothing helps.
    fn improved(&self, choice: Choice) -> Choice {
        let largest = self.value.iter().copied().fold(0.0, f64::max);
        let mut search = LocalSearch::new(self, choice, NEGLIGIBLE * largest);
        for _ in 0..PASSES {
            let mut changed = false;
            for slot in 0..self.of.len() {
                changed |= search.move_best(slot);
                for other in slot + 1..self.of.len() {
                    changed |= search.swap_if_better(slot, other);
                }
            }
            if !changed {
                break;
            }
        }
        search.choice
    }
}

#[cfg(test)]
#[path = "pairing_tests.rs"]
mod tests;
