//! Measuring links: each network anew every two seconds, a pair only where an end has left its cell. See
//! [`LinksPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut};
use glam::DVec3;

use super::{
    disturbance::disturb,
    links::{Links, NetworkLinks},
    network::{Network, Networks, Outages},
    reach::{range_max_m, snr_and_delay},
    stations::Stations,
};
use crate::{
    cyber_ew::{Compromises, Jammers},
    environment::{Landscape, Weather},
    kernel::{
        ids::UnitIx,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        time::{Clock, SimTime},
    },
    platform::truth::Board,
    spectrum::cell::{CELL_M, PathCell},
};

/// Time between two measurements of a network, s.
pub(super) const MEASURE_PERIOD_S: f64 = 2.0;

/// Members of a network above which those within reach are looked up in the spatial index.
const FEW: usize = 64;

/// A point brought back above the surface that rounding may have put it under.
pub(super) fn lifted(point: DVec3, antenna_m: f64, landscape: &Landscape) -> DVec3 {
    if point.z < -1.0 && landscape.terrain.depth_m(point.x, point.y) > 0.0 {
        return point;
    }
    let least_m = landscape.terrain.surface_m(point.x, point.y) + antenna_m.max(0.5);
    DVec3::new(point.x, point.y, point.z.max(least_m))
}

/// What measuring reads.
struct Survey<'a> {
    landscape: &'a Landscape,
    weather: &'a Weather,
    board: &'a Board,
    compromises: &'a Compromises,
    now: SimTime,
}

impl Survey<'_> {
    /// Measures the pairs of a network of which an end has left its cell; tells whether there were
    /// any.
    fn measure(&self, network: &Network, links: &mut NetworkLinks) -> bool {
        let count = network.members.len();
        if links.rows.len() != count || links.weather != *self.weather {
            links.weather = *self.weather;
            links.rows = vec![Vec::new(); count];
            links.cells = vec![None; count];
            links.losses.clear();
        }
        let mut ends = Vec::with_capacity(count);
        let mut moved = Vec::new();
        for (seat, (unit, antenna_m)) in network.members.iter().enumerate() {
            let piece = self.board.piece(*unit);
            let cell = PathCell::of(piece.position + DVec3::Z * *antenna_m);
            let centre = cell.centre();
            let is_there = piece.is_on_air && !self.compromises.is_excluded(*unit, self.now);
            let cell = is_there.then_some(cell);
            if cell != links.cells[seat] {
                links.cells[seat] = cell;
                moved.push(seat);
            }
            ends.push((cell, centre, *antenna_m));
        }
        if moved.is_empty() {
            return false;
        }
        let mut has_moved = vec![false; count];
        for seat in &moved {
            has_moved[*seat] = true;
        }
        for (_, at, antenna_m) in &mut ends {
            *at = lifted(*at, *antenna_m, self.landscape);
        }
        let mut near = Vec::new();
        for seat in moved.iter().copied() {
            self.candidates(network, ends[seat].1, &mut near);
            for other in near.iter().copied() {
                let is_done = has_moved[other] && other < seat;
                if other == seat || is_done || !network.joins(seat, other) {
                    continue;
                }
                let both_live = ends[seat].0.is_some() && ends[other].0.is_some();
                let places = (ends[seat].1, ends[other].1);
                let measured = both_live
                    .then(|| snr_and_delay(network, places, self.landscape, self.weather))
                    .flatten();
                links.join(network, [seat, other], measured);
            }
        }
        true
    }

    /// Seats of the members that might be within reach of a place.
    fn candidates(&self, network: &Network, at: DVec3, out: &mut Vec<usize>) {
        out.clear();
        let range_m = range_max_m(network);
        if network.members.len() <= FEW || !range_m.is_finite() {
            out.extend(0..network.members.len());
            return;
        }
        // What was within reach before must be looked at again too: a cell's width and a period's way
        // are far below this margin.
        let mut units = Vec::new();
        self.board
            .near_into(at.truncate(), range_m + 4.0 * CELL_M, &mut units);
        units.sort_unstable();
        out.extend(units.iter().filter_map(|unit| network.seat(UnitIx(*unit))));
    }
}

/// Measures the links of every network that is due.
fn measure(
    (clock, weather, landscape): (Res<'_, Clock>, Res<'_, Weather>, Res<'_, Landscape>),
    (networks, board): (Res<'_, Networks>, Res<'_, Board>),
    compromises: Res<'_, Compromises>,
    mut links: ResMut<'_, Links>,
) {
    if networks.ideal {
        return;
    }
    let links = &mut *links;
    links.make_room(networks.list.len());
    let survey = Survey {
        landscape: &landscape,
        weather: &weather,
        board: &board,
        compromises: &compromises,
        now: clock.now(),
    };
    for (ix, network) in networks.iter() {
        if clock.tick > 0 && !clock.is_due(MEASURE_PERIOD_S, u64::from(ix.0)) {
            continue;
        }
        let links = links.of_mut(ix);
        if survey.measure(network, links) {
            links.version += 1;
        }
    }
}

/// Measures links in the phase `Link`.
#[derive(Debug)]
pub(super) struct LinksPlugin;

impl Plugin for LinksPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Networks>()
            .init_resource::<Outages>()
            .init_resource::<Links>()
            .init_resource::<Stations>()
            .init_resource::<Jammers>()
            .init_resource::<Compromises>()
            .register_state_resource::<Outages>()
            .register_state_resource::<Links>()
            .add_systems(SimTick, (measure, disturb).chain().in_set(Phase::Link));
    }
}
