//! The kill chain as it happens, from the first look to the assessment. See [`sensing`] and
//! [`deciding`].

use bevy::prelude::{Query, Res, ResMut};

use super::{
    accounts::{Accounts, Leave},
    chain::DeskCase,
    kill_chain::Stage,
    log::{EventKind, EventLog},
};
use crate::{
    command::Ruled,
    engagement::{Recall, Shot},
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        scoring::ScoringTag,
    },
    org::{OrderOfBattle, SideIx},
    picture::{TrackBatch, TrackStore},
    planning::{
        aftermath::Assessed,
        proposal::{Proposed, Ruling},
    },
    platform::{truth::Board, vehicle::Fleet},
    sensing::{Detection, Opportunity},
    wire::Delivered,
};

/// Name of the unit behind a tag; empty for a false alarm.
fn name_of(tag: ScoringTag, index: &UnitIndex) -> &str {
    tag.reveal().map_or("", |target| index.name(target))
}

/// Whether a store has a confirmed track on a unit.
fn has_track(store: &TrackStore, target: UnitIx) -> bool {
    store
        .tracks()
        .iter()
        .any(|track| track.confirmed && track.tag.reveal() == Some(target))
}

/// Follows looks, detections and tracks.
pub(super) fn sensing(
    (order, index, board): (Res<'_, OrderOfBattle>, Res<'_, UnitIndex>, Res<'_, Board>),
    looks: (Res<'_, Buffer<Opportunity>>, Res<'_, Buffer<Detection>>),
    delivered: Res<'_, Delivered<TrackBatch>>,
    stores: Query<'_, '_, &TrackStore>,
    (mut accounts, mut log): (ResMut<'_, Accounts>, ResMut<'_, EventLog>),
) {
    for look in looks.0.read() {
        let side = order.unit(look.observer).side;
        if let Some(chain) = accounts.chain_mut(side, look.target) {
            chain.reach(Stage::FirstDetectable, look.at);
            chain.chance_last = Some(look.at);
        }
    }
    let live = |tag: ScoringTag| tag.reveal().filter(|target| board.piece(*target).is_alive);
    for detection in looks.1.read() {
        let Some(target) = live(detection.tag) else {
            continue;
        };
        let (observer, at) = (detection.observer, detection.at);
        let decides = accounts.units[observer.at()].decides;
        let Some(chain) = accounts.chain_mut(order.unit(observer).side, target) else {
            continue;
        };
        // What was found could be found, however small the chance.
        chain.reach(Stage::FirstDetectable, at);
        chain.chance_last = Some(at);
        chain.detected_last = Some(at);
        let names = (index.name(observer), index.name(target));
        if chain.reach(Stage::Detected, at) {
            log.note(at, EventKind::Detection, names, 0.0, String::new());
        }
        let is_open = |stage| chain.time(stage).is_none();
        let wants = is_open(Stage::Tracked) || decides && is_open(Stage::Shared);
        let store = stores.get(index.entity(observer)).ok().filter(|_| wants);
        if store.is_some_and(|store| has_track(store, target)) {
            if chain.reach(Stage::Tracked, at) {
                log.note(at, EventKind::Track, names, 0.0, String::new());
            }
            if decides && chain.reach(Stage::Shared, at) {
                log.note(at, EventKind::Shared, names, 0.0, String::new());
            }
        }
    }
    for delivery in delivered.read() {
        if !accounts.units[delivery.to.at()].decides {
            continue;
        }
        let side = order.unit(delivery.to).side;
        for report in &delivery.body.0 {
            let Some(target) = live(report.tag) else {
                continue;
            };
            let Some(chain) = accounts.chain_mut(side, target) else {
                continue;
            };
            if chain.reach(Stage::Shared, delivery.at) {
                let from = format!("from={}", index.name(report.key.origin));
                let names = (index.name(delivery.to), index.name(target));
                log.note(delivery.at, EventKind::Shared, names, 0.0, from);
            }
        }
    }
}

/// Follows proposals, rulings, shots and assessments.
pub(super) fn deciding(
    (order, index, fleet): (Res<'_, OrderOfBattle>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (proposed, ruled): (Res<'_, Buffer<Proposed>>, Res<'_, Buffer<Ruled>>),
    (shots, assessed): (Res<'_, Buffer<Shot>>, Res<'_, Buffer<Assessed>>),
    recalls: Res<'_, Delivered<Recall>>,
    (mut accounts, mut log): (ResMut<'_, Accounts>, ResMut<'_, EventLog>),
) {
    for Proposed { proposal, .. } in proposed.read() {
        let side = order.unit(proposal.post).side;
        let target = proposal.tag.reveal();
        let fires = &mut accounts.sides[side.at()].fires;
        fires.proposed += 1;
        fires.wrong_proposed += u64::from(is_wrong(side, target, &order));
        if let Some(chain) = target.and_then(|target| accounts.chain_mut(side, target)) {
            chain.reach(Stage::Decided, proposal.proposed);
            chain.case = DeskCase::Waiting;
        }
        let names = (index.name(proposal.shooter), name_of(proposal.tag, &index));
        let detail = format!(
            "proposal={:016x} post={} effector={} shots={} sigma_m={:.1}",
            proposal.id,
            index.name(proposal.post),
            fleet.effector(proposal.effector).name,
            proposal.shots,
            proposal.sigma_m,
        );
        log.note(
            proposal.proposed,
            EventKind::Proposal,
            names,
            proposal.confidence,
            detail,
        );
    }
    for ruling in ruled.read() {
        rule(ruling, (&order, &index), &mut accounts, &mut log);
    }
    for recall in recalls.read() {
        let side = order.unit(recall.to).side;
        let leaves = &mut accounts.sides[side.at()].fires.leave;
        if let Some(leave) = leaves.get_mut(&recall.body.authorisation) {
            leave.until = leave.until.min(recall.at);
        }
    }
    for shot in shots.read() {
        fire(shot, (&order, &index, &fleet), &mut accounts, &mut log);
    }
    for conclusion in assessed.read() {
        let side = order.unit(conclusion.post).side;
        let target = conclusion.tag.reveal();
        let lives = target.is_some_and(|it| accounts.units[it.at()].lost_at.is_none());
        accounts.sides[side.at()].fires.abandoned_alive +=
            u64::from(conclusion.is_destroyed && lives);
        if let Some(chain) = target.and_then(|target| accounts.chain_mut(side, target)) {
            chain.reach(Stage::Assessed, conclusion.at);
        }
        let names = (index.name(conclusion.post), name_of(conclusion.tag, &index));
        let value = f64::from(u8::from(conclusion.is_destroyed));
        log.note(
            conclusion.at,
            EventKind::Assessment,
            names,
            value,
            String::new(),
        );
    }
}

/// Whether a side is about to fire on somebody who is not hostile to it. Nobody at all is not wrong in
/// this sense: a false alarm costs rounds.
fn is_wrong(side: SideIx, target: Option<UnitIx>, order: &OrderOfBattle) -> bool {
    target.is_some_and(|target| !order.are_hostile(side, order.unit(target).side))
}

/// Books one ruling.
fn rule(
    ruling: &Ruled,
    (order, index): (&OrderOfBattle, &UnitIndex),
    accounts: &mut Accounts,
    log: &mut EventLog,
) {
    let proposal = &ruling.proposal;
    let side = order.unit(ruling.desk).side;
    let fires = &mut accounts.sides[side.at()].fires;
    let (case, word) = match ruling.ruling {
        Ruling::Authorised => {
            let rules = order.desks.iter().find(|(desk, _)| *desk == ruling.desk);
            let valid_s = rules.map_or(0.0, |(_, rules)| rules.authorisation_valid_s);
            let until = ruling.at.plus_s(valid_s);
            let target = proposal.tag.reveal();
            fires.wrong_authorised += u64::from(is_wrong(side, target, order));
            let (shots, id) = (0, proposal.id);
            fires.leave.insert(
                id,
                Leave {
                    until,
                    shots,
                    target,
                },
            );
            (DeskCase::Authorised(until), "authorised")
        }
        Ruling::Refused => {
            fires.refused += 1;
            (DeskCase::Refused(ruling.at), "refused")
        }
        Ruling::Lapsed => {
            fires.lapsed += 1;
            (DeskCase::Lapsed(ruling.at), "lapsed")
        }
    };
    let target = proposal.tag.reveal();
    if let Some(chain) = target.and_then(|target| accounts.chain_mut(side, target)) {
        chain.case = case;
        if ruling.ruling == Ruling::Authorised {
            chain.reach(Stage::Authorised, ruling.at);
        }
    }
    let names = (index.name(ruling.desk), name_of(proposal.tag, index));
    let detail = format!("ruling={word} proposal={:016x}", proposal.id);
    log.note(ruling.at, EventKind::Ruling, names, ruling.waited_s, detail);
}

/// Books one shot.
fn fire(
    shot: &Shot,
    (order, index, fleet): (&OrderOfBattle, &UnitIndex, &Fleet),
    accounts: &mut Accounts,
    log: &mut EventLog,
) {
    let allowed = shot.order.authorisation();
    let side = order.unit(allowed.shooter).side;
    let effector = fleet.effector(allowed.effector);
    let fires = &mut accounts.sides[side.at()].fires;
    fires.rounds += u64::from(shot.rounds);
    fires.rounds_usd += f64::from(shot.rounds) * effector.round_cost_usd.value();
    let leave = Leave {
        until: allowed.until,
        shots: 0,
        target: shot.order.tag().reveal(),
    };
    fires.leave.entry(allowed.id).or_insert(leave).shots += 1;
    let tag = shot.order.tag();
    let lost_at = tag.reveal().and_then(|it| accounts.units[it.at()].lost_at);
    let is_overkill = lost_at.is_some_and(|at| at < shot.fired);
    accounts.sides[side.at()].fires.overkill += u64::from(is_overkill);
    if let Some(chain) = tag
        .reveal()
        .and_then(|target| accounts.chain_mut(side, target))
    {
        chain.reach(Stage::Engaged, shot.fired);
    }
    let names = (index.name(allowed.shooter), name_of(tag, index));
    let detail = format!(
        "authorisation={:016x} effector={} range_m={:.1} impact_s={}",
        allowed.id,
        effector.name,
        shot.from.truncate().distance(shot.aim),
        shot.impact.as_s(),
    );
    log.note(
        shot.fired,
        EventKind::Shot,
        names,
        f64::from(shot.rounds),
        detail,
    );
}
