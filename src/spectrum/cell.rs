//! Pieces of space about the ends of a path: when to ask for its loss again. See [`PathCell`].

use glam::DVec3;
use serde::{Deserialize, Serialize};

use crate::environment::Landscape;

/// Width of the cells to which ends of a path are rounded, m; heights to a tenth.
pub const CELL_M: f64 = 50.0;

/// A piece of space about one end of a path. A loss from cell to cell depends on nothing else, so that it
/// may be kept until an end has left its cell, and forgotten at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathCell([i32; 3]);

impl PathCell {
    /// The cell of a point.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float-to-integer `as` saturates"
    )]
    pub fn of(point: DVec3) -> Self {
        Self([
            (point.x / CELL_M).round() as i32,
            (point.y / CELL_M).round() as i32,
            (point.z / (0.1 * CELL_M)).round() as i32,
        ])
    }

    /// The point in its middle.
    #[must_use]
    pub fn centre(self) -> DVec3 {
        let [x, y, z] = self.0.map(f64::from);
        DVec3::new(x, y, 0.1 * z) * CELL_M
    }

    /// The point in its middle, brought up to at least this height above the ground or the sea, m.
    #[must_use]
    pub fn middle(self, least_m: f64, landscape: &Landscape) -> DVec3 {
        let middle = self.centre();
        let surface_m = landscape.terrain.surface_m(middle.x, middle.y);
        DVec3::new(middle.x, middle.y, middle.z.max(surface_m + least_m))
    }
}
