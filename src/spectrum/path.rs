//! How much a radio signal loses between two points of the real ground.

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
