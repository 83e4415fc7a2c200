//! The ground of one world. See [`Landscape`] and [`NoGoAreas`].

use std::sync::Arc;

use bevy::prelude::Resource;
use glam::{DVec2, DVec3};

use crate::{
    geo::{CoverMap, LocalFrame, Sight, Terrain, wgs84::Geodetic},
    plan::polygon::Polygon,
    plan::volume::Volume,
};

/// The ground, the frame it is drawn in, and what both are made of. Static, shared by all worlds of
/// one scenario.
#[derive(Debug, Clone, Resource)]
pub struct Landscape {
    /// Heights in the local frame.
    pub terrain: Arc<Terrain>,
    /// Land cover and roads.
    pub cover: Arc<CoverMap>,
    /// The scenario's horizontal frame.
    pub frame: LocalFrame,
    /// Height of mean sea level above the ellipsoid, m.
    pub undulation_m: f64,
}

impl Landscape {
    /// Whether nothing of the ground stands between two points.
    #[must_use]
    pub fn is_clear(&self, a: DVec3, b: DVec3) -> bool {
        Sight::new(&self.terrain).clear(a, b)
    }

    /// A point of the local frame on the ellipsoid.
    #[must_use]
    pub fn geodetic(&self, point: DVec3) -> Geodetic {
        let (lat_deg, lon_deg) = self.frame.to_geodetic(point.truncate());
        Geodetic::new(lat_deg, lon_deg, point.z + self.undulation_m)
    }

    /// A place of the ellipsoid in the local frame.
    #[must_use]
    pub fn local(&self, lat_deg: f64, lon_deg: f64) -> DVec2 {
        self.frame.to_local(lat_deg, lon_deg)
    }
}

/// An area that planned routes keep out of.
#[derive(Debug, Clone)]
pub struct NoGo {
    /// Name in the scenario.
    pub id: String,
    /// The area, m.
    pub area: Polygon,
    /// Bits of the domains that it binds, by the domain's number.
    pub domains: u8,
    /// Bits of the sides that it binds.
    pub sides: u64,
    /// Heights above mean sea level between which aircraft are bound, m; infinite where there is no
    /// limit. What does not fly is bound at all heights.
    pub heights_m: (f64, f64),
}

impl NoGo {
    /// Whether it binds a domain of a side.
    #[must_use]
    pub fn binds(&self, domain: u8, side: u8) -> bool {
        self.domains >> domain & 1 == 1 && self.sides >> side & 1 == 1
    }

    /// The volume that is closed to aircraft.
    #[must_use]
    pub fn volume(&self) -> Volume {
        Volume {
            area: self.area.clone(),
            heights_m: self.heights_m,
        }
    }
}

/// All forbidden areas of a scenario.
#[derive(Debug, Clone, Default, Resource)]
pub struct NoGoAreas(pub Vec<NoGo>);

impl NoGoAreas {
    /// Volumes that are closed to a domain of a side.
    #[must_use]
    pub fn volumes(&self, domain: u8, side: u8) -> Vec<Volume> {
        let binding = self.0.iter().filter(|area| area.binds(domain, side));
        binding.map(NoGo::volume).collect()
    }
}
