//! What a kinematic model reads and writes: the state, the demand, the surroundings.

use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use crate::kernel::math;

/// Standard gravity, m/s² (ISO 80000-3:2019).
pub const GRAVITY_M_S2: f64 = 9.806_65;

/// Air density at sea level, kg/m³ (ISO 2533:1975, standard atmosphere).
pub const AIR_DENSITY_KG_M3: f64 = 1.225;

/// Motion of one vehicle. The truth, not what the vehicle believes about itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MotionState {
    /// East, north, height above mean sea level, m.
    pub position: DVec3,
    /// Velocity over ground, m/s.
    pub velocity: DVec3,
    /// Where the bow or nose points, rad clockwise from true north. A multirotor's nose follows
    /// its way through the air.
    pub heading_rad: f64,
    /// Horizontal speed through the medium that carries the vehicle (air, water, ground), m/s.
    /// Zero for a parked fixed-wing aircraft.
    pub speed_m_s: f64,
    /// Rate of turn in the last step, rad/s, positive to the right.
    pub turn_rate_rad_s: f64,
    /// The last demand could not be followed: slope, depth, wind, sea state.
    pub obstructed: bool,
}

impl MotionState {
    /// At rest at a position, m, with a heading, rad.
    #[must_use]
    pub fn at_rest(position: DVec3, heading_rad: f64) -> Self {
        debug_assert!(position.is_finite() && heading_rad.is_finite());
        Self {
            position,
            velocity: DVec3::ZERO,
            heading_rad: math::wrap_tau(heading_rad),
            speed_m_s: 0.0,
            turn_rate_rad_s: 0.0,
            obstructed: false,
        }
    }

    /// Horizontal position, m.
    #[must_use]
    pub fn horizontal(&self) -> DVec2 {
        self.position.truncate()
    }
}

/// What the guidance asks of the vehicle for the next step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// Direction of the course over ground, unit vector (east, north); zero asks to hold.
    pub direction: DVec2,
    /// Speed, m/s: of the air for fixed-wing aircraft, over ground for all others. Sailing craft
    /// go as fast as the wind lets them, up to this. Zero asks to stop where the kind can.
    pub speed_m_s: f64,
    /// Height above mean sea level to go to, m; negative under water. Read by aircraft and
    /// underwater vehicles only.
    pub altitude_m: f64,
}

impl Demand {
    /// Stop, at a height, m.
    #[must_use]
    pub fn hold(altitude_m: f64) -> Self {
        Self {
            direction: DVec2::ZERO,
            speed_m_s: 0.0,
            altitude_m,
        }
    }

    /// A velocity over ground, m/s, and a height, m.
    #[must_use]
    pub fn from_velocity(velocity: DVec2, altitude_m: f64) -> Self {
        let speed_m_s = velocity.length();
        let direction = if speed_m_s > 0.0 {
            velocity / speed_m_s
        } else {
            DVec2::ZERO
        };
        Self {
            direction,
            speed_m_s,
            altitude_m,
        }
    }

    /// The demanded velocity, m/s.
    #[must_use]
    pub fn velocity(&self) -> DVec2 {
        self.direction * self.speed_m_s
    }
}

/// The surroundings of one vehicle at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ambient {
    /// Where the air goes, m/s (east, north).
    pub wind: DVec2,
    /// Where the water goes, m/s (east, north).
    pub current: DVec2,
    /// Sea state, Douglas scale 0 to 9; fractions interpolate.
    pub sea_state: f64,
    /// Height of the ground or of the sea bed above mean sea level, m.
    pub ground_height_m: f64,
    /// Slope of the ground or of the sea bed, m/m (towards east, towards north).
    pub ground_gradient: DVec2,
    /// On a road.
    pub on_road: bool,
    /// Share of the speed on a road, or off it, that the ground leaves; 0 where it bars.
    pub ground_speed: f64,
    /// Factor on the rolling resistance on a road, or off it.
    pub ground_resistance: f64,
    /// Depth of the water, m; zero on land.
    pub water_depth_m: f64,
    /// Density of the air, kg/m³.
    pub air_density_kg_m3: f64,
}

impl Default for Ambient {
    /// Flat, firm ground at sea level, no wind, no current, a calm sea of no depth, standard air.
    fn default() -> Self {
        Self {
            wind: DVec2::ZERO,
            current: DVec2::ZERO,
            sea_state: 0.0,
            ground_height_m: 0.0,
            ground_gradient: DVec2::ZERO,
            on_road: false,
            ground_speed: 1.0,
            ground_resistance: 1.0,
            water_depth_m: 0.0,
            air_density_kg_m3: AIR_DENSITY_KG_M3,
        }
    }
}
