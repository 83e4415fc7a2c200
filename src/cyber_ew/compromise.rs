//! Network nodes in the hands of an adversary, abstractly: not how they came there, only what follows.
//! See [`Compromises`].
//!
//! A node in other hands still says hello and still answers, so that nobody notices. What it receives or
//! passes on it may tell, of what it should pass on it may drop a share, and it may claim to see what is
//! not there. Who does each of these reads it here; nothing asks which side the node is on.

use std::collections::BTreeMap;

use bevy::prelude::{App, Plugin, Resource};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        ids::{UnitId, UnitIx},
        random::{DrawKey, Stream},
        registry::StateAppExt,
        time::SimTime,
    },
    plan::polygon::Polygon,
    platform::class::TargetClass,
};

/// To whom a node tells what it receives and passes on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Listening {
    /// The command post that learns it.
    pub to: UnitIx,
    /// How long that takes, s.
    pub delay_s: f64,
}

/// What a node claims to see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lying {
    /// Where: places are drawn evenly from it, m.
    pub area: Polygon,
    /// Time between two claims, s.
    pub interval_s: f64,
    /// As what.
    pub target: TargetClass,
}

impl Lying {
    /// Draws of a place at most; an area that fills less of its box than one part in a hundred is hardly
    /// an area (0.99 to the power of this is 1e-4).
    const TRIES: usize = 1000;

    /// Place of the `n`-th claim of a unit, m: drawn from the box about the area until it lies inside.
    #[must_use]
    pub fn place(&self, unit: UnitId, n: u64, seed: u64) -> DVec2 {
        let points = self.area.points();
        let low = points.iter().copied().fold(points[0], DVec2::min);
        let high = points.iter().copied().fold(points[0], DVec2::max);
        let mut draws = DrawKey::new(Stream::FalseTrack, unit.0, 0, n).draws(seed);
        let mut place = points[0];
        for _ in 0..Self::TRIES {
            let share = DVec2::new(draws.uniform(), draws.uniform());
            place = low + share * (high - low);
            if self.area.contains(place) {
                break;
            }
        }
        place
    }
}

/// What became of one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compromise {
    /// Since when it is in other hands.
    pub since: SimTime,
    /// To whom it tells what it learns, if it does.
    pub listens: Option<Listening>,
    /// Share of others' messages that it does not pass on, 0 to 1.
    pub drops: f64,
    /// What it claims to see, if it does.
    pub lies: Option<Lying>,
    /// When its keys are revoked: from then on nobody hears it, and it hears nobody.
    pub excluded_at: Option<SimTime>,
}

impl Compromise {
    /// Whether its keys are revoked.
    fn is_excluded(&self, now: SimTime) -> bool {
        self.excluded_at.is_some_and(|at| at <= now)
    }
}

/// Nodes in the hands of an adversary, by rank. State.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Compromises(BTreeMap<UnitIx, Compromise>);

impl Compromises {
    /// A node falls into other hands, or what is done with it changes.
    pub fn begin(&mut self, unit: UnitIx, compromise: Compromise) {
        debug_assert!((0.0..=1.0).contains(&compromise.drops));
        self.0.insert(unit, compromise);
    }

    /// Whether others ignore what a node sends.
    #[must_use]
    pub fn is_excluded(&self, unit: UnitIx, now: SimTime) -> bool {
        self.0.get(&unit).is_some_and(|it| it.is_excluded(now))
    }

    /// Nodes in other hands whose keys still hold, by rank.
    pub fn at_work(&self, now: SimTime) -> impl Iterator<Item = (UnitIx, &Compromise)> {
        let all = self.0.iter();
        all.filter(move |(_, it)| it.since <= now && !it.is_excluded(now))
            .map(|(unit, it)| (*unit, it))
    }

    /// What is done with a node at a time, if anything.
    fn of(&self, unit: UnitIx, now: SimTime) -> Option<&Compromise> {
        let found = self.0.get(&unit);
        found.filter(|it| it.since <= now && !it.is_excluded(now))
    }

    /// To whom a node tells what it learns.
    #[must_use]
    pub fn listens(&self, unit: UnitIx, now: SimTime) -> Option<Listening> {
        self.of(unit, now)?.listens
    }

    /// Whether a node keeps what it should pass on of a message, here by its number: drawn once for each
    /// dissemination, however often it is tried.
    #[must_use]
    pub fn drops(
        &self,
        (unit, id): (UnitIx, UnitId),
        (message, leg): (u64, u32),
        (now, seed): (SimTime, u64),
    ) -> bool {
        let share = self.of(unit, now).map_or(0.0, |it| it.drops);
        let key = DrawKey::new(Stream::GreyHole, id.0, message, u64::from(leg));
        share > 0.0 && key.uniform(seed) < share
    }
}

/// Keeps the state of compromised nodes.
#[derive(Debug)]
pub struct CompromisePlugin;

impl Plugin for CompromisePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Compromises>()
            .register_state_resource_if_used::<Compromises>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A node that drops a share from a time on, until it is found out.
    fn grey(drops: f64) -> Compromises {
        let mut all = Compromises::default();
        let compromise = Compromise {
            since: SimTime::from_s(10.0),
            listens: None,
            drops,
            lies: None,
            excluded_at: Some(SimTime::from_s(20.0)),
        };
        all.begin(UnitIx(3), compromise);
        all
    }

    #[test]
    fn a_share_is_dropped_while_nobody_knows() {
        let all = grey(0.3);
        let drops = |unit, message, at_s| {
            let when = (SimTime::from_s(at_s), 7);
            all.drops((UnitIx(unit), UnitId(99)), (message, 0), when)
        };
        let n = 4000;
        let dropped = (0..n).filter(|message| drops(3, *message, 15.0)).count();
        // Four standard errors of a share of 0.3 of 4000: 4 √(0.3 · 0.7 / 4000) = 0.029.
        let share = dropped as f64 / f64::from(u32::try_from(n).unwrap());
        assert!((share - 0.3).abs() < 0.029, "{share}");
        for (unit, at_s) in [(2, 15.0), (3, 9.0), (3, 20.0)] {
            assert!((0..n).all(|message| !drops(unit, message, at_s)));
        }
        assert!(all.is_excluded(UnitIx(3), SimTime::from_s(20.0)));
        assert!(!all.is_excluded(UnitIx(3), SimTime::from_s(19.9)));
        assert_eq!(all.at_work(SimTime::from_s(20.0)).count(), 0);
    }

    #[test]
    fn claims_lie_inside_the_area_and_all_over_it() {
        let corners = [(0.0, 0.0), (100.0, 0.0), (0.0, 100.0)];
        let corners = corners.map(|(x, y)| DVec2::new(x, y)).to_vec();
        let lying = Lying {
            area: Polygon::new(corners).unwrap(),
            interval_s: 10.0,
            target: TargetClass::Light,
        };
        let places: Vec<DVec2> = (0..900).map(|n| lying.place(UnitId(5), n, 1)).collect();
        assert!(places.iter().all(|it| lying.area.contains(*it)));
        // The centroid of the triangle; the deviation of a coordinate is 100/√18 = 23.6.
        let mean = places.iter().sum::<DVec2>() / 900.0;
        let bound = 4.0 * 23.6 / 30.0;
        assert!(
            (mean - DVec2::splat(100.0 / 3.0)).abs().max_element() < bound,
            "{mean}"
        );
    }
}
