//! Combat of the simulator's own weapons against closed forms and stochastic-duel oracles (MODELS §3,
//! numbers 7 to 15; `tests/reference/attrition.csv`). Bounds are four standard errors.

use std::collections::BTreeMap;

use glam::DVec2;
use tercio::engagement::FireOrder;
use tercio::kernel::assignment::Assigner;
use tercio::kernel::budget::WorkBudget;
use tercio::planning::algo::pairing::{PairingProblem, ShooterSpec, ShotSpec, TargetSpec};
use tercio::platform::class::Fire;

use super::micro::{Field, choose, cluster, gun, row};
use super::support::root;

/// A number of somebody else.
pub(crate) fn reference(name: &str) -> f64 {
    let path = root().join("tests/reference/attrition.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let is_it = |line: &&str| line.split(',').next() == Some(name);
    let line = text
        .lines()
        .find(is_it)
        .unwrap_or_else(|| panic!("no `{name}`"));
    line.split(',').nth(1).unwrap().parse().unwrap()
}

/// Probability that i units beat j, by the embedded chain of a duel in which the next kill is of the
/// first side's doing with probability `next(i, j)` (Taylor 1983; aimed fire αi/(αi + βj), area fire
/// α/(α + β)).
fn win(i: u32, j: u32, next: &dyn Fn(f64, f64) -> f64) -> f64 {
    if j == 0 {
        return 1.0;
    }
    if i == 0 {
        return 0.0;
    }
    let p = next(f64::from(i), f64::from(j));
    p * win(i, j - 1, next) + (1.0 - p) * win(i - 1, j, next)
}

/// Mean survivors of both sides after a time, s, if a kill of the first and of the second comes at
/// these rates, 1/s: the forward equations of a stochastic duel, by Euler's method.
fn means_after(
    [a, b]: [usize; 2],
    (time_s, steps): (f64, u32),
    kills: &dyn Fn(f64, f64) -> [f64; 2],
) -> [f64; 2] {
    let dt = time_s / f64::from(steps);
    let mut now = vec![vec![0.0; b + 1]; a + 1];
    now[a][b] = 1.0;
    for _ in 0..steps {
        let mut next = now.clone();
        for i in 1..=a {
            for j in 1..=b {
                let [by_a, by_b] = kills(i as f64, j as f64).map(|rate| now[i][j] * rate * dt);
                next[i][j] -= by_a + by_b;
                next[i][j - 1] += by_a;
                next[i - 1][j] += by_b;
            }
        }
        now = next;
    }
    let mut means = [0.0; 2];
    for (i, line) in now.iter().enumerate() {
        for (j, q) in line.iter().enumerate() {
            means[0] += q * i as f64;
            means[1] += q * j as f64;
        }
    }
    means
}

/// Fails unless a share of n trials is within four standard errors of a probability.
pub(crate) fn assert_share(what: &str, hits: u32, n: u32, want: f64) {
    let share = f64::from(hits) / f64::from(n);
    let bound = 4.0 * (want * (1.0 - want) / f64::from(n)).sqrt();
    assert!(
        (share - want).abs() <= bound,
        "{what}: {share} for {want} ± {bound}"
    );
}

/// Fails unless the mean of numbers is within four standard errors of what is wanted.
pub(crate) fn assert_mean(what: &str, numbers: &[f64], want: f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let variance = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    let bound = 4.0 * (variance / n).sqrt();
    assert!(
        (mean - want).abs() <= bound,
        "{what}: {mean} for {want} ± {bound}"
    );
}

/// Two sides fight until one is gone; how many of the first are left. Units fire in turn, one a tick,
/// for as long as they live: `orders` gives the next one leave.
fn fight_on(
    field: &mut Field,
    seed: u64,
    orders: &mut dyn FnMut(&mut Field, usize, u64) -> Option<FireOrder>,
    units: usize,
) -> usize {
    field.begin(seed);
    for tick in 0..200_000_u64 {
        let [a, b] = [0, 1].map(|side| field.living(side).len());
        if a == 0 || b == 0 {
            return a;
        }
        let next = usize::try_from(tick).unwrap() % units;
        let leave = orders(field, next, tick);
        field.tick(leave.as_slice());
    }
    panic!("the fight goes on for ever");
}

/// Aimed fire: everybody has leave at the place where all of the other side are, and fires once a
/// cycle at whoever of them is left.
fn square(sizes: [u32; 2], runs: u32) -> (u32, Vec<f64>) {
    let places = [DVec2::ZERO, DVec2::Y * 2000.0];
    let units = (sizes[0] + sizes[1]) as usize;
    // One shot of 25 kills: a turn is short against the time between kills, so that the order in
    // which units fire within a turn does not show.
    let weapon = gun(Fire::Direct, 0.04, f64::from(sizes[0] + sizes[1]));
    let mut both = cluster(0, sizes[0], places[0]);
    both.extend(cluster(1, sizes[1], places[1]));
    let mut field = Field::new(weapon, both);
    let mut won = 0;
    let mut left = Vec::new();
    for seed in 0..runs {
        let mut orders = |field: &mut Field, next: usize, tick: u64| {
            // Who of both sides goes first is mixed, and told once: the weapon fires on by itself.
            let unit = (next * 7 + seed as usize) % units;
            let side = usize::from(unit >= sizes[0] as usize);
            (tick < units as u64).then(|| field.allow(unit, places[1 - side], u32::MAX))
        };
        let alive = fight_on(&mut field, u64::from(seed), &mut orders, units);
        won += u32::from(alive > 0);
        left.push(alive as f64);
    }
    (won, left)
}

#[test]
fn aimed_fire_follows_the_stochastic_square_law() {
    for (sizes, runs, name) in [
        ([10, 8], 600, "square_win_10_8"),
        ([3, 2], 1000, "square_win_3_2"),
        ([10, 5], 400, "square_win_10_5"),
    ] {
        let oracle = win(sizes[0], sizes[1], &|i, j| i / (i + j));
        assert!((oracle - reference(name)).abs() < 5e-6, "{name}: {oracle}");
        let (won, left) = square(sizes, runs);
        assert_share(name, won, runs, oracle);
        if name == "square_win_10_8" {
            assert_mean("survivors", &left, reference("square_survivors_10_8"));
        }
    }
}

/// Area fire: every shot falls on one of the places where the other side stood at first, whoever is
/// left of it.
fn linear(sizes: [u32; 2], runs: u32) -> u32 {
    let starts = [DVec2::ZERO, DVec2::Y * 2000.0];
    let units = (sizes[0] + sizes[1]) as usize;
    let mut both = row(0, sizes[0], starts[0]);
    both.extend(row(1, sizes[1], starts[1]));
    let mut field = Field::new(gun(Fire::Indirect, 0.4, 0.5), both);
    let most = sizes[0].max(sizes[1]) as usize;
    let mut won = 0;
    for seed in 0..runs {
        let mut orders = |field: &mut Field, next: usize, tick: u64| {
            let unit = (next * 7 + seed as usize) % units;
            let side = u8::from(unit >= sizes[0] as usize);
            if !field.living(side).contains(&unit) {
                return None;
            }
            // Both areas are equally large; what falls where nobody ever stood is wasted.
            let spot = choose(most, (unit, tick), u64::from(seed));
            let first = if side == 0 { sizes[0] as usize } else { 0 };
            let count = sizes[usize::from(1 - side)] as usize;
            let aim = (spot < count).then(|| field.place(first + spot))?;
            Some(field.allow(unit, aim, 1))
        };
        won += u32::from(fight_on(&mut field, u64::from(seed), &mut orders, units) > 0);
    }
    won
}

#[test]
fn area_fire_follows_the_stochastic_linear_law() {
    for (sizes, runs, name) in [
        ([10, 8], 500, "linear_win_10_8"),
        ([3, 2], 1000, "linear_win_3_2"),
    ] {
        let oracle = win(sizes[0], sizes[1], &|_, _| 0.5);
        assert!((oracle - reference(name)).abs() < 5e-6, "{name}: {oracle}");
        assert_share(name, linear(sizes, runs), runs, oracle);
    }
}

/// Survivors of 100 against 80 in so many runs, after so many rounds in which everybody who lives fires
/// once, with a kill probability of 0.01: at one of those who live, or at one of the hundred places of an
/// area.
fn survivors(fire: Fire, rounds: u64, runs: u64) -> [Vec<f64>; 2] {
    let sizes = [100_usize, 80];
    let mut both = row(0, 100, DVec2::ZERO);
    both.extend(row(1, 80, DVec2::Y * 3000.0));
    let mut field = Field::new(gun(fire, 0.01, 0.5), both);
    let units = sizes[0] + sizes[1];
    let mut left = [Vec::new(), Vec::new()];
    for seed in 0..runs {
        field.begin(seed);
        // A round is 18 ticks, in each of which a tenth of all units fire.
        for tick in 0..rounds * 18 {
            let living = [0, 1].map(|side| field.living(side));
            let turn = usize::try_from(tick % 18).unwrap();
            let mut orders = Vec::new();
            for unit in (turn..units).step_by(18) {
                let side = usize::from(unit >= sizes[0]);
                if !living[side].contains(&unit) || living[1 - side].is_empty() {
                    continue;
                }
                let others = &living[1 - side];
                let first = if side == 0 { sizes[0] } else { 0 };
                let target = match fire {
                    Fire::Indirect => {
                        let spot = choose(100, (unit, tick), seed);
                        (spot < sizes[1 - side]).then_some(first + spot)
                    }
                    _ => Some(others[choose(others.len(), (unit, tick), seed)]),
                };
                if let Some(target) = target {
                    let aim = field.place(target);
                    orders.push(field.allow(unit, aim, 1));
                }
            }
            field.tick(&orders);
        }
        for (side, left) in (0..).zip(&mut left) {
            left.push(field.living(side).len() as f64);
        }
    }
    left
}

#[test]
fn large_forces_wear_each_other_down_as_lanchester_says() {
    let aimed = |i: f64, j: f64| [0.01 * i, 0.01 * j];
    let area = |i: f64, j: f64| [1e-4 * i * j; 2];
    for (fire, rounds, rates, names) in [
        (
            Fire::Direct,
            50_u32,
            &aimed as &dyn Fn(f64, f64) -> [f64; 2],
            ["square_a_50", "square_b_50"],
        ),
        (Fire::Indirect, 100, &area, ["linear_a_100", "linear_b_100"]),
    ] {
        let want = means_after([100, 80], (f64::from(rounds), 2000), rates);
        let left = survivors(fire, u64::from(rounds), 16);
        for ((name, mean), left) in names.into_iter().zip(want).zip(&left) {
            // The stochastic means lie within 1.5 % of the deterministic laws at these sizes.
            let law = reference(name);
            assert!((mean / law - 1.0).abs() < 0.015, "{name}: {mean} for {law}");
            assert_mean(name, left, mean);
        }
    }
}

/// Kills when eight guns fire one shot each at five tanks, as `aims` says in each run.
fn volleys(runs: u32, aims: &dyn Fn(usize, u64) -> usize) -> Vec<f64> {
    let mut both = row(0, 8, DVec2::ZERO);
    both.extend(row(1, 5, DVec2::Y * 2000.0));
    let mut field = Field::new(gun(Fire::Direct, 0.6, 1.0), both);
    let volley = |seed: u64| {
        field.begin(seed);
        let orders: Vec<FireOrder> = (0..8)
            .map(|unit| {
                let aim = field.place(8 + aims(unit, seed));
                field.allow(unit, aim, 1)
            })
            .collect();
        field.tick(&orders);
        5.0 - field.living(1).len() as f64
    };
    (0..u64::from(runs)).map(volley).collect()
}

/// Whom each of eight shooters is given by the planner's pairing.
fn paired() -> Vec<usize> {
    let shooter = ShooterSpec {
        rounds: 1,
        ready_s: 0.0,
        reload_s: 0.0,
    };
    let target = TargetSpec {
        value: 1.0,
        track_quality: 1.0,
        expires_s: f64::INFINITY,
        max_rounds: 8,
    };
    let shot = ShotSpec {
        p_kill: 0.6,
        time_to_effect_s: 1.0,
        cost: 0.0,
    };
    let problem = PairingProblem {
        shooters: vec![shooter; 8],
        targets: vec![target; 5],
        shots: vec![Some(shot); 40],
    };
    let mut budget = WorkBudget::new(200_000);
    let pairing = problem
        .solve(&mut Assigner::default(), &mut budget)
        .unwrap();
    let want = reference("coordinated_8_5");
    assert!(
        (pairing.objective - want).abs() < 1e-9,
        "{}",
        pairing.objective
    );
    let by_shooter: BTreeMap<usize, usize> = pairing
        .rounds
        .iter()
        .map(|round| (round.shooter, round.target))
        .collect();
    by_shooter.into_values().collect()
}

#[test]
fn shooters_that_are_told_apart_kill_more_than_those_who_choose_alone() {
    let coordinated = paired();
    assert_eq!(coordinated.len(), 8);
    let kills = volleys(1500, &|unit, _| coordinated[unit]);
    assert_mean("coordinated", &kills, reference("coordinated_8_5"));
    let kills = volleys(1500, &|unit, seed| choose(5, (unit, 0), seed));
    assert_mean("uncoordinated", &kills, reference("uncoordinated_8_5"));
}

#[test]
fn a_salvo_kills_as_often_as_looking_in_between_and_takes_more_rounds() {
    let places = vec![(0, DVec2::ZERO), (1, DVec2::Y * 1000.0)];
    let mut field = Field::new(gun(Fire::Direct, 0.3, 1.0), places);
    let runs = 2000;
    let (mut by_salvo, mut by_looks, mut rounds) = (0, 0, Vec::new());
    for seed in 0..runs {
        field.begin(u64::from(seed));
        let leave = field.allow(0, DVec2::Y * 1000.0, 4);
        field.tick(&[leave]);
        for _ in 0..3 {
            field.tick(&[]);
        }
        by_salvo += u32::from(field.living(1).is_empty());
        field.begin(u64::from(seed));
        let mut fired = 0;
        while fired < 4 && !field.living(1).is_empty() {
            let leave = field.allow(0, DVec2::Y * 1000.0, 1);
            field.tick(&[leave]);
            fired += 1;
        }
        by_looks += u32::from(field.living(1).is_empty());
        rounds.push(f64::from(fired));
    }
    let want = reference("binomial_0.3_4");
    assert_share("salvo", by_salvo, runs, want);
    assert_eq!(by_salvo, by_looks, "the same draws decide");
    assert_mean("rounds", &rounds, reference("shoot_look_shoot_0.3_4"));
}
