//! Links between members of a network, and the routing graph made of them. See [`LinksPlugin`].
//!
//! Each network is measured anew every two seconds, a pair only where an end has left its cell; routes are
//! worked out anew every [`ROUTING_PERIOD_S`], so that between two rounds they may be stale.

use std::collections::BTreeMap;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};
use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::{
    network::{Carrier, NetworkIx, Networks, Outages},
    reach::{PERFECT_DB, snr_and_delay},
    routing::{Arc, Topology},
};
use crate::{
    environment::{Landscape, Weather},
    kernel::{
        ids::UnitIx,
        registry::StateAppExt,
        schedule::{CommunicateSystems, SimTick},
        time::Clock,
    },
    org::OrderOfBattle,
    platform::truth::Board,
};

/// Time between two rounds of routing, s: the topology-control interval of OLSR (RFC 3626, §18.2).
pub const ROUTING_PERIOD_S: f64 = 5.0;

/// Time between two measurements of a network, s.
const MEASURE_PERIOD_S: f64 = 2.0;

/// Width of the cells to which ends are rounded before a link is measured, m; heights to a tenth.
const CELL_M: f64 = 50.0;

/// Least packet success of a link that routes use.
const USABLE: f64 = 0.2;

/// Size of the packet by which routes are compared, bytes.
const PROBE_BYTES: f64 = 256.0;

/// One measured link.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Cells of both ends when it was measured.
    cells: [[i32; 3]; 2],
    /// Signal-to-noise ratio, dB; minus infinity where nothing arrives.
    pub snr_db: f64,
    /// Propagation delay, s.
    pub delay_s: f64,
}

/// Key of a link: network and both members, the lower rank first.
pub type LinkKey = (NetworkIx, UnitIx, UnitIx);

/// All links of all networks, as last measured.
#[derive(Debug, Clone, Default, Resource, Serialize, Deserialize)]
pub struct Links {
    links: BTreeMap<LinkKey, Link>,
}

impl Links {
    /// A link.
    #[must_use]
    pub fn get(&self, network: NetworkIx, a: UnitIx, b: UnitIx) -> Option<&Link> {
        self.links.get(&(network, a.min(b), a.max(b)))
    }

    /// All links in order of network and members.
    pub fn iter(&self) -> impl Iterator<Item = (&LinkKey, &Link)> {
        self.links.iter()
    }
}

/// The cell of a point and the point in its middle.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float-to-integer `as` saturates"
)]
fn rounded(point: DVec3) -> ([i32; 3], DVec3) {
    let up_m = CELL_M / 10.0;
    let cell = [
        (point.x / CELL_M).round() as i32,
        (point.y / CELL_M).round() as i32,
        (point.z / up_m).round() as i32,
    ];
    let [x, y, z] = cell.map(f64::from);
    (cell, DVec3::new(x * CELL_M, y * CELL_M, z * up_m))
}

/// A point brought back above the surface that rounding may have put it under.
pub(super) fn lifted(point: DVec3, antenna_m: f64, landscape: &Landscape) -> DVec3 {
    if point.z < -1.0 && landscape.terrain.depth_m(point.x, point.y) > 0.0 {
        return point;
    }
    let least_m = landscape.terrain.surface_m(point.x, point.y) + antenna_m.max(0.5);
    DVec3::new(point.x, point.y, point.z.max(least_m))
}

/// Measures the links of every network that is due.
fn measure(
    (clock, weather, landscape): (Res<'_, Clock>, Res<'_, Weather>, Res<'_, Landscape>),
    (networks, board): (Res<'_, Networks>, Res<'_, Board>),
    mut links: ResMut<'_, Links>,
) {
    if networks.ideal {
        return;
    }
    for (at, network) in networks.list.iter().enumerate() {
        if clock.tick > 0 && !clock.is_due(MEASURE_PERIOD_S, at as u64) {
            continue;
        }
        let ix = NetworkIx(u16::try_from(at).expect("networks are limited on load"));
        let ends: Vec<_> = network
            .members
            .iter()
            .map(|(unit, antenna_m)| {
                let piece = board.piece(*unit);
                let (cell, centre) = rounded(piece.position + DVec3::Z * *antenna_m);
                (
                    *unit,
                    piece.is_alive,
                    cell,
                    lifted(centre, *antenna_m, &landscape),
                )
            })
            .collect();
        for (n, (a, a_lives, a_cell, a_at)) in ends.iter().enumerate() {
            for (b, b_lives, b_cell, b_at) in &ends[n + 1..] {
                let key = (ix, *a, *b);
                if !(*a_lives && *b_lives) {
                    links.links.remove(&key);
                    continue;
                }
                let cells = [*a_cell, *b_cell];
                if links
                    .links
                    .get(&key)
                    .is_some_and(|link| link.cells == cells)
                {
                    continue;
                }
                let measured = snr_and_delay(network, (*a_at, *b_at), &landscape, &weather);
                let (snr_db, delay_s) = measured.unwrap_or((f64::NEG_INFINITY, 0.0));
                links.links.insert(
                    key,
                    Link {
                        cells,
                        snr_db,
                        delay_s,
                    },
                );
            }
        }
    }
}

/// Makes the routing graph of the links that work.
fn route(
    (clock, networks, board): (Res<'_, Clock>, Res<'_, Networks>, Res<'_, Board>),
    (outages, links, order): (Res<'_, Outages>, Res<'_, Links>, Res<'_, OrderOfBattle>),
    mut topology: ResMut<'_, Topology>,
) {
    if clock.tick > 0 && !clock.is_due(ROUTING_PERIOD_S, 0) {
        return;
    }
    let mut arcs = vec![Vec::new(); order.units.len()];
    let mut join = |arc: Arc, a: UnitIx, b: UnitIx| {
        arcs[a.at()].push(Arc { to: b, ..arc });
        arcs[b.at()].push(Arc { to: a, ..arc });
    };
    if networks.ideal {
        for (at, network) in networks.list.iter().enumerate() {
            let ix = NetworkIx(u16::try_from(at).expect("networks are limited on load"));
            if outages.networks.contains(&ix) {
                continue;
            }
            let lives = |unit: &&(UnitIx, f64)| board.piece(unit.0).is_alive;
            let members: Vec<_> = network.members.iter().filter(lives).collect();
            for (n, (a, _)) in members.iter().enumerate() {
                for (b, _) in &members[n + 1..] {
                    join(Arc::perfect(ix), *a, *b);
                }
            }
        }
    } else {
        for ((ix, a, b), link) in links.iter() {
            if link.snr_db == f64::NEG_INFINITY || outages.networks.contains(ix) {
                continue;
            }
            let network = networks.get(*ix);
            let mut success = network.reception.probability(link.snr_db, PROBE_BYTES);
            if let Carrier::Satellite { availability } = network.carrier {
                success = success.min(availability);
            }
            if link.snr_db >= PERFECT_DB && !matches!(network.carrier, Carrier::Satellite { .. }) {
                success = 1.0;
            }
            if success >= USABLE {
                let arc = Arc {
                    to: *b,
                    network: *ix,
                    success,
                    delay_s: link.delay_s,
                    // Time that a probe takes, tries included: expected transmission time.
                    cost_s: (network.air_time_s(256) + network.latency_s + link.delay_s)
                        / (success * success),
                };
                join(arc, *a, *b);
            }
        }
    }
    topology.renew(arcs, &networks, &order, |unit| board.piece(unit).is_alive);
}

/// Measures links and makes the routing graph in the phase `Communicate`.
#[derive(Debug)]
pub struct LinksPlugin;

impl Plugin for LinksPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Networks>()
            .init_resource::<Outages>()
            .init_resource::<Links>()
            .init_resource::<Topology>()
            .register_state_resource::<Outages>()
            .register_state_resource::<Links>()
            .register_state_resource::<Topology>()
            .add_systems(
                SimTick,
                (measure, route).chain().in_set(CommunicateSystems::Link),
            );
    }
}
