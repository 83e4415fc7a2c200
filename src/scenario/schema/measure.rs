//! Measures that a scenario asks for.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{Direction, Echelon};

/// A measure with its unit, its direction and, where it decides something, its threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Name, in snake case; the key under which results report it.
    pub name: String,
    /// What is measured.
    pub of: MeasureOf,
    /// Unit: `1`, `s`, `m`, `kWh`, `USD`; must be that of what is measured.
    pub unit: String,
    /// Whether more is better.
    pub direction: Direction,
    /// The value that must be reached (up) or kept (down).
    #[serde(default)]
    pub threshold: Option<f64>,
}

/// What a measure counts. `side` is the side whose doing or suffering it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum MeasureOf {
    /// Hostile units on which the side fired at least once.
    TargetsEngaged {
        /// Id of the side.
        side: String,
    },
    /// Hostile units that the side destroyed.
    TargetsDestroyed {
        /// Id of the side.
        side: String,
    },
    /// Own units lost.
    Losses {
        /// Id of the side.
        side: String,
    },
    /// Units engaged that are not hostile.
    WrongEngagements {
        /// Id of the side.
        side: String,
    },
    /// Units of the side that came into an area, each once: leakage, seen from the other side.
    Reached {
        /// Id of the side.
        side: String,
        /// Simple polygon, in metres east and north.
        area_m: Vec<DVec2>,
    },
    /// Share of hostile units that command posts of an echelon hold a track on, mean over time.
    TrackCompleteness {
        /// Id of the side.
        side: String,
        /// Echelon of the command posts.
        echelon: Echelon,
    },
    /// Age of those tracks, mean over tracks and time.
    TrackAge {
        /// Id of the side.
        side: String,
        /// Echelon of the command posts.
        echelon: Echelon,
    },
    /// Normalised estimation error squared of those tracks against the truth, mean over tracks and time:
    /// 4 is honest, more is surer than right.
    TrackNees {
        /// Id of the side.
        side: String,
        /// Echelon of the command posts.
        echelon: Echelon,
    },
    /// Share of those tracks that err by more than 95 % of honest ones do.
    TrackOverconfident {
        /// Id of the side.
        side: String,
        /// Echelon of the command posts.
        echelon: Echelon,
    },
    /// Error of the blue-force picture, mean over nodes, the units that they display, and time.
    BlueForceError {
        /// Id of the side.
        side: String,
    },
    /// Share of the side's units that command posts place within 100 m, mean over posts and time.
    BlueForceLocated {
        /// Id of the side.
        side: String,
    },
    /// Sensor to shooter: mean time from detected to engaged, restricted to a horizon, over all
    /// hostile units that became detectable.
    SensorToShooterRestrictedMean {
        /// Id of the side.
        side: String,
        /// Horizon, in seconds.
        horizon_s: f64,
    },
    /// Share of detectable hostile units that were engaged within a time of their detection.
    EngagedWithin {
        /// Id of the side.
        side: String,
        /// Time, in seconds.
        within_s: f64,
    },
    /// Rounds fired.
    RoundsSpent {
        /// Id of the side.
        side: String,
    },
    /// Energy used.
    EnergyUsed {
        /// Id of the side.
        side: String,
    },
    /// Share of energy that the side's units that can move and live have left at the end, mean over them.
    EnduranceLeft {
        /// Id of the side.
        side: String,
    },
    /// Cost of units lost, rounds fired and hours run.
    CostUsed {
        /// Id of the side.
        side: String,
    },
    /// Messages delivered over messages sent.
    DeliveryRatio {
        /// Id of the side.
        side: String,
    },
    /// Share of live units with a radio that have a way to the command post above them, mean over
    /// time.
    NetworkReach {
        /// Id of the side.
        side: String,
    },
    /// How that held up, with its value at the start as one, mean over time.
    NetworkResilience {
        /// Id of the side.
        side: String,
    },
    /// Missions fulfilled.
    MissionsDone {
        /// Id of the side.
        side: String,
    },
}

impl MeasureOf {
    /// Id of the side that it speaks of.
    #[must_use]
    pub fn side(&self) -> &str {
        match self {
            Self::TargetsEngaged { side }
            | Self::TargetsDestroyed { side }
            | Self::Losses { side }
            | Self::WrongEngagements { side }
            | Self::Reached { side, .. }
            | Self::TrackCompleteness { side, .. }
            | Self::TrackAge { side, .. }
            | Self::TrackNees { side, .. }
            | Self::TrackOverconfident { side, .. }
            | Self::BlueForceError { side }
            | Self::BlueForceLocated { side }
            | Self::SensorToShooterRestrictedMean { side, .. }
            | Self::EngagedWithin { side, .. }
            | Self::RoundsSpent { side }
            | Self::EnergyUsed { side }
            | Self::EnduranceLeft { side }
            | Self::CostUsed { side }
            | Self::DeliveryRatio { side }
            | Self::NetworkReach { side }
            | Self::NetworkResilience { side }
            | Self::MissionsDone { side } => side,
        }
    }

    /// The unit in which it is reported.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        match self {
            Self::TrackAge { .. } | Self::SensorToShooterRestrictedMean { .. } => "s",
            Self::BlueForceError { .. } => "m",
            Self::EnergyUsed { .. } => "kWh",
            Self::CostUsed { .. } => "USD",
            _ => "1",
        }
    }
}
