//! What stands in the way besides the ground: buildings and walls as upright boxes. Plain data;
//! `physics` makes shapes of it.

use bevy::prelude::Resource;
use glam::DVec3;
use serde::{Deserialize, Serialize};

/// One upright box, turned about the vertical.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Obstacle {
    /// Name in the scenario.
    pub id: String,
    /// Centre of the box: east, north, height above mean sea level, m.
    pub centre_m: DVec3,
    /// Full extents at heading 0: width (east), length (north), height, m. All positive.
    pub size_m: DVec3,
    /// Where the length axis points, clockwise from true north, rad.
    pub heading_rad: f64,
}

/// All obstacles of a scenario, in its order. They stand as long as the run lasts.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Obstacles {
    list: Vec<Obstacle>,
}

impl Obstacles {
    /// Takes obstacles that the scenario has validated.
    ///
    /// # Panics
    /// In debug builds, where a number is not finite or an extent is not positive.
    #[must_use]
    pub fn new(list: Vec<Obstacle>) -> Self {
        debug_assert!(
            list.iter()
                .all(|o| o.centre_m.is_finite() && o.heading_rad.is_finite()),
            "the place of an obstacle is finite"
        );
        debug_assert!(
            list.iter()
                .all(|o| o.size_m.is_finite() && o.size_m.min_element() > 0.0),
            "the extents of an obstacle are positive"
        );
        Self { list }
    }

    /// All obstacles; the place in this list is an obstacle's number elsewhere.
    #[must_use]
    pub fn list(&self) -> &[Obstacle] {
        &self.list
    }
}
