//! The whole check of a set of plans.

use std::collections::BTreeSet;

use super::limits::Limits;
use super::timeline::{PATH_MAX_M, Timeline};
use super::world::World;
use super::{rules, separation, stand_off};
use crate::kernel::finding::Finding;
use crate::plan::MissionPlan;
use crate::plan::flaw::flaws;

/// Everything that speaks against letting these plans out together, sorted by unit and code. The
/// `file` of a finding is the unit's id. A plan with flaws of its own is not looked at further.
///
/// Plans that are executed at the same time belong into one call, whoever they are for: separation
/// is checked between all of them.
#[must_use]
pub fn check(plans: &[MissionPlan], world: &World<'_>, limits: &Limits) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut units = BTreeSet::new();
    let mut ways = Vec::with_capacity(plans.len());
    for plan in plans {
        if !units.insert(&plan.unit) {
            let cause = "there are two plans for this unit";
            findings.push(Finding::error(
                "P1110",
                &plan.unit,
                cause,
                "keep one of them",
            ));
        }
        let flaws = flaws(plan);
        if !flaws.is_empty() {
            findings.extend(flaws.iter().map(|flaw| {
                Finding::error(flaw.code(), &plan.unit, flaw.to_string(), flaw.cure())
            }));
            continue;
        }
        let Some(way) = Timeline::of(plan, world.ground, limits) else {
            let cause = format!("the path is longer than {:.0} km", PATH_MAX_M / 1000.0);
            findings.push(Finding::error("P1109", &plan.unit, cause, "split the plan"));
            continue;
        };
        rules::check(plan, &way, world, limits, &mut findings);
        stand_off::check(plan, &way, world.tracks, limits, &mut findings);
        ways.push((plan, way));
    }
    separation::check(&ways, limits, &mut findings);
    findings.sort();
    findings.dedup();
    findings
}
