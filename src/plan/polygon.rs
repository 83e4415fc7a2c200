//! Simple polygons on the local map: areas to search, no-go areas, boxes that contain a mission.
//!
//! Points are east and north in metres about the scenario's origin. A polygon has no hole, does
//! not cross itself and is kept counter-clockwise. The boundary belongs to the polygon.

use glam::DVec2;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a list of points is not a usable polygon.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum PolygonError {
    /// Fewer than three different points.
    #[error("a polygon needs at least three different points, this one has {0}")]
    TooFew(usize),
    /// A coordinate is NaN or infinite.
    #[error("point {0} of the polygon is not finite")]
    NotFinite(usize),
    /// Two edges cross or touch.
    #[error("edges {0} and {1} of the polygon cross or touch")]
    CrossesItself(usize, usize),
    /// All points lie on one line.
    #[error("the polygon has no area")]
    NoArea,
    /// Nothing is left, or the shape falls apart, after an inset by this many metres.
    #[error("the polygon does not survive an inset of {0} m")]
    Collapsed(f64),
}

/// A simple polygon with its points counter-clockwise, the first one not repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<DVec2>", into = "Vec<DVec2>")]
pub struct Polygon {
    /// Corners, m.
    points: Vec<DVec2>,
}

impl TryFrom<Vec<DVec2>> for Polygon {
    type Error = PolygonError;

    fn try_from(points: Vec<DVec2>) -> Result<Self, PolygonError> {
        Self::new(points)
    }
}

impl From<Polygon> for Vec<DVec2> {
    fn from(polygon: Polygon) -> Self {
        polygon.points
    }
}

/// Twice the signed area of the ring, m²; positive if counter-clockwise.
fn doubled_area(points: &[DVec2]) -> f64 {
    let Some(&first) = points.first() else {
        return 0.0;
    };
    // About the first point, so that a small polygon far from the origin keeps its digits.
    edges_of(points)
        .map(|(a, b)| (a - first).perp_dot(b - first))
        .sum()
}

/// Edges of a closed ring.
fn edges_of(points: &[DVec2]) -> impl Iterator<Item = (DVec2, DVec2)> + '_ {
    points
        .iter()
        .copied()
        .zip(points.iter().copied().cycle().skip(1))
}

/// Distance in metres from a point to a segment.
#[must_use]
pub fn distance_to_segment_m(point: DVec2, a: DVec2, b: DVec2) -> f64 {
    let along = b - a;
    let squared = along.length_squared();
    let t = if squared > 0.0 {
        ((point - a).dot(along) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    point.distance(a + along * t)
}

/// Where segment `a`-`b` meets segment `c`-`d`, as a share of `a`-`b`. None if they miss each
/// other or are parallel.
#[must_use]
pub fn segment_crossing(a: DVec2, b: DVec2, c: DVec2, d: DVec2) -> Option<f64> {
    let (along, other) = (b - a, d - c);
    let cross = along.perp_dot(other);
    if cross.abs() <= f64::MIN_POSITIVE {
        return None;
    }
    let t = (c - a).perp_dot(other) / cross;
    let s = (c - a).perp_dot(along) / cross;
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&s)).then_some(t)
}

impl Polygon {
    /// Makes a polygon of corners in either direction; a closing copy of the first one is dropped.
    ///
    /// # Errors
    /// [`PolygonError`] for too few, non-finite, collinear or self-crossing points.
    pub fn new(mut points: Vec<DVec2>) -> Result<Self, PolygonError> {
        if let Some(at) = points.iter().position(|p| !p.is_finite()) {
            return Err(PolygonError::NotFinite(at));
        }
        points.dedup();
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        if points.len() < 3 {
            return Err(PolygonError::TooFew(points.len()));
        }
        let edges: Vec<(DVec2, DVec2)> = edges_of(&points).collect();
        for (i, &(a, b)) in edges.iter().enumerate() {
            for (j, &(c, d)) in edges.iter().enumerate().skip(i + 2) {
                let neighbours = i == 0 && j + 1 == edges.len();
                let near = [(a, c, d), (b, c, d), (c, a, b), (d, a, b)]
                    .iter()
                    .any(|&(p, q, r)| distance_to_segment_m(p, q, r) <= 0.0);
                if !neighbours && (near || segment_crossing(a, b, c, d).is_some()) {
                    return Err(PolygonError::CrossesItself(i, j));
                }
            }
        }
        let doubled = doubled_area(&points);
        let longest = edges
            .iter()
            .map(|(a, b)| a.distance(*b))
            .fold(0.0, f64::max);
        if doubled.abs() <= 1e-12 * longest * longest {
            return Err(PolygonError::NoArea);
        }
        if doubled < 0.0 {
            points.reverse();
        }
        Ok(Self { points })
    }

    /// The axis-parallel rectangle between two opposite corners.
    ///
    /// # Errors
    /// [`PolygonError`] if the corners share a coordinate or are not finite.
    pub fn rectangle(a: DVec2, b: DVec2) -> Result<Self, PolygonError> {
        Self::new(vec![a, DVec2::new(b.x, a.y), b, DVec2::new(a.x, b.y)])
    }

    /// Corners, counter-clockwise, m.
    #[must_use]
    pub fn points(&self) -> &[DVec2] {
        &self.points
    }

    /// Edges, counter-clockwise: the inside is on the left.
    pub fn edges(&self) -> impl Iterator<Item = (DVec2, DVec2)> + '_ {
        edges_of(&self.points)
    }

    /// Area in m² (shoelace formula).
    #[must_use]
    pub fn area_m2(&self) -> f64 {
        0.5 * doubled_area(&self.points)
    }

    /// Sum of the edges' lengths, m.
    #[must_use]
    pub fn perimeter_m(&self) -> f64 {
        self.edges().map(|(a, b)| a.distance(b)).sum()
    }

    /// Centre of area, m. Outside the polygon where it is bent enough.
    #[must_use]
    pub fn centroid(&self) -> DVec2 {
        let first = self.points[0];
        let moment = self.edges().fold(DVec2::ZERO, |sum, (a, b)| {
            let (a, b) = (a - first, b - first);
            sum + (a + b) * a.perp_dot(b)
        });
        first + moment / (3.0 * doubled_area(&self.points))
    }

    /// South-west and north-east corner of the bounding box, m.
    #[must_use]
    pub fn bounds(&self) -> (DVec2, DVec2) {
        let first = self.points[0];
        self.points
            .iter()
            .fold((first, first), |(low, high), p| (low.min(*p), high.max(*p)))
    }

    /// Whether the point is inside or on the boundary (within 1 µm).
    #[must_use]
    pub fn contains(&self, point: DVec2) -> bool {
        let (low, high) = self.bounds();
        let edge = DVec2::splat(1e-6);
        if point.cmplt(low - edge).any() || point.cmpgt(high + edge).any() {
            return false;
        }
        let mut inside = false;
        for (a, b) in self.edges() {
            if distance_to_segment_m(point, a, b) <= 1e-6 {
                return true;
            }
            let left = (a.y > point.y) != (b.y > point.y);
            if left && point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) {
                inside = !inside;
            }
        }
        inside
    }

    /// Distance in metres to the boundary, from inside or outside.
    #[must_use]
    pub fn distance_to_edge_m(&self, point: DVec2) -> f64 {
        let distances = self
            .edges()
            .map(|(a, b)| distance_to_segment_m(point, a, b));
        distances.fold(f64::INFINITY, f64::min)
    }

    /// The parts of segment `a`-`b` inside the polygon, as rising shares of the segment.
    #[must_use]
    pub fn clip_segment(&self, a: DVec2, b: DVec2) -> Vec<(f64, f64)> {
        let crossings = self
            .edges()
            .filter_map(|(c, d)| segment_crossing(a, b, c, d));
        let mut cuts: Vec<f64> = [0.0, 1.0].into_iter().chain(crossings).collect();
        cuts.sort_by(f64::total_cmp);
        let mut parts: Vec<(f64, f64)> = Vec::new();
        for pair in cuts.windows(2).filter(|pair| pair[1] > pair[0]) {
            if !self.contains(a.lerp(b, 0.5 * (pair[0] + pair[1]))) {
                continue;
            }
            match parts.last_mut() {
                Some(last) if last.1 >= pair[0] => last.1 = pair[1],
                _ => parts.push((pair[0], pair[1])),
            }
        }
        parts
    }

    /// Whether any part of the segment is inside or on the boundary.
    #[must_use]
    pub fn meets_segment(&self, a: DVec2, b: DVec2) -> bool {
        let (low, high) = self.bounds();
        let edge = DVec2::splat(1e-6);
        if a.max(b).cmplt(low - edge).any() || a.min(b).cmpgt(high + edge).any() {
            return false;
        }
        let touches = |(c, d)| segment_crossing(a, b, c, d).is_some();
        self.contains(a) || self.contains(b) || self.edges().any(touches)
    }

    /// Whether no corner turns right.
    #[must_use]
    pub fn is_convex(&self) -> bool {
        let n = self.points.len();
        (0..n).all(|i| {
            let (a, b, c) = (
                self.points[i],
                self.points[(i + 1) % n],
                self.points[(i + 2) % n],
            );
            (b - a).perp_dot(c - b) >= 0.0
        })
    }

    /// The polygon with every edge moved inwards by `inset_m` (outwards if negative, with mitred
    /// corners).
    ///
    /// # Errors
    /// [`PolygonError::Collapsed`] if nothing is left, or if a concave polygon loses an edge or
    /// falls apart, which this does not follow.
    pub fn inset(&self, inset_m: f64) -> Result<Self, PolygonError> {
        let collapsed = |_| PolygonError::Collapsed(inset_m);
        if !inset_m.is_finite() {
            return Err(PolygonError::Collapsed(inset_m));
        }
        let moved: Vec<(DVec2, DVec2)> = self
            .edges()
            .filter_map(|(a, b)| (b - a).try_normalize().map(|u| (a + u.perp() * inset_m, u)))
            .collect();
        if inset_m > 0.0 && self.is_convex() {
            let kept = moved
                .iter()
                .fold(self.points.clone(), |ring, &(on, along)| {
                    keep_left(&ring, on, along)
                });
            return Self::new(kept).map_err(collapsed);
        }
        let n = moved.len();
        let corner = |i: usize| {
            let ((p, u), (q, w)) = (moved[(i + n - 1) % n], moved[i]);
            let cross = u.perp_dot(w);
            if cross.abs() < 1e-9 {
                q
            } else {
                p + u * ((q - p).perp_dot(w) / cross)
            }
        };
        let corners: Vec<DVec2> = (0..n).map(corner).collect();
        let forward = |i: usize| (corners[(i + 1) % n] - corners[i]).dot(moved[i].1) > 0.0;
        if !(0..n).all(forward) {
            return Err(PolygonError::Collapsed(inset_m));
        }
        Self::new(corners).map_err(collapsed)
    }
}

/// The part of a convex ring to the left of a line (Sutherland and Hodgman 1974).
fn keep_left(ring: &[DVec2], on: DVec2, along: DVec2) -> Vec<DVec2> {
    let side = |p: DVec2| along.perp_dot(p - on);
    let mut kept = Vec::with_capacity(ring.len() + 1);
    for (a, b) in edges_of(ring) {
        let (from, to) = (side(a), side(b));
        if from >= 0.0 {
            kept.push(a);
        }
        if (from > 0.0 && to < 0.0) || (from < 0.0 && to > 0.0) {
            kept.push(a.lerp(b, from / (from - to)));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> Result<Polygon, PolygonError> {
        Polygon::new(points.iter().map(|&(x, y)| DVec2::new(x, y)).collect())
    }

    /// An L of three unit squares, clockwise, far from the origin.
    fn ell() -> Polygon {
        let at = DVec2::new(1e6, -2e6);
        let corners = [
            (0.0, 0.0),
            (0.0, 2.0),
            (1.0, 2.0),
            (1.0, 1.0),
            (2.0, 1.0),
            (2.0, 0.0),
        ];
        Polygon::new(
            corners
                .iter()
                .map(|&(x, y)| DVec2::new(x, y) + at)
                .collect(),
        )
        .unwrap()
    }

    #[test]
    fn area_and_centroid_of_an_ell_are_those_of_its_squares() {
        let expected = DVec2::new(1e6 + 2.5 / 3.0, -2e6 + 2.5 / 3.0);
        assert!((ell().area_m2() - 3.0).abs() < 1e-9);
        assert!(ell().centroid().distance(expected) < 1e-8);
        assert!((ell().perimeter_m() - 8.0).abs() < 1e-9);
        assert!(!ell().is_convex());
    }

    #[test]
    fn points_are_inside_on_the_edge_or_outside() {
        let at = DVec2::new(1e6, -2e6);
        assert!(ell().contains(at + DVec2::new(0.5, 1.5)));
        assert!(ell().contains(at + DVec2::new(1.0, 1.5)));
        assert!(!ell().contains(at + DVec2::new(1.5, 1.5)));
        assert!((ell().distance_to_edge_m(at + DVec2::new(1.5, 1.5)) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_segment_is_clipped_to_its_inner_parts() {
        let comb = [
            (0.0, 0.0),
            (5.0, 0.0),
            (5.0, 2.0),
            (4.0, 2.0),
            (4.0, 1.0),
            (1.0, 1.0),
            (1.0, 2.0),
            (0.0, 2.0),
        ];
        let comb = ring(&comb).unwrap();
        let parts = comb.clip_segment(DVec2::new(-5.0, 1.5), DVec2::new(10.0, 1.5));
        let expected = [(5.0 / 15.0, 6.0 / 15.0), (9.0 / 15.0, 10.0 / 15.0)];
        assert_eq!(parts.len(), 2);
        for (part, want) in parts.iter().zip(expected) {
            assert!((part.0 - want.0).abs() < 1e-12 && (part.1 - want.1).abs() < 1e-12);
        }
        assert!(!comb.meets_segment(DVec2::new(1.5, 1.5), DVec2::new(3.5, 1.5)));
        assert!(comb.meets_segment(DVec2::new(1.5, 1.5), DVec2::new(4.5, 1.5)));
    }

    #[test]
    fn bad_rings_are_refused() {
        assert_eq!(
            ring(&[(0.0, 0.0), (1.0, 0.0), (0.0, 0.0)]),
            Err(PolygonError::TooFew(2))
        );
        assert_eq!(
            ring(&[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]),
            Err(PolygonError::NoArea)
        );
        let bow = ring(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]);
        assert_eq!(bow, Err(PolygonError::CrossesItself(0, 2)));
        let odd = ring(&[(0.0, 0.0), (f64::NAN, 1.0), (1.0, 0.0)]);
        assert_eq!(odd, Err(PolygonError::NotFinite(1)));
    }

    #[test]
    fn insets_shrink_and_outsets_grow() {
        let square = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]).unwrap();
        assert!((square.inset(1.0).unwrap().area_m2() - 4.0).abs() < 1e-9);
        assert!((square.inset(-1.0).unwrap().area_m2() - 36.0).abs() < 1e-9);
        assert_eq!(square.inset(2.5), Err(PolygonError::Collapsed(2.5)));
        assert!((ell().inset(0.1).unwrap().area_m2() - (3.0 - 0.8 + 4.0 * 0.01)).abs() < 1e-6);
        assert!(ell().inset(0.6).is_err());
        // A triangle's short edge vanishes before its area does: clipping follows that.
        let house = ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 1.0), (5.0, 20.0)]).unwrap();
        assert!(house.inset(1.5).unwrap().points().len() == 3);
    }
}
