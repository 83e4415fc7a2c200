//! Places in a formation relative to its leader.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::kernel::math;
use crate::platform::kinematics::Demand;

/// Gain of the slot error, 1/s: a vehicle closes its gap with this rate. Notional.
const CLOSING_RATE_PER_S: f64 = 0.2;

/// Shape of a formation. The leader, or the first member, has place 0 at the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Formation {
    /// Abreast, alternately right and left of the leader.
    Line,
    /// One behind the other.
    Column,
    /// Alternately to the right and left rear.
    Wedge,
    /// On a circle about the leader.
    Circle,
    /// Ranks behind the leader, as square as the number allows.
    Grid,
}

impl Formation {
    /// Place of one member of `count`, m: x to the right of the leader, y ahead of it.
    #[must_use]
    pub fn slot(self, index: u32, count: u32, spacing_m: f64) -> DVec2 {
        debug_assert!(index < count.max(1) && spacing_m >= 0.0);
        if index == 0 {
            return DVec2::ZERO;
        }
        let rank = f64::from(index.div_ceil(2));
        let side = if index % 2 == 1 { 1.0 } else { -1.0 };
        match self {
            Self::Line => DVec2::new(side * rank, 0.0) * spacing_m,
            Self::Column => DVec2::new(0.0, -f64::from(index)) * spacing_m,
            Self::Wedge => DVec2::new(side * rank, -rank) * spacing_m,
            Self::Circle => {
                let others = f64::from(count.saturating_sub(1).max(1));
                // Neighbours on the circle are a spacing apart, and so is the leader at least.
                let chord = 2.0 * math::sin(math::PI / others.max(2.0));
                let radius_m = spacing_m * (1.0 / chord).max(1.0);
                let (sin, cos) = math::sincos(math::TAU * f64::from(index - 1) / others);
                DVec2::new(sin, cos) * radius_m
            }
            Self::Grid => {
                let files = count.isqrt() + u32::from(count.isqrt().pow(2) < count);
                let (file, row) = (index % files, index / files);
                DVec2::new(f64::from(file), -f64::from(row)) * spacing_m
            }
        }
    }
}

/// Position of a slot over ground, m, for a leader at a position with a heading, rad.
#[must_use]
pub fn slot_position(leader: DVec2, heading_rad: f64, slot: DVec2) -> DVec2 {
    let (sin, cos) = math::sincos(heading_rad);
    leader + DVec2::new(cos, -sin) * slot.x + DVec2::new(sin, cos) * slot.y
}

/// Demand that holds a slot: the leader's velocity plus a share of the gap, at most `speed_max_m_s`.
#[must_use]
pub fn slot_demand(
    (leader, leader_velocity, leader_heading_rad): (DVec2, DVec2, f64),
    slot: DVec2,
    position: DVec2,
    speed_max_m_s: f64,
    altitude_m: f64,
) -> Demand {
    let gap = slot_position(leader, leader_heading_rad, slot) - position;
    let wanted = leader_velocity + gap * CLOSING_RATE_PER_S;
    Demand::from_velocity(wanted.clamp_length_max(speed_max_m_s), altitude_m)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Formation; 5] = [
        Formation::Line,
        Formation::Column,
        Formation::Wedge,
        Formation::Circle,
        Formation::Grid,
    ];

    #[test]
    fn members_are_at_least_a_spacing_apart() {
        for shape in ALL {
            for count in 1..30 {
                let slots: Vec<DVec2> = (0..count).map(|i| shape.slot(i, count, 10.0)).collect();
                assert_eq!(slots[0], DVec2::ZERO);
                for (i, a) in slots.iter().enumerate() {
                    for b in &slots[..i] {
                        assert!(a.distance(*b) > 10.0 - 1e-9, "{shape:?} of {count}");
                    }
                }
            }
        }
    }

    #[test]
    fn slots_turn_with_the_leader() {
        // Heading east, "right" is south and "behind" is west.
        let at = slot_position(
            DVec2::new(5.0, 5.0),
            math::PI / 2.0,
            DVec2::new(10.0, -20.0),
        );
        assert!(at.distance(DVec2::new(-15.0, -5.0)) < 1e-12);
    }

    #[test]
    fn a_follower_closes_on_its_slot_of_a_moving_leader() {
        let velocity = DVec2::new(4.0, 3.0);
        let heading_rad = math::bearing(4.0, 3.0);
        let slot = Formation::Wedge.slot(2, 5, 15.0);
        let (mut leader, mut follower) = (DVec2::ZERO, DVec2::new(100.0, -40.0));
        for _ in 0..600 {
            let demand = slot_demand((leader, velocity, heading_rad), slot, follower, 12.0, 0.0);
            assert!(demand.speed_m_s <= 12.0 + 1e-9);
            follower += demand.velocity() * 0.1;
            leader += velocity * 0.1;
        }
        assert!(slot_position(leader, heading_rad, slot).distance(follower) < 0.01);
    }
}
