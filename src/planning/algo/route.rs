//! Fastest routes over a lattice laid on a field of speeds, with the corners pulled straight.
//!
//! Problem: from start to goal in least time where speed depends on place and bearing and some
//! places are closed. Method: a lattice with 8 or 16 neighbours per point, built once for a field
//! and kept; A* on it (petgraph; Hart, Nilsson, Raphael 1968) with distance over the greatest
//! speed met as a consistent lower bound; then string pulling by dynamic programming over the
//! points of the path, which takes a straight leg only if the field leaves it open and it costs
//! no more time. Sixteen neighbours keep the lattice's own detour under 2.8 %, eight under 8.3 %.
//! Roads are too narrow for a lattice to meet them: their points join it as points of its own, tied
//! to each other along the road and to the lattice points about them.
//! Work: `O(n log n)` in the number of lattice points, one lattice per field.

mod roads;
#[cfg(test)]
mod tests;

use crate::plan::polygon::Polygon;
use crate::planning::algo::route_field::CostField;
use glam::DVec2;
use petgraph::Directed;
use petgraph::algo::astar;
use petgraph::csr::Csr;
use petgraph::visit::{EdgeRef, IntoEdgeReferences};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most lattice points of one grid; bounds memory to a few hundred megabytes.
pub const MOST_POINTS: usize = 2_000_000;
/// How many points of the path a straight leg may skip in one pass of the string pulling.
const REACH: usize = 24;
/// How often the string is pulled; each pass straightens what the one before has left.
const PULLS: usize = 3;

/// Why there is no route.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum RouteError {
    /// The grid's box or step is unusable.
    #[error("a grid from {low} to {high} at {step_m} m is empty, not finite or too large")]
    Grid {
        /// South-west corner, m.
        low: DVec2,
        /// North-east corner, m.
        high: DVec2,
        /// Distance between lattice points, m.
        step_m: f64,
    },
    /// The start is closed or off the grid.
    #[error("the start {at} cannot be left; nearest free point: {}", name(*nearest))]
    Start {
        /// The start, m.
        at: DVec2,
        /// The nearest lattice point that can be left, m.
        nearest: Option<DVec2>,
    },
    /// The goal is closed or off the grid.
    #[error("the goal {at} cannot be entered; nearest free point: {}", name(*nearest))]
    Goal {
        /// The goal, m.
        at: DVec2,
        /// The nearest lattice point that can be entered, m.
        nearest: Option<DVec2>,
    },
    /// Both ends are open but nothing joins them.
    #[error("no way from {start} to {goal} on this grid")]
    Cut {
        /// The start, m.
        start: DVec2,
        /// The goal, m.
        goal: DVec2,
    },
}

/// The point, or that there is none.
fn name(point: Option<DVec2>) -> String {
    point.map_or_else(|| "none".into(), |p| format!("({:.0}, {:.0})", p.x, p.y))
}

/// To how many neighbours a lattice point is joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Neighbours {
    /// King's moves.
    Eight,
    /// King's and knight's moves.
    #[default]
    Sixteen,
}

impl Neighbours {
    /// Moves in (row, column) order, which is the order of the lattice points' numbers.
    const MOVES: [(i32, i32); 16] = [
        (-1, -2),
        (1, -2),
        (-2, -1),
        (-1, -1),
        (0, -1),
        (1, -1),
        (2, -1),
        (-1, 0),
        (1, 0),
        (-2, 1),
        (-1, 1),
        (0, 1),
        (1, 1),
        (2, 1),
        (-1, 2),
        (1, 2),
    ];

    /// East and north steps of each move, in rising order of the neighbour's number.
    pub(super) fn moves(self) -> impl Iterator<Item = (i32, i32)> {
        let knight = |m: &(i32, i32)| m.0.abs() + m.1.abs() == 3;
        Self::MOVES
            .into_iter()
            .filter(move |m| self == Self::Sixteen || !knight(m))
    }
}

/// A route with its cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Corner points from start to goal, m.
    pub points: Vec<DVec2>,
    /// Time under way, s.
    pub time_s: f64,
    /// Length, m.
    pub length_m: f64,
    /// Time of the lattice path before the corners were pulled straight, s.
    pub lattice_time_s: f64,
}

/// The lattice of one field.
#[derive(Clone, Debug)]
pub struct RouteGrid {
    /// South-west lattice point, m.
    low: DVec2,
    /// Distance between lattice points, m.
    step_m: f64,
    /// Lattice points east and north.
    size: (i32, i32),
    /// Seconds between neighbours.
    graph: Csr<(), f64, Directed, u32>,
    /// Whether some edge enters each lattice point.
    entered: Vec<bool>,
    /// Points of roads, numbered after those of the lattice, m.
    on_roads: Vec<DVec2>,
    /// Greatest speed met on any edge, m/s.
    fastest_m_s: f64,
}

/// Seconds for the straight way at the field's speeds, sampled twice per `step_m` or more often;
/// `None` if it is closed.
#[must_use]
pub fn leg_time_s(field: &impl CostField, from: DVec2, to: DVec2, step_m: f64) -> Option<f64> {
    let along = to - from;
    let length = along.length();
    if length <= 0.0 {
        return Some(0.0);
    }
    let ahead = along / length;
    let parts = (2.0 * length / step_m - 1e-9).ceil().max(2.0);
    let mut slowness = 0.0;
    let mut k = 0.5;
    while k < parts {
        let speed = field.speed_m_s(from + along * (k / parts), ahead)?;
        if speed.is_nan() || speed <= 0.0 {
            return None;
        }
        slowness += 1.0 / speed;
        k += 1.0;
    }
    let open = field.speed_m_s(to, ahead).is_some_and(|speed| speed > 0.0);
    (open && !field.bars(from, to)).then_some(length * slowness / parts)
}

impl RouteGrid {
    /// Lays the lattice over the box from `low` to `high`.
    ///
    /// # Errors
    /// [`RouteError::Grid`] for an empty box or more than [`MOST_POINTS`] points.
    pub fn build(
        field: &impl CostField,
        low: DVec2,
        high: DVec2,
        step_m: f64,
        neighbours: Neighbours,
    ) -> Result<Self, RouteError> {
        Self::build_with_roads(field, (low, high), step_m, neighbours, &[])
    }

    /// [`Self::build`] with roads, given by the points along their middles. Roads join where they
    /// share a point, to a metre.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub fn build_with_roads(
        field: &impl CostField,
        (low, high): (DVec2, DVec2),
        step_m: f64,
        neighbours: Neighbours,
        roads: &[Vec<DVec2>],
    ) -> Result<Self, RouteError> {
        let refused = RouteError::Grid { low, high, step_m };
        let cells = ((high - low) / step_m).floor();
        let fits = |cells: f64| (1.0..=f64::from(i32::MAX / 4)).contains(&cells);
        if !(step_m > 0.0 && fits(cells.x) && fits(cells.y)) {
            return Err(refused);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and in range by `fits`"
        )]
        let size = (cells.x as i32 + 1, cells.y as i32 + 1);
        let points = usize::try_from(i64::from(size.0) * i64::from(size.1)).unwrap_or(usize::MAX);
        if points > MOST_POINTS {
            return Err(refused);
        }
        let mut grid = Self {
            low,
            step_m,
            size,
            graph: Csr::new(),
            entered: vec![false; points],
            on_roads: Vec::new(),
            fastest_m_s: 0.0,
        };
        let mut edges = Vec::new();
        for (north, east) in (0..size.1).flat_map(|n| (0..size.0).map(move |e| (n, e))) {
            let from = grid.point(east, north);
            for (de, dn) in neighbours.moves() {
                let Some(to) = grid.number(east + de, north + dn) else {
                    continue;
                };
                let target = grid.point(east + de, north + dn);
                if let Some(time_s) = leg_time_s(field, from, target, step_m) {
                    grid.fastest_m_s = grid.fastest_m_s.max(from.distance(target) / time_s);
                    grid.entered[to as usize] = true;
                    edges.extend(grid.number(east, north).map(|from| (from, to, time_s)));
                }
            }
        }
        let points = points + grid.add_roads(field, roads, &mut edges);
        // The list is in rising order by construction, so this cannot fail.
        grid.graph = Csr::from_sorted_edges(&edges).map_err(|_| refused)?;
        while grid.graph.node_count() < points {
            grid.graph.add_node(());
        }
        Ok(grid)
    }

    /// The same lattice without the ways that touch one of these areas: as if it had been built over
    /// the field with the areas taken out of it.
    #[must_use]
    pub fn without(&self, areas: &[Polygon]) -> Self {
        let mut kept = Self {
            graph: Csr::new(),
            entered: vec![false; self.entered.len()],
            on_roads: self.on_roads.clone(),
            ..*self
        };
        let mut edges = Vec::new();
        for edge in self.graph.edge_references() {
            let (from, to) = (edge.source(), edge.target());
            let (a, b) = (self.at(from), self.at(to));
            if !areas.iter().any(|area| area.meets_segment(a, b)) {
                kept.entered[to as usize] = true;
                edges.push((from, to, *edge.weight()));
            }
        }
        // They come in rising order, so this cannot fail.
        kept.graph = Csr::from_sorted_edges(&edges).unwrap_or_default();
        while kept.graph.node_count() < self.graph.node_count() {
            kept.graph.add_node(());
        }
        kept
    }

    /// Lattice point by its steps east and north, m.
    fn point(&self, east: i32, north: i32) -> DVec2 {
        self.low + DVec2::new(f64::from(east), f64::from(north)) * self.step_m
    }

    /// Number of a lattice point; `None` off the grid.
    fn number(&self, east: i32, north: i32) -> Option<u32> {
        let inside = (0..self.size.0).contains(&east) && (0..self.size.1).contains(&north);
        inside.then(|| u32::try_from(north * self.size.0 + east).ok())?
    }

    /// Point by its number, m.
    fn at(&self, number: u32) -> DVec2 {
        let lattice = self.entered.len() - self.on_roads.len();
        if let Some(point) = (number as usize)
            .checked_sub(lattice)
            .and_then(|at| self.on_roads.get(at))
        {
            return *point;
        }
        let number = i32::try_from(number).unwrap_or_default();
        self.point(number % self.size.0, number / self.size.0)
    }

    /// The nearest lattice point of which `open` holds; the lower number wins a tie.
    fn nearest(&self, to: DVec2, open: impl Fn(u32) -> bool) -> Option<u32> {
        let numbers = (0..self.graph.node_count()).filter_map(|n| u32::try_from(n).ok());
        let open = numbers
            .filter(|&n| open(n))
            .map(|n| (self.at(n).distance_squared(to), n));
        open.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, n)| n)
    }

    /// Lattice points within a step or so of a free point, nearest first.
    fn around(&self, at: DVec2) -> Vec<u32> {
        let steps = ((at - self.low) / self.step_m).round();
        let far = f64::from(i32::MAX / 4);
        if !steps.is_finite() || steps.abs().max_element() >= far {
            return Vec::new();
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and in range as just checked"
        )]
        let (east, north) = (steps.x as i32, steps.y as i32);
        let near = (-1..=1).flat_map(|dn| (-1..=1).map(move |de| (east + de, north + dn)));
        let mut near: Vec<u32> = near.filter_map(|(e, n)| self.number(e, n)).collect();
        near.sort_by(|&a, &b| {
            self.at(a)
                .distance_squared(at)
                .total_cmp(&self.at(b).distance_squared(at))
        });
        near
    }

    /// The fastest route from `start` to `goal`. `field` must be the one the grid was built over.
    ///
    /// # Errors
    /// [`RouteError::Start`] and [`RouteError::Goal`] name the nearest point that would do;
    /// [`RouteError::Cut`] if no way joins the two.
    pub fn route(
        &self,
        field: &impl CostField,
        start: DVec2,
        goal: DVec2,
    ) -> Result<Route, RouteError> {
        let leaves = |n: u32| self.graph.out_degree(n) > 0;
        let enters = |n: u32| self.entered[n as usize];
        let open = |from, to| leg_time_s(field, from, to, self.step_m).is_some();
        let near_start = self.around(start);
        let near_goal = self.around(goal);
        let first = near_start
            .iter()
            .find(|&&n| leaves(n) && open(start, self.at(n)));
        let last = near_goal
            .iter()
            .find(|&&n| enters(n) && open(self.at(n), goal));
        let Some(&first) = first else {
            let nearest = self.nearest(start, leaves).map(|n| self.at(n));
            return Err(RouteError::Start { at: start, nearest });
        };
        let Some(&last) = last else {
            let nearest = self.nearest(goal, enters).map(|n| self.at(n));
            return Err(RouteError::Goal { at: goal, nearest });
        };
        let target = self.at(last);
        let bound = |n: u32| self.at(n).distance(target) / self.fastest_m_s * (1.0 - 1e-12);
        let path = astar(&self.graph, first, |n| n == last, |e| *e.weight(), bound);
        let (_, path) = path.ok_or(RouteError::Cut { start, goal })?;
        let mut points = vec![start];
        points.extend(path.into_iter().map(|n| self.at(n)));
        points.push(goal);
        points.dedup();
        let leg = |from, to| leg_time_s(field, from, to, self.step_m);
        let lattice_time_s = time_of(&points, &leg);
        for _ in 0..PULLS {
            let before = points.len();
            points = pull(&points, &leg);
            if points.len() == before {
                break;
            }
        }
        let length_m = points.windows(2).map(|leg| leg[0].distance(leg[1])).sum();
        Ok(Route {
            time_s: time_of(&points, &leg),
            length_m,
            points,
            lattice_time_s,
        })
    }
}

/// Time of a path whose legs are all open, s.
fn time_of(points: &[DVec2], leg: &impl Fn(DVec2, DVec2) -> Option<f64>) -> f64 {
    points
        .windows(2)
        .filter_map(|pair| leg(pair[0], pair[1]))
        .sum()
}

/// The fastest way through some of the points in their order, each leg open; fewer legs win ties.
pub(super) fn pull<P: Copy>(points: &[P], leg: &impl Fn(P, P) -> Option<f64>) -> Vec<P> {
    let mut best = vec![(0.0_f64, 0_usize); points.len()];
    for to in 1..points.len() {
        let mut chosen = (f64::INFINITY, to - 1);
        // From the farthest point on, so that of equal ways the one with fewer corners is kept.
        for from in to.saturating_sub(REACH)..to {
            // What rounding alone can gain is no reason for a corner.
            let least = best[from].0
                + if chosen.0.is_finite() {
                    1e-9 * chosen.0
                } else {
                    0.0
                };
            if least >= chosen.0 {
                continue;
            }
            if let Some(time_s) = leg(points[from], points[to]).filter(|t| least + t < chosen.0) {
                chosen = (best[from].0 + time_s, from);
            }
        }
        best[to] = chosen;
    }
    let mut at = points.len().saturating_sub(1);
    let mut kept = vec![points[at]];
    while at > 0 {
        at = best[at].1;
        kept.push(points[at]);
    }
    kept.reverse();
    kept
}
