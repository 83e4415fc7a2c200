//! Where leave to fire is given: the only place that makes a [`FireOrder`] or a [`DefenceOrder`].

use super::defence::Seen;
use crate::{
    engagement::{Authorisation, DefenceOrder, FireOrder, TrackRef},
    kernel::{ids::UnitIx, time::SimTime},
    org::DeskRules,
    planning::proposal::Proposal,
    platform::{class::DefenceSpec, stores::EffectorIx},
};

/// Least radius of the area of an authorisation, m.
const AREA_MIN_M: f64 = 150.0;

/// Speed by which the area may be wrong about where the target goes, m/s (notional, 5 to 30).
const AREA_GROWTH_M_S: f64 = 10.0;

/// Least radius of the area of leave for a munition in flight, m (notional, 100 to 500).
const MUNITION_AREA_M: f64 = 200.0;

/// Speed by which a munition may leave its straight way, m/s (notional, 10 to 60).
const MUNITION_GROWTH_M_S: f64 = 30.0;

/// Confidence that what flies at a crew and answers to no friend's call is hostile (notional, 0.9 to
/// 0.99).
const INBOUND_CONFIDENCE: f64 = 0.95;

/// The order that follows when a person of a crew has just allowed its weapon to fire at a munition:
/// the number of the case and which of the crew's cases about this munition it is, from zero; the unit,
/// the weapon and the munition; what the crew knows of it, and the rules of the weapon.
#[must_use]
pub fn authorise_defence(
    (number, case): (u64, u16),
    (unit, effector, munition): (UnitIx, EffectorIx, u64),
    (seen, spec): (&Seen, &DefenceSpec),
    now: SimTime,
) -> DefenceOrder {
    let valid_s = spec.valid_s.value();
    let authorisation = Authorisation {
        id: number,
        desk: unit,
        track: TrackRef {
            node: unit,
            number: seen.looks,
        },
        confidence: INBOUND_CONFIDENCE,
        shooter: unit,
        effector,
        shots: spec.shots_max,
        centre: seen.at(now),
        drift: seen.velocity,
        radius_m: (3.0 * seen.sigma_m).max(MUNITION_AREA_M) + MUNITION_GROWTH_M_S * valid_s,
        given: now,
        until: now.plus_s(valid_s),
        // Whoever gives it stands beside the weapon.
        lost_link_s: valid_s,
    };
    DefenceOrder::new(authorisation, (munition, case), seen.last)
}

/// The order that follows from a proposal which an operator of this desk has just allowed.
#[must_use]
pub fn authorise(proposal: &Proposal, desk: UnitIx, rules: &DeskRules, now: SimTime) -> FireOrder {
    let drift = proposal.velocity;
    let centre = proposal.position + drift * now.since_s(proposal.as_of);
    let radius_m =
        (3.0 * proposal.sigma_m).max(AREA_MIN_M) + AREA_GROWTH_M_S * rules.authorisation_valid_s;
    let authorisation = Authorisation {
        id: proposal.id,
        desk,
        track: proposal.track,
        confidence: proposal.confidence,
        shooter: proposal.shooter,
        effector: proposal.effector,
        shots: proposal.shots,
        centre,
        drift,
        radius_m,
        given: now,
        until: now.plus_s(rules.authorisation_valid_s),
        lost_link_s: rules.lost_link_s,
    };
    FireOrder::new(
        authorisation,
        (proposal.target, proposal.domain, proposal.sigma_m),
        proposal.post,
        proposal.tag,
    )
}
