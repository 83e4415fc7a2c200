//! What a detection says of the kind, the allegiance and the state of what was seen. See
//! [`Evidence`].

use serde::{Deserialize, Serialize};

use crate::{
    kernel::{math, random::Draws},
    platform::{
        class::{Domain, TargetClass},
        damage::Appearance,
    },
    spectrum::Source,
};

/// Probability that an observer who recognises a class tells friend from foe rightly (MODELS uses
/// 0.8 per look for Bayes' update; notional, 0.7 to 0.9).
pub(super) const RECOGNITION_ACCURACY: f64 = 0.8;
/// The same for an observer who identifies the type (notional, 0.9 to 0.99).
pub(super) const IDENTIFICATION_ACCURACY: f64 = 0.95;
/// Probability that an observer who recognises a thing tells a wreck from a live one (notional,
/// 0.8 to 0.98).
pub(super) const STATE_ACCURACY: f64 = 0.9;

/// Probability that an observer who recognises a thing takes it for dead. Most wrecks are seen for what
/// they are; what is lost and stands in one piece is often not (notional, 0.4 to 0.8), who cannot
/// move is sometimes given up (0.15 to 0.4), and who cannot fire seldom (0.1 to 0.25).
fn seems_dead(appearance: Appearance) -> f64 {
    match appearance {
        Appearance::Whole => 1.0 - STATE_ACCURACY,
        Appearance::Disarmed => 0.15,
        Appearance::Lame => 0.25,
        Appearance::Lifeless => 0.6,
        Appearance::Wreck => STATE_ACCURACY,
    }
}
/// Probability that one who hears a signal takes it rightly for a hostile one or not: emitters of both
/// sides, and of neither, are alike (notional, 0.6 to 0.85).
pub(super) const SIGNAL_ACCURACY: f64 = 0.7;

/// Probability that one who sees who is not of the own side fire shells takes it rightly for a hostile one
/// or not: whose fires are whose is known from plans, which err (notional, 0.9 to 0.99).
pub(super) const FIRE_ACCURACY: f64 = 0.95;

/// How much an observer could tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Something is there.
    Detection,
    /// Its class.
    Recognition,
    /// Its type.
    Identification,
}

/// What a detection says beyond a position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Log-likelihood ratio of hostile against not.
    pub hostile_llr: f64,
    /// Log-likelihood ratio of a wreck against a live unit.
    pub wreck_llr: f64,
    /// What kind of target it seems to be.
    pub target: Option<TargetClass>,
    /// Where it seems to move.
    pub domain: Option<Domain>,
    /// From which view the allegiance was judged. Judgements from one view share their mistakes:
    /// they are one judgement, however often it is made.
    pub view: View,
}

/// A view of a thing, as its observer tells them apart: which of its sensors, how much it could
/// tell, and at what range, to the next power of two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct View(u32);

/// What stands in place of a level where a signal was heard.
const SIGNAL: u32 = 3;

/// What stands in place of a kind of emitter where shells were seen.
const FIRE: u32 = 3;

impl View {
    /// Not of a sensor: what a thing did, not what it looks like.
    pub const DEED: Self = Self(u32::MAX);

    /// Not of a sensor: what a thing says of itself.
    pub const CLAIM: Self = Self(u32::MAX - 1);

    /// The view of one sensor, by its number on the unit.
    #[must_use]
    pub fn new(sensor: u32, level: Level, range_m: f64) -> Self {
        let octaves = core::iter::successors(Some(2.0), |reach_m| Some(2.0 * reach_m));
        let octave = (0..63)
            .zip(octaves)
            .take_while(|(_, reach_m)| *reach_m <= range_m);
        let octave = u32::try_from(octave.count()).unwrap_or(63);
        Self((sensor & 0xFFFF) << 8 | octave << 2 | level as u32)
    }

    /// What one direction finder, by its number on the unit, hears of one kind of emitter.
    #[must_use]
    pub fn signal(finder: u32, source: Source) -> Self {
        Self((finder & 0xFFFF) << 8 | (source as u32) << 2 | SIGNAL)
    }

    /// What one weapon-locating radar, by its number on the unit, sees of shells in flight.
    #[must_use]
    pub fn fire(radar: u32) -> Self {
        Self((radar & 0xFFFF) << 8 | FIRE << 2 | SIGNAL)
    }

    /// Whether it is one of shells in flight: then who fired them stood still.
    #[must_use]
    pub fn is_of_fire(self) -> bool {
        self.0 & 0xFF == FIRE << 2 | SIGNAL
    }

    /// The view in words: sensor, how much it could tell, and up to what range.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::DEED => "by what it did".to_owned(),
            Self::CLAIM => "by what it says of itself".to_owned(),
            Self(packed) if self.is_of_fire() => {
                format!("weapon-locating radar {}, shells in flight", packed >> 8)
            }
            Self(packed) if packed & 3 == SIGNAL => {
                let kind = match (packed >> 2) & 63 {
                    0 => "jammer",
                    1 => "radar",
                    _ => "radio",
                };
                format!("direction finder {}, the signal of a {kind}", packed >> 8)
            }
            Self(packed) => {
                let level = match packed & 3 {
                    0 => "detection",
                    1 => "recognition",
                    _ => "identification",
                };
                let octave = ((packed >> 2) & 63).min(62);
                let reach_m = 1_u64 << (octave + 1);
                format!("sensor {}, {level} within {reach_m} m", packed >> 8)
            }
        }
    }

    /// The number of the draw that judges from this view.
    #[must_use]
    pub fn number(self) -> u64 {
        u64::from(self.0)
    }
}

/// What there is to tell of a unit, as seen from an observer's side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// Whether it is hostile to the observer.
    pub is_hostile: bool,
    /// What it looks like.
    pub appearance: Appearance,
    /// Its kind of target.
    pub target: TargetClass,
    /// Where it moves.
    pub domain: Domain,
}

/// Log-likelihood ratio of a statement that is right with this probability.
fn llr(accuracy: f64, says_yes: bool) -> f64 {
    let size = math::log(accuracy / (1.0 - accuracy));
    if says_yes { size } else { -size }
}

impl Evidence {
    /// No more than that something is there.
    pub const NONE: Self = Self {
        hostile_llr: 0.0,
        wreck_llr: 0.0,
        target: None,
        domain: None,
        view: View(0),
    };

    /// What an observer at this level says. `judgement` decides whether it is right about the
    /// allegiance and is the same for all looks from one view; `draws` decide about the state.
    pub fn observe(
        level: Level,
        subject: &Subject,
        (view, judgement): (View, f64),
        draws: &mut Draws,
    ) -> Self {
        let accuracy = match level {
            Level::Detection => {
                return Self {
                    domain: Some(subject.domain),
                    ..Self::NONE
                };
            }
            Level::Recognition => RECOGNITION_ACCURACY,
            Level::Identification => IDENTIFICATION_ACCURACY,
        };
        let says_hostile = (judgement < accuracy) == subject.is_hostile;
        let says_wreck = draws.uniform() < seems_dead(subject.appearance);
        Self {
            hostile_llr: llr(accuracy, says_hostile),
            wreck_llr: llr(STATE_ACCURACY, says_wreck),
            target: Some(subject.target),
            domain: Some(subject.domain),
            view,
        }
    }

    /// What a signal says: weakly whose it is, and surely that who sends it is no wreck. It says nothing
    /// of the class: one radio sounds as another. `judgement` decides whether the listener is right
    /// and is the same for all looks from one view.
    #[must_use]
    pub fn overheard(is_hostile: bool, (view, judgement): (View, f64)) -> Self {
        let says_hostile = (judgement < SIGNAL_ACCURACY) == is_hostile;
        Self {
            hostile_llr: llr(SIGNAL_ACCURACY, says_hostile),
            wreck_llr: llr(IDENTIFICATION_ACCURACY, false),
            target: None,
            domain: None,
            view,
        }
    }

    /// What firing shells says: that who fires is hostile, mostly; surely that it is no wreck; that it
    /// stands on land; and by the trajectory what kind of weapon it is. `judgement` decides whether the
    /// observer is right and is the same for all shells from one view.
    #[must_use]
    pub fn of_fire(is_hostile: bool, (view, judgement): (View, f64), weapon: TargetClass) -> Self {
        let says_hostile = (judgement < FIRE_ACCURACY) == is_hostile;
        Self {
            hostile_llr: llr(FIRE_ACCURACY, says_hostile),
            wreck_llr: llr(IDENTIFICATION_ACCURACY, false),
            target: Some(weapon),
            domain: Some(Domain::Land),
            view,
        }
    }

    /// A transponder's own claim to be a harmless ship.
    #[must_use]
    pub fn claimed_neutral(target: TargetClass) -> Self {
        Self {
            hostile_llr: llr(IDENTIFICATION_ACCURACY, false),
            wreck_llr: 0.0,
            target: Some(target),
            domain: Some(Domain::Surface),
            view: View::CLAIM,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{DrawKey, Stream};

    /// Two looks of 0.8 from even odds give 0.9412 (Bayes).
    #[test]
    fn two_recognitions_give_the_bayes_posterior() {
        let odds = 2.0 * llr(RECOGNITION_ACCURACY, true);
        let posterior = 1.0 / (1.0 + math::exp(-odds));
        assert!((posterior - 0.9412).abs() < 1e-4, "{posterior}");
    }

    #[test]
    fn a_view_changes_with_sensor_level_and_range_octave() {
        let view = View::new(0, Level::Recognition, 1500.0);
        assert_eq!(view, View::new(0, Level::Recognition, 1100.0));
        for other in [
            View::new(1, Level::Recognition, 1500.0),
            View::new(0, Level::Identification, 1500.0),
            View::new(0, Level::Recognition, 2100.0),
            View::DEED,
        ] {
            assert_ne!(view, other);
        }
    }

    #[test]
    fn a_view_says_what_it_was_made_from() {
        let view = View::new(2, Level::Recognition, 1500.0);
        assert_eq!(view.words(), "sensor 2, recognition within 2048 m");
        assert_eq!(
            View::new(0, Level::Detection, 1.0).words(),
            "sensor 0, detection within 2 m"
        );
        assert_eq!(View::DEED.words(), "by what it did");
        assert_eq!(
            View::signal(1, Source::Radar).words(),
            "direction finder 1, the signal of a radar"
        );
        assert_eq!(
            View::fire(2).words(),
            "weapon-locating radar 2, shells in flight"
        );
        assert!(
            View::fire(2).is_of_fire() && !View::DEED.is_of_fire() && !View::CLAIM.is_of_fire()
        );
        assert!(!View::signal(2, Source::Radio).is_of_fire());
    }

    #[test]
    fn a_signal_says_little_of_whose_it_is_and_that_it_lives() {
        let view = View::signal(0, Source::Jammer);
        let right = Evidence::overheard(true, (view, 0.69));
        let mistaken = Evidence::overheard(true, (view, 0.71));
        // Odds of seven to three.
        assert!((right.hostile_llr - 0.847_298).abs() < 1e-6, "{right:?}");
        assert!((right.hostile_llr + mistaken.hostile_llr).abs() < 1e-12);
        assert!(right.wreck_llr < -2.9 && right.target.is_none() && right.domain.is_none());
    }

    #[test]
    fn the_dead_are_taken_for_dead_the_oftener_the_more_they_look_it() {
        let share = |appearance| {
            let subject = Subject {
                is_hostile: true,
                appearance,
                target: TargetClass::Heavy,
                domain: Domain::Land,
            };
            let says = |n: u64| {
                let mut draws = DrawKey::new(Stream::Assessment, 4, 5, n).draws(11);
                let view = (View::default(), 0.5);
                Evidence::observe(Level::Recognition, &subject, view, &mut draws).wreck_llr > 0.0
            };
            (0..10_000).filter(|n| says(*n)).count() as f64 / 10_000.0
        };
        let kinds = [
            (Appearance::Whole, 0.1),
            (Appearance::Disarmed, 0.15),
            (Appearance::Lame, 0.25),
            (Appearance::Lifeless, 0.6),
            (Appearance::Wreck, 0.9),
        ];
        for (appearance, want) in kinds {
            // Four standard errors of a proportion of a half in 10,000 at most.
            let found = share(appearance);
            assert!((found - want).abs() < 0.02, "{appearance:?}: {found}");
        }
    }

    #[test]
    fn observers_are_right_as_often_as_stated() {
        let subject = Subject {
            is_hostile: true,
            appearance: Appearance::Whole,
            target: TargetClass::Heavy,
            domain: Domain::Land,
        };
        let right = |n: u64| {
            let judgement = DrawKey::new(Stream::Identification, 4, 5, n).uniform(11);
            let mut draws = DrawKey::new(Stream::Assessment, 4, 5, n).draws(11);
            let view = (View::default(), judgement);
            Evidence::observe(Level::Recognition, &subject, view, &mut draws).hostile_llr > 0.0
        };
        let share = (0..10_000).filter(|n| right(*n)).count() as f64 / 10_000.0;
        assert!(
            (share - RECOGNITION_ACCURACY).abs() < 4.0 * 0.004,
            "{share}"
        );
    }
}
