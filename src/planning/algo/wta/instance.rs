//! What is given: values, chances, shots.

use crate::kernel::math;
use thiserror::Error;

/// Most shots times targets of an instance; bounds memory to some hundred megabytes.
pub const MOST_CELLS: usize = 10_000_000;

/// Most shots of one weapon.
pub const MOST_UNITS: u32 = 1_000;

/// Largest value of a target.
const LARGEST_VALUE: f64 = 1e50;

/// Why numbers are no instance.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum InstanceError {
    /// There is no weapon, no target, or too much of something.
    #[error("{weapons} weapons with {units} shots each and {targets} targets are out of range")]
    Size {
        /// Number of weapons.
        weapons: usize,
        /// Number of targets.
        targets: usize,
        /// Shots per weapon.
        units: u32,
    },
    /// The number of values or chances does not fit the size.
    #[error("there are {got} {what}, but {wanted} are needed")]
    Count {
        /// Values or chances.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// A value is negative, not finite, or beyond the limit.
    #[error("value {value} of target {target} is not between 0 and {LARGEST_VALUE:e}")]
    Value {
        /// Index of the target.
        target: usize,
        /// Its value.
        value: f64,
    },
    /// A chance is not between 0 and 1.
    #[error("chance {chance} of weapon {weapon} against target {target} is not between 0 and 1")]
    Chance {
        /// Index of the weapon.
        weapon: usize,
        /// Index of the target.
        target: usize,
        /// The chance.
        chance: f64,
    },
}

/// A checked instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Number of weapons.
    weapons: usize,
    /// Number of targets.
    targets: usize,
    /// Shots of each weapon.
    units: u32,
    /// Value of each target.
    values: Vec<f64>,
    /// Chance of destruction, weapon by weapon.
    chance: Vec<f64>,
    /// Chance of survival `1 - p`, target by target.
    survival: Vec<f64>,
    /// `-ln(1 - p)`, target by target; `+inf` for certain destruction.
    effort: Vec<f64>,
}

impl Instance {
    /// Checks an instance. `values` has one entry per target, `chance` the kill probabilities weapon
    /// by weapon (`weapons * targets` of them).
    ///
    /// # Errors
    /// [`InstanceError`] with the first number that is out of range.
    pub fn new(
        weapons: usize,
        targets: usize,
        units: u32,
        values: Vec<f64>,
        chance: Vec<f64>,
    ) -> Result<Self, InstanceError> {
        if !size_is_in_range(weapons, targets, units) {
            return Err(InstanceError::Size {
                weapons,
                targets,
                units,
            });
        }
        let count = |what, got, wanted| match got == wanted {
            true => Ok(()),
            false => Err(InstanceError::Count { what, got, wanted }),
        };
        count("values", values.len(), targets)?;
        count("chances", chance.len(), weapons * targets)?;
        let bad = |v: &f64| !(0.0..=LARGEST_VALUE).contains(v);
        if let Some(target) = values.iter().position(bad) {
            let value = values[target];
            return Err(InstanceError::Value { target, value });
        }
        if let Some(at) = chance.iter().position(|p| !(0.0..=1.0).contains(p)) {
            return Err(InstanceError::Chance {
                weapon: at / targets,
                target: at % targets,
                chance: chance[at],
            });
        }
        let by_target = (0..targets).flat_map(|t| (0..weapons).map(move |w| w * targets + t));
        let survival: Vec<f64> = by_target.map(|at| 1.0 - chance[at]).collect();
        let effort = survival.iter().map(|&q| -math::log(q)).collect();
        Ok(Self {
            weapons,
            targets,
            units,
            values,
            chance,
            survival,
            effort,
        })
    }

    /// Number of weapons.
    #[must_use]
    pub fn weapons(&self) -> usize {
        self.weapons
    }

    /// Number of targets.
    #[must_use]
    pub fn targets(&self) -> usize {
        self.targets
    }

    /// Shots of each weapon.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.units
    }

    /// Value of each target.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Chances of one weapon to destroy each target.
    #[must_use]
    pub fn chances(&self, weapon: usize) -> &[f64] {
        &self.chance[weapon * self.targets..][..self.targets]
    }

    /// Chances of one target to survive a shot of each weapon.
    #[must_use]
    pub fn survivals(&self, target: usize) -> &[f64] {
        &self.survival[target * self.weapons..][..self.weapons]
    }

    /// `-ln` of [`Self::survivals`].
    pub(super) fn efforts(&self, target: usize) -> &[f64] {
        &self.effort[target * self.weapons..][..self.weapons]
    }

    /// Value of a target that survives these shots.
    #[must_use]
    pub fn surviving(&self, target: usize, shots: &[usize]) -> f64 {
        let survivals = self.survivals(target);
        shots
            .iter()
            .fold(self.values[target], |left, &w| left * survivals[w])
    }
}

/// Whether numbers this large are let in, before anything is allocated.
#[must_use]
pub(crate) fn size_is_in_range(weapons: usize, targets: usize, units: u32) -> bool {
    let shots = usize::try_from(units)
        .ok()
        .and_then(|u| u.checked_mul(weapons));
    let cells = shots.and_then(|s| s.checked_mul(targets));
    (1..=MOST_UNITS).contains(&units) && cells.is_some_and(|c| (1..=MOST_CELLS).contains(&c))
}
