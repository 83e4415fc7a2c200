//! Places with an explicit vertical reference, and who steers there.

use serde::{Deserialize, Serialize};

/// Which autopilot executes a plan, and so how it can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Autopilot {
    /// No autopilot takes plans: the class never leaves the simulator.
    None,
    /// `ArduPilot` multirotor or helicopter.
    ArdupilotCopter,
    /// `ArduPilot` fixed wing.
    ArdupilotPlane,
    /// `ArduPilot` ground vehicle.
    ArdupilotRover,
    /// `ArduPilot` surface boat.
    ArdupilotBoat,
    /// `ArduPilot` underwater vehicle.
    ArdupilotSub,
    /// PX4 multirotor.
    Px4Mc,
    /// PX4 fixed wing.
    Px4Fw,
    /// PX4 ground vehicle.
    Px4Rover,
    /// MOOS-IvP helm of a surface or underwater vehicle.
    Moos,
    /// LSTS IMC (Neptus and DUNE) of a surface or underwater vehicle.
    Imc,
    /// ROS 2 Nav2 of a ground vehicle.
    Nav2,
}

/// A point on the earth's surface, WGS-84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Latitude, degrees, north positive, -90 to 90.
    pub lat_deg: f64,
    /// Longitude, degrees, east positive, -180 to 180.
    pub lon_deg: f64,
}

/// A height or depth together with what it is counted from. Always metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Altitude {
    /// Height above mean sea level.
    AboveMeanSea(f64),
    /// Height above the elevation of the plan's home.
    AboveHome(f64),
    /// Height above the ground below the vehicle.
    AboveGround(f64),
    /// Depth below the water's surface, positive down.
    Depth(f64),
    /// On the ground or on the water.
    Surface,
}

/// A point in space that a vehicle passes or holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waypoint {
    /// Latitude, degrees, north positive.
    pub lat_deg: f64,
    /// Longitude, degrees, east positive.
    pub lon_deg: f64,
    /// Height or depth with its reference.
    pub altitude: Altitude,
}

/// A declared place to start from or to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Latitude, degrees, north positive.
    pub lat_deg: f64,
    /// Longitude, degrees, east positive.
    pub lon_deg: f64,
    /// Elevation of the ground or the water there, metres above mean sea level.
    pub elevation_m: f64,
}

impl Position {
    /// Whether both coordinates are finite and in range, and not the 0, 0 that stands for forgotten
    /// ones: readers and autopilots take it as "none".
    #[must_use]
    pub fn is_valid(self) -> bool {
        let is_given = self.lat_deg.abs().max(self.lon_deg.abs()) > 1e-7;
        self.lat_deg.abs() <= 90.0 && self.lon_deg.abs() <= 180.0 && is_given
    }
}

impl Waypoint {
    /// Its place on the earth's surface.
    #[must_use]
    pub fn position(self) -> Position {
        Position {
            lat_deg: self.lat_deg,
            lon_deg: self.lon_deg,
        }
    }
}

impl Site {
    /// Its place on the earth's surface.
    #[must_use]
    pub fn position(self) -> Position {
        Position {
            lat_deg: self.lat_deg,
            lon_deg: self.lon_deg,
        }
    }

    /// The site as a waypoint at its elevation plus `height_m`.
    #[must_use]
    pub fn waypoint(self, height_m: f64) -> Waypoint {
        Waypoint {
            lat_deg: self.lat_deg,
            lon_deg: self.lon_deg,
            altitude: Altitude::AboveMeanSea(self.elevation_m + height_m),
        }
    }
}

impl Altitude {
    /// The number that stands with the reference, metres; 0 at the surface.
    #[must_use]
    pub fn value_m(self) -> f64 {
        match self {
            Self::AboveMeanSea(m) | Self::AboveHome(m) | Self::AboveGround(m) | Self::Depth(m) => m,
            Self::Surface => 0.0,
        }
    }

    /// Height above mean sea level, metres, given the home's elevation and the height of the
    /// ground or the water at the point. Depth is counted from a water surface at `surface_m`.
    #[must_use]
    pub fn above_mean_sea_m(self, home_elevation_m: f64, surface_m: f64) -> f64 {
        match self {
            Self::AboveMeanSea(m) => m,
            Self::AboveHome(m) => home_elevation_m + m,
            Self::AboveGround(m) => surface_m + m,
            Self::Depth(m) => surface_m - m,
            Self::Surface => surface_m,
        }
    }
}

impl Autopilot {
    /// Whether it flies: take-off, landing, terrain clearance.
    #[must_use]
    pub fn is_aerial(self) -> bool {
        matches!(
            self,
            Self::ArdupilotCopter | Self::ArdupilotPlane | Self::Px4Mc | Self::Px4Fw
        )
    }

    /// Whether it flies and cannot stand still.
    #[must_use]
    pub fn is_fixed_wing(self) -> bool {
        matches!(self, Self::ArdupilotPlane | Self::Px4Fw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn autopilots_have_the_names_of_the_catalogue() {
        let names = [
            (Autopilot::None, "none"),
            (Autopilot::ArdupilotCopter, "ardupilot-copter"),
            (Autopilot::ArdupilotSub, "ardupilot-sub"),
            (Autopilot::Px4Mc, "px4-mc"),
            (Autopilot::Px4Rover, "px4-rover"),
            (Autopilot::Nav2, "nav2"),
        ];
        for (autopilot, name) in names {
            assert_eq!(serde_json::to_value(autopilot).unwrap(), name);
        }
    }

    #[test]
    fn altitudes_resolve_to_mean_sea_level() {
        let (home_m, surface_m) = (120.0, 300.0);
        let near = |altitude: Altitude, expected_m: f64| {
            assert!((altitude.above_mean_sea_m(home_m, surface_m) - expected_m).abs() < 1e-12);
        };
        near(Altitude::AboveMeanSea(500.0), 500.0);
        near(Altitude::AboveHome(30.0), 150.0);
        near(Altitude::AboveGround(30.0), 330.0);
        near(Altitude::Depth(5.0), 295.0);
        near(Altitude::Surface, 300.0);
    }

    #[test]
    fn positions_refuse_what_is_not_on_earth() {
        assert!(
            !Position {
                lat_deg: 0.0,
                lon_deg: 0.0
            }
            .is_valid()
        );
        assert!(
            Position {
                lat_deg: -90.0,
                lon_deg: 180.0
            }
            .is_valid()
        );
        assert!(
            !Position {
                lat_deg: 90.1,
                lon_deg: 0.0
            }
            .is_valid()
        );
        assert!(
            !Position {
                lat_deg: f64::NAN,
                lon_deg: 0.0
            }
            .is_valid()
        );
        assert!(
            !Position {
                lat_deg: 0.0,
                lon_deg: f64::INFINITY
            }
            .is_valid()
        );
    }
}
