//! Pictures of what a camera saw. See [`Still`].

use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, Level, Subject, View};
use crate::kernel::{
    ids::UnitId,
    random::{DrawKey, Stream},
};

/// Probability of recognition from which on a picture is worth keeping (notional, 0.02 to 0.2).
const LEAST_RECOGNITION: f64 = 0.05;

/// A picture of something, as good as the camera and the distance made it.
///
/// What it shows is true, so nobody gets at it but by looking: [`Still::read`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Still {
    subject: Subject,
    /// Probabilities of recognition and of identification from this picture.
    chances: [f64; 2],
    view: View,
    /// Names camera and thing, for draws.
    scene: u64,
}

impl Still {
    /// The picture that a camera takes of a thing; none where nobody could tell anything from it.
    pub(super) fn take(
        subject: Subject,
        chances: [f64; 2],
        (sensor, range_m): (u32, f64),
        scene: u64,
    ) -> Option<Self> {
        (chances[0] >= LEAST_RECOGNITION).then(|| Self {
            subject,
            chances,
            view: View::new(sensor, Level::Detection, range_m),
            scene,
        })
    }

    /// From where it was taken.
    #[must_use]
    pub fn view(&self) -> View {
        self.view
    }

    /// What an analyst concludes who looks at it: a second look, at what the picture shows, by
    /// somebody else. He is as likely to be right as the observer at the camera, and makes mistakes
    /// of his own; looking at pictures from the same view he concludes the same.
    #[must_use]
    pub fn read(&self, analyst: UnitId, seed: u64) -> Evidence {
        let key = DrawKey::new(
            Stream::ImageReading,
            analyst.0,
            self.scene,
            self.view.number(),
        );
        let mut draws = key.draws(seed);
        let (skill, judgement) = (draws.uniform(), draws.uniform());
        let [recognise, identify] = self.chances;
        let level = if skill < identify {
            Level::Identification
        } else if skill < recognise {
            Level::Recognition
        } else {
            Level::Detection
        };
        Evidence::observe(level, &self.subject, (self.view, judgement), &mut draws)
    }
}

#[cfg(test)]
impl Still {
    /// A picture of a live heavy vehicle, from which one can tell what it is for sure.
    pub(crate) fn sharp(is_hostile: bool, scene: u64) -> Self {
        use crate::platform::class::{Domain, TargetClass};
        use crate::platform::damage::Appearance;
        Self {
            subject: Subject {
                is_hostile,
                appearance: Appearance::Whole,
                target: TargetClass::Heavy,
                domain: Domain::Land,
            },
            chances: [1.0, 1.0],
            view: View::default(),
            scene,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensing::evidence::IDENTIFICATION_ACCURACY;

    #[test]
    fn an_analyst_is_right_as_often_as_an_observer() {
        let n = 10_000_u64;
        for is_hostile in [true, false] {
            let says = |scene: u64| {
                Still::sharp(is_hostile, scene)
                    .read(UnitId(7), 3)
                    .hostile_llr
            };
            let right = (0..n).filter(|it| (says(*it) > 0.0) == is_hostile).count();
            let share = right as f64 / n as f64;
            // Four standard errors of a proportion of 0.95 in 10,000.
            assert!((share - IDENTIFICATION_ACCURACY).abs() < 0.0088, "{share}");
        }
    }

    #[test]
    fn the_same_analyst_says_the_same_again_and_another_for_himself() {
        let read = |scene, analyst| Still::sharp(true, scene).read(UnitId(analyst), 3);
        assert_eq!(read(5, 7), read(5, 7));
        let differ = |scene: &u64| read(*scene, 7) != read(*scene, 8);
        let share = (0..2000).filter(differ).count() as f64 / 2000.0;
        // Allegiance and state differ independently: 2 · 0.95 · 0.05 and 2 · 0.9 · 0.1.
        let wanted = 1.0 - (1.0 - 0.095) * (1.0 - 0.18);
        assert!((share - wanted).abs() < 0.04, "{share} for {wanted}");
    }

    #[test]
    fn a_blurred_picture_is_not_kept() {
        let subject = Still::sharp(true, 0).subject;
        assert!(Still::take(subject, [0.01, 0.0], (0, 900.0), 0).is_none());
        assert!(Still::take(subject, [0.5, 0.1], (0, 900.0), 0).is_some());
    }
}
