//! Aircraft among closed volumes, over ground, in wind. See [`Airspace`].

use glam::{DVec2, DVec3};

use super::{
    field::{Going, PassageField},
    threat::Threats,
};
use crate::plan::volume::Volume;

/// The air as one aircraft may use it.
pub struct Airspace<'a, G> {
    /// Height of the ground in m above mean sea level; `None` off the map.
    pub ground_m: G,
    /// Least height over the ground, m.
    pub clearance_m: f64,
    /// Highest permitted height in m above mean sea level.
    pub ceiling_m: f64,
    /// Layers of the lattice: height over the ground and least height above mean sea level, m. A layer
    /// lies at the higher of both.
    pub layers: &'a [(f64, f64)],
    /// Closed volumes: a leg does not come into them, at whatever point of it the aircraft climbs.
    pub closed: &'a [Volume],
    /// Speed through the air, m/s.
    pub airspeed_m_s: f64,
    /// Greatest rates of climb and descent, m/s.
    pub vertical_m_s: (f64, f64),
    /// Wind as the velocity of the air (east, north), m/s.
    pub wind_m_s: DVec2,
    /// Whether it slows down where it could not climb or descend steeply enough; where not, legs that are
    /// steeper than it flies at its full speed are closed.
    pub slows_to_climb: bool,
    /// Power in level flight, W.
    pub power_w: f64,
    /// Energy for each metre of climb, J/m: the weight over the efficiency of the drive. A descent saves
    /// nothing.
    pub climb_j_per_m: f64,
    /// Who looks, or shoots.
    pub threats: Threats<'a>,
}

impl<G: Fn(DVec2) -> Option<f64>> Airspace<'_, G> {
    /// Speed over the ground in a direction over the map, from the wind triangle, m/s.
    fn ground_speed_m_s(&self, ahead: DVec2) -> Option<f64> {
        let across = ahead.perp_dot(self.wind_m_s);
        let along = self.airspeed_m_s * self.airspeed_m_s - across * across;
        let speed = (along > 0.0).then(|| along.sqrt() + ahead.dot(self.wind_m_s))?;
        (speed > 0.0).then_some(speed)
    }

    /// Speed along a slope: what the wind triangle and the rate of climb or descent permit.
    fn speed_m_s(&self, ahead: DVec3) -> Option<f64> {
        let flat = ahead.truncate();
        let level = flat.length();
        let limit = if ahead.z > 0.0 {
            self.vertical_m_s.0
        } else {
            self.vertical_m_s.1
        };
        let by_rate = limit / ahead.z.abs().max(1e-9);
        if level < 1e-6 {
            return (self.slows_to_climb && by_rate > 0.0).then_some(by_rate);
        }
        let by_wind = self.ground_speed_m_s(flat / level)? / level;
        if by_wind > by_rate && !self.slows_to_climb {
            return None;
        }
        let speed = by_wind.min(by_rate).min(self.fastest_m_s());
        (speed > 0.0).then_some(speed)
    }
}

impl<G: Fn(DVec2) -> Option<f64>> PassageField for Airspace<'_, G> {
    fn going(&self, at: DVec3, ahead: DVec3) -> Option<Going> {
        let ground_m = (self.ground_m)(at.truncate())?;
        let is_in_reach = at.z >= ground_m + self.clearance_m && at.z <= self.ceiling_m;
        if !is_in_reach || self.closed.iter().any(|it| it.contains(at)) {
            return None;
        }
        let speed_m_s = self.speed_m_s(ahead)?;
        Some(Going {
            speed_m_s,
            exposure_per_s: self.threats.rate_per_s(at),
            power_w: self.power_w + self.climb_j_per_m * (ahead.z * speed_m_s).max(0.0),
        })
    }

    fn fastest_m_s(&self) -> f64 {
        let (climb, descent) = self.vertical_m_s;
        (self.airspeed_m_s + self.wind_m_s.length()).max(climb.max(descent))
    }

    fn height_m(&self, layer: usize, at: DVec2) -> Option<f64> {
        let (over_ground_m, least_m) = *self.layers.get(layer)?;
        Some(((self.ground_m)(at)? + over_ground_m).max(least_m))
    }

    fn bars(&self, from: DVec3, to: DVec3) -> bool {
        self.closed.iter().any(|it| it.meets_leg(from, to))
    }
}
