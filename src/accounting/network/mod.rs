//! The network over time: traffic, age of information, shape, use. See `NetworkAccount`.
//!
//! Messages are counted as they arrive or are given up. Every ten seconds the links that work both
//! ways are looked at, side by side: how much hangs together, who has a way to the command post above
//! it. Every minute also what holds the backbone together, and how much time each network spent on
//! the air. [`dead_zone`] looks at the terrain at the end.

mod age;
pub mod dead_zone;
pub mod report;
mod result;
mod traffic;
mod web;

use std::collections::BTreeMap;

use bevy::prelude::{Res, ResMut, Resource};

use crate::{
    comms::{
        Carried, Links, NetworkIx, Networks, Outages, network::Network, routing::is_forwarder,
        stations::Stations,
    },
    kernel::{
        ids::UnitIx,
        messages::Buffer,
        time::{Clock, SimTime},
    },
    org::{Echelon, OrderOfBattle, SideIx},
    platform::{class::Access, truth::Board},
    wire::{MessageClass, Precedence},
};
use age::AgeBook;
use report::ShapeSample;
use traffic::Traffic;
use web::{Strength, Web};

pub(super) use result::{delivery_ratio, report, side, summary};

/// Time between two looks at the shape, s.
const SHAPE_PERIOD_S: f64 = 10.0;

/// Time between two looks at what holds the backbone together, and at the use of networks, s.
const STRENGTH_PERIOD_S: f64 = 60.0;

/// Least probe success, both ways, of a link that counts: that of the oracle's routes.
const LINK_MIN: f64 = 0.2;

/// Classes whose age is followed: what a picture is made of.
const AGED: [MessageClass; 2] = [MessageClass::Position, MessageClass::Track];

/// What messages have in common that are counted together: side of the author, class, precedence, and
/// echelon of the reader's force.
type Kind = (SideIx, MessageClass, Precedence, Echelon);

/// The shape of one side's network over time.
#[derive(Debug, Clone, Default, PartialEq)]
struct Shape {
    /// Samples in order of time.
    samples: Vec<ShapeSample>,
    /// The web of the last sample, with what holds it together if that was asked for.
    last: Option<(Web, Option<Strength>)>,
}

/// The use of one network over time.
#[derive(Debug, Clone, Default, PartialEq)]
struct Load {
    /// Time on the air of all stations as of the last point, s.
    air_s: f64,
    /// (time in s, utilisation since the point before).
    points: Vec<[f64; 2]>,
}

/// Everything about the network that is counted in a run. As the other accounts, it influences
/// nothing and is no state.
#[derive(Debug, Clone, Default, PartialEq, Resource)]
pub(super) struct NetworkAccount {
    /// What became of messages.
    traffic: BTreeMap<Kind, Traffic>,
    /// Age of information.
    ages: AgeBook,
    /// By side.
    shapes: Vec<Shape>,
    /// By network.
    loads: Vec<Load>,
    /// Whether each unit passes others' messages on, by rank.
    forwards: Vec<bool>,
}

/// Follows messages.
pub(super) fn messages(
    (clock, order): (Res<'_, Clock>, Res<'_, OrderOfBattle>),
    carried: Res<'_, Buffer<Carried>>,
    mut account: ResMut<'_, NetworkAccount>,
) {
    for message in carried.read() {
        let side = order.unit(message.from).side;
        let echelon = order.force_of(message.to).echelon;
        let kind = (side, message.class, message.precedence, echelon);
        account
            .traffic
            .entry(kind)
            .or_default()
            .count(message.delay_s);
        if let Some(delay_s) = message.delay_s.filter(|_| AGED.contains(&message.class)) {
            // Messages are written at the start of a tick, so that the delay says when in this tick
            // they arrive.
            let delay_us = SimTime::from_s(delay_s).0;
            let at = SimTime(clock.now().0 + delay_us % clock.dt_us);
            let written = SimTime(at.0.saturating_sub(delay_us));
            let pair = (message.class, message.from, message.to);
            account.ages.arrive(pair, written, at);
        }
    }
}

/// What the shape of networks is read from.
pub(super) struct Ground<'a> {
    pub(super) order: &'a OrderOfBattle,
    pub(super) networks: &'a Networks,
    pub(super) outages: &'a Outages,
    pub(super) links: &'a Links,
    pub(super) board: &'a Board,
}

impl Ground<'_> {
    /// Whether a unit lives and has a radio.
    fn is_there(&self, unit: UnitIx) -> bool {
        let nets = self.networks.of_unit.get(unit.at());
        nets.is_some_and(|nets| !nets.is_empty()) && self.board.piece(unit).is_on_air
    }

    /// Adds the links of a network that work both ways between live members.
    fn links_of(&self, (ix, network): (NetworkIx, &Network), found: &mut Vec<(UnitIx, UnitIx)>) {
        let is_there = |seat: usize| self.is_there(network.member(seat));
        for from in (0..network.members.len()).filter(|from| is_there(*from)) {
            let mut join = |to: usize| found.push((network.member(from), network.member(to)));
            if self.networks.ideal {
                let later = from + 1..network.members.len();
                later.filter(|to| is_there(*to)).for_each(&mut join);
                continue;
            }
            let links = self.links.of(ix);
            for link in links.row(from) {
                let to = usize::from(link.to);
                let back = || links.get(to, from).map_or(0.0, |back| back.probe);
                if to > from && link.probe >= LINK_MIN && back() >= LINK_MIN && is_there(to) {
                    join(to);
                }
            }
        }
    }

    /// Units and links of every side, each rising.
    fn sides(&self) -> Vec<(Vec<UnitIx>, Vec<(UnitIx, UnitIx)>)> {
        let mut sides = vec![(Vec::new(), Vec::new()); self.order.sides.len()];
        for at in 0..self.order.units.len() {
            let unit = UnitIx::from_at(at);
            if self.is_there(unit) {
                sides[self.order.unit(unit).side.at()].0.push(unit);
            }
        }
        for (ix, network) in self.networks.iter() {
            let is_up = !self.outages.networks.contains(&ix);
            // Members of a network are of one side.
            if let Some((first, _)) = network.members.first().filter(|_| is_up) {
                let links = &mut sides[self.order.unit(*first).side.at()].1;
                self.links_of((ix, network), links);
            }
        }
        for (_, links) in &mut sides {
            links.sort_unstable();
            links.dedup();
        }
        sides
    }

    /// Share of the units of a web with a command post above them that have a way to it.
    fn reach(&self, web: &Web) -> Option<f64> {
        let (mut all, mut reached) = (0_u32, 0_u32);
        for unit in &web.units {
            if let Some(post) = self.order.superior_of(*unit) {
                all += 1;
                reached += u32::from(web.reaches(*unit, post));
            }
        }
        (all > 0).then(|| f64::from(reached) / f64::from(all))
    }
}

/// Looks at the shape of every side's network.
pub(super) fn shapes(
    (clock, order, board): (Res<'_, Clock>, Res<'_, OrderOfBattle>, Res<'_, Board>),
    (networks, outages): (Res<'_, Networks>, Res<'_, Outages>),
    links: Res<'_, Links>,
    mut account: ResMut<'_, NetworkAccount>,
) {
    let is_measured = networks.ideal || !links.is_empty() || networks.list.is_empty();
    if !clock.is_due(SHAPE_PERIOD_S, 0) || !is_measured {
        return;
    }
    let account = &mut *account;
    let ground = Ground {
        order: &order,
        networks: &networks,
        outages: &outages,
        links: &links,
        board: &board,
    };
    let NetworkAccount {
        shapes, forwards, ..
    } = account;
    if forwards.is_empty() {
        let passes_on =
            |at| !networks.list.is_empty() && is_forwarder(UnitIx::from_at(at), &networks, &order);
        *forwards = (0..order.units.len()).map(passes_on).collect();
    }
    shapes.resize_with(order.sides.len(), Shape::default);
    let asks_strength = clock.is_due(STRENGTH_PERIOD_S, 0);
    for ((units, found), shape) in ground.sides().into_iter().zip(shapes) {
        let passes_on = |unit: UnitIx| forwards[unit.at()];
        shape.look(
            (units, found),
            passes_on,
            &ground,
            asks_strength,
            clock.now(),
        );
    }
}

impl Shape {
    /// Takes a sample of these units and links. What did not change is not worked out again.
    fn look(
        &mut self,
        (units, links): (Vec<UnitIx>, Vec<(UnitIx, UnitIx)>),
        forwards: impl Fn(UnitIx) -> bool,
        ground: &Ground<'_>,
        asks_strength: bool,
        now: SimTime,
    ) {
        let known = self
            .last
            .take()
            .filter(|(web, _)| web.is_of(&units, &links));
        let is_known = known.is_some();
        let found = known.or_else(|| Some((Web::new(units, links, forwards)?, None)));
        let Some((web, mut strength)) = found else {
            return;
        };
        if asks_strength && strength.is_none() {
            strength = web.strength();
        }
        let before = self.samples.last().filter(|_| is_known);
        let shown = strength.filter(|_| asks_strength);
        self.samples.push(ShapeSample {
            t_s: now.as_s(),
            units: web.units.len() as u64,
            giant_component: web.giant_share(),
            reach: ground.reach(&web),
            articulation_nodes: before
                .map_or_else(|| web.articulation_nodes(), |it| it.articulation_nodes),
            vertex_connectivity: shown.map(|it| it.vertex),
            algebraic_connectivity: shown.map(|it| it.algebraic),
        });
        self.last = Some((web, strength));
    }
}

/// Channels of a network: its own for every member where nobody shares one.
fn channels(network: &Network) -> f64 {
    match network.access {
        Access::PointToPoint => network.members.len().max(1) as f64,
        // One down, one up.
        Access::Cellular => 2.0,
        Access::Tdma | Access::Csma | Access::Aloha => 1.0,
    }
}

/// Time that the stations of a network spent on the air, s.
fn air_s(stations: &Stations, ix: NetworkIx) -> f64 {
    let stations = stations.of(ix).iter();
    stations.map(|station| station.traffic.air_s).sum()
}

/// Looks at the use of every network.
pub(super) fn loads(
    (clock, networks, stations): (Res<'_, Clock>, Res<'_, Networks>, Res<'_, Stations>),
    mut account: ResMut<'_, NetworkAccount>,
) {
    if clock.tick == 0 || !clock.is_due(STRENGTH_PERIOD_S, 0) {
        return;
    }
    let loads = &mut account.loads;
    loads.resize_with(networks.list.len(), Load::default);
    for ((ix, network), load) in networks.iter().zip(loads) {
        let air_s = air_s(&stations, ix);
        let used = (air_s - load.air_s) / (STRENGTH_PERIOD_S * channels(network));
        load.points.push([clock.now().as_s(), used]);
        load.air_s = air_s;
    }
}
