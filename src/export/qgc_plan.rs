//! `QGroundControl`'s `.plan`: mission, fence and rally points of one vehicle as JSON.
//!
//! Written to what `QGroundControl` (@365ada69), MAVSDK 4.1.0 and Mission Planner (@a2fcd74) read:
//! every top-level key, versions as integers, simple items only, whole-number speeds, altitude keys
//! on every item with a position, latitude before longitude, no repeated closing corner. Heights
//! are above home; home itself is above mean sea level.

use serde::Serialize;

use super::checker::check_qgc_plan;
use super::error::ExportError;
use super::item::{FRAME_ABOVE_GROUND, FRAME_MISSION, Item};
use super::mission::{Mission, mission, rounded};
use super::{Exporter, Profile};
use crate::kernel::finding::Finding;
use crate::plan::{ExportableVehicle, MissionPlan, Position};

/// The format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QgcPlan {
    /// Whether aircraft keep heights above ground; their autopilots then need terrain data.
    pub by_ground: bool,
}

impl Exporter for QgcPlan {
    fn name(&self) -> &'static str {
        "qgc-plan"
    }

    fn extension(&self) -> &'static str {
        "plan"
    }

    fn encode(&self, vehicle: &ExportableVehicle) -> Result<Vec<u8>, ExportError> {
        let mission = mission(vehicle, self.by_ground)?;
        let plan = vehicle.plan();
        let file = PlanFile::of(plan, &mission);
        let mut bytes = serde_json::to_vec_pretty(&file).map_err(|source| ExportError::Json {
            unit: plan.unit.clone(),
            source,
        })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn check(&self, file: &str, bytes: &[u8]) -> Vec<Finding> {
        check_qgc_plan(file, bytes)
    }
}

/// Latitude and longitude, degrees.
type Pair = [f64; 2];

/// The file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlanFile {
    /// Always `Plan`.
    file_type: &'static str,
    /// The fence.
    geo_fence: FencePart,
    /// Who wrote it.
    ground_station: &'static str,
    /// The mission.
    mission: MissionPart,
    /// The rally points.
    rally_points: RallyPart,
    /// Always 1.
    version: u32,
}

/// The mission of a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MissionPart {
    /// Metres per second. Mission Planner reads whole numbers only; items set the real speed.
    cruise_speed: u32,
    /// `MAV_AUTOPILOT`.
    firmware_type: u32,
    /// 1: heights above home. With heights above ground 0: mixed.
    global_plan_altitude_mode: u32,
    /// Metres per second, a whole number as well.
    hover_speed: u32,
    /// The items.
    items: Vec<ItemPart>,
    /// Latitude, longitude in degrees and height above mean sea level in metres.
    planned_home_position: [f64; 3],
    /// `MAV_TYPE`.
    vehicle_type: u32,
    /// Always 2.
    version: u32,
}

/// One item of a file.
#[derive(Serialize)]
struct ItemPart {
    /// Not known without `QGroundControl`'s terrain data: written as null beside a height.
    #[serde(
        rename = "AMSLAltAboveTerrain",
        skip_serializing_if = "Option::is_none"
    )]
    amsl_alt_above_terrain: Option<()>,
    /// The height again, metres; on items with a position only, as the two keys around it.
    #[serde(rename = "Altitude", skip_serializing_if = "Option::is_none")]
    altitude: Option<f64>,
    /// 1 above home, 4 above ground.
    #[serde(rename = "AltitudeMode", skip_serializing_if = "Option::is_none")]
    altitude_mode: Option<u32>,
    /// Goes on by itself.
    #[serde(rename = "autoContinue")]
    auto_continue: bool,
    /// `MAV_CMD`.
    command: u32,
    /// Number of the item, from 1.
    #[serde(rename = "doJumpId")]
    do_jump_id: usize,
    /// `MAV_FRAME`.
    frame: u32,
    /// Four parameters, then latitude, longitude, height.
    params: [Option<f64>; 7],
    /// Always `SimpleItem`.
    #[serde(rename = "type")]
    kind: &'static str,
}

/// The fence of a file.
#[derive(Serialize)]
struct FencePart {
    /// None are written.
    circles: [(); 0],
    /// The one area to stay in, then the areas to stay out of.
    polygons: Vec<PolygonPart>,
    /// Always 2.
    version: u32,
}

/// One polygon of a fence.
#[derive(Serialize)]
struct PolygonPart {
    /// Whether to stay in it.
    inclusion: bool,
    /// The corners.
    polygon: Vec<Pair>,
    /// Always 1.
    version: u32,
}

/// The rally points of a file.
#[derive(Serialize)]
struct RallyPart {
    /// Latitude, longitude in degrees and height above home in metres.
    points: Vec<[f64; 3]>,
    /// Always 2.
    version: u32,
}

impl PlanFile {
    /// The file of a plan and its mission.
    fn of(plan: &MissionPlan, mission: &Mission) -> Self {
        let keep_out = plan
            .geofence
            .keep_out
            .iter()
            .map(|area| PolygonPart::of(area, false));
        let keep_in = core::iter::once(PolygonPart::of(&plan.geofence.keep_in, true));
        let rally = mission.rally.iter();
        Self {
            file_type: "Plan",
            geo_fence: FencePart {
                circles: [],
                polygons: keep_in.chain(keep_out).collect(),
                version: 2,
            },
            ground_station: "Tercio",
            mission: MissionPart::of(plan, mission),
            rally_points: RallyPart {
                points: rally
                    .map(|place| [place.lat_deg, place.lon_deg, place.height_m])
                    .collect(),
                version: 2,
            },
            version: 1,
        }
    }
}

impl MissionPart {
    /// The mission part of a plan.
    fn of(plan: &MissionPlan, mission: &Mission) -> Self {
        let speed = whole_speed(plan.cruise_speed_m_s);
        let home = plan.home;
        let is_mixed = mission.items.iter().any(|item| {
            item.place
                .is_some_and(|place| place.frame == FRAME_ABOVE_GROUND)
        });
        Self {
            cruise_speed: speed,
            firmware_type: Profile::firmware_type(mission.profile),
            global_plan_altitude_mode: u32::from(!is_mixed),
            hover_speed: speed,
            items: (1..)
                .zip(&mission.items)
                .map(|(id, item)| ItemPart::of(id, item))
                .collect(),
            planned_home_position: [
                rounded(home.lat_deg, 1e8),
                rounded(home.lon_deg, 1e8),
                rounded(home.elevation_m, 100.0),
            ],
            vehicle_type: mission.profile.vehicle_type(),
            version: 2,
        }
    }
}

impl ItemPart {
    /// An item with its number.
    fn of(id: usize, item: &Item) -> Self {
        let [p1, p2, p3, p4] = item.params;
        let place = item.place;
        let at = place.map_or([0.0; 3], |place| {
            [place.lat_deg, place.lon_deg, place.height_m]
        });
        let mode = |frame| if frame == FRAME_ABOVE_GROUND { 4 } else { 1 };
        Self {
            amsl_alt_above_terrain: place.map(|_| ()),
            altitude: place.map(|place| place.height_m),
            altitude_mode: place.map(|place| mode(place.frame)),
            auto_continue: true,
            command: item.command.number(),
            do_jump_id: id,
            frame: place.map_or(FRAME_MISSION, |place| place.frame),
            params: [p1, p2, p3, p4, Some(at[0]), Some(at[1]), Some(at[2])],
            kind: "SimpleItem",
        }
    }
}

impl PolygonPart {
    /// A polygon to stay in or out of.
    fn of(corners: &[Position], inclusion: bool) -> Self {
        let pair = |corner: &Position| [rounded(corner.lat_deg, 1e8), rounded(corner.lon_deg, 1e8)];
        Self {
            inclusion,
            polygon: corners.iter().map(pair).collect(),
            version: 1,
        }
    }
}

/// A speed as a whole number of metres per second, at least 1.
fn whole_speed(speed_m_s: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 1..=300 and whole"
    )]
    let whole = speed_m_s.round().clamp(1.0, 300.0) as u32;
    whole
}
