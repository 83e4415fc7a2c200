//! What an order to fire is, who allowed it, and what is said of it later. See [`FireOrder`],
//! [`Authorisation`] and [`Renewal`].

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{ids::UnitIx, scoring::ScoringTag, time::SimTime},
    platform::{
        class::{Domain, TargetClass},
        stores::EffectorIx,
    },
    wire::{Detail, MessageClass, Payload},
};

/// A track as its holder numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TrackRef {
    /// Who holds it.
    pub node: UnitIx,
    /// Its number there.
    pub number: u32,
}

/// A human's leave to engage one track with one effector in one area until a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Authorisation {
    /// Number, unique in a run.
    pub id: u64,
    /// Desk whose operator gave it.
    pub desk: UnitIx,
    /// For which track.
    pub track: TrackRef,
    /// Confidence of hostile identification that the operator saw, 0 to 1.
    pub confidence: f64,
    /// Who may fire.
    pub shooter: UnitIx,
    /// With what.
    pub effector: EffectorIx,
    /// Most shots.
    pub shots: u32,
    /// Middle of the area as of `given`, m; it moves with the track.
    pub centre: DVec2,
    /// Velocity of the area, m/s.
    pub drift: DVec2,
    /// Radius of the area, m.
    pub radius_m: f64,
    /// When it was given.
    pub given: SimTime,
    /// When it ends.
    pub until: SimTime,
    /// Time without a word from the desk after which the shooter itself holds it for void, s.
    pub lost_link_s: f64,
}

impl Authorisation {
    /// Whether it allows a shot at a place and time.
    #[must_use]
    pub fn allows(&self, aim: DVec2, at: SimTime) -> bool {
        let centre = self.centre + self.drift * at.since_s(self.given);
        (self.given..=self.until).contains(&at) && centre.distance(aim) <= self.radius_m
    }
}

/// Where a target is believed to be and to go.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Aim {
    /// Position as of `as_of`, m.
    pub position: DVec2,
    /// Velocity, m/s.
    pub velocity: DVec2,
    /// Deviation of the position, m.
    pub sigma_m: f64,
    /// Time of all that.
    pub as_of: SimTime,
}

impl Aim {
    /// Where to aim at a time, m.
    #[must_use]
    pub fn at(&self, at: SimTime) -> DVec2 {
        self.position + self.velocity * at.since_s(self.as_of)
    }
}

/// An order to fire: an authorisation with what the shooter needs to aim.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FireOrder {
    authorisation: Authorisation,
    target: TargetClass,
    domain: Domain,
    sigma_m: f64,
    answer_to: UnitIx,
    tag: ScoringTag,
}

impl FireOrder {
    /// Makes an order of an authorisation. Only `command::authorisation` calls this; the
    /// architecture test says so.
    #[must_use]
    pub fn new(
        authorisation: Authorisation,
        (target, domain, sigma_m): (TargetClass, Domain, f64),
        answer_to: UnitIx,
        tag: ScoringTag,
    ) -> Self {
        Self {
            authorisation,
            target,
            domain,
            sigma_m,
            answer_to,
            tag,
        }
    }

    /// Who allowed it.
    #[must_use]
    pub fn authorisation(&self) -> &Authorisation {
        &self.authorisation
    }

    /// What kind of target it is believed to be.
    #[must_use]
    pub fn target(&self) -> TargetClass {
        self.target
    }

    /// Where the target is believed to move.
    #[must_use]
    pub fn domain(&self) -> Domain {
        self.domain
    }

    /// Post that wants to hear what came of it.
    #[must_use]
    pub fn answer_to(&self) -> UnitIx {
        self.answer_to
    }

    /// For scoring.
    #[must_use]
    pub fn tag(&self) -> ScoringTag {
        self.tag
    }

    /// Where to aim by what was known when the order was given.
    #[must_use]
    pub fn aim(&self) -> Aim {
        Aim {
            position: self.authorisation.centre,
            velocity: self.authorisation.drift,
            sigma_m: self.sigma_m,
            as_of: self.authorisation.given,
        }
    }
}

/// Age of the last look at a munition up to which a crew believes in it, s (notional, 3 to 15).
pub const STALE_S: f64 = 10.0;

/// A crew's leave to fire at one munition in flight: an authorisation of a person of that crew, for
/// this munition, this weapon, an area that moves with the munition, and a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DefenceOrder {
    authorisation: Authorisation,
    munition: u64,
    /// Which of the crew's cases about this munition led to it, from zero.
    case: u16,
    /// When the crew last saw it.
    seen: SimTime,
}

impl DefenceOrder {
    /// Makes an order of an authorisation. Only `command::authorisation` calls this; the architecture
    /// test says so. `case` tells which of the crew's cases about this munition led to it, from zero;
    /// `seen` when the crew last saw it.
    #[must_use]
    pub fn new(authorisation: Authorisation, (munition, case): (u64, u16), seen: SimTime) -> Self {
        Self {
            authorisation,
            munition,
            case,
            seen,
        }
    }

    /// Who allowed it.
    #[must_use]
    pub fn authorisation(&self) -> &Authorisation {
        &self.authorisation
    }

    /// Number of the munition.
    #[must_use]
    pub fn munition(&self) -> u64 {
        self.munition
    }

    /// Which of the crew's cases about this munition led to it, from zero.
    #[must_use]
    pub fn case(&self) -> u16 {
        self.case
    }

    /// When the crew had last seen the munition as leave was given.
    #[must_use]
    pub fn seen(&self) -> SimTime {
        self.seen
    }
}

/// A crew has just seen a munition in flight with its own sensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighted {
    /// Whose crew.
    pub unit: UnitIx,
    /// The munition.
    pub munition: u64,
    /// When.
    pub at: SimTime,
}

impl Payload for FireOrder {
    const CLASS: MessageClass = MessageClass::Authorisation;
    const KIND: u8 = 3;

    /// Read back word for word: nothing is lost.
    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// The desk's word that leave still holds, with where it believes the target to be by now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Renewal {
    /// Which.
    pub authorisation: u64,
    /// Where to aim.
    pub aim: Aim,
}

impl Payload for Renewal {
    const CLASS: MessageClass = MessageClass::Authorisation;
    const KIND: u8 = 8;

    /// Read back word for word: nothing is lost.
    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// Takes an authorisation back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// Which.
    pub authorisation: u64,
}

impl Payload for Recall {
    const CLASS: MessageClass = MessageClass::Authorisation;
    const KIND: u8 = 4;

    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// What a shooter tells of an order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FireReport {
    /// Which order.
    pub authorisation: u64,
    /// For which track.
    pub track: TrackRef,
    /// Shots fired.
    pub shots: u32,
    /// Rounds that these took.
    pub rounds: u32,
    /// When the last arrives.
    pub impact: SimTime,
}

impl Payload for FireReport {
    const CLASS: MessageClass = MessageClass::Fires;
    const KIND: u8 = 5;

    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}
