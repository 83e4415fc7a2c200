//! Geodetic polygons: which side of a fence a point is on, and how far from it.
//!
//! Autopilots take the edges of a fence as straight in latitude and longitude. Scaling longitude by
//! the cosine of the latitude keeps them straight, so containment here is theirs; distances carry
//! the error of that projection, below 1 % within 100 km of the point up to 60° of latitude.

use glam::DVec2;

use super::place::Position;
use crate::kernel::math::cos;

/// Mean radius of the earth, metres (IUGG 1980, R1).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Metres east and north from `from` to `to`, on a plane that touches the earth half-way.
#[must_use]
pub fn offset_m(from: Position, to: Position) -> DVec2 {
    let turn = to.lon_deg - from.lon_deg;
    let lon_deg = turn - 360.0 * ((turn + 180.0) / 360.0).floor();
    let mid_lat = ((from.lat_deg + to.lat_deg) / 2.0).to_radians();
    DVec2::new(
        lon_deg.to_radians() * cos(mid_lat) * EARTH_RADIUS_M,
        (to.lat_deg - from.lat_deg).to_radians() * EARTH_RADIUS_M,
    )
}

/// Distance along the ground, metres, for points up to some 100 km apart.
#[must_use]
pub fn distance_m(from: Position, to: Position) -> f64 {
    offset_m(from, to).length()
}

/// The point `east_m`, `north_m` away from `from`: the inverse of [`offset_m`].
#[must_use]
pub fn moved(from: Position, offset: DVec2) -> Position {
    let lat_deg = from.lat_deg + (offset.y / EARTH_RADIUS_M).to_degrees();
    let mid_lat = ((from.lat_deg + lat_deg) / 2.0).to_radians();
    let lon_deg = from.lon_deg + (offset.x / (EARTH_RADIUS_M * cos(mid_lat))).to_degrees();
    Position {
        lat_deg,
        lon_deg: lon_deg - 360.0 * ((lon_deg + 180.0) / 360.0).floor(),
    }
}

/// The corners in metres about `origin`, all with the scale of the origin's latitude, so that
/// straight in degrees is straight in metres.
fn flattened(polygon: &[Position], origin: Position) -> Vec<DVec2> {
    let scale = cos(origin.lat_deg.to_radians());
    let flat = |corner: &Position| {
        let level = Position {
            lat_deg: origin.lat_deg,
            ..*corner
        };
        let east_m = if scale > 0.0 {
            offset_m(origin, level).x
        } else {
            0.0
        };
        DVec2::new(
            east_m,
            (corner.lat_deg - origin.lat_deg).to_radians() * EARTH_RADIUS_M,
        )
    };
    polygon.iter().map(flat).collect()
}

/// The edges of a closed polygon.
fn edges(corners: &[DVec2]) -> impl Iterator<Item = (DVec2, DVec2)> + '_ {
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).map(|(&from, &to)| (from, to))
}

/// Distance from the origin to the segment, metres.
fn distance_to_segment_m(from: DVec2, to: DVec2) -> f64 {
    let along = to - from;
    let length2 = along.length_squared();
    let share = if length2 > 0.0 {
        (-from.dot(along) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (from + along * share).length()
}

/// How far `point` is inside the polygon, metres: positive inside, negative outside, zero on the
/// edge. Fewer than three corners hold nothing: minus infinity.
#[must_use]
pub fn depth_inside_m(polygon: &[Position], point: Position) -> f64 {
    if polygon.len() < 3 {
        return f64::NEG_INFINITY;
    }
    let corners = flattened(polygon, point);
    let mut inside = false;
    let mut nearest_m = f64::INFINITY;
    for (from, to) in edges(&corners) {
        nearest_m = nearest_m.min(distance_to_segment_m(from, to));
        let straddles = (from.y > 0.0) != (to.y > 0.0);
        if straddles && from.x + (to.x - from.x) * (-from.y) / (to.y - from.y) > 0.0 {
            inside = !inside;
        }
    }
    if inside { nearest_m } else { -nearest_m }
}

/// Which side of the line from `a` to `b` the point is on: the sign of the area they span.
fn side(a: DVec2, b: DVec2, point: DVec2) -> f64 {
    (b - a).perp_dot(point - a)
}

/// Whether two segments share a point, ends included.
fn segments_touch(first: (DVec2, DVec2), second: (DVec2, DVec2)) -> bool {
    let ends = [
        side(second.0, second.1, first.0),
        side(second.0, second.1, first.1),
        side(first.0, first.1, second.0),
        side(first.0, first.1, second.1),
    ];
    if ends[0] * ends[1] < 0.0 && ends[2] * ends[3] < 0.0 {
        return true;
    }
    let within = |(a, b): (DVec2, DVec2), point: DVec2| (a - point).dot(b - point) <= 0.0;
    let is_on = |area: f64, segment, point| area.abs() < 1e-9 && within(segment, point);
    is_on(ends[0], second, first.0)
        || is_on(ends[1], second, first.1)
        || is_on(ends[2], first, second.0)
        || is_on(ends[3], first, second.1)
}

/// Whether two edges that are not neighbours touch, or two corners fall together.
#[must_use]
pub fn crosses_itself(polygon: &[Position]) -> bool {
    let Some(&origin) = polygon.first() else {
        return false;
    };
    let corners = flattened(polygon, origin);
    let all: Vec<_> = edges(&corners).collect();
    let count = all.len();
    (0..count).any(|i| {
        let is_short = (all[i].0 - all[i].1).length() < 0.01;
        let meets = |j: usize| {
            let are_neighbours = j == i + 1 || (i == 0 && j + 1 == count);
            !are_neighbours && segments_touch(all[i], all[j])
        };
        is_short || (i + 1..count).any(meets)
    })
}

/// Whether the straight way from `from` to `to` touches the polygon's edge or starts inside it.
#[must_use]
pub fn is_crossed_by(polygon: &[Position], from: Position, to: Position) -> bool {
    if polygon.len() < 3 {
        return false;
    }
    let corners = flattened(polygon, from);
    let way = (DVec2::ZERO, flattened(&[to], from)[0]);
    depth_inside_m(polygon, from) >= 0.0 || edges(&corners).any(|edge| segments_touch(edge, way))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat_deg: f64, lon_deg: f64) -> Position {
        Position { lat_deg, lon_deg }
    }

    fn square() -> Vec<Position> {
        vec![
            at(36.0, -84.0),
            at(36.0, -83.9),
            at(36.1, -83.9),
            at(36.1, -84.0),
        ]
    }

    #[test]
    fn a_point_inside_is_as_deep_as_its_nearest_edge_is_far() {
        // 0.01° of latitude is 1111.95 m on the mean sphere.
        let depth_m = depth_inside_m(&square(), at(36.01, -83.95));
        assert!((depth_m - 1111.95).abs() < 0.1, "{depth_m}");
        assert!((depth_inside_m(&square(), at(35.99, -83.95)) + 1111.95).abs() < 0.1);
        assert!(depth_inside_m(&square()[..2], at(36.0, -84.0)) < 0.0);
    }

    #[test]
    fn containment_holds_across_the_date_line() {
        let fence = [
            at(1.0, 179.9),
            at(1.0, -179.9),
            at(1.1, -179.9),
            at(1.1, 179.9),
        ];
        assert!(depth_inside_m(&fence, at(1.05, 180.0)) > 5000.0);
        assert!(depth_inside_m(&fence, at(1.05, -179.8)) < 0.0);
    }

    #[test]
    fn a_bow_tie_and_a_repeated_corner_cross() {
        let mut bow_tie = square();
        bow_tie.swap(1, 2);
        assert!(crosses_itself(&bow_tie));
        let mut closed = square();
        closed.push(closed[0]);
        assert!(crosses_itself(&closed));
        assert!(!crosses_itself(&square()));
    }

    #[test]
    fn a_way_through_a_notch_is_seen_even_with_both_ends_free() {
        assert!(is_crossed_by(&square(), at(36.05, -84.1), at(36.05, -83.8)));
        assert!(is_crossed_by(
            &square(),
            at(36.05, -83.95),
            at(36.06, -83.95)
        ));
        assert!(!is_crossed_by(&square(), at(36.2, -84.1), at(36.2, -83.8)));
    }

    #[test]
    fn moving_undoes_the_offset() {
        let from = at(48.3, -124.0);
        let offset = DVec2::new(4321.0, -987.0);
        let back = offset_m(from, moved(from, offset));
        assert!((back - offset).length() < 1e-6, "{back}");
    }
}
