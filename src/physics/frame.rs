//! The way into rapier's frame and back: `f32`, x east, y up, z south.

use bevy_rapier3d::parry::math::{Real, Vector};
use glam::{DVec2, DVec3};

/// A length for rapier. Callers have moved it near its origin, where `f32` is fine enough: 1e-5 m
/// at 100 m.
#[expect(
    clippy::cast_possible_truncation,
    reason = "rapier counts in f32; see the module"
)]
pub(super) fn length(metres: f64) -> Real {
    metres as Real
}

/// East, north, up to rapier's x, y, z.
pub(super) fn vector(enu_m: DVec3) -> Vector {
    Vector::new(length(enu_m.x), length(enu_m.z), -length(enu_m.y))
}

/// East and north to rapier's level plane y = 0.
pub(super) fn level(en_m: DVec2) -> Vector {
    vector(en_m.extend(0.0))
}

/// East and north of a rapier direction, as a unit vector; none where it is vertical.
pub(super) fn bearing_of(direction: Vector) -> Option<DVec2> {
    DVec2::new(f64::from(direction.x), -f64::from(direction.z)).try_normalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_is_right_handed_with_y_up() {
        let (east, north, up) = (vector(DVec3::X), vector(DVec3::Y), vector(DVec3::Z));
        assert_eq!(up, Vector::Y);
        assert_eq!(east.cross(north), up);
        assert_eq!(bearing_of(level(DVec2::new(0.0, 7.0))), Some(DVec2::Y));
        assert_eq!(bearing_of(up), None);
    }
}
