//! The chance of one look at one unit, as a pure function of what the adjudication log keeps. See
//! [`Glance`] and [`Sighting`].

use serde::{Deserialize, Serialize};

use super::{
    model::{
        optical::Seeing,
        sonar::{Listener, SonarParameters, radiated_level_db},
    },
    suite::{Works, radar_domain},
};
use crate::{
    kernel::{factor::Factor, ids::UnitIx, random::DrawKey, time::SimTime},
    platform::class::Domain,
};

/// Spreading of sound between spherical and cylindrical (MODELS §1.5, ns-3's default).
const SPREADING: f64 = 1.5;

/// How much quieter than at cruise a hull is at rest, dB (notional, 20 to 40).
const MACHINERY_DROP_DB: f64 = 30.0;

/// All that the chance of a look follows from, besides the sensor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Glance {
    /// From eye to body, m.
    pub range_m: f64,
    /// Where the unit that is looked at moves.
    pub domain: Domain,
    /// Whether it is under water.
    pub is_submerged: bool,
    /// Its speed, m/s.
    pub speed_m_s: f64,
    /// Its speed at cruise, m/s.
    pub cruise_m_s: f64,
    /// Its size to the eye, m.
    pub size_m: f64,
    /// Its radar cross-section, m².
    pub radar_m2: f64,
    /// Its noise under water at cruise, dB re µPa at 1 m; none if it makes none.
    pub noise_db: Option<f64>,
    /// Its sonar target strength, dB; none if it gives no echo.
    pub strength_db: Option<f64>,
    /// Meteorological visibility, m.
    pub visibility_m: f64,
    /// Light on the ground, lux.
    pub illuminance_lux: f64,
    /// Shipping, 0 to 1.
    pub shipping: f64,
    /// Wind, m/s.
    pub wind_m_s: f64,
    /// Time that a camera looks there, s.
    pub dwell_s: f64,
    /// Rain, mm/h.
    #[serde(default)]
    pub rain_mm_h: f64,
    /// Radar cross-section of the sea about it, after filtering, m²; 0 where it is not on the sea.
    #[serde(default)]
    pub clutter_m2: f64,
    /// Share of the light, or of the radar's waves, that passes land cover on the way.
    #[serde(default = "all")]
    pub cover: f64,
    /// Probability that relief finer than the terrain leaves the two in sight of each other; that it
    /// did, or nobody would have looked, was drawn for their places (`sensing::veil`).
    #[serde(default = "all")]
    pub open: f64,
}

/// All of it.
const fn all() -> f64 {
    1.0
}

/// A look that found a unit, for those who count.
#[derive(Debug, Clone, Copy)]
pub struct Sighting {
    /// Who looked.
    pub observer: UnitIx,
    /// At whom.
    pub target: UnitIx,
    /// When.
    pub at: SimTime,
    /// Number of the sensor on its unit.
    pub sensor: u32,
    /// What the sensor works by.
    pub works: Works,
    /// What the chance followed from.
    pub glance: Glance,
    /// Probability of detection.
    pub probability: f64,
    /// Name of the draw.
    pub key: DrawKey,
    /// The draw.
    pub draw: f64,
}

impl Glance {
    /// Probabilities of detection, recognition and identification of one look by a sensor.
    #[must_use]
    pub fn chances(&self, works: &Works) -> [f64; 3] {
        let bare = self.bare_chances(works);
        match works {
            Works::Radar { .. } | Works::Optical { .. } => bare.map(|it| it * self.cover),
            Works::Passive { .. } | Works::Active { .. } | Works::Locating => bare,
        }
    }

    /// What the probability of detection is made of.
    #[must_use]
    pub fn factors(&self, works: &Works) -> [Factor; 2] {
        [
            Factor::new("sensor, air and light", self.bare_chances(works)[0]),
            Factor::new("passing the land cover", self.cover),
        ]
    }

    /// [`Self::chances`] without land cover.
    fn bare_chances(&self, works: &Works) -> [f64; 3] {
        match works {
            Works::Radar {
                radar,
                sees,
                speed_min_m_s,
            } => {
                let is_seen = radar_domain(self.domain).is_some_and(|kind| sees[kind]);
                if !is_seen || self.is_submerged || self.speed_m_s < *speed_min_m_s {
                    return [0.0; 3];
                }
                let snr = radar.snr(self.radar_m2, self.range_m);
                let clutter = radar.snr(self.clutter_m2, self.range_m);
                [radar.detection_probability(snr, clutter), 0.0, 0.0]
            }
            Works::Optical { optics, n50, .. } => {
                if self.is_submerged {
                    return [0.0; 3];
                }
                let seeing = Seeing::new(optics.band, self.visibility_m, self.illuminance_lux)
                    .in_rain(self.rain_mm_h);
                let (size_m, range_m) = (self.size_m, self.range_m);
                let tell = |n50: f64| optics.static_probability(size_m, range_m, n50, &seeing);
                let (n50_seen, dwell_s) = (n50.detection, self.dwell_s);
                [
                    optics.search_probability(size_m, range_m, n50_seen, &seeing, dwell_s),
                    tell(n50.recognition),
                    tell(n50.identification),
                ]
            }
            Works::Passive { sonar } => {
                let Some(reference) = self.noise_db else {
                    return [0.0; 3];
                };
                let (cruise, speed) = (self.cruise_m_s.max(0.1), self.speed_m_s);
                let quiet = reference - MACHINERY_DROP_DB;
                let level = radiated_level_db(reference, cruise, speed, quiet);
                let listener = self.listener(sonar);
                let excess = listener.passive_excess_db(level, self.range_m);
                [listener.detection_probability(excess), 0.0, 0.0]
            }
            Works::Active {
                sonar,
                source_level_db,
            } => {
                let Some(strength) = self.strength_db else {
                    return [0.0; 3];
                };
                let listener = self.listener(sonar);
                let excess = listener.active_excess_db(*source_level_db, strength, self.range_m);
                [listener.detection_probability(excess), 0.0, 0.0]
            }
            Works::Locating => [0.0; 3],
        }
    }

    /// A sonar in the noise of the weather.
    fn listener(&self, sonar: &SonarParameters) -> Listener {
        Listener::new(sonar, self.shipping, self.wind_m_s, SPREADING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensing::model::optical::{Band, Discrimination, OpticalParameters};

    #[test]
    fn a_camera_sees_what_is_near_and_nothing_under_water() {
        let works = Works::Optical {
            optics: OpticalParameters {
                band: Band::Visible,
                field_of_view_rad: 0.1,
                pixels: 1000.0,
            },
            n50: Discrimination::JOHNSON,
            dwell_s: 1.0,
        };
        let near = Glance {
            range_m: 300.0,
            domain: Domain::Land,
            is_submerged: false,
            speed_m_s: 0.0,
            cruise_m_s: 5.0,
            size_m: 2.3,
            radar_m2: 5.0,
            noise_db: None,
            strength_db: None,
            visibility_m: 20_000.0,
            illuminance_lux: 1e4,
            shipping: 0.3,
            wind_m_s: 3.0,
            dwell_s: 10.0,
            rain_mm_h: 0.0,
            clutter_m2: 0.0,
            cover: 1.0,
            open: 1.0,
        };
        let far = Glance {
            range_m: 9000.0,
            ..near
        };
        let [near_chances, far_chances] = [near, far].map(|it| it.chances(&works));
        assert!(near_chances[0] > 0.5, "{near_chances:?}");
        for (near, far) in near_chances.into_iter().zip(far_chances) {
            assert!(near > far, "{near_chances:?} {far_chances:?}");
        }
        let in_wood = Glance {
            cover: 0.25,
            ..near
        };
        assert!((in_wood.chances(&works)[0] - 0.25 * near_chances[0]).abs() < 1e-12);
        let product = crate::kernel::factor::product(&in_wood.factors(&works));
        assert!((product - in_wood.chances(&works)[0]).abs() < 1e-12);
        let in_rain = Glance {
            rain_mm_h: 50.0,
            ..near
        };
        assert!(in_rain.chances(&works)[2] < near_chances[2]);
        let under = Glance {
            is_submerged: true,
            ..near
        };
        assert!(under.chances(&works).iter().all(|chance| *chance <= 0.0));
    }
}
