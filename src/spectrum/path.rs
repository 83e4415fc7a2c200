//! How much a radio signal loses between two points of the real ground; see [`PathCell`] for when to ask
//! again.

use glam::DVec3;

use super::model::{diffraction::single_edge_loss_db, propagation::two_ray_ground_loss_db};
use crate::{environment::Landscape, geo::Sight};

/// Loss between isotropic antennas over real ground, dB: the larger of free space and two-ray, plus
/// one knife edge where the profile rises into the path (ITU-R P.526).
#[must_use]
pub fn ground_loss_db(frequency_hz: f64, (a, b): (DVec3, DVec3), landscape: &Landscape) -> f64 {
    let terrain = &landscape.terrain;
    let distance_m = a.distance(b).max(1.0);
    let above = |point: DVec3| (point.z - terrain.surface_m(point.x, point.y)).max(0.5);
    let smooth_db = two_ray_ground_loss_db(frequency_hz, distance_m, above(a), above(b));
    let edge_db = Sight::new(terrain)
        .clearance(a, b)
        .map_or(0.0, |clearance| {
            let edge = clearance.edge;
            single_edge_loss_db(edge.height_m, edge.d1_m, edge.d2_m, frequency_hz)
        });
    smooth_db + edge_db
}

/// Width of the cells to which ends of a path are rounded, m; heights to a tenth.
const CELL_M: f64 = 50.0;

/// A piece of space about one end of a path. A loss from cell to cell depends on nothing else, so that it
/// may be kept until an end has left its cell, and forgotten at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// The point in its middle, brought up to at least this height above the ground or the sea, m.
    #[must_use]
    pub fn middle(self, least_m: f64, landscape: &Landscape) -> DVec3 {
        let [x, y, z] = self.0.map(f64::from);
        let middle = DVec3::new(x, y, 0.1 * z) * CELL_M;
        let surface_m = landscape.terrain.surface_m(middle.x, middle.y);
        DVec3::new(middle.x, middle.y, middle.z.max(surface_m + least_m))
    }
}
