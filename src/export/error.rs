//! Why a plan cannot be written in a format.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::profile::Profile;
use crate::kernel::finding::Finding;
use crate::plan::Autopilot;

/// Why a plan cannot be written.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The format is not for this autopilot.
    #[error("{unit}: {autopilot:?} takes no MAVLink missions")]
    OtherFormat {
        /// The unit.
        unit: String,
        /// Its autopilot.
        autopilot: Autopilot,
    },
    /// A height's reference means nothing to the vehicle.
    #[error("{unit}: {what}: {profile:?} cannot take {reference}")]
    AltitudeReference {
        /// The unit.
        unit: String,
        /// Which point.
        what: String,
        /// The vehicle.
        profile: Profile,
        /// The reference, with its value.
        reference: String,
    },
    /// The vehicle does not start where heights are counted from.
    #[error("{unit}: home is {distance_m:.0} m across and {height_m:.0} m up from the launch site")]
    HomeNotLaunch {
        /// The unit.
        unit: String,
        /// Distance along the ground, metres.
        distance_m: f64,
        /// Difference in height, metres.
        height_m: f64,
    },
    /// The climb after take-off is too short for the firmware.
    #[error("{unit}: climb of {climb_m} m after take-off is below {min_m} m")]
    ClimbTooLow {
        /// The unit.
        unit: String,
        /// The climb above home, metres.
        climb_m: f64,
        /// The least, metres.
        min_m: f64,
    },
    /// The vehicle cannot finish that way.
    #[error("{unit}: a vehicle of profile {profile:?} cannot finish with {finish}")]
    Finish {
        /// The unit.
        unit: String,
        /// The vehicle.
        profile: Profile,
        /// The finish.
        finish: &'static str,
    },
    /// A fixed wing has no approach, or one that it cannot fly.
    #[error("{unit}: {cause}")]
    Approach {
        /// The unit.
        unit: String,
        /// What is wrong.
        cause: String,
    },
    /// A point is outside the fence or inside a keep-out area.
    #[error("{unit}: {what} is {inside_m:.1} m inside {area}, needs {needed_m:.1} m")]
    Fence {
        /// The unit.
        unit: String,
        /// Which point.
        what: String,
        /// Which area.
        area: String,
        /// How far inside (or, of a keep-out area, outside) it is, metres.
        inside_m: f64,
        /// How far it has to be, metres.
        needed_m: f64,
    },
    /// The way between two points crosses a keep-out area.
    #[error("{unit}: the way to {what} crosses keep-out area {area}")]
    CrossesKeepOut {
        /// The unit.
        unit: String,
        /// The point at its end.
        what: String,
        /// Number of the area, from 1.
        area: usize,
    },
    /// The mission has more items than an autopilot stores.
    #[error("{unit}: {count} mission items, more than {max}")]
    TooManyItems {
        /// The unit.
        unit: String,
        /// How many.
        count: usize,
        /// How many are allowed.
        max: usize,
    },
    /// The first waypoint is too far away.
    #[error("{unit}: the first waypoint is {distance_m:.0} m from home, more than {max_m:.0} m")]
    FirstWaypoint {
        /// The unit.
        unit: String,
        /// Its distance, metres.
        distance_m: f64,
        /// The greatest, metres.
        max_m: f64,
    },
    /// A hold is longer than an autopilot stores.
    #[error("{unit}: leg {leg} holds for {hold_s:.0} s, more than {max_s:.0} s")]
    Hold {
        /// The unit.
        unit: String,
        /// Number of the leg, from 1.
        leg: usize,
        /// The hold, seconds.
        hold_s: f64,
        /// The longest, seconds.
        max_s: f64,
    },
    /// The independent checker refused what was encoded.
    #[error(
        "{unit}: the independent checker refused the file: {}",
        causes(findings)
    )]
    Refused {
        /// The unit.
        unit: String,
        /// What it found.
        findings: Vec<Finding>,
    },
    /// A unit's name cannot be the name of a file.
    #[error("{unit:?} cannot be the name of a file, or two units have it")]
    FileName {
        /// The unit.
        unit: String,
    },
    /// The folder has something in it.
    #[error("{} is not empty", folder.display())]
    FolderNotEmpty {
        /// The folder.
        folder: PathBuf,
    },
    /// The file system said no.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The values do not form JSON.
    #[error("{unit}: {source}")]
    Json {
        /// The unit, or the manifest.
        unit: String,
        /// What the encoder said.
        source: serde_json::Error,
    },
}

/// The causes in one line.
fn causes(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| finding.cause.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

impl ExportError {
    /// Stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherFormat { .. } => "X1101",
            Self::AltitudeReference { .. } => "X1102",
            Self::HomeNotLaunch { .. } => "X1103",
            Self::ClimbTooLow { .. } => "X1104",
            Self::Finish { .. } => "X1105",
            Self::Approach { .. } => "X1106",
            Self::Fence { .. } => "X1107",
            Self::CrossesKeepOut { .. } => "X1108",
            Self::TooManyItems { .. } => "X1109",
            Self::FirstWaypoint { .. } => "X1110",
            Self::Hold { .. } => "X1111",
            Self::Refused { .. } => "X1112",
            Self::FileName { .. } => "X1113",
            Self::FolderNotEmpty { .. } => "X1114",
            Self::Io { .. } => "X1115",
            Self::Json { .. } => "X1116",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self {
            Self::OtherFormat { .. } => "choose the format of this autopilot",
            Self::AltitudeReference { .. } => {
                "aircraft: above home or sea level (resolve heights above ground first); ground \
                 and surface vehicles: Surface; underwater vehicles: Depth"
            }
            Self::HomeNotLaunch { .. } => {
                "put home at the launch site: autopilots set home where they are armed"
            }
            Self::ClimbTooLow { .. } => "climb higher before the first leg",
            Self::Finish { .. } => {
                "aircraft: land or return-to-home; ground and surface vehicles: recover or \
                 return-to-home; underwater vehicles: any"
            }
            Self::Approach { .. } => "give the Return leg the waypoints of plan::approach",
            Self::Fence { .. } => {
                "move the point, or widen the fence around home and every waypoint"
            }
            Self::CrossesKeepOut { .. } => "route around the area with further waypoints",
            Self::TooManyItems { .. } => "split the plan, or widen the spacing of its sweeps",
            Self::FirstWaypoint { .. } => "launch nearer, or add a waypoint on the way",
            Self::Hold { .. } => "split the hold into several legs",
            Self::Refused { .. } => "report this: exporter and checker disagree",
            Self::FileName { .. } => {
                "name units with letters, digits, dot, dash and underscore, distinct without \
                 regard to case"
            }
            Self::FolderNotEmpty { .. } => "choose an empty or new folder",
            Self::Io { .. } => "see that the folder can be written and the disk has space",
            Self::Json { .. } => "report this: every number was checked before",
        }
    }
}
