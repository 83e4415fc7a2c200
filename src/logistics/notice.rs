//! Notices of replenishment: who is on the way to a depot, and what it left with. See
//! [`NoticePlugin`].
//!
//! A unit that goes back tells the depot and the posts above it that it is not free; the depot tells
//! the posts above itself, and the unit, with what it leaves. Who hears it need not wait for the next
//! report of state (`picture::supply`).

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use serde::{Deserialize, Serialize};

use super::{depot::Depots, go_back::Bound, replenish::Replenished, serve};
use crate::{
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx},
        messages::Buffer,
        schedule::{Phase, SimTick},
        time::{Clock, SimTime},
    },
    platform::{
        mover::EnergyLeft,
        stores::{EffectorIx, Magazine},
    },
    wire::{
        Audience, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt, Posted,
        Precedence,
    },
};

/// How long a notice is worth something, s.
const VALID_S: f64 = 300.0;

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeKind {
    /// The unit is on the way to the depot.
    Going,
    /// The unit leaves the depot.
    Served,
}

/// What a unit or a depot says of a replenishment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SupplyNotice {
    /// Who is replenished.
    pub unit: UnitIx,
    /// The unit that is the depot.
    pub depot: UnitIx,
    /// What happens.
    pub kind: NoticeKind,
    /// When.
    pub at: SimTime,
    /// Share of energy that the unit has.
    pub energy_share: f64,
    /// Rounds that it has of each of its effectors.
    pub rounds: Vec<(EffectorIx, u32)>,
}

impl Payload for SupplyNotice {
    const CLASS: MessageClass = MessageClass::Logistics;
    const KIND: u8 = 13;

    /// By voice nothing is lost.
    fn coarsened(&self, _: Detail) -> Self {
        self.clone()
    }
}

/// Writes notices of this tick.
struct Desk<'a> {
    now: SimTime,
    size_bytes: u32,
    outbox: &'a mut Outbox<SupplyNotice>,
}

impl Desk<'_> {
    /// Sends a notice from a unit to another, and to the posts above the first.
    fn send(&mut self, author: (UnitId, UnitIx), to: UnitIx, notice: &SupplyNotice) {
        for audience in [Audience::Unit(to), Audience::ChainAndNeighbours] {
            let posted = Posted {
                author,
                audience,
                precedence: Precedence::Priority,
                size_bytes: self.size_bytes,
                created: self.now,
                valid_s: VALID_S,
                is_latest: false,
            };
            self.outbox.post_about(posted, notice.unit, notice.clone());
        }
    }
}

/// Units and depots tell of replenishments.
fn tell(
    (clock, index, sizes): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, MessageSizes>),
    depots: Res<'_, Depots>,
    (going, served): (Res<'_, Buffer<Bound>>, Res<'_, Buffer<Replenished>>),
    mut outbox: ResMut<'_, Outbox<SupplyNotice>>,
    units: Query<'_, '_, (&EnergyLeft, &Magazine)>,
) {
    let mut desk = Desk {
        now: clock.now(),
        size_bytes: sizes.logistics_bytes,
        outbox: &mut outbox,
    };
    let notice = |unit: UnitIx, depot: UnitIx, kind| {
        let (energy, magazine) = units.get(index.entity(unit)).ok()?;
        let tubes = magazine.tubes.iter();
        Some(SupplyNotice {
            unit,
            depot,
            kind,
            at: clock.now(),
            energy_share: energy.0.share,
            rounds: tubes.map(|tube| (tube.effector, tube.rounds)).collect(),
        })
    };
    for bound in going.read() {
        let host = depots.get(bound.depot).unit;
        if let Some(notice) = notice(bound.unit, host, NoticeKind::Going) {
            desk.send((index.id(bound.unit), bound.unit), host, &notice);
        }
    }
    for visit in served.read() {
        if let Some(notice) = notice(visit.unit, visit.depot, NoticeKind::Served) {
            desk.send((index.id(visit.depot), visit.depot), visit.unit, &notice);
        }
    }
}

/// Writes notices in the phase `Sustain`, after the depots' rounds.
#[derive(Debug)]
pub struct NoticePlugin;

impl Plugin for NoticePlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<SupplyNotice>()
            .init_resource::<MessageSizes>()
            .add_systems(SimTick, tell.after(serve::admit).in_set(Phase::Sustain));
    }
}
