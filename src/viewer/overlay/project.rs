//! From the picture's space to points of the screen.

use bevy::{camera::Camera, math::Vec3, transform::components::GlobalTransform};
use bevy_egui::egui;

/// The eye that looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Eye<'a> {
    /// Camera.
    pub(crate) camera: &'a Camera,
    /// Its place.
    pub(crate) transform: &'a GlobalTransform,
}

impl Eye<'_> {
    /// Where a point appears, if it is before the eye.
    #[must_use]
    pub(crate) fn project(&self, point: Vec3) -> Option<egui::Pos2> {
        let at = self.camera.world_to_viewport(self.transform, point).ok()?;
        Some(egui::pos2(at.x, at.y))
    }

    /// Where the eye is.
    #[must_use]
    pub(crate) fn position(&self) -> Vec3 {
        self.transform.translation()
    }
}
