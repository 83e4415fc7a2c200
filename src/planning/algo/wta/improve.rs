//! Local search: single shots are added, shifted to another target, or swapped with another shot.

use super::instance::Instance;
use super::plan::Plan;
use crate::kernel::budget::Budget;

/// Improvements below this share of the plan's value are rounding.
const NEGLIGIBLE: f64 = 1e-13;

/// Repeats passes of all three moves until none improves or the budget is used up. False when the
/// budget is used up.
pub(super) fn local_search(instance: &Instance, plan: &mut Plan, budget: &mut dyn Budget) -> bool {
    loop {
        let before = plan.value();
        let may = add(instance, plan, budget)
            && shift(instance, plan, budget)
            && swap(instance, plan, budget);
        if !may {
            return false;
        }
        if plan.value() >= before * (1.0 - NEGLIGIBLE) {
            return true;
        }
    }
}

/// Every shot that is left goes where it gains most.
fn add(instance: &Instance, plan: &mut Plan, budget: &mut dyn Budget) -> bool {
    for weapon in 0..instance.weapons() {
        while plan.left()[weapon] > 0 {
            if !budget.spend(instance.targets() as u64) {
                return false;
            }
            let Some(target) = gains_most(instance, plan, weapon, None, 0.0) else {
                break;
            };
            plan.add(instance, target, weapon);
        }
    }
    true
}

/// The target at which one more shot of a weapon gains most, and more than `least`.
fn gains_most(
    instance: &Instance,
    plan: &Plan,
    weapon: usize,
    except: Option<usize>,
    least: f64,
) -> Option<usize> {
    let mut best = (None, least);
    let chances = instance.chances(weapon).iter().zip(plan.surviving());
    for (target, (p, left)) in chances.enumerate() {
        if p * left > best.1 && Some(target) != except {
            best = (Some(target), p * left);
        }
    }
    best.0
}

/// Every shot goes where it gains most, if that is more than where it is.
fn shift(instance: &Instance, plan: &mut Plan, budget: &mut dyn Budget) -> bool {
    let eps = plan.value() * NEGLIGIBLE;
    for target in 0..instance.targets() {
        let mut shot = 0;
        while shot < plan.shots()[target].len() {
            if !budget.spend(instance.targets() as u64) {
                return false;
            }
            let weapon = plan.shots()[target][shot];
            let loss = plan.without(instance, target, shot) - plan.surviving()[target];
            match gains_most(instance, plan, weapon, Some(target), loss + eps) {
                Some(other) => {
                    plan.remove(instance, target, shot);
                    plan.add(instance, other, weapon);
                }
                None => shot += 1,
            }
        }
    }
    true
}

/// Where a shot is, and what would survive there without it.
struct Shot {
    target: usize,
    weapon: usize,
    without: f64,
}

/// All shots of a plan, target by target.
fn all_shots(instance: &Instance, plan: &Plan) -> Vec<Shot> {
    let lists = plan.shots().iter().enumerate();
    lists
        .flat_map(|(target, list)| {
            list.iter().enumerate().map(move |(at, &weapon)| Shot {
                target,
                weapon,
                without: plan.without(instance, target, at),
            })
        })
        .collect()
}

/// Every pair of shots changes targets, if that gains.
fn swap(instance: &Instance, plan: &mut Plan, budget: &mut dyn Budget) -> bool {
    let eps = plan.value() * NEGLIGIBLE;
    let mut shots = all_shots(instance, plan);
    for first in 0..shots.len() {
        if !budget.spend((shots.len() - first) as u64 * 4) {
            return false;
        }
        while let Some(second) = swap_partner(instance, plan, &shots, first, eps) {
            let (a, b) = (&shots[first], &shots[second]);
            let (one, other) = (a.target, b.target);
            let (w, v) = (a.weapon, b.weapon);
            for (target, out) in [(one, w), (other, v)] {
                let at = plan.shots()[target].iter().position(|&x| x == out);
                plan.remove(instance, target, at.expect("the shot is in the list"));
            }
            plan.add(instance, one, v);
            plan.add(instance, other, w);
            shots[first].weapon = v;
            shots[second].weapon = w;
            for shot in shots
                .iter_mut()
                .filter(|s| s.target == one || s.target == other)
            {
                let list = &plan.shots()[shot.target];
                let at = list.iter().position(|&x| x == shot.weapon);
                let at = at.expect("the shot is in the list");
                shot.without = plan.without(instance, shot.target, at);
            }
        }
    }
    true
}

/// The first later shot with which a swap gains more than `eps`.
fn swap_partner(
    instance: &Instance,
    plan: &Plan,
    shots: &[Shot],
    first: usize,
    eps: f64,
) -> Option<usize> {
    let a = &shots[first];
    let here = instance.survivals(a.target);
    let mine = instance.chances(a.weapon);
    let surviving = plan.surviving();
    (first + 1..shots.len()).find(|&second| {
        let b = &shots[second];
        let after = a.without * here[b.weapon] + b.without * (1.0 - mine[b.target]);
        let now = surviving[a.target] + surviving[b.target];
        after < now - eps && a.target != b.target && a.weapon != b.weapon
    })
}
