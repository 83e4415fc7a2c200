//! The picture of the own side: who is where and in what state, as far as a node was told. See
//! [`BluePicture`].
//!
//! Every unit reports itself to the posts above it and to its radio neighbours; a post passes what it
//! knows of its own force on to the other posts in one message.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::report::ReportRules;
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        time::{Clock, SimTime},
    },
    logistics::Replenish,
    org::{OrderOfBattle, Role},
    platform::{
        course::Course,
        damage::Damage,
        mover::EnergyLeft,
        navigation::NavSolution,
        stores::{EffectorIx, Magazine},
    },
    wire::{
        Audience, Delivered, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt, Posted,
        Precedence,
    },
};

/// Time for which a unit is taken to go on as it did, s (notional, 20 to 60): vehicles turn.
const COAST_S: f64 = 30.0;

/// What a unit says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlueEntry {
    /// Who.
    pub unit: UnitIx,
    /// When.
    pub at: SimTime,
    /// Where it believes to be, m.
    pub position: DVec3,
    /// How it moves, m/s.
    pub velocity: DVec3,
    /// Share of energy left.
    pub energy_share: f64,
    /// Rounds left of each effector that it can fire.
    pub rounds: Vec<(EffectorIx, u32)>,
    /// Whether it can move.
    pub can_move: bool,
    /// Whether it has nothing to do.
    pub is_idle: bool,
}

impl BlueEntry {
    /// Where it should be at a time, if it goes on as it did for a while, m.
    #[must_use]
    pub fn position_at(&self, now: SimTime) -> DVec3 {
        self.position + self.velocity * now.since_s(self.at).min(COAST_S)
    }
}

/// What units say of themselves, sent together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BlueReport(pub Vec<BlueEntry>);

impl Payload for BlueReport {
    const CLASS: MessageClass = MessageClass::Position;
    const KIND: u8 = 1;

    /// By voice: where and how many rounds, to the nearest hundred metres.
    fn coarsened(&self) -> Self {
        let coarsen = |entry: &BlueEntry| {
            let position = (entry.position / 100.0).round() * 100.0;
            BlueEntry {
                position,
                velocity: DVec3::ZERO,
                ..entry.clone()
            }
        };
        Self(self.0.iter().map(coarsen).collect())
    }
}

/// What a node knows of its own side, by rank.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct BluePicture {
    entries: Vec<BlueEntry>,
    summarised: SimTime,
}

impl BluePicture {
    /// All entries by rank.
    #[must_use]
    pub fn entries(&self) -> &[BlueEntry] {
        &self.entries
    }

    /// What it knows of a unit.
    #[must_use]
    pub fn get(&self, unit: UnitIx) -> Option<&BlueEntry> {
        self.entries
            .binary_search_by_key(&unit, |entry| entry.unit)
            .ok()
            .map(|at| &self.entries[at])
    }

    /// Takes an entry unless it knows better.
    pub fn learn(&mut self, entry: &BlueEntry) {
        match self
            .entries
            .binary_search_by_key(&entry.unit, |known| known.unit)
        {
            Ok(at) if self.entries[at].at < entry.at => self.entries[at] = entry.clone(),
            Ok(_) => {}
            Err(at) => self.entries.insert(at, entry.clone()),
        }
    }

    /// Forgets a unit that is known to be lost.
    pub fn forget(&mut self, unit: UnitIx) {
        self.entries.retain(|entry| entry.unit != unit);
    }
}

/// What a unit knows of itself.
pub(super) type OwnState<'a> = (
    &'a UnitIx,
    &'a NavSolution,
    &'a EnergyLeft,
    &'a Magazine,
    &'a Damage,
    &'a Course,
    &'a Replenish,
    &'a mut BluePicture,
);

/// Time for which a report is worth something, s.
const VALID_S: f64 = 300.0;

/// The entry of a unit on itself.
pub(super) fn own_entry(
    unit: UnitIx,
    now: SimTime,
    (navigation, energy, magazine): (&NavSolution, &EnergyLeft, &Magazine),
    (damage, is_idle): (&Damage, bool),
) -> BlueEntry {
    let rounds = if damage.can_fire() {
        magazine
            .tubes
            .iter()
            .map(|tube| (tube.effector, tube.rounds))
            .collect()
    } else {
        Vec::new()
    };
    BlueEntry {
        unit,
        at: now,
        position: navigation.position,
        velocity: navigation.velocity,
        energy_share: energy.0.share,
        rounds,
        can_move: damage.can_move(),
        is_idle,
    }
}

/// Units report themselves; posts pass on what they know of their force.
pub(super) fn send_positions(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (rules, sizes): (Res<'_, ReportRules>, Res<'_, MessageSizes>),
    mut outbox: ResMut<'_, Outbox<BlueReport>>,
    mut units: Query<'_, '_, OwnState<'_>>,
) {
    let now = clock.now();
    let due = |id: u64| clock.is_due(rules.position_interval_s, id % 100_000);
    for (ix, row) in index
        .iter()
        .filter(|(_, row)| clock.tick == 0 || due(row.id.0))
    {
        let Ok(state) = units.get_mut(row.entity) else {
            continue;
        };
        let (_, navigation, energy, magazine, damage, course, replenish, mut picture) = state;
        if damage.is_destroyed() {
            continue;
        }
        // Who is on the way to a depot or in a bay is not free for anything else.
        let is_idle = course.is_idle() && replenish.is_free();
        let entry = own_entry(ix, now, (navigation, energy, magazine), (damage, is_idle));
        picture.learn(&entry);
        let mut post = |audience, entries: Vec<BlueEntry>| {
            let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
            let posted = Posted {
                author: (row.id, ix),
                audience,
                precedence: Precedence::Routine,
                size_bytes: (sizes.position_bytes + sizes.status_bytes).saturating_mul(count),
                created: now,
                valid_s: VALID_S,
            };
            outbox.post(posted, BlueReport(entries));
        };
        post(Audience::ChainAndNeighbours, vec![entry]);
        if order.has_role(ix, Role::Command) {
            let since = core::mem::replace(&mut picture.summarised, now);
            let is_news = |entry: &&BlueEntry| {
                entry.at >= since && (entry.unit == ix || order.commands(ix, entry.unit))
            };
            let news: Vec<_> = picture.entries.iter().filter(is_news).cloned().collect();
            if !news.is_empty() {
                post(Audience::Posts, news);
            }
        }
    }
}

/// Nodes take what they are told of their own side.
fn hear_positions(
    index: Res<'_, UnitIndex>,
    delivered: Res<'_, Delivered<BlueReport>>,
    mut pictures: Query<'_, '_, &mut BluePicture>,
) {
    for delivery in delivered.read() {
        if let Ok(mut picture) = pictures.get_mut(index.entity(delivery.to)) {
            for entry in &delivery.body.0 {
                picture.learn(entry);
            }
        }
    }
}

/// Reports of the own side out and in, in the phase `Fuse`.
#[derive(Debug)]
pub struct BluePlugin;

impl Plugin for BluePlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<BlueReport>()
            .register_state::<BluePicture>()
            .add_systems(
                SimTick,
                (
                    hear_positions.in_set(FuseSystems::Receive),
                    send_positions.in_set(FuseSystems::Report),
                ),
            );
    }
}
