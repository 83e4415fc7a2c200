//! Which vehicle an exported mission is for, and what that vehicle's firmware takes.
//!
//! What each firmware takes was reported for ArduPilot 4.8-dev 64a9c787 and PX4 main bb59c637. PX4's
//! take-off and landing rules were read in `FeasibilityChecker.cpp` @00a370b1.

use serde::{Deserialize, Serialize};

use crate::plan::Autopilot;

/// A firmware and vehicle pair of the `MAVLink` world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// ArduPilot multirotor or helicopter.
    ArdupilotCopter,
    /// ArduPilot fixed wing.
    ArdupilotPlane,
    /// ArduPilot ground vehicle.
    ArdupilotRover,
    /// ArduPilot surface boat.
    ArdupilotBoat,
    /// ArduPilot underwater vehicle.
    ArdupilotSub,
    /// PX4 multirotor.
    Px4Mc,
    /// PX4 fixed wing.
    Px4Fw,
    /// PX4 ground vehicle.
    Px4Rover,
}

/// Where a vehicle moves, as far as mission items care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// In the air, able to stand still.
    Hover,
    /// In the air, always moving.
    FixedWing,
    /// On the ground or on the water.
    Surface,
    /// Under water.
    Underwater,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 8] = [
        Self::ArdupilotCopter,
        Self::ArdupilotPlane,
        Self::ArdupilotRover,
        Self::ArdupilotBoat,
        Self::ArdupilotSub,
        Self::Px4Mc,
        Self::Px4Fw,
        Self::Px4Rover,
    ];

    /// The profile of an autopilot; none for those that do not speak `MAVLink`.
    #[must_use]
    pub fn of(autopilot: Autopilot) -> Option<Self> {
        match autopilot {
            Autopilot::ArdupilotCopter => Some(Self::ArdupilotCopter),
            Autopilot::ArdupilotPlane => Some(Self::ArdupilotPlane),
            Autopilot::ArdupilotRover => Some(Self::ArdupilotRover),
            Autopilot::ArdupilotBoat => Some(Self::ArdupilotBoat),
            Autopilot::ArdupilotSub => Some(Self::ArdupilotSub),
            Autopilot::Px4Mc => Some(Self::Px4Mc),
            Autopilot::Px4Fw => Some(Self::Px4Fw),
            Autopilot::Px4Rover => Some(Self::Px4Rover),
            Autopilot::None | Autopilot::Moos | Autopilot::Imc | Autopilot::Nav2 => None,
        }
    }

    /// The autopilot of the profile.
    #[must_use]
    pub fn autopilot(self) -> Autopilot {
        match self {
            Self::ArdupilotCopter => Autopilot::ArdupilotCopter,
            Self::ArdupilotPlane => Autopilot::ArdupilotPlane,
            Self::ArdupilotRover => Autopilot::ArdupilotRover,
            Self::ArdupilotBoat => Autopilot::ArdupilotBoat,
            Self::ArdupilotSub => Autopilot::ArdupilotSub,
            Self::Px4Mc => Autopilot::Px4Mc,
            Self::Px4Fw => Autopilot::Px4Fw,
            Self::Px4Rover => Autopilot::Px4Rover,
        }
    }

    /// Its name in manifests and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ArdupilotCopter => "ardupilot-copter",
            Self::ArdupilotPlane => "ardupilot-plane",
            Self::ArdupilotRover => "ardupilot-rover",
            Self::ArdupilotBoat => "ardupilot-boat",
            Self::ArdupilotSub => "ardupilot-sub",
            Self::Px4Mc => "px4-mc",
            Self::Px4Fw => "px4-fw",
            Self::Px4Rover => "px4-rover",
        }
    }

    /// Whether the firmware is PX4.
    #[must_use]
    pub fn is_px4(self) -> bool {
        matches!(self, Self::Px4Mc | Self::Px4Fw | Self::Px4Rover)
    }

    /// `MAV_AUTOPILOT` of the firmware.
    #[must_use]
    pub fn firmware_type(self) -> u32 {
        if self.is_px4() { 12 } else { 3 }
    }

    /// `MAV_TYPE` of the vehicle.
    #[must_use]
    pub fn vehicle_type(self) -> u32 {
        match self {
            Self::ArdupilotPlane | Self::Px4Fw => 1,
            Self::ArdupilotCopter | Self::Px4Mc => 2,
            Self::ArdupilotRover | Self::Px4Rover => 10,
            Self::ArdupilotBoat => 11,
            Self::ArdupilotSub => 12,
        }
    }

    /// Where the vehicle moves.
    #[must_use]
    pub fn medium(self) -> Medium {
        match self {
            Self::ArdupilotCopter | Self::Px4Mc => Medium::Hover,
            Self::ArdupilotPlane | Self::Px4Fw => Medium::FixedWing,
            Self::ArdupilotRover | Self::ArdupilotBoat | Self::Px4Rover => Medium::Surface,
            Self::ArdupilotSub => Medium::Underwater,
        }
    }

    /// Whether it takes off and lands.
    #[must_use]
    pub fn is_aerial(self) -> bool {
        matches!(self.medium(), Medium::Hover | Medium::FixedWing)
    }

    /// Lowest take-off height above home that the firmware takes, metres. PX4 refuses less than a
    /// metre above its acceptance radius (`NAV_ACC_RAD`, 10 m by default).
    #[must_use]
    pub fn climb_min_m(self) -> f64 {
        if self.is_px4() { 12.0 } else { 2.0 }
    }

    /// Yaw of an item that leaves the heading to the vehicle. For PX4 0 would mean north.
    #[must_use]
    pub fn free_yaw(self) -> Option<f64> {
        if self.is_px4() { None } else { Some(0.0) }
    }
}
