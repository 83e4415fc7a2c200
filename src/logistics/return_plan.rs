//! The plan of the way back to a depot. See [`return_plan`].

use glam::{DVec2, DVec3};

use crate::{
    environment::Landscape,
    kernel::{math, time::SimTime},
    plan::{
        Altitude, Finish, Geofence, Launch, Leg, LegKind, LostLink, LostLinkAction, MissionPlan,
        Site, Waypoint, approach::approach,
    },
    platform::{energy::EnergyStore, kinematics::Kinematics, vehicle::Vehicle},
};

/// Least height above ground at which an aircraft goes back, m (notional).
const HEIGHT_MIN_M: f64 = 50.0;

/// Silence after which a link counts as lost, s (notional).
const LOST_LINK_S: f64 = 30.0;

/// Endurance written for what does not run out, s: a year.
const ENDLESS_S: f64 = 365.0 * 86_400.0;

/// Room between two bodies at a depot, m (notional).
const CLEARANCE_M: f64 = 3.0;

/// Share of a depot's radius within which units are parked.
const PARKING_SHARE: f64 = 0.8;

/// Least distance from a depot's middle at which a vehicle does not touch it, m.
#[must_use]
pub fn stand_off_m(vehicle: &Vehicle, host: &Vehicle) -> f64 {
    vehicle.radius_m + host.radius_m + CLEARANCE_M
}

/// Where the unit of this rank is parked around a depot's middle, m: each has its own place, so
/// that those who wait do not block those who come.
#[must_use]
pub fn parking(rank: u32, depot: DVec2, radius_m: f64, stand_off_m: f64) -> DVec2 {
    let rank = f64::from(rank);
    let room_m = (PARKING_SHARE * radius_m - stand_off_m).max(0.0);
    let out_m = stand_off_m + room_m * (rank * math::GOLDEN_SHARE).fract().sqrt();
    let (sin, cos) = math::sincos((rank * math::GOLDEN_ANGLE_RAD) % math::TAU);
    depot + DVec2::new(sin, cos) * out_m
}

/// Kind of a vehicle in a word, as plans name it.
fn vehicle_kind(kinematics: &Kinematics) -> &'static str {
    match kinematics {
        Kinematics::FixedWing(_) => "plane",
        Kinematics::Multirotor(_) => "copter",
        Kinematics::Ground(_) => "rover",
        Kinematics::Foot(_) => "foot",
        Kinematics::Surface(_) | Kinematics::Sail(_) => "boat",
        Kinematics::Underwater(_) | Kinematics::Glider(_) => "sub",
        Kinematics::Aerostat(_) => "aerostat",
        Kinematics::Fixed => "fixed",
    }
}

/// A point on the ground or on the water as a site.
fn site(at: DVec2, landscape: &Landscape) -> Site {
    let elevation_m = landscape.terrain.surface_m(at.x, at.y);
    let place = landscape.geodetic(at.extend(elevation_m));
    Site {
        lat_deg: place.lat_deg,
        lon_deg: place.lon_deg,
        elevation_m,
    }
}

/// A plan with one leg, from where a unit believes to be straight to a place, there to land or
/// stop. Aircraft keep their height above ground, underwater vehicles their depth.
#[must_use]
pub fn return_plan(
    (unit, vehicle, energy): (&str, &Vehicle, &EnergyStore),
    (from, to): (DVec3, DVec2),
    now: SimTime,
    landscape: &Landscape,
) -> MissionPlan {
    let start = site(from.truncate(), landscape);
    let recovery = site(to, landscape);
    let is_air = vehicle.is_air();
    let height_m = (from.z - start.elevation_m).max(HEIGHT_MIN_M);
    let altitude = match vehicle.kinematics {
        Kinematics::Underwater(_) | Kinematics::Glider(_) => Altitude::Depth((-from.z).max(0.0)),
        _ if is_air => Altitude::AboveGround(height_m),
        _ => Altitude::Surface,
    };
    let mut waypoints = vec![Waypoint {
        lat_deg: recovery.lat_deg,
        lon_deg: recovery.lon_deg,
        altitude,
    }];
    if matches!(vehicle.kinematics, Kinematics::FixedWing(_)) {
        let way = to - from.truncate();
        let [line_up, gate] = approach(recovery, math::bearing(way.x, way.y), HEIGHT_MIN_M);
        waypoints = vec![
            Waypoint {
                altitude,
                ..line_up
            },
            gate,
        ];
    }
    let kind = LegKind::Return {
        finish: if is_air {
            Finish::Land
        } else {
            Finish::Recover
        },
    };
    let cruise_speed_m_s = vehicle.kinematics.speed_cruise_m_s();
    let lasts_s =
        vehicle
            .energy
            .remaining_time_s(energy, cruise_speed_m_s, false, vehicle.equipment_w);
    MissionPlan {
        unit: unit.to_owned(),
        class: vehicle.class.name.clone(),
        vehicle_kind: vehicle_kind(&vehicle.kinematics).to_owned(),
        autopilot: vehicle.class.autopilot,
        home: recovery,
        launch: Launch {
            site: start,
            climb_m: if is_air { HEIGHT_MIN_M } else { 0.0 },
            at_s: now.as_s(),
        },
        recovery,
        legs: vec![Leg {
            kind,
            ..Leg::navigate(waypoints)
        }],
        geofence: Geofence {
            keep_in: Vec::new(),
            keep_out: Vec::new(),
            ceiling_m: None,
            depth_max_m: None,
        },
        rally: Vec::new(),
        lost_link: LostLink {
            after_s: LOST_LINK_S,
            action: LostLinkAction::Continue,
        },
        cruise_speed_m_s,
        endurance_s: lasts_s.min(ENDLESS_S),
        reserve_fraction: vehicle.energy.reserve_fraction,
        link: None,
    }
}
