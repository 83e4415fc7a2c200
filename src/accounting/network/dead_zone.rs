//! Where a radio of a network has no way to its side's command post. See [`dead_zones`].

use bevy::prelude::World;
use glam::{DVec2, DVec3};

use super::{Ground, report::DeadZone, web::Web};
use crate::{
    comms::{
        Links, NetworkIx, Networks, Outages,
        hearing::Hearing,
        network::{Carrier, Network},
        routing::is_forwarder,
    },
    environment::{Landscape, Weather},
    kernel::ids::{UnitIndex, UnitIx},
    org::{OrderOfBattle, Role, SideIx},
    platform::truth::Board,
};

/// Cells of the raster, west to east and north to south.
const CELLS: u32 = 64;

/// Height of the antenna above the ground, m: a radio on a soldier's back or a low vehicle.
const ANTENNA_M: f64 = 2.0;

/// Least probability that a probe is heard.
const HEARD: f64 = 0.5;

/// What a map is made from.
struct Scene<'a> {
    ground: Ground<'a>,
    landscape: &'a Landscape,
    weather: &'a Weather,
    index: &'a UnitIndex,
}

impl Scene<'_> {
    /// The live command post of the largest echelon that has a radio, of equals the first.
    fn post(&self, web: &Web) -> Option<UnitIx> {
        let order = self.ground.order;
        let posts = web.units.iter().copied();
        posts
            .filter(|unit| order.has_role(*unit, Role::Command))
            .filter_map(|unit| Some((order.echelon_of_post(unit)?, unit)))
            .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))
            .map(|(_, unit)| unit)
    }

    /// The radio network of which most live members have a way to a post, of equals the first.
    fn network(&self, web: &Web, post: UnitIx) -> Option<NetworkIx> {
        let connected = |network: &Network| {
            let members = network.members.iter();
            members.filter(|(unit, _)| web.reaches(*unit, post)).count()
        };
        self.ground
            .networks
            .iter()
            .filter(|(ix, _)| !self.ground.outages.networks.contains(ix))
            .filter(|(_, network)| matches!(network.carrier, Carrier::Air { .. }))
            .map(|(ix, network)| (connected(network), ix))
            .filter(|(count, _)| *count > 0)
            .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))
            .map(|(_, ix)| ix)
    }

    /// Members that hear for a post: the post, and those that have a way to it and pass on.
    fn hearers(&self, web: &Web, post: UnitIx, ix: NetworkIx) -> Vec<(usize, DVec3)> {
        let (networks, order) = (self.ground.networks, self.ground.order);
        let members = networks.get(ix).members.iter().enumerate();
        let hears = |unit: UnitIx| {
            unit == post || is_forwarder(unit, networks, order) && web.reaches(unit, post)
        };
        let place = |unit: UnitIx| self.ground.board.piece(unit).position;
        members
            .filter(|(_, (unit, _))| hears(*unit))
            .map(|(seat, (unit, _))| (seat, place(*unit)))
            .collect()
    }

    /// The map of one side; none without a post that has a radio network through the air.
    fn map(&self, side: SideIx, web: &Web) -> Option<DeadZone> {
        let post = self.post(web)?;
        let ix = self.network(web, post)?;
        let hearers = self.hearers(web, post, ix);
        let hearing = Hearing::new(
            (ix, self.ground.networks),
            self.ground.links,
            (self.landscape, self.weather),
            hearers.iter().copied(),
        );
        let terrain = &self.landscape.terrain;
        let bounds = terrain.bounds();
        let cell_m = bounds.size() / f64::from(CELLS);
        let is_heard = |row: u32, column: u32| {
            let cells = DVec2::new(f64::from(column) + 0.5, f64::from(CELLS - row) - 0.5);
            let at = bounds.min + cells * cell_m;
            let place = terrain.above_surface(at, ANTENNA_M);
            hearing.is_heard((place, ANTENNA_M), HEARD)
        };
        let row = |row: u32| {
            let cells = (0..CELLS).map(|column| if is_heard(row, column) { '.' } else { '#' });
            cells.collect::<String>()
        };
        let rows: Vec<String> = (0..CELLS).map(row).collect();
        let dead: usize = rows.iter().map(|row| row.matches('#').count()).sum();
        Some(DeadZone {
            side: self.ground.order.sides[side.at()].id.clone(),
            network: self.ground.networks.get(ix).id.clone(),
            post: self.index.name(post).to_owned(),
            antenna_m: ANTENNA_M,
            extent_m: [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y],
            dead_zone_share: dead as f64 / f64::from(CELLS * CELLS),
            rows,
            post_m: self.ground.board.piece(post).position.truncate().into(),
            hearers_m: hearers.iter().map(|(_, at)| [at.x, at.y]).collect(),
        })
    }
}

/// For every side the map of the radio network of which most members have a way to the side's
/// highest command post: 64 by 64 cells over the terrain, as things are now. A radio in the middle of
/// a cell, its antenna two metres above the surface, is heard where a probe reaches, with a
/// probability of at least one half, a member that has a way to the post and passes on, or the post
/// itself. A side without such a network has no map.
#[must_use]
pub fn dead_zones(world: &World) -> Vec<DeadZone> {
    let (Some(landscape), Some(weather)) = (
        world.get_resource::<Landscape>(),
        world.get_resource::<Weather>(),
    ) else {
        return Vec::new();
    };
    let scene = Scene {
        ground: Ground {
            order: world.resource::<OrderOfBattle>(),
            networks: world.resource::<Networks>(),
            outages: world.resource::<Outages>(),
            links: world.resource::<Links>(),
            board: world.resource::<Board>(),
        },
        landscape,
        weather,
        index: world.resource::<UnitIndex>(),
    };
    let ground = &scene.ground;
    if ground.links.is_empty() && !ground.networks.ideal {
        return Vec::new();
    }
    let forwards = |unit: UnitIx| is_forwarder(unit, ground.networks, ground.order);
    let sides = (0..=u8::MAX).map(SideIx).zip(ground.sides());
    sides
        .filter_map(|(side, (units, links))| scene.map(side, &Web::new(units, links, forwards)?))
        .collect()
}
