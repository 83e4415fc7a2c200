//! Reports of the own position, out and in. See [`PositionPlugin`].
//!
//! A unit tells the posts above it and its radio neighbours where it is when its reporter says so:
//! after a time or a distance. A post passes what it learnt of its own force on to the other posts
//! in one message.

use std::collections::{BTreeMap, BTreeSet};

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::{
    blue::{BluePicture, Place},
    report::ReportRules,
};
use crate::{
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx},
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        time::{Clock, SimTime},
    },
    org::{OrderOfBattle, Role},
    platform::{damage::Damage, navigation::NavSolution},
    sensing::model::reporter::ReportRule,
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// When each unit's reporter reports, by rank. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct PositionReporters(pub Vec<ReportRule>);

/// How often a reporter looks where it is, s.
const LOOK_INTERVAL_S: f64 = 1.0;

/// Where units say that they are, sent together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PositionReport(pub Vec<(UnitIx, Place)>);

impl Payload for PositionReport {
    const CLASS: MessageClass = MessageClass::Position;
    const KIND: u8 = 1;

    /// Where, to a step; how it moves is not said by voice.
    fn coarsened(&self, detail: Detail) -> Self {
        let coarsen = |(unit, place): &(UnitIx, Place)| {
            let coarse = Place {
                at: place.at,
                position: detail.place(place.position),
                velocity: match detail {
                    Detail::Spoken => DVec3::ZERO,
                    _ => detail.velocity(place.velocity),
                },
            };
            (*unit, coarse)
        };
        Self(self.0.iter().map(coarsen).collect())
    }
}

/// Units of whose places a post has news that it has not passed on yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct PlacesToPass(BTreeSet<UnitIx>);

/// How long a report is worth something, s.
pub(super) const VALID_S: f64 = 300.0;

/// Time since a unit's last report, s. When a run begins reporters have been on for a while, each
/// for another part of its interval.
pub(super) fn elapsed_s(id: UnitId, last: SimTime, now: SimTime, interval_s: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "below 1000")]
    let share = (id.0 % 1000) as f64 / 1000.0;
    let before_s = if last == SimTime::ZERO {
        share * interval_s
    } else {
        0.0
    };
    now.since_s(last) + before_s
}

/// Units tell where they are.
pub(super) fn send(
    (clock, index, sizes): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, MessageSizes>),
    (order, reporters): (Res<'_, OrderOfBattle>, Res<'_, PositionReporters>),
    mut outbox: ResMut<'_, Outbox<PositionReport>>,
    mut units: Query<'_, '_, (&NavSolution, &Damage, &mut BluePicture, &mut PlacesToPass)>,
) {
    let now = clock.now();
    let looks = |id: UnitId| clock.is_due(LOOK_INTERVAL_S, id.0 % 1000);
    for (ix, row) in index
        .iter()
        .filter(|(_, row)| clock.tick == 0 || looks(row.id))
    {
        let Ok((navigation, damage, mut picture, mut to_pass)) = units.get_mut(row.entity) else {
            continue;
        };
        if damage.is_destroyed() {
            continue;
        }
        let rule = &reporters.0[ix.at()];
        let is_due = |last: &Place| {
            let moved_m = navigation.position.distance(last.position);
            rule.due(elapsed_s(row.id, last.at, now, rule.interval_s), moved_m)
        };
        if clock.tick > 0 && picture.get(ix).is_some_and(|own| !is_due(&own.place)) {
            continue;
        }
        let place = Place {
            at: now,
            position: navigation.position,
            velocity: navigation.velocity,
        };
        picture.learn_place(ix, &place);
        if order.has_role(ix, Role::Command) {
            to_pass.0.insert(ix);
        }
        let posted = Posted {
            author: (row.id, ix),
            audience: Audience::ChainAndNeighbours,
            precedence: Precedence::Routine,
            size_bytes: sizes.position_bytes,
            created: now,
            valid_s: VALID_S,
            is_latest: true,
        };
        outbox.post(posted, PositionReport(vec![(ix, place)]));
    }
}

/// Posts pass on where the units of their force are.
pub(super) fn pass_on(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (rules, sizes): (Res<'_, ReportRules>, Res<'_, MessageSizes>),
    mut outbox: ResMut<'_, Outbox<PositionReport>>,
    mut posts: Query<'_, '_, (&BluePicture, &Damage, &mut PlacesToPass)>,
) {
    for (ix, row) in index.iter() {
        if !clock.is_due(rules.position_interval_s, row.id.0 % 100_000) {
            continue;
        }
        let Ok((picture, damage, mut to_pass)) = posts.get_mut(row.entity) else {
            continue;
        };
        if damage.is_destroyed() || to_pass.0.is_empty() {
            continue;
        }
        let news = core::mem::take(&mut to_pass.0);
        let place = |unit: UnitIx| Some((unit, picture.get(unit)?.place));
        for (about, units) in by_terms(news, &order) {
            let report = PositionReport(units.into_iter().filter_map(place).collect());
            let posted = Posted {
                author: (row.id, ix),
                audience: Audience::Posts,
                precedence: Precedence::Routine,
                size_bytes: MessageSizes::of_many(sizes.position_bytes, report.0.len()),
                created: clock.now(),
                valid_s: VALID_S,
                is_latest: false,
            };
            outbox.post_about(posted, about, report);
        }
    }
}

/// Divides what a post passes on by the terms on which it may go to other nations: what is said of
/// units of one nation and label goes into one message, with one of them as whose it is.
pub(super) fn by_terms(
    news: BTreeSet<UnitIx>,
    order: &OrderOfBattle,
) -> impl Iterator<Item = (UnitIx, Vec<UnitIx>)> {
    let mut groups: BTreeMap<_, Vec<UnitIx>> = BTreeMap::new();
    for unit in news {
        groups.entry(order.terms_of(unit)).or_default().push(unit);
    }
    groups.into_values().map(|units| (units[0], units))
}

/// Nodes take what they are told of places.
pub(super) fn hear(
    (index, order): (Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    delivered: Res<'_, Delivered<PositionReport>>,
    mut nodes: Query<'_, '_, (&mut BluePicture, &mut PlacesToPass)>,
) {
    for delivery in delivered.read() {
        let Ok((mut picture, mut to_pass)) = nodes.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        for (unit, place) in &delivery.body.0 {
            if picture.learn_place(*unit, place) && order.is_passed_on(delivery.to, *unit) {
                to_pass.0.insert(*unit);
            }
        }
    }
}

/// Reports of position out and in, in the phase `Fuse`.
#[derive(Debug)]
pub struct PositionPlugin;

impl Plugin for PositionPlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<PositionReport>()
            .init_resource::<PositionReporters>()
            .register_state::<BluePicture>()
            .register_state::<PlacesToPass>()
            .add_systems(
                SimTick,
                (
                    hear.in_set(FuseSystems::Receive),
                    (send, pass_on).chain().in_set(FuseSystems::Report),
                ),
            );
    }
}
