//! What a run's logs say of one unit. See [`Story`].

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::accounting::adjudication::{
    CaughtLine, CrewLine, DefenceLine, GuidanceLine, ImpactLine, InterceptionLine, Line, LookLine,
    ProposalLine, RulingLine, ShotLine, SightLine, UnitLine,
};
use crate::accounting::event::EventRow;
use crate::accounting::recompute::{Recomputed, Reference, check};

/// Events of a unit that are told; the rest stands in the adjudication log, with more to it.
const TOLD: [&str; 5] = ["detection", "track", "shared", "damage", "loss"];

/// What a run's logs say of one unit; the JSON form of `tercio explain`.
#[derive(Debug, Serialize)]
pub(super) struct Story<'log> {
    /// The unit.
    pub(super) unit: &'log UnitLine,
    /// What became of it.
    pub(super) fate: Fate,
    /// Who found it, who had a track, who was told, and what it lost.
    pub(super) events: Vec<&'log EventRow>,
    /// First looks that detected it, by side.
    pub(super) looks: Vec<&'log LookLine>,
    /// Signals and shells by which sides first detected it.
    pub(super) caught: Vec<&'log CaughtLine>,
    /// Engagements of it, whether or not anybody fired, and of others whose shots met it.
    pub(super) against: Vec<Engagement<'log>>,
    /// Engagements in which it was to fire.
    pub(super) by: Vec<Engagement<'log>>,
    /// What its crews saw of munitions in flight, decided on them, and fired at them.
    pub(super) defence: Defence<'log>,
    /// What was computed again of all that.
    pub(super) recomputed: Recomputed,
    /// Sides of all units by name.
    #[serde(skip)]
    sides: BTreeMap<&'log str, &'log str>,
}

/// What became of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fate {
    /// It was destroyed by a shot.
    DestroyedByShot,
    /// It was destroyed, and by no shot.
    DestroyedOtherwise,
    /// It was harmed and not destroyed.
    Damaged,
    /// Shots met it and did nothing.
    Missed,
    /// Shots were fired at it and met others or nobody.
    ShotAt,
    /// It was proposed and nobody fired.
    Spared,
    /// Nobody ever proposed to engage it.
    Untouched,
}

/// One engagement, from its proposal on.
#[derive(Debug, Default, Serialize)]
pub(super) struct Engagement<'log> {
    /// The proposal.
    pub(super) proposal: Option<&'log ProposalLine>,
    /// What the desk said; none if the run ended first.
    pub(super) ruling: Option<&'log RulingLine>,
    /// Shots.
    pub(super) shots: Vec<&'log ShotLine>,
    /// What guided ones were told in flight.
    pub(super) guidance: Vec<&'log GuidanceLine>,
    /// Defensive shots at them.
    pub(super) interceptions: Vec<&'log InterceptionLine>,
    /// What they did.
    pub(super) impacts: Vec<&'log ImpactLine>,
}

impl Engagement<'_> {
    /// Whether it was meant for a unit, or met it.
    fn concerns(&self, unit: &str) -> bool {
        self.proposal.is_some_and(|it| it.target == unit)
            || self.impacts.iter().any(|it| it.victim == unit)
    }
}

/// What the crews of a unit did against munitions in flight.
#[derive(Debug, Default, Serialize)]
pub(super) struct Defence<'log> {
    /// First looks at munitions.
    pub(super) sights: Vec<&'log SightLine>,
    /// Decisions.
    pub(super) crews: Vec<&'log CrewLine>,
    /// Shots.
    pub(super) shots: Vec<&'log DefenceLine>,
    /// What came of them.
    pub(super) interceptions: Vec<&'log InterceptionLine>,
}

impl<'log> Defence<'log> {
    /// What a log says of a unit's.
    fn of(unit: &str, lines: &'log [Line]) -> Self {
        let mut all = Self::default();
        for line in lines {
            match line {
                Line::Sight(it) if it.observer == unit => all.sights.push(it),
                Line::Crew(it) if it.unit == unit => all.crews.push(it),
                Line::Defence(it) if it.unit == unit => all.shots.push(it),
                Line::Interception(it) if it.unit == unit => all.interceptions.push(it),
                _ => {}
            }
        }
        all
    }
}

/// Sides of units by name.
fn sides(lines: &[Line]) -> BTreeMap<&str, &str> {
    let units = lines.iter().filter_map(|line| match line {
        Line::Unit(it) => Some((it.unit.as_str(), it.side.as_str())),
        _ => None,
    });
    units.collect()
}

/// All engagements of a log, in the order of their proposals.
fn engagements(lines: &[Line]) -> Vec<Engagement<'_>> {
    let mut order = Vec::new();
    let mut all: BTreeMap<u64, Engagement<'_>> = BTreeMap::new();
    let mut fired_at: BTreeMap<u64, Vec<&InterceptionLine>> = BTreeMap::new();
    for line in lines {
        match line {
            Line::Proposal(it) => {
                order.push(it.proposal.0);
                all.entry(it.proposal.0).or_default().proposal = Some(it);
            }
            Line::Ruling(it) => all.entry(it.proposal.0).or_default().ruling = Some(it),
            Line::Shot(it) => all.entry(it.proposal.0).or_default().shots.push(it),
            Line::Impact(it) => all.entry(it.proposal.0).or_default().impacts.push(it),
            Line::Guidance(it) => all.entry(it.proposal.0).or_default().guidance.push(it),
            Line::Interception(it) => fired_at.entry(it.munition.0).or_default().push(it),
            Line::Unit(_)
            | Line::Look(_)
            | Line::Caught(_)
            | Line::Sight(_)
            | Line::Crew(_)
            | Line::Defence(_) => {}
        }
    }
    for engagement in all.values_mut() {
        let munitions = engagement.shots.iter().filter_map(|shot| shot.munition);
        let fired = munitions.filter_map(|munition| fired_at.remove(&munition.0));
        engagement.interceptions = fired.flatten().collect();
    }
    let found = order.into_iter().filter_map(|number| all.remove(&number));
    found.collect()
}

impl<'log> Story<'log> {
    /// Gathers what concerns a unit.
    pub(super) fn new(
        unit: &'log UnitLine,
        lines: &'log [Line],
        events: &'log [EventRow],
        reference: &Reference<'_>,
    ) -> Self {
        let name = unit.unit.as_str();
        let is_told = |row: &&EventRow| {
            let who = match row.kind.as_ref() {
                "damage" | "loss" => &row.subject,
                _ => &row.object,
            };
            who == name && TOLD.contains(&row.kind.as_ref())
        };
        let events: Vec<&EventRow> = events.iter().filter(is_told).collect();
        let (mut looks, mut caught) = (Vec::new(), Vec::new());
        for line in lines {
            match line {
                Line::Look(look) if look.target == name => looks.push(look.as_ref()),
                Line::Caught(it) if it.target == name => caught.push(it.as_ref()),
                _ => {}
            }
        }
        let is_shooter = |it: &Engagement<'_>| it.proposal.is_some_and(|it| it.shooter == name);
        let mut against = engagements(lines);
        against.retain(|it| it.concerns(name));
        let mut by = engagements(lines);
        by.retain(is_shooter);
        let mut story = Self {
            unit,
            fate: Fate::Untouched,
            events,
            looks,
            caught,
            against,
            by,
            defence: Defence::of(name, lines),
            recomputed: Recomputed::default(),
            sides: sides(lines),
        };
        story.fate = story.settle();
        story.recomputed = story.recompute(lines, reference);
        story
    }

    /// The side of a unit; empty where there is none of that name.
    pub(super) fn side_of(&self, unit: &str) -> &'log str {
        self.sides.get(unit).copied().unwrap_or_default()
    }

    /// The shot that destroyed the unit.
    pub(super) fn last_blow(&self) -> Option<&'log ImpactLine> {
        let lost_us = self.lost_us()?;
        let mut impacts = self.against.iter().flat_map(|it| &it.impacts);
        let is_it = |it: &&&ImpactLine| {
            it.time_us == lost_us && it.victim == self.unit.unit && it.is_destroyed && it.is_hit()
        };
        impacts.find(is_it).copied()
    }

    /// When the unit was lost, µs.
    pub(super) fn lost_us(&self) -> Option<u64> {
        let mut losses = self.events.iter().filter(|row| row.kind == "loss");
        losses.next().map(|row| row.time_us)
    }

    /// What became of the unit.
    fn settle(&self) -> Fate {
        let met = || {
            let impacts = self.against.iter().flat_map(|it| &it.impacts);
            impacts.filter(|it| it.victim == self.unit.unit)
        };
        if self.lost_us().is_some() {
            return match self.last_blow() {
                Some(_) => Fate::DestroyedByShot,
                None => Fate::DestroyedOtherwise,
            };
        }
        if met().any(|it| it.is_hit()) {
            Fate::Damaged
        } else if met().next().is_some() {
            Fate::Missed
        } else if self.against.iter().any(|it| !it.shots.is_empty()) {
            Fate::ShotAt
        } else if !self.against.is_empty() {
            Fate::Spared
        } else {
            Fate::Untouched
        }
    }

    /// Computes again what the story tells.
    fn recompute(&self, lines: &[Line], reference: &Reference<'_>) -> Recomputed {
        let engagements = || self.against.iter().chain(&self.by);
        let proposals: BTreeSet<u64> = engagements()
            .filter_map(|it| it.proposal.map(|it| it.proposal.0))
            .collect();
        let mut all = Recomputed::default();
        for line in lines {
            let is_told = match line {
                Line::Look(it) => it.target == self.unit.unit,
                Line::Caught(it) => it.target == self.unit.unit,
                Line::Ruling(it) => proposals.contains(&it.proposal.0),
                Line::Impact(it) => proposals.contains(&it.proposal.0),
                Line::Sight(it) => it.observer == self.unit.unit,
                Line::Crew(it) => it.unit == self.unit.unit,
                Line::Interception(it) => {
                    let mut told = engagements().flat_map(|it| &it.interceptions);
                    it.unit == self.unit.unit || told.any(|other| **other == **it)
                }
                Line::Unit(_)
                | Line::Proposal(_)
                | Line::Shot(_)
                | Line::Guidance(_)
                | Line::Defence(_) => false,
            };
            if is_told {
                all.add(check(line, reference));
            }
        }
        all
    }
}
