//! Emission control: who may radiate what. See [`Emissions`].

use bevy::prelude::{App, Plugin, Resource};
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{ids::UnitIx, registry::StateAppExt},
    org::Emcon,
};

/// What each unit may radiate, by rank. State; `command` alone changes it.
///
/// Who is silent is part of the plan of its side, so that its own side knows that it does not
/// answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub struct Emissions(Vec<Emcon>);

impl Emissions {
    /// What units may radiate at the start, by rank.
    #[must_use]
    pub fn new(levels: Vec<Emcon>) -> Self {
        Self(levels)
    }

    /// What a unit may radiate; whatever it has, where nobody said otherwise.
    #[must_use]
    pub fn of(&self, unit: UnitIx) -> Emcon {
        self.0.get(unit.at()).copied().unwrap_or_default()
    }

    /// Whether a unit may send nothing by radio.
    #[must_use]
    pub fn is_silent(&self, unit: UnitIx) -> bool {
        self.of(unit) == Emcon::Silent
    }

    /// Whether radars, active sonars and transponders may work.
    #[must_use]
    pub fn is_free(&self, unit: UnitIx) -> bool {
        self.of(unit) == Emcon::Free
    }

    /// Lets a unit radiate this from now on.
    pub fn set(&mut self, unit: UnitIx, level: Emcon) {
        if self.0.len() <= unit.at() {
            self.0.resize(unit.at() + 1, Emcon::Free);
        }
        self.0[unit.at()] = level;
    }
}

/// Registers emission control as state.
#[derive(Debug)]
pub struct EmissionPlugin;

impl Plugin for EmissionPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Emissions>()
            .register_state_resource::<Emissions>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_told_nothing_is_free() {
        let mut emissions = Emissions::default();
        assert!(emissions.is_free(UnitIx(3)));
        emissions.set(UnitIx(3), Emcon::Restricted);
        assert!(!emissions.is_free(UnitIx(3)) && !emissions.is_silent(UnitIx(3)));
        emissions.set(UnitIx(3), Emcon::Silent);
        assert!(emissions.is_silent(UnitIx(3)) && emissions.is_free(UnitIx(2)));
    }
}
