//! Reports of the own state, out and in. See [`StatusPlugin`].
//!
//! A unit tells the posts above it and its radio neighbours from time to time how much energy and
//! ammunition it has, whether it can move and whether it is free. Wounds are told at once by wearables
//! ([`super::health`]). Who is lost falls silent. A post passes what it learnt of its own force on to
//! the other posts in one message.

use std::collections::BTreeSet;

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{
    blue::{BluePicture, Status},
    position::{VALID_S, by_terms, elapsed_s},
};
use crate::{
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx},
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        time::{Clock, SimTime},
    },
    logistics::Replenish,
    org::{Emcon, OrderOfBattle, Role},
    platform::{
        course::Course, damage::Damage, emission::Emissions, mover::EnergyLeft, stores::Magazine,
    },
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// When a unit tells of its state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatusRule {
    /// Longest time between two reports, s.
    pub interval_s: f64,
    /// Whether a wearable tells of a wound at once.
    pub has_wearable: bool,
}

/// The rule of each unit by rank, and how often posts pass on, s. Static.
#[derive(Debug, Clone, Resource)]
pub struct StatusRules {
    /// By rank.
    pub units: Vec<StatusRule>,
    /// Time between two messages by which a post passes on, s.
    pub pass_interval_s: f64,
}

impl Default for StatusRules {
    fn default() -> Self {
        Self {
            units: Vec::new(),
            pass_interval_s: 30.0,
        }
    }
}

/// In what state units say that they are, sent together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StatusReport(pub Vec<(UnitIx, Status)>);

impl Payload for StatusReport {
    const CLASS: MessageClass = MessageClass::Status;
    const KIND: u8 = 11;

    /// By voice nothing is lost.
    fn coarsened(&self, _: Detail) -> Self {
        self.clone()
    }
}

/// Of whose state a post has news that it has not passed on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct StatesToPass(BTreeSet<UnitIx>);

impl StatesToPass {
    /// Notes that there is news of a unit to pass on.
    pub(super) fn note(&mut self, unit: UnitIx) {
        self.0.insert(unit);
    }
}

/// How often a unit sees to its reports, s.
const LOOK_INTERVAL_S: f64 = 1.0;

/// What a unit knows of itself.
type OwnState<'a> = (
    &'a EnergyLeft,
    &'a Magazine,
    &'a Damage,
    &'a Course,
    &'a Replenish,
    &'a mut BluePicture,
    &'a mut StatesToPass,
);

/// The state of a unit by its own account. Who is on the way to a depot or in a bay is not free for
/// anything else.
fn own_status(
    now: SimTime,
    (energy, magazine, damage): (&EnergyLeft, &Magazine, &Damage),
    (course, replenish): (&Course, &Replenish),
) -> Status {
    let tubes = magazine.tubes.iter().filter(|_| damage.can_fire());
    Status {
        at: now,
        energy_share: energy.0.share,
        rounds: tubes.map(|tube| (tube.effector, tube.rounds)).collect(),
        can_move: damage.can_move(),
        is_idle: course.is_idle() && replenish.is_free(),
    }
}

/// Least time between two reports of a unit that radiates what is urgent only, s (notional, 60 to 180):
/// often enough that it does not pass for lost.
const BRIEF_S: f64 = 120.0;

/// How often a unit tells of its state, s, and how urgent that is. Under restricted emission it is seldom
/// and then before what is routine.
fn rhythm(rule: StatusRule, level: Emcon) -> (f64, Precedence) {
    match level {
        Emcon::Restricted => (rule.interval_s.max(BRIEF_S), Precedence::Priority),
        Emcon::Free | Emcon::Silent => (rule.interval_s, Precedence::Routine),
    }
}

/// Units tell of their state.
fn send(
    (clock, index, sizes): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, MessageSizes>),
    (order, rules, emissions): (
        Res<'_, OrderOfBattle>,
        Res<'_, StatusRules>,
        Res<'_, Emissions>,
    ),
    mut outbox: ResMut<'_, Outbox<StatusReport>>,
    mut units: Query<'_, '_, OwnState<'_>>,
) {
    let now = clock.now();
    let looks = |id: UnitId| clock.is_due(LOOK_INTERVAL_S, id.0 % 1000);
    for (ix, row) in index
        .iter()
        .filter(|(_, row)| clock.tick == 0 || looks(row.id))
    {
        let Ok(state) = units.get_mut(row.entity) else {
            continue;
        };
        let (energy, magazine, damage, course, replenish, mut picture, mut to_pass) = state;
        if damage.is_destroyed() {
            continue;
        }
        let (interval_s, precedence) = rhythm(rules.units[ix.at()], emissions.0.of(ix));
        let own = picture.get(ix).and_then(|own| own.status.as_ref());
        let last = own.map_or(SimTime::ZERO, |status| status.at);
        let is_due = elapsed_s(row.id, last, now, interval_s) >= interval_s;
        if clock.tick > 0 && !is_due {
            continue;
        }
        let status = own_status(now, (energy, magazine, damage), (course, replenish));
        picture.learn_status(ix, &status);
        if order.has_role(ix, Role::Command) {
            to_pass.note(ix);
        }
        let posted = Posted {
            author: (row.id, ix),
            audience: Audience::ChainAndNeighbours,
            precedence,
            size_bytes: sizes.status_bytes,
            created: now,
            valid_s: VALID_S,
            is_latest: true,
        };
        outbox.post(posted, StatusReport(vec![(ix, status)]));
    }
}

/// Posts pass on how the units of their force fare.
pub(super) fn pass_on(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (rules, sizes): (Res<'_, StatusRules>, Res<'_, MessageSizes>),
    mut outbox: ResMut<'_, Outbox<StatusReport>>,
    mut posts: Query<'_, '_, (&BluePicture, &Damage, &mut StatesToPass)>,
) {
    for (ix, row) in index.iter() {
        if !clock.is_due(rules.pass_interval_s, row.id.0 % 100_000) {
            continue;
        }
        let Ok((picture, damage, mut to_pass)) = posts.get_mut(row.entity) else {
            continue;
        };
        if damage.is_destroyed() || to_pass.0.is_empty() {
            continue;
        }
        let news = core::mem::take(&mut to_pass.0);
        let status = |unit: UnitIx| Some((unit, picture.get(unit)?.status.clone()?));
        for (about, units) in by_terms(news, &order) {
            let report = StatusReport(units.into_iter().filter_map(status).collect());
            let posted = Posted {
                author: (row.id, ix),
                audience: Audience::Posts,
                precedence: Precedence::Routine,
                size_bytes: MessageSizes::of_many(sizes.status_bytes, report.0.len()),
                created: clock.now(),
                valid_s: VALID_S,
                is_latest: false,
            };
            outbox.post_about(posted, about, report);
        }
    }
}

/// Nodes take what they are told of states.
pub(super) fn hear(
    (index, order): (Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    delivered: Res<'_, Delivered<StatusReport>>,
    mut nodes: Query<'_, '_, (&mut BluePicture, &mut StatesToPass)>,
) {
    for delivery in delivered.read() {
        let Ok((mut picture, mut to_pass)) = nodes.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        for (unit, status) in &delivery.body.0 {
            if picture.learn_status(*unit, status) && order.is_passed_on(delivery.to, *unit) {
                to_pass.note(*unit);
            }
        }
    }
}

/// Reports of state out and in, in the phase `Fuse`, after the reports of position.
#[derive(Debug)]
pub struct StatusPlugin;

impl Plugin for StatusPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Emissions>()
            .add_payload::<StatusReport>()
            .init_resource::<StatusRules>()
            .register_state::<StatesToPass>()
            .add_systems(
                SimTick,
                (
                    hear.in_set(FuseSystems::Receive)
                        .after(super::position::hear),
                    (send, pass_on)
                        .chain()
                        .in_set(FuseSystems::Report)
                        .after(super::position::pass_on),
                ),
            );
    }
}
