//! What land covers and roads do, as the catalogue says it. See [`CoverSpec`] and [`RoadSpec`].

use serde::{Deserialize, Serialize};

use super::{
    class::{ClassSpec, Family, Motion},
    figure::Figure,
};
use crate::geo::cover::{Cover, CoverClass, GAITS, Gait};

/// A kind of land cover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverSpec {
    /// Unique name in kebab case.
    pub name: String,
    /// Name for a reader.
    pub title: String,
    /// What it is.
    pub class: CoverClass,
    /// Height above ground, m.
    pub height_m: Figure,
    /// Extinction of sight within it, 1/m.
    pub extinction_per_m: Figure,
    /// How dense it is to radio as a share of woodland, 0 to 1; of buildings, the share of roofs.
    pub radio_share: Figure,
    /// Deviation of the unresolved difference in height of two places 100 m apart, m.
    pub relief_m: Figure,
    /// Share of its speed off the road that each gait keeps on dry ground, 0 to 1.
    pub speed: ByGait,
    /// Share of that which is left on soaked ground, 0 to 1.
    pub wet_speed: ByGait,
    /// Factor on the rolling resistance off the road.
    pub resistance: Figure,
}

/// A figure for each gait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByGait {
    /// Vehicles on wheels.
    pub wheeled: Figure,
    /// Vehicles on tracks.
    pub tracked: Figure,
    /// People on foot.
    pub dismount: Figure,
    /// Small unmanned ground vehicles.
    pub ugv: Figure,
}

impl ByGait {
    /// The figures by the number of the gait.
    #[must_use]
    pub const fn figures(&self) -> [&Figure; GAITS] {
        [&self.wheeled, &self.tracked, &self.dismount, &self.ugv]
    }
}

/// A figure with its name and the range in which it makes sense.
type Ranged<'a> = (&'static str, &'a Figure, (f64, f64));

impl CoverSpec {
    /// All figures with the ranges in which they make sense.
    pub(super) fn ranges(&self) -> Vec<Ranged<'_>> {
        let shares = self.speed.figures().into_iter();
        let shares = shares.chain(self.wet_speed.figures());
        let others = [
            ("height_m", &self.height_m, (0.0, 100.0)),
            ("extinction_per_m", &self.extinction_per_m, (0.0, 1.0)),
            ("radio_share", &self.radio_share, (0.0, 2.0)),
            ("relief_m", &self.relief_m, (0.0, 20.0)),
            ("resistance", &self.resistance, (0.1, 10.0)),
        ];
        shares
            .map(|figure| ("a share of the speed", figure, (0.0, 1.0)))
            .chain(others)
            .collect()
    }

    /// The cover on ground of a wetness from 0, dry, to 1, soaked.
    #[must_use]
    pub fn cover(&self, wetness: f64) -> Cover {
        debug_assert!((0.0..=1.0).contains(&wetness));
        let (dry, wet) = (self.speed.figures(), self.wet_speed.figures());
        let speed = core::array::from_fn(|gait| {
            dry[gait].value() * (1.0 - wetness * (1.0 - wet[gait].value()))
        });
        Cover {
            class: self.class,
            height_m: self.height_m.value(),
            extinction_per_m: self.extinction_per_m.value(),
            radio_share: self.radio_share.value(),
            relief_m: self.relief_m.value(),
            speed,
            resistance: self.resistance.value(),
        }
    }
}

/// Classes of roads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RoadClass {
    /// Separate carriageways.
    Highway,
    /// Paved road.
    Road,
    /// Unpaved track or path.
    Track,
}

/// A kind of road.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadSpec {
    /// Unique name in kebab case.
    pub name: String,
    /// Name for a reader.
    pub title: String,
    /// What it is.
    pub class: RoadClass,
    /// Share of the greatest road speed that it allows, above 0, at most 1.
    pub speed: Figure,
    /// Factor on a vehicle's resistance on roads.
    pub resistance: Figure,
    /// Usual width, m.
    pub width_m: Figure,
}

impl RoadSpec {
    /// All figures with the ranges in which they make sense.
    pub(super) fn ranges(&self) -> Vec<Ranged<'_>> {
        vec![
            ("speed", &self.speed, (0.05, 1.0)),
            ("resistance", &self.resistance, (0.1, 10.0)),
            ("width_m", &self.width_m, (1.0, 100.0)),
        ]
    }
}

/// How a class goes over the ground; none for what does not.
#[must_use]
pub fn gait(class: &ClassSpec) -> Option<Gait> {
    match &class.motion {
        Motion::Foot { .. } => Some(Gait::Dismount),
        Motion::Ground { .. } if class.family == Family::Ugv => Some(Gait::Ugv),
        // What pivots on the spot runs on tracks.
        Motion::Ground {
            turn_radius_min_m, ..
        } if turn_radius_min_m.value() <= 0.0 => Some(Gait::Tracked),
        Motion::Ground { .. } => Some(Gait::Wheeled),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    #[test]
    fn the_shipped_covers_are_complete_and_mud_slows() {
        let catalogue = Catalogue::shipped();
        for class in [
            CoverClass::Open,
            CoverClass::Crop,
            CoverClass::Scrub,
            CoverClass::Forest,
            CoverClass::Town,
            CoverClass::Marsh,
            CoverClass::Water,
        ] {
            let spec = catalogue.cover(class).unwrap();
            let (dry, wet) = (spec.cover(0.0), spec.cover(1.0));
            for gait in 0..GAITS {
                assert!(wet.speed[gait] <= dry.speed[gait], "{class:?}");
            }
        }
        let open = catalogue.cover(CoverClass::Open).unwrap().cover(0.0);
        assert!(open.speed.iter().all(|share| *share >= 1.0));
        for class in [RoadClass::Highway, RoadClass::Road, RoadClass::Track] {
            assert!(catalogue.road(class).is_some(), "{class:?}");
        }
    }

    #[test]
    fn gaits_follow_from_classes() {
        let catalogue = Catalogue::shipped();
        let of = |name: &str| gait(catalogue.class(name).unwrap());
        assert_eq!(of("ugv-scout"), Some(Gait::Ugv));
        assert_eq!(of("main-battle-tank"), Some(Gait::Tracked));
        assert_eq!(of("reconnaissance-vehicle"), Some(Gait::Wheeled));
        assert_eq!(of("dismount"), Some(Gait::Dismount));
        assert_eq!(of("uav-multirotor"), None);
    }
}
