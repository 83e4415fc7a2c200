//! The mesh as it is when a run begins: up, and known.

use std::collections::BTreeSet;

use super::{AT_START, Mesh};
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
            self.judge(UnitIx::from_at(at), air.networks, SimTime::ZERO);
        }
        for at in 0..self.nodes.len() {
            self.name_neighbours(UnitIx::from_at(at), 0);
        }
        for at in 0..self.nodes.len() {
            self.choose_relays(UnitIx::from_at(at));
        }
        // Word of what lies beyond goes one area further with each round.
        for _ in 0..=self.areas.members.len().min(16) {
            for at in 0..self.nodes.len() {
                self.issue(UnitIx::from_at(at), SimTime::ZERO);
            }
            self.spread();
            for at in 0..self.nodes.len() {
                self.offer_at_start(UnitIx::from_at(at));
            }
        }
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
