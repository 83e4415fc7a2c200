//! What posts and units read of the world in an auction, and how they write to each other.

use bevy::{
    ecs::system::SystemParam,
    prelude::{Res, ResMut},
};

use super::{
    talk::{AuctionId, Body, Talk},
    tally::Tally,
};
use crate::{
    engagement::tables::KillTables,
    environment::{Landscape, NoGoAreas},
    kernel::{
        ids::{UnitIndex, UnitIx},
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    physics::{ObstacleField, SightMemo},
    planning::{
        engage,
        fire_control::FireControl,
        missions::{Means, Missions},
    },
    platform::{
        emission::{EmissionPlan, Emissions},
        together::Groups,
        vehicle::Fleet,
    },
    sensing::SensorSuites,
    wire::{Audience, MessageSizes, Outbox, Posted, Precedence},
};

/// What does not change, or not by auctions.
#[derive(SystemParam)]
pub(super) struct Ground<'w> {
    pub(super) clock: Res<'w, Clock>,
    pub(super) index: Res<'w, UnitIndex>,
    pub(super) order: Res<'w, OrderOfBattle>,
    pub(super) fleet: Res<'w, Fleet>,
    pub(super) sizes: Res<'w, MessageSizes>,
    suites: Res<'w, SensorSuites>,
    groups: Res<'w, Groups>,
    landscape: Res<'w, Landscape>,
    no_go: Res<'w, NoGoAreas>,
    missions: Res<'w, Missions>,
    plan: Res<'w, EmissionPlan>,
    emissions: Res<'w, Emissions>,
    control: Res<'w, FireControl>,
    tables: Res<'w, KillTables>,
    field: Res<'w, ObstacleField>,
}

impl Ground<'_> {
    /// Now.
    pub(super) fn now(&self) -> SimTime {
        self.clock.now()
    }

    /// Whether a unit may send nothing by radio.
    pub(super) fn is_silent(&self, unit: UnitIx) -> bool {
        self.emissions.0.is_silent(unit)
    }

    /// What planning of missions reads, as a unit knows it.
    pub(super) fn missions(&self, unit: UnitIx) -> Means<'_> {
        Means {
            order: &self.order,
            fleet: &self.fleet,
            index: &self.index,
            suites: &self.suites,
            groups: &self.groups,
            landscape: &self.landscape,
            no_go: &self.no_go,
            missions: &self.missions,
            plan: self.plan.known_to(unit),
        }
    }

    /// What pairing reads, by the doctrine and the fire control of a post.
    pub(super) fn fires<'a>(&'a self, post: UnitIx, memo: &'a mut SightMemo) -> engage::Means<'a> {
        engage::Means {
            post,
            now: self.now(),
            doctrine: &self.order.force_of(post).doctrine,
            order: &self.order,
            control: &self.control,
            fleet: &self.fleet,
            tables: &self.tables,
            landscape: &self.landscape,
            field: &self.field,
            memo,
        }
    }
}

/// Where what is said goes.
#[derive(SystemParam)]
pub(super) struct Voice<'w> {
    outbox: ResMut<'w, Outbox<Talk>>,
}

impl Voice<'_> {
    /// Says something of an auction: as urgent as a tasking, and worth nothing when its `until` is over.
    pub(super) fn say(
        &mut self,
        (from, to): (UnitIx, Audience),
        (auction, until): (AuctionId, SimTime),
        body: Body,
        ground: &Ground<'_>,
        tally: &mut Tally,
    ) {
        let size_bytes = body.bytes(&ground.sizes);
        tally.count(body.kind(), size_bytes);
        let posted = Posted {
            author: (ground.index.id(from), from),
            audience: to,
            precedence: Precedence::Immediate,
            size_bytes,
            created: ground.now(),
            valid_s: until.since_s(ground.now()),
            is_latest: false,
        };
        self.outbox.post(posted, Talk { auction, body });
    }
}
