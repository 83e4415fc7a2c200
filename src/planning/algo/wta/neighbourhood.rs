//! Very large neighbourhood: one shot of every target is reassigned at once, exactly.
//!
//! Take one shot from every target, keep the others where they are, and give the shots taken and
//! the shots left over to targets, at most one each, so that the sum of what they gain is greatest:
//! a linear assignment. The plan before is one of its solutions, so no step makes it worse; the
//! neighbourhood holds all cyclic exchanges of those shots.

use super::construct::{Layering, idle_shots};
use super::improve::local_search;
use super::instance::Instance;
use super::plan::Plan;
use crate::kernel::budget::Budget;
use crate::kernel::random::Draws;
use rand::RngExt as _;

/// Steps with random shots until `patience` of them in a row have not improved the plan. False when
/// the budget is used up.
pub(super) fn large_steps(
    instance: &Instance,
    plan: &mut Plan,
    layering: &mut Layering,
    draws: &mut Draws,
    patience: usize,
    budget: &mut dyn Budget,
) -> bool {
    let mut quiet = 0;
    while quiet < patience {
        let before = plan.value();
        if !step(instance, plan, layering, draws, budget) {
            return false;
        }
        if plan.value() < before * (1.0 - 1e-12) {
            quiet = 0;
            if !local_search(instance, plan, budget) {
                return false;
            }
        } else {
            quiet += 1;
        }
    }
    true
}

/// One step. False when the budget is used up.
fn step(
    instance: &Instance,
    plan: &mut Plan,
    layering: &mut Layering,
    draws: &mut Draws,
    budget: &mut dyn Budget,
) -> bool {
    let mut rows = Vec::new();
    let mut reduced = plan.clone();
    for target in 0..instance.targets() {
        let count = plan.shots()[target].len();
        if count > 0 {
            let at = draws.random_range(0..count);
            rows.push(reduced.remove(instance, target, at));
        }
    }
    rows.extend(idle_shots(plan).take(instance.targets()));
    if !budget.spend(Layering::work(instance, rows.len())) {
        return false;
    }
    let Some(layer) = layering.assign(instance, &rows, reduced.surviving()) else {
        return true;
    };
    for (&weapon, target) in rows.iter().zip(&layer.targets) {
        if let Some(target) = *target {
            reduced.add(instance, target, weapon);
        }
    }
    if reduced.value() < plan.value() {
        *plan = reduced;
    }
    true
}
