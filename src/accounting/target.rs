//! What one side made of one target, on one line: what times are analysed from. See
//! [`TargetRecord`].

use serde::{Deserialize, Serialize};

use super::stats::Outcome;

/// What ended a side's chance on a target, or would have, whatever had been done to it by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It was destroyed, by whomever.
    Killed,
    /// The last proposal or authorisation to engage it ran out or was refused.
    Expired,
    /// Its track was lost and not found again.
    Lost,
    /// It left the map, or the reach of every sensor for good.
    Left,
    /// The run ended first.
    Open,
}

impl Fate {
    /// All fates.
    pub const ALL: [Self; 5] = [
        Self::Killed,
        Self::Expired,
        Self::Lost,
        Self::Left,
        Self::Open,
    ];

    /// Name in tables.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Expired => "expired",
            Self::Lost => "lost",
            Self::Left => "left",
            Self::Open => "open",
        }
    }

    /// The fate of a name in tables.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fate| fate.key() == key)
    }

    /// How an episode ends by it.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Killed => Outcome::Killed,
            Self::Expired => Outcome::Expired,
            Self::Lost => Outcome::Lost,
            Self::Left => Outcome::Left,
            Self::Open => Outcome::Censored,
        }
    }
}

/// What one side made of one target that became detectable. All times are seconds since the run
/// began; none where it did not come to that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetRecord {
    /// The target's unit id.
    pub target: String,
    /// A sensor of the side first had a fair chance to detect it: the target is at risk from here.
    pub first_detectable_s: f64,
    /// First detection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected_s: Option<f64>,
    /// First confirmed track.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracked_s: Option<f64>,
    /// The track first reached a node that decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_s: Option<f64>,
    /// First proposal to engage it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_s: Option<f64>,
    /// First authorisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorised_s: Option<f64>,
    /// First shot at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engaged_s: Option<f64>,
    /// First harm that a shot of the side did to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect_s: Option<f64>,
    /// First assessment of an engagement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessed_s: Option<f64>,
    /// What ended the chance on it.
    pub fate: Fate,
    /// When that was; the end of the run for [`Fate::Open`].
    pub fate_s: f64,
    /// When the run ended, and with it what is known of the target.
    pub end_s: f64,
}
