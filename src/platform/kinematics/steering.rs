//! Arithmetic that the kinds share: speed ramps, arcs, and the triangle of course and drift.
//!
//! Within a step everything is integrated in closed form, so that a run hardly depends on the tick.

use glam::DVec2;

use crate::kernel::math;

/// Below this sine of the heading error, about 1e-9 rad, a vehicle is on its heading.
const ALIGNED: f64 = 1e-9;

/// Result of a ramp of one quantity towards a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ramp {
    /// Value at the end of the step.
    pub(super) end: f64,
    /// Mean over the step.
    pub(super) mean: f64,
}

/// Moves `from` towards `to` by at most `rate` per second for `dt_s` and holds it there.
pub(super) fn ramp(from: f64, to: f64, rate: f64, dt_s: f64) -> Ramp {
    let change = to - from;
    let reach = rate * dt_s;
    if change.abs() > reach {
        let end = from + reach * change.signum();
        return Ramp {
            end,
            mean: 0.5 * (from + end),
        };
    }
    // The ramp takes `change / rate`; the rest of the step runs at the target.
    let ramp_share = if reach > 0.0 {
        change.abs() / reach
    } else {
        0.0
    };
    Ramp {
        end: to,
        mean: to - 0.5 * change * ramp_share,
    }
}

/// Moves a vector towards a target by at most `rate` per second; returns (end, mean).
pub(super) fn ramp_vector(from: DVec2, to: DVec2, rate: f64, dt_s: f64) -> (DVec2, DVec2) {
    let change = to - from;
    let size = change.length();
    let reach = rate * dt_s;
    if size > reach {
        let end = from + change * (reach / size);
        return (end, 0.5 * (from + end));
    }
    let ramp_share = if reach > 0.0 { size / reach } else { 0.0 };
    (to, to - change * (0.5 * ramp_share))
}

/// Unit vector (east, north) of a heading, rad.
pub(super) fn unit(heading_rad: f64) -> DVec2 {
    let (sin, cos) = math::sincos(heading_rad);
    DVec2::new(sin, cos)
}

/// Result of a turn during one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Turn {
    /// Heading at the end, rad in [0, 2π).
    pub(super) heading_rad: f64,
    /// Unit vector of that heading.
    pub(super) facing: DVec2,
    /// Displacement per unit of speed, s.
    pub(super) path: DVec2,
    /// Mean rate of turn, rad/s, positive to the right.
    pub(super) rate_rad_s: f64,
}

/// Turns towards `desired` (any length, zero keeps the heading) at no more than `max_rate_rad_s`:
/// an arc, then a straight.
pub(super) fn turn(heading_rad: f64, desired: DVec2, max_rate_rad_s: f64, dt_s: f64) -> Turn {
    let facing = unit(heading_rad);
    // Positive to the right: headings run clockwise.
    let cross = desired.x * facing.y - desired.y * facing.x;
    let dot = desired.dot(facing);
    let straight = Turn {
        heading_rad,
        facing,
        path: facing * dt_s,
        rate_rad_s: 0.0,
    };
    let scale = desired.length();
    if dot > 0.0 && cross.abs() <= ALIGNED * scale || scale <= 0.0 || max_rate_rad_s <= 0.0 {
        return straight;
    }
    let error = math::atan2(cross, dot);
    let reach = max_rate_rad_s * dt_s;
    let change = error.clamp(-reach, reach);
    let arc_s = dt_s.min(error.abs() / max_rate_rad_s);
    let (half_sin, half_cos) = math::sincos(0.5 * change);
    let middle = rotate(facing, half_sin, half_cos);
    let end = rotate(middle, half_sin, half_cos);
    let chord = 2.0 * half_sin / change;
    Turn {
        heading_rad: math::wrap_tau(heading_rad + change),
        facing: end,
        path: middle * (arc_s * chord) + end * (dt_s - arc_s),
        rate_rad_s: change / dt_s,
    }
}

/// Turns a vector clockwise by the angle of the given sine and cosine.
fn rotate(vector: DVec2, sin: f64, cos: f64) -> DVec2 {
    DVec2::new(
        vector.x * cos + vector.y * sin,
        vector.y * cos - vector.x * sin,
    )
}

/// The wind triangle: the velocity through a medium, of exactly `speed` m/s, whose sum with the
/// drift of the medium lies along `direction`. If the drift across is too strong, points against it
/// as far as the speed goes and flags it.
pub(super) fn triangle(direction: DVec2, speed: f64, drift: DVec2) -> (DVec2, bool) {
    let along_drift = drift.dot(direction);
    let across = drift - direction * along_drift;
    let rest = speed * speed - across.length_squared();
    if rest <= 0.0 {
        return (-across.normalize_or_zero() * speed, false);
    }
    let along = rest.sqrt();
    (direction * along - across, along + along_drift > 0.0)
}

/// The velocity through a medium that makes good `wanted` over ground, limited to `max_speed`;
/// where the limit bites, the course has precedence over the speed. False: not made good at all.
pub(super) fn make_good(
    direction: DVec2,
    speed: f64,
    drift: DVec2,
    max_speed: f64,
) -> (DVec2, bool) {
    let through = direction * speed - drift;
    if through.length_squared() <= max_speed * max_speed {
        return (through, true);
    }
    if speed <= 0.0 {
        return (through.normalize_or_zero() * max_speed, false);
    }
    triangle(direction, max_speed, drift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_covers_the_distance_of_its_closed_form() {
        // 2 m/s² from 0 to 1 m/s in 0.5 s, then 0.5 s at 1 m/s: 0.25 m + 0.5 m.
        let whole = ramp(0.0, 1.0, 2.0, 1.0);
        assert!((whole.mean - 0.75).abs() < 1e-12 && (whole.end - 1.0).abs() < 1e-12);
        let (end, mean) = ramp_vector(DVec2::ZERO, DVec2::X, 2.0, 1.0);
        assert!((mean.x - 0.75).abs() < 1e-12 && (end.x - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_turn_of_one_step_equals_many_small_ones() {
        let desired = unit(2.0);
        let once = turn(0.5, desired, 0.8, 1.6);
        let mut heading = 0.5;
        let mut path = DVec2::ZERO;
        for _ in 0..1600 {
            let part = turn(heading, desired, 0.8, 0.001);
            heading = part.heading_rad;
            path += part.path;
        }
        assert!((once.heading_rad - heading).abs() < 1e-9);
        assert!((once.path - path).length() < 1e-6, "{} {path}", once.path);
    }

    #[test]
    fn turns_take_the_short_way() {
        assert!(turn(0.1, unit(6.2), 1.0, 0.05).rate_rad_s < 0.0);
        assert!(turn(6.2, unit(0.1), 1.0, 0.05).rate_rad_s > 0.0);
    }

    #[test]
    fn the_triangle_keeps_the_course_over_ground() {
        // 20 m/s of air, 10 m/s from the west, course north: 17.32 m/s over ground.
        let (through, made) = triangle(DVec2::Y, 20.0, DVec2::new(10.0, 0.0));
        let ground = through + DVec2::new(10.0, 0.0);
        assert!(made && ground.x.abs() < 1e-12);
        assert!((ground.y - 300.0_f64.sqrt()).abs() < 1e-12);
        assert!(!triangle(DVec2::Y, 5.0, DVec2::new(10.0, 0.0)).1);
    }
}
