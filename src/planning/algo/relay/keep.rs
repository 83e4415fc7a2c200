//! Relays for a plan over time: who holds which place, and who is knowingly left without a link.

use super::graph::{CandidateGraph, GraphError};
use super::place::place;
use super::subsets::SubsetTable;
use crate::kernel::assignment::{Assigner, AssignmentError, Costs};
use crate::kernel::budget::Budget;
use glam::DVec2;
use thiserror::Error;

/// Most members of a slot, besides the hub, whose subsets are all weighed.
const MOST_WEIGHED: usize = 12;
/// Share of a relay's price that its way costs at most, so that the number of relays decides.
const WAY_SHARE: f64 = 1e-3;

/// Somebody at work in a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Where, m.
    pub at: DVec2,
    /// What being joined to the hub is worth in this slot, in points.
    pub worth: f64,
}

/// What a task plan says about one stretch of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlotPlan {
    /// When it begins, s.
    pub begins_s: f64,
    /// Who is where; the first is the hub, to which the others are to be joined.
    pub members: Vec<Member>,
}

/// A place of a slot, as links know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where the member of this number is; 0 is the hub.
    Member(usize),
    /// The candidate place of this number.
    Candidate(usize),
}

/// Whether two places hear each other in the slot of this number; asked with the member first, and of
/// two of a kind with the lower number first.
pub type Link<'a> = &'a dyn Fn(usize, Place, Place) -> bool;

/// Something that can carry traffic on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelayVehicle {
    /// Where it is at time zero, m.
    pub at: DVec2,
    /// Its speed, m/s.
    pub speed_m_s: f64,
}

/// What a slot keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptSlot {
    /// Candidate place that each relay vehicle holds; `None` if it is not needed and stays.
    pub held: Vec<Option<usize>>,
    /// Whether each member is joined to the hub.
    pub joined: Vec<bool>,
    /// Worth of the members that are not joined, in points.
    pub given_up: f64,
    /// Whether all subsets of members were weighed, so that from where the vehicles were no other
    /// choice of this slot's cheapest trees keeps more.
    pub is_weighed: bool,
}

/// Why relays were not planned.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum KeepError {
    /// A slot begins before the one before it or at no finite time, or has no hub.
    #[error("slot {0} has no hub or begins out of order")]
    Slot(usize),
    /// A worth, place or speed is negative or not a finite number.
    #[error("a worth, place or speed of {0} is not a usable number")]
    Number(String),
    /// The graph of a slot was refused.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// Distances came out beyond what the assignment accepts.
    #[error(transparent)]
    Costs(#[from] AssignmentError),
}

/// One slot's problem.
struct Slot<'a> {
    members: &'a [Member],
    candidates: &'a [DVec2],
    graph: CandidateGraph,
    /// Candidate behind each node from `members.len()` on.
    candidate_of: Vec<usize>,
    /// Distance from each vehicle to each candidate within its reach; `+inf` beyond.
    way_m: Vec<f64>,
    vehicles: usize,
}

impl<'a> Slot<'a> {
    /// Candidates that some vehicle reaches in `time_s`, and their links.
    fn new(
        members: &'a [Member],
        candidates: &'a [DVec2],
        (at, vehicles): (&[DVec2], &[RelayVehicle]),
        time_s: f64,
        link: &dyn Fn(Place, Place) -> bool,
        budget: &mut dyn Budget,
    ) -> Result<Self, KeepError> {
        let mut way_m = Vec::with_capacity(vehicles.len() * candidates.len());
        for (from, vehicle) in at.iter().zip(vehicles) {
            let reach_m = vehicle.speed_m_s * time_s;
            let ways = candidates.iter().map(|to| from.distance(*to));
            way_m.extend(ways.map(|way| if way <= reach_m { way } else { f64::INFINITY }));
        }
        let nearest = |candidate: usize| {
            let ways = (0..vehicles.len()).map(|v| way_m[v * candidates.len() + candidate]);
            ways.fold(f64::INFINITY, f64::min)
        };
        let candidate_of: Vec<usize> = (0..candidates.len())
            .filter(|&c| nearest(c).is_finite())
            .collect();
        let ways = candidate_of.iter().map(|&c| nearest(c));
        let longest = ways.fold(0.0, f64::max).max(1e-9);
        let prices: Vec<f64> = candidate_of
            .iter()
            .map(|&c| 1.0 + WAY_SHARE * nearest(c) / longest)
            .collect();
        let place_of = |node: usize| match node.checked_sub(members.len()) {
            None => Place::Member(node),
            Some(at) => Place::Candidate(candidate_of[at]),
        };
        let hears = |a: usize, b: usize| link(place_of(a), place_of(b)).then_some(0.0);
        let graph = CandidateGraph::new(members.len(), &prices, hears, budget)?;
        Ok(Self {
            members,
            candidates,
            graph,
            candidate_of,
            way_m,
            vehicles: vehicles.len(),
        })
    }

    /// Vehicles for the relays of a tree, with the least sum of ways; `None` if they are too few
    /// or too far.
    fn crew(
        &self,
        tree: &[(usize, usize)],
        assigner: &mut Assigner,
    ) -> Result<Option<Vec<Option<usize>>>, KeepError> {
        let ends = tree.iter().flat_map(|&(a, b)| [a, b]);
        let mut relays: Vec<usize> = ends.filter(|&n| n >= self.members.len()).collect();
        relays.sort_unstable();
        relays.dedup();
        if relays.len() > self.vehicles {
            return Ok(None);
        }
        let places: Vec<usize> = relays
            .iter()
            .map(|n| self.candidate_of[n - self.members.len()])
            .collect();
        let count = self.candidates.len();
        let ways: Vec<f64> = places
            .iter()
            .flat_map(|&place| (0..self.vehicles).map(move |v| (place, v)))
            .map(|(place, vehicle)| self.way_m[vehicle * count + place])
            .collect();
        let found = assigner.solve(&Costs::new(places.len(), self.vehicles, &ways)?, None)?;
        if found.pairs() < places.len() {
            return Ok(None);
        }
        let held = found
            .col_to_row
            .iter()
            .map(|row| row.map(|row| places[row]));
        Ok(Some(held.collect()))
    }

    /// Weighs every subset of members, most worth first; the first that can be crewed is kept.
    fn weigh(
        &self,
        assigner: &mut Assigner,
        budget: &mut dyn Budget,
    ) -> Result<Option<Vec<Option<usize>>>, KeepError> {
        let others: Vec<usize> = (1..self.members.len()).collect();
        if others.len() > MOST_WEIGHED {
            return Ok(None);
        }
        let Some(table) = SubsetTable::new(&self.graph, &others, budget) else {
            return Ok(None);
        };
        let worth = |subset: usize| -> f64 {
            let chosen = others.iter().filter(|&&m| subset >> (m - 1) & 1 == 1);
            chosen.map(|&m| self.members[m].worth).sum()
        };
        let most = f64::from(u32::try_from(self.vehicles).unwrap_or(u32::MAX)) + 0.5;
        let mut subsets: Vec<(f64, f64, usize)> = (0..1_usize << others.len())
            .map(|subset| (worth(subset), table.cost(subset, 0), subset))
            .filter(|&(_, cost, _)| cost <= most)
            .collect();
        subsets.sort_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then(a.1.total_cmp(&b.1))
                .then(a.2.cmp(&b.2))
        });
        for (_, _, subset) in subsets {
            if let Some(held) = self.crew(&table.tree(subset, 0), assigner)? {
                return Ok(Some(held));
            }
        }
        Ok(None)
    }

    /// Members in order of worth, each kept if the tree of those kept and itself can be crewed.
    fn one_by_one(
        &self,
        assigner: &mut Assigner,
        budget: &mut dyn Budget,
    ) -> Result<Vec<Option<usize>>, KeepError> {
        let mut order: Vec<usize> = (1..self.members.len()).collect();
        let worth = |member: usize| self.members[member].worth;
        order.sort_by(|&a, &b| worth(b).total_cmp(&worth(a)).then(a.cmp(&b)));
        let mut held = vec![None; self.vehicles];
        let mut kept = vec![0];
        for member in order {
            kept.push(member);
            let part = self.graph.with_terminals(&kept);
            let crew = match place(&part.0, 0, budget) {
                Ok(placement) => {
                    let old = |&(a, b): &(usize, usize)| (part.1[a], part.1[b]);
                    let tree: Vec<_> = placement.links.iter().map(old).collect();
                    self.crew(&tree, assigner)?
                }
                Err(GraphError::Apart(_)) => None,
                Err(other) => return Err(other.into()),
            };
            match crew {
                Some(crew) => held = crew,
                None => drop(kept.pop()),
            }
        }
        Ok(held)
    }

    /// Who is joined to the hub when these places are held.
    fn joined(&self, held: &[Option<usize>], link: &dyn Fn(Place, Place) -> bool) -> Vec<bool> {
        let mut relays: Vec<usize> = held.iter().flatten().copied().collect();
        relays.sort_unstable();
        let members = (0..self.members.len()).map(Place::Member);
        let places: Vec<Place> = members
            .chain(relays.into_iter().map(Place::Candidate))
            .collect();
        let mut joined = vec![false; places.len()];
        joined[0] = true;
        let mut open = vec![0];
        while let Some(a) = open.pop() {
            for b in 0..places.len() {
                if !joined[b] && link(places[a.min(b)], places[a.max(b)]) {
                    joined[b] = true;
                    open.push(b);
                }
            }
        }
        joined.truncate(self.members.len());
        joined
    }
}

/// Refuses numbers that cannot be used.
fn check(slots: &[SlotPlan], vehicles: &[RelayVehicle]) -> Result<(), KeepError> {
    let positive = |number: f64| number >= 0.0 && number.is_finite();
    for (at, vehicle) in vehicles.iter().enumerate() {
        if !(positive(vehicle.speed_m_s) && vehicle.at.is_finite()) {
            return Err(KeepError::Number(format!("relay vehicle {at}")));
        }
    }
    let mut before_s = 0.0;
    for (at, slot) in slots.iter().enumerate() {
        if slot.members.is_empty() || !(slot.begins_s >= before_s && slot.begins_s.is_finite()) {
            return Err(KeepError::Slot(at));
        }
        before_s = slot.begins_s;
        let good = |m: &Member| m.at.is_finite() && positive(m.worth);
        if let Some(bad) = slot.members.iter().position(|m| !good(m)) {
            return Err(KeepError::Number(format!("member {bad} of slot {at}")));
        }
    }
    Ok(())
}

/// Which relay vehicle holds which candidate place in each slot of a task plan, and who is given
/// up.
///
/// Slot by slot the members are joined to the hub (the first member) that are worth most together,
/// given where the vehicles are and how far each flies until the slot begins; members carry traffic
/// on like relays. Up to twelve members besides the hub all subsets are weighed with
/// their cheapest trees ([`SubsetTable`]), beyond they are taken in order of worth. A vehicle that
/// is not needed stays where it is; slots are not weighed against each other. The budget is that of
/// [`place()`].
///
/// # Errors
/// [`KeepError`] for unusable numbers, slots out of order, or a budget that ends.
pub fn keep_connected(
    slots: &[SlotPlan],
    candidates: &[DVec2],
    vehicles: &[RelayVehicle],
    link: Link<'_>,
    budget: &mut dyn Budget,
) -> Result<Vec<KeptSlot>, KeepError> {
    check(slots, vehicles)?;
    let mut at: Vec<DVec2> = vehicles.iter().map(|v| v.at).collect();
    let mut before_s = 0.0;
    let mut assigner = Assigner::default();
    let mut kept = Vec::with_capacity(slots.len());
    for (number, plan) in slots.iter().enumerate() {
        let link = &|a, b| link(number, a, b);
        let time_s = plan.begins_s - before_s;
        before_s = plan.begins_s;
        let place = (at.as_slice(), vehicles);
        let slot = Slot::new(&plan.members, candidates, place, time_s, link, budget)?;
        let weighed = slot.weigh(&mut assigner, budget)?;
        let is_weighed = weighed.is_some();
        let held = match weighed {
            Some(held) => held,
            None => slot.one_by_one(&mut assigner, budget)?,
        };
        for (place, held) in at.iter_mut().zip(&held) {
            *place = held.map_or(*place, |candidate| candidates[candidate]);
        }
        let joined = slot.joined(&held, link);
        let lost = plan
            .members
            .iter()
            .zip(&joined)
            .filter(|(_, joined)| !**joined);
        let given_up = lost.map(|(member, _)| member.worth).sum();
        kept.push(KeptSlot {
            held,
            joined,
            given_up,
            is_weighed,
        });
    }
    Ok(kept)
}
