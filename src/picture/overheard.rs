//! Nodes in the hands of an adversary: what they tell him, and what they claim to see. See
//! [`OverheardPlugin`].
//!
//! What such a node receives or passes on (reports of position, tracks) becomes belief of the command
//! post to which it is told, after the time that it takes to get there. Nothing is told but what passed
//! the node, so that which way of sharing exposes what follows from what it lets pass there.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{
    alarm::hear_alarms,
    blue::Place,
    model::kalman::Kinematics,
    position::PositionReport,
    report::{ReportRules, TrackBatch, TrackReport, send_tracks, tracks_posted},
    store::TrackStore,
    track::{LLR_LIMIT, TrackKey, WRECK_PRIOR},
};
use crate::{
    cyber_ew::Compromises,
    kernel::{
        delay::DelayQueue,
        ids::{UnitIndex, UnitIx},
        random::RunSeed,
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    platform::{
        class::{Domain, TargetClass},
        damage::Damage,
        vehicle::Fleet,
    },
    sensing::model::measurement::Covariance2,
    wire::{Delivered, MessageSizes, Outbox},
};

/// Deviation of an overheard position, m on each axis: a report does not say whether it once was a grid
/// reference of 100 m, whose rounding errs by 100/√12.
const HEARD_SIGMA_M: f64 = 28.9;

/// Deviation of an overheard speed, m/s on each axis (notional, 1 to 10: voice says none).
const HEARD_SPEED_M_S: f64 = 5.0;

/// Deviation of a claimed place, m on each axis (notional, 5 to 50: a good optical fix).
const CLAIMED_SIGMA_M: f64 = 15.0;

/// Deviation of a claimed speed, m/s on each axis (notional, 0.5 to 3: something that stands).
const CLAIMED_SPEED_M_S: f64 = 1.0;

/// What sets numbers of overheard units, and of claims, apart from those of tracks that a node makes of
/// what it sees, which count from one.
const UNIT_NUMBERS: u32 = 0x8000_0000;
const CLAIM_NUMBERS: u32 = 0x4000_0000;

/// Something told on the sly, on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Leak {
    /// The post that learns it.
    to: UnitIx,
    /// What it learns.
    report: TrackReport,
}

/// All that is told on the sly and not yet known. State.
#[derive(Debug, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Leaks(DelayQueue<Leak>);

/// What an adversary makes of where a unit says that it is, overheard at a node: it names itself, and so
/// says what it is and whose.
fn of_place(node: UnitIx, unit: UnitIx, place: &Place, fleet: &Fleet) -> TrackReport {
    let mut state = Kinematics::from_position(
        place.position.truncate(),
        Covariance2::isotropic(HEARD_SIGMA_M),
        HEARD_SPEED_M_S,
    );
    state.velocity_m_s = place.velocity.truncate();
    let class = &fleet.vehicle(unit).class;
    TrackReport {
        key: TrackKey {
            origin: node,
            number: UNIT_NUMBERS | unit.0,
        },
        state,
        at: place.at,
        hostile_llr: LLR_LIMIT,
        wreck_llr: WRECK_PRIOR,
        target: Some(class.protection),
        domain: Some(class.domain),
        heard: None,
        tag: ScoringTag::seal(Some(unit)),
    }
}

/// What an adversary makes of a track of the other side: what that side holds for its enemy is not his;
/// of what it does not, that says nothing.
fn of_track(report: &TrackReport) -> TrackReport {
    TrackReport {
        hostile_llr: -report.hostile_llr.max(0.0),
        ..report.clone()
    }
}

/// Posts of an adversary learn what nodes in his hands receive and pass on.
fn learn(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (compromises, rules): (Res<'_, Compromises>, Res<'_, ReportRules>),
    positions: Res<'_, Delivered<PositionReport>>,
    tracks: Res<'_, Delivered<TrackBatch>>,
    mut leaks: ResMut<'_, Leaks>,
    mut stores: Query<'_, '_, &mut TrackStore>,
) {
    let mut tell = |node: UnitIx, at: SimTime, reports: &mut dyn Iterator<Item = TrackReport>| {
        let Some(listening) = compromises.listens(node, at) else {
            return;
        };
        let (to, due) = (listening.to, at.plus_s(listening.delay_s));
        for report in reports {
            leaks.0.post(due, Leak { to, report });
        }
    };
    for heard in positions.overheard() {
        let places = heard.body.0.iter();
        let mut reports = places.map(|(unit, place)| of_place(heard.to, *unit, place, &fleet));
        tell(heard.to, heard.at, &mut reports);
    }
    for heard in tracks.overheard() {
        // What a node claims itself it does not tell its master.
        let is_claim = |report: &&TrackReport| {
            report.key.origin == heard.to && report.key.number & CLAIM_NUMBERS != 0
        };
        let reports = heard.body.0.iter().filter(|it| !is_claim(it));
        tell(heard.to, heard.at, &mut reports.map(of_track));
    }
    if leaks.0.is_empty() {
        return;
    }
    while let Some((_, Leak { to, report })) = leaks.0.pop_before(clock.next()) {
        if let Ok(mut store) = stores.get_mut(index.entity(to)) {
            store.hear(&report, clock.now(), rules.fusion);
        }
    }
}

/// Where something of a class moves.
fn domain_of(target: TargetClass) -> Domain {
    match target {
        TargetClass::SmallAir | TargetClass::Air => Domain::Air,
        TargetClass::Boat | TargetClass::Ship => Domain::Surface,
        TargetClass::Submerged => Domain::Subsurface,
        TargetClass::Structure => Domain::Fixed,
        TargetClass::Personnel
        | TargetClass::Soft
        | TargetClass::Light
        | TargetClass::Medium
        | TargetClass::Heavy => Domain::Land,
    }
}

/// Number of intervals that are over at a time since another, both included in whole microseconds.
fn rounds(since: SimTime, at: SimTime, interval_s: f64) -> u64 {
    at.0.saturating_sub(since.0) / SimTime::from_s(interval_s).0.max(1)
}

/// Nodes in other hands claim to see what is not there: one thing an interval, each at another place.
fn lie(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    (compromises, sizes): (Res<'_, Compromises>, Res<'_, MessageSizes>),
    mut outbox: ResMut<'_, Outbox<TrackBatch>>,
    units: Query<'_, '_, &Damage>,
) {
    let (now, next) = (clock.now(), clock.next());
    for (unit, compromise) in compromises.at_work(now) {
        let Some(lying) = &compromise.lies else {
            continue;
        };
        let of = |at| rounds(compromise.since, at, lying.interval_s);
        let n = of(next);
        let is_lost = units
            .get(index.entity(unit))
            .is_ok_and(Damage::is_destroyed);
        if n == of(now) || is_lost {
            continue;
        }
        let id = index.id(unit);
        let report = TrackReport {
            key: TrackKey {
                origin: unit,
                number: CLAIM_NUMBERS
                    | (u32::try_from(n).unwrap_or(u32::MAX) & (CLAIM_NUMBERS - 1)),
            },
            state: Kinematics::from_position(
                lying.place(id, n, seed.0),
                Covariance2::isotropic(CLAIMED_SIGMA_M),
                CLAIMED_SPEED_M_S,
            ),
            at: now,
            hostile_llr: LLR_LIMIT,
            wreck_llr: WRECK_PRIOR,
            target: Some(lying.target),
            domain: Some(domain_of(lying.target)),
            heard: None,
            tag: ScoringTag::seal(None),
        };
        outbox.post(
            tracks_posted((id, unit), &sizes, 1, now),
            TrackBatch(vec![report]),
        );
    }
}

/// What nodes in other hands tell and claim, in the phase `Fuse`.
#[derive(Debug)]
pub struct OverheardPlugin;

impl Plugin for OverheardPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Leaks>()
            .init_resource::<Compromises>()
            .register_state_resource_if_used::<Leaks>()
            .add_systems(
                SimTick,
                (
                    learn.in_set(FuseSystems::Receive).after(hear_alarms),
                    lie.in_set(FuseSystems::Report).after(send_tracks),
                ),
            );
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;

    #[test]
    fn an_interval_is_over_once() {
        let since = SimTime::from_s(30.0);
        let n = |at_s: f64| rounds(since, SimTime::from_s(at_s), 20.0);
        assert_eq!(
            [n(0.0), n(30.0), n(49.9), n(50.0), n(90.0)],
            [0, 0, 0, 1, 3]
        );
    }

    #[test]
    fn what_they_hold_for_us_is_not_our_enemy() {
        let state = Kinematics::from_position(DVec2::ZERO, Covariance2::isotropic(10.0), 1.0);
        let track = |hostile_llr| TrackReport {
            key: TrackKey {
                origin: UnitIx(1),
                number: 2,
            },
            state,
            at: SimTime::ZERO,
            hostile_llr,
            wreck_llr: WRECK_PRIOR,
            target: None,
            domain: None,
            heard: None,
            tag: ScoringTag::default(),
        };
        let turned = |llr| of_track(&track(llr)).hostile_llr;
        assert!((turned(3.0) + 3.0).abs() < 1e-12 && turned(-2.0).abs() < 1e-12);
    }
}
