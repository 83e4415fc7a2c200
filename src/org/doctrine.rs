//! How a force fights and how its desks decide, as data.

use serde::{Deserialize, Serialize};

use super::vocabulary::{Emcon, OnContact, Patience, Posture, ServiceTime};
use crate::kernel::{
    dist,
    random::{DrawKey, Stream},
};

/// How a force fights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doctrine {
    /// Id.
    pub id: String,
    /// Weapons control status.
    pub posture: Posture,
    /// Least confidence of hostile identification to propose an engagement, 0 to 1.
    pub engage_confidence: f64,
    /// Largest standard deviation of a track's position to propose an engagement, in metres.
    pub engage_sigma_max_m: f64,
    /// Most rounds on one target.
    pub rounds_per_target_max: u32,
    /// Share of a force's units lost at which the rest break off and return, 0 to 1; 1 is never.
    #[serde(default = "Doctrine::break_off_default")]
    pub break_off_fraction: f64,
    /// Time between two plannings of a command post, in seconds; news replans sooner.
    #[serde(default = "Doctrine::plan_interval_default")]
    pub plan_interval_s: f64,
    /// What units may radiate until they are ordered otherwise.
    #[serde(default)]
    pub emcon: Emcon,
    /// What units on the move do when they are fired upon.
    #[serde(default)]
    pub on_contact: OnContact,
    /// How long a unit that sought cover or broke contact stays there, in seconds.
    #[serde(default = "Doctrine::contact_wait_default")]
    pub contact_wait_s: f64,
    /// How long a force consolidates on an objective that it has secured, in seconds.
    #[serde(default)]
    pub consolidate_s: f64,
    /// Worth of a target that radiates, relative to the same target that does not: above 1 hunts
    /// emitters.
    #[serde(default = "Doctrine::emitter_worth_default")]
    pub emitter_worth: f64,
    /// Detour that a wary unit takes to be detected once less, in seconds; 0 keeps it a fixed distance
    /// from believed hostile tracks.
    #[serde(default)]
    pub exposure_price_s: f64,
}

impl Doctrine {
    /// The break-off fraction of a doctrine that names none: fight on.
    fn break_off_default() -> f64 {
        1.0
    }

    /// The wait of a doctrine that names none, in seconds (notional, 60 to 300).
    fn contact_wait_default() -> f64 {
        120.0
    }

    /// The worth of emitters in a doctrine that names none: as any other target.
    fn emitter_worth_default() -> f64 {
        1.0
    }

    /// The planning interval of a doctrine that names none, in seconds.
    fn plan_interval_default() -> f64 {
        30.0
    }
}

impl Default for Doctrine {
    /// What a force without a doctrine does: it fires on nothing that has not fired first.
    fn default() -> Self {
        Self {
            id: "none".into(),
            posture: Posture::WeaponsHold,
            engage_confidence: 0.95,
            engage_sigma_max_m: 50.0,
            rounds_per_target_max: 4,
            break_off_fraction: Self::break_off_default(),
            plan_interval_s: Self::plan_interval_default(),
            emcon: Emcon::Free,
            on_contact: OnContact::Press,
            contact_wait_s: Self::contact_wait_default(),
            consolidate_s: 0.0,
            emitter_worth: Self::emitter_worth_default(),
            exposure_price_s: 0.0,
        }
    }
}

/// A desk at which humans authorise engagements; the only way to an effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskRules {
    /// Id of the unit it stands at; that unit must have the role `Command`.
    pub at: String,
    /// People who decide at the same time.
    pub operators: u32,
    /// Time for one decision.
    pub service: ServiceTime,
    /// Least confidence of hostile identification that is approved, 0 to 1.
    pub accept_confidence: f64,
    /// How long an authorisation holds, in seconds.
    pub authorisation_valid_s: f64,
    /// How long a proposal waits before it lapses, in seconds.
    pub proposal_valid_s: f64,
    /// Whether that is the same for all, or the mean of a drawn time.
    #[serde(default)]
    pub patience: Patience,
    /// Time without a word from the desk after which a shooter holds its leave for void, in seconds.
    #[serde(default = "DeskRules::lost_link_default")]
    pub lost_link_s: f64,
}

impl DeskRules {
    /// How long a proposal waits on the desk of a unit before it lapses, s, in the run with this seed.
    #[must_use]
    pub fn patience_s(&self, seed: u64, desk: u64, proposal: u64) -> f64 {
        match self.patience {
            Patience::Fixed => self.proposal_valid_s,
            Patience::Exponential => {
                let mut draws = DrawKey::new(Stream::Patience, desk, proposal, 0).draws(seed);
                dist::exponential(&mut draws, self.proposal_valid_s)
            }
        }
    }

    /// The lost-link time of a desk that names none, in seconds (notional, 30 to 120).
    fn lost_link_default() -> f64 {
        60.0
    }
}
