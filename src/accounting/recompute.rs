//! Deciding again what the adjudication log says was decided. See [`check`].

use std::collections::BTreeMap;

use glam::DVec2;
use serde::Serialize;

use super::adjudication::{
    DrawLine, ImpactLine, LeaveLine, Line, LookLine, OperatorLine, RuledBy, RulingLine, ShotLine,
    ShotResult, StateLine, UnitLine,
};
use super::recompute_flight::{
    CrewBook, check_crew, check_interception, check_sight, trouble_with_flight,
};
use crate::{
    engagement::{Effect, effect::nearest, model::DamageShares, tables::curve_of},
    kernel::{factor::product, random::Stream, time::SimTime},
    platform::{
        class::{Catalogue, TargetClass},
        damage::{Damage, Harm},
    },
};

/// What was computed again of one line or of several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Recomputed {
    /// Draws that came out the same.
    pub draws: usize,
    /// Probabilities and times that came out the same.
    pub values: usize,
    /// Results that came out the same.
    pub results: usize,
    /// What did not, in words.
    pub differences: Vec<String>,
}

impl Recomputed {
    /// Adds what was computed of another line.
    pub fn add(&mut self, other: Self) {
        self.draws += other.draws;
        self.values += other.values;
        self.results += other.results;
        self.differences.extend(other.differences);
    }

    /// Compares numbers bit for bit; whether they are the same.
    fn is_same(&mut self, what: &str, logged: f64, computed: f64) -> bool {
        let is_same = logged.to_bits() == computed.to_bits();
        if !is_same {
            self.differences.push(format!(
                "{what} is {logged} in the log, computed {computed}"
            ));
        }
        is_same
    }

    /// Compares a probability or a time.
    pub(super) fn value(&mut self, what: &str, logged: f64, computed: f64) {
        self.values += usize::from(self.is_same(what, logged, computed));
    }

    /// Compares results.
    pub(super) fn result<T: PartialEq + core::fmt::Debug>(
        &mut self,
        what: &str,
        logged: T,
        computed: T,
    ) {
        if logged == computed {
            self.results += 1;
        } else {
            self.differences.push(format!(
                "{what} is {logged:?} in the log, computed {computed:?}"
            ));
        }
    }

    /// Compares a draw and its name.
    pub(super) fn draw(
        &mut self,
        what: &str,
        draw: &DrawLine,
        name: (Stream, [Option<u64>; 2]),
        seed: u64,
    ) {
        let (stream, parties) = name;
        let key = draw.key();
        if key.stream != stream || parties != [Some(key.subject), Some(key.object)] {
            self.differences
                .push(format!("{what} has the name of another draw: {key:?}"));
        }
        let computed = key.uniform(seed);
        self.draws += usize::from(self.is_same(what, draw.uniform, computed));
    }
}

/// What a line is checked against.
#[derive(Debug, Clone)]
pub struct Reference<'a> {
    /// Seed of the run.
    pub(super) seed: u64,
    /// Units by name.
    units: BTreeMap<&'a str, &'a UnitLine>,
    /// What weapons and classes are like.
    pub(super) catalogue: &'a Catalogue,
}

impl<'a> Reference<'a> {
    /// The run with this seed and these units, of this catalogue.
    #[must_use]
    pub fn new(
        seed: u64,
        units: impl Iterator<Item = &'a UnitLine>,
        catalogue: &'a Catalogue,
    ) -> Self {
        Self {
            seed,
            units: units.map(|unit| (unit.unit.as_str(), unit)).collect(),
            catalogue,
        }
    }

    /// The id of a unit.
    pub(super) fn id(&self, name: &str) -> Option<u64> {
        self.units.get(name).map(|unit| unit.id.0)
    }

    /// How hard a unit is to hurt.
    fn protection(&self, name: &str) -> Option<TargetClass> {
        let unit = self.units.get(name)?;
        Some(self.catalogue.class(&unit.class)?.protection)
    }

    /// What an effector does to such targets at the range and in the way in which a shot came in; none
    /// if it is not in the catalogue.
    fn effect(&self, effector: &str, protection: TargetClass, logged: &Effect) -> Option<Effect> {
        let spec = self.catalogue.effector(effector)?;
        let rules = self.catalogue.vulnerability.as_ref();
        let arrival = logged.arrival;
        Some(Effect {
            range_m: logged.range_m,
            curve: curve_of(spec, protection),
            shares: DamageShares::of(&spec.damage),
            exposure: arrival.exposure((protection, spec.fire), rules),
            arrival,
        })
    }

    /// Time for which an impact of an effector pins a unit at a distance, s.
    fn pins_s(&self, effector: &str, unit: &str, distance_m: f64) -> Option<f64> {
        let round = self.catalogue.effector(effector)?.suppression.as_ref()?;
        let rules = &self.catalogue.vulnerability.as_ref()?.suppression;
        Some(rules.adds_s(self.protection(unit)?, round, distance_m))
    }
}

/// Decides a line again: every draw from its name and the seed, every probability from its inputs by
/// the functions that the simulation calls, every result from both.
#[must_use]
pub fn check(line: &Line, reference: &Reference<'_>) -> Recomputed {
    let mut found = Recomputed::default();
    match line {
        Line::Look(look) => check_look(look, reference, &mut found),
        Line::Caught(it) => it.check(reference, &mut found),
        Line::Ruling(ruling) => check_ruling(ruling, reference, &mut found),
        Line::Impact(impact) => check_impact(impact, reference, &mut found),
        Line::Sight(it) => check_sight(it, reference, &mut found),
        Line::Crew(it) => check_crew(it, reference, &mut found),
        Line::Interception(it) => check_interception(it, reference, &mut found),
        Line::Unit(_)
        | Line::Proposal(_)
        | Line::Shot(_)
        | Line::Guidance(_)
        | Line::Defence(_) => {}
    }
    let at_s = SimTime(line.time_us()).as_s();
    for difference in &mut found.differences {
        difference.insert_str(0, &format!("at {at_s} s: "));
    }
    found
}

/// A look that found its target.
fn check_look(look: &LookLine, reference: &Reference<'_>, found: &mut Recomputed) {
    let [chance, ..] = look.glance.chances(&look.works);
    found.value("the chance of the look", look.probability, chance);
    let observer = reference.id(&look.observer);
    // The subject of a look is unit and sensor in one number.
    let subject = observer.map(|id| id.rotate_left(look.sensor + 1));
    let name = (Stream::Detection, [subject, reference.id(&look.target)]);
    found.draw("the draw of the look", &look.draw, name, reference.seed);
    found.result("whether it detects", true, look.draw.uniform < chance);
}

/// A ruling of a desk.
fn check_ruling(ruling: &RulingLine, reference: &Reference<'_>, found: &mut Recomputed) {
    let is_operator = ruling.by == RuledBy::Operator;
    found.result(
        "whether an operator ruled",
        is_operator,
        ruling.operator.is_some(),
    );
    if ruling.by == RuledBy::Nobody {
        let is_leave = ruling.leave.is_some();
        found.result("whether leave is given", is_leave, false);
    }
    let Some(operator) = &ruling.operator else {
        return;
    };
    let OperatorLine {
        appraisal,
        draw,
        service,
        takes_s,
        service_draw,
    } = operator;
    let parties = [reference.id(&ruling.desk), Some(ruling.proposal.0)];
    let seed = reference.seed;
    let name = (Stream::Decision, parties);
    found.draw("the draw of the operator's answer", draw, name, seed);
    let name = (Stream::Handling, parties);
    found.draw("the draw of the operator's time", service_draw, name, seed);
    let answer = appraisal.answer(draw.uniform).is_yes();
    found.result("whether leave is given", ruling.leave.is_some(), answer);
    let key = service_draw.key();
    let computed = service.draw_s(seed, key.subject, key.object);
    found.value("the operator's time", *takes_s, computed);
}

/// The result that a harm is.
#[must_use]
pub fn result_of(harm: Option<Harm>) -> ShotResult {
    match harm {
        None => ShotResult::Miss,
        Some(Harm::Radio) => ShotResult::Radio,
        Some(Harm::Sensor) => ShotResult::Sensor,
        Some(Harm::Mobility) => ShotResult::Mobility,
        Some(Harm::Firepower) => ShotResult::Firepower,
        Some(Harm::Catastrophic) => ShotResult::Catastrophic,
    }
}

/// A shot that arrived.
fn check_impact(impact: &ImpactLine, reference: &Reference<'_>, found: &mut Recomputed) {
    let first = nearest(impact.met.iter().map(|met| met.distance_m));
    let met = first.map_or("", |at| impact.met[at].unit.as_str());
    found.result("who was met", impact.victim.as_str(), met);
    let reach_m = impact.fall.reach_m();
    let is_near = impact.met.iter().all(|met| met.distance_m <= reach_m);
    found.result("whether all of them were in reach", is_near, true);
    for pin in &impact.pinned {
        let adds_s = reference.pins_s(&impact.effector, &pin.unit, pin.distance_m);
        found.value("the suppression", pin.adds_s, adds_s.unwrap_or_default());
    }
    let (Some(effect), Some(draw)) = (&impact.effect, &impact.draw) else {
        let is_none = matches!(
            impact.result,
            ShotResult::NobodyThere
                | ShotResult::Recalled
                | ShotResult::Intercepted
                | ShotResult::Spent
        );
        found.result("whether nobody was met", is_none, true);
        return;
    };
    let protection = reference.protection(&impact.victim);
    found.result(
        "the protection of the victim",
        impact.protection,
        protection,
    );
    let known = protection.and_then(|it| reference.effect(&impact.effector, it, effect));
    let is_known = known.as_ref() == Some(effect);
    found.result("whether the weapon is the catalogue's", is_known, true);
    let factors = effect.factors();
    found.result("the factors", &impact.factors, &factors);
    let chance = product(&factors);
    found.value("the probability", impact.probability, chance);
    let parties = [&impact.shooter, &impact.victim].map(|unit| reference.id(unit));
    let name = (Stream::Shot, parties);
    found.draw("the draw of the shot", draw, name, reference.seed);
    let harm = effect.harm(draw.uniform);
    found.result("the result", impact.result, result_of(harm));
    // Another shot of the same moment may have done the rest; this one alone undoes nothing.
    let alone = harm.is_some_and(|harm| is_lost(impact.before, harm));
    found.result(
        "whether it is lost",
        impact.is_destroyed || alone,
        impact.is_destroyed,
    );
}

/// Whether a harm destroys a unit that could do no more than this before.
fn is_lost(before: Option<StateLine>, harm: Harm) -> bool {
    let mut damage = Damage::default();
    for (works, missing) in [
        (before.is_none_or(|it| it.can_move), Harm::Mobility),
        (before.is_none_or(|it| it.can_fire), Harm::Firepower),
    ] {
        if !works {
            damage.add(missing, SimTime::ZERO);
        }
    }
    damage.add(harm, SimTime::ZERO);
    damage.is_destroyed()
}

/// Checks that every arrival has its shot, and every shot its leave: given before, for this shooter
/// and weapon, not yet over, and for so many shots.
#[must_use]
pub fn check_leave(lines: &[Line]) -> Recomputed {
    let mut found = Recomputed::default();
    let mut book = Book::default();
    for line in lines {
        let trouble = match line {
            Line::Proposal(it) => {
                let of = (it.shooter.as_str(), it.effector.as_str(), it.shots);
                book.proposals.insert(it.proposal.0, of);
                None
            }
            Line::Ruling(it) => {
                if let Some(leave) = it.leave {
                    book.leave.insert(it.proposal.0, leave);
                }
                None
            }
            Line::Shot(it) => {
                let trouble = book.trouble_with_shot(it);
                book.shots.insert((it.proposal.0, it.ordinal), it);
                trouble
            }
            Line::Crew(it) => {
                book.crews.take(it);
                None
            }
            Line::Defence(it) => book.crews.trouble_with_shot(it),
            Line::Interception(it) => book.crews.trouble_with_interception(it),
            Line::Impact(it) => book.trouble_with_impact(it),
            _ => continue,
        };
        match trouble {
            None => found.results += 1,
            Some(why) => {
                let at_s = SimTime(line.time_us()).as_s();
                found.differences.push(format!("at {at_s} s: {why}"));
            }
        }
    }
    found
}

/// What was proposed, allowed and fired so far, by number of the proposal.
#[derive(Default)]
struct Book<'log> {
    proposals: BTreeMap<u64, (&'log str, &'log str, u32)>,
    leave: BTreeMap<u64, LeaveLine>,
    shots: BTreeMap<(u64, u32), &'log ShotLine>,
    crews: CrewBook<'log>,
}

impl Book<'_> {
    /// Why a shot should not have been fired.
    fn trouble_with_shot(&self, shot: &ShotLine) -> Option<String> {
        let ShotLine {
            shooter, effector, ..
        } = shot;
        let Some((to, with, most)) = self.proposals.get(&shot.proposal.0) else {
            return Some(format!("a shot of {shooter} was never proposed"));
        };
        if (shooter.as_str(), effector.as_str()) != (*to, *with) || shot.ordinal > *most {
            return Some(format!("a shot of {shooter} is not the one proposed"));
        }
        let Some(leave) = self.leave.get(&shot.proposal.0) else {
            return Some(format!("a shot of {shooter} has no leave in the log"));
        };
        if !(leave.from_us..=leave.until_us).contains(&shot.time_us) {
            return Some(format!("a shot of {shooter} is outside the time allowed"));
        }
        let since_s = |from_us, to_us| SimTime(to_us).since_s(SimTime(from_us));
        let drift = DVec2::from(leave.drift_m_s);
        let centre = DVec2::from(leave.centre_m) + drift * since_s(leave.from_us, shot.time_us);
        // The aim leads the target by the time of flight, as the area moves with it.
        let flight_m = drift.length() * since_s(shot.time_us, shot.impact_us);
        let is_inside = centre.distance(shot.aim_m.into()) <= leave.radius_m + flight_m;
        (!is_inside).then(|| format!("a shot of {shooter} is outside the area allowed"))
    }

    /// Why a shot should not have arrived so.
    fn trouble_with_impact(&self, impact: &ImpactLine) -> Option<String> {
        let shooter = &impact.shooter;
        let Some(shot) = self.shots.get(&(impact.proposal.0, impact.ordinal)) else {
            return Some(format!("what arrived from {shooter} was never fired"));
        };
        let is_it = shot.shooter == *shooter
            && shot.effector == impact.effector
            && shot.munition == impact.flight.as_ref().map(|it| it.munition)
            && (impact.flight.is_some() || shot.impact_us == impact.time_us);
        if !is_it {
            return Some(format!("what arrived from {shooter} is not what was fired"));
        }
        if let Some(flight) = &impact.flight {
            let leave = self.leave.get(&impact.proposal.0);
            return trouble_with_flight(impact, flight, leave);
        }
        let [x, y, _] = shot.from_m;
        let range_m = DVec2::new(x, y).distance(shot.aim_m.into());
        let is_range = impact
            .effect
            .as_ref()
            .is_none_or(|effect| effect.range_m.to_bits() == range_m.to_bits());
        (!is_range).then(|| format!("the range of {shooter} is not that of its shot"))
    }
}

#[cfg(test)]
#[path = "recompute_tests.rs"]
mod tests;
