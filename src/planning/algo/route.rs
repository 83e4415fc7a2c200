//! Fastest routes over a lattice laid on a field of speeds, with the corners pulled straight.
//!
//! Problem: from start to goal in least time where speed depends on place and bearing and some
//! places are closed. Method: a lattice with 8 or 16 neighbours per point, built once for a field
//! and kept; A* on it (petgraph; Hart, Nilsson, Raphael 1968) with distance over the greatest
//! speed met as a consistent lower bound; then string pulling by dynamic programming over the
//! points of the path, which takes a straight leg only if the field leaves it open and it costs
//! no more time. Sixteen neighbours keep the lattice's own detour under 2.8 %, eight under 8.3 %.
//! Work: `O(n log n)` in the number of lattice points, one lattice per field.

use crate::kernel::math;
use crate::planning::algo::route_field::CostField;
use glam::DVec2;
use petgraph::Directed;
use petgraph::algo::astar;
use petgraph::csr::Csr;
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
    fn moves(self) -> impl Iterator<Item = (i32, i32)> {
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
    let bearing = math::bearing(along.x, along.y);
    let parts = (2.0 * length / step_m - 1e-9).ceil().max(2.0);
    let mut slowness = 0.0;
    let mut k = 0.5;
    while k < parts {
        let speed = field.speed_m_s(from + along * (k / parts), bearing)?;
        if speed.is_nan() || speed <= 0.0 {
            return None;
        }
        slowness += 1.0 / speed;
        k += 1.0;
    }
    let open = field
        .speed_m_s(to, bearing)
        .is_some_and(|speed| speed > 0.0);
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
        // The list is in rising order by construction, so this cannot fail.
        grid.graph = Csr::from_sorted_edges(&edges).map_err(|_| refused)?;
        while grid.graph.node_count() < points {
            grid.graph.add_node(());
        }
        Ok(grid)
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

    /// Lattice point by its number, m.
    fn at(&self, number: u32) -> DVec2 {
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
fn pull(points: &[DVec2], leg: &impl Fn(DVec2, DVec2) -> Option<f64>) -> Vec<DVec2> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::polygon::Polygon;
    use crate::planning::algo::route_field::{Avoiding, WaterField};

    fn flat(_: DVec2, _: f64) -> Option<f64> {
        Some(10.0)
    }

    fn lay(field: &impl CostField) -> RouteGrid {
        let high = DVec2::new(10_000.0, 6000.0);
        RouteGrid::build(field, DVec2::ZERO, high, 200.0, Neighbours::Sixteen).unwrap()
    }

    #[test]
    fn open_ground_gives_the_straight_line() {
        let (start, goal) = (DVec2::new(130.0, 270.0), DVec2::new(9111.0, 4044.0));
        let route = lay(&flat).route(&flat, start, goal).unwrap();
        assert_eq!(route.points, [start, goal]);
        assert!((route.time_s - start.distance(goal) / 10.0).abs() < 1e-6);
        // The lattice's own detour: at most 2.8 % between its directions, and the two ends.
        assert!(route.lattice_time_s < 1.04 * route.time_s);
    }

    #[test]
    fn a_wall_is_rounded_at_its_end() {
        let low = DVec2::new(4950.0, -100.0);
        let wall = [Polygon::rectangle(low, DVec2::new(5050.0, 4000.0)).unwrap()];
        let field = Avoiding {
            field: flat,
            no_go: &wall,
        };
        let (start, goal) = (DVec2::new(1000.0, 1000.0), DVec2::new(9000.0, 1000.0));
        let route = lay(&field).route(&field, start, goal).unwrap();
        let left = start.distance(DVec2::new(4950.0, 4000.0));
        let shortest = 2.0 * left + 100.0;
        assert!(
            route.length_m >= shortest && route.length_m < 1.03 * shortest,
            "{route:?}"
        );
        assert!(
            !route
                .points
                .windows(2)
                .any(|leg| wall[0].meets_segment(leg[0], leg[1]))
        );
    }

    #[test]
    fn slow_ground_is_left_for_the_road() {
        let field = |at: DVec2, _: f64| Some(if at.y < 1000.0 { 20.0 } else { 2.0 });
        let (start, goal) = (DVec2::new(1000.0, 1500.0), DVec2::new(9000.0, 1500.0));
        let route = lay(&field).route(&field, start, goal).unwrap();
        // Snell's law at a ratio of ten: nearly straight down, along, and up again.
        let best = 8000.0 / 20.0 + 1000.0 * (0.25_f64 - 0.0025).sqrt();
        assert!(
            route.time_s > best && route.time_s < 1.15 * best,
            "{} {best}",
            route.time_s
        );
    }

    #[test]
    fn a_ship_keeps_to_deep_water() {
        let shoal = |p: DVec2| Some(20.0 - (p.y - 3000.0).abs() / 100.0);
        let field = WaterField {
            depth_m: shoal,
            least_depth_m: 8.0,
            speed_m_s: 8.0,
        };
        let grid = lay(&field);
        let (start, goal) = (DVec2::new(500.0, 2000.0), DVec2::new(9500.0, 4000.0));
        assert!(grid.route(&field, start, goal).is_ok());
        let ashore = DVec2::new(500.0, 500.0);
        let error = grid.route(&field, ashore, goal).unwrap_err();
        assert_eq!(
            error,
            RouteError::Start {
                at: ashore,
                nearest: Some(DVec2::new(400.0, 1800.0))
            }
        );
        assert!(error.to_string().contains("(400, 1800)"));
        let error = grid.route(&field, start, ashore).unwrap_err();
        assert!(matches!(
            error,
            RouteError::Goal {
                nearest: Some(_),
                ..
            }
        ));
    }

    #[test]
    fn two_lakes_are_not_joined() {
        let field = |at: DVec2, _: f64| ((at.x - 5000.0).abs() > 600.0).then_some(5.0);
        let (start, goal) = (DVec2::new(1000.0, 1000.0), DVec2::new(9000.0, 1000.0));
        let error = lay(&field).route(&field, start, goal).unwrap_err();
        assert_eq!(error, RouteError::Cut { start, goal });
    }

    #[test]
    fn unusable_grids_are_refused() {
        let high = DVec2::new(1000.0, 1000.0);
        for (high, step) in [
            (high, 0.0),
            (high, f64::NAN),
            (-high, 10.0),
            (high * 1e6, 1.0),
        ] {
            let built = RouteGrid::build(&flat, DVec2::ZERO, high, step, Neighbours::Eight);
            assert!(matches!(built, Err(RouteError::Grid { .. })));
        }
    }
}
