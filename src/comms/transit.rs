//! Messages on their way, hop by hop. See [`TransitPlugin`].
//!
//! A message leaves its sender along the shortest-path tree to its readers; every hop takes a place
//! in the node's transmitter, air time, tries and delay, and may be lost for good after
//! [`TRIES`] tries. What is urgent is tried again from where it was lost until it expires.

use std::collections::BTreeMap;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource, World};
use serde::{Deserialize, Serialize};

pub use super::flight::TRIES;
use super::{
    exchange::Exchanges,
    flight::{Event, Flight, Mover, Scene},
    links::Links,
    network::{Networks, Outages},
    routing::Topology,
    sharing::Sharing,
};
use crate::{
    kernel::{
        delay::DelayQueue,
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        random::RunSeed,
        registry::StateAppExt,
        schedule::{CommunicateSystems, SimTick},
        time::{Clock, SimTime},
    },
    org::{OrderOfBattle, SideIx},
    platform::truth::Board,
    wire::{Arrivals, Header, MailKinds, MessageClass, MessageId},
};

/// What became of one message for one reader.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Carried {
    /// Kind.
    pub class: MessageClass,
    /// Side.
    pub side: SideIx,
    /// Time from writing to reading, s; none if it never arrived.
    pub delay_s: Option<f64>,
}

/// All messages on their way.
#[derive(Debug, Default, Resource, Serialize, Deserialize)]
pub struct Transit {
    pub(super) flights: BTreeMap<MessageId, Flight>,
    pub(super) events: DelayQueue<Event>,
    /// When each node's transmitter is free.
    pub(super) busy: BTreeMap<UnitIx, SimTime>,
}

impl Transit {
    /// Number of messages on their way.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flights.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }
}

/// Headers collected in this tick.
#[derive(Debug, Default, Resource)]
struct Collected(Vec<Header>);

/// Empties all outboxes.
fn collect(world: &mut World) {
    world.resource_scope::<Collected, ()>(|world, mut collected| {
        collected.0.clear();
        let kinds = world.resource::<MailKinds>().kinds.clone();
        for kind in &kinds {
            (kind.collect)(world, &mut collected.0);
        }
    });
}

/// Moves all messages through this tick.
fn transmit(
    (clock, seed, collected): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, Collected>),
    (networks, outages, links): (Res<'_, Networks>, Res<'_, Outages>, Res<'_, Links>),
    (sharing, order, index): (Res<'_, Sharing>, Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    board: Res<'_, Board>,
    (mut transit, mut topology): (ResMut<'_, Transit>, ResMut<'_, Topology>),
    (mut exchanges, mut arrivals): (ResMut<'_, Exchanges>, ResMut<'_, Arrivals>),
    mut carried: ResMut<'_, Buffer<Carried>>,
) {
    arrivals.arrived.clear();
    arrivals.done.clear();
    let mut mover = Mover {
        scene: Scene {
            seed: seed.0,
            networks: &networks,
            outages: &outages,
            links: &links,
            sharing: &sharing,
            order: &order,
            index: &index,
            board: &board,
        },
        transit: &mut transit,
        topology: &mut topology,
        exchanges: &mut exchanges,
        arrivals: &mut arrivals,
        carried: &mut carried,
    };
    for header in &collected.0 {
        mover.accept(*header, clock.now());
    }
    while let Some((at, event)) = mover.transit.events.pop_before(clock.next()) {
        mover.handle(at, event);
    }
}

/// Hands arrived bodies out.
fn deliver(world: &mut World) {
    world.resource_scope::<Arrivals, ()>(|world, arrivals| {
        let kinds = world.resource::<MailKinds>().kinds.clone();
        for kind in &kinds {
            (kind.deliver)(world, &arrivals);
        }
    });
}

/// Moves messages in the phase `Communicate`.
#[derive(Debug)]
pub struct TransitPlugin;

impl Plugin for TransitPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Transit>()
            .init_resource::<Exchanges>()
            .init_resource::<Arrivals>()
            .init_resource::<Collected>()
            .init_resource::<MailKinds>()
            .add_buffer::<Carried>()
            .register_state_resource::<Transit>()
            .register_state_resource::<Exchanges>()
            .add_systems(
                SimTick,
                (
                    collect.in_set(CommunicateSystems::Collect),
                    transmit.in_set(CommunicateSystems::Transmit),
                    deliver.in_set(CommunicateSystems::Deliver),
                ),
            );
    }
}
