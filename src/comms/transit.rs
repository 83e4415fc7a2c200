//! Messages on their way, hop by hop. See [`TransitPlugin`].
//!
//! Every node that a copy reaches decides by what it knows where it goes next; there it waits in the
//! queue of a station, takes air time as the network shares its channel, is acknowledged or sent
//! again, and may be lost. What is urgent and has no way is tried again until it expires.

use std::collections::BTreeMap;

use bevy::ecs::system::SystemParam;
use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource, World};
use serde::{Deserialize, Serialize};

use super::{
    exchange::Exchanges,
    flight::{Event, Flight, Mover, Scene},
    links::Links,
    network::{Networks, Outages},
    routing::{LinkFeedback, RoutingProtocol, demand::Demand, mesh::Mesh, oracle::Topology},
    sharing::Sharing,
    stations::Stations,
    summary::Store,
};
use crate::{
    cyber_ew::Compromises,
    kernel::{
        delay::DelayQueue,
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        random::RunSeed,
        registry::StateAppExt,
        schedule::{CommunicateSystems, SimTick},
        time::Clock,
    },
    org::OrderOfBattle,
    platform::{
        emission::{EmissionPlan, Emissions},
        truth::Board,
    },
    wire::{Arrivals, Header, MailKinds, MessageClass, MessageId, Precedence},
};

/// What became of one message for one reader.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Carried {
    /// Who wrote it.
    pub from: UnitIx,
    /// The reader.
    pub to: UnitIx,
    /// Kind.
    pub class: MessageClass,
    /// How urgent it was.
    pub precedence: Precedence,
    /// Time from writing to reading, s; none if it never arrived.
    pub delay_s: Option<f64>,
}

impl Carried {
    /// What became of a message for a reader.
    pub(super) fn new(header: &Header, to: UnitIx, delay_s: Option<f64>) -> Self {
        Self {
            from: header.author,
            to,
            class: header.class,
            precedence: header.precedence,
            delay_s,
        }
    }
}

/// Copies that nodes let go, by cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Nobody knew a way, and they were not urgent enough to wait for one.
    pub no_way: u64,
    /// They expired while they waited for a way.
    pub expired: u64,
    /// They went in a circle.
    pub circled: u64,
}

/// All messages on their way.
#[derive(Debug, Default, Resource, Serialize, Deserialize)]
pub struct Transit {
    pub(super) flights: BTreeMap<MessageId, Flight>,
    pub(super) events: DelayQueue<Event>,
    /// Copies that were lost on the way.
    pub lost: Lost,
    /// What nodes carry, and know of those around them.
    pub(super) kept: BTreeMap<UnitIx, Store>,
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

/// What moving messages reads of the world.
#[derive(SystemParam)]
struct Reads<'w> {
    clock: Res<'w, Clock>,
    seed: Res<'w, RunSeed>,
    protocol: Res<'w, RoutingProtocol>,
    feedback: Res<'w, LinkFeedback>,
    networks: Res<'w, Networks>,
    outages: Res<'w, Outages>,
    links: Res<'w, Links>,
    sharing: Res<'w, Sharing>,
    order: Res<'w, OrderOfBattle>,
    index: Res<'w, UnitIndex>,
    board: Res<'w, Board>,
    emissions: Res<'w, Emissions>,
    plan: Res<'w, EmissionPlan>,
    compromises: Res<'w, Compromises>,
}

/// What it changes.
#[derive(SystemParam)]
struct Writes<'w> {
    transit: ResMut<'w, Transit>,
    stations: ResMut<'w, Stations>,
    topology: ResMut<'w, Topology>,
    mesh: ResMut<'w, Mesh>,
    demand: ResMut<'w, Demand>,
    exchanges: ResMut<'w, Exchanges>,
    arrivals: ResMut<'w, Arrivals>,
    carried: ResMut<'w, Buffer<Carried>>,
}

/// Reads and writes as one.
fn mover<'a>(reads: &'a Reads<'_>, writes: &'a mut Writes<'_>) -> Mover<'a> {
    Mover {
        scene: Scene {
            seed: reads.seed.0,
            protocol: *reads.protocol,
            has_feedback: reads.feedback.0,
            networks: &reads.networks,
            outages: &reads.outages,
            links: &reads.links,
            sharing: &reads.sharing,
            order: &reads.order,
            index: &reads.index,
            board: &reads.board,
            emissions: &reads.emissions,
            plan: &reads.plan,
            compromises: &reads.compromises,
        },
        transit: &mut writes.transit,
        stations: &mut writes.stations,
        topology: &mut writes.topology,
        mesh: &mut writes.mesh,
        demand: &mut writes.demand,
        exchanges: &mut writes.exchanges,
        arrivals: &mut writes.arrivals,
        carried: &mut writes.carried,
    }
}

/// Keeps stations, slots and what nodes know up to date.
fn keep_up(reads: Reads<'_>, mut writes: Writes<'_>) {
    writes.arrivals.arrived.clear();
    writes.arrivals.overheard.clear();
    writes.arrivals.done.clear();
    mover(&reads, &mut writes).keep_up(&reads.clock);
}

/// Moves all messages through this tick.
fn transmit(collected: Res<'_, Collected>, reads: Reads<'_>, mut writes: Writes<'_>) {
    let clock = *reads.clock;
    let mut mover = mover(&reads, &mut writes);
    mover.resume(clock.now());
    for header in &collected.0 {
        if header.created > clock.now() {
            let event = Event::Written(*header);
            mover.transit.events.post(header.created, event);
        } else {
            mover.accept(*header, clock.now());
        }
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
            .init_resource::<Emissions>()
            .init_resource::<EmissionPlan>()
            .init_resource::<Compromises>()
            .init_resource::<RoutingProtocol>()
            .init_resource::<LinkFeedback>()
            .init_resource::<Stations>()
            .init_resource::<Topology>()
            .init_resource::<Mesh>()
            .init_resource::<Demand>()
            .init_resource::<Exchanges>()
            .init_resource::<Arrivals>()
            .init_resource::<Collected>()
            .init_resource::<MailKinds>()
            .add_buffer::<Carried>()
            .register_state_resource::<Transit>()
            .register_state_resource::<Exchanges>()
            .register_state_resource::<Stations>()
            .register_state_resource::<Topology>()
            .register_state_resource::<Mesh>()
            .register_state_resource::<Demand>()
            .add_systems(
                SimTick,
                (
                    keep_up.in_set(CommunicateSystems::KeepUp),
                    collect.in_set(CommunicateSystems::Collect),
                    transmit.in_set(CommunicateSystems::Transmit),
                    deliver.in_set(CommunicateSystems::Deliver),
                ),
            );
    }
}
