//! Stable names of units. See [`UnitId`] and [`UnitIndex`].

use core::fmt;

use bevy::prelude::{Component, Entity, Resource};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// A unit's name for keys, records and hashes: the hash of its path in the order of battle, so that
/// adding a unit renames nobody. Prints as 16 hex digits.
#[derive(
    Component, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct UnitId(pub u64);

impl UnitId {
    /// The id of the unit at this path (`blue/brigade/a-coy/uav-3`).
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        Self(xxh3_64(path.as_bytes()))
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A unit's rank in the sorted order of ids: the index into every per-unit array of one world. It
/// means nothing outside that world; records and keys use [`UnitId`].
#[derive(
    Component,
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
)]
pub struct UnitIx(pub u32);

impl UnitIx {
    /// The rank as an array index.
    #[must_use]
    pub fn at(self) -> usize {
        self.0 as usize
    }

    /// The rank from an array index.
    #[must_use]
    pub fn from_at(at: usize) -> Self {
        Self(u32::try_from(at).expect("scenarios are limited to a million units"))
    }
}

/// One row of the [`UnitIndex`].
#[derive(Debug, Clone)]
pub struct UnitRow {
    /// Stable id.
    pub id: UnitId,
    /// The entity in this world.
    pub entity: Entity,
    /// Short name, unique in the scenario (`uav-3`).
    pub name: String,
}

/// All units in the order of their ids: the one explicit order of iteration.
#[derive(Debug, Clone, Default, Resource)]
pub struct UnitIndex {
    rows: Vec<UnitRow>,
}

impl UnitIndex {
    /// Takes rows that are sorted by id, without duplicates.
    ///
    /// # Panics
    /// In debug builds, where the rows are not strictly sorted.
    #[must_use]
    pub fn new(rows: Vec<UnitRow>) -> Self {
        debug_assert!(
            rows.windows(2).all(|w| w[0].id < w[1].id),
            "unit ids are sorted and unique"
        );
        Self { rows }
    }

    /// Number of units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All rows in id order, with their rank.
    pub fn iter(&self) -> impl Iterator<Item = (UnitIx, &UnitRow)> {
        self.rows
            .iter()
            .enumerate()
            .map(|(at, row)| (UnitIx::from_at(at), row))
    }

    /// The row of a rank.
    #[must_use]
    pub fn row(&self, ix: UnitIx) -> &UnitRow {
        &self.rows[ix.at()]
    }

    /// The entity of a rank.
    #[must_use]
    pub fn entity(&self, ix: UnitIx) -> Entity {
        self.row(ix).entity
    }

    /// The id of a rank.
    #[must_use]
    pub fn id(&self, ix: UnitIx) -> UnitId {
        self.row(ix).id
    }

    /// The name of a rank.
    #[must_use]
    pub fn name(&self, ix: UnitIx) -> &str {
        &self.row(ix).name
    }

    /// The rank of an id.
    #[must_use]
    pub fn find(&self, id: UnitId) -> Option<UnitIx> {
        self.rows
            .binary_search_by_key(&id, |row| row.id)
            .ok()
            .map(UnitIx::from_at)
    }
}
