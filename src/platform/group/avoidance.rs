//! Optimal reciprocal collision avoidance in the plane.
//!
//! van den Berg, Guy, Lin, Manocha 2011, "Reciprocal n-body collision avoidance", ISRR 2009 (Springer
//! STAR 70), §4 and §5. Each agent takes its share of the way out, and all choose at once. The method
//! assumes agents that can take up a velocity at once: give slow turners a larger radius.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::half_plane::{HalfPlane, solve};
use crate::kernel::math;

/// Greatest share of the preferred velocity that is added to the right of it where a crowd forbids it;
/// each agent has its own. Perfectly symmetric crowds would block one another for ever; the authors'
/// RVO2 library perturbs at random, a rule of the road by id repeats. A pair needs none. Notional: the
/// least of 0.2, 0.4, 0.7, 1.0 that never jammed with 6 to 30 agents and horizons of 2 to 10 s.
const KEEP_RIGHT: f64 = 1.0;

/// Radii are taken larger by this share, since the programme yields a little where it has no solution
/// (2 % at most in the runs above). Notional.
const RADIUS_MARGIN: f64 = 0.05;

/// What avoidance knows of an agent, oneself or another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agent {
    /// Stable number: breaks the symmetry of agents in the same place.
    pub id: u64,
    /// Position, m.
    pub position: DVec2,
    /// Velocity over ground, m/s.
    pub velocity: DVec2,
    /// Radius to keep free, m.
    pub radius_m: f64,
    /// Whether it takes part; others get no share of the way out.
    pub yields: bool,
}

/// Settings and scratch memory; one per system, reused for all agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Avoidance {
    /// Time for which no collision may come about, s.
    pub horizon_s: f64,
    /// Greatest number of others heeded, the nearest first.
    pub neighbours_max: usize,
    /// Distance beyond which others are not heeded, m.
    pub neighbour_distance_m: f64,
    /// Others sorted by distance: (squared distance, id, index).
    #[serde(skip)]
    near: Vec<(f64, u64, usize)>,
    /// Constraints of the agent being served.
    #[serde(skip)]
    planes: Vec<HalfPlane>,
    /// Memory of the programme.
    #[serde(skip)]
    scratch: Vec<HalfPlane>,
}

impl Avoidance {
    /// With a horizon, s, a number of neighbours and the distance, m, at which they are heeded.
    #[must_use]
    pub const fn new(horizon_s: f64, neighbours_max: usize, neighbour_distance_m: f64) -> Self {
        Self {
            horizon_s,
            neighbours_max,
            neighbour_distance_m,
            near: Vec::new(),
            planes: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// The velocity nearest to `preferred`, m/s, at most `speed_max_m_s`, that keeps clear of the
    /// others for the horizon, taking up in `dt_s`. Others with the agent's own id are skipped.
    pub fn velocity(
        &mut self,
        own: &Agent,
        preferred: DVec2,
        speed_max_m_s: f64,
        others: &[Agent],
        dt_s: f64,
    ) -> DVec2 {
        self.constrain(own, others, dt_s, 1.0 + RADIUS_MARGIN);
        let wanted = if self.crowd_forbids(preferred) {
            preferred - preferred.perp() * (KEEP_RIGHT * individual(own.id))
        } else {
            preferred
        };
        solve(&self.planes, wanted, speed_max_m_s, &mut self.scratch)
    }

    /// Makes the half-planes of the nearest others, with radii times `margin`.
    fn constrain(&mut self, own: &Agent, others: &[Agent], dt_s: f64, margin: f64) {
        self.select(own, others);
        self.planes.clear();
        for &(_, _, index) in &self.near {
            let plane = constraint(own, &others[index], self.horizon_s, dt_s, margin);
            self.planes.push(plane);
        }
    }

    /// Whether a crowd, more than one other, forbids the preferred velocity.
    fn crowd_forbids(&self, preferred: DVec2) -> bool {
        self.planes.len() > 1 && self.planes.iter().any(|plane| !plane.permits(preferred))
    }

    /// Picks the nearest others; ties by id, so that the order given does not matter.
    fn select(&mut self, own: &Agent, others: &[Agent]) {
        self.near.clear();
        let limit = self.neighbour_distance_m * self.neighbour_distance_m;
        for (index, other) in others.iter().enumerate() {
            let squared = own.position.distance_squared(other.position);
            if other.id != own.id && squared <= limit {
                self.near.push((squared, other.id, index));
            }
        }
        let order =
            |a: &(f64, u64, usize), b: &(f64, u64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if self.near.len() > self.neighbours_max && self.neighbours_max > 0 {
            self.near
                .select_nth_unstable_by(self.neighbours_max - 1, order);
        }
        self.near.truncate(self.neighbours_max);
        self.near.sort_unstable_by(order);
    }
}

/// The half-plane of permitted velocities that one neighbour leaves (§4.2, fig. 2 and 3).
fn constraint(own: &Agent, other: &Agent, horizon_s: f64, dt_s: f64, margin: f64) -> HalfPlane {
    let apart = separation(own, other);
    let closing = own.velocity - other.velocity;
    let radius = (own.radius_m + other.radius_m) * margin;
    let squared = apart.length_squared();
    let (direction, out) = if squared > radius * radius {
        let from_cutoff = closing - apart / horizon_s;
        let towards = from_cutoff.dot(apart);
        if towards < 0.0 && towards * towards > radius * radius * from_cutoff.length_squared() {
            out_of_disc(from_cutoff, apart, radius / horizon_s)
        } else {
            out_of_cone(closing, from_cutoff, apart, radius)
        }
    } else {
        // Already touching: out within this step.
        out_of_disc(closing - apart / dt_s, apart, radius / dt_s)
    };
    let share = if other.yields { 0.5 } else { 1.0 };
    HalfPlane {
        point: own.velocity + out * share,
        direction,
    }
}

/// A number from 0 to 1 that differs from id to id.
fn individual(id: u64) -> f64 {
    let turns = math::GOLDEN_SHARE * f64::from(u32::try_from(id % 65_536).unwrap_or(0));
    turns - turns.floor()
}

/// An angle, rad, that spreads numbers evenly about the circle.
fn spread_rad(number: u64) -> f64 {
    math::GOLDEN_ANGLE_RAD * f64::from(u32::try_from(number).unwrap_or(0))
}

/// Vector to the other; agents in the same place are moved apart along a line that both compute alike
/// from their ids.
fn separation(own: &Agent, other: &Agent) -> DVec2 {
    let apart = other.position - own.position;
    if apart != DVec2::ZERO {
        return apart;
    }
    let (low, high) = (own.id.min(other.id), own.id.max(other.id));
    let (sin, cos) = math::sincos(spread_rad((low % 1024) * 31 + high % 1024));
    let sign = if own.id < other.id { 1.0 } else { -1.0 };
    DVec2::new(sin, cos) * (sign * 1e-3 * (own.radius_m + other.radius_m).max(1e-3))
}

/// Way out of the disc that cuts the cone off at the horizon.
fn out_of_disc(from_centre: DVec2, apart: DVec2, radius: f64) -> (DVec2, DVec2) {
    let distance = from_centre.length();
    let unit = if distance > 0.0 {
        from_centre / distance
    } else {
        -apart.normalize_or_zero()
    };
    (-unit.perp(), unit * (radius - distance))
}

/// Way out over the nearer leg of the cone of colliding velocities.
fn out_of_cone(closing: DVec2, from_cutoff: DVec2, apart: DVec2, radius: f64) -> (DVec2, DVec2) {
    let squared = apart.length_squared();
    let leg = (squared - radius * radius).sqrt();
    let direction = if apart.perp_dot(from_cutoff) > 0.0 {
        DVec2::new(
            apart.x * leg - apart.y * radius,
            apart.x * radius + apart.y * leg,
        ) / squared
    } else {
        -DVec2::new(
            apart.x * leg + apart.y * radius,
            apart.y * leg - apart.x * radius,
        ) / squared
    };
    (direction, direction * closing.dot(direction) - closing)
}

#[cfg(test)]
#[path = "avoidance_tests.rs"]
mod tests;
