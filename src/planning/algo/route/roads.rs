//! Roads as points and the legs between them, fine enough to be tied to a lattice.

use std::collections::BTreeMap;

use glam::DVec2;

use super::{RouteGrid, leg_time_s};
use crate::planning::algo::route_field::CostField;

/// Points this near to each other are one, m.
const SAME_M: f64 = 1.0;

/// The points along roads, and which of them follow each other.
#[derive(Clone, Debug, Default, PartialEq)]
struct RoadNet {
    /// Points, m.
    points: Vec<DVec2>,
    /// Neighbours along a road, by the numbers of their points; each pair once, the lower first.
    legs: Vec<(u32, u32)>,
}

impl RoadNet {
    /// Cuts roads, given by the points along their middles, into legs of at most `step_m`. Where two
    /// roads share a point they join.
    fn of(roads: &[Vec<DVec2>], step_m: f64) -> Self {
        debug_assert!(step_m > 0.0);
        let mut net = Self::default();
        let mut known = BTreeMap::new();
        for road in roads {
            let mut last = None;
            for point in cut(road, step_m) {
                let number = net.number(point, &mut known);
                if let Some(last) = last.replace(number).filter(|last| *last != number) {
                    net.legs.push((number.min(last), number.max(last)));
                }
            }
        }
        net.legs.sort_unstable();
        net.legs.dedup();
        net
    }

    /// The number of a point: of the one that is there already, or of a new one.
    fn number(&mut self, point: DVec2, known: &mut BTreeMap<[i64; 2], u32>) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "places are far fewer metres from the origin"
        )]
        let key = (point / SAME_M)
            .round()
            .to_array()
            .map(|cells| cells as i64);
        *known.entry(key).or_insert_with(|| {
            self.points.push(point);
            u32::try_from(self.points.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

impl RouteGrid {
    /// Adds the points of roads and the edges that tie them together and to the lattice; how many
    /// points there are.
    pub(super) fn add_roads(
        &mut self,
        field: &impl CostField,
        roads: &[Vec<DVec2>],
        edges: &mut Vec<(u32, u32, f64)>,
    ) -> usize {
        if roads.is_empty() {
            return 0;
        }
        let net = RoadNet::of(roads, self.step_m);
        let first = u32::try_from(self.entered.len()).unwrap_or(u32::MAX);
        let lattice = self.entered.len();
        self.entered.resize(lattice + net.points.len(), false);
        let mut tie = |grid: &mut Self, a: (u32, DVec2), b: (u32, DVec2)| {
            for (from, to) in [(a, b), (b, a)] {
                if let Some(time_s) = leg_time_s(field, from.1, to.1, grid.step_m)
                    && time_s > 0.0
                {
                    let speed_m_s = from.1.distance(to.1) / time_s;
                    grid.fastest_m_s = grid.fastest_m_s.max(speed_m_s);
                    grid.entered[to.0 as usize] = true;
                    edges.push((from.0, to.0, time_s));
                }
            }
        };
        for (a, b) in &net.legs {
            let end = |at: u32| (first + at, net.points[at as usize]);
            tie(self, end(*a), end(*b));
        }
        for (number, at) in (first..).zip(&net.points) {
            for near in self.around(*at) {
                let place = self.at(near);
                tie(self, (number, *at), (near, place));
            }
        }
        edges.sort_by_key(|edge| (edge.0, edge.1));
        edges.dedup_by_key(|edge| (edge.0, edge.1));
        self.on_roads = net.points;
        self.on_roads.len()
    }
}

/// The corners of a line, and points between them so that no two are farther than `step_m` apart.
fn cut(line: &[DVec2], step_m: f64) -> Vec<DVec2> {
    let mut points: Vec<DVec2> = line.first().copied().into_iter().collect();
    for leg in line.windows(2) {
        let parts = (leg[0].distance(leg[1]) / step_m).ceil().max(1.0);
        let mut part = 1.0;
        while part <= parts {
            points.push(leg[0].lerp(leg[1], part / parts));
            part += 1.0;
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roads_are_cut_and_join_where_they_share_a_point() {
        let road = |points: &[(f64, f64)]| -> Vec<DVec2> {
            points.iter().map(|(x, y)| DVec2::new(*x, *y)).collect()
        };
        let across = road(&[(-300.0, 0.0), (0.0, 0.0), (300.0, 0.0)]);
        let up = road(&[(0.2, 0.1), (0.0, 250.0)]);
        let net = RoadNet::of(&[across, up], 100.0);
        assert_eq!(net.points.len(), 7 + 3);
        assert_eq!(net.legs.len(), 6 + 3);
        let at_crossing = net.legs.iter().filter(|(a, b)| [*a, *b].contains(&3));
        assert_eq!(at_crossing.count(), 3);
    }
}
