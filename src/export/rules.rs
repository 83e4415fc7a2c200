//! What holds for a whole mission before it is encoded: the fence, the first waypoint, the length.

use super::error::ExportError;
use super::item::{Command, Item, Place};
use super::mission::Mission;
use super::profile::Medium;
use crate::plan::fence::{depth_inside_m, distance_m, is_crossed_by};
use crate::plan::{MissionPlan, Position};

/// How far inside the fence, and outside keep-out areas, every point has to be, metres.
pub const FENCE_MARGIN_M: f64 = 5.0;

/// Most items of a mission (ArduPilot's storage).
pub const ITEMS_MAX: usize = 700;

/// How far the first waypoint may be from home, metres (PX4 `MIS_DIST_1WP`).
pub const FIRST_WAYPOINT_MAX_M: f64 = 10_000.0;

/// Checks a mission against the plan that it came from.
pub(super) fn check(plan: &MissionPlan, mission: &Mission) -> Result<(), ExportError> {
    let unit = || plan.unit.clone();
    if mission.items.len() > ITEMS_MAX {
        let count = mission.items.len();
        return Err(ExportError::TooManyItems {
            unit: unit(),
            count,
            max: ITEMS_MAX,
        });
    }
    let home = plan.home.position();
    check_point(plan, "home", home, FENCE_MARGIN_M)?;
    let first = mission
        .items
        .iter()
        .filter(|item| item.command != Command::Takeoff);
    if let Some(place) = first.filter_map(Item::destination).next() {
        let distance_m = distance_m(home, position(place));
        if distance_m >= FIRST_WAYPOINT_MAX_M {
            let max_m = FIRST_WAYPOINT_MAX_M;
            return Err(ExportError::FirstWaypoint {
                unit: unit(),
                distance_m,
                max_m,
            });
        }
    }
    let mut last = home;
    for (index, item) in mission.items.iter().enumerate() {
        let what = format!("item {}", index + 1);
        let next = match item.destination() {
            Some(place) => position(place),
            None if item.command == Command::ReturnToLaunch => home,
            None => continue,
        };
        let circles =
            mission.profile.medium() == Medium::FixedWing && item.command == Command::LoiterTime;
        let circle_m = if circles {
            item.params[2].unwrap_or(0.0)
        } else {
            0.0
        };
        check_point(plan, &what, next, FENCE_MARGIN_M + circle_m)?;
        for (area, polygon) in plan.geofence.keep_out.iter().enumerate() {
            if is_crossed_by(polygon, last, next) {
                return Err(ExportError::CrossesKeepOut {
                    unit: unit(),
                    what,
                    area: area + 1,
                });
            }
        }
        last = next;
    }
    for (index, &place) in mission.rally.iter().enumerate() {
        let what = format!("rally point {}", index + 1);
        check_point(plan, &what, position(place), FENCE_MARGIN_M)?;
    }
    Ok(())
}

/// The horizontal place.
fn position(place: Place) -> Position {
    Position {
        lat_deg: place.lat_deg,
        lon_deg: place.lon_deg,
    }
}

/// One point has to be well inside the fence and well outside every keep-out area.
fn check_point(
    plan: &MissionPlan,
    what: &str,
    point: Position,
    needed_m: f64,
) -> Result<(), ExportError> {
    let failed = |area: String, inside_m: f64| ExportError::Fence {
        unit: plan.unit.clone(),
        what: what.to_owned(),
        area,
        inside_m,
        needed_m,
    };
    let inside_m = depth_inside_m(&plan.geofence.keep_in, point);
    if inside_m < needed_m {
        return Err(failed("the keep-in fence".into(), inside_m));
    }
    for (index, area) in plan.geofence.keep_out.iter().enumerate() {
        let outside_m = -depth_inside_m(area, point);
        if outside_m < needed_m {
            return Err(failed(
                format!("the outside of keep-out area {}", index + 1),
                outside_m,
            ));
        }
    }
    Ok(())
}
