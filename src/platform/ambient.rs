//! What surrounds a unit where it is, and what wind and ground make of where it wants to go.

use glam::{DVec2, DVec3};

use super::{
    kinematics::{AIR_DENSITY_KG_M3, Ambient, Demand, Kinematics, MotionState},
    vehicle::Vehicle,
};
use crate::{
    environment::{Landscape, Tide, Weather},
    geo::cover::Footing,
    kernel::time::SimTime,
};

/// Air and water of the moment, the same everywhere.
#[derive(Debug, Clone, Copy)]
pub struct Medium<'a> {
    weather: &'a Weather,
    wind: DVec2,
    current: DVec2,
    /// Height of the sea above its mean level, m.
    level_m: f64,
}

impl<'a> Medium<'a> {
    /// Air and water at a time.
    #[must_use]
    pub fn new(weather: &'a Weather, tide: &Tide, now: SimTime) -> Self {
        let stream = tide.stream(now.as_s());
        let steady = weather.current();
        Self {
            weather,
            wind: weather.wind(),
            current: if stream == DVec2::ZERO {
                steady
            } else {
                steady + stream
            },
            level_m: tide.level_m(now.as_s()),
        }
    }

    /// Wind, m/s.
    #[must_use]
    pub fn wind_m_s(&self) -> f64 {
        self.wind.length()
    }
}

/// The surroundings of a unit at its position.
#[must_use]
pub fn ambient_at(
    landscape: &Landscape,
    medium: &Medium<'_>,
    vehicle: &Vehicle,
    position: DVec3,
) -> Ambient {
    let (x, y) = (position.x, position.y);
    let terrain = &landscape.terrain;
    let weather = medium.weather;
    let ground_height_m = terrain.height_m(x, y);
    let footing = footing_at(landscape, vehicle, position.truncate());
    let needs_slope = matches!(
        vehicle.kinematics,
        Kinematics::Ground(_) | Kinematics::Foot(_)
    );
    let needs_air = vehicle.is_air();
    Ambient {
        wind: medium.wind,
        current: medium.current,
        sea_state: f64::from(weather.sea_state),
        ground_height_m,
        ground_gradient: if needs_slope {
            terrain.gradient(x, y)
        } else {
            DVec2::ZERO
        },
        on_road: footing.on_road,
        ground_speed: footing.speed,
        ground_resistance: footing.resistance,
        water_depth_m: (medium.level_m - ground_height_m).max(0.0),
        air_density_kg_m3: if needs_air {
            weather.air_density_kg_m3(position.z)
        } else {
            AIR_DENSITY_KG_M3
        },
    }
}

/// What the ground at a place is to a vehicle.
fn footing_at(landscape: &Landscape, vehicle: &Vehicle, at: DVec2) -> Footing {
    match vehicle.gait {
        Some(gait) if !landscape.cover.is_firm() => landscape.cover.footing(at, gait),
        _ => Footing::FIRM,
    }
}

/// What wind and ground make of a demand; whether the ground bars the way.
///
/// An aircraft in more wind than it may fly in comes down where there is land below. Nobody goes from
/// ground that bears it onto ground that does not.
pub(super) fn heed_ground(
    landscape: &Landscape,
    vehicle: &Vehicle,
    state: &MotionState,
    ambient: &Ambient,
    demand: &mut Demand,
) -> bool {
    let limit_m_s = vehicle.kinematics.wind_max_m_s();
    if limit_m_s.is_some_and(|most| ambient.wind.length_squared() > most * most)
        && ambient.water_depth_m <= 0.0
        && state.position.z > ambient.ground_height_m
    {
        *demand = Demand::hold(ambient.ground_height_m);
        return true;
    }
    let Some(gait) = vehicle.gait.filter(|_| !landscape.cover.is_firm()) else {
        return false;
    };
    if ambient.on_road {
        demand.speed_m_s = vehicle.kinematics.road_pace_m_s(demand.speed_m_s);
    }
    let cover = &landscape.cover;
    if demand.speed_m_s <= 0.0 || ambient.ground_speed <= 0.0 || !cover.can_bar(gait) {
        return false;
    }
    // As far as it would roll before it stood.
    let pace_m_s = state.speed_m_s;
    let rolls_m = vehicle
        .kinematics
        .braking_m_s2()
        .map_or(0.0, |braking| pace_m_s * pace_m_s / (2.0 * braking));
    let reach_m = 0.5 * cover.cell_m() + vehicle.radius_m + rolls_m;
    let here = state.horizontal();
    let barred = cover.bars((here, here + demand.direction * reach_m), gait);
    if barred {
        *demand = Demand::hold(demand.altitude_m);
    }
    barred
}
