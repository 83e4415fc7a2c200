//! Decision points of command posts: what a post has to believe, and what it then orders. See
//! [`Condition`] and [`DecisionPoint`].

use std::collections::BTreeSet;

use bevy::prelude::Resource;
use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    org::{Emcon, ForceIx, OrderOfBattle},
    picture::{BlueEntry, BluePicture, Track, TrackStore},
    plan::polygon::Polygon,
    planning::{
        fire_control::hand,
        missions::counts_on,
        progress::{hostile_places, hostile_tracks},
    },
    platform::emission::Levels,
};

/// What a command post may believe, in indices.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The clock shows this, s.
    After(f64),
    /// So many live hostile tracks are in an area.
    HostileIn(Polygon, u32),
    /// So many live hostile tracks are on the post's own side of a line.
    HostileAcross(Vec<DVec2>, u32),
    /// A share of the units of a force that are still counted on is in an area.
    OwnIn(ForceIx, Polygon, f64),
    /// A share of a force's units is lost or silent.
    Lost(ForceIx, f64),
    /// A mission has begun.
    Begun(usize),
    /// A mission's objective is secured.
    Secured(usize),
    /// A mission is over.
    Over(usize),
    /// A decision was taken at the same post.
    Decided(usize),
    /// All of these.
    All(Vec<Self>),
    /// Any of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
}

/// What an order says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// A mission begins or is called off.
    Mission(usize, bool),
    /// The units of a force change what they may radiate; for so many seconds, else until told
    /// otherwise.
    Emit(ForceIx, Emcon, Option<u32>),
    /// The unit that this is said to changes what it may radiate, as all units of the force do.
    Obey(ForceIx, Emcon, Option<u32>),
    /// The jammers of a unit are switched on or off.
    Jam(UnitIx, bool),
}

/// A decision that a post foresees. Static.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionPoint {
    /// Id.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Post that decides.
    pub at: UnitIx,
    /// What it has to believe.
    pub when: Condition,
    /// What it then orders.
    pub then: Vec<Act>,
}

/// All decision points of the courses taken. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct DecisionPoints(pub Vec<DecisionPoint>);

/// What a post was told of missions, its own and those of posts below it, and what it decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Missions that have begun.
    pub begun: BTreeSet<usize>,
    /// Missions whose objective is secured.
    pub secured: BTreeSet<usize>,
    /// Missions that are over.
    pub over: BTreeSet<usize>,
    /// Decisions taken.
    pub decided: BTreeSet<usize>,
}

/// All that a post believes when it looks at its decision points.
#[derive(Debug, Clone, Copy)]
pub struct Belief<'a> {
    /// Where the post itself is, m.
    pub own: DVec2,
    /// The own side.
    pub picture: &'a BluePicture,
    /// Everybody else.
    pub tracks: &'a TrackStore,
    /// Missions.
    pub heard: &'a Heard,
    /// Who belongs to whom.
    pub order: &'a OrderOfBattle,
    /// Who was ordered to radiate what, as the post knows it.
    pub plan: &'a Levels,
    /// Now.
    pub now: SimTime,
}

/// Whether two points are on the same side of a line.
#[must_use]
pub fn is_same_side(line: &[DVec2], a: DVec2, b: DVec2) -> bool {
    hand(line, a) * hand(line, b) > 0.0
}

impl Belief<'_> {
    /// Whether a unit still counts.
    fn counts(&self, entry: &BlueEntry) -> bool {
        counts_on(entry, self.plan, self.now)
    }

    /// Known units of a force and those below it.
    fn units_of(&self, force: ForceIx) -> impl Iterator<Item = &BlueEntry> {
        let entries = self.picture.entries().iter();
        entries.filter(move |entry| {
            let own = self.order.unit(entry.unit).force;
            self.order.is_within(own, force)
        })
    }

    /// Whether at least `number` hostile tracks are where `is_there` says.
    fn hostile(&self, number: u32, is_there: impl Fn(DVec2) -> bool) -> bool {
        let there = hostile_places(self.tracks, self.now).filter(|place| is_there(*place));
        there.count() >= number as usize
    }

    /// Whether a condition holds, as far as the post knows.
    #[must_use]
    pub fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::After(at_s) => self.now.as_s() >= *at_s,
            Condition::HostileIn(area, number) => {
                self.hostile(*number, |place| area.contains(place))
            }
            Condition::HostileAcross(line, number) => {
                self.hostile(*number, |place| is_same_side(line, self.own, place))
            }
            Condition::OwnIn(force, area, share) => {
                let live = self.units_of(*force).filter(|entry| self.counts(entry));
                let (all, there) = live.fold((0_u32, 0_u32), |(all, there), entry| {
                    let place = entry.position_at(self.now).truncate();
                    (all + 1, there + u32::from(area.contains(place)))
                });
                all > 0 && f64::from(there) >= share * f64::from(all)
            }
            Condition::Lost(force, share) => {
                let units = self.units_of(*force);
                let (all, lost) = units.fold((0_u32, 0_u32), |(all, lost), entry| {
                    (all + 1, lost + u32::from(!self.counts(entry)))
                });
                all > 0 && f64::from(lost) >= share * f64::from(all)
            }
            Condition::Begun(mission) => self.heard.begun.contains(mission),
            Condition::Secured(mission) => self.heard.secured.contains(mission),
            Condition::Over(mission) => self.heard.over.contains(mission),
            Condition::Decided(decision) => self.heard.decided.contains(decision),
            Condition::All(all) => all.iter().all(|it| self.holds(it)),
            Condition::Any(any) => any.iter().any(|it| self.holds(it)),
            Condition::Not(not) => !self.holds(not),
        }
    }

    /// When the oldest of the live hostile tracks was first seen: where the cycle behind a decision
    /// began to collect, as far as it rests on tracks.
    #[must_use]
    pub fn collected_since(&self, condition: &Condition) -> Option<SimTime> {
        let is_meant = |place: DVec2| match condition {
            Condition::HostileIn(area, _) => area.contains(place),
            Condition::HostileAcross(line, _) => is_same_side(line, self.own, place),
            _ => false,
        };
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().filter_map(|it| self.collected_since(it)).min()
            }
            _ => {
                let live = hostile_tracks(self.tracks, self.now);
                let place = |track: &Track| track.at(self.now.max(track.updated)).position_m;
                let meant = live.filter(|track| is_meant(place(track)));
                meant.map(|track| track.began).min()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_two_sides_and_bends() {
        let line = [
            DVec2::ZERO,
            DVec2::new(100.0, 0.0),
            DVec2::new(200.0, 100.0),
        ];
        let north = DVec2::new(50.0, 20.0);
        assert!(is_same_side(&line, north, DVec2::new(120.0, 90.0)));
        assert!(!is_same_side(&line, north, DVec2::new(150.0, 20.0)));
        assert!(!is_same_side(&line, north, DVec2::new(-50.0, -20.0)));
        assert!(!is_same_side(&[], north, north));
    }

    #[test]
    fn beliefs_join_as_words_do() {
        let heard = Heard {
            secured: [2].into(),
            decided: [0].into(),
            ..Heard::default()
        };
        let (picture, tracks) = (BluePicture::default(), TrackStore::default());
        let order = OrderOfBattle::default();
        let belief = Belief {
            own: DVec2::ZERO,
            picture: &picture,
            tracks: &tracks,
            heard: &heard,
            order: &order,
            plan: &Levels::default(),
            now: SimTime::from_s(100.0),
        };
        let secured = || Condition::Secured(2);
        let later = || Condition::After(200.0);
        let all = Condition::All(vec![
            secured(),
            Condition::Decided(0),
            Condition::After(99.0),
        ]);
        assert!(belief.holds(&all));
        assert!(!belief.holds(&Condition::All(vec![secured(), later()])));
        assert!(belief.holds(&Condition::Any(vec![secured(), later()])));
        assert!(belief.holds(&Condition::Not(Box::new(later()))));
        assert!(!belief.holds(&Condition::Over(2)));
        let area = Polygon::rectangle(DVec2::ZERO, DVec2::ONE).unwrap();
        assert!(!belief.holds(&Condition::HostileIn(area.clone(), 1)));
        assert!(
            !belief.holds(&Condition::OwnIn(ForceIx(0), area, 0.0)),
            "nobody is there"
        );
        assert!(!belief.holds(&Condition::Lost(ForceIx(0), 0.0)));
    }
}
