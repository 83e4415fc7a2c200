//! What goes on without messages: slots are given out, nodes say hello, and tell of their links.

use super::{
    flight::{Event, Mover},
    model::{graph::topology::Topology as Graph, medium::tdma::SlotPlan},
    network::{HELLO_S, NetworkIx, PROBE_BYTES},
    routing::{
        RoutingProtocol,
        areas::Areas,
        control::ControlAir,
        mesh::{Mesh, Relay, TOPOLOGY_S},
        oracle::Arc,
    },
    stations::Slots,
    survey::MEASURE_PERIOD_S,
};
use crate::{
    kernel::{
        ids::UnitIx,
        time::{Clock, SimTime},
    },
    platform::class::Access,
};

/// Least probe success of a link on which two stations would disturb each other.
const DISTURBS: f64 = 0.01;

/// Least probe success of a link that the oracle uses.
const USABLE: f64 = 0.2;

impl Mover<'_> {
    /// Keeps up what goes on without messages.
    pub(super) fn keep_up(&mut self, clock: &Clock) {
        self.stations.set_up(self.scene.networks);
        let mut is_new = false;
        if !self.mesh.is_set_up() {
            let areas = Areas::new(self.scene.order, self.scene.networks);
            is_new = self.mesh.set_up(areas);
        }
        if self.scene.networks.ideal || self.scene.protocol == RoutingProtocol::Oracle {
            self.look(clock);
        }
        if self.scene.networks.ideal {
            return;
        }
        self.give_out_slots(clock);
        if self.scene.protocol.greets() {
            self.greet(clock, is_new);
        }
    }

    /// The means of sending hellos and topology messages, with the mesh that they tell.
    pub(super) fn air(&mut self) -> (&mut Mesh, ControlAir<'_>) {
        let scene = &self.scene;
        let air = ControlAir {
            seed: scene.seed,
            networks: scene.networks,
            outages: scene.outages,
            links: scene.links,
            index: scene.index,
            emissions: scene.emissions,
            stations: self.stations,
        };
        (self.mesh, air)
    }

    /// Nodes say hello; those that route tell of their links, those that carry give what they carry.
    fn greet(&mut self, clock: &Clock, is_new: bool) {
        if is_new {
            let (mesh, air) = self.air();
            mesh.start(clock, &air);
        }
        for at in 0..self.scene.board.len() {
            let unit = UnitIx::from_at(at);
            let has_radio = !self.scene.networks.of_unit[at].is_empty();
            if !has_radio || !self.scene.board.piece(unit).is_on_air {
                self.drop_store(unit);
                continue;
            }
            if clock.is_due(HELLO_S, u64::from(unit.0)) {
                self.hello(unit, clock);
            } else if clock.is_due(TOPOLOGY_S, u64::from(unit.0)) {
                self.advertise(unit, clock);
            }
        }
    }

    /// A node says hello, and tells of its links or gives what it carries.
    pub(super) fn hello(&mut self, unit: UnitIx, clock: &Clock) {
        let (mesh, mut air) = self.air();
        mesh.hello(unit, clock, &mut air);
        if self.scene.protocol.carries() {
            self.meet(unit, clock.now());
        } else {
            self.advertise(unit, clock);
        }
    }

    /// A node tells of its links, where that is due.
    fn advertise(&mut self, unit: UnitIx, clock: &Clock) {
        if self.scene.protocol == RoutingProtocol::LinkState
            && let Some(relay) = self.mesh.advertise(unit, clock)
        {
            self.transit.events.post(clock.now(), Event::Relay(relay));
        }
    }

    /// A node passes on a topology message.
    pub(super) fn relay(&mut self, relay: Relay, at: SimTime) {
        if !self.scene.board.piece(relay.node).is_on_air {
            return;
        }
        let (mesh, mut air) = self.air();
        for (at, relay) in mesh.relay(relay, at, &mut air) {
            self.transit.events.post(at, Event::Relay(relay));
        }
    }

    /// Gives out the slots of networks whose links have changed.
    fn give_out_slots(&mut self, clock: &Clock) {
        for (ix, network) in self.scene.networks.iter() {
            let is_due = clock.tick == 0 || clock.is_due(TOPOLOGY_S, u64::from(ix.0));
            let links = self.scene.links.of(ix);
            if network.access != Access::Tdma || !is_due {
                continue;
            }
            let slots = self.stations.slots_mut(ix);
            if slots.count > 0 && slots.version == links.version {
                continue;
            }
            let count = network.members.len();
            let pairs: Vec<(usize, usize)> = (0..count)
                .flat_map(|seat| {
                    let row = links.row(seat).iter();
                    row.filter(|link| link.probe >= DISTURBS)
                        .map(move |link| (seat, usize::from(link.to)))
                })
                .collect();
            let plan = match Graph::new(count, &pairs) {
                Ok(graph) => SlotPlan::new(&graph),
                Err(_) => SlotPlan::one_each(count),
            };
            let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
            *slots = Slots {
                of: plan.slot_of().iter().map(|slot| short(*slot)).collect(),
                count: short(plan.slots()),
                version: links.version,
            };
        }
    }

    /// The oracle looks at all links.
    fn look(&mut self, clock: &Clock) {
        if clock.tick > 0 && !clock.is_due(MEASURE_PERIOD_S, 0) {
            return;
        }
        let scene = &self.scene;
        let now = clock.now();
        let lives = |unit: UnitIx| {
            scene.board.piece(unit).is_on_air && !scene.compromises.is_excluded(unit, now)
        };
        let mut arcs = vec![Vec::new(); scene.order.units.len()];
        for (ix, network) in scene.networks.iter() {
            if scene.outages.networks.contains(&ix) {
                continue;
            }
            if !scene.networks.ideal {
                self.look_at(ix, &mut arcs);
                continue;
            }
            for (a, _) in network.members.iter().filter(|(unit, _)| lives(*unit)) {
                let others = network.members.iter();
                for (b, _) in others.filter(|(unit, _)| unit != a && lives(*unit)) {
                    arcs[a.at()].push(Arc {
                        to: *b,
                        ..Arc::perfect(ix)
                    });
                }
            }
        }
        self.topology
            .renew(arcs, scene.networks, scene.order, lives);
    }

    /// The oracle looks at the links of a network.
    fn look_at(&self, ix: NetworkIx, arcs: &mut [Vec<Arc>]) {
        let network = self.scene.networks.get(ix);
        let links = self.scene.links.of(ix);
        for (seat, (unit, _)) in network.members.iter().enumerate() {
            for link in links.row(seat) {
                let to = usize::from(link.to);
                let back = links.get(to, seat).map_or(0.0, |link| link.probe);
                if link.probe < USABLE || back < USABLE {
                    continue;
                }
                arcs[unit.at()].push(Arc {
                    to: network.member(to),
                    network: ix,
                    success: link.probe,
                    delay_s: link.delay_s,
                    // Time that a probe takes, tries included: expected transmission time.
                    cost_s: (network.air_time_s(PROBE_BYTES, usize::from(link.rate))
                        + network.latency_s
                        + link.delay_s)
                        / (link.probe * back),
                });
            }
        }
    }
}
