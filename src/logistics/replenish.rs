//! How far a unit is on its visit to a depot. See [`Replenish`].

use bevy::prelude::Component;
use serde::{Deserialize, Serialize};

use super::depot::{DepotIx, Load};
use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    plan::Launch,
};

/// How far a unit is on its visit to a depot. Every unit carries it.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub enum Replenish {
    /// It needs nothing, or nobody has what it needs.
    #[default]
    Free,
    /// On the way.
    Going {
        /// Where to.
        depot: DepotIx,
        /// The start of the plan that takes it there, by which that plan is known.
        launch: Launch,
    },
    /// There, and no bay is free yet.
    Waiting {
        /// Where.
        depot: DepotIx,
        /// Since when.
        since: SimTime,
    },
    /// In a bay.
    Served {
        /// Where.
        depot: DepotIx,
        /// Until when.
        until: SimTime,
        /// What it gets then; whoever leaves early gets nothing.
        load: Load,
    },
}

impl Replenish {
    /// Whether it can be given something to do.
    #[must_use]
    pub fn is_free(&self) -> bool {
        matches!(self, Self::Free)
    }

    /// The depot that it is bound for or at.
    #[must_use]
    pub fn depot(&self) -> Option<DepotIx> {
        match self {
            Self::Free => None,
            Self::Going { depot, .. }
            | Self::Waiting { depot, .. }
            | Self::Served { depot, .. } => Some(*depot),
        }
    }
}

/// A visit is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Replenished {
    /// Who came.
    pub unit: UnitIx,
    /// The unit that is the depot.
    pub depot: UnitIx,
    /// What went aboard.
    pub load: Load,
    /// When it was done.
    pub at: SimTime,
}
