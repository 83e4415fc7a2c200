//! Emission control: what units radiate, and what their side has ordered. See [`Emissions`] and
//! [`EmissionPlan`].

use std::collections::BTreeMap;

use bevy::prelude::{App, Plugin, Resource};
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{ids::UnitIx, registry::StateAppExt, time::SimTime},
    org::Emcon,
};

/// Levels of units by rank, with what is to come.
///
/// An order without an end holds until the next one. One with an end gives way, when that comes, to
/// the last one without. Every order undoes what earlier ones had still to come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels {
    now: Vec<Emcon>,
    /// The last order without an end, where one with an end has come since.
    lasting: BTreeMap<UnitIx, Emcon>,
    /// What is to come, in order of time.
    later: BTreeMap<UnitIx, Vec<(SimTime, Emcon)>>,
    /// When the level of a unit last changed, and what it was before.
    changed: BTreeMap<UnitIx, (SimTime, Emcon)>,
    /// When the last order that a unit took was given.
    given: BTreeMap<UnitIx, SimTime>,
}

impl Levels {
    /// Levels at the start, by rank.
    #[must_use]
    pub fn new(now: Vec<Emcon>) -> Self {
        Self {
            now,
            ..Self::default()
        }
    }

    /// The level of a unit; free, where nobody said otherwise.
    #[must_use]
    pub fn of(&self, unit: UnitIx) -> Emcon {
        self.now.get(unit.at()).copied().unwrap_or_default()
    }

    /// The level of a unit before anything that happened at a time or later, as far back as its last
    /// change.
    fn before(&self, unit: UnitIx, at: SimTime) -> Emcon {
        let changed = self.changed.get(&unit);
        changed
            .filter(|(since, _)| *since >= at)
            .map_or_else(|| self.of(unit), |(_, before)| *before)
    }

    /// Whether a unit is to send nothing by radio, so that its silence says nothing.
    #[must_use]
    pub fn is_silent(&self, unit: UnitIx) -> bool {
        self.of(unit) == Emcon::Silent
    }

    /// Whether radars, active sonars and transponders are to work, and places and states to be
    /// reported as always.
    #[must_use]
    pub fn is_free(&self, unit: UnitIx) -> bool {
        self.of(unit) == Emcon::Free
    }

    /// Whether a unit was to send nothing by radio before anything that was ordered at a time: whoever
    /// writes to it then has to call it blind, also with the order that ends its silence.
    #[must_use]
    pub fn was_silent(&self, unit: UnitIx, at: SimTime) -> bool {
        self.before(unit, at) == Emcon::Silent
    }

    /// Since when the silence of a unit says something: since it was last heard of, or since it may
    /// speak again.
    #[must_use]
    pub fn expected_since(&self, unit: UnitIx, heard: SimTime) -> SimTime {
        self.spoke_up(unit).map_or(heard, |at| at.max(heard))
    }

    /// When a silence of a unit last ended; never, if none did, or it has fallen silent again.
    fn spoke_up(&self, unit: UnitIx) -> Option<SimTime> {
        let (since, before) = self.changed.get(&unit)?;
        (*before == Emcon::Silent).then_some(*since)
    }

    /// Whether an order given at a time is not older than the last one that the unit took: orders may
    /// overtake each other on their way.
    pub fn is_news(&mut self, unit: UnitIx, given: SimTime) -> bool {
        let last = self.given.entry(unit).or_insert(given);
        let is_news = *last <= given;
        *last = given.max(*last);
        is_news
    }

    /// Takes an order of a time: from `begin` on, and until `end`, if it has one.
    pub fn order(
        &mut self,
        unit: UnitIx,
        level: Emcon,
        (now, begin, end): (SimTime, SimTime, Option<SimTime>),
    ) {
        self.later.remove(&unit);
        let current = self.of(unit);
        let mut later = Vec::new();
        if begin > now {
            later.push((begin, level));
        } else {
            self.set(unit, level, now);
        }
        if let Some(end) = end {
            let lasting = *self.lasting.entry(unit).or_insert(current);
            later.push((end, lasting));
        } else {
            self.lasting.insert(unit, level);
        }
        if !later.is_empty() {
            self.later.insert(unit, later);
        }
    }

    /// Lets happen what was to come before a time.
    pub fn catch_up(&mut self, before: SimTime) {
        let mut due = Vec::new();
        self.later.retain(|unit, later| {
            let split = later.partition_point(|(at, _)| *at < before);
            due.extend(later.drain(..split).map(|(at, level)| (*unit, level, at)));
            !later.is_empty()
        });
        for (unit, level, at) in due {
            self.set(unit, level, at);
        }
    }

    fn set(&mut self, unit: UnitIx, level: Emcon, at: SimTime) {
        let before = self.of(unit);
        if before != level {
            self.changed.insert(unit, (at, before));
        }
        if self.now.len() <= unit.at() {
            self.now.resize(unit.at() + 1, Emcon::Free);
        }
        self.now[unit.at()] = level;
    }
}

/// What units may radiate, as far as orders have reached them: what they do. State; `command` alone
/// changes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub struct Emissions(pub Levels);

/// What units were ordered to radiate, as each of them knows it: from the plan, from orders that it
/// gave or handed on, whether those arrived or not, and from those that reached it. State; `command`
/// alone changes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub struct EmissionPlan {
    /// What everybody knows from the start.
    start: Levels,
    /// What those know who have learnt more since.
    known: BTreeMap<UnitIx, Levels>,
}

impl Emissions {
    /// Whether a unit may send nothing by radio.
    #[must_use]
    pub fn is_silent(&self, unit: UnitIx) -> bool {
        self.0.is_silent(unit)
    }

    /// Whether radars, active sonars and transponders may work.
    #[must_use]
    pub fn is_free(&self, unit: UnitIx) -> bool {
        self.0.is_free(unit)
    }
}

impl EmissionPlan {
    /// A plan that everybody knows from the start.
    #[must_use]
    pub fn new(start: Levels) -> Self {
        Self {
            start,
            known: BTreeMap::new(),
        }
    }

    /// What a unit knows of it.
    #[must_use]
    pub fn known_to(&self, who: UnitIx) -> &Levels {
        self.known.get(&who).unwrap_or(&self.start)
    }

    /// A unit learns what others are to radiate: from `begin` on, and until `end`, if there is one.
    pub fn learn(
        &mut self,
        who: UnitIx,
        units: impl Iterator<Item = UnitIx>,
        level: Emcon,
        (begin, end): (SimTime, Option<SimTime>),
    ) {
        let known = self.known.entry(who).or_insert_with(|| self.start.clone());
        for unit in units {
            known.order(unit, level, (begin, begin, end));
        }
    }

    /// Lets happen what was to come before a time.
    pub fn catch_up(&mut self, before: SimTime) {
        for levels in self.known.values_mut() {
            levels.catch_up(before);
        }
    }
}

/// Registers emission control as state.
#[derive(Debug)]
pub struct EmissionPlugin;

impl Plugin for EmissionPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Emissions>()
            .init_resource::<EmissionPlan>()
            .register_state_resource::<Emissions>()
            .register_state_resource::<EmissionPlan>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: UnitIx = UnitIx(3);

    fn s(at: f64) -> SimTime {
        SimTime::from_s(at)
    }

    /// Orders at times with their lengths, s, and the levels at some times.
    fn levels(orders: &[(f64, Emcon, Option<f64>)], at: &[f64]) -> Vec<Emcon> {
        let mut levels = Levels::default();
        let mut orders = orders.iter().peekable();
        let mut seen = Vec::new();
        for second in 0..2000_u32 {
            let now = f64::from(second);
            while let Some((from, level, for_s)) = orders.next_if(|order| order.0 <= now) {
                let end = for_s.map(|for_s| s(from + for_s));
                levels.order(UNIT, *level, (s(now), s(now), end));
            }
            levels.catch_up(s(now + 1.0));
            if at.contains(&now) {
                seen.push(levels.of(UNIT));
            }
        }
        seen
    }

    #[test]
    fn who_was_told_nothing_is_free() {
        let emissions = Emissions::default();
        assert!(emissions.is_free(UNIT) && !emissions.is_silent(UNIT));
    }

    #[test]
    fn a_longer_silence_is_not_ended_by_a_shorter_one_before() {
        let twice = [
            (0.0, Emcon::Silent, Some(600.0)),
            (300.0, Emcon::Silent, Some(600.0)),
        ];
        let want = [Emcon::Silent, Emcon::Silent, Emcon::Free, Emcon::Free];
        assert_eq!(levels(&twice, &[100.0, 700.0, 1000.0, 1900.0]), want);
    }

    #[test]
    fn an_order_without_an_end_outlasts_one_with() {
        let orders = [
            (0.0, Emcon::Silent, Some(600.0)),
            (300.0, Emcon::Restricted, None),
        ];
        let want = [Emcon::Silent, Emcon::Restricted, Emcon::Restricted];
        assert_eq!(levels(&orders, &[299.0, 400.0, 700.0]), want);
    }

    #[test]
    fn who_writes_when_a_silence_ends_knows_that_it_was_one() {
        let mut plan = Levels::default();
        plan.order(UNIT, Emcon::Silent, (s(10.0), s(10.0), None));
        assert!(!plan.was_silent(UNIT, s(10.0)) && plan.was_silent(UNIT, s(11.0)));
        plan.order(UNIT, Emcon::Free, (s(900.0), s(900.0), None));
        assert!(plan.was_silent(UNIT, s(900.0)) && !plan.was_silent(UNIT, s(901.0)));
        // Nobody waits for a report from before it could be given.
        assert_eq!(plan.expected_since(UNIT, s(5.0)), s(900.0));
        assert_eq!(plan.expected_since(UNIT, s(950.0)), s(950.0));
        plan.order(UNIT, Emcon::Silent, (s(990.0), s(990.0), None));
        assert_eq!(plan.expected_since(UNIT, s(950.0)), s(950.0));
    }

    #[test]
    fn who_was_not_told_of_a_silence_does_not_know_of_it() {
        let mut plan = EmissionPlan::new(Levels::new(vec![Emcon::Restricted; 5]));
        let (told, other) = (UnitIx(0), UnitIx(1));
        let silence = (s(10.0), Some(s(60.0)));
        plan.learn(told, [UNIT].into_iter(), Emcon::Silent, silence);
        assert!(plan.known_to(told).is_silent(UNIT) && !plan.known_to(other).is_silent(UNIT));
        plan.catch_up(s(61.0));
        assert_eq!(plan.known_to(told).of(UNIT), Emcon::Restricted);
    }

    #[test]
    fn an_order_that_was_overtaken_is_no_news() {
        let mut levels = Levels::default();
        let news = [100.0, 0.0, 100.0, 200.0].map(|given| levels.is_news(UNIT, s(given)));
        assert_eq!(news, [true, false, true, true]);
    }

    #[test]
    fn what_was_put_off_does_not_come_after_a_newer_order() {
        let mut levels = Levels::default();
        levels.order(UNIT, Emcon::Silent, (s(0.0), s(60.0), None));
        levels.order(UNIT, Emcon::Free, (s(30.0), s(30.0), None));
        levels.catch_up(s(100.0));
        assert_eq!(levels.of(UNIT), Emcon::Free);
    }
}
