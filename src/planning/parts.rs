//! One vehicle's part of a mission: the way there, what is done there, and how far the energy goes.

use glam::DVec2;

use super::{
    airways::Airways,
    compose::{Composer, Doing, HEIGHT_M},
    missions::{Means, Mission},
    progress::hostile_places,
    routes::RouteBook,
    slots::Slot,
    watch::Watch,
};
use crate::{
    kernel::{ids::UnitIx, math, time::SimTime},
    picture::{BlueEntry, TrackStore},
    plan::{MissionPlan, TaskKind, polygon::Polygon},
    platform::group::slot_position,
};

/// Share of a vehicle's endurance that a plan may use up.
const USE_SHARE: f64 = 0.8;

/// Distance that wary vehicles keep from believed hostile tracks, m (notional, 500 to 3000).
const WARY_M: f64 = 1200.0;

/// The plan of one vehicle for one part.
pub(super) fn compose(
    entry: &BlueEntry,
    slot: &Slot,
    tracks: &TrackStore,
    now: SimTime,
    means: &Means<'_>,
    book: &mut RouteBook,
) -> Option<(MissionPlan, DVec2)> {
    let mission = &means.missions.list[slot.mission];
    let kind = &mission.stages[slot.stage].kind;
    let vehicle = means.fleet.vehicle(entry.unit);
    let altitude_m = if vehicle.is_air() {
        Some(mission.altitude_m.unwrap_or(HEIGHT_M) + LAYER_M * f64::from(slot.layer))
    } else {
        mission.altitude_m
    };
    let composer = means.composer(entry, altitude_m);
    let home = composer.home;
    let doctrine = &means.order.forces[mission.force.at()].doctrine;
    let watch = if mission.is_wary && doctrine.exposure_price_s > 0.0 {
        Watch::of(tracks, now, doctrine.exposure_price_s, means.landscape)
    } else {
        Watch::nobody(means.landscape)
    };
    let avoid = if mission.is_wary && doctrine.exposure_price_s <= 0.0 {
        wary_of(tracks, now, slot.entry)
    } else {
        Vec::new()
    };
    let side = means.order.unit(entry.unit).side.0;
    let ground = (means.landscape, means.no_go);
    let start = entry.place.position.truncate();
    let mut way = Vec::new();
    let mut at = start;
    for point in way_points(kind, slot, entry.unit, means, start) {
        let ends = (at, point);
        way.extend(if watch.is_any() {
            book.shy_way((vehicle, side), ends, &watch, ground)?
        } else {
            book.way(vehicle, side, ends, &avoid, ground)?
        });
        at = point;
    }
    let way = divided(start, way);
    let (doing, last) = doing((mission, kind), slot, &composer, (&way, now));
    let back = if vehicle.is_air() {
        Vec::new()
    } else {
        let mut back = book.way(vehicle, side, (last, home.truncate()), &[], ground)?;
        back.pop();
        back
    };
    let plan = composer.plan(&way, &doing, &back, &mission.id);
    let plan = match Airways::of((vehicle, side), ground, &watch) {
        Some(airways) => airways.lead(&plan, entry.place.position)?,
        None => plan,
    };
    Some((plan, last))
}

/// Last stretch of a way whose end is to be faced from, m (notional).
const RUN_UP_M: f64 = 60.0;

/// Points to go to before the mission's own doing begins.
fn way_points(
    kind: &TaskKind,
    slot: &Slot,
    unit: UnitIx,
    means: &Means<'_>,
    start: DVec2,
) -> Vec<DVec2> {
    let place = means.groups.of(unit);
    let place = place.and_then(|(group, member)| group.slot(member));
    match (kind, place) {
        (TaskKind::Move { route }, Some(place)) => in_formation(route, start, place),
        (TaskKind::Move { route }, None) => {
            let beside = slot.entry - route.first().copied().unwrap_or(slot.entry);
            route.iter().map(|point| *point + beside).collect()
        }
        // Who is already within the circle stays where it is.
        (TaskKind::Hold { point, radius_m }, _) if start.distance(*point) <= *radius_m => {
            Vec::new()
        }
        // Who is to look somewhere when it has come, comes from the other side.
        _ => match slot.face {
            Some(face) => vec![slot.entry - face * RUN_UP_M, slot.entry],
            None => vec![slot.entry],
        },
    }
}

/// The way of a member of a formation beside the leader's along a route, and its place in the
/// formation at the end.
fn in_formation(route: &[DVec2], start: DVec2, place: DVec2) -> Vec<DVec2> {
    let mut from = start;
    let mut way = Vec::with_capacity(route.len());
    for (at, point) in route.iter().enumerate() {
        let towards = *point - from;
        let heading = math::bearing(towards.x, towards.y);
        let behind_m = if at + 1 == route.len() { place.y } else { 0.0 };
        way.push(slot_position(
            *point,
            heading,
            DVec2::new(place.x, behind_m),
        ));
        from = *point;
    }
    way
}

/// Length of a way from a point along others, m.
fn length_m(points: &[DVec2], from: DVec2) -> f64 {
    points
        .iter()
        .fold((0.0, from), |(sum, at), to| (sum + at.distance(*to), *to))
        .0
}

/// What is done at the end of the way, for how long, and where that ends.
fn doing(
    (mission, kind): (&Mission, &TaskKind),
    slot: &Slot,
    composer: &Composer<'_>,
    (way, now): (&[DVec2], SimTime),
) -> (Doing, DVec2) {
    let speed = composer.vehicle.kinematics.speed_cruise_m_s().max(0.1);
    let start = composer.position.truncate();
    let home = composer.home.truncate();
    let there = way.last().copied().unwrap_or(start);
    let way_m = length_m(way, start);
    let lasts_s =
        USE_SHARE * composer.endurance_s() * (1.0 - composer.vehicle.energy.reserve_fraction);
    let window_s = mission.window_s.1 - now.as_s();
    let stay_s = (lasts_s - (way_m + there.distance(home)) / speed)
        .min(window_s)
        .max(1.0);
    let budget = Budget {
        from: there,
        home,
        spent_m: way_m,
        all_m: lasts_s * speed,
    };
    match kind {
        TaskKind::Search { .. } => {
            let points = budget.fitting(slot.look.iter().copied());
            let last = points.last().copied().unwrap_or(there);
            (Doing::Look(points), last)
        }
        TaskKind::Patrol { .. } => {
            let rounds = slot
                .look
                .iter()
                .copied()
                .cycle()
                .take(PATROL_ROUNDS * slot.look.len());
            let points = budget.fitting(rounds);
            let last = points.last().copied().unwrap_or(there);
            (Doing::Look(points), last)
        }
        TaskKind::Relay { .. } => (Doing::Relay(stay_s), there),
        TaskKind::Resupply {
            stay_s: asked_s, ..
        } => (Doing::Stay(asked_s.min(stay_s)), there),
        _ => (Doing::Stay(stay_s), there),
    }
}

/// Most rounds of a patrol in one plan.
const PATROL_ROUNDS: usize = 10;

/// Most points of one plan: autopilots hold some hundreds.
const POINTS_MAX: usize = 400;

/// How far a vehicle can still go and come home.
struct Budget {
    from: DVec2,
    home: DVec2,
    spent_m: f64,
    all_m: f64,
}

impl Budget {
    /// As many of the points, from the first, as leave enough for the way home; at least one.
    fn fitting(&self, points: impl Iterator<Item = DVec2>) -> Vec<DVec2> {
        let (mut spent_m, mut at) = (self.spent_m, self.from);
        let mut fitting = Vec::new();
        for point in points.take(POINTS_MAX) {
            spent_m += at.distance(point);
            at = point;
            if spent_m + point.distance(self.home) > self.all_m && !fitting.is_empty() {
                break;
            }
            fitting.push(point);
        }
        fitting
    }
}

/// Longest leg of a plan, m: autopilots and their operators distrust longer ones.
const LEG_MAX_M: f64 = 8000.0;

/// A way with points put in where a leg is too long.
fn divided(from: DVec2, way: Vec<DVec2>) -> Vec<DVec2> {
    let mut points = Vec::with_capacity(way.len());
    let mut at = from;
    for to in way {
        let mut left_m = at.distance(to);
        while left_m > LEG_MAX_M {
            at += (to - at) * (LEG_MAX_M / left_m);
            points.push(at);
            left_m = at.distance(to);
        }
        points.push(to);
        at = to;
    }
    points
}

/// Difference in height between aircraft of one round of planning, m.
const LAYER_M: f64 = 35.0;

/// Squares about live hostile tracks, but none about the goal itself.
fn wary_of(tracks: &TrackStore, now: SimTime, goal: DVec2) -> Vec<Polygon> {
    let centres = hostile_places(tracks, now);
    let far = centres.filter(|centre| centre.distance(goal) > 1.5 * WARY_M);
    far.filter_map(|centre| {
        Polygon::rectangle(centre - DVec2::splat(WARY_M), centre + DVec2::splat(WARY_M)).ok()
    })
    .collect()
}
