//! What lies on the ground, and the tide.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{geo::cover::CoverClass, platform::class::RoadClass};

/// An area of land cover, drawn by hand: notional.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverArea {
    /// Id, unique among land covers.
    pub id: String,
    /// What covers it: a class of the catalogue.
    pub class: CoverClass,
    /// Simple polygon, at least three corners in metres east and north, not closed; where areas
    /// overlap, the later one holds.
    pub area_m: Vec<DVec2>,
    /// Height above the ground, in metres, instead of the catalogue's.
    #[serde(default)]
    pub height_m: Option<f64>,
    /// Factor on the catalogue's density to sight and radio.
    #[serde(default = "one")]
    pub density: f64,
    /// What it was drawn from.
    #[serde(default)]
    pub note: String,
}

/// A road, drawn by hand: notional.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadLine {
    /// Id, unique among roads.
    pub id: String,
    /// What it is: a class of the catalogue.
    pub class: RoadClass,
    /// Its middle, at least two points in metres east and north. Roads join where they share a point.
    pub line_m: Vec<DVec2>,
    /// Width, in metres, instead of the catalogue's.
    #[serde(default)]
    pub width_m: Option<f64>,
    /// What it was drawn from.
    #[serde(default)]
    pub note: String,
}

/// The state of the ground.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroundState {
    /// How wet it is, from 0 (dry) to 1 (soaked): slows what goes off the road.
    pub wetness: f64,
    /// Factor on the notional relief that the terrain's posts do not resolve and that hides low
    /// targets: 0 leaves it out, 1 is the catalogue's.
    pub masking: f64,
}

/// The density of an area that names none.
fn one() -> f64 {
    1.0
}
