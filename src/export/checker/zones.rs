//! The fence and the rally points, and whether everything lies where it may.
//!
//! Geometry of its own, in degrees as autopilots do it: a ray along a parallel for the side, and
//! metres by the length of a degree (111 195 m, mean sphere) for the distance.

use serde_json::{Map, Value};

use super::items::Item;
use super::table::Body;
use super::{Mission, Report, shape};

/// Least distance from a fence's edge, metres. Below the exporter's own margin, so that rounding
/// never sets the two at odds.
const MARGIN_M: f64 = 4.0;

/// Length of a degree of latitude, metres.
const DEGREE_M: f64 = 111_195.0;

/// Greatest distance of the first waypoint from home, metres (PX4 `MIS_DIST_1WP`).
const FIRST_MAX_M: f64 = 10_000.0;

/// How near to a rally point counts as at it, metres.
const AT_RALLY_M: f64 = 1.0;

/// Latitude and longitude, degrees.
type Pair = [f64; 2];

/// Fence and rally points as the checker understood them.
#[derive(Debug, Default)]
pub(super) struct Zones {
    /// Areas to stay in.
    keep_in: Vec<Vec<Pair>>,
    /// Areas to stay out of.
    keep_out: Vec<Vec<Pair>>,
    /// Rally points.
    rally: Vec<Pair>,
}

/// Reads both parts; what is broken is reported and left out.
pub(super) fn read(root: &Map<String, Value>, report: &mut Report<'_>) -> Zones {
    let mut zones = Zones::default();
    read_fence(root, &mut zones, report);
    read_rally(root, &mut zones, report);
    zones
}

/// The fence: polygons only.
fn read_fence(root: &Map<String, Value>, zones: &mut Zones, report: &mut Report<'_>) {
    const KEYS: [&str; 3] = ["circles", "polygons", "version"];
    let Some(fence) = root.get("geoFence") else {
        return;
    };
    let Some(fence) = shape::object(fence, "geoFence", &KEYS, &[], report) else {
        return;
    };
    shape::exactly(fence, "version", &Value::from(2), "geoFence", report);
    shape::exactly(
        fence,
        "circles",
        &Value::Array(Vec::new()),
        "geoFence",
        report,
    );
    let Some(polygons) = fence.get("polygons").and_then(Value::as_array) else {
        report.error(
            "X2012",
            "geoFence.polygons is no list",
            "write a list of polygons",
        );
        return;
    };
    for polygon in polygons {
        let keys = ["inclusion", "polygon", "version"];
        let Some(map) = shape::object(polygon, "fence polygon", &keys, &[], report) else {
            continue;
        };
        shape::exactly(map, "version", &Value::from(1), "fence polygon", report);
        let corners = map.get("polygon").and_then(corners);
        match (map.get("inclusion").and_then(Value::as_bool), corners) {
            (Some(true), Some(corners)) => zones.keep_in.push(corners),
            (Some(false), Some(corners)) => zones.keep_out.push(corners),
            _ => report.error(
                "X2012",
                "a fence polygon has no inclusion, or not at least 3 distinct corners that form a \
                 simple polygon",
                "write corners in order without repeating the first",
            ),
        }
    }
    if zones.keep_in.len() != 1 {
        let cause = format!("the fence has {} areas to stay in", zones.keep_in.len());
        report.error(
            "X2012",
            cause,
            "write exactly one: PX4 asks for every one at once",
        );
    }
}

/// Corners of a simple polygon.
fn corners(value: &Value) -> Option<Vec<Pair>> {
    let list = value
        .as_array()
        .filter(|list| (3..=200).contains(&list.len()))?;
    let corners: Vec<Pair> = list
        .iter()
        .map(shape::numbers::<2>)
        .collect::<Option<_>>()?;
    let on_earth = corners
        .iter()
        .all(|&[lat, lon]| shape::is_on_earth(lat, lon));
    let count = corners.len();
    let distinct = (0..count).all(|i| (0..i).all(|j| apart_m(corners[i], corners[j]) > 0.01));
    let edge = |i: usize| (corners[i], corners[(i + 1) % count]);
    let neighbours = |i: usize, j: usize| (i + 1) % count == j || (j + 1) % count == i;
    let simple =
        (0..count).all(|i| (0..i).all(|j| neighbours(i, j) || !segments_meet(edge(i), edge(j))));
    (on_earth && distinct && simple).then_some(corners)
}

/// The rally points: latitude, longitude, height above home.
fn read_rally(root: &Map<String, Value>, zones: &mut Zones, report: &mut Report<'_>) {
    const KEYS: [&str; 2] = ["points", "version"];
    let Some(rally) = root.get("rallyPoints") else {
        return;
    };
    let Some(rally) = shape::object(rally, "rallyPoints", &KEYS, &[], report) else {
        return;
    };
    shape::exactly(rally, "version", &Value::from(2), "rallyPoints", report);
    let points = rally.get("points").and_then(Value::as_array);
    for point in points.into_iter().flatten() {
        match shape::numbers::<3>(point) {
            Some([lat, lon, height])
                if shape::is_on_earth(lat, lon) && (-11_000.0..=30_000.0).contains(&height) =>
            {
                zones.rally.push([lat, lon]);
            }
            _ => report.error(
                "X2013",
                format!("rally point {point} is no latitude, longitude and height"),
                "write degrees and metres above home",
            ),
        }
    }
    if points.is_none() {
        report.error(
            "X2013",
            "rallyPoints.points is no list",
            "write a list, empty if need be",
        );
    }
}

/// Home, every destination and every rally point inside the fence and outside the keep-out areas,
/// the first destination in reach, the end of a surface vehicle at a declared place.
pub(super) fn check(mission: &Mission, zones: &Zones, report: &mut Report<'_>) {
    let is_destination = |item: &&Item| item.command != 195;
    let destinations: Vec<(u64, Pair, f64)> = mission
        .items
        .iter()
        .filter(is_destination)
        .filter_map(|item| {
            item.place
                .map(|[lat, lon, _]| (item.command, [lat, lon], item.circle_m))
        })
        .collect();
    let mut points = vec![("home".to_owned(), mission.home, 0.0)];
    points.extend(destinations.iter().map(|&(command, place, circle_m)| {
        (
            format!("the place of command {command} at {place:?}"),
            place,
            circle_m,
        )
    }));
    points.extend(
        zones
            .rally
            .iter()
            .map(|&place| (format!("rally point {place:?}"), place, 0.0)),
    );
    for (what, place, circle_m) in points {
        let needed_m = MARGIN_M + circle_m;
        let is_kept = |area: &Vec<Pair>| inside_m(area, place) >= needed_m;
        let is_clear = |area: &Vec<Pair>| inside_m(area, place) <= -needed_m;
        if !zones.keep_in.iter().all(is_kept) || !zones.keep_out.iter().all(is_clear) {
            let cause = format!("{what} is not {needed_m} m inside the fence and off its areas");
            report.error(
                "X2014",
                cause,
                "move it, or widen the fence around home and every point",
            );
        }
    }
    check_way(mission, &destinations, zones, report);
    let first = destinations.iter().find(|(command, ..)| *command != 22);
    if first.is_some_and(|&(_, place, _)| apart_m(mission.home, place) >= FIRST_MAX_M) {
        report.error(
            "X2015",
            "the first waypoint is 10 km or more from home",
            "launch nearer",
        );
    }
    let last = mission.items.last();
    let stops_at = last.filter(|item| mission.vehicle.body == Body::Rover && item.command == 16);
    let stop = stops_at.and_then(|item| item.place);
    let is_declared = |[lat, lon, _]: [f64; 3]| {
        zones
            .rally
            .iter()
            .any(|&rally| apart_m(rally, [lat, lon]) <= AT_RALLY_M)
    };
    if stop.is_some_and(|place| !is_declared(place)) {
        report.error(
            "X2010",
            "the mission stops at a waypoint that is no declared recovery site",
            "list the recovery site among the rally points",
        );
    }
}

/// No straight way between consecutive destinations crosses an area to stay out of.
fn check_way(
    mission: &Mission,
    destinations: &[(u64, Pair, f64)],
    zones: &Zones,
    report: &mut Report<'_>,
) {
    let goes_home = mission.items.last().is_some_and(|item| item.command == 20);
    let mut way = vec![mission.home];
    way.extend(destinations.iter().map(|&(_, place, _)| place));
    way.extend(goes_home.then_some(mission.home));
    for ends in way.windows(2) {
        let crosses = |area: &Vec<Pair>| {
            let next = area.iter().cycle().skip(1);
            area.iter()
                .zip(next)
                .any(|(&a, &b)| segments_meet((a, b), (ends[0], ends[1])))
        };
        if zones.keep_out.iter().any(crosses) {
            let cause = format!(
                "the way from {:?} to {:?} crosses a keep-out area",
                ends[0], ends[1]
            );
            report.error("X2014", cause, "route around the area");
        }
    }
}

/// East and north of `to` from `from`, metres, at the scale of `from`.
fn flat(from: Pair, to: Pair) -> Pair {
    let mut east_deg = to[1] - from[1];
    if east_deg > 180.0 {
        east_deg -= 360.0;
    } else if east_deg < -180.0 {
        east_deg += 360.0;
    }
    let scale = crate::kernel::math::cos(from[0].to_radians());
    [east_deg * scale * DEGREE_M, (to[0] - from[0]) * DEGREE_M]
}

/// Distance of two places, metres.
fn apart_m(from: Pair, to: Pair) -> f64 {
    let [east_m, north_m] = flat(from, to);
    crate::kernel::math::hypot(east_m, north_m)
}

/// Distance inside the polygon, metres; negative outside.
fn inside_m(polygon: &[Pair], place: Pair) -> f64 {
    let corners: Vec<Pair> = polygon.iter().map(|&corner| flat(place, corner)).collect();
    let mut winding = 0;
    let mut nearest_m = f64::INFINITY;
    for (index, &[ax, ay]) in corners.iter().enumerate() {
        let [bx, by] = corners[(index + 1) % corners.len()];
        let (dx, dy) = (bx - ax, by - ay);
        let share = (-(ax * dx + ay * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        let edge_m = crate::kernel::math::hypot(ax + share * dx, ay + share * dy);
        nearest_m = nearest_m.min(edge_m);
        // Winding number (Sunday 2001): which way each edge passes the parallel, left of the point.
        let left = ax * by - bx * ay;
        if ay <= 0.0 && by > 0.0 && left > 0.0 {
            winding += 1;
        } else if ay > 0.0 && by <= 0.0 && left < 0.0 {
            winding -= 1;
        }
    }
    if winding == 0 { -nearest_m } else { nearest_m }
}

/// Whether two segments meet, by the parameters of their crossing; parallel ones do not, their
/// ends belong to other edges.
fn segments_meet(first: (Pair, Pair), second: (Pair, Pair)) -> bool {
    let origin = first.0;
    let [rx, ry] = flat(origin, first.1);
    let [px, py] = flat(origin, second.0);
    let [qx, qy] = flat(origin, second.1);
    let (sx, sy) = (qx - px, qy - py);
    let across = rx * sy - ry * sx;
    if across == 0.0 {
        return false;
    }
    let along_first = (px * sy - py * sx) / across;
    let along_second = (px * ry - py * rx) / across;
    (0.0..=1.0).contains(&along_first) && (0.0..=1.0).contains(&along_second)
}
