//! Ways over what a node knows.

use super::{Mesh, Outward, improve, keep_largest};
use crate::{
    comms::{
        network::NetworkIx,
        routing::{
            areas::{AREA_LIMIT, Part, Places},
            neighbour::{Beyond, Neighbour},
            tree::Tree,
        },
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

    /// The part of its area that a node belongs to, with its members; worked out if need be.
    pub(super) fn own_part(&mut self, unit: UnitIx, inside: bool) -> (Part, Places) {
        let places = self.tree(unit, inside).places();
        let (area, place) = self.areas.of[unit.at()];
        let leads = |at: &u16| {
            let member = self.areas.members[usize::from(area)][usize::from(*at)];
            self.areas.forwards[member.at()] && (!inside || self.is_inside(unit, member))
        };
        let mut members = (0..).take(AREA_LIMIT).filter(|at| places >> at & 1 == 1);
        let lead = members.find(leads).unwrap_or(place);
        (Part { area, lead }, places)
    }

    /// Whether a neighbour belongs to another area, and may tell what it reaches.
    fn is_across(&self, unit: UnitIx, neighbour: &Neighbour, inside: bool) -> bool {
        neighbour.is_symmetric()
            && self.areas.area(neighbour.unit) != self.areas.area(unit)
            && (!inside || self.is_inside(unit, neighbour.unit))
    }

    /// Ways to other parts over a node's own neighbours in other areas.
    pub(super) fn across(&mut self, unit: UnitIx, inside: bool) -> Vec<Outward> {
        let mut found: Vec<Outward> = Vec::new();
        let mut neighbours = self.nodes[unit.at()].neighbours.iter();
        if !neighbours.any(|it| self.is_across(unit, it, inside)) {
            return found;
        }
        let (own, places) = self.own_part(unit, inside);
        for it in &self.nodes[unit.at()].neighbours {
            if !self.is_across(unit, it, inside) {
                continue;
            }
            for offer in it.offers.iter().filter(|offer| offer.inside == inside) {
                if offer.way.iter().any(|on| on.is_among(own.area, places)) {
                    continue;
                }
                let cost_s = it.cost_s + offer.cost_s;
                improve(&mut found, offer.part, cost_s, || Outward {
                    beyond: Beyond {
                        cost_s,
                        way: core::iter::once(own)
                            .chain(offer.way.iter().copied())
                            .collect(),
                        ..*offer
                    },
                    first: it.unit,
                });
            }
        }
        keep_largest(&mut found);
        found
    }

    /// The best ways of a node to other parts, worked out.
    fn find_outward(&mut self, unit: UnitIx, inside: bool) -> Vec<Outward> {
        let (own, places) = self.own_part(unit, inside);
        let mut found = self.across(unit, inside);
        let members = &self.areas.members[usize::from(own.area)];
        let node = &self.nodes[unit.at()];
        let tree = node.trees[usize::from(inside)].as_ref();
        for (place, member) in members.iter().enumerate() {
            let passes = !inside || self.is_inside(unit, *member);
            if *member == unit || !passes {
                continue;
            }
            let Some(reached) = tree.and_then(|tree| tree.reached(place)) else {
                continue;
            };
            let advert = self.nodes[member.at()].advert(node.known[place].sequence);
            let offers = advert.map_or(&[][..], |it| it.beyond.as_slice());
            for offer in offers.iter().filter(|offer| offer.inside == inside) {
                if offer.way[1..]
                    .iter()
                    .any(|on| on.is_among(own.area, places))
                {
                    continue;
                }
                let cost_s = reached.cost_s + offer.cost_s;
                improve(&mut found, offer.part, cost_s, || Outward {
                    beyond: Beyond {
                        cost_s,
                        ..offer.clone()
                    },
                    first: members[usize::from(reached.first)],
                });
            }
        }
        keep_largest(&mut found);
        found
    }

    /// The best ways of a node to other parts, made if need be.
    fn outward(&mut self, unit: UnitIx, inside: bool) -> &[Outward] {
        if self.nodes[unit.at()].outward[usize::from(inside)].is_none() {
            let found = self.find_outward(unit, inside);
            self.nodes[unit.at()].outward[usize::from(inside)] = Some(found);
        }
        self.nodes[unit.at()].outward[usize::from(inside)]
            .as_deref()
            .unwrap_or(&[])
    }

    /// What a node tells neighbours of other areas that it reaches: its own part, and others. One
    /// that does not forward tells of itself, if nobody in its area does.
    pub(super) fn offers(&mut self, unit: UnitIx) -> Vec<Beyond> {
        let mut offers = Vec::new();
        if !self.has_area(unit) {
            return offers;
        }
        let forwards = self.areas.forwards[unit.at()];
        for inside in [false, true] {
            let (part, places) = self.own_part(unit, inside);
            if !forwards && part.lead != self.areas.of[unit.at()].1 {
                continue;
            }
            offers.push(Beyond {
                part,
                places,
                inside,
                cost_s: 0.0,
                way: [part].into(),
            });
            if forwards {
                let outward = self.outward(unit, inside);
                offers.extend(outward.iter().map(|it| it.beyond.clone()));
            }
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
        let place = self.areas.place(reader);
        let is_own = area == self.areas.area(unit);
        let near = if is_own {
            let reached = self.tree(unit, inside).reached(place);
            reached.map(|it| self.areas.members[usize::from(area)][usize::from(it.first)])
        } else {
            let is_near = self.nodes[unit.at()].best_to(reader).is_some();
            is_near.then_some(reader)
        };
        // Where no part is said to hold the reader, the nearest may know more.
        let lacks = |it: &Beyond| it.places >> place & 1 == 0;
        let first = near.or_else(|| {
            self.outward(unit, inside)
                .iter()
                .map(|it| (&it.beyond, it.first))
                .filter(|(it, _)| it.part.area == area && !(is_own && lacks(it)))
                .min_by(|(a, _), (b, _)| {
                    let nearer = a.cost_s.total_cmp(&b.cost_s);
                    lacks(a).cmp(&lacks(b)).then(nearer)
                })
                .map(|(_, first)| first)
        })?;
        let (network, _) = self.nodes[unit.at()].best_to(first)?;
        Some((network, first))
    }
}
