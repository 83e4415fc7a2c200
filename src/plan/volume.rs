//! Volumes of airspace: an area from a floor to a ceiling. See [`Volume`].

use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use crate::plan::polygon::Polygon;

/// Everything over an area between two heights. The boundary belongs to the volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Volume {
    /// The area, m.
    pub area: Polygon,
    /// Lower and upper limit in m above mean sea level; infinite where there is none.
    pub heights_m: (f64, f64),
}

impl Volume {
    /// From the ground to the end of the sky.
    #[must_use]
    pub fn unlimited(area: Polygon) -> Self {
        let heights_m = (f64::NEG_INFINITY, f64::INFINITY);
        Self { area, heights_m }
    }

    /// Whether a point (east, north, height above mean sea level, m) is in it.
    #[must_use]
    pub fn contains(&self, at: DVec3) -> bool {
        let (floor_m, ceiling_m) = self.heights_m;
        (floor_m..=ceiling_m).contains(&at.z) && self.area.contains(at.truncate())
    }

    /// Whether any part of the straight way between two points is in it.
    #[must_use]
    pub fn meets_segment(&self, from: DVec3, to: DVec3) -> bool {
        let (floor_m, ceiling_m) = self.heights_m;
        let rise_m = to.z - from.z;
        if !self.may_meet(from, to) {
            return false;
        }
        // The share of the way that is between the heights.
        let share = |height_m: f64| ((height_m - from.z) / rise_m).clamp(0.0, 1.0);
        let (enters, leaves) = if rise_m.abs() <= f64::MIN_POSITIVE {
            (0.0, 1.0)
        } else if rise_m > 0.0 {
            (share(floor_m), share(ceiling_m))
        } else {
            (share(ceiling_m), share(floor_m))
        };
        let at = |share: f64| from.lerp(to, share).truncate();
        self.area.meets_segment(at(enters), at(leaves))
    }

    /// Whether a vehicle can come into it on a leg, at whatever point of the leg it climbs or descends.
    #[must_use]
    pub fn meets_leg(&self, from: DVec3, to: DVec3) -> bool {
        self.may_meet(from, to) && self.area.meets_segment(from.truncate(), to.truncate())
    }

    /// Whether the heights of a way and of the volume overlap.
    fn may_meet(&self, from: DVec3, to: DVec3) -> bool {
        let (floor_m, ceiling_m) = self.heights_m;
        from.z.max(to.z) >= floor_m && from.z.min(to.z) <= ceiling_m
    }

    /// The volume with a margin on all sides.
    #[must_use]
    pub fn grown(&self, aside_m: f64, above_m: f64) -> Self {
        let (floor_m, ceiling_m) = self.heights_m;
        Self {
            area: grown(&self.area, aside_m),
            heights_m: (floor_m - above_m, ceiling_m + above_m),
        }
    }
}

/// Everything within a margin of an area, and a little more at its corners. A bent area that loses an
/// edge on the way becomes the rectangle about it.
fn grown(area: &Polygon, margin_m: f64) -> Polygon {
    let (low, high) = area.bounds();
    let margin = DVec2::splat(margin_m);
    area.inset(-margin_m)
        .or_else(|_| Polygon::rectangle(low - margin, high + margin))
        .unwrap_or_else(|_| area.clone())
}

#[cfg(test)]
mod tests {

    use super::*;

    /// A block of 100 m on each side from 50 to 150 m.
    fn block() -> Volume {
        Volume {
            area: Polygon::rectangle(DVec2::ZERO, DVec2::splat(100.0)).unwrap(),
            heights_m: (50.0, 150.0),
        }
    }

    #[test]
    fn ways_over_under_beside_and_through_a_block() {
        let way = |from: (f64, f64), to: (f64, f64)| {
            let at = |(east, up): (f64, f64)| DVec3::new(east, 50.0, up);
            (
                block().meets_segment(at(from), at(to)),
                block().meets_leg(at(from), at(to)),
            )
        };
        assert_eq!(way((-100.0, 100.0), (200.0, 100.0)), (true, true));
        assert_eq!(way((-100.0, 151.0), (200.0, 160.0)), (false, false));
        assert_eq!(way((-100.0, 40.0), (200.0, 49.0)), (false, false));
        assert_eq!(way((-100.0, 100.0), (-1.0, 100.0)), (false, false));
        // Climbs before it and is above it when it gets there, if it climbs evenly.
        assert_eq!(way((-300.0, 0.0), (100.0, 240.0)), (false, true));
        assert_eq!(way((-300.0, 0.0), (100.0, 200.0)), (true, true));
        assert_eq!(way((50.0, 0.0), (50.0, 60.0)), (true, true));
    }

    #[test]
    fn a_margin_keeps_everything_that_is_near() {
        let grown = block().grown(20.0, 10.0);
        for (east, up, is_in) in [
            (-19.0, 100.0, true),
            (-21.0, 100.0, false),
            (50.0, 159.0, true),
        ] {
            assert_eq!(
                grown.contains(DVec3::new(east, 50.0, up)),
                is_in,
                "{east} {up}"
            );
        }
    }
}
