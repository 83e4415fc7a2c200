//! Track reports: what nodes tell one another of what they track. See [`ReportPlugin`].
//!
//! A node reports tracks of its own sensors only; what it heard from others is passed on by the
//! network, not retold. So every report names its true origin, and nobody counts one look twice.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{
    model::{coarse::coarse, fusion::Fusion, kalman::Kinematics},
    store::TrackStore,
    track::{Track, TrackKey},
};
use crate::{
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx},
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    platform::{
        class::{Domain, TargetClass},
        damage::Damage,
    },
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// What a node tells of one track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackReport {
    /// Name.
    pub key: TrackKey,
    /// State, as of `at`.
    pub state: Kinematics,
    /// When a sensor last hit it.
    pub at: SimTime,
    /// Log-odds that it is hostile, by the node's own sensors.
    pub hostile_llr: f64,
    /// Log-odds that it is a wreck.
    pub wreck_llr: f64,
    /// What kind of target it seems to be.
    pub target: Option<TargetClass>,
    /// Where it seems to move.
    pub domain: Option<Domain>,
    /// When it was last heard to radiate.
    pub heard: Option<SimTime>,
    /// For scoring.
    pub tag: ScoringTag,
}

impl TrackReport {
    /// What there is to tell of a track.
    #[must_use]
    pub fn of(track: &Track, key: TrackKey) -> Self {
        Self {
            key,
            state: track.state,
            at: track.updated,
            hostile_llr: track.own_llr(),
            wreck_llr: track.wreck_llr,
            target: track.target,
            domain: track.domain,
            heard: track.heard,
            tag: track.tag,
        }
    }

    /// What is left of it with less than full detail.
    #[must_use]
    pub fn coarsened(&self, detail: Detail) -> Self {
        Self {
            state: coarse(&self.state, detail),
            ..self.clone()
        }
    }
}

/// Reports of one node, sent together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrackBatch(pub Vec<TrackReport>);

impl Payload for TrackBatch {
    const CLASS: MessageClass = MessageClass::Track;
    const KIND: u8 = 0;

    /// Position and velocity in steps, which the covariance then owns up to.
    fn coarsened(&self, detail: Detail) -> Self {
        Self(self.0.iter().map(|it| it.coarsened(detail)).collect())
    }
}

/// How often nodes report.
#[derive(Debug, Clone, Copy, PartialEq, Resource)]
pub struct ReportRules {
    /// Least time between two reports of one track by one node, s.
    pub track_interval_s: f64,
    /// Time between two messages by which a post passes on what it learnt of positions, s.
    pub position_interval_s: f64,
    /// How tracks of other nodes are fused with one's own.
    pub fusion: Fusion,
}

/// How long a track report is worth something, s.
const VALID_S: f64 = 120.0;

/// Nodes tell of the tracks of their own sensors.
pub(super) fn send_tracks(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (rules, sizes): (Res<'_, ReportRules>, Res<'_, MessageSizes>),
    mut outbox: ResMut<'_, Outbox<TrackBatch>>,
    mut stores: Query<'_, '_, (&UnitIx, &UnitId, &mut TrackStore, &Damage)>,
) {
    for (ix, row) in index.iter() {
        if !clock.is_due(1.0, row.id.0 % 1000) || order.sides.is_empty() {
            continue;
        }
        let Ok((_, id, mut store, damage)) = stores.get_mut(row.entity) else {
            continue;
        };
        if damage.is_destroyed() || store.tracks().is_empty() {
            continue;
        }
        let reports = store.reports(ix, rules.track_interval_s, clock.now());
        if reports.is_empty() {
            continue;
        }
        let posted = tracks_posted((*id, ix), &sizes, reports.len(), clock.now());
        outbox.post(posted, TrackBatch(reports));
    }
}

/// The outside of a message with so many track reports.
pub(super) fn tracks_posted(
    author: (UnitId, UnitIx),
    sizes: &MessageSizes,
    count: usize,
    now: SimTime,
) -> Posted {
    Posted {
        author,
        audience: Audience::Posts,
        // Not tried again when lost: the next report says more than a late one.
        precedence: Precedence::Priority,
        size_bytes: MessageSizes::of_many(sizes.track_bytes, count),
        created: now,
        valid_s: VALID_S,
        is_latest: false,
    }
}

/// Nodes take what they are told.
pub(super) fn hear_tracks(
    (clock, index, rules): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, ReportRules>),
    delivered: Res<'_, Delivered<TrackBatch>>,
    mut stores: Query<'_, '_, &mut TrackStore>,
) {
    for delivery in delivered.read() {
        if let Ok(mut store) = stores.get_mut(index.entity(delivery.to)) {
            for report in &delivery.body.0 {
                store.hear(report, clock.now(), rules.fusion);
            }
        }
    }
}

/// Track reports out and in, in the phase `Fuse`.
#[derive(Debug)]
pub struct ReportPlugin;

impl Plugin for ReportPlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<TrackBatch>()
            .init_resource::<MessageSizes>()
            .register_state::<TrackStore>()
            .add_systems(
                SimTick,
                (
                    hear_tracks.in_set(FuseSystems::Receive),
                    send_tracks.in_set(FuseSystems::Report),
                ),
            );
    }
}
