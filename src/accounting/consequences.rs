//! What came of it: effects, losses, replenishment, plans done. See [`effects`].

use bevy::prelude::{Changed, Query, Res, ResMut};

use super::{
    accounts::Accounts,
    log::{EventKind, EventLog},
};
use crate::{
    engagement::{Adjudication, Outcome},
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        time::{Clock, SimTime},
    },
    logistics::Replenished,
    org::OrderOfBattle,
    planning::missions::Missions,
    platform::{
        course::{Course, PlanDone},
        damage::{Damage, Harm},
        vehicle::Fleet,
    },
};

/// Follows shots that arrive and the harm that they and others do.
pub(super) fn effects(
    (clock, order, index): (Res<'_, Clock>, Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    (fleet, lines): (Res<'_, Fleet>, Res<'_, Buffer<Adjudication>>),
    (mut accounts, mut log): (ResMut<'_, Accounts>, ResMut<'_, EventLog>),
    damages: Query<'_, '_, &Damage>,
    changed: Query<'_, '_, (&UnitIx, &Damage), Changed<Damage>>,
) {
    for line in lines.read() {
        let side = order.unit(line.shooter()).side;
        let is_hit = matches!(line.outcome, Outcome::Hit(_));
        accounts.sides[side.at()].fires.hits += u64::from(is_hit);
        if let Some(victim) = line.victim {
            let is_hostile = order.are_hostile(side, order.unit(victim).side);
            if let Some(chain) = accounts.chain_mut(side, victim).filter(|_| is_hit) {
                chain.effect = Some(chain.effect.map_or(line.at, |first| first.min(line.at)));
            }
            if !is_hostile {
                accounts.sides[side.at()].fires.wrong.insert(victim);
            }
            let died = damages
                .get(index.entity(victim))
                .ok()
                .and_then(Damage::destroyed_at);
            let killer = &mut accounts.units[victim.at()].killer;
            if is_hit && died == Some(line.at) && killer.is_none() {
                *killer = Some(side);
                accounts.sides[side.at()].fires.kills += u64::from(is_hostile);
            }
        }
        note_adjudication(line, (&index, &fleet), &mut log);
    }
    let mut harmed: Vec<(UnitIx, Damage)> =
        changed.iter().map(|(ix, damage)| (*ix, *damage)).collect();
    harmed.sort_unstable_by_key(|(ix, _)| *ix);
    for (ix, damage) in harmed {
        harm(
            ix,
            &damage,
            clock.now(),
            (&order, &index, &fleet),
            &mut accounts,
            &mut log,
        );
    }
}

/// Writes one line of the adjudication log, with all that the outcome can be recomputed from.
fn note_adjudication(
    line: &Adjudication,
    (index, fleet): (&UnitIndex, &Fleet),
    log: &mut EventLog,
) {
    let decided = line.decided.as_ref();
    let key = decided.map_or_else(String::new, |decided| {
        let key = decided.key;
        let (stream, subject, object) = (key.stream as u64, key.subject, key.object);
        format!(" key={stream}/{subject:016x}/{object:016x}/{}", key.n)
    });
    let outcome = match line.outcome {
        Outcome::NobodyThere => "nobody-there",
        Outcome::Recalled => "recalled",
        Outcome::Intercepted(_) => "intercepted",
        Outcome::Spent => "spent",
        Outcome::Miss => "miss",
        Outcome::Hit(Harm::Radio) => "radio",
        Outcome::Hit(Harm::Sensor) => "sensor",
        Outcome::Hit(Harm::Mobility) => "mobility",
        Outcome::Hit(Harm::Firepower) => "firepower",
        Outcome::Hit(Harm::Catastrophic) => "catastrophic",
    };
    let detail = format!(
        "effector={} range_m={} p={}{key} outcome={outcome} authorisation={:016x}",
        fleet.effector(line.effector()).name,
        line.shot.from.truncate().distance(line.shot.aim),
        decided.map_or(0.0, |decided| decided.probability),
        line.authorisation(),
    );
    let victim = line.victim.map_or("", |victim| index.name(victim));
    let names = (index.name(line.shooter()), victim);
    let draw = decided.map_or(0.0, |decided| decided.draw);
    log.note(line.at, EventKind::Adjudication, names, draw, detail);
}

/// Books harm to one unit.
fn harm(
    ix: UnitIx,
    damage: &Damage,
    now: SimTime,
    (order, index, fleet): (&OrderOfBattle, &UnitIndex, &Fleet),
    accounts: &mut Accounts,
    log: &mut EventLog,
) {
    let unit = &mut accounts.units[ix.at()];
    if unit.lost_at.is_some() {
        return;
    }
    let names = (index.name(ix), "");
    let Some(at) = damage.destroyed_at() else {
        let works = [
            damage.can_move(),
            damage.can_fire(),
            damage.can_see(),
            damage.can_talk(),
        ];
        if works != unit.works {
            unit.works = works;
            let [moves, fires, sees, talks] = works;
            let detail =
                format!("can_move={moves} can_fire={fires} can_see={sees} can_talk={talks}");
            log.note(now, EventKind::Damage, names, 0.0, detail);
        }
        return;
    };
    unit.lost_at = Some(at);
    let by = unit
        .killer
        .map_or("", |side| order.sides[side.at()].id.as_str());
    let usd = fleet.vehicle(ix).class.cost.acquisition_usd.value();
    let side = &mut accounts.sides[order.unit(ix).side.at()];
    side.losses.push(at);
    side.losses_usd += usd;
    log.note(at, EventKind::Loss, names, usd, format!("by={by}"));
}

/// Follows depots and plans.
pub(super) fn upkeep(
    (clock, index, missions): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Missions>),
    (replenished, done): (Res<'_, Buffer<Replenished>>, Res<'_, Buffer<PlanDone>>),
    (mut accounts, mut log): (ResMut<'_, Accounts>, ResMut<'_, EventLog>),
    courses: Query<'_, '_, &Course>,
) {
    for visit in replenished.read() {
        let load = &visit.load;
        // A unit takes on one of the two: a battery no fuel, an engine no charge.
        accounts.units[visit.unit.at()].taken_on += load.energy_kwh * WH_PER_KWH + load.fuel_kg;
        let rounds: u32 = load.rounds.iter().map(|(_, count)| count).sum();
        let (kwh, fuel_kg) = (load.energy_kwh, load.fuel_kg);
        let names = (index.name(visit.unit), index.name(visit.depot));
        let detail = format!("energy_kwh={kwh} fuel_kg={fuel_kg} rounds={rounds}");
        log.note(
            visit.at,
            EventKind::Replenished,
            names,
            kwh + fuel_kg,
            detail,
        );
    }
    for PlanDone { unit } in done.read() {
        let plan = courses.get(index.entity(*unit)).ok().and_then(Course::plan);
        let task = plan.and_then(|plan| plan.legs.iter().find_map(|leg| leg.task.as_deref()));
        let mission = task
            .and_then(|task| missions.list.iter().position(|mission| mission.id == task))
            .and_then(|at| accounts.missions.get_mut(at));
        if let Some(vehicles) = mission {
            vehicles.insert(*unit);
        }
        let detail = format!("task={}", task.unwrap_or(""));
        log.note(
            clock.now(),
            EventKind::PlanDone,
            (index.name(*unit), ""),
            0.0,
            detail,
        );
    }
}

/// Watt-hours in a kilowatt-hour.
const WH_PER_KWH: f64 = 1000.0;
