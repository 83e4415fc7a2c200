//! Flocking by separation, alignment and cohesion.
//!
//! Reynolds 1987, "Flocks, herds and schools: a distributed behavioral model", SIGGRAPH.

use glam::DVec2;
use serde::{Deserialize, Serialize};

/// What a member of the flock knows of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mate {
    /// Position, m.
    pub position: DVec2,
    /// Velocity over ground, m/s.
    pub velocity: DVec2,
}

/// Weights and radii of the three rules.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flocking {
    /// Distance within which others are kept off, m.
    pub separation_m: f64,
    /// Distance within which others count, m.
    pub neighbourhood_m: f64,
    /// Weight of separation, m/s² at contact.
    pub separation_weight: f64,
    /// Weight of alignment, 1/s.
    pub alignment_weight: f64,
    /// Weight of cohesion, 1/s².
    pub cohesion_weight: f64,
}

impl Flocking {
    /// Weights that settle in about ten seconds for a spacing, m. Notional.
    #[must_use]
    pub const fn for_spacing(spacing_m: f64) -> Self {
        Self {
            separation_m: spacing_m,
            neighbourhood_m: 4.0 * spacing_m,
            separation_weight: 2.0,
            alignment_weight: 0.5,
            cohesion_weight: 0.01,
        }
    }

    /// Steering acceleration of one member among the others, m/s². Sums in the order given.
    #[must_use]
    pub fn steer(&self, own: &Mate, others: &[Mate]) -> DVec2 {
        let mut away = DVec2::ZERO;
        let mut velocity = DVec2::ZERO;
        let mut centre = DVec2::ZERO;
        let mut seen = 0.0;
        for other in others {
            let gap = own.position - other.position;
            let distance_m = gap.length();
            if distance_m > self.neighbourhood_m {
                continue;
            }
            seen += 1.0;
            velocity += other.velocity;
            centre += other.position;
            if distance_m < self.separation_m && distance_m > 0.0 {
                away += gap * ((1.0 - distance_m / self.separation_m) / distance_m);
            }
        }
        if seen <= 0.0 {
            return DVec2::ZERO;
        }
        away * self.separation_weight
            + (velocity / seen - own.velocity) * self.alignment_weight
            + (centre / seen - own.position) * self.cohesion_weight
    }
}

/// Alignment order parameter, 0 (all ways) to 1 (one way): length of the mean of the unit velocities
/// (Vicsek et al. 1995, eq. 3). Members at rest do not count; an empty flock has 1.
#[must_use]
pub fn order_parameter(velocities: impl Iterator<Item = DVec2>) -> f64 {
    let mut sum = DVec2::ZERO;
    let mut count = 0.0;
    for velocity in velocities {
        if let Some(way) = velocity.try_normalize() {
            sum += way;
            count += 1.0;
        }
    }
    if count > 0.0 {
        sum.length() / count
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::math;

    #[test]
    fn a_scattered_flock_comes_to_fly_one_way_without_touching() {
        let rules = Flocking::for_spacing(10.0);
        let mut flock: Vec<Mate> = (0..25_u32)
            .map(|i| {
                let (sin, cos) = math::sincos(2.4 * f64::from(i));
                let radius = 6.0 * f64::from(i).sqrt();
                let (s, c) = math::sincos(1.7 * f64::from(i * i));
                Mate {
                    position: DVec2::new(sin, cos) * radius,
                    velocity: DVec2::new(5.0 * s + 1.0, 5.0 * c),
                }
            })
            .collect();
        let before = order_parameter(flock.iter().map(|m| m.velocity));
        let mut nearest_m = f64::INFINITY;
        for step in 0..1200 {
            let pushes: Vec<DVec2> = (0..flock.len())
                .map(|i| {
                    let mut others = flock.clone();
                    let own = others.remove(i);
                    rules.steer(&own, &others)
                })
                .collect();
            for (mate, push) in flock.iter_mut().zip(pushes) {
                mate.velocity += push * 0.1;
                mate.position += mate.velocity * 0.1;
            }
            for (i, a) in flock.iter().enumerate().filter(|_| step > 200) {
                for b in &flock[..i] {
                    nearest_m = nearest_m.min(a.position.distance(b.position));
                }
            }
        }
        let after = order_parameter(flock.iter().map(|m| m.velocity));
        assert!(before < 0.5 && after > 0.999, "{before} {after}");
        assert!(nearest_m > 2.0, "{nearest_m}");
    }

    #[test]
    fn opposite_ways_cancel() {
        assert!(order_parameter([DVec2::X, DVec2::NEG_X].into_iter()) < 1e-12);
        assert!((order_parameter([DVec2::ZERO, DVec2::Y].into_iter()) - 1.0).abs() < 1e-12);
    }
}
