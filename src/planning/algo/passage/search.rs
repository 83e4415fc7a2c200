//! A* over a lattice between two free points. See [`Ends`] and [`cheapest`].
//!
//! `petgraph`'s A* asks for a graph with all its edges; here a leg is evaluated when its point is
//! expanded, once, so that a search pays for the part of the map that it looks at.

use std::{cmp::Reverse, collections::BinaryHeap};

use glam::DVec3;

use super::{
    field::{PassageField, Prices, Toll, leg_toll},
    lattice::Lattice,
};

/// Where a way begins and ends, and the points of the lattice that they are tied to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ends {
    /// Start, m.
    pub(super) start: DVec3,
    /// Goal, m.
    pub(super) goal: DVec3,
    /// Points that the start leads to.
    pub(super) first: Vec<(u32, Toll)>,
    /// Points that lead to the goal, by number.
    pub(super) last: Vec<(u32, Toll)>,
    /// The straight way, if it is open.
    pub(super) straight: Option<Toll>,
}

impl Ends {
    /// Ties two points to a lattice.
    pub(super) fn tie(
        field: &impl PassageField,
        lattice: &Lattice,
        (start, goal): (DVec3, DVec3),
    ) -> Self {
        let sample_m = lattice.sample_m();
        let tied = |end: DVec3, leaves: bool| {
            let near = lattice.around(end.truncate()).into_iter();
            let mut tied: Vec<(u32, Toll)> = near
                .filter_map(|number| {
                    let at = lattice.at(field, number)?;
                    let (from, to) = if leaves { (end, at) } else { (at, end) };
                    Some((number, leg_toll(field, from, to, sample_m)?))
                })
                .collect();
            tied.sort_by_key(|tie| tie.0);
            tied
        };
        Self {
            start,
            goal,
            first: tied(start, true),
            last: tied(goal, false),
            straight: leg_toll(field, start, goal, sample_m),
        }
    }

    /// What it costs to go from a point of the lattice straight to the goal, if it is tied to it.
    pub(super) fn toll_to_goal(&self, number: u32) -> Option<Toll> {
        let at = self.last.binary_search_by_key(&number, |tie| tie.0).ok()?;
        Some(self.last[at].1)
    }
}

/// A way over the lattice, or straight.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// Points from start to goal, m.
    pub(super) points: Vec<DVec3>,
    /// What it costs.
    pub(super) toll: Toll,
}

/// Marks a point that the start leads to.
const START: u32 = u32::MAX;

/// What the search knows of the points.
struct Known {
    cost_s: Vec<f64>,
    before: Vec<u32>,
    /// Bits of cost and bound, then the number: bits of doubles that are not negative order as they do.
    open: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Known {
    /// Notes a way to a point if it is the cheapest so far.
    fn reach(&mut self, number: u32, (cost_s, before): (f64, u32), left_s: f64) {
        let at = number as usize;
        if cost_s < self.cost_s[at] {
            self.cost_s[at] = cost_s;
            self.before[at] = before;
            self.open
                .push(Reverse(((cost_s + left_s).to_bits(), number)));
        }
    }

    /// Numbers of the points from the start to this one.
    fn way_to(&self, number: u32) -> Vec<u32> {
        let mut way = vec![number];
        let mut at = number;
        while self.before[at as usize] != START {
            at = self.before[at as usize];
            way.push(at);
        }
        way.reverse();
        way
    }
}

/// The way of least cost over the lattice; `None` where the ends are not joined.
pub(super) fn cheapest(
    field: &impl PassageField,
    lattice: &Lattice,
    ends: &Ends,
    prices: Prices,
) -> Option<Found> {
    let points = lattice.points();
    let mut known = Known {
        cost_s: vec![f64::INFINITY; points],
        before: vec![START; points],
        open: BinaryHeap::new(),
    };
    let mut done = vec![false; points];
    let slowness = (1.0 - 1e-12) / field.fastest_m_s();
    let left_s = |number: u32| {
        let at = lattice.at(field, number);
        at.map_or(0.0, |at| at.distance(ends.goal) * slowness)
    };
    for (number, toll) in &ends.first {
        known.reach(*number, (prices.cost_s(*toll), START), left_s(*number));
    }
    let straight_s = ends
        .straight
        .map_or(f64::INFINITY, |toll| prices.cost_s(toll));
    let mut best: (f64, Option<u32>) = (straight_s, None);
    while let Some(Reverse((bits, number))) = known.open.pop() {
        if f64::from_bits(bits) >= best.0 {
            break;
        }
        if core::mem::replace(&mut done[number as usize], true) {
            continue;
        }
        let cost_s = known.cost_s[number as usize];
        if let Some(toll) = ends.toll_to_goal(number) {
            let whole_s = cost_s + prices.cost_s(toll);
            if whole_s < best.0 {
                best = (whole_s, Some(number));
            }
        }
        lattice.links(field, (number, &done), |link| {
            let reached_s = cost_s + prices.cost_s(link.toll);
            if reached_s < known.cost_s[link.to as usize] {
                known.reach(link.to, (reached_s, number), left_s(link.to));
            }
        });
    }
    let way = match best {
        (_, Some(last)) => known.way_to(last),
        (cost_s, None) if cost_s.is_finite() => Vec::new(),
        _ => return None,
    };
    joined(field, lattice, ends, &way)
}

/// The way through points of the lattice from end to end, with its toll.
pub(super) fn joined(
    field: &impl PassageField,
    lattice: &Lattice,
    ends: &Ends,
    way: &[u32],
) -> Option<Found> {
    let mut points = vec![ends.start];
    for number in way {
        points.push(lattice.at(field, *number)?);
    }
    points.push(ends.goal);
    points.dedup();
    let toll = toll_of(field, &points, lattice.sample_m())?;
    Some(Found { points, toll })
}

/// What a way costs; `None` if a leg is closed.
pub(super) fn toll_of(field: &impl PassageField, points: &[DVec3], sample_m: f64) -> Option<Toll> {
    let mut sum = Toll::default();
    for pair in points.windows(2) {
        sum = sum + leg_toll(field, pair[0], pair[1], sample_m)?;
    }
    Some(sum)
}
