//! Obstacles as shapes, and rays cast against them. See [`ObstacleField`].
//!
//! A ray is straight in (east, north, height above mean sea level): the bulge of the earth under it
//! (1.5 m in the middle of 10 km at 4/3 earth) is the business of the terrain's line of sight.

use bevy::prelude::Resource;
use bevy_rapier3d::parry::bounding_volume::Aabb;
use bevy_rapier3d::parry::partitioning::{Bvh, BvhBuildStrategy, BvhNode, TraversalAction};
use bevy_rapier3d::parry::query::{Ray, RayCast};
use bevy_rapier3d::parry::shape::Cuboid;
use glam::{DMat2, DVec2, DVec3};

use super::frame;
use super::touch::Wall;
use crate::environment::obstacles::{Obstacle, Obstacles};
use crate::kernel::math;

/// A ray that passes within this distance of a face only grazes it and goes on: an antenna that
/// stands on a roof sees. m.
const GRAZE_M: f64 = 1e-3;

/// How much the boxes of the search tree are larger than what they bound, so that rounding to `f32`
/// 100 km from the field's centre (8 mm) loses nothing, m.
const SLACK_M: f64 = 0.5;

/// One obstacle, ready to be asked.
#[derive(Debug, Clone)]
struct Block {
    /// Centre, m.
    centre_m: DVec3,
    /// Half of its extents in its own frame, m.
    half_m: DVec3,
    /// Columns: where its width and its length axis point.
    axes: DMat2,
    /// Radius of the sphere about it, m.
    radius_m: f64,
    /// What rays hit: the box less [`GRAZE_M`].
    sight: Cuboid,
}

impl Block {
    /// Prepares one obstacle.
    fn new(obstacle: &Obstacle) -> Self {
        let (sin, cos) = (
            math::sin(obstacle.heading_rad),
            math::cos(obstacle.heading_rad),
        );
        let half_m = obstacle.size_m / 2.0;
        let seen_m = (half_m - DVec3::splat(GRAZE_M)).max(half_m / 2.0);
        let sight = Cuboid::new(frame::vector(seen_m).abs());
        Self {
            centre_m: obstacle.centre_m,
            half_m,
            axes: DMat2::from_cols(DVec2::new(cos, -sin), DVec2::new(sin, cos)),
            radius_m: half_m.length(),
            sight,
        }
    }

    /// A horizontal vector in the block's own frame.
    fn turned(&self, en: DVec2) -> DVec2 {
        self.axes.transpose() * en
    }

    /// Lowest and highest corner in the world, m.
    fn bounds_m(&self) -> (DVec3, DVec3) {
        let reach = (self.axes.x_axis.abs() * self.half_m.x
            + self.axes.y_axis.abs() * self.half_m.y)
            .extend(self.half_m.z);
        (self.centre_m - reach, self.centre_m + reach)
    }

    /// Where a ray of unit direction enters the block, m from `from_m`; 0 from inside.
    fn ray_m(&self, from_m: DVec3, direction: DVec3, length_m: f64) -> Option<f64> {
        // Starting at the edge of the bounding sphere keeps every number small enough for f32.
        let to_centre = self.centre_m - from_m;
        let skipped_m = (to_centre.dot(direction) - self.radius_m).max(0.0);
        let left_m = length_m - skipped_m;
        if left_m < 0.0 {
            return None;
        }
        let origin = direction * skipped_m - to_centre;
        let local = |v: DVec3| frame::vector(self.turned(v.truncate()).extend(v.z));
        let ray = Ray::new(local(origin), local(direction));
        let hit = self
            .sight
            .cast_local_ray(&ray, frame::length(left_m), true)?;
        Some(skipped_m + f64::from(hit))
    }
}

/// All obstacles of a scenario with a search tree over them. Built once; nothing changes it, so any
/// domain may ask it at any time. An empty field, or a ray that misses the box about all obstacles,
/// costs a few comparisons.
#[derive(Debug, Clone, Default, Resource)]
pub struct ObstacleField {
    blocks: Vec<Block>,
    tree: Bvh,
    origin_m: DVec3,
    low_m: DVec3,
    high_m: DVec3,
}

impl ObstacleField {
    /// Makes shapes of obstacles.
    #[must_use]
    pub fn new(obstacles: &Obstacles) -> Self {
        let blocks: Vec<_> = obstacles.list().iter().map(Block::new).collect();
        if blocks.is_empty() {
            return Self::default();
        }
        let bounds: Vec<_> = blocks.iter().map(Block::bounds_m).collect();
        let low_m = bounds
            .iter()
            .map(|b| b.0)
            .reduce(DVec3::min)
            .unwrap_or_default();
        let high_m = bounds
            .iter()
            .map(|b| b.1)
            .reduce(DVec3::max)
            .unwrap_or_default();
        let origin_m = (low_m + high_m) / 2.0;
        let leaves: Vec<_> = bounds
            .iter()
            .map(|b| bounding_box(b.0, b.1, origin_m))
            .collect();
        let tree = Bvh::from_leaves(BvhBuildStrategy::Binned, &leaves);
        Self {
            blocks,
            tree,
            origin_m,
            low_m,
            high_m,
        }
    }

    /// Number of obstacles.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether nothing stands in the way anywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Whether no obstacle stands between two points (m). A point inside an obstacle sees nothing.
    #[must_use]
    pub fn line_of_sight(&self, a_m: DVec3, b_m: DVec3) -> bool {
        let mut clear = true;
        self.each_hit(a_m, b_m, |_| {
            clear = false;
            TraversalAction::EarlyExit
        });
        clear
    }

    /// How far from `a_m` the first obstacle on the way to `b_m` stands, m; 0 from inside one.
    #[must_use]
    pub fn ray(&self, a_m: DVec3, b_m: DVec3) -> Option<f64> {
        let mut nearest: Option<f64> = None;
        self.each_hit(a_m, b_m, |hit_m| {
            nearest = Some(nearest.map_or(hit_m, |best| best.min(hit_m)));
            TraversalAction::Continue
        });
        nearest
    }

    /// Calls `visit` with the distance of every obstacle that a ray meets, in no useful order.
    fn each_hit(&self, a_m: DVec3, b_m: DVec3, mut visit: impl FnMut(f64) -> TraversalAction) {
        debug_assert!(a_m.is_finite() && b_m.is_finite(), "a ray has two ends");
        if self.is_empty() || !crosses(a_m, b_m, self.low_m, self.high_m) {
            return;
        }
        let way = b_m - a_m;
        let length_m = way.length();
        let direction = way.normalize_or_zero();
        let ray = Ray::new(frame::vector(a_m - self.origin_m), frame::vector(way));
        self.tree.traverse(|node: &BvhNode| {
            if node.cast_ray(&ray, 1.0) > 1.0 {
                return TraversalAction::Prune;
            }
            let block = node
                .leaf_data()
                .and_then(|leaf| self.blocks.get(leaf as usize));
            match block.and_then(|block| block.ray_m(a_m, direction, length_m)) {
                Some(hit_m) => visit(hit_m),
                None => TraversalAction::Continue,
            }
        });
    }

    /// Calls `visit` with every obstacle whose neighbourhood meets the box between two corners (m),
    /// in no useful order.
    pub(super) fn each_near(&self, low_m: DVec3, high_m: DVec3, visit: impl FnMut(u32)) {
        let apart = low_m.cmpgt(self.high_m) | high_m.cmplt(self.low_m);
        if self.is_empty() || apart.any() {
            return;
        }
        let near = bounding_box(low_m, high_m, self.origin_m);
        self.tree.intersect_aabb(&near).for_each(visit);
    }

    /// How an upright cylinder that moved touches an obstacle, in the world's frame.
    pub(super) fn wall(&self, obstacle: u32) -> Wall<'_> {
        let block = &self.blocks[obstacle as usize];
        Wall {
            centre_m: block.centre_m,
            half_m: block.half_m,
            axes: &block.axes,
        }
    }
}

/// A box in rapier's frame about `origin_m`, with slack.
fn bounding_box(low_m: DVec3, high_m: DVec3, origin_m: DVec3) -> Aabb {
    let one = frame::vector(low_m - origin_m - DVec3::splat(SLACK_M));
    let other = frame::vector(high_m - origin_m + DVec3::splat(SLACK_M));
    Aabb::new(one.min(other), one.max(other))
}

/// Whether the way from `a` to `b` may meet a box: the slab test of Kay and Kajiya (1986), closed.
fn crosses(a: DVec3, b: DVec3, low: DVec3, high: DVec3) -> bool {
    let way = b - a;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for axis in 0..3 {
        if way[axis].abs() < f64::MIN_POSITIVE {
            if a[axis] < low[axis] || a[axis] > high[axis] {
                return false;
            }
            continue;
        }
        let (t0, t1) = (
            (low[axis] - a[axis]) / way[axis],
            (high[axis] - a[axis]) / way[axis],
        );
        enter = enter.max(t0.min(t1));
        leave = leave.min(t0.max(t1));
    }
    enter <= leave
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f64::consts::FRAC_PI_4;

    /// A wall 2 m wide, 40 m long, 10 m high that stands on height 100, at (`east`, 0).
    fn wall(east: f64, heading_rad: f64) -> Obstacle {
        Obstacle {
            id: format!("wall-{east}"),
            centre_m: DVec3::new(east, 0.0, 105.0),
            size_m: DVec3::new(2.0, 40.0, 10.0),
            heading_rad,
        }
    }

    /// A field of walls.
    fn field(walls: Vec<Obstacle>) -> ObstacleField {
        ObstacleField::new(&Obstacles::new(walls))
    }

    #[test]
    fn wall_blocks_sight_and_its_roof_does_not() {
        let field = field(vec![wall(0.0, 0.0)]);
        let (west, east) = (DVec3::new(-50.0, 3.0, 102.0), DVec3::new(50.0, 3.0, 102.0));
        assert!(!field.line_of_sight(west, east));
        assert!((field.ray(west, east).unwrap() - 49.0).abs() < 2e-3);
        assert!((field.ray(east, west).unwrap() - 49.0).abs() < 2e-3);
        let up = DVec3::Z * 8.5;
        assert!(field.line_of_sight(west + up, east + up), "over the roof");
        assert!(
            field.line_of_sight(west, west + DVec3::Y * 100.0),
            "along the wall"
        );
        assert!(
            field.line_of_sight(west, DVec3::new(-1.5, 3.0, 102.0)),
            "up to the wall"
        );
        assert!(
            field.line_of_sight(west + DVec3::Y * 18.0, east + DVec3::Y * 18.0),
            "past it"
        );
        let roof = DVec3::new(0.0, 0.0, 110.0);
        assert!(
            field.line_of_sight(roof, east + DVec3::Z * 20.0),
            "from the roof up"
        );
        assert!(
            !field.line_of_sight(roof, DVec3::new(1.5, 0.0, 102.0)),
            "down through the edge"
        );
        assert_eq!(
            field.ray(DVec3::new(0.0, 0.0, 105.0), east),
            Some(0.0),
            "from inside"
        );
    }

    #[test]
    fn turned_wall_stands_along_its_heading() {
        // Heading north-east: the long axis runs from south-west to north-east.
        let field = field(vec![wall(0.0, FRAC_PI_4)]);
        let at = |e: f64, n: f64| DVec3::new(e, n, 102.0);
        assert!(
            !field.line_of_sight(at(2.0, 12.0), at(12.0, 2.0)),
            "across the axis"
        );
        assert!(
            field.line_of_sight(at(2.0, -12.0), at(12.0, -2.0)),
            "beside it"
        );
        // Along the axis through (7, 7): the wall's near face is 1 m before the axis.
        let hit = field.ray(at(0.0, 14.0), at(14.0, 0.0)).unwrap();
        assert!((hit - (7.0 * 2.0_f64.sqrt() - 1.0)).abs() < 2e-3, "{hit}");
    }

    #[test]
    fn nearest_of_many_counts_also_far_from_the_origin() {
        let far = 90_000.0;
        let field = field(
            (0..200)
                .map(|i| wall(far + 10.0 * f64::from(i), 0.0))
                .collect(),
        );
        assert_eq!(field.len(), 200);
        let from = DVec3::new(far - 30_000.0, 1.0, 103.0);
        let hit = field.ray(from, from + DVec3::X * 60_000.0).unwrap();
        assert!((hit - 29_999.0).abs() < 5e-3, "{hit}");
        let back = DVec3::new(far + 1990.0 + 5000.0, 1.0, 103.0);
        assert!((field.ray(back, from).unwrap() - 4999.0).abs() < 5e-3);
        let between = DVec3::new(far + 5.0, 0.0, 103.0);
        assert!(field.line_of_sight(between, between + DVec3::X * 3.9));
        assert!(!field.line_of_sight(between, between + DVec3::X * 4.1));
    }

    #[test]
    fn rays_agree_with_sampling_along_them() {
        let mut walls: Vec<_> = (0..12).map(|i| wall(0.0, f64::from(i) * 0.4)).collect();
        for (i, wall) in (0_u32..).zip(&mut walls) {
            wall.centre_m += DVec3::new(f64::from(i % 4) * 60.0, f64::from(i / 4) * 60.0, 0.0);
        }
        let inside = |p: DVec3, margin_m: f64| {
            walls.iter().any(|w| {
                let (sin, cos) = (math::sin(w.heading_rad), math::cos(w.heading_rad));
                let d = p - w.centre_m;
                let own = DVec3::new(d.x * cos - d.y * sin, d.x * sin + d.y * cos, d.z);
                own.abs()
                    .cmplt(w.size_m / 2.0 + DVec3::splat(margin_m))
                    .all()
            })
        };
        let field = field(walls.clone());
        let (mut blocked, mut state) = (0, 1_u32);
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1_u32 << 24)
        };
        for _ in 0..400 {
            let mut end = || {
                DVec3::new(
                    draw() * 240.0 - 30.0,
                    draw() * 180.0 - 30.0,
                    98.0 + draw() * 16.0,
                )
            };
            let (a, b) = (end(), end());
            let sampled = (0..=4000).any(|i| inside(a.lerp(b, f64::from(i) / 4000.0), -0.01));
            assert!(
                !(sampled && field.line_of_sight(a, b)),
                "{a} to {b} passes through a wall"
            );
            let hit = field.ray(a, b);
            assert_eq!(hit.is_none(), field.line_of_sight(a, b));
            if let Some(hit_m) = hit {
                let at = |s: f64| a + (b - a).normalize_or_zero() * s;
                assert!(
                    inside(at(hit_m), 0.01),
                    "{a} to {b}: nothing stands {hit_m} m away"
                );
                let early = (0..200).map(|i| (hit_m - 0.05) * f64::from(i) / 200.0);
                let early = early.filter(|s| *s > 0.0).find(|s| inside(at(*s), -0.01));
                assert_eq!(early, None, "{a} to {b}: hit only at {hit_m} m");
                blocked += 1;
            }
        }
        assert!((40..360).contains(&blocked), "{blocked} of 400 are blocked");
    }

    #[test]
    fn empty_field_hides_nothing() {
        let field = ObstacleField::default();
        assert!(field.is_empty());
        assert!(field.line_of_sight(DVec3::ZERO, DVec3::splat(1e5)));
        assert_eq!(field.ray(DVec3::ZERO, DVec3::ZERO), None);
    }
}
