//! Rounds on board. See [`Magazine`].

use bevy::prelude::{App, Component, Plugin};
use serde::{Deserialize, Serialize};

use crate::kernel::{registry::StateAppExt, time::SimTime};

/// Index of an effector in the catalogue of this world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EffectorIx(pub u16);

impl EffectorIx {
    /// The index for arrays.
    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// One effector of a unit with its rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tube {
    /// Which effector.
    pub effector: EffectorIx,
    /// Rounds left.
    pub rounds: u32,
    /// Rounds when full.
    pub capacity: u32,
    /// When it can fire again.
    pub ready: SimTime,
}

/// The effectors of one unit, in the order of its class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct Magazine {
    /// The effectors.
    pub tubes: Vec<Tube>,
}

impl Magazine {
    /// Rounds left as a share of capacity; 1 for a unit without effectors.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        let sum = |of: fn(&Tube) -> u32| self.tubes.iter().map(of).map(f64::from).sum::<f64>();
        let capacity = sum(|tube| tube.capacity);
        if capacity > 0.0 {
            sum(|tube| tube.rounds) / capacity
        } else {
            1.0
        }
    }

    /// The effector of this kind.
    pub fn tube_mut(&mut self, effector: EffectorIx) -> Option<&mut Tube> {
        self.tubes.iter_mut().find(|tube| tube.effector == effector)
    }
}

/// Registers magazines as state.
#[derive(Debug)]
pub struct StoresPlugin;

impl Plugin for StoresPlugin {
    fn build(&self, app: &mut App) {
        app.register_state::<Magazine>();
    }
}
