//! How much of a message is left when somebody passed it on. See [`Detail`].

use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

/// Step of a position in a format of fixed fields, m (notional, 1 to 20: the order of tactical data
/// formats with a couple of dozen bits for a latitude).
const FIXED_POSITION_M: f64 = 10.0;

/// Step of a velocity in such a format, m/s (notional, 0.5 to 2).
const FIXED_VELOCITY_M_S: f64 = 1.0;

/// Step of a six-figure grid reference, m.
const GRID_M: f64 = 100.0;

/// How much of a message is left when it was handed over between services.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Detail {
    /// All of it.
    #[default]
    Full,
    /// What a format of fixed fields holds: numbers in steps.
    Rounded,
    /// What a person says by voice: a six-figure grid reference, no picture.
    Spoken,
}

impl Detail {
    /// Step of a position, m; zero where nothing is rounded.
    #[must_use]
    pub fn position_step_m(self) -> f64 {
        match self {
            Self::Full => 0.0,
            Self::Rounded => FIXED_POSITION_M,
            Self::Spoken => GRID_M,
        }
    }

    /// Step of a velocity, m/s; zero where nothing is rounded. Voice says nothing of velocities, or
    /// says them as they are.
    #[must_use]
    pub fn velocity_step_m_s(self) -> f64 {
        match self {
            Self::Full | Self::Spoken => 0.0,
            Self::Rounded => FIXED_VELOCITY_M_S,
        }
    }

    /// A position as it is passed on, m.
    #[must_use]
    pub fn place(self, position_m: DVec3) -> DVec3 {
        let step_m = self.position_step_m();
        if step_m > 0.0 {
            (position_m / step_m).round() * step_m
        } else {
            position_m
        }
    }

    /// A horizontal position as it is passed on, m.
    #[must_use]
    pub fn spot(self, position_m: DVec2) -> DVec2 {
        self.place(position_m.extend(0.0)).truncate()
    }

    /// A velocity as it is passed on, m/s.
    #[must_use]
    pub fn velocity(self, velocity_m_s: DVec3) -> DVec3 {
        let step_m_s = self.velocity_step_m_s();
        if step_m_s > 0.0 {
            (velocity_m_s / step_m_s).round() * step_m_s
        } else {
            velocity_m_s
        }
    }
}

/// Standard deviation that rounding to a step adds: even over the step, so step / √12.
#[must_use]
pub fn rounding_sigma(step: f64) -> f64 {
    step / 12.0_f64.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_less_detail_the_coarser_the_place() {
        let place = DVec3::new(1234.4, -567.8, 91.0);
        assert_eq!(Detail::Full.place(place), place);
        assert_eq!(
            Detail::Rounded.place(place),
            DVec3::new(1230.0, -570.0, 90.0)
        );
        assert_eq!(
            Detail::Spoken.place(place),
            DVec3::new(1200.0, -600.0, 100.0)
        );
        let velocity = DVec3::new(3.4, -0.6, 0.0);
        assert_eq!(Detail::Full.velocity(velocity), velocity);
        assert_eq!(
            Detail::Rounded.velocity(velocity),
            DVec3::new(3.0, -1.0, 0.0)
        );
        assert!((rounding_sigma(100.0) - 28.87).abs() < 0.01);
    }
}
