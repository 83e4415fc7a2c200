//! An upper bound on every pairing: Lagrangian relaxation of "each round is fired once".
//!
//! With a price `l_i >= 0` per slot, no pairing is worth more than
//! `sum_i l_i + sum_j max_S [V_j (1 - prod_{i in S} (1 - p_ij)) - sum_{i in S} (c_ij + l_i)]`,
//! where `S` is any set of at most `cap_j` slots (Geoffrion 1974, "Lagrangean relaxation for
//! integer programming"; this is also the bound of the set-partitioning column generation). The
//! inner maximum is found by depth-first search under a concave fractional bound; where the search
//! would be long its fractional bound stands in, which keeps the total valid. Prices start from
//! the dual values of the first layer's assignment, which are the best ones where each target
//! takes one round, and follow Polyak's (1969) subgradient step towards the known objective.

use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::budget::WorkBudget;
use crate::kernel::math;
use crate::planning::algo::pairing::{PairingError, Slots};

/// Most subgradient steps.
const STEPS: u32 = 300;
/// Nodes of the search for one target's best set before the fractional bound stands in.
const NODES: u32 = 4000;
/// Closer than this share of the objective the bound is a proof.
const CLOSE: f64 = 1e-9;

/// A slot that can fire at the target in question.
#[derive(Clone, Copy, Debug)]
struct Item {
    /// Index of the slot.
    slot: usize,
    /// `-ln(1 - p)`, the exponent by which it lowers survival; finite.
    weight: f64,
    /// Chance that the target survives it.
    miss: f64,
    /// Its cost and its slot's price.
    price: f64,
}

/// The search for one target's best set.
struct Search<'a> {
    /// Slots by price per weight, cheapest first.
    items: &'a [Item],
    /// Best net worth so far.
    best: f64,
    /// The slots that reach it.
    set: Vec<usize>,
    /// Slots on the way to the current node.
    path: Vec<usize>,
    /// Nodes left.
    nodes: u32,
}

/// Most that slots from `items` on can add where `worth` is what survives: rounds may be fired in
/// part and the limit on their number is dropped, so this bounds from above.
fn fractional(items: &[Item], mut worth: f64) -> f64 {
    let mut added = 0.0;
    for item in items {
        // The marginal gain of a share x is worth·weight·exp(-weight·x) - price.
        if worth * item.weight <= item.price {
            break;
        }
        if worth * item.miss * item.weight >= item.price {
            added += worth * (1.0 - item.miss) - item.price;
            worth *= item.miss;
        } else {
            let kept = item.price / item.weight;
            let share = math::log(worth / kept) / item.weight;
            return added + (worth - kept) - item.price * share;
        }
    }
    added
}

impl Search<'_> {
    /// Explores sets that extend the current path by items from `from` on.
    fn descend(&mut self, from: usize, worth: f64, net: f64, room: u32) {
        if net > self.best {
            self.best = net;
            self.set.clone_from(&self.path);
        }
        if room == 0 {
            return;
        }
        for at in from..self.items.len() {
            let open = net + fractional(&self.items[at..], worth);
            if open <= self.best || self.nodes == 0 {
                return;
            }
            self.nodes -= 1;
            let item = self.items[at];
            let gain = worth * (1.0 - item.miss) - item.price;
            if gain > 0.0 {
                self.path.push(item.slot);
                self.descend(at + 1, worth * item.miss, net + gain, room - 1);
                self.path.pop();
            }
        }
    }
}

/// The bound at these prices; `used` counts how often each slot is wanted.
fn bound_at(slots: &Slots, prices: &[f64], used: &mut [f64]) -> f64 {
    used.fill(0.0);
    let mut total: f64 = prices.iter().sum();
    let mut items: Vec<Item> = Vec::new();
    for target in 0..slots.targets {
        items.clear();
        for (slot, &price) in prices.iter().enumerate() {
            let Some((p, cost)) = slots.shot[slot * slots.targets + target] else {
                continue;
            };
            // A sure kill is taken as almost sure; the caller's margin covers the difference.
            let miss = (1.0 - p).max(1e-15);
            let price = cost + price;
            if slots.value[target] * (1.0 - miss) > price {
                items.push(Item {
                    slot,
                    weight: -math::log(miss),
                    miss,
                    price,
                });
            }
        }
        items.sort_by(|a, b| (a.price * b.weight).total_cmp(&(b.price * a.weight)));
        let value = slots.value[target];
        let mut search = Search {
            items: &items,
            best: 0.0,
            set: Vec::new(),
            path: Vec::new(),
            nodes: NODES,
        };
        search.descend(0, value, 0.0, slots.cap[target]);
        let whole = if search.nodes == 0 {
            fractional(&items, value)
        } else {
            search.best
        };
        total += whole.max(search.best);
        for &slot in &search.set {
            used[slot] += 1.0;
        }
    }
    total
}

/// Prices to start from: what each slot is worth in the assignment of all slots to all targets.
fn first_prices(slots: &Slots, assigner: &mut Assigner) -> Result<Vec<f64>, PairingError> {
    let gain = |(at, shot): (usize, &Option<(f64, f64)>)| match shot {
        Some((p, cost)) => cost - slots.value[at % slots.targets] * p,
        None => f64::INFINITY,
    };
    let values: Vec<f64> = slots.shot.iter().enumerate().map(gain).collect();
    let costs = Costs::new(slots.of.len(), slots.targets, &values)?;
    let found = assigner.solve(&costs, Some(0.0))?;
    Ok(found.row_dual.iter().map(|u| (-u).max(0.0)).collect())
}

/// The least bound found within the budget; at least as good as every target at its full value.
pub(super) fn upper_bound(
    slots: &Slots,
    objective: f64,
    assigner: &mut Assigner,
    budget: &mut WorkBudget,
) -> Result<f64, PairingError> {
    let mut prices = first_prices(slots, assigner)?;
    let mut used = vec![0.0; prices.len()];
    let mut least: f64 = slots.value.iter().sum();
    let (mut pace, mut stalled) = (1.0, 0);
    let work = u64::try_from(slots.shot.len()).unwrap_or(u64::MAX);
    for _ in 0..STEPS {
        if least - objective <= CLOSE * objective.abs() || !budget.spend(work) {
            break;
        }
        let bound = bound_at(slots, &prices, &mut used);
        stalled += 1;
        if bound < least * (1.0 - 1e-6) {
            stalled = 0;
        }
        least = least.min(bound);
        if stalled > 8 {
            (pace, stalled) = (pace * 0.6, 0);
        }
        let slope: f64 = used.iter().map(|u| (u - 1.0) * (u - 1.0)).sum();
        if slope <= 0.0 {
            break;
        }
        let step = pace * (bound - objective) / slope;
        for (price, wanted) in prices.iter_mut().zip(&used) {
            *price = (*price + step * (wanted - 1.0)).max(0.0);
        }
    }
    Ok(least * (1.0 + 1e-12))
}
