//! Tests of the sensor-weapon-target solver: brute force, the public sample, generated instances.

use super::chain::by_columns;
use super::*;
use crate::kernel::budget::WorkBudget;
use proptest::prelude::*;

/// The most threat that can be removed, weapon by weapon.
fn brute(instance: &Instance, weapon: usize, used: &mut [bool], left: &mut [f64]) -> f64 {
    if weapon == instance.weapons() {
        return instance.threat().iter().sum::<f64>() - left.iter().sum::<f64>();
    }
    let mut best = brute(instance, weapon + 1, used, left);
    for sensor in 0..instance.sensors() {
        if std::mem::replace(&mut used[sensor], true) {
            continue;
        }
        for target in 0..instance.targets() {
            let before = left[target];
            left[target] *= instance.kept(target, (weapon, sensor));
            best = best.max(brute(instance, weapon + 1, used, left));
            left[target] = before;
        }
        used[sensor] = false;
    }
    best
}

/// That a plan uses nothing twice and removes what it says.
fn sound(instance: &Instance, answer: &Solved) {
    let mut weapons = vec![false; instance.weapons()];
    let mut sensors = vec![false; instance.sensors()];
    let mut removed = 0.0;
    for (target, pairs) in answer.pairs.iter().enumerate() {
        for &(weapon, sensor) in pairs {
            assert!(
                !std::mem::replace(&mut weapons[weapon], true),
                "weapon {weapon} twice"
            );
            assert!(
                !std::mem::replace(&mut sensors[sensor], true),
                "sensor {sensor} twice"
            );
        }
        removed += instance.threat()[target] - instance.surviving(target, pairs);
    }
    assert!((removed - answer.removed).abs() < 1e-9 * (1.0 + removed));
    assert!(answer.bound >= answer.removed * (1.0 - 1e-12));
    assert!(answer.price_bound >= answer.removed - 1e-9 * (1.0 + removed));
}

/// Instances small enough for brute force; hopeless and certain pairs and unlike sizes among them.
pub(super) fn tiny() -> impl Strategy<Value = Instance> {
    let chance = prop_oneof![5 => 0.0..1.0_f64, 1 => Just(0.0), 1 => Just(1.0)];
    (1..4_usize, 1..4_usize, 1..4_usize).prop_flat_map(move |(w, s, t)| {
        let list = |n| prop::collection::vec(chance.clone(), n);
        let threat = prop::collection::vec(0.0..10.0_f64, t);
        let works = prop::collection::vec(prop::bool::weighted(0.8), w * s);
        (threat, list(t * w), list(t * s), works).prop_map(
            move |(threat, damage, detect, works)| {
                Instance::new((w, s), threat, damage, detect, works).unwrap()
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn both_ways_find_what_brute_force_finds(instance in tiny()) {
        let mut used = vec![false; instance.sensors()];
        let best = brute(&instance, 0, &mut used, &mut instance.threat().to_vec());
        let small = solve(&instance, &mut WorkBudget::new(u64::MAX));
        let large = by_columns(&instance, &mut WorkBudget::new(u64::MAX));
        for answer in [small, large] {
            sound(&instance, &answer);
            prop_assert!(answer.proven);
            let off = (answer.removed - best).abs();
            prop_assert!(off < 1e-8 * (1.0 + best), "{} and {best}", answer.removed);
        }
    }

    #[test]
    fn a_short_budget_gives_a_sound_and_repeatable_answer(seed in 0..100_u32, steps in 0..9_000_000_u64) {
        let instance = generate(8, 8, 12, seed).unwrap();
        let answer = solve(&instance, &mut WorkBudget::new(steps));
        sound(&instance, &answer);
        let again = solve(&instance, &mut WorkBudget::new(steps));
        prop_assert_eq!(answer.pairs, again.pairs);
    }
}

#[test]
fn dynamic_programming_and_columns_agree_on_generated_instances() {
    for seed in 1..=20 {
        let instance = generate(5, 6, 7, seed).unwrap();
        let small = solve(&instance, &mut WorkBudget::new(u64::MAX));
        let large = by_columns(&instance, &mut WorkBudget::new(u64::MAX));
        assert_eq!(small.method, "dynamic-programming");
        assert!(
            large.proven && (small.removed - large.removed).abs() < 1e-8,
            "seed {seed}"
        );
    }
}

/// Optima of generated instances, proven by this solver: size, seed, threat removed.
pub(super) const OPTIMA: [(u32, u32, u32, u32, f64); 10] = [
    (10, 10, 20, 1, 54.265_729),
    (20, 20, 40, 1, 115.155_874),
    (20, 20, 40, 2, 116.670_455),
    (20, 20, 40, 3, 120.426_420),
    (50, 50, 100, 1, 288.201_021),
    // Many resources for few targets, of either family.
    (30, 20, 20, 1, 86.182_785),
    (30, 20, 20, 2, 73.901_614),
    (20, 30, 20, 1, 88.783_765),
    (30, 30, 15, 1, 54.705_692),
    (40, 40, 20, 1, 97.469_956),
];

#[test]
fn large_generated_instances_are_proven() {
    for (weapons, sensors, targets, seed, optimum) in OPTIMA {
        let instance = generate(weapons, sensors, targets, seed).unwrap();
        let answer = solve(&instance, &mut WorkBudget::new(u64::MAX));
        sound(&instance, &answer);
        assert!(
            answer.proven,
            "{weapons} × {sensors} × {targets}, seed {seed}"
        );
        assert!(
            (answer.removed - optimum).abs() < 1e-6,
            "{}",
            answer.removed
        );
    }
}

#[test]
fn extremes_are_solved_without_panic() {
    for threat in [0.0, 1e-300, 1e50] {
        for chance in [0.0, 1e-200, 1.0] {
            for (w, s, t) in [(1, 1, 1), (9, 9, 3), (3, 12, 5)] {
                let chances = |n| vec![chance; n];
                let works = vec![true; w * s];
                let size = (w, s);
                let instance =
                    Instance::new(size, vec![threat; t], chances(t * w), chances(t * s), works);
                let instance = instance.unwrap();
                let answer = solve(&instance, &mut WorkBudget::new(200_000_000));
                assert!(answer.removed >= 0.0 && answer.bound.is_finite());
            }
        }
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let build = |threat: f64, chance: f64| {
        Instance::new((1, 1), vec![threat], vec![chance], vec![0.5], vec![true])
    };
    assert!(matches!(
        build(-1.0, 0.5),
        Err(InstanceError::Number { .. })
    ));
    assert!(matches!(
        build(1.0, f64::NAN),
        Err(InstanceError::Number { .. })
    ));
    let none = Instance::new((1, 1), Vec::new(), Vec::new(), Vec::new(), vec![true]);
    assert!(matches!(none, Err(InstanceError::Size { .. })));
    let short = Instance::new((1, 2), vec![1.0], vec![0.5], vec![0.5], vec![true; 2]);
    assert!(matches!(short, Err(InstanceError::Count { .. })));
    assert!(generate(1000, 1000, 1000, 1).is_err());
}
