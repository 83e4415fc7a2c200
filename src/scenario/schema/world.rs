//! Ground, weather, obstacles and forbidden areas of a scenario.

use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use crate::platform::class::Domain;

/// Where the local transverse Mercator frame touches the WGS-84 ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Geodetic latitude, in degrees north.
    pub lat_deg: f64,
    /// Longitude, in degrees east.
    pub lon_deg: f64,
    /// Height of mean sea level above the ellipsoid, in metres, one value for the whole scenario.
    #[serde(default)]
    pub geoid_undulation_m: f64,
}

/// Shape of the ground; always a rectangle centred on the origin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum TerrainSpec {
    /// A height file (SRTM HGT, DTED, GeoTIFF), resampled into the local frame.
    File {
        /// Path below `assets/` or below the scenario's own folder; never absolute, never upwards.
        path: String,
        /// Spacing of the resampled posts, in metres.
        spacing_m: f64,
        /// Half the width (east) and half the height (north) of the rectangle, in metres.
        half_extent_m: DVec2,
        /// Synthetic relief below the file's own spacing, marked as such in the results.
        #[serde(default)]
        detail: Option<Detail>,
    },
    /// A plain.
    Flat {
        /// Height above mean sea level, in metres; negative is sea of that depth.
        height_m: f64,
        /// Half the width (east) and half the height (north) of the rectangle, in metres.
        half_extent_m: DVec2,
    },
    /// Gaussian ridges on a plain, for tests that need exact answers.
    Ridges {
        /// Height of the plain above mean sea level, in metres.
        base_m: f64,
        /// Spacing of the posts, in metres.
        spacing_m: f64,
        /// Half the width (east) and half the height (north) of the rectangle, in metres.
        half_extent_m: DVec2,
        /// The ridges; their heights add.
        ridges: Vec<RidgeSpec>,
    },
    /// Mountains from a seed, for benchmarks.
    Procedural {
        /// Seed of the generator; not the run's seed.
        seed: u64,
        /// Spacing of the posts, in metres.
        spacing_m: f64,
        /// Half the width (east) and half the height (north) of the rectangle, in metres.
        half_extent_m: DVec2,
        /// Mean height above mean sea level, in metres.
        base_m: f64,
        /// Height of the relief about the mean, in metres.
        relief_m: f64,
        /// Longest wavelength of the relief, in metres.
        wavelength_m: f64,
    },
}

/// Seeded relief below the spacing of the height file.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// Seed of the generator; not the run's seed.
    pub seed: u64,
    /// Height of the first octave over the local relief of the file, dimensionless; mountains have
    /// about 0.25.
    #[serde(default = "default_roughness")]
    pub roughness: f64,
}

/// The roughness of a detail that names none: that of mountains.
fn default_roughness() -> f64 {
    0.25
}

/// One Gaussian ridge: `height · exp(-d²/2σ²)` with `d` the distance from its line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RidgeSpec {
    /// A point of the crest line, in metres east and north.
    pub at_m: DVec2,
    /// Direction of the crest line, in degrees clockwise from true north.
    pub heading_deg: f64,
    /// Height of the crest above the plain, in metres.
    pub height_m: f64,
    /// Standard deviation of the cross-section, in metres.
    pub sigma_m: f64,
}

/// A box that stands on the ground, an obstacle to sight and movement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Building {
    /// Id, unique among buildings.
    pub id: String,
    /// Centre of the base, in metres east and north.
    pub at_m: DVec2,
    /// Length along the heading, width across it, and height above the ground, in metres.
    pub size_m: DVec3,
    /// Direction of the long side, in degrees clockwise from true north.
    #[serde(default)]
    pub heading_deg: f64,
}

/// An area that planned routes keep out of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoGo {
    /// Id, unique among forbidden areas.
    pub id: String,
    /// Simple polygon, at least three corners in metres east and north, not closed.
    pub area_m: Vec<DVec2>,
    /// Domains that it binds.
    pub domains: Vec<Domain>,
    /// Sides that it binds; empty means all.
    #[serde(default)]
    pub sides: Vec<String>,
    /// Lower limit for aircraft, in metres above mean sea level; none is the ground.
    #[serde(default)]
    pub floor_m: Option<f64>,
    /// Upper limit for aircraft, in metres above mean sea level; none is no limit.
    #[serde(default)]
    pub ceiling_m: Option<f64>,
}
