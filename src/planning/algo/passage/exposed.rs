//! What moves on the ground or the water, among threats. See [`Exposed`].

use glam::{DVec2, DVec3};

use super::{
    field::{Going, PassageField},
    threat::Threats,
};
use crate::planning::algo::route_field::CostField;

/// A field of speeds over the map with threats that look at it; one layer.
pub struct Exposed<'a, F, H> {
    /// Speeds, and what is closed.
    pub speeds: F,
    /// The greatest speed anywhere, m/s.
    pub fastest_m_s: f64,
    /// Height of who passes above mean sea level, as threats see it, m; `None` off the map.
    pub height_m: H,
    /// Power drawn, W.
    pub power_w: f64,
    /// Who looks.
    pub threats: Threats<'a>,
}

impl<F: CostField, H: Fn(DVec2) -> Option<f64>> PassageField for Exposed<'_, F, H> {
    fn going(&self, at: DVec3, ahead: DVec3) -> Option<Going> {
        let flat = at.truncate();
        let speed_m_s = self.speeds.speed_m_s(flat, ahead.truncate())?;
        let seen_at = flat.extend((self.height_m)(flat)?);
        Some(Going {
            speed_m_s,
            exposure_per_s: self.threats.rate_per_s(seen_at),
            power_w: self.power_w,
        })
    }

    fn fastest_m_s(&self) -> f64 {
        self.fastest_m_s
    }

    fn bars(&self, from: DVec3, to: DVec3) -> bool {
        self.speeds.bars(from.truncate(), to.truncate())
    }
}
