//! One mission item, and the only commands that an encoder can name.

use super::profile::Profile;

/// `MAV_FRAME_MISSION`: items without a position.
pub const FRAME_MISSION: u32 = 2;
/// `MAV_FRAME_GLOBAL_RELATIVE_ALT`: heights above home.
pub const FRAME_ABOVE_HOME: u32 = 3;
/// `MAV_FRAME_GLOBAL_TERRAIN_ALT`: heights above ground, ArduPilot only.
pub const FRAME_ABOVE_GROUND: u32 = 10;

/// The commands that encoders use: the allow-list of this crate as a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `MAV_CMD_NAV_WAYPOINT`.
    Waypoint,
    /// `MAV_CMD_NAV_LOITER_TIME`.
    LoiterTime,
    /// `MAV_CMD_NAV_RETURN_TO_LAUNCH`.
    ReturnToLaunch,
    /// `MAV_CMD_NAV_LAND`.
    Land,
    /// `MAV_CMD_NAV_TAKEOFF`.
    Takeoff,
    /// `MAV_CMD_DO_CHANGE_SPEED`.
    ChangeSpeed,
    /// `MAV_CMD_DO_SET_ROI_LOCATION`.
    LookAt,
    /// `MAV_CMD_DO_SET_ROI_NONE`.
    LookAhead,
    /// `MAV_CMD_DO_SET_CAM_TRIGG_DIST`.
    StillsByDistance,
    /// `MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW`.
    PointGimbal,
    /// `MAV_CMD_IMAGE_START_CAPTURE`.
    StillsStart,
    /// `MAV_CMD_IMAGE_STOP_CAPTURE`.
    StillsStop,
    /// `MAV_CMD_VIDEO_START_CAPTURE`.
    VideoStart,
    /// `MAV_CMD_VIDEO_STOP_CAPTURE`.
    VideoStop,
}

impl Command {
    /// Its number in `MAVLink`.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::Waypoint => 16,
            Self::LoiterTime => 19,
            Self::ReturnToLaunch => 20,
            Self::Land => 21,
            Self::Takeoff => 22,
            Self::ChangeSpeed => 178,
            Self::LookAt => 195,
            Self::LookAhead => 197,
            Self::StillsByDistance => 206,
            Self::PointGimbal => 1000,
            Self::StillsStart => 2000,
            Self::StillsStop => 2001,
            Self::VideoStart => 2500,
            Self::VideoStop => 2501,
        }
    }
}

/// Where an item is: degrees and metres in its frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// `MAV_FRAME`.
    pub frame: u32,
    /// Latitude, degrees.
    pub lat_deg: f64,
    /// Longitude, degrees.
    pub lon_deg: f64,
    /// Height in the frame, metres.
    pub height_m: f64,
}

/// One mission item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// What to do.
    pub command: Command,
    /// The first four parameters; none is "not given".
    pub params: [Option<f64>; 4],
    /// Where; none for items without a position.
    pub place: Option<Place>,
}

impl Item {
    /// An item without a position.
    #[must_use]
    pub fn action(command: Command, params: [f64; 4]) -> Self {
        Self {
            command,
            params: params.map(Some),
            place: None,
        }
    }

    /// An item at a place that leaves the heading to the vehicle.
    #[must_use]
    pub fn navigation(command: Command, first: f64, place: Place, profile: Profile) -> Self {
        let params = [Some(first), Some(0.0), Some(0.0), profile.free_yaw()];
        Self {
            command,
            params,
            place: Some(place),
        }
    }

    /// A stay of whole seconds. A radius is for vehicles that cannot stand still; ArduPilot keeps
    /// only its sign, so it is given to PX4 alone.
    #[must_use]
    pub fn stay(hold_s: f64, radius_m: f64, place: Place, profile: Profile) -> Self {
        let radius_m = if profile == Profile::Px4Fw {
            radius_m
        } else {
            0.0
        };
        let params = [Some(hold_s), Some(0.0), Some(radius_m), Some(0.0)];
        Self {
            command: Command::LoiterTime,
            params,
            place: Some(place),
        }
    }

    /// Points the gimbal by angles to the vehicle, degrees; PX4 takes rates that are not given,
    /// ArduPilot takes no such parameter.
    #[must_use]
    pub fn gimbal(pitch_deg: f64, yaw_deg: f64, profile: Profile) -> Self {
        let rate = profile.free_yaw();
        let params = [Some(pitch_deg), Some(yaw_deg), rate, rate];
        Self {
            command: Command::PointGimbal,
            params,
            place: None,
        }
    }

    /// Whether it is a place to go to, and not one to look at or a switch.
    #[must_use]
    pub fn destination(&self) -> Option<Place> {
        self.place.filter(|_| self.command != Command::LookAt)
    }
}
