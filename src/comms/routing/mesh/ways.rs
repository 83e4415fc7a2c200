//! Ways over what a node knows.

use super::{Mesh, Outward, is_better, replace};
use crate::{
    comms::{
        network::NetworkIx,
        routing::{neighbour::Beyond, tree::Tree},
    },
    kernel::ids::UnitIx,
};

impl Mesh {
    /// The shortest paths of a node, made if need be.
    fn tree(&mut self, unit: UnitIx, inside: bool) -> &Tree {
        if self.nodes[unit.at()].trees[usize::from(inside)].is_none() {
            let (area, root) = self.areas.of[unit.at()];
            let members = &self.areas.members[usize::from(area)];
            let node = &self.nodes[unit.at()];
            let links = |place: u16| {
                if place == root {
                    return node.own.as_slice();
                }
                if let Some(named) = node.named_by(members[usize::from(place)]) {
                    return named;
                }
                let author = &self.nodes[members[usize::from(place)].at()];
                let known = node.known[usize::from(place)].sequence;
                author
                    .advert(known)
                    .map_or(&[][..], |it| it.links.as_slice())
            };
            let forwards = |place: u16| {
                let member = members[usize::from(place)];
                self.areas.forwards[member.at()] && (!inside || self.is_inside(unit, member))
            };
            let tree = Tree::grow(root, members.len(), links, forwards);
            self.nodes[unit.at()].trees[usize::from(inside)] = Some(tree);
        }
        let tree = &self.nodes[unit.at()].trees[usize::from(inside)];
        tree.as_ref().expect("it was made above")
    }

    /// Whether two units belong to the same service of the same nation.
    fn is_inside(&self, a: UnitIx, b: UnitIx) -> bool {
        self.areas.domains[a.at()] == self.areas.domains[b.at()]
    }

    /// Ways to other areas over a node's own neighbours there.
    pub(super) fn across(&self, unit: UnitIx, inside: bool) -> Vec<Outward> {
        let own_area = self.areas.area(unit);
        let node = &self.nodes[unit.at()];
        let mut found: Vec<Outward> = Vec::new();
        for it in node.neighbours.iter().filter(|it| it.is_symmetric()) {
            let area = self.areas.area(it.unit);
            if area == own_area || inside && !self.is_inside(unit, it.unit) {
                continue;
            }
            for offer in it.offers.iter().filter(|offer| offer.inside == inside) {
                let cost_s = it.cost_s + offer.cost_s;
                if offer.way.contains(&own_area) || !is_better(&found, offer.area, cost_s) {
                    continue;
                }
                let mut way = vec![own_area];
                way.extend(&offer.way);
                replace(
                    &mut found,
                    Outward {
                        beyond: Beyond {
                            area: offer.area,
                            inside,
                            cost_s,
                            way,
                        },
                        first: it.unit,
                    },
                );
            }
        }
        found
    }

    /// The best ways of a node to other areas, made if need be.
    fn outward(&mut self, unit: UnitIx, inside: bool) -> &[Outward] {
        if self.nodes[unit.at()].outward[usize::from(inside)].is_none() {
            self.tree(unit, inside);
            let mut found = self.across(unit, inside);
            let (area, own_place) = self.areas.of[unit.at()];
            let members = &self.areas.members[usize::from(area)];
            let node = &self.nodes[unit.at()];
            let tree = node.trees[usize::from(inside)].as_ref();
            for (place, member) in members.iter().enumerate() {
                let passes = !inside || self.is_inside(unit, *member);
                if place == usize::from(own_place) || !passes {
                    continue;
                }
                let Some(reached) = tree.and_then(|tree| tree.reached(place)) else {
                    continue;
                };
                let known = node.known[place].sequence;
                let advert = self.nodes[member.at()].advert(known);
                let offers = advert.map_or(&[][..], |it| it.beyond.as_slice());
                for offer in offers.iter().filter(|offer| offer.inside == inside) {
                    let cost_s = reached.cost_s + offer.cost_s;
                    if !is_better(&found, offer.area, cost_s) {
                        continue;
                    }
                    replace(
                        &mut found,
                        Outward {
                            beyond: Beyond {
                                cost_s,
                                ..offer.clone()
                            },
                            first: members[usize::from(reached.first)],
                        },
                    );
                }
            }
            self.nodes[unit.at()].outward[usize::from(inside)] = Some(found);
        }
        self.nodes[unit.at()].outward[usize::from(inside)]
            .as_deref()
            .unwrap_or(&[])
    }

    /// What a node tells neighbours of other areas that it reaches: its own area, and others.
    pub(super) fn offers(&mut self, unit: UnitIx) -> Vec<Beyond> {
        if !self.areas.forwards[unit.at()] || !self.has_area(unit) {
            return Vec::new();
        }
        let own = self.areas.area(unit);
        let mut offers = Vec::new();
        for inside in [false, true] {
            offers.push(Beyond {
                area: own,
                inside,
                cost_s: 0.0,
                way: vec![own],
            });
            offers.extend(
                self.outward(unit, inside)
                    .iter()
                    .map(|it| it.beyond.clone()),
            );
        }
        offers
    }

    /// The next hop of a node towards a reader, by what the node knows. `inside` keeps to forwarders
    /// of its own nation and service.
    pub fn next(
        &mut self,
        unit: UnitIx,
        reader: UnitIx,
        inside: bool,
    ) -> Option<(NetworkIx, UnitIx)> {
        let area = self.areas.area(reader);
        if !self.has_area(reader) || !self.has_area(unit) {
            return None;
        }
        let first = if area == self.areas.area(unit) {
            let place = self.areas.place(reader);
            let reached = self.tree(unit, inside).reached(place);
            reached.map(|it| self.areas.members[usize::from(area)][usize::from(it.first)])
        } else if self.nodes[unit.at()].best_to(reader).is_some() {
            Some(reader)
        } else {
            let ways = self.outward(unit, inside);
            ways.iter()
                .find(|it| it.beyond.area == area)
                .map(|it| it.first)
        }?;
        let (network, _) = self.nodes[unit.at()].best_to(first)?;
        Some((network, first))
    }
}
