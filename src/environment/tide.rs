//! The tide: a level and a stream that come and go. See [`Tide`].

use bevy::prelude::Resource;
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::weather::along;
use crate::kernel::math::{TAU, cos, sin};

/// Seconds in an hour.
const HOUR_S: f64 = 3600.0;

/// A tide of one period, the same everywhere. Static.
///
/// Level A·cos θ and stream −S·sin θ towards the flood's direction, θ = 2π (t − high water) / T: a
/// standing wave, slack at high and low water, as in bays and sounds (Pugh 1987, "Tides, Surges and
/// Mean Sea-Level", §5.2). One constituent only; left out are springs and neaps, and shallows that
/// make the flood shorter than the ebb.
#[derive(Debug, Clone, Copy, PartialEq, Resource, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tide {
    /// Height of high water above mean sea level, in metres.
    pub amplitude_m: f64,
    /// Time from high water to high water, in hours.
    pub period_h: f64,
    /// Time of a high water after the start, in hours.
    pub phase_h: f64,
    /// Greatest speed of the stream, in metres per second.
    pub stream_m_s: f64,
    /// Where the flood sets towards, in degrees clockwise from true north; the ebb runs against it.
    pub towards_deg: f64,
}

impl Default for Tide {
    /// None, at the period of the principal lunar tide M2 (12.42 h).
    fn default() -> Self {
        Self {
            amplitude_m: 0.0,
            period_h: 12.42,
            phase_h: 0.0,
            stream_m_s: 0.0,
            towards_deg: 0.0,
        }
    }
}

impl Tide {
    /// Angle of the tide at a time of the run, s.
    fn angle_rad(&self, now_s: f64) -> f64 {
        TAU * (now_s / HOUR_S - self.phase_h) / self.period_h
    }

    /// Height of the sea above its mean level at a time of the run, s, in m.
    #[must_use]
    pub fn level_m(&self, now_s: f64) -> f64 {
        if self.amplitude_m <= 0.0 {
            return 0.0;
        }
        self.amplitude_m * cos(self.angle_rad(now_s))
    }

    /// Where the tidal stream goes at a time of the run, s, m/s east and north.
    #[must_use]
    pub fn stream(&self, now_s: f64) -> DVec2 {
        if self.stream_m_s <= 0.0 {
            return DVec2::ZERO;
        }
        along(self.towards_deg) * (-self.stream_m_s * sin(self.angle_rad(now_s)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_slack_at_high_water_and_runs_at_half_tide() {
        let tide = Tide {
            amplitude_m: 2.0,
            period_h: 12.0,
            phase_h: 5.0,
            stream_m_s: 1.5,
            towards_deg: 90.0,
        };
        let at = |hour: f64| (tide.level_m(hour * HOUR_S), tide.stream(hour * HOUR_S));
        for (hour, level_m, east_m_s) in [
            (5.0, 2.0, 0.0),
            (2.0, 0.0, 1.5),
            (8.0, 0.0, -1.5),
            (11.0, -2.0, 0.0),
        ] {
            let (level, stream) = at(hour);
            assert!((level - level_m).abs() < 1e-9, "{hour} h: {level} m");
            assert!(
                (stream - DVec2::new(east_m_s, 0.0)).length() < 1e-9,
                "{hour} h: {stream}"
            );
        }
        assert!(Tide::default().stream(4000.0).length() <= 0.0);
    }
}
