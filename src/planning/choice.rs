//! Who gets what at a post, as its side's planner chooses. See [`choose`].

use super::{
    algo::matching::{Matched, Matching},
    auction,
};
use crate::{
    kernel::assignment::{Assigner, AssignmentError},
    org::Planner,
};

/// The choice of a planner that decides at the post: greedily, exactly, or as agents of the bidders
/// would over an ideal network.
///
/// # Errors
/// Where a worth is not a finite number.
pub(super) fn choose(
    planner: Planner,
    problem: &Matching,
    assigner: &mut Assigner,
) -> Result<Matched, AssignmentError> {
    match planner {
        Planner::Greedy => Ok(problem.greedy()),
        Planner::Cbba | Planner::Acbba => Ok(auction::consensus(problem, planner)),
        _ => problem.exact(assigner),
    }
}

/// The greatest worth that a question has, for the tally; nothing where a worth is not a number.
pub(super) fn best(
    planner: Planner,
    problem: &Matching,
    matched: &Matched,
    assigner: &mut Assigner,
) -> f64 {
    match planner {
        Planner::Exact | Planner::Oracle => matched.objective,
        _ => problem.exact(assigner).map_or(0.0, |it| it.objective),
    }
}
