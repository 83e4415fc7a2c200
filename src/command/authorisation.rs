//! Where leave to fire is given: the only place that makes a [`FireOrder`].

use crate::{
    engagement::{Authorisation, FireOrder},
    kernel::{ids::UnitIx, time::SimTime},
    org::DeskRules,
    planning::proposal::Proposal,
};

/// Least radius of the area of an authorisation, m.
const AREA_MIN_M: f64 = 150.0;

/// Speed by which the area may be wrong about where the target goes, m/s (notional, 5 to 30).
const AREA_GROWTH_M_S: f64 = 10.0;

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
