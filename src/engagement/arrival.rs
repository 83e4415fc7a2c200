//! How a round comes in on its target, as a pure function of what the adjudication log keeps. See
//! [`Arrival`].

use glam::DVec3;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{factor::Factor, math},
    platform::class::{Aspect, Fire, Stance, TargetClass, Vulnerability},
};

/// Half the angle of the front and of the rear, and the steepness from which a round comes from
/// above, rad (45°).
const QUARTER_RAD: f64 = math::PI / 4.0;

/// How a round comes in, and what its target does meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// Bearing from the target to where the round comes from, rad.
    pub from_rad: f64,
    /// Steepness of its path above the horizontal, rad.
    pub dive_rad: f64,
    /// Heading of the target, rad.
    pub heading_rad: f64,
    /// Time for which the target has stood, s; none while it moves.
    pub halted_s: Option<f64>,
    /// Whether the target moves on land, where there is cover.
    pub is_on_land: bool,
}

impl Arrival {
    /// A round that comes in on a target that heads so; `way` is its path from its end back, m.
    #[must_use]
    pub fn new(way: DVec3, heading_rad: f64, halted_s: Option<f64>, is_on_land: bool) -> Self {
        Self {
            from_rad: math::bearing(way.x, way.y),
            dive_rad: math::atan2(way.z, way.truncate().length()),
            heading_rad,
            halted_s,
            is_on_land,
        }
    }

    /// Which side of the target the round meets: a shell falls on the top.
    #[must_use]
    pub fn aspect(&self, fire: Fire) -> Aspect {
        let off_bow_rad = math::wrap_pi(self.from_rad - self.heading_rad).abs();
        if fire == Fire::Indirect || self.dive_rad > QUARTER_RAD {
            Aspect::Top
        } else if off_bow_rad <= QUARTER_RAD {
            Aspect::Front
        } else if off_bow_rad >= math::PI - QUARTER_RAD {
            Aspect::Rear
        } else {
            Aspect::Flank
        }
    }

    /// What of the target is exposed to fire of a kind.
    #[must_use]
    pub fn exposure(&self, target: (TargetClass, Fire), rules: Option<&Vulnerability>) -> Exposure {
        let aspect = self.aspect(target.1);
        let Some(rules) = rules else {
            let is_moving = self.halted_s.is_none();
            let stance = if is_moving {
                Stance::Moving
            } else {
                Stance::Halted
            };
            return Exposure {
                aspect,
                stance,
                by_aspect: 1.0,
                by_stance: 1.0,
            };
        };
        let stance = rules.stance(self.halted_s, self.is_on_land);
        let [by_aspect, by_stance] = rules.factors(target, aspect, stance);
        Exposure {
            aspect,
            stance,
            by_aspect,
            by_stance,
        }
    }
}

/// What of a target is exposed, and what that leaves of the kill probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Side that the round meets.
    pub aspect: Aspect,
    /// What the target does.
    pub stance: Stance,
    /// Factor of the side, 0 to 1.
    pub by_aspect: f64,
    /// Factor of what it does, 0 to 1.
    pub by_stance: f64,
}

impl Exposure {
    /// Both as named factors.
    #[must_use]
    pub fn factors(&self) -> [Factor; 2] {
        let aspect = match self.aspect {
            Aspect::Front => "on its front",
            Aspect::Flank => "on its flank",
            Aspect::Rear => "on its rear",
            Aspect::Top => "on its top",
        };
        let stance = match self.stance {
            Stance::Moving => "while it moves",
            Stance::Halted => "while it stands in the open",
            Stance::InCover => "in cover",
        };
        [
            Factor::new(aspect, self.by_aspect),
            Factor::new(stance, self.by_stance),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    /// A round from so many degrees off the bow of a target that heads north-east.
    fn arrival(off_bow_deg: f64, dive_deg: f64) -> Arrival {
        let heading_rad = math::PI / 4.0;
        let (sin, cos) = math::sincos(heading_rad + off_bow_deg.to_radians());
        let flat = DVec3::new(sin, cos, 0.0) * 1000.0;
        let way = flat + DVec3::Z * 1000.0 * math::tan(dive_deg.to_radians());
        Arrival::new(way, heading_rad, Some(10.0), true)
    }

    #[test]
    fn the_aspect_follows_from_geometry() {
        for (off_bow_deg, dive_deg, want) in [
            (0.0, 0.0, Aspect::Front),
            (44.0, 5.0, Aspect::Front),
            (-44.0, 5.0, Aspect::Front),
            (46.0, 5.0, Aspect::Flank),
            (-134.0, 5.0, Aspect::Flank),
            (136.0, 5.0, Aspect::Rear),
            (180.0, 44.0, Aspect::Rear),
            (180.0, 46.0, Aspect::Top),
        ] {
            let aspect = arrival(off_bow_deg, dive_deg).aspect(Fire::Direct);
            assert_eq!(
                aspect, want,
                "{off_bow_deg}° off the bow, {dive_deg}° steep"
            );
        }
        assert_eq!(arrival(0.0, 0.0).aspect(Fire::Indirect), Aspect::Top);
    }

    #[test]
    fn without_rules_nothing_is_lowered() {
        let kind = (TargetClass::Heavy, Fire::Direct);
        let catalogue = Catalogue::shipped();
        let with = arrival(0.0, 0.0).exposure(kind, catalogue.vulnerability.as_ref());
        let without = arrival(0.0, 0.0).exposure(kind, None);
        assert_eq!((with.aspect, with.stance), (without.aspect, without.stance));
        assert!(with.by_aspect < 1.0);
        assert_eq!(without.by_aspect.to_bits(), 1.0_f64.to_bits());
    }
}
