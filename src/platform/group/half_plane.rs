//! Linear programmes in two dimensions over half-planes inside a disc.
//!
//! Incremental algorithm of de Berg et al. 2008, "Computational Geometry", ch. 4, as van den Berg et
//! al. 2011 use it, in the order of the constraints given: no random order, so that a run repeats.

use glam::DVec2;

/// Below this the lines count as parallel.
const PARALLEL: f64 = 1e-9;

/// Permitted velocities: those to the left of a directed line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct HalfPlane {
    /// A point of the line, m/s.
    pub(super) point: DVec2,
    /// Direction of the line, a unit vector.
    pub(super) direction: DVec2,
}

impl HalfPlane {
    /// Whether it permits a velocity.
    pub(super) fn permits(&self, velocity: DVec2) -> bool {
        self.excess(velocity) <= 0.0
    }

    /// How far a velocity lies outside, m/s; negative inside.
    fn excess(&self, velocity: DVec2) -> f64 {
        self.direction.perp_dot(self.point - velocity)
    }
}

/// What a programme optimises.
#[derive(Clone, Copy)]
enum Aim {
    /// Nearest to this velocity.
    Near(DVec2),
    /// Farthest in this direction.
    Along(DVec2),
}

/// Velocity nearest to `preferred` within `speed_max` that all half-planes permit; if there is none,
/// the one that violates the worst of them least.
pub(super) fn solve(
    planes: &[HalfPlane],
    preferred: DVec2,
    speed_max: f64,
    scratch: &mut Vec<HalfPlane>,
) -> DVec2 {
    let start = preferred.clamp_length_max(speed_max);
    match optimise(planes, Aim::Near(preferred), start, speed_max) {
        Ok(velocity) => velocity,
        Err((failed, velocity)) => least_violation(planes, failed, velocity, speed_max, scratch),
    }
}

/// Two-dimensional programme; on failure, the index of the first plane that leaves nothing and the
/// optimum of those before it.
fn optimise(
    planes: &[HalfPlane],
    aim: Aim,
    start: DVec2,
    speed_max: f64,
) -> Result<DVec2, (usize, DVec2)> {
    let mut best = start;
    for (index, plane) in planes.iter().enumerate() {
        if plane.excess(best) > 0.0 {
            best = on_line(&planes[..index], plane, aim, speed_max).ok_or((index, best))?;
        }
    }
    Ok(best)
}

/// The best point on the border of `plane` that `others` and the disc permit.
fn on_line(others: &[HalfPlane], plane: &HalfPlane, aim: Aim, speed_max: f64) -> Option<DVec2> {
    let nearest = plane.point.dot(plane.direction);
    let room = nearest * nearest + speed_max * speed_max - plane.point.length_squared();
    if room < 0.0 {
        return None;
    }
    let mut low = -nearest - room.sqrt();
    let mut high = -nearest + room.sqrt();
    for other in others {
        let across = plane.direction.perp_dot(other.direction);
        let along = other.direction.perp_dot(plane.point - other.point);
        if across.abs() <= PARALLEL {
            if along < 0.0 {
                return None;
            }
            continue;
        }
        let crossing = along / across;
        if across >= 0.0 {
            high = high.min(crossing);
        } else {
            low = low.max(crossing);
        }
        if low > high {
            return None;
        }
    }
    let at = match aim {
        Aim::Near(velocity) => plane.direction.dot(velocity - plane.point).clamp(low, high),
        Aim::Along(way) => {
            if plane.direction.dot(way) > 0.0 {
                high
            } else {
                low
            }
        }
    };
    Some(plane.point + plane.direction * at)
}

/// Least greatest violation from plane `first` on (van den Berg et al. 2011, §5.3: the third
/// dimension of the programme is the violation).
fn least_violation(
    planes: &[HalfPlane],
    first: usize,
    start: DVec2,
    speed_max: f64,
    scratch: &mut Vec<HalfPlane>,
) -> DVec2 {
    let mut best = start;
    let mut violation = 0.0;
    for (index, plane) in planes.iter().enumerate().skip(first) {
        if plane.excess(best) <= violation {
            continue;
        }
        scratch.clear();
        for other in &planes[..index] {
            let across = plane.direction.perp_dot(other.direction);
            let point = if across.abs() <= PARALLEL {
                if plane.direction.dot(other.direction) > 0.0 {
                    continue;
                }
                0.5 * (plane.point + other.point)
            } else {
                let at = other.direction.perp_dot(plane.point - other.point) / across;
                plane.point + plane.direction * at
            };
            // Anti-parallel borders of different agents cannot coincide with zero difference.
            let direction = (other.direction - plane.direction).normalize_or_zero();
            scratch.push(HalfPlane { point, direction });
        }
        let inward = plane.direction.perp();
        if let Ok(found) = optimise(scratch, Aim::Along(inward), inward * speed_max, speed_max) {
            best = found;
        }
        violation = plane.excess(best);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Permits velocities on the side of `inward` of a point.
    fn plane(point: DVec2, inward: DVec2) -> HalfPlane {
        HalfPlane {
            point,
            direction: -inward.perp(),
        }
    }

    #[test]
    fn the_nearest_permitted_velocity_is_found() {
        let planes = [
            plane(DVec2::new(0.5, 0.0), DVec2::NEG_X),
            plane(DVec2::ZERO, DVec2::NEG_Y),
        ];
        let got = solve(&planes, DVec2::new(1.0, 0.4), 2.0, &mut Vec::new());
        assert!(got.distance(DVec2::new(0.5, 0.0)) < 1e-12, "{got}");
        let fast = solve(&[], DVec2::new(3.0, 4.0), 2.5, &mut Vec::new());
        assert!(fast.distance(DVec2::new(1.5, 2.0)) < 1e-12);
    }

    #[test]
    fn contradicting_planes_are_violated_evenly() {
        let planes = [
            plane(DVec2::new(1.0, 0.0), DVec2::X),
            plane(DVec2::new(-0.6, 0.0), DVec2::NEG_X),
        ];
        let got = solve(&planes, DVec2::ZERO, 3.0, &mut Vec::new());
        assert!((got.x - 0.2).abs() < 1e-9, "{got}");
    }
}
