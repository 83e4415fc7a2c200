//! How much room the safety check asks for.

use thiserror::Error;

/// Least stand-off from non-friendly tracks that can be asked for, metres.
pub const STAND_OFF_LEAST_M: f64 = 200.0;

/// Stand-off from non-friendly tracks unless another is asked for, metres.
pub const STAND_OFF_M: f64 = 500.0;

/// A stand-off below [`STAND_OFF_LEAST_M`].
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("a stand-off of {asked_m} m is below the least of {STAND_OFF_LEAST_M} m")]
pub struct StandOffTooSmall {
    /// What was asked for, metres.
    pub asked_m: f64,
}

/// The room that the check asks for. The defaults suit small uncrewed vehicles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Least height of an aircraft above the ground en route, metres.
    pub clearance_m: f64,
    /// Least height of a diving vehicle above the bottom, and least water under a boat, metres.
    pub bottom_clearance_m: f64,
    /// Two vehicles may be less than this apart along the ground, metres, …
    pub separation_across_m: f64,
    /// … or less than this in height, metres, but never both at once.
    pub separation_up_m: f64,
    /// Within this distance of its own launch or recovery site a vehicle's crew keeps it apart from
    /// others, metres: there, lacking separation is a warning.
    pub site_radius_m: f64,
    /// Rate of climb and descent that times are computed with, metres per second.
    pub climb_rate_m_s: f64,
    /// Stand-off from non-friendly tracks, metres.
    stand_off_m: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            clearance_m: 20.0,
            bottom_clearance_m: 2.0,
            separation_across_m: 30.0,
            separation_up_m: 10.0,
            site_radius_m: 100.0,
            climb_rate_m_s: 2.5,
            stand_off_m: STAND_OFF_M,
        }
    }
}

impl Limits {
    /// The same limits with another stand-off, metres.
    ///
    /// # Errors
    ///
    /// [`StandOffTooSmall`] below 200 m or for what is no number.
    pub fn with_stand_off(self, asked_m: f64) -> Result<Self, StandOffTooSmall> {
        if asked_m >= STAND_OFF_LEAST_M {
            Ok(Self {
                stand_off_m: asked_m,
                ..self
            })
        } else {
            Err(StandOffTooSmall { asked_m })
        }
    }

    /// Stand-off from non-friendly tracks, metres.
    #[must_use]
    pub fn stand_off_m(&self) -> f64 {
        self.stand_off_m
    }
}
