//! What slows or stops a vehicle at a place: the fields over which routes are planned.
//!
//! A field answers how fast one can go at a point on a bearing. Heights, depths and speed laws
//! come in as closures, so that this room needs to know neither terrain nor vehicle classes.

use crate::plan::polygon::Polygon;
use glam::DVec2;

/// Speed over the map.
pub trait CostField {
    /// Speed in m/s at a point (east, north, m) in a direction (east, north, of length one); `None`
    /// where one cannot go.
    fn speed_m_s(&self, at: DVec2, ahead: DVec2) -> Option<f64>;

    /// Whether the straight way is barred by something that point samples could miss.
    fn bars(&self, _from: DVec2, _to: DVec2) -> bool {
        false
    }
}

impl<F: Fn(DVec2, DVec2) -> Option<f64>> CostField for F {
    fn speed_m_s(&self, at: DVec2, ahead: DVec2) -> Option<f64> {
        self(at, ahead)
    }
}

/// Ground: speed by the slope along the way.
#[derive(Clone, Copy, Debug)]
pub struct GroundField<H, S> {
    /// Height of the ground in m above mean sea level; `None` off the map.
    pub height_m: H,
    /// Speed in m/s on a grade (rise over run, negative downhill); `None` if too steep.
    pub speed_at_grade: S,
    /// Distance in metres over which the slope is taken; about the spacing of the terrain's posts.
    pub baseline_m: f64,
    /// Steepest grade across the way at which the vehicle does not roll over.
    pub max_side_grade: f64,
}

impl<H, S> CostField for GroundField<H, S>
where
    H: Fn(DVec2) -> Option<f64>,
    S: Fn(f64) -> Option<f64>,
{
    fn speed_m_s(&self, at: DVec2, ahead: DVec2) -> Option<f64> {
        let grade = |along: DVec2| {
            let half = along * (0.5 * self.baseline_m);
            Some(((self.height_m)(at + half)? - (self.height_m)(at - half)?) / self.baseline_m)
        };
        if grade(ahead.perp())?.abs() > self.max_side_grade {
            return None;
        }
        (self.speed_at_grade)(grade(ahead)?)
    }
}

/// Water: one speed wherever it is deep enough.
#[derive(Clone, Copy, Debug)]
pub struct WaterField<D> {
    /// Depth of the water in m, negative or `None` on land and off the map.
    pub depth_m: D,
    /// Least depth in m: draught and the clearance under the keel.
    pub least_depth_m: f64,
    /// Speed in m/s.
    pub speed_m_s: f64,
}

impl<D: Fn(DVec2) -> Option<f64>> CostField for WaterField<D> {
    fn speed_m_s(&self, at: DVec2, _ahead: DVec2) -> Option<f64> {
        ((self.depth_m)(at)? >= self.least_depth_m).then_some(self.speed_m_s)
    }
}

/// Air: one ground speed wherever ground, clearance and ceiling leave room, with the wind added.
#[derive(Clone, Copy, Debug)]
pub struct AirField<H> {
    /// Height of the ground in m above mean sea level; `None` off the map.
    pub ground_m: H,
    /// Clearance over the ground, m.
    pub clearance_m: f64,
    /// Highest permitted altitude in m above mean sea level.
    pub ceiling_m: f64,
    /// Speed through the air, m/s.
    pub airspeed_m_s: f64,
    /// Wind as the velocity of the air (east, north), m/s.
    pub wind_m_s: DVec2,
}

impl<H: Fn(DVec2) -> Option<f64>> CostField for AirField<H> {
    fn speed_m_s(&self, at: DVec2, ahead: DVec2) -> Option<f64> {
        if (self.ground_m)(at)? + self.clearance_m > self.ceiling_m {
            return None;
        }
        let across = ahead.perp_dot(self.wind_m_s);
        let along = self.airspeed_m_s * self.airspeed_m_s - across * across;
        let speed = (along > 0.0).then(|| along.sqrt() + ahead.dot(self.wind_m_s))?;
        (speed > 0.0).then_some(speed)
    }
}

/// Any field with areas taken out of it.
#[derive(Clone, Copy, Debug)]
pub struct Avoiding<'a, F> {
    /// The field outside the areas.
    pub field: F,
    /// Areas that may be neither entered nor touched.
    pub no_go: &'a [Polygon],
}

impl<F: CostField> CostField for Avoiding<'_, F> {
    fn speed_m_s(&self, at: DVec2, ahead: DVec2) -> Option<f64> {
        if self.no_go.iter().any(|area| area.contains(at)) {
            return None;
        }
        self.field.speed_m_s(at, ahead)
    }

    fn bars(&self, from: DVec2, to: DVec2) -> bool {
        self.no_go.iter().any(|area| area.meets_segment(from, to)) || self.field.bars(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wind_triangle_gives_ground_speed() {
        let air = AirField {
            ground_m: |_: DVec2| Some(100.0),
            clearance_m: 50.0,
            ceiling_m: 400.0,
            airspeed_m_s: 20.0,
            wind_m_s: DVec2::new(12.0, 0.0),
        };
        let speed = |ahead| air.speed_m_s(DVec2::ZERO, ahead);
        assert!((speed(DVec2::Y).unwrap() - 16.0).abs() < 1e-9);
        assert!((speed(DVec2::X).unwrap() - 32.0).abs() < 1e-9);
        assert!((speed(DVec2::NEG_X).unwrap() - 8.0).abs() < 1e-9);
        let low = AirField {
            ceiling_m: 140.0,
            ..air
        };
        assert_eq!(low.speed_m_s(DVec2::ZERO, DVec2::Y), None);
        let storm = AirField {
            wind_m_s: DVec2::new(30.0, 0.0),
            ..air
        };
        assert_eq!(storm.speed_m_s(DVec2::ZERO, DVec2::Y), None);
    }

    #[test]
    fn a_ground_vehicle_minds_both_slopes() {
        let plane = GroundField {
            height_m: |p: DVec2| Some(0.4 * p.x),
            speed_at_grade: |g: f64| (g.abs() <= 0.5).then_some(10.0 * (1.0 - g)),
            baseline_m: 30.0,
            max_side_grade: 0.3,
        };
        let uphill = plane.speed_m_s(DVec2::ZERO, DVec2::X);
        assert!((uphill.unwrap() - 6.0).abs() < 1e-9);
        assert_eq!(plane.speed_m_s(DVec2::ZERO, DVec2::Y), None);
    }
}
