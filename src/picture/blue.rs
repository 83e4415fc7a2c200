//! The picture of the own side: who is where and in what state, as far as a node was told. See
//! [`BluePicture`].
//!
//! Positions come from reporters ([`super::position`]), states from their crews and wearables
//! ([`super::status`]); each has its own rhythm and its own age.

use bevy::prelude::Component;
use glam::DVec3;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    platform::stores::EffectorIx,
};

/// Time for which a unit is taken to go on as it did, s (notional, 20 to 60): vehicles turn.
const COAST_S: f64 = 30.0;

/// Where a unit says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// When.
    pub at: SimTime,
    /// Where it believes to be, m.
    pub position: DVec3,
    /// How it moves, m/s.
    pub velocity: DVec3,
}

/// In what state a unit says that it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// When.
    pub at: SimTime,
    /// Share of energy left.
    pub energy_share: f64,
    /// Rounds left of each effector that it can fire.
    pub rounds: Vec<(EffectorIx, u32)>,
    /// Whether it can move.
    pub can_move: bool,
    /// Whether it has nothing to do.
    pub is_idle: bool,
}

/// What a node knows of one unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlueEntry {
    /// Who.
    pub unit: UnitIx,
    /// Where.
    pub place: Place,
    /// How it fares, if it ever said so.
    pub status: Option<Status>,
}

impl BlueEntry {
    /// Where it should be at a time, if it goes on as it did for a while, m.
    #[must_use]
    pub fn position_at(&self, now: SimTime) -> DVec3 {
        let Place {
            at,
            position,
            velocity,
        } = self.place;
        position + velocity * now.since_s(at).min(COAST_S)
    }

    /// When it was last heard of.
    #[must_use]
    pub fn heard(&self) -> SimTime {
        let told = self.status.as_ref().map(|status| status.at);
        told.map_or(self.place.at, |at| at.max(self.place.at))
    }

    /// Share of its energy left, nothing if it never said.
    #[must_use]
    pub fn energy_share(&self) -> f64 {
        self.status
            .as_ref()
            .map_or(0.0, |status| status.energy_share)
    }

    /// Whether it is known that it can move.
    #[must_use]
    pub fn can_move(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.can_move)
    }
}

/// What a node knows of its own side, by rank.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct BluePicture {
    entries: Vec<BlueEntry>,
}

impl BluePicture {
    /// All entries by rank.
    #[must_use]
    pub fn entries(&self) -> &[BlueEntry] {
        &self.entries
    }

    /// What it knows of a unit.
    #[must_use]
    pub fn get(&self, unit: UnitIx) -> Option<&BlueEntry> {
        self.find(unit).ok().map(|at| &self.entries[at])
    }

    /// Takes a place unless it knows a later one; says whether it was news.
    pub fn learn_place(&mut self, unit: UnitIx, place: &Place) -> bool {
        match self.find(unit) {
            Ok(at) if self.entries[at].place.at > place.at => false,
            Ok(at) => core::mem::replace(&mut self.entries[at].place, *place) != *place,
            Err(at) => {
                let entry = BlueEntry {
                    unit,
                    place: *place,
                    status: None,
                };
                self.entries.insert(at, entry);
                true
            }
        }
    }

    /// Takes a state unless it knows a later one, or does not know where the unit is; says whether
    /// it was news.
    pub fn learn_status(&mut self, unit: UnitIx, status: &Status) -> bool {
        let Ok(at) = self.find(unit) else {
            return false;
        };
        let known = &mut self.entries[at].status;
        let is_news = known
            .as_ref()
            .is_none_or(|known| known.at <= status.at && known != status);
        if is_news {
            *known = Some(status.clone());
        }
        is_news
    }

    /// Takes a part of a state, as `change` writes it, unless it knows a later state or none at all;
    /// says whether it was news.
    pub(super) fn learn_part(
        &mut self,
        unit: UnitIx,
        at: SimTime,
        change: impl FnOnce(&mut Status),
    ) -> bool {
        let known = self.get(unit).and_then(|entry| entry.status.clone());
        known.is_some_and(|mut status| {
            let is_later = status.at <= at;
            status.at = at;
            change(&mut status);
            is_later && self.learn_status(unit, &status)
        })
    }

    /// Index of a unit's entry, or where it would stand.
    fn find(&self, unit: UnitIx) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&unit, |entry| entry.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(at_s: f64, east_m: f64) -> Place {
        Place {
            at: SimTime::from_s(at_s),
            position: DVec3::new(east_m, 0.0, 0.0),
            velocity: DVec3::new(2.0, 0.0, 0.0),
        }
    }

    #[test]
    fn what_is_older_is_no_news() {
        let mut picture = BluePicture::default();
        let unit = UnitIx(4);
        assert!(picture.learn_place(unit, &place(10.0, 1.0)));
        assert!(!picture.learn_place(unit, &place(10.0, 1.0)));
        assert!(!picture.learn_place(unit, &place(9.0, 7.0)));
        assert!(picture.learn_place(unit, &place(11.0, 3.0)));
        let entry = picture.get(unit).unwrap();
        assert!(!entry.can_move(), "nobody knows how it fares yet");
        let later = |after_s: f64| entry.position_at(SimTime::from_s(11.0 + after_s)).x;
        assert!((later(5.0) - 13.0).abs() < 1e-12);
        assert!((later(500.0) - (3.0 + 2.0 * COAST_S)).abs() < 1e-12);
    }

    #[test]
    fn a_state_has_an_age_of_its_own() {
        let mut picture = BluePicture::default();
        let unit = UnitIx(4);
        let mut status = Status {
            at: SimTime::from_s(5.0),
            energy_share: 1.0,
            rounds: Vec::new(),
            can_move: true,
            is_idle: true,
        };
        assert!(!picture.learn_status(unit, &status), "it is nowhere yet");
        picture.learn_place(unit, &place(10.0, 1.0));
        assert!(picture.learn_status(unit, &status));
        assert!(!picture.learn_status(unit, &status));
        assert_eq!(picture.get(unit).unwrap().heard(), SimTime::from_s(10.0));
        status.at = SimTime::from_s(12.0);
        assert!(picture.learn_status(unit, &status));
        assert_eq!(picture.get(unit).unwrap().heard(), SimTime::from_s(12.0));
    }
}
