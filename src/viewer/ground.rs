//! The ground as it is drawn: a grid of heights, and the way from the simulation's frame to the
//! picture's. See [`Ground`].

use std::sync::Arc;

use bevy::{math::Vec3, prelude::Resource};
use glam::{DVec2, DVec3};

use super::narrow::{f32_of, f64_of, index_of};
use crate::geo::{Extent, Terrain};

/// Most posts along the longer side of the mesh: enough for the eye, few enough for a software
/// renderer.
const POSTS_MAX: f64 = 420.0;
/// Height of the relief that a picture should have, as a share of the width of the ground.
const RELIEF_SHARE: f64 = 0.045;
/// Greatest exaggeration of heights.
const EXAGGERATION_MAX: f64 = 4.0;

/// Heights of the mesh. East is x, up is y, south is z; metres, but heights are stretched.
#[derive(Debug, Clone, Resource)]
pub(crate) struct Ground {
    /// Terrain that it was made of.
    pub(crate) terrain: Arc<Terrain>,
    /// Posts east and north.
    pub(crate) posts: (usize, usize),
    /// Distance between posts east and north, m.
    pub(crate) step: DVec2,
    /// The rectangle.
    pub(crate) bounds: Extent,
    /// By how much heights are stretched.
    pub(crate) exaggeration: f64,
    heights_m: Vec<f64>,
}

impl Ground {
    /// Samples a terrain.
    #[must_use]
    pub(crate) fn new(terrain: &Arc<Terrain>) -> Self {
        let bounds = terrain.bounds();
        let size = bounds.size();
        let step = (size.max_element() / POSTS_MAX).max(terrain.spacing_m());
        let count = |length_m: f64| index_of((length_m / step).round()).max(1) + 1;
        let posts = (count(size.x), count(size.y));
        let step = DVec2::new(size.x / f64_of(posts.0 - 1), size.y / f64_of(posts.1 - 1));
        let mut heights_m = Vec::with_capacity(posts.0 * posts.1);
        for row in 0..posts.1 {
            for column in 0..posts.0 {
                let at = bounds.min + step * DVec2::new(f64_of(column), f64_of(row));
                heights_m.push(terrain.height_m(at.x, at.y));
            }
        }
        let relief_m = (terrain.highest_m() - terrain.lowest_m()).max(1.0);
        let wanted = RELIEF_SHARE * size.max_element() / relief_m;
        Self {
            terrain: Arc::clone(terrain),
            posts,
            step,
            bounds,
            exaggeration: ((2.0 * wanted).round() / 2.0).clamp(1.0, EXAGGERATION_MAX),
            heights_m,
        }
    }

    /// Height of a post, m, not stretched.
    #[must_use]
    pub(crate) fn post_m(&self, column: usize, row: usize) -> f64 {
        self.heights_m[row * self.posts.0 + column]
    }

    /// Height of the mesh, m, not stretched, bilinear between posts.
    #[must_use]
    pub(crate) fn height_m(&self, at: DVec2) -> f64 {
        let last = DVec2::new(f64_of(self.posts.0 - 1), f64_of(self.posts.1 - 1));
        let grid = ((at - self.bounds.min) / self.step).clamp(DVec2::ZERO, last);
        let column = index_of(grid.x).min(self.posts.0.saturating_sub(2));
        let row = index_of(grid.y).min(self.posts.1.saturating_sub(2));
        let (right, up) = (grid.x - f64_of(column), grid.y - f64_of(row));
        let south = self.post_m(column, row) * (1.0 - right) + self.post_m(column + 1, row) * right;
        let north =
            self.post_m(column, row + 1) * (1.0 - right) + self.post_m(column + 1, row + 1) * right;
        south * (1.0 - up) + north * up
    }

    /// Height of the drawn ground or sea, m, not stretched.
    #[must_use]
    pub(crate) fn surface_m(&self, at: DVec2) -> f64 {
        self.height_m(at).max(0.0)
    }

    /// A point of the simulation in the picture.
    #[must_use]
    pub(crate) fn to_view(&self, point: DVec3) -> Vec3 {
        Vec3::new(
            f32_of(point.x),
            f32_of(point.z * self.exaggeration),
            f32_of(-point.y),
        )
    }

    /// A point of the picture in the simulation.
    #[must_use]
    pub(crate) fn to_simulation(&self, point: Vec3) -> DVec3 {
        let (x, y, z) = (f64::from(point.x), f64::from(point.y), f64::from(point.z));
        DVec3::new(x, -z, y / self.exaggeration)
    }

    /// Where something is drawn that is at a point: the mesh is coarser than the terrain, so what
    /// stands on the ground stands on the mesh, and what flies keeps its height above the ground.
    #[must_use]
    pub(crate) fn stand(&self, point: DVec3) -> Vec3 {
        let at = point.truncate();
        if point.z < -0.5 && self.height_m(at) < 0.0 {
            return self.to_view(point);
        }
        let above_m = point.z - self.terrain.surface_m(at.x, at.y);
        self.over(at, above_m.max(0.0))
    }

    /// A point above the drawn ground or sea.
    #[must_use]
    pub(crate) fn over(&self, at: DVec2, above_m: f64) -> Vec3 {
        self.to_view(at.extend(self.surface_m(at) + above_m))
    }

    /// Width or height of the ground, whichever is larger, m.
    #[must_use]
    pub(crate) fn extent_m(&self) -> f64 {
        self.bounds.size().max_element()
    }

    /// Points of a line laid over the ground, `above_m` over it, at most `step_m` apart.
    #[must_use]
    pub(crate) fn drape(&self, from: DVec2, to: DVec2, above_m: f64, step_m: f64) -> Vec<Vec3> {
        let pieces = index_of(from.distance(to) / step_m).clamp(1, 400);
        (0..=pieces)
            .map(|n| self.over(from.lerp(to, f64_of(n) / f64_of(pieces)), above_m))
            .collect()
    }

    /// Whether ground stands between a point of the picture and the eye.
    #[must_use]
    pub(crate) fn hides(&self, point: Vec3, eye: Vec3) -> bool {
        const STEPS: usize = 48;
        // What stands on the ground must not be hidden by the very ground it stands on.
        let clear_m = 4e-3 * self.extent_m();
        (1..STEPS).any(|n| {
            // Closer together near the point, where hills are small against the distance.
            let share = f64_of(n) / f64_of(STEPS);
            let at = self.to_simulation(point.lerp(eye, f32_of(share * share)));
            let is_over = self.bounds.contains(at.truncate());
            is_over && self.surface_m(at.truncate()) > at.z + clear_m
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slope that rises a tenth to the east, sea in the west.
    fn slope() -> Ground {
        let extent = Extent::about(DVec2::ZERO, 5000.0);
        let terrain = Terrain::from_fn(extent, 100.0, true, |at| 0.1 * at.x).expect("a plane");
        Ground::new(&Arc::new(terrain))
    }

    #[test]
    fn points_go_to_the_picture_and_back() {
        let ground = slope();
        let point = DVec3::new(1200.0, -800.0, 340.0);
        let back = ground.to_simulation(ground.to_view(point));
        assert!(back.distance(point) < 0.1, "{back}");
        assert!(ground.to_view(point).z > 0.0, "south is towards the viewer");
    }

    #[test]
    fn what_stands_on_the_ground_stands_on_the_mesh() {
        let ground = slope();
        for x in [333.0, 1234.0, 4321.0] {
            let at = DVec2::new(x, 10.0);
            let stands = ground.stand(at.extend(0.1 * x));
            assert!(stands.distance(ground.over(at, 0.0)) < 0.1, "{x}");
        }
        assert!(
            ground.surface_m(DVec2::new(-3000.0, 0.0)).abs() < 1e-9,
            "the sea is flat"
        );
    }

    #[test]
    fn a_hill_hides_what_is_behind_it() {
        let extent = Extent::about(DVec2::ZERO, 5000.0);
        let height = |at: DVec2| if at.x.abs() < 300.0 { 900.0 } else { 0.0 };
        let terrain = Terrain::from_fn(extent, 100.0, true, height).expect("a wall");
        let ground = Ground::new(&Arc::new(terrain));
        let eye = ground.over(DVec2::new(-3000.0, 0.0), 300.0);
        let at = |x: f64| ground.over(DVec2::new(x, 0.0), 2.0);
        assert!(ground.hides(at(2000.0), eye));
        assert!(!ground.hides(at(-1500.0), eye));
    }
}
