//! The mesh as it is when a run begins: up, and known.

use std::collections::BTreeSet;

use super::{AT_START, Mesh, VERSIONS};
use crate::{
    comms::routing::{control::ControlAir, neighbour::Neighbour},
    kernel::{
        ids::UnitIx,
        time::{Clock, SimTime},
    },
};

impl Mesh {
    /// The mesh is up: everybody knows the neighbours that are there, and all of its area.
    pub fn start(&mut self, clock: &Clock, air: &ControlAir<'_>) {
        for (ix, network) in air.networks.iter() {
            let links = air.links.of(ix);
            for seat in 0..network.members.len() {
                let unit = network.member(seat);
                for link in links.row(seat) {
                    let other = usize::from(link.to);
                    let here = links.get(other, seat).map_or(0.0, |back| back.probe);
                    if here < AT_START || link.probe < AT_START {
                        continue;
                    }
                    let mut neighbour = Neighbour::new(network.member(other), ix);
                    let before = Self::number_on(network, neighbour.unit, clock);
                    neighbour.settle(before, here, link.probe);
                    let node = &mut self.nodes[unit.at()];
                    if let Err(at) = node.find(neighbour.unit, ix) {
                        node.neighbours.insert(at, neighbour);
                    }
                }
            }
        }
        for at in 0..self.nodes.len() {
            self.judge(
                UnitIx::from_at(at),
                (air.networks, air.links),
                SimTime::ZERO,
            );
        }
        for at in 0..self.nodes.len() {
            self.name_at_start(UnitIx::from_at(at));
        }
        for at in 0..self.nodes.len() {
            if self.has_area(UnitIx::from_at(at)) {
                self.choose_relays(UnitIx::from_at(at));
            }
        }
        for at in 0..self.nodes.len() {
            self.ask_at_start(UnitIx::from_at(at));
        }
        // Word of what lies beyond goes one part further with each round.
        let mut told = None;
        for _ in 0..VERSIONS {
            for at in 0..self.nodes.len() {
                self.issue_at_start(UnitIx::from_at(at));
            }
            let versions = self.nodes.iter().map(|node| node.versions.len());
            let now_told: Option<usize> = Some(versions.sum());
            if now_told == told {
                break;
            }
            told = now_told;
            self.spread();
            for at in 0..self.nodes.len() {
                self.offer_at_start(UnitIx::from_at(at));
            }
        }
    }

    /// A node hears the links of its neighbours, at the start.
    fn name_at_start(&mut self, unit: UnitIx) {
        let mut node = core::mem::take(&mut self.nodes[unit.at()]);
        for neighbour in &mut node.neighbours {
            if self.areas.area(neighbour.unit) == self.areas.area(unit) {
                let theirs = &self.nodes[neighbour.unit.at()].own;
                neighbour.named.clone_from(theirs);
            }
        }
        node.is_stale = true;
        self.nodes[unit.at()] = node;
    }

    /// A node hears who asks it to pass messages on, at the start.
    fn ask_at_start(&mut self, unit: UnitIx) {
        let mut node = core::mem::take(&mut self.nodes[unit.at()]);
        for neighbour in &mut node.neighbours {
            let theirs = &self.nodes[neighbour.unit.at()].relays;
            neighbour.asks = theirs.binary_search(&unit).is_ok();
        }
        self.nodes[unit.at()] = node;
    }

    /// Lets everybody know the newest advert of all it can reach in its area.
    fn spread(&mut self) {
        for area in 0..self.areas.members.len() {
            let members = self.areas.members[area].clone();
            for origin in &members {
                let sequence = self.nodes[origin.at()].issued.0;
                let mut reached = vec![*origin];
                let mut seen: BTreeSet<UnitIx> = reached.iter().copied().collect();
                let mut next = 0;
                while let Some(at) = reached.get(next).copied() {
                    next += 1;
                    if !self.areas.forwards[at.at()] {
                        continue;
                    }
                    for neighbour in &self.nodes[at.at()].neighbours {
                        let is_near = usize::from(self.areas.area(neighbour.unit)) == area;
                        if is_near && neighbour.is_symmetric() && seen.insert(neighbour.unit) {
                            reached.push(neighbour.unit);
                        }
                    }
                }
                let place = self.areas.place(*origin);
                for unit in reached {
                    let node = &mut self.nodes[unit.at()];
                    node.known[place].sequence = sequence;
                    node.forget();
                }
            }
        }
    }

    /// Tells neighbours of other areas what a node reaches, at the start.
    fn offer_at_start(&mut self, unit: UnitIx) {
        let offers = self.offers(unit);
        let neighbours: Vec<_> = self.nodes[unit.at()]
            .neighbours
            .iter()
            .map(|it| (it.unit, it.network))
            .collect();
        for (other, network) in neighbours {
            let node = &mut self.nodes[other.at()];
            if let Ok(at) = node.find(unit, network) {
                node.neighbours[at].offers.clone_from(&offers);
                node.outward = [None, None];
            }
        }
    }
}
