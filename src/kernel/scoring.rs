//! Sealed names of real units, carried along with belief for scoring. See [`ScoringTag`].

use serde::{Deserialize, Serialize};

use super::ids::UnitIx;

/// Which unit a detection really came from; carried along for scoring, sealed for everybody else.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct ScoringTag(Option<UnitIx>);

impl PartialEq for ScoringTag {
    /// Beliefs are equal whatever lies beneath: a comparison must not tell who is behind them.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl ScoringTag {
    /// The tag of a real unit, or of a false alarm.
    #[must_use]
    pub fn seal(unit: Option<UnitIx>) -> Self {
        Self(unit)
    }

    /// Opens the tag: accounting only (the architecture test says so).
    #[must_use]
    pub fn reveal(self) -> Option<UnitIx> {
        self.0
    }
}
