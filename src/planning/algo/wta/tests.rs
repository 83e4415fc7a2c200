//! Tests of the weapon-target solver: brute force, proven optima, certificates, extremes, budgets.

use super::*;
use crate::kernel::budget::WorkBudget;
use proptest::prelude::*;

/// Proven optima: of generated instances, and of published ones that are not in the package.
const OPTIMA: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/reference/wta_optima.csv"
));

/// A row of [`OPTIMA`].
struct Known {
    name: &'static str,
    weapons: usize,
    targets: usize,
    units: u32,
    optimum: f64,
}

/// All rows whose name starts like this.
fn known(prefix: &str) -> impl Iterator<Item = Known> {
    let rows = OPTIMA.lines().skip(2).map(|line| {
        let fields: Vec<&'static str> = line.split(',').collect();
        Known {
            name: fields[0],
            weapons: fields[1].parse().unwrap(),
            targets: fields[2].parse().unwrap(),
            units: fields[3].parse().unwrap(),
            optimum: fields[4].parse().unwrap(),
        }
    });
    rows.filter(move |row| row.name.starts_with(prefix))
}

/// The least value over all plans, shot by shot.
fn brute(instance: &Instance, shot: usize, left: &mut [f64]) -> f64 {
    let weapon = shot / usize::try_from(instance.units()).unwrap();
    if weapon == instance.weapons() {
        return left.iter().sum();
    }
    let mut best = brute(instance, shot + 1, left);
    for target in 0..instance.targets() {
        let before = left[target];
        left[target] *= 1.0 - instance.chances(weapon)[target];
        best = best.min(brute(instance, shot + 1, left));
        left[target] = before;
    }
    best
}

/// Solves without limit, and checks all that has to hold of an answer.
fn solved(instance: &Instance) -> Solved {
    let answer = solve(instance, 0, &mut WorkBudget::new(u64::MAX));
    sound(instance, &answer);
    answer
}

/// That a plan is feasible and worth what it says, and that its certificate holds.
fn sound(instance: &Instance, answer: &Solved) {
    let mut fired = vec![0; instance.weapons()];
    let mut value = 0.0;
    for (target, shots) in answer.plan.shots().iter().enumerate() {
        shots.iter().for_each(|&weapon| fired[weapon] += 1);
        value += instance.surviving(target, shots);
    }
    assert!(fired.iter().all(|&shots| shots <= instance.units()));
    assert!(near(value, answer.plan.value()));
    assert!(answer.bound <= value * (1.0 + 1e-12));
    let again = checked(instance, &answer.certificate.prices).unwrap();
    let size: f64 = instance.values().iter().sum();
    let off = (again - answer.certificate.bound).abs();
    assert!(
        off <= 1e-10 * size || again >= answer.certificate.bound,
        "{again}, off by {off}"
    );
}

/// The bound that prices prove by the independent check.
fn checked(instance: &Instance, prices: &[f64]) -> Option<f64> {
    certificate::bound_of(instance, prices, &mut WorkBudget::new(u64::MAX))
}

/// Equal up to rounding, and to the digits of the table.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 2e-9 * a.abs().max(b.abs()) + 1e-9
}

/// Instances small enough for brute force; certain and hopeless shots among them.
fn small() -> impl Strategy<Value = Instance> {
    let chance = prop_oneof![6 => 0.0..1.0_f64, 1 => Just(0.0), 1 => Just(1.0)];
    (1..4_usize, 1..5_usize, 1..3_u32).prop_flat_map(move |(w, t, units)| {
        let values = prop::collection::vec(0.0..100.0_f64, t);
        let chances = prop::collection::vec(chance.clone(), w * t);
        (values, chances).prop_map(move |(v, p)| Instance::new(w, t, units, v, p).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn finds_what_brute_force_finds(instance in small()) {
        let best = brute(&instance, 0, &mut instance.values().to_vec());
        let answer = solved(&instance);
        prop_assert!(answer.proven);
        prop_assert!(near(answer.plan.value(), best), "{} and {best}", answer.plan.value());
    }

    #[test]
    fn any_prices_prove_a_bound_below_the_optimum(
        (instance, prices) in small().prop_flat_map(|instance| {
            let prices = prop::collection::vec(0.0..50.0_f64, instance.weapons());
            (Just(instance), prices)
        })
    ) {
        let best = brute(&instance, 0, &mut instance.values().to_vec());
        let bound = checked(&instance, &prices).unwrap();
        prop_assert!(bound <= best + 1e-9, "bound {bound} above optimum {best}");
    }

    #[test]
    fn a_short_budget_gives_a_sound_answer_no_worse_than_greedy(
        seed in 0..1000_u32,
        steps in 0..3_000_000_u64,
    ) {
        let instance = generate(30, 20, seed, Spread::Low).unwrap();
        let mut greedy = Plan::empty(&instance);
        construct::greedy(&instance, &mut greedy, &mut WorkBudget::new(0));
        let answer = solve(&instance, 0, &mut WorkBudget::new(steps));
        sound(&instance, &answer);
        let again = solve(&instance, 0, &mut WorkBudget::new(steps));
        prop_assert_eq!(&answer.plan, &again.plan);
        prop_assert!(answer.plan.value() <= greedy.value() * (1.0 + 1e-12));
    }
}

#[test]
fn generated_instances_are_solved_to_their_proven_optima() {
    let mut count = 0;
    for row in known("gen") {
        let spread = match row.name.starts_with("genlow") {
            true => Spread::Low,
            false => Spread::High,
        };
        let seed = row.name.rsplit("_s").next().unwrap().parse().unwrap();
        let instance = generate(row.weapons, row.targets, seed, spread).unwrap();
        let answer = solved(&instance);
        assert!(answer.proven, "{} is not proven", row.name);
        assert!(near(answer.plan.value(), row.optimum), "{}", row.name);
        count += 1;
    }
    assert_eq!(count, 87);
}

/// An instance outside the package, if the folder of benchmarks is there.
fn published(row: &Known) -> Option<Instance> {
    use std::io::Read as _;
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/benchmarks");
    let (weapons, targets) = (row.weapons, row.targets);
    if row.name.starts_with("sonuc") {
        let text = std::fs::read_to_string(format!("{root}/wta_sonuc/wta{weapons}.txt")).ok()?;
        let words = text.split_whitespace().skip(1);
        let numbers: Vec<f64> = words.map(|word| word.parse().unwrap()).collect();
        let (values, chance) = numbers.split_at(targets);
        return Instance::new(weapons, targets, 1, values.to_vec(), chance.to_vec()).ok();
    }
    let path = format!("{root}/wta_andersen/wta_{weapons}x{targets}.txt.gz");
    let mut text = String::new();
    let mut file = flate2::read::GzDecoder::new(std::fs::File::open(path).ok()?);
    file.read_to_string(&mut text).unwrap();
    let words = text.split_whitespace().skip(3);
    let numbers: Vec<f64> = words.map(|word| word.parse().unwrap()).collect();
    let (values, rest) = numbers.split_at(targets);
    // These files list the pairs in order.
    let chance = rest.chunks(3).map(|triple| triple[2]).collect();
    Instance::new(weapons, targets, row.units, values.to_vec(), chance).ok()
}

/// Solves all published instances that `choose` lets through.
fn solve_published(choose: impl Fn(&Known) -> bool) {
    for row in known("sonuc").chain(known("andersen")).filter(choose) {
        let Some(instance) = published(&row) else {
            println!("skipped: {} is not there", row.name);
            continue;
        };
        let answer = solved(&instance);
        assert!(answer.proven, "{} is not proven", row.name);
        assert!(near(answer.plan.value(), row.optimum), "{}", row.name);
    }
}

#[test]
fn published_instances_are_solved_to_their_proven_optima() {
    solve_published(|row| row.weapons <= 200);
}

/// `cargo test --release --lib largest_published -- --ignored`
#[test]
#[ignore = "ten seconds of CPU"]
fn largest_published_instances_are_solved_to_their_proven_optima() {
    solve_published(|row| row.weapons > 200);
}

#[test]
fn one_assignment_proves_itself_where_weapons_do_not_outnumber_targets() {
    let instance = generate(40, 80, 9, Spread::High).unwrap();
    let answer = solved(&instance);
    assert!(answer.proven && answer.rounds == 0);
    assert_eq!(answer.method, "assignment-layers");
}

#[test]
fn extremes_are_solved_without_panic() {
    let flat =
        |w, t, units, value, p| Instance::new(w, t, units, vec![value; t], vec![p; w * t]).unwrap();
    for value in [0.0, 1e-300, 1.0, 1e50] {
        for p in [0.0, 1e-300, 0.5, 1.0 - 1e-16, 1.0] {
            for (w, t, units) in [(1, 1, 1), (3, 7, 2), (7, 3, 3), (2, 1, 200)] {
                let instance = flat(w, t, units, value, p);
                let answer = solve(&instance, 0, &mut WorkBudget::new(100_000_000));
                assert!(answer.plan.value() <= instance.values().iter().sum());
                assert!(answer.bound.is_finite() && answer.bound <= answer.plan.value());
            }
        }
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let build = |units, value, p| Instance::new(1, 1, units, vec![value], vec![p]);
    assert!(matches!(
        build(0, 1.0, 0.5),
        Err(InstanceError::Size { .. })
    ));
    assert!(matches!(
        build(1001, 1.0, 0.5),
        Err(InstanceError::Size { .. })
    ));
    for value in [-1.0, f64::NAN, f64::INFINITY, 1e51] {
        assert!(matches!(
            build(1, value, 0.5),
            Err(InstanceError::Value { .. })
        ));
    }
    for p in [-0.1, 1.1, f64::NAN] {
        assert!(matches!(
            build(1, 1.0, p),
            Err(InstanceError::Chance { .. })
        ));
    }
    let empty = Instance::new(usize::MAX, 2, 1, Vec::new(), Vec::new());
    assert!(matches!(empty, Err(InstanceError::Size { .. })));
    let short = Instance::new(2, 1, 1, vec![1.0], vec![0.5]);
    assert!(matches!(
        short,
        Err(InstanceError::Count {
            got: 1,
            wanted: 2,
            ..
        })
    ));
    assert!(generate(1 << 20, 1 << 20, 1, Spread::Low).is_err());
    let instance = build(1, 1.0, 0.5).unwrap();
    assert_eq!(checked(&instance, &[-1.0]), None);
    assert_eq!(checked(&instance, &[]), None);
}
