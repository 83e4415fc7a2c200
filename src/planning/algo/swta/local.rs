//! Greedy and local search on pairs.

use super::instance::{Instance, Pair};
use crate::kernel::budget::Budget;

/// Improvements below this share of the surviving threat are rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// A pair at a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shot {
    pub(super) pair: Pair,
    pub(super) target: usize,
}

/// Shots, and what survives them.
#[derive(Clone, Debug)]
pub(super) struct Plan<'a> {
    instance: &'a Instance,
    shots: Vec<Shot>,
    free_weapons: Vec<bool>,
    free_sensors: Vec<bool>,
    surviving: Vec<f64>,
}

impl<'a> Plan<'a> {
    /// Nobody fires.
    pub(super) fn empty(instance: &'a Instance) -> Self {
        Self {
            instance,
            shots: Vec::new(),
            free_weapons: vec![true; instance.weapons()],
            free_sensors: vec![true; instance.sensors()],
            surviving: instance.threat().to_vec(),
        }
    }

    /// The pairs on each target.
    pub(super) fn by_target(&self) -> Vec<Vec<Pair>> {
        let mut lists = vec![Vec::new(); self.instance.targets()];
        for shot in &self.shots {
            lists[shot.target].push(shot.pair);
        }
        lists
    }

    /// Whether all of these weapons and sensors are free; see [`Instance::pair_up`].
    pub(super) fn holds(&self, uses: &[usize]) -> bool {
        let weapons = self.instance.weapons();
        uses.iter().all(|&r| match r.checked_sub(weapons) {
            Some(sensor) => self.free_sensors[sensor],
            None => self.free_weapons[r],
        })
    }

    /// Threat that survives.
    fn value(&self) -> f64 {
        self.surviving.iter().sum()
    }

    /// One more shot of a free pair.
    pub(super) fn add(&mut self, shot: Shot) {
        self.free_weapons[shot.pair.0] = false;
        self.free_sensors[shot.pair.1] = false;
        self.shots.push(shot);
        self.refresh(shot.target);
    }

    /// Works out anew what survives of a target.
    fn refresh(&mut self, target: usize) {
        let own = self.shots.iter().filter(|shot| shot.target == target);
        let kept = own.map(|shot| self.instance.kept(target, shot.pair));
        self.surviving[target] = kept.fold(self.instance.threat()[target], |left, k| left * k);
    }

    /// Adds the free pair with the largest gain until none gains. False when the budget is used up.
    pub(super) fn greedy(&mut self, budget: &mut dyn Budget) -> bool {
        let instance = self.instance;
        loop {
            let weapons = (0..instance.weapons()).filter(|&w| self.free_weapons[w]);
            let sensors = |w| (0..instance.sensors()).map(move |s| (w, s));
            let free = |pair: &Pair| self.free_sensors[pair.1] && instance.works(*pair);
            let pairs: Vec<Pair> = weapons.flat_map(sensors).filter(free).collect();
            let work = (pairs.len() * instance.targets()) as u64;
            if !budget.spend(work) {
                return false;
            }
            let mut best: (f64, Option<Shot>) = (0.0, None);
            for &pair in &pairs {
                for (target, left) in self.surviving.iter().enumerate() {
                    let gain = left * (1.0 - instance.kept(target, pair));
                    if gain > best.0 {
                        best = (gain, Some(Shot { pair, target }));
                    }
                }
            }
            match best.1 {
                Some(shot) => self.add(shot),
                None => return true,
            }
        }
    }

    /// Shifts and exchanges until none improves. False when the budget is used up.
    pub(super) fn local_search(&mut self, budget: &mut dyn Budget) -> bool {
        loop {
            let before = self.value();
            for first in 0..self.shots.len() {
                let work = self.instance.targets() + self.shots.len() * self.shots.len();
                if !budget.spend(work as u64) {
                    return false;
                }
                self.shift(first);
                self.replace(first);
                for second in first + 1..self.shots.len() {
                    self.exchange(first, second);
                }
            }
            if self.value() >= before * (1.0 - NEGLIGIBLE) {
                return true;
            }
        }
    }

    /// Puts other shots in the places of some, if that leaves less threat.
    fn try_shots(&mut self, changes: &[(usize, Shot)]) -> bool {
        if changes
            .iter()
            .any(|(_, shot)| !self.instance.works(shot.pair))
        {
            return false;
        }
        let mut touched: Vec<usize> = changes
            .iter()
            .flat_map(|&(at, shot)| [self.shots[at].target, shot.target])
            .collect();
        touched.sort_unstable();
        touched.dedup();
        let old: Vec<Shot> = changes.iter().map(|&(at, _)| self.shots[at]).collect();
        let before: f64 = touched.iter().map(|&t| self.surviving[t]).sum();
        for &(at, shot) in changes {
            self.shots[at] = shot;
        }
        touched.iter().for_each(|&t| self.refresh(t));
        let after: f64 = touched.iter().map(|&t| self.surviving[t]).sum();
        if after < before * (1.0 - NEGLIGIBLE) {
            return true;
        }
        for (&(at, _), &shot) in changes.iter().zip(&old) {
            self.shots[at] = shot;
        }
        touched.iter().for_each(|&t| self.refresh(t));
        false
    }

    /// The shot goes to the target where it gains most.
    fn shift(&mut self, at: usize) {
        let Shot { pair, target } = self.shots[at];
        let gain = |&t: &usize| self.surviving[t] * (1.0 - self.instance.kept(t, pair));
        let others = (0..self.instance.targets()).filter(|&t| t != target);
        if let Some(target) = others.max_by(|a, b| gain(a).total_cmp(&gain(b))) {
            self.try_shots(&[(at, Shot { pair, target })]);
        }
    }

    /// A free weapon or sensor takes over.
    fn replace(&mut self, at: usize) {
        for weapon in 0..self.instance.weapons() {
            let Shot { pair, target } = self.shots[at];
            let pair_then = (weapon, pair.1);
            let shot = Shot {
                pair: pair_then,
                target,
            };
            if self.free_weapons[weapon] && self.try_shots(&[(at, shot)]) {
                self.free_weapons[weapon] = false;
                self.free_weapons[pair.0] = true;
            }
        }
        for sensor in 0..self.instance.sensors() {
            let Shot { pair, target } = self.shots[at];
            let pair_then = (pair.0, sensor);
            let shot = Shot {
                pair: pair_then,
                target,
            };
            if self.free_sensors[sensor] && self.try_shots(&[(at, shot)]) {
                self.free_sensors[sensor] = false;
                self.free_sensors[pair.1] = true;
            }
        }
    }

    /// Two shots exchange weapons, sensors, or both.
    fn exchange(&mut self, first: usize, second: usize) {
        let (a, b) = (self.shots[first], self.shots[second]);
        let shot = |pair: Pair, target: usize| Shot { pair, target };
        let ways = [
            ((b.pair.0, a.pair.1), (a.pair.0, b.pair.1)),
            ((a.pair.0, b.pair.1), (b.pair.0, a.pair.1)),
            (b.pair, a.pair),
        ];
        for (one, other) in ways {
            let changes = [
                (first, shot(one, a.target)),
                (second, shot(other, b.target)),
            ];
            if self.try_shots(&changes) {
                return;
            }
        }
    }
}
