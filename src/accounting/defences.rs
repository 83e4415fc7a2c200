//! Counts and logs munitions in flight and defence against them. See [`defences`].

use std::collections::BTreeSet;

use bevy::prelude::{Res, ResMut};

use super::{
    accounts::Accounts,
    adjudication::{DrawLine, Hex, Line},
    adjudication_flight::{CrewLine, DefenceLine, GuidanceLine, InterceptionLine, SightLine},
    decisions::{AdjudicationLog, Names, leave_line},
    log::{EventKind, EventLog},
};
use crate::{
    command::{CrewRuled, approval::CAUTION},
    engagement::{DefenceShot, Guidance, Interception},
    kernel::{
        ids::UnitIndex,
        messages::Buffer,
        random::{DrawKey, Stream},
    },
    org::OrderOfBattle,
    platform::{stores::EffectorIx, vehicle::Fleet},
    sensing::Inbound,
};

/// What one side did against munitions in flight.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct DefenceTally {
    /// Munitions that its crews saw.
    pub(super) seen: BTreeSet<u64>,
    /// Times that a crew said yes.
    pub(super) allowed: u64,
    /// Times that it did not.
    pub(super) refused: u64,
    /// Defensive shots.
    pub(super) shots: u64,
    /// Munitions destroyed in flight.
    pub(super) intercepted: u64,
}

/// Follows guided munitions, those who see them, decide on them and fire at them.
pub(super) fn defences(
    (order, index, fleet): (Res<'_, OrderOfBattle>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (told, seen, ruled): (
        Res<'_, Buffer<Guidance>>,
        Res<'_, Buffer<Inbound>>,
        Res<'_, Buffer<CrewRuled>>,
    ),
    (shots, done): (Res<'_, Buffer<DefenceShot>>, Res<'_, Buffer<Interception>>),
    (mut accounts, mut log, mut events): (
        ResMut<'_, Accounts>,
        ResMut<'_, AdjudicationLog>,
        ResMut<'_, EventLog>,
    ),
) {
    let names = Names(&index);
    let effector = |ix: EffectorIx| fleet.effector(ix).name.clone();
    for look in seen.read() {
        let side = order.unit(look.observer).side;
        accounts.sides[side.at()].defence.seen.insert(look.munition);
        log.sight(look, &names);
    }
    for it in ruled.read() {
        let tally = &mut accounts.sides[order.unit(it.unit).side.at()].defence;
        tally.allowed += u64::from(it.leave.is_some());
        tally.refused += u64::from(it.leave.is_none());
        log.push(crew_line(it, effector(it.effector), &names));
    }
    for shot in shots.read() {
        let allowed = shot.order.authorisation();
        let account = &mut accounts.sides[order.unit(allowed.shooter).side.at()];
        account.defence.shots += 1;
        account.fires.rounds += u64::from(shot.rounds);
        let price = fleet.effector(allowed.effector).round_cost_usd.value();
        account.fires.rounds_usd += price * f64::from(shot.rounds);
        log.push(defence_line(shot, effector(allowed.effector), &names));
    }
    for it in told.read() {
        log.push(guidance_line(it));
    }
    for it in done.read() {
        let allowed = it.shot.order.authorisation();
        if it.is_hit() {
            let side = order.unit(allowed.shooter).side;
            accounts.sides[side.at()].defence.intercepted += 1;
        }
        let shooter = it.target.map(|shot| shot.order.authorisation().shooter);
        let of = shooter.map_or_else(String::new, |shooter| names.of(shooter));
        let detail = format!(
            "effector={} p={} is_hit={}",
            effector(allowed.effector),
            it.probability,
            it.is_hit()
        );
        let who = (index.name(allowed.shooter), of.as_str());
        events.note(it.shot.due, EventKind::Interception, who, it.draw, detail);
        log.push(interception_line(it, effector(allowed.effector), &names));
    }
}

/// The line of a first look at a munition.
pub(super) fn sight_line(look: &Inbound, names: &Names<'_>) -> Line {
    Line::Sight(Box::new(SightLine {
        time_us: look.at.0,
        observer: names.of(look.observer),
        sensor: look.sensor,
        munition: Hex(look.munition),
        works: look.works,
        glance: look.glance,
        probability: look.probability,
        draw: DrawLine::new(look.key, look.draw),
    }))
}

/// The line of a crew's decision.
fn crew_line(it: &CrewRuled, effector: String, names: &Names<'_>) -> Line {
    let service_key = DrawKey::new(Stream::Handling, it.key.subject, it.key.object, it.key.n);
    Line::Crew(Box::new(CrewLine {
        time_us: it.at.0,
        number: Hex(it.number),
        unit: names.of(it.unit),
        effector,
        munition: Hex(it.munition),
        looks: it.seen.map_or(0, |seen| seen.looks),
        leave: it.leave.as_ref().map(leave_line),
        shots: it.leave.map_or(0, |leave| leave.shots),
        waited_s: it.waited_s,
        caution: CAUTION,
        draw: DrawLine::new(it.key, it.draw),
        service: it.service,
        takes_s: it.takes_s,
        service_draw: DrawLine::new(service_key, it.service_draw),
    }))
}

/// The line of a defensive shot.
fn defence_line(shot: &DefenceShot, effector: String, names: &Names<'_>) -> Line {
    let allowed = shot.order.authorisation();
    Line::Defence(DefenceLine {
        time_us: shot.fired.0,
        number: Hex(allowed.id),
        ordinal: shot.ordinal,
        unit: names.of(allowed.shooter),
        effector,
        munition: Hex(shot.order.munition()),
        rounds: shot.rounds,
        place_m: shot.place.to_array(),
    })
}

/// The line of a munition that was told where its target is.
fn guidance_line(it: &Guidance) -> Line {
    Line::Guidance(GuidanceLine {
        time_us: it.at.0,
        proposal: Hex(it.shot.order.authorisation().id),
        ordinal: it.shot.ordinal,
        updates: it.shot.updates,
        aim_m: it.aim.position.to_array(),
        velocity_m_s: it.aim.velocity.to_array(),
        as_of_us: it.aim.as_of.0,
    })
}

/// The line of a defensive shot that was there.
fn interception_line(it: &Interception, effector: String, names: &Names<'_>) -> Line {
    let allowed = it.shot.order.authorisation();
    Line::Interception(Box::new(InterceptionLine {
        time_us: it.shot.due.0,
        number: Hex(allowed.id),
        ordinal: it.shot.ordinal,
        unit: names.of(allowed.shooter),
        effector,
        munition: Hex(it.shot.order.munition()),
        distance_m: it.shot.distance_m,
        is_there: it.target.is_some(),
        probability: it.probability,
        draw: DrawLine::new(it.key, it.draw),
        is_hit: it.is_hit(),
    }))
}
