//! Parts of a mission: where each of several vehicles begins, and what it looks at. See [`slots`].

use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{algo::sweep, compose::HEIGHT_M, missions::Means};
use crate::{
    kernel::{ids::UnitIx, math},
    picture::{BlueEntry, BluePicture},
    plan::{TaskKind, polygon::Polygon},
    sensing::{SensorSuites, suite::Works},
};

/// One part of a mission for one vehicle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Slot {
    pub(super) mission: usize,
    pub(super) stage: usize,
    pub(super) entry: DVec2,
    pub(super) look: Vec<DVec2>,
    /// Direction, a unit vector, in which it is to look when it has arrived; none leaves it as it comes.
    pub(super) face: Option<DVec2>,
    /// Layer of height, so that aircraft of one round do not meet.
    pub(super) layer: u8,
}

/// Half of what a sensor finds beside its way, m, for a target of 2.3 m.
fn half_swath_m(vehicle: UnitIx, suites: &SensorSuites) -> f64 {
    let reach = suites.of(vehicle).iter().map(|sensor| match &sensor.works {
        Works::Optical { optics, n50, .. } => optics.cycles(2.3, 1.0) / n50.detection,
        _ => 0.5 * sensor.range_m[1],
    });
    (0.5 * reach.fold(0.0, f64::max)).clamp(100.0, 2500.0)
}

/// Parts of a mission for `wanted` vehicles, worked out for one that stands for them all; others are at
/// the places `held`, m, or on their way there.
pub(super) fn slots(
    (at, stage): (usize, usize),
    (wanted, held): (usize, &[DVec2]),
    vehicle: &BlueEntry,
    picture: &BluePicture,
    means: &Means<'_>,
) -> Vec<Slot> {
    let mission = &means.missions.list[at];
    let slot = |entry, look| Slot {
        mission: at,
        stage,
        entry,
        look,
        face: None,
        layer: 0,
    };
    let entries = |entries: Vec<DVec2>| {
        let bare = |entry| slot(entry, Vec::new());
        entries.into_iter().map(bare).collect()
    };
    let with = mission.with.and_then(|unit| picture.get(unit));
    match &mission.stages[stage].kind {
        TaskKind::Search { area } => strips(area, wanted, vehicle.unit, means)
            .into_iter()
            .map(|points| slot(points[0], points))
            .collect(),
        TaskKind::Patrol { route } => (0..wanted)
            .map(|n| {
                let turned = turned(route, n * route.len() / wanted);
                slot(turned[0], turned)
            })
            .collect(),
        TaskKind::Observe { point, range_m } => entries(posts(
            (*point, *range_m),
            wanted,
            vehicle,
            mission.altitude_m,
            means,
        )),
        TaskKind::Hold { point, radius_m } => entries(spread(*point, *radius_m, wanted)),
        TaskKind::Screen { line } => {
            let post = means.order.forces[mission.force.at()].command;
            let post = post.and_then(|post| picture.get(post));
            let post = post.map(|post| post.place.position.truncate());
            let facing = |(entry, along): (DVec2, DVec2)| Slot {
                face: post.map(|post| outwards(entry, along, post)),
                ..slot(entry, Vec::new())
            };
            gaps(line, wanted, held).into_iter().map(facing).collect()
        }
        TaskKind::Support { area, point } => {
            positions(area, *point, (wanted, held), vehicle, means)
                .into_iter()
                .map(|entry| Slot {
                    face: (*point - entry).try_normalize(),
                    ..slot(entry, Vec::new())
                })
                .collect()
        }
        TaskKind::Escort { .. } | TaskKind::Resupply { .. } => {
            let beside = |with: &BlueEntry| {
                let at = with.place.position.truncate() + BESIDE_M;
                (0..wanted).map(|n| at + abreast(n)).collect()
            };
            entries(with.map_or_else(Vec::new, beside))
        }
        kind @ (TaskKind::Move { .. } | TaskKind::Relay { .. }) => {
            let entry = kind.entry().unwrap_or(DVec2::ZERO);
            entries((0..wanted).map(|n| entry + abreast(n)).collect())
        }
    }
}

/// Strips over an area, one after the other for each of `wanted` vehicles; none where there is no
/// way to sweep it.
fn strips(area: &[DVec2], wanted: usize, vehicle: UnitIx, means: &Means<'_>) -> Vec<Vec<DVec2>> {
    let swath_m = 2.0 * half_swath_m(vehicle, means.suites);
    let sweep = || {
        let area = Polygon::new(area.to_vec()).ok()?;
        let passes = sweep::passes(&area, swath_m, None, area.points()[0]).ok()?;
        sweep::split(&passes, &vec![1.0; wanted], swath_m).ok()
    };
    let points = |share: &sweep::Share| -> Vec<DVec2> {
        let ends = share.passes.iter().flat_map(|pass| [pass.from, pass.to]);
        ends.collect()
    };
    let shares = sweep().unwrap_or_default();
    let strips = shares.iter().map(points);
    strips.filter(|points| !points.is_empty()).collect()
}

/// A closed route that begins at its `first` point.
fn turned(route: &[DVec2], first: usize) -> Vec<DVec2> {
    let around = route.iter().cycle().skip(first);
    around.take(route.len() + 1).copied().collect()
}

/// Place of the `n`-th vehicle beside the first at a common goal, m.
fn abreast(n: usize) -> DVec2 {
    let (row, column) = (n / 5, n % 5);
    let across = [0.0, 1.0, -1.0, 2.0, -2.0][column];
    DVec2::new(
        60.0 * across,
        -60.0 * f64::from(u32::try_from(row).unwrap_or(0)),
    )
}

/// Where the first vehicle stays beside a unit that it accompanies or supplies, m (notional).
const BESIDE_M: DVec2 = DVec2::new(30.0, -30.0);

/// Places along a line that is cut for those who hold places already and those who come, with the
/// direction of the line there: the widest gaps first.
fn gaps(line: &[DVec2], wanted: usize, held: &[DVec2]) -> Vec<(DVec2, DVec2)> {
    let gap_m = |place: DVec2| {
        let gaps = held.iter().map(|other| other.distance(place));
        gaps.fold(f64::INFINITY, f64::min)
    };
    let mut free = along(line, wanted + held.len());
    free.retain(|(place, _)| gap_m(*place) > SAME_PLACE_M);
    free.sort_by(|a, b| gap_m(b.0).total_cmp(&gap_m(a.0)));
    free.truncate(wanted);
    free
}

/// Distance below which two places are one, m (notional).
const SAME_PLACE_M: f64 = 20.0;

/// Whether nobody holds a place.
fn is_free(place: DVec2, held: &[DVec2]) -> bool {
    held.iter()
        .all(|other| other.distance(place) > SAME_PLACE_M)
}

/// The direction square to a line at a place of it, on the side away from the post.
fn outwards(at: DVec2, along: DVec2, post: DVec2) -> DVec2 {
    let square = along.perp();
    if square.dot(at - post) < 0.0 {
        -square
    } else {
        square
    }
}

/// Places along a line, each in the middle of an equal share of it, m, with the direction of the line
/// there.
fn along(line: &[DVec2], wanted: usize) -> Vec<(DVec2, DVec2)> {
    let pieces = line.windows(2).map(|ends| (ends[0], ends[1]));
    let length_m: f64 = pieces.clone().map(|(a, b)| a.distance(b)).sum();
    let place = |n: usize| {
        let mut left_m = length_m * (n as f64 + 0.5) / wanted.max(1) as f64;
        for (a, b) in pieces.clone() {
            let piece_m = a.distance(b);
            if left_m <= piece_m && piece_m > 0.0 {
                return (a.lerp(b, left_m / piece_m), (b - a) / piece_m);
            }
            left_m -= piece_m;
        }
        (line.last().copied().unwrap_or(DVec2::ZERO), DVec2::X)
    };
    (0..wanted).map(place).collect()
}

/// Places in an area from which a point can be seen over the ground, the nearest to the vehicle
/// first; where too few see it, others fill up.
fn positions(
    area: &[DVec2],
    point: DVec2,
    (wanted, held): (usize, &[DVec2]),
    vehicle: &BlueEntry,
    means: &Means<'_>,
) -> Vec<DVec2> {
    let Ok(area) = Polygon::new(area.to_vec()) else {
        return Vec::new();
    };
    let (low, high) = area.bounds();
    let radius_m = 0.5 * low.distance(high);
    let eye_m = eye_height_m(vehicle.unit, None, means).max(SEEN_M);
    let terrain = &means.landscape.terrain;
    let raised = |at: DVec2, by_m: f64| at.extend(terrain.surface_m(at.x, at.y) + by_m);
    let sees = |from: DVec2| {
        means
            .landscape
            .is_clear(raised(from, eye_m), raised(point, SEEN_M))
    };
    let here = vehicle.place.position.truncate();
    let candidates = spread(
        area.centroid(),
        radius_m,
        POSITIONS.max(4 * (wanted + held.len())),
    );
    let mut ranked: Vec<(bool, f64, DVec2)> = candidates
        .into_iter()
        .filter(|place| area.contains(*place) && is_free(*place, held))
        .map(|place| (!sees(place), here.distance(place), place))
        .collect();
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let places = ranked.into_iter().map(|(_, _, place)| place);
    places.take(wanted).collect()
}

/// Places of an area that are looked at.
const POSITIONS: usize = 64;

/// Places spread over a circle, the first in the middle, m.
fn spread(centre: DVec2, radius_m: f64, wanted: usize) -> Vec<DVec2> {
    let place = |n: u32| {
        let out_m = radius_m * (f64::from(n) / wanted.max(1) as f64).sqrt();
        let (sin, cos) = math::sincos(f64::from(n) * math::GOLDEN_ANGLE_RAD);
        centre + DVec2::new(sin, cos) * out_m
    };
    (0..u32::try_from(wanted).unwrap_or(u32::MAX))
        .map(place)
        .collect()
}

/// Directions from an observed point in which a post is looked for.
const BEARINGS: u32 = 24;

/// Shares of the stand-off at which a post is looked for: the farthest first, where all else is equal.
const DISTANCES: [f64; 3] = [1.0, 0.85, 0.7];

/// Height above the ground of what is to be seen at an observed point, m.
const SEEN_M: f64 = 2.0;

/// Least distance between two posts of one mission as a share of the stand-off, so that they look
/// from different sides.
const APART_SHARE: f64 = 0.5;

/// Posts from which a point can be seen over the ground from no farther than the stand-off and not
/// much nearer, the nearest to the vehicle first. Without a stand-off that is the point itself; where
/// the ground hides the point from everywhere, posts that do not see it are taken.
fn posts(
    (point, range_m): (DVec2, f64),
    wanted: usize,
    vehicle: &BlueEntry,
    altitude_m: Option<f64>,
    means: &Means<'_>,
) -> Vec<DVec2> {
    if range_m <= 0.0 {
        return (0..wanted).map(|n| point + abreast(n)).collect();
    }
    let terrain = &means.landscape.terrain;
    let eye_m = eye_height_m(vehicle.unit, altitude_m, means);
    let sees = |from: DVec2| {
        let raised =
            |at: DVec2, by_m: f64| -> DVec3 { at.extend(terrain.surface_m(at.x, at.y) + by_m) };
        means
            .landscape
            .is_clear(raised(from, eye_m), raised(point, SEEN_M))
    };
    let here = vehicle.place.position.truncate();
    let mut places = ring(point, range_m);
    let gap_m = here.distance(point);
    if (DISTANCES[2] * range_m..=range_m).contains(&gap_m) {
        places.push(here);
    }
    places.retain(|place| terrain.bounds().contains(*place));
    let mut ranked: Vec<(bool, f64, DVec2)> = places
        .into_iter()
        .map(|place| (!sees(place), here.distance(place), place))
        .collect();
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut chosen: Vec<DVec2> = Vec::new();
    for (_, _, place) in ranked {
        let is_apart = |other: &DVec2| other.distance(place) >= APART_SHARE * range_m;
        if chosen.len() < wanted && chosen.iter().all(is_apart) {
            chosen.push(place);
        }
    }
    chosen
}

/// Places about a point at shares of a distance, m.
fn ring(point: DVec2, range_m: f64) -> Vec<DVec2> {
    let place = |bearing: u32, share: f64| {
        let turn = math::TAU * f64::from(bearing) / f64::from(BEARINGS);
        let (sin, cos) = math::sincos(turn);
        point + DVec2::new(sin, cos) * (share * range_m)
    };
    let around = |share: f64| (0..BEARINGS).map(move |bearing| place(bearing, share));
    DISTANCES.into_iter().flat_map(around).collect()
}

/// Height above the ground from which a vehicle looks, m.
fn eye_height_m(unit: UnitIx, altitude_m: Option<f64>, means: &Means<'_>) -> f64 {
    let mounts = means.suites.of(unit).iter().map(|sensor| sensor.height_m);
    let mast_m = mounts.fold(0.0, f64::max);
    if means.fleet.vehicle(unit).is_air() {
        mast_m + altitude_m.unwrap_or(HEIGHT_M)
    } else {
        mast_m
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_later_to_a_line_fills_its_widest_gap() {
        let line = [DVec2::ZERO, DVec2::new(1200.0, 0.0)];
        let first = gaps(&line, 3, &[]);
        let held: Vec<DVec2> = first.into_iter().map(|(place, _)| place).collect();
        assert_eq!(held, [200.0, 600.0, 1000.0].map(|x| DVec2::new(x, 0.0)));
        let later = gaps(&line, 1, &held);
        let gap_m = |at: DVec2| held.iter().map(|it| it.distance(at)).fold(1e9, f64::min);
        assert!(later.len() == 1 && gap_m(later[0].0) > 140.0, "{later:?}");
        // Who has left is replaced where he was.
        let [west, _, east] = held[..] else {
            panic!("three")
        };
        let again = gaps(&line, 1, &[west, east]);
        assert!(
            again[0].0.distance(DVec2::new(600.0, 0.0)) < 1e-9,
            "{again:?}"
        );
    }

    #[test]
    fn vehicles_that_hold_a_place_stay_within_its_radius_and_apart() {
        let centre = DVec2::new(100.0, -50.0);
        let places = spread(centre, 200.0, 9);
        assert_eq!(places.len(), 9);
        assert_eq!(places[0], centre);
        for (at, a) in places.iter().enumerate() {
            assert!(a.distance(centre) <= 200.0);
            assert!(places[..at].iter().all(|b| a.distance(*b) > 40.0));
        }
    }

    #[test]
    fn posts_stand_no_farther_than_the_stand_off_and_all_around() {
        let point = DVec2::new(-300.0, 70.0);
        let places = ring(point, 1500.0);
        assert_eq!(places.len(), 72);
        let gaps = places.iter().map(|place| place.distance(point));
        assert!(gaps.clone().all(|gap| (1049.0..1501.0).contains(&gap)));
        for side in [DVec2::X, DVec2::Y, DVec2::NEG_X, DVec2::NEG_Y] {
            assert!(
                places
                    .iter()
                    .any(|p| (*p - point).normalize().dot(side) > 0.999)
            );
        }
    }

    #[test]
    fn a_screen_divides_its_line_evenly() {
        let line = [
            DVec2::ZERO,
            DVec2::new(300.0, 0.0),
            DVec2::new(300.0, 100.0),
        ];
        let want = [
            DVec2::new(50.0, 0.0),
            DVec2::new(150.0, 0.0),
            DVec2::new(250.0, 0.0),
            DVec2::new(300.0, 50.0),
        ];
        for ((got, _), want) in along(&line, 4).into_iter().zip(want) {
            assert!(got.distance(want) < 1e-9, "{got} for {want}");
        }
        let (at, along_it) = along(&line, 4)[3];
        assert_eq!(
            outwards(at, along_it, DVec2::ZERO),
            DVec2::X,
            "away from the post"
        );
        assert_eq!(along(&line, 0), []);
        // Who comes later finds what is left of the same cut.
        assert!(!is_free(along(&line, 4)[1].0, &[want[1]]) && is_free(want[2], &[want[1]]));
    }

    #[test]
    fn a_turned_route_closes() {
        let route = [DVec2::ZERO, DVec2::X, DVec2::Y];
        assert_eq!(
            turned(&route, 1),
            [DVec2::X, DVec2::Y, DVec2::ZERO, DVec2::X]
        );
    }
}
