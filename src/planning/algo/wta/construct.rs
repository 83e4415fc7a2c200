//! First plans: greedy, and layers of linear assignment.

use super::instance::Instance;
use super::plan::Plan;
use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::budget::Budget;

/// The best target of a weapon by marginal gain, with the gain; the lower index wins a tie.
fn best_target(instance: &Instance, plan: &Plan, weapon: usize) -> (usize, f64) {
    let chances = instance.chances(weapon).iter().zip(plan.surviving());
    let mut best = (0, f64::NEG_INFINITY);
    for (target, (p, left)) in chances.enumerate() {
        if p * left > best.1 {
            best = (target, p * left);
        }
    }
    best
}

/// Adds shots one by one, always the one with the largest marginal gain (maximum marginal return,
/// den Broeder, Ellison, Emerling 1959), until the shots are used up or none gains. It is the least
/// that there is to answer with, so it takes from the budget but does not stop for it.
pub(super) fn greedy(instance: &Instance, plan: &mut Plan, budget: &mut dyn Budget) {
    let mut best: Vec<(usize, f64)> = (0..instance.weapons())
        .map(|weapon| best_target(instance, plan, weapon))
        .collect();
    let row = instance.targets() as u64;
    budget.spend(row * instance.weapons() as u64);
    loop {
        let ready = best.iter().enumerate().filter(|&(w, _)| plan.left()[w] > 0);
        let most = ready.fold(
            None,
            |most: Option<(usize, f64)>, (w, &(_, gain))| match most {
                Some((_, g)) if g >= gain => most,
                _ => Some((w, gain)),
            },
        );
        let Some((weapon, _)) = most.filter(|&(_, gain)| gain > 0.0) else {
            return;
        };
        let target = best[weapon].0;
        plan.add(instance, target, weapon);
        let mut work = instance.weapons() as u64;
        for (other, entry) in best.iter_mut().enumerate() {
            // Only this target has become worth less, so the others' best targets stay the best.
            if entry.0 == target {
                *entry = best_target(instance, plan, other);
                work += row;
            }
        }
        budget.spend(work);
    }
}

/// An exact assignment of single shots to targets.
pub(super) struct Layer {
    /// Target of each shot that gains something.
    pub(super) targets: Vec<Option<usize>>,
    /// What each shot is worth, at least zero.
    pub(super) worth: Vec<f64>,
}

/// Linear assignment with its buffers.
#[derive(Debug, Default)]
pub(super) struct Layering {
    assigner: Assigner,
    costs: Vec<f64>,
}

impl Layering {
    /// At most one of these shots to each target and at most one target to each shot, so that the
    /// sum of the gains is greatest. `surviving` is each target's value before. The matrix is padded
    /// to a square one with pairs that gain nothing, on which the assignment is several times as
    /// fast.
    pub(super) fn assign(
        &mut self,
        instance: &Instance,
        weapons: &[usize],
        surviving: &[f64],
    ) -> Option<Layer> {
        let (rows, cols) = (weapons.len(), instance.targets());
        let side = rows.max(cols);
        self.costs.clear();
        for &weapon in weapons {
            let gains = instance.chances(weapon).iter().zip(surviving);
            self.costs.extend(gains.map(|(p, left)| -p * left));
            self.costs.resize(self.costs.len() + side - cols, 0.0);
        }
        self.costs.resize(side * side, 0.0);
        let problem = Costs::new(side, side, &self.costs).ok()?;
        let found = self.assigner.solve(&problem, None).ok()?;
        let gains = |row: usize, col: usize| col < cols && problem.at(row, col) < 0.0;
        let targets = found.row_to_col[..rows].iter().enumerate();
        Some(Layer {
            targets: targets
                .map(|(row, col)| col.filter(|&c| gains(row, c)))
                .collect(),
            worth: found.row_dual[..rows]
                .iter()
                .map(|dual| (-dual).max(0.0))
                .collect(),
        })
    }

    /// About the work of an assignment, in visits of a pair.
    pub(super) fn work(instance: &Instance, shots: usize) -> u64 {
        let side = instance.targets().max(shots) as u64;
        8 * side * side
    }
}

/// Shots that are left, one entry each.
pub(super) fn idle_shots(plan: &Plan) -> impl Iterator<Item = usize> {
    let left = plan.left().iter().enumerate();
    left.flat_map(|(w, &left)| (0..left).map(move |_| w))
}

/// Adds layers of shots until none gains: each layer gives every target at most one more shot so
/// that the sum of the marginal gains is greatest, which is a linear assignment. Returns the prices
/// of weapons if one layer was enough.
pub(super) fn layers(
    instance: &Instance,
    plan: &mut Plan,
    layering: &mut Layering,
    budget: &mut dyn Budget,
) -> Option<Vec<f64>> {
    let mut prices = None;
    for depth in 0_usize.. {
        let weapons: Vec<usize> = idle_shots(plan).collect();
        // The first layer is the least that there is to answer with.
        let may = budget.spend(Layering::work(instance, weapons.len())) || depth == 0;
        if weapons.is_empty() || !may {
            break;
        }
        let Some(layer) = layering.assign(instance, &weapons, plan.surviving()) else {
            break;
        };
        if layer.targets.iter().all(Option::is_none) {
            break;
        }
        let mut worth = vec![0.0_f64; instance.weapons()];
        for (shot, &weapon) in weapons.iter().enumerate() {
            worth[weapon] = worth[weapon].max(layer.worth[shot]);
            if let Some(target) = layer.targets[shot] {
                plan.add(instance, target, weapon);
            }
        }
        prices = (depth == 0).then_some(worth);
    }
    prices
}
