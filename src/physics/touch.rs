//! Whether two things touch, and how to part them: one pure question at a time.
//!
//! A vehicle is an upright cylinder as high as it is wide, standing on its position. Whether two
//! things are at the same height is decided in `f64`; contact in the level plane is asked of parry:
//! a shape cast along the way of the last tick, so that nothing tunnels through a thin wall, then
//! the overlap where it ends (Ericson, Real-Time Collision Detection, 2005, §5.5).

use bevy_rapier3d::parry::math::{Pose, Real, Vector};
use bevy_rapier3d::parry::query::{self, ShapeCastOptions, ShapeCastStatus};
use bevy_rapier3d::parry::shape::{Ball, Cuboid, Shape};
use glam::{DMat2, DVec2, DVec3};

use super::frame;

/// The gap left between things that were parted: far above `f32` rounding, far below what anyone
/// sees, m.
pub(super) const SKIN_M: f64 = 0.01;

/// How far from touching a shape cast may end by its own tolerance, m.
const NEAR: Real = 0.1;

/// Who moved less than this since it was last apart did not move, m.
const STILL_M: f64 = 1e-6;

/// A vehicle on its way: an upright cylinder of height `2 radius_m` that stands on its position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cylinder {
    /// Where it was last known apart from everything, m.
    pub(super) from_m: DVec3,
    /// Where it is, m.
    pub(super) now_m: DVec3,
    /// Radius, m.
    pub(super) radius_m: f64,
}

impl Cylinder {
    /// Height of its upper face above its position, m.
    pub(super) fn height_m(&self) -> f64 {
        2.0 * self.radius_m
    }

    /// Whether its whole way lies to one side of a box about the origin.
    fn passes_by(&self, half_m: DVec3) -> bool {
        let reach_m = half_m.truncate() + DVec2::splat(self.radius_m);
        let (low_m, high_m) = (self.from_m.min(self.now_m), self.from_m.max(self.now_m));
        (low_m.truncate().cmpgt(reach_m) | high_m.truncate().cmplt(-reach_m)).any()
            || low_m.z > half_m.z
            || high_m.z + self.height_m() < -half_m.z
    }

    /// Whether part of it was between two heights (m), after the fraction `t` of its way. Within
    /// [`SKIN_M`] it stands on top or hangs below, and passes.
    fn is_level_with(&self, t: f64, low_m: f64, high_m: f64) -> bool {
        let z = self.from_m.z + (self.now_m.z - self.from_m.z) * t;
        z < high_m - SKIN_M && z + self.height_m() > low_m + SKIN_M
    }
}

/// A contact, seen from the first of the two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Touch {
    /// Unit vector away from the other.
    pub(super) normal: DVec3,
    /// How far the first must move along the normal, m.
    pub(super) depth_m: f64,
}

/// An obstacle to run into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wall<'a> {
    /// Centre of the box, m.
    pub(super) centre_m: DVec3,
    /// Half extents in its own frame, m.
    pub(super) half_m: DVec3,
    /// Columns: where its width and its length axis point.
    pub(super) axes: &'a DMat2,
}

impl Wall<'_> {
    /// Whether a vehicle ran into this obstacle, from the side, from above or from below.
    pub(super) fn touch(&self, vehicle: &Cylinder) -> Option<Touch> {
        let turned = |place_m: DVec3| {
            let v = place_m - self.centre_m;
            (self.axes.transpose() * v.truncate()).extend(v.z)
        };
        let own = Cylinder {
            from_m: turned(vehicle.from_m),
            now_m: turned(vehicle.now_m),
            radius_m: vehicle.radius_m,
        };
        let half_m = self.half_m;
        if own.passes_by(half_m) {
            return None;
        }
        // Taller than wide, so that whoever is deep inside leaves through the nearest side wall.
        let tall_m = DVec3::new(half_m.x, half_m.y, 2.0 * (half_m.x + half_m.y));
        let shape = Cuboid::new(frame::vector(tall_m).abs());
        let top_m = half_m.z;
        if own.from_m.z >= top_m - SKIN_M {
            let depth_m = top_m - own.now_m.z;
            return vertical(&shape, &own, DVec3::Z, depth_m);
        }
        if own.from_m.z + own.height_m() <= SKIN_M - half_m.z {
            let depth_m = own.now_m.z + own.height_m() + half_m.z;
            return vertical(&shape, &own, DVec3::NEG_Z, depth_m);
        }
        let touch = level(
            &shape,
            2.0 * half_m.x.min(half_m.y),
            &own,
            (-half_m.z, top_m),
        )?;
        let normal = (*self.axes * touch.normal.truncate()).extend(0.0);
        Some(Touch { normal, ..touch })
    }
}

/// Whether two vehicles ran into each other.
pub(super) fn between(a: &Cylinder, b: &Cylinder) -> Option<Touch> {
    let relative = Cylinder {
        from_m: a.from_m - b.from_m,
        now_m: a.now_m - b.now_m,
        radius_m: a.radius_m,
    };
    let shape = Ball::new(frame::length(b.radius_m));
    level(&shape, b.height_m(), &relative, (0.0, b.height_m()))
}

/// Contact with the upper or lower face of a shape at the origin.
fn vertical(shape: &dyn Shape, own: &Cylinder, normal: DVec3, depth_m: f64) -> Option<Touch> {
    if depth_m <= 0.0 {
        return None;
    }
    overlap(shape, own)?;
    Some(Touch { normal, depth_m })
}

/// Contact in the level plane with a shape at the origin that reaches between two heights (m).
/// Where the vehicle's way in this tick is no longer than itself and the shape's `thickness_m`, it
/// cannot have come through, and only where it is now counts.
fn level(
    shape: &dyn Shape,
    thickness_m: f64,
    own: &Cylinder,
    (low_m, high_m): (f64, f64),
) -> Option<Touch> {
    let now = own
        .is_level_with(1.0, low_m, high_m)
        .then(|| overlap(shape, own))
        .flatten();
    let way_m = (own.now_m - own.from_m).truncate().length();
    if now.is_none() && way_m <= own.height_m() + thickness_m {
        return None;
    }
    swept(shape, own, (low_m, high_m)).or(now)
}

/// Contact on the way: what of the way led into the shape is taken back, the rest slides along it.
fn swept(shape: &dyn Shape, own: &Cylinder, (low_m, high_m): (f64, f64)) -> Option<Touch> {
    let from_m = own.from_m.truncate();
    let way = own.now_m.truncate() - from_m;
    if way.length_squared() < STILL_M * STILL_M {
        return None;
    }
    let options = ShapeCastOptions {
        max_time_of_impact: 1.0,
        stop_at_penetration: false,
        ..ShapeCastOptions::default()
    };
    let ball = Ball::new(frame::length(own.radius_m));
    let hit = query::cast_shapes(
        &Pose::IDENTITY,
        Vector::ZERO,
        shape,
        &place(from_m),
        frame::level(way),
        &ball,
        options,
    )
    .expect("parry casts balls against balls and cuboids")?;
    let t = f64::from(hit.time_of_impact);
    let already = hit.status == ShapeCastStatus::PenetratingOrWithinTargetDist;
    if already || !own.is_level_with(t, low_m, high_m) {
        return None;
    }
    // The cast's own normal is iterated and good to 1e-4 only; the closest point is closed-form.
    let met = query::contact(
        &Pose::IDENTITY,
        shape,
        &place(from_m + way * t),
        &ball,
        NEAR,
    )
    .expect("parry knows contact of balls with balls and cuboids")?;
    let normal = frame::bearing_of(met.normal1)?;
    let depth_m = SKIN_M - f64::from(met.dist) - (way * (1.0 - t)).dot(normal);
    (depth_m > 0.0).then_some(Touch {
        normal: normal.extend(0.0),
        depth_m,
    })
}

/// Overlap at the end of the way.
fn overlap(shape: &dyn Shape, own: &Cylinder) -> Option<Touch> {
    let ball = Ball::new(frame::length(own.radius_m));
    let contact = query::contact(
        &Pose::IDENTITY,
        shape,
        &place(own.now_m.truncate()),
        &ball,
        0.0,
    )
    .expect("parry knows contact of balls with balls and cuboids")?;
    let normal = frame::bearing_of(contact.normal1).unwrap_or(DVec2::X);
    Some(Touch {
        normal: normal.extend(0.0),
        depth_m: SKIN_M - f64::from(contact.dist),
    })
}

/// The pose of something upright in the level plane.
fn place(en_m: DVec2) -> Pose {
    Pose::from_translation(frame::level(en_m))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vehicle of 1 m radius that went from one place to another on level ground.
    fn moved(from: (f64, f64), now: (f64, f64)) -> Cylinder {
        Cylinder {
            from_m: DVec3::new(from.0, from.1, 0.0),
            now_m: DVec3::new(now.0, now.1, 0.0),
            radius_m: 1.0,
        }
    }

    /// A wall 0.2 m thin across the x axis, 20 m long, 10 m high, from the ground up.
    fn thin_wall(axes: &DMat2) -> Wall<'_> {
        Wall {
            centre_m: DVec3::new(0.0, 0.0, 5.0),
            half_m: DVec3::new(0.1, 10.0, 5.0),
            axes,
        }
    }

    #[test]
    fn overlap_of_discs_is_the_sum_of_radii_less_the_distance() {
        let (a, b) = (moved((0.0, 0.0), (0.0, 0.0)), moved((1.5, 0.0), (1.5, 0.0)));
        let touch = between(&a, &b).unwrap();
        assert!((touch.normal - DVec3::NEG_X).length() < 1e-6);
        assert!((touch.depth_m - (0.5 + SKIN_M)).abs() < 1e-6);
        let far = moved((2.001, 0.0), (2.001, 0.0));
        assert!(between(&a, &far).is_none());
    }

    #[test]
    fn vehicles_that_passed_through_each_other_in_one_tick_have_met() {
        let (a, b) = (
            moved((-5.0, 0.0), (5.0, 0.0)),
            moved((5.0, 0.0), (-5.0, 0.0)),
        );
        let touch = between(&a, &b).unwrap();
        // They meet 2 m apart after 8 of 20 m of relative way: 12 m are taken back.
        assert!(
            (touch.depth_m - (12.0 + SKIN_M)).abs() < 1e-4,
            "{}",
            touch.depth_m
        );
        assert!((touch.normal - DVec3::NEG_X).length() < 1e-6);
    }

    #[test]
    fn thin_wall_stops_a_fast_vehicle_and_lets_it_slide() {
        let vehicle = moved((-3.0, 0.0), (3.0, 2.0));
        let touch = thin_wall(&DMat2::IDENTITY).touch(&vehicle).unwrap();
        let ends_m = vehicle.now_m + touch.normal * touch.depth_m;
        assert!((ends_m.x - (-1.1 - SKIN_M)).abs() < 1e-4, "{ends_m}");
        assert!((ends_m.y - 2.0).abs() < 1e-4, "{ends_m}");
    }

    #[test]
    fn height_decides_who_can_touch() {
        let wall = thin_wall(&DMat2::IDENTITY);
        let mut flyer = moved((-3.0, 0.0), (0.0, 0.0));
        (flyer.from_m.z, flyer.now_m.z) = (10.5, 10.5);
        assert!(wall.touch(&flyer).is_none(), "over the roof");
        flyer.now_m.z = 9.0;
        let landing = wall.touch(&flyer).unwrap();
        assert_eq!(landing.normal, DVec3::Z);
        assert!((landing.depth_m - 1.0).abs() < 1e-9);
        let truck = moved((0.0, 0.0), (0.0, 0.0));
        assert!(between(&flyer, &truck).is_none(), "over a truck");
        (flyer.from_m.z, flyer.now_m.z) = (-3.0, -1.5);
        assert_eq!(
            wall.touch(&flyer).unwrap().normal,
            DVec3::NEG_Z,
            "from below"
        );
    }
}
