//! A plan: which shots go to which target, and what survives them.

use super::instance::Instance;

/// Shots per target, with what each target's value is expected to be afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Weapons that fire at each target, one entry per shot.
    shots: Vec<Vec<usize>>,
    /// Shots that each weapon has left.
    left: Vec<u32>,
    /// Expected surviving value of each target.
    surviving: Vec<f64>,
}

impl Plan {
    /// Nobody fires.
    #[must_use]
    pub fn empty(instance: &Instance) -> Self {
        Self {
            shots: vec![Vec::new(); instance.targets()],
            left: vec![instance.units(); instance.weapons()],
            surviving: instance.values().to_vec(),
        }
    }

    /// Expected surviving value over all targets.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.surviving.iter().sum()
    }

    /// Weapons that fire at each target, one entry per shot.
    #[must_use]
    pub fn shots(&self) -> &[Vec<usize>] {
        &self.shots
    }

    /// Expected surviving value of each target.
    #[must_use]
    pub fn surviving(&self) -> &[f64] {
        &self.surviving
    }

    /// Shots that each weapon has left.
    #[must_use]
    pub fn left(&self) -> &[u32] {
        &self.left
    }

    /// What would survive of a target without one of its shots.
    pub(super) fn without(&self, instance: &Instance, target: usize, shot: usize) -> f64 {
        let survivals = instance.survivals(target);
        let others = self.shots[target].iter().enumerate();
        others
            .filter(|&(at, _)| at != shot)
            .fold(instance.values()[target], |left, (_, &w)| {
                left * survivals[w]
            })
    }

    /// One more shot of a weapon that has one left.
    pub(super) fn add(&mut self, instance: &Instance, target: usize, weapon: usize) {
        debug_assert!(self.left[weapon] > 0, "weapon {weapon} has a shot left");
        self.left[weapon] -= 1;
        self.shots[target].push(weapon);
        self.surviving[target] = instance.surviving(target, &self.shots[target]);
    }

    /// Takes back the shot at this place of a target's list and returns its weapon.
    pub(super) fn remove(&mut self, instance: &Instance, target: usize, shot: usize) -> usize {
        let weapon = self.shots[target].swap_remove(shot);
        self.left[weapon] += 1;
        self.surviving[target] = instance.surviving(target, &self.shots[target]);
        weapon
    }

    /// Puts each target's shots in rising order, the form in which plans are compared and printed.
    pub(super) fn sort(&mut self, instance: &Instance) {
        for (target, shots) in self.shots.iter_mut().enumerate() {
            shots.sort_unstable();
            self.surviving[target] = instance.surviving(target, shots);
        }
    }

    /// What a shot of each weapon is worth in this plan: what its shots save on the average, or could
    /// save if none is fired.
    pub(super) fn marginal_prices(&self, instance: &Instance) -> Vec<f64> {
        let mut saved = vec![0.0; instance.weapons()];
        for (target, shots) in self.shots.iter().enumerate() {
            for (at, &weapon) in shots.iter().enumerate() {
                saved[weapon] += self.without(instance, target, at) - self.surviving[target];
            }
        }
        let fired = self.left.iter().map(|left| instance.units() - left);
        let shares = saved.iter().zip(fired).enumerate();
        shares
            .map(|(weapon, (saved, fired))| match fired {
                0 => {
                    let gains = instance.chances(weapon).iter().zip(&self.surviving);
                    gains.fold(0.0_f64, |most, (p, left)| most.max(p * left))
                }
                _ => saved / f64::from(fired),
            })
            .collect()
    }
}
