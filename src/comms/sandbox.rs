//! A few units with one network, for tests that move messages without a world. See [`Sandbox`].

use glam::DVec3;

use super::{
    exchange::Exchanges,
    flight::{Flight, Mover, Scene},
    links::Links,
    matrix::{Matrix, rules_of},
    network::{Network, Networks, Outages},
    routing::{RoutingProtocol, areas::Areas, demand::Demand, mesh::Mesh, oracle::Topology},
    sharing::{Handling, Sharing},
    stations::Stations,
    transit::{Carried, Transit},
};
use crate::{
    cyber_ew::Compromises,
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx, UnitRow},
        messages::Buffer,
        time::{Clock, SimTime},
    },
    org::{Echelon, OrderOfBattle, Regime, ServiceLaw, ServiceTime},
    platform::{
        class::Catalogue,
        damage::Appearance,
        emission::{EmissionPlan, Emissions},
        truth::{Board, Piece},
    },
    wire::{Arrivals, Audience, Detail, Header, MessageClass, MessageId, Precedence},
};

/// What moving messages needs, without a world.
pub(super) struct Sandbox {
    pub(super) protocol: RoutingProtocol,
    pub(super) clock: Clock,
    pub(super) networks: Networks,
    pub(super) outages: Outages,
    pub(super) links: Links,
    pub(super) sharing: Sharing,
    pub(super) transit: Transit,
    pub(super) stations: Stations,
    pub(super) mesh: Mesh,
    pub(super) exchanges: Exchanges,
    pub(super) carried: Buffer<Carried>,
    pub(super) arrivals: Arrivals,
    order: OrderOfBattle,
    index: UnitIndex,
    board: Board,
    pub(super) emissions: Emissions,
    pub(super) plan: EmissionPlan,
    pub(super) compromises: Compromises,
    topology: Topology,
    demand: Demand,
    written: u64,
}

impl Sandbox {
    /// The units of an order of battle on one mesh radio, with a tick of a second.
    pub(super) fn new(order: OrderOfBattle, regime: Regime, protocol: RoutingProtocol) -> Self {
        let count = order.units.len();
        let members = (0..count).map(|at| (UnitIx::from_at(at), 2.0)).collect();
        let catalogue = Catalogue::shipped();
        let radio = catalogue.radio("mesh-wideband").unwrap();
        let network = Network::new("net".to_owned(), radio, None, members);
        let networks = Networks::new(vec![network], count, false);
        let rows = (0..count).map(|at| UnitRow {
            id: UnitId(at as u64 + 1),
            entity: bevy::prelude::Entity::PLACEHOLDER,
            name: format!("n{at}"),
        });
        let piece = Piece {
            position: DVec3::ZERO,
            velocity: DVec3::ZERO,
            heading_rad: 0.0,
            is_alive: true,
            is_on_air: true,
            appearance: Appearance::Whole,
        };
        let handling = |detail| Handling {
            servers: 1,
            service: ServiceTime {
                median_s: 10.0,
                sigma_log: 0.0,
                floor_s: 0.0,
                law: ServiceLaw::LogNormal,
            },
            echelons: Echelon::ALL.into(),
            detail,
        };
        let mut stations = Stations::default();
        stations.set_up(&networks);
        let mut mesh = Mesh::default();
        assert!(mesh.set_up(Areas::new(&order, &networks)));
        Self {
            protocol,
            clock: Clock::new(1000),
            outages: Outages::default(),
            links: Links::of_probes(count, &[]),
            sharing: Sharing {
                matrix: Matrix::new(&rules_of(regime)),
                gateway: handling(Detail::Rounded),
                liaison: handling(Detail::Spoken),
                releases: Vec::new(),
            },
            transit: Transit::default(),
            stations,
            mesh,
            exchanges: Exchanges::default(),
            carried: Buffer::default(),
            arrivals: Arrivals::default(),
            index: UnitIndex::new(rows.collect()),
            board: vec![piece; count].into(),
            emissions: Emissions::default(),
            plan: EmissionPlan::default(),
            compromises: Compromises::default(),
            topology: Topology::default(),
            demand: Demand::default(),
            networks,
            order,
            written: 0,
        }
    }

    /// What moves messages.
    pub(super) fn mover(&mut self) -> Mover<'_> {
        Mover {
            scene: Scene {
                seed: 1,
                protocol: self.protocol,
                has_feedback: true,
                networks: &self.networks,
                outages: &self.outages,
                links: &self.links,
                sharing: &self.sharing,
                order: &self.order,
                index: &self.index,
                board: &self.board,
                emissions: &self.emissions,
                plan: &self.plan,
                compromises: &self.compromises,
            },
            transit: &mut self.transit,
            stations: &mut self.stations,
            topology: &mut self.topology,
            mesh: &mut self.mesh,
            demand: &mut self.demand,
            exchanges: &mut self.exchanges,
            arrivals: &mut self.arrivals,
            carried: &mut self.carried,
        }
    }

    /// These links alone are there, with their probe successes.
    pub(super) fn join(&mut self, probes: &[(usize, usize, f64)]) {
        self.links = Links::of_probes(self.order.units.len(), probes);
    }

    /// A unit writes a track that is worth something for so long, s.
    pub(super) fn write(&mut self, author: UnitIx, audience: Audience, valid_s: f64) -> MessageId {
        let now = self.clock.now();
        let id = MessageId::of(
            UnitId(u64::from(author.0)),
            MessageClass::Track,
            self.written,
        );
        self.written += 1;
        let header = Header {
            id,
            author,
            about: author,
            class: MessageClass::Track,
            precedence: Precedence::Routine,
            audience,
            size_bytes: 100,
            created: now,
            expires: now.plus_s(valid_s),
            is_latest: false,
        };
        self.mover().accept(header, now);
        id
    }

    /// A unit is lost.
    pub(super) fn kill(&mut self, unit: UnitIx) {
        let mut pieces = Vec::from(self.board.clone());
        pieces[unit.at()].is_alive = false;
        pieces[unit.at()].is_on_air = false;
        self.board = pieces.into();
    }

    /// The radios of a unit are dead.
    pub(super) fn mute(&mut self, unit: UnitIx) {
        let mut pieces = Vec::from(self.board.clone());
        pieces[unit.at()].is_on_air = false;
        self.board = pieces.into();
    }

    /// What becomes of a message; none if it is over.
    pub(super) fn flight(&self, id: MessageId) -> Option<&Flight> {
        self.transit.flights.get(&id)
    }

    /// Handles what happens before a time.
    pub(super) fn drain(&mut self, until: SimTime) {
        while let Some((at, event)) = self.transit.events.pop_before(until) {
            self.mover().handle(at, event);
        }
    }

    /// A tick, as the plugin does it.
    pub(super) fn tick(&mut self) {
        let clock = self.clock;
        let mut mover = self.mover();
        mover.keep_up(&clock);
        mover.resume(clock.now());
        self.drain(clock.next());
        self.clock.tick += 1;
    }

    /// Packets of messages that were sent.
    pub(super) fn packets(&self, id: MessageId) -> u64 {
        let bytes = self.flight(id).unwrap().header.size_bytes;
        let (ix, network) = self.networks.iter().next().unwrap();
        let stations = self.stations.of(ix).iter();
        let sent: u64 = stations.map(|it| it.traffic.data_bytes).sum();
        sent / u64::from(bytes + network.overhead_bytes)
    }
}
