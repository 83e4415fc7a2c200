//! Where the members of a counted entry stand. See [`positions`].

use glam::DVec2;

use super::schema::{FormationShape, UnitSpec};
use crate::platform::group::{Formation, slot_position};

impl From<FormationShape> for Formation {
    fn from(shape: FormationShape) -> Self {
        match shape {
            FormationShape::Line => Self::Line,
            FormationShape::Column => Self::Column,
            FormationShape::Wedge => Self::Wedge,
            FormationShape::Circle => Self::Circle,
            FormationShape::Grid => Self::Grid,
        }
    }
}

/// Positions of an entry's units in the order of their numbers, in metres east and north, about a
/// first one at `leader`.
pub fn positions(unit: &UnitSpec, leader: DVec2) -> impl Iterator<Item = DVec2> + '_ {
    let shape = Formation::from(unit.formation.shape);
    let heading_rad = unit.heading_deg.to_radians();
    (0..unit.count).map(move |index| {
        let (place, places) = unit.place_in_formation(index);
        let slot = shape.slot(place, places, unit.formation.spacing_m);
        slot_position(leader, heading_rad, slot)
    })
}
