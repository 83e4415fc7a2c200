//! What may lie on the ground: kinds of land cover, roads, and who goes over them.
//!
//! See [`CoverMap`](super::CoverMap) for where it lies, and [`canopy`](super::canopy) for what covers
//! do to lines through them.

use glam::DVec2;
use serde::{Deserialize, Serialize};

/// Kinds of land cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CoverClass {
    /// Grass and bare ground.
    Open,
    /// Standing crops.
    Crop,
    /// Bushes and young trees.
    Scrub,
    /// Closed wood.
    Forest,
    /// Buildings in rows, with streets between them.
    Town,
    /// Wet, soft ground with reeds.
    Marsh,
    /// Lakes and rivers on land.
    Water,
}

/// Who goes over the ground, as far as covers care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Gait {
    /// Vehicles on wheels.
    Wheeled,
    /// Vehicles on tracks.
    Tracked,
    /// People on foot.
    Dismount,
    /// Small unmanned ground vehicles.
    Ugv,
}

/// Number of gaits.
pub const GAITS: usize = 4;

/// What a cover does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cover {
    /// What it is.
    pub class: CoverClass,
    /// Height above ground, m.
    pub height_m: f64,
    /// Extinction of sight within it, 1/m: e^(-extinction · way) is seen through.
    pub extinction_per_m: f64,
    /// How dense it is to radio as a share of woodland, 0 to 1; of buildings, the share of roofs.
    pub radio_share: f64,
    /// Deviation of the difference in height of two places 100 m apart that belongs to relief
    /// finer than a map has it, m.
    pub relief_m: f64,
    /// Share of its speed off the road that each gait keeps; 0 is impassable.
    pub speed: [f64; GAITS],
    /// Factor on the rolling resistance off the road.
    pub resistance: f64,
}

impl Cover {
    /// Ground that changes nothing.
    pub const BARE: Self = Self {
        class: CoverClass::Open,
        height_m: 0.0,
        extinction_per_m: 0.0,
        radio_share: 0.0,
        relief_m: 0.0,
        speed: [1.0; GAITS],
        resistance: 1.0,
    };
}

/// A road, as fast and as smooth as its class.
#[derive(Clone, Debug, PartialEq)]
pub struct Road {
    /// Its middle, m.
    pub line: Vec<DVec2>,
    /// Width, m.
    pub width_m: f64,
    /// Share of the speed on the best road that it allows, above 0.
    pub speed: f64,
    /// Factor on the resistance of a road.
    pub resistance: f64,
}

/// What the ground at a place is to somebody who goes over it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Footing {
    /// Whether it is a road.
    pub on_road: bool,
    /// Share of the speed on a road, or off it; 0 is impassable.
    pub speed: f64,
    /// Factor on the resistance on a road, or off it.
    pub resistance: f64,
}

impl Footing {
    /// Firm open ground.
    pub const FIRM: Self = Self {
        on_road: false,
        speed: 1.0,
        resistance: 1.0,
    };
}
