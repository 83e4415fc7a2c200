//! Tests of what prices prove: both searches for pairs, and the checker, against all sets of pairs.

use super::certificate::bound_of;
use super::ordered::OrderedSearch;
use super::pricing::PairSearch;
use super::tests::{OPTIMA, tiny};
use super::*;
use crate::kernel::budget::WorkBudget;
use proptest::prelude::*;

fn endless() -> WorkBudget {
    WorkBudget::new(u64::MAX)
}

/// Costs with prices of all sets of pairs on a target.
fn all_costs(instance: &Instance, target: usize, prices: &[f64]) -> Vec<f64> {
    fn visit(
        (instance, target, prices): (&Instance, usize, &[f64]),
        weapon: usize,
        used: &mut Vec<bool>,
        now: (f64, f64),
        costs: &mut Vec<f64>,
    ) {
        if weapon == instance.weapons() {
            costs.push(now.0 + now.1);
            return;
        }
        let given = (instance, target, prices);
        visit(given, weapon + 1, used, now, costs);
        for sensor in 0..instance.sensors() {
            if !std::mem::replace(&mut used[sensor], true) {
                let kept = instance.kept(target, (weapon, sensor));
                let price = prices[weapon] + prices[instance.weapons() + sensor];
                visit(
                    given,
                    weapon + 1,
                    used,
                    (now.0 * kept, now.1 + price),
                    costs,
                );
                used[sensor] = false;
            }
        }
    }
    let mut costs = Vec::new();
    let mut used = vec![false; instance.sensors()];
    let now = (instance.threat()[target], 0.0);
    visit((instance, target, prices), 0, &mut used, now, &mut costs);
    costs
}

fn least(costs: &[f64]) -> f64 {
    costs.iter().copied().fold(f64::INFINITY, f64::min)
}

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + b.abs())
}

/// Instances of up to 4 weapons and sensors in which all pairs work, with prices.
fn open() -> impl Strategy<Value = (Instance, Vec<f64>)> {
    let chance = prop_oneof![6 => 0.0..1.0_f64, 1 => Just(0.0), 1 => Just(1.0), 1 => Just(0.5)];
    (1..5_usize, 1..5_usize).prop_flat_map(move |(w, s)| {
        let list = |n| prop::collection::vec(chance.clone(), n);
        let prices = prop::collection::vec(prop_oneof![3 => 0.0..1.5_f64, 1 => Just(0.0)], w + s);
        (0.0..10.0_f64, list(w), list(s), prices).prop_map(
            move |(threat, damage, detect, prices)| {
                let works = vec![true; w * s];
                let instance = Instance::new((w, s), vec![threat], damage, detect, works);
                (instance.unwrap(), prices)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A chain in the order of chances reaches the least cost of any set of pairs, and gathering up to
    /// a cutoff finds the cost of every set that no other one equals with less.
    #[test]
    fn chains_in_order_are_all_that_matters((instance, prices) in open(), more in 0.0..1.0_f64) {
        let costs = all_costs(&instance, 0, &prices);
        let order = instance.order(0);
        let mut steepness = 0;
        let mut search = OrderedSearch::new(&instance, 0, &order, &prices, 0.0);
        let (found, (pairs, surviving)) = search.best(&instance, 0, &mut steepness);
        prop_assert!(is_near(found, least(&costs)), "{found} and {}", least(&costs));
        let paid: f64 = pairs.iter().map(|&(w, s)| prices[w] + prices[instance.weapons() + s]).sum();
        prop_assert!(is_near(surviving + paid, found));
        let mut pairwise = PairSearch::new(&instance, 0, &prices);
        prop_assert!(is_near(pairwise.best().0, found));
        // Away from the edge of the cutoff, where rounding decides.
        let cutoff = found + more;
        prop_assume!(costs.iter().all(|cost| (cost - cutoff).abs() > 1e-9));
        let spare = more + 1e-12;
        let mut search = OrderedSearch::new(&instance, 0, &order, &prices, spare);
        let sets = search.all(&instance, 0, cutoff, 100_000).unwrap();
        let (old, _) = PairSearch::new(&instance, 0, &prices).all(cutoff, 100_000);
        for (uses, left) in old.unwrap() {
            let is_it = |pairs: &Vec<Pair>| pricing::uses_of(&instance, pairs) == uses;
            let with = sets.iter().find(|(pairs, _)| is_it(pairs));
            // A set that holds a pair without effect, or more than wipes the target out, may be left out.
            let is_spared = sets.iter().any(|(pairs, surviving)| {
                let own = pricing::uses_of(&instance, pairs);
                own.iter().all(|r| uses.contains(r)) && *surviving <= left + 1e-12
            });
            prop_assert!(with.is_some_and(|found| is_near(found.1, left)) || is_spared, "{uses:?}");
        }
    }

    /// The checker's bound is the one that all sets of pairs give, whichever pairs work.
    #[test]
    fn the_checker_bounds_as_enumeration_does(instance in tiny(), drawn in prop::collection::vec(0.0..2.0_f64, 6)) {
        let prices = &drawn[..instance.weapons() + instance.sensors()];
        let of_target = |target| least(&all_costs(&instance, target, prices));
        let left: f64 = (0..instance.targets()).map(of_target).sum();
        let total: f64 = instance.threat().iter().sum();
        let expected = total - left + prices.iter().sum::<f64>();
        let bound = bound_of(&instance, prices, &mut endless()).unwrap();
        prop_assert!(is_near(bound, expected), "{bound} and {expected}");
        let solved = chain::by_columns(&instance, &mut endless());
        prop_assert!(bound >= solved.removed - 1e-9);
    }
}

#[test]
fn the_checker_confirms_what_the_solver_says_of_its_prices() {
    for (weapons, sensors, targets, seed, _) in OPTIMA {
        let instance = generate(weapons, sensors, targets, seed).unwrap();
        let answer = solve(&instance, &mut endless());
        let checked = bound_of(&instance, &answer.prices, &mut endless()).unwrap();
        assert!(
            is_near(checked, answer.price_bound),
            "{weapons} × {sensors} × {targets}: {checked} and {}",
            answer.price_bound
        );
        // Other prices prove something else: the bound is not read off.
        let halved: Vec<f64> = answer.prices.iter().map(|price| 0.5 * price).collect();
        let other = bound_of(&instance, &halved, &mut endless()).unwrap();
        assert!(other > checked * (1.0 + 1e-3), "{other}");
    }
}

#[test]
fn prices_that_are_none_prove_nothing() {
    let instance = generate(4, 5, 6, 1).unwrap();
    let mut prices = vec![0.1; 9];
    assert!(bound_of(&instance, &prices, &mut endless()).is_some());
    assert!(bound_of(&instance, &prices, &mut WorkBudget::new(10)).is_none());
    assert!(bound_of(&instance, &prices[1..], &mut endless()).is_none());
    for bad in [-1e-9, f64::NAN, f64::INFINITY] {
        prices[3] = bad;
        assert!(
            bound_of(&instance, &prices, &mut endless()).is_none(),
            "{bad}"
        );
    }
}
