//! Writes the adjudication log while a run goes on. See [`AdjudicationLog`].

use std::collections::BTreeSet;

use bevy::prelude::{Query, Res, ResMut, Resource, World};

use super::{
    accounts::Accounts,
    adjudication::{
        CaughtLine, DrawLine, EvidenceLine, FlightLine, Hex, ImpactLine, LeaveLine, Line, LookLine,
        MetLine, OperatorLine, PinLine, ProposalLine, RuledBy, RulingLine, ShotLine, ShotResult,
        StateLine, Statement, UnitLine,
    },
    defences::sight_line,
    kill_chain::Stage,
    recompute::result_of,
};
use crate::{
    command::{Authoriser, Judged, Ruled},
    engagement::{Adjudication, Authorisation, Outcome, Pin, Shot},
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        random::{DrawKey, Stream},
        scoring::ScoringTag,
        time::SimTime,
    },
    org::{OrderOfBattle, SideIx},
    planning::proposal::{Grounds, Proposal, Proposed},
    platform::{class::TargetClass, damage::Damage, vehicle::Fleet},
    sensing::{Caught, Inbound, Sighting},
};

/// Every decision about an engagement so far, in the order in which they were taken. It influences
/// nothing, so it is no state.
#[derive(Debug, Clone, Default, PartialEq, Resource)]
pub struct AdjudicationLog {
    /// The lines.
    lines: Vec<Line>,
    /// First detections that were written: who, of whom.
    found: BTreeSet<(SideIx, UnitIx)>,
    /// First looks at munitions that were written: who, at which.
    sighted: BTreeSet<(UnitIx, u64)>,
}

impl AdjudicationLog {
    /// All lines so far, without those of the units.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Adds the first look of a unit at a munition.
    pub(super) fn sight(&mut self, look: &Inbound, names: &Names<'_>) {
        if self.sighted.insert((look.observer, look.munition)) {
            self.lines.push(sight_line(look, names));
        }
    }
}

/// Takes the log of the run so far out of the world, with a line for each unit in front.
#[must_use]
pub fn take_adjudications(world: &mut World) -> Vec<Line> {
    let lines = core::mem::take(&mut world.resource_mut::<AdjudicationLog>().lines);
    let (index, order, fleet) = (
        world.resource::<UnitIndex>(),
        world.resource::<OrderOfBattle>(),
        world.resource::<Fleet>(),
    );
    let unit = |ix: UnitIx| {
        Line::Unit(UnitLine {
            unit: index.name(ix).to_owned(),
            id: Hex(index.id(ix).0),
            side: order.sides[order.unit(ix).side.at()].id.clone(),
            class: fleet.vehicle(ix).class.name.clone(),
        })
    };
    let units = index.iter().map(|(ix, _)| unit(ix));
    units.chain(lines).collect()
}

/// Names of units.
pub(super) struct Names<'a>(pub(super) &'a UnitIndex);

impl Names<'_> {
    /// The name of a unit.
    pub(super) fn of(&self, unit: UnitIx) -> String {
        self.0.name(unit).to_owned()
    }

    /// The name behind a tag; empty for a false alarm.
    fn behind(&self, tag: ScoringTag) -> String {
        tag.reveal()
            .map_or_else(String::new, |target| self.of(target))
    }
}

/// Writes the looks, and the signals and shells, by which sides first detected hostile units, once the accounts have them.
pub(super) fn looks(
    (order, index, accounts): (
        Res<'_, OrderOfBattle>,
        Res<'_, UnitIndex>,
        Res<'_, Accounts>,
    ),
    (sightings, caught): (Res<'_, Buffer<Sighting>>, Res<'_, Buffer<Caught>>),
    mut log: ResMut<'_, AdjudicationLog>,
) {
    let is_first = |log: &mut AdjudicationLog,
                    (observer, target, at): (UnitIx, UnitIx, SimTime)| {
        let side = order.unit(observer).side;
        let chain = accounts.sides[side.at()].chains[target.at()].as_ref();
        let first = chain.and_then(|chain| chain.time(Stage::Detected));
        first == Some(at) && log.found.insert((side, target))
    };
    for sighting in sightings.read() {
        let target = sighting.target;
        if !is_first(&mut log, (sighting.observer, target, sighting.at)) {
            continue;
        }
        let names = Names(&index);
        log.lines.push(Line::Look(Box::new(LookLine {
            time_us: sighting.at.0,
            observer: names.of(sighting.observer),
            sensor: sighting.sensor,
            target: names.of(target),
            works: sighting.works,
            glance: sighting.glance,
            probability: sighting.probability,
            draw: DrawLine::new(sighting.key, sighting.draw),
        })));
    }
    for it in caught.read() {
        if is_first(&mut log, (it.observer, it.target, it.at)) {
            let line = CaughtLine::of(it, &Names(&index));
            log.lines.push(Line::Caught(Box::new(line)));
        }
    }
}

/// Writes proposals, rulings, shots and what they did, in the order of a tick.
pub(super) fn decisions(
    (order, index, fleet): (Res<'_, OrderOfBattle>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (proposed, ruled): (Res<'_, Buffer<Proposed>>, Res<'_, Buffer<Ruled>>),
    (shots, arrived): (Res<'_, Buffer<Shot>>, Res<'_, Buffer<Adjudication>>),
    mut log: ResMut<'_, AdjudicationLog>,
    damages: Query<'_, '_, &Damage>,
) {
    let names = Names(&index);
    let effector = |ix| fleet.effector(ix).name.clone();
    let rulings = ruled
        .read()
        .iter()
        .map(|it| ruling_line(it, &order, &names));
    log.lines.extend(rulings);
    let proposals = proposed.read().iter().map(|it| {
        let with = effector(it.proposal.effector);
        proposal_line(&it.proposal, it.grounds.as_ref(), with, &names)
    });
    log.lines.extend(proposals);
    let fired = shots.read().iter().map(|shot| {
        let with = effector(shot.order.authorisation().effector);
        let effector = fleet.effector(shot.order.authorisation().effector);
        shot_line(shot, with, effector.flight.is_some(), &names)
    });
    log.lines.extend(fired);
    for line in arrived.read() {
        let victim = line.victim;
        let damage = victim.and_then(|victim| damages.get(index.entity(victim)).ok());
        let is_destroyed = damage.is_some_and(Damage::is_destroyed);
        let class = victim.map(|victim| fleet.vehicle(victim).class.protection);
        let with = effector(line.effector());
        log.lines
            .push(impact_line(line, with, (class, is_destroyed), &names));
    }
}

/// The line of a proposal.
fn proposal_line(
    proposal: &Proposal,
    grounds: Option<&Grounds>,
    effector: String,
    names: &Names<'_>,
) -> Line {
    Line::Proposal(ProposalLine {
        time_us: proposal.proposed.0,
        proposal: Hex(proposal.id),
        post: names.of(proposal.post),
        track: proposal.track.number,
        target: names.behind(proposal.tag),
        believed: proposal.target,
        shooter: names.of(proposal.shooter),
        effector,
        shots: proposal.shots,
        confidence: proposal.confidence,
        position_m: proposal.position.to_array(),
        sigma_m: proposal.sigma_m,
        evidence: grounds.map(|grounds| evidence_line(grounds, proposal.post, names)),
    })
}

/// What a belief stood on: own views, tracks of others, pictures.
fn evidence_line(grounds: &Grounds, post: UnitIx, names: &Names<'_>) -> EvidenceLine {
    let own = grounds.views.iter().map(|(view, llr)| Statement {
        from: names.of(post),
        how: view.words(),
        hostile_llr: *llr,
    });
    let others = grounds.sources.iter().map(|source| Statement {
        from: names.of(source.key.origin),
        how: format!("track {} of {} s", source.key.number, source.at.as_s()),
        hostile_llr: source.hostile_llr,
    });
    let pictures = grounds.readings.iter().map(|reading| Statement {
        from: names.of(reading.origin),
        how: format!("picture, {}", reading.view.words()),
        hostile_llr: reading.hostile_llr,
    });
    EvidenceLine {
        own_hits: grounds.hits,
        statements: own.chain(others).chain(pictures).collect(),
    }
}

/// The line of a ruling.
fn ruling_line(ruled: &Ruled, order: &OrderOfBattle, names: &Names<'_>) -> Line {
    let rules = order.desks.iter().find(|(desk, _)| *desk == ruled.desk);
    let rules = rules.map(|(_, rules)| rules);
    let operator = |judged: &Judged| {
        let key = DrawKey::new(
            Stream::Handling,
            judged.key.subject,
            judged.key.object,
            judged.key.n,
        );
        rules.map(|rules| OperatorLine {
            appraisal: judged.appraisal,
            draw: DrawLine::new(judged.key, judged.draw),
            service: rules.service,
            takes_s: judged.takes_s,
            service_draw: DrawLine::new(key, judged.service_draw),
        })
    };
    let (by, operator) = match &ruled.by {
        Authoriser::Nobody => (RuledBy::Nobody, None),
        Authoriser::Person => (RuledBy::Person, None),
        Authoriser::Operator(judged) => (RuledBy::Operator, operator(judged)),
    };
    Line::Ruling(Box::new(RulingLine {
        time_us: ruled.at.0,
        proposal: Hex(ruled.proposal.id),
        desk: names.of(ruled.desk),
        by,
        leave: ruled.leave.as_ref().map(leave_line),
        waited_s: ruled.waited_s,
        operator,
    }))
}

/// What leave allows.
pub(super) fn leave_line(leave: &Authorisation) -> LeaveLine {
    LeaveLine {
        from_us: leave.given.0,
        until_us: leave.until.0,
        centre_m: leave.centre.to_array(),
        drift_m_s: leave.drift.to_array(),
        radius_m: leave.radius_m,
        lost_link_s: leave.lost_link_s,
    }
}

/// The line of a shot.
fn shot_line(shot: &Shot, effector: String, is_guided: bool, names: &Names<'_>) -> Line {
    let allowed = shot.order.authorisation();
    Line::Shot(ShotLine {
        time_us: shot.fired.0,
        proposal: Hex(allowed.id),
        ordinal: shot.ordinal,
        shooter: names.of(allowed.shooter),
        effector,
        rounds: shot.rounds,
        from_m: shot.from.to_array(),
        aim_m: shot.aim.to_array(),
        impact_us: shot.impact.0,
        munition: is_guided.then(|| Hex(shot.munition())),
    })
}

/// How a guided munition came to its end.
fn flight_line(line: &Adjudication, names: &Names<'_>) -> FlightLine {
    let shot = &line.shot;
    FlightLine {
        munition: Hex(shot.munition()),
        via_m: shot.via.to_array(),
        at_m: shot.aim.to_array(),
        updates: shot.updates,
        told_us: shot.told.0,
        by: match line.outcome {
            Outcome::Intercepted(by) => names.of(by),
            _ => String::new(),
        },
    }
}

/// The line of an arrival.
fn impact_line(
    line: &Adjudication,
    effector: String,
    (class, is_destroyed): (Option<TargetClass>, bool),
    names: &Names<'_>,
) -> Line {
    let decided = line.decided.as_ref();
    let state = |damage: &Damage| StateLine {
        can_move: damage.can_move(),
        can_fire: damage.can_fire(),
        can_see: damage.can_see(),
        can_talk: damage.can_talk(),
    };
    let pin = |pin: &Pin| PinLine {
        unit: names.of(pin.unit),
        distance_m: pin.distance_m,
        adds_s: pin.adds_s,
    };
    Line::Impact(Box::new(ImpactLine {
        time_us: line.at.0,
        proposal: Hex(line.authorisation()),
        ordinal: line.shot.ordinal,
        shooter: names.of(line.shooter()),
        effector,
        target: names.behind(line.shot.order.tag()),
        fall: line.fall,
        met: line
            .met
            .iter()
            .map(|met| MetLine {
                unit: names.of(met.unit),
                distance_m: met.distance_m,
            })
            .collect(),
        victim: line.victim.map_or_else(String::new, |it| names.of(it)),
        protection: class,
        factors: decided.map_or_else(Vec::new, |it| it.effect.factors()),
        effect: decided.map(|it| it.effect.clone()),
        probability: decided.map_or(0.0, |it| it.probability),
        draw: decided.map(|it| DrawLine::new(it.key, it.draw)),
        result: match line.outcome {
            Outcome::NobodyThere => ShotResult::NobodyThere,
            Outcome::Recalled => ShotResult::Recalled,
            Outcome::Intercepted(_) => ShotResult::Intercepted,
            Outcome::Spent => ShotResult::Spent,
            Outcome::Miss => result_of(None),
            Outcome::Hit(harm) => result_of(Some(harm)),
        },
        before: line.damage.as_ref().map(state),
        is_destroyed,
        pinned: line.pins.iter().map(pin).collect(),
        flight: line.fall.basket_m.map(|_| flight_line(line, names)),
    }))
}
