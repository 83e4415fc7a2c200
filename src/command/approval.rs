//! What a simulated operator weighs before giving leave, as a pure function of what the adjudication
//! log keeps. See [`Appraisal`].

use serde::{Deserialize, Serialize};

/// Share of cases in which an attentive operator refuses what the rules would allow (notional, 0 to
/// 0.1).
pub const CAUTION: f64 = 0.02;

/// What the desk itself believes of the track that it is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OwnBelief {
    /// Confidence that it is hostile, 0 to 1.
    pub confidence: f64,
    /// Whether it is believed to be a wreck.
    pub is_wreck: bool,
}

/// All that the answer of a simulated operator follows from, but the draw.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Appraisal {
    /// Confidence of hostile identification in the proposal, 0 to 1.
    pub confidence: f64,
    /// Least confidence that the desk approves, 0 to 1.
    pub accept_confidence: f64,
    /// The desk's own belief; none if it has no such track.
    pub own: Option<OwnBelief>,
    /// Believed distance from the aim to the nearest friend, or thing identified as not hostile, m;
    /// none if the desk knows of none.
    pub protected_m: Option<f64>,
    /// Distance from the aim within which there must be none of them, m.
    pub clear_m: f64,
    /// Whether the aim lies in a no-fire area, in a restricted one for shells, or across a boundary.
    pub is_forbidden: bool,
    /// Share of sound cases that are refused all the same.
    pub caution: f64,
}

/// Why a simulated operator answers as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing spoke against it: yes.
    Sound,
    /// An area or boundary forbids fire at the aim: no.
    Forbidden,
    /// A friend or somebody who is not hostile is believed to be too close: no.
    Endangers,
    /// The identification in the proposal is not sure enough: no.
    Unsure,
    /// The desk has no such track: no.
    NoTrack,
    /// The desk believes it to be a wreck: no.
    Wreck,
    /// The desk itself is less sure than the proposal: no.
    OwnUnsure,
    /// The rules allowed it, and the operator refused all the same: no.
    Caution,
}

impl Reason {
    /// Whether leave is given.
    #[must_use]
    pub const fn is_yes(self) -> bool {
        matches!(self, Self::Sound)
    }

    /// The reason in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sound => "nothing spoke against it",
            Self::Forbidden => "a no-fire area, a restricted one or a boundary forbade it",
            Self::Endangers => "somebody who is not to be hit was believed to be too close",
            Self::Unsure => "the identification was not sure enough",
            Self::NoTrack => "the desk had no such track any more",
            Self::Wreck => "the desk believed it to be a wreck",
            Self::OwnUnsure => "the desk's own identification was not sure enough",
            Self::Caution => "the rules allowed it, the operator did not",
        }
    }
}

/// Whether the nearest of those who are not to be hit is too close.
#[must_use]
pub fn endangers(protected_m: Option<f64>, clear_m: f64) -> bool {
    protected_m.is_some_and(|distance_m| distance_m < clear_m)
}

impl Appraisal {
    /// The answer that belongs to a uniform number in [0, 1).
    #[must_use]
    pub fn answer(&self, uniform: f64) -> Reason {
        if self.is_forbidden {
            return Reason::Forbidden;
        }
        if endangers(self.protected_m, self.clear_m) {
            return Reason::Endangers;
        }
        // Not `<`: a confidence that is no number is none.
        let is_sure = |confidence: f64| confidence >= self.accept_confidence;
        if !is_sure(self.confidence) {
            return Reason::Unsure;
        }
        match self.own {
            None => Reason::NoTrack,
            Some(own) if own.is_wreck => Reason::Wreck,
            Some(own) if !is_sure(own.confidence) => Reason::OwnUnsure,
            Some(_) if uniform < self.caution => Reason::Caution,
            Some(_) => Reason::Sound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A case that nothing speaks against.
    fn sound() -> Appraisal {
        Appraisal {
            confidence: 0.95,
            accept_confidence: 0.9,
            own: Some(OwnBelief {
                confidence: 0.93,
                is_wreck: false,
            }),
            protected_m: Some(400.0),
            clear_m: 150.0,
            is_forbidden: false,
            caution: CAUTION,
        }
    }

    #[test]
    fn each_reason_is_enough_for_a_no() {
        let own = |confidence, is_wreck| {
            Some(OwnBelief {
                confidence,
                is_wreck,
            })
        };
        let cases = [
            (sound(), 0.5, Reason::Sound),
            (sound(), CAUTION, Reason::Sound),
            (sound(), 0.019, Reason::Caution),
            (
                Appraisal {
                    is_forbidden: true,
                    ..sound()
                },
                0.5,
                Reason::Forbidden,
            ),
            (
                Appraisal {
                    protected_m: Some(149.9),
                    ..sound()
                },
                0.5,
                Reason::Endangers,
            ),
            (
                Appraisal {
                    confidence: 0.89,
                    ..sound()
                },
                0.5,
                Reason::Unsure,
            ),
            (
                Appraisal {
                    own: None,
                    ..sound()
                },
                0.5,
                Reason::NoTrack,
            ),
            (
                Appraisal {
                    own: own(0.99, true),
                    ..sound()
                },
                0.5,
                Reason::Wreck,
            ),
            (
                Appraisal {
                    own: own(0.5, false),
                    ..sound()
                },
                0.5,
                Reason::OwnUnsure,
            ),
        ];
        for (case, uniform, want) in cases {
            let reason = case.answer(uniform);
            assert_eq!(reason, want, "{case:?}");
            assert_eq!(reason.is_yes(), want == Reason::Sound);
        }
    }
}
