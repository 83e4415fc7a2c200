//! What is given: threats, chances, which weapon works with which sensor.

use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::math;
use thiserror::Error;

/// Most weapons times sensors times targets; bounds memory to some hundred megabytes.
pub const MOST_CELLS: usize = 4_000_000;

/// Largest threat.
const LARGEST_THREAT: f64 = 1e50;

/// Effort that stands for certain destruction: what survives it is zero in double precision.
const CERTAIN: f64 = 746.0;

/// Why numbers are no instance.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum InstanceError {
    /// There is no weapon, sensor or target, or there are too many.
    #[error("{weapons} weapons, {sensors} sensors and {targets} targets are out of range")]
    Size {
        /// Number of weapons.
        weapons: usize,
        /// Number of sensors.
        sensors: usize,
        /// Number of targets.
        targets: usize,
    },
    /// A list has another length than the size asks for.
    #[error("there are {got} {what}, but {wanted} are needed")]
    Count {
        /// Name of the list.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// A threat or a chance is out of range.
    #[error("{what} number {at} is {value}, which is not between 0 and {most:e}")]
    Number {
        /// Name of the list.
        what: &'static str,
        /// Place in the list, from 0.
        at: usize,
        /// The number.
        value: f64,
        /// The largest there may be.
        most: f64,
    },
}

/// A weapon and the sensor that guides it.
pub type Pair = (usize, usize);

/// A checked instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    weapons: usize,
    sensors: usize,
    threat: Vec<f64>,
    /// Target by target.
    damage: Vec<f64>,
    /// Target by target.
    detect: Vec<f64>,
    /// Weapon by weapon.
    works: Vec<bool>,
    /// `-ln` of what survives a pair: target by target, weapon by weapon.
    effort: Vec<f64>,
}

impl Instance {
    /// Checks an instance. `threat` has one entry per target, `damage` is target by target with one
    /// chance per weapon, `detect` target by target with one chance per sensor, `works` weapon by
    /// weapon with one entry per sensor.
    ///
    /// # Errors
    /// [`InstanceError`] with the first list or number that does not fit.
    pub fn new(
        (weapons, sensors): (usize, usize),
        threat: Vec<f64>,
        damage: Vec<f64>,
        detect: Vec<f64>,
        works: Vec<bool>,
    ) -> Result<Self, InstanceError> {
        let targets = threat.len();
        let pairs = weapons.checked_mul(sensors);
        let cells = pairs.and_then(|p| p.checked_mul(targets));
        if !cells.is_some_and(|cells| (1..=MOST_CELLS).contains(&cells)) {
            return Err(InstanceError::Size {
                weapons,
                sensors,
                targets,
            });
        }
        count("chances of damage", damage.len(), targets * weapons)?;
        count("chances of detection", detect.len(), targets * sensors)?;
        count("permitted pairs", works.len(), weapons * sensors)?;
        range("threat", &threat, LARGEST_THREAT)?;
        range("damage", &damage, 1.0)?;
        range("detect", &detect, 1.0)?;
        let mut instance = Self {
            weapons,
            sensors,
            threat,
            damage,
            detect,
            works,
            effort: Vec::new(),
        };
        let all = (0..targets).flat_map(|t| (0..weapons).map(move |w| (t, w)));
        let efforts = all.flat_map(|(t, w)| (0..sensors).map(move |s| (t, w, s)));
        let efforts = efforts.map(|(t, w, s)| {
            let kept = instance.kept(t, (w, s));
            if kept > 0.0 {
                -math::log(kept)
            } else {
                CERTAIN
            }
        });
        instance.effort = efforts.collect();
        Ok(instance)
    }

    /// Number of weapons.
    #[must_use]
    pub fn weapons(&self) -> usize {
        self.weapons
    }

    /// Number of sensors.
    #[must_use]
    pub fn sensors(&self) -> usize {
        self.sensors
    }

    /// Number of targets.
    #[must_use]
    pub fn targets(&self) -> usize {
        self.threat.len()
    }

    /// Threat of each target.
    #[must_use]
    pub fn threat(&self) -> &[f64] {
        &self.threat
    }

    /// Whether this sensor can guide this weapon.
    #[must_use]
    pub fn works(&self, (weapon, sensor): Pair) -> bool {
        self.works[weapon * self.sensors + sensor]
    }

    /// Whether every sensor can guide every weapon.
    pub(super) fn all_work(&self) -> bool {
        self.works.iter().all(|&works| works)
    }

    /// The instance with weapons and sensors exchanged.
    pub(super) fn exchanged(&self) -> Self {
        let (weapons, sensors) = (self.weapons, self.sensors);
        let pairs = |target: usize| {
            let of =
                move |s: usize| (0..weapons).map(move |w| (target * weapons + w) * sensors + s);
            (0..sensors).flat_map(of)
        };
        Self {
            weapons: sensors,
            sensors: weapons,
            threat: self.threat.clone(),
            damage: self.detect.clone(),
            detect: self.damage.clone(),
            works: pairs(0).map(|at| self.works[at]).collect(),
            effort: (0..self.targets())
                .flat_map(pairs)
                .map(|at| self.effort[at])
                .collect(),
        }
    }

    /// The weapons and the sensors in falling order of their chances at a target.
    pub(super) fn order(&self, target: usize) -> (Vec<usize>, Vec<usize>) {
        let sorted = |chances: &[f64]| {
            let mut order: Vec<usize> = (0..chances.len()).collect();
            order.sort_by(|&a, &b| chances[b].total_cmp(&chances[a]).then(a.cmp(&b)));
            order
        };
        (
            sorted(&self.damage[target * self.weapons..][..self.weapons]),
            sorted(&self.detect[target * self.sensors..][..self.sensors]),
        )
    }

    /// Share of a target's threat that survives a pair; 1 for a pair that does not work.
    #[must_use]
    pub fn kept(&self, target: usize, (weapon, sensor): Pair) -> f64 {
        let damage = self.damage[target * self.weapons + weapon];
        let detect = self.detect[target * self.sensors + sensor];
        if self.works((weapon, sensor)) {
            1.0 - damage * detect
        } else {
            1.0
        }
    }

    /// `-ln` of [`Self::kept`] of a weapon with each sensor.
    pub(super) fn efforts(&self, target: usize, weapon: usize) -> &[f64] {
        &self.effort[(target * self.weapons + weapon) * self.sensors..][..self.sensors]
    }

    /// Threat of a target that survives these pairs.
    #[must_use]
    pub fn surviving(&self, target: usize, pairs: &[Pair]) -> f64 {
        let kept = pairs.iter().map(|&pair| self.kept(target, pair));
        kept.fold(self.threat[target], |left, kept| left * kept)
    }

    /// The best way to pair these weapons with as many sensors on one target. `uses` lists weapons
    /// and then sensors, the latter counted on from the number of weapons.
    pub(super) fn pair_up(&self, target: usize, uses: &[usize]) -> Vec<Pair> {
        let (weapons, sensors) = uses.split_at(uses.len() / 2);
        let sensor = |at: usize| sensors[at] - self.weapons;
        if let [weapon] = weapons {
            return vec![(*weapon, sensor(0))];
        }
        let cost = |w: usize, s: usize| -self.efforts(target, w)[s - self.weapons];
        let costs: Vec<f64> = weapons
            .iter()
            .flat_map(|&w| sensors.iter().map(move |&s| cost(w, s)))
            .collect();
        let mut assigner = Assigner::default();
        let problem = Costs::new(weapons.len(), sensors.len(), &costs);
        let found = problem.and_then(|p| assigner.solve(&p, None).cloned());
        let partners = found.map(|found| found.row_to_col).unwrap_or_default();
        let pairs = weapons.iter().zip(partners);
        pairs
            .filter_map(|(&w, at)| Some((w, sensor(at?))))
            .collect()
    }
}

/// That a list has this length.
fn count(what: &'static str, got: usize, wanted: usize) -> Result<(), InstanceError> {
    match got == wanted {
        true => Ok(()),
        false => Err(InstanceError::Count { what, got, wanted }),
    }
}

/// That all numbers lie between 0 and `most`.
fn range(what: &'static str, numbers: &[f64], most: f64) -> Result<(), InstanceError> {
    match numbers.iter().position(|n| !(0.0..=most).contains(n)) {
        Some(at) => Err(InstanceError::Number {
            what,
            at,
            value: numbers[at],
            most,
        }),
        None => Ok(()),
    }
}
