//! The search against all lists, the bound against what is optimal.

use proptest::prelude::*;

use super::list::{State, makespan};
use super::*;
use crate::kernel::budget::WorkBudget;

fn endless() -> WorkBudget {
    WorkBudget::new(u64::MAX)
}

/// The shortest of all lists with all coalitions, larger ones than needed among them.
fn enumerated(problem: &Problem) -> f64 {
    fn visit(problem: &Problem, state: &State, done: u64, best: &mut f64) {
        let mut is_whole = true;
        for task in (1..=problem.tasks()).filter(|task| done >> task & 1 == 0) {
            is_whole = false;
            if problem.before[task]
                .iter()
                .any(|first| done >> first & 1 == 0)
            {
                continue;
            }
            for coalition in 1..1_u64 << problem.robots() {
                let own = (0..problem.robots()).filter(|robot| coalition >> robot & 1 == 1);
                let skills = own.fold(0, |skills, robot| skills | problem.skills[robot]);
                if problem.needs[task] & !skills == 0 {
                    let mut next = state.clone();
                    next.perform(problem, Entry { task, coalition });
                    visit(problem, &next, done | 1 << task, best);
                }
            }
        }
        if is_whole {
            *best = best.min(state.makespan(problem));
        }
    }
    let mut best = f64::INFINITY;
    visit(problem, &State::new(problem), 0, &mut best);
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn small_problems_are_proven(
        tasks in 0..5_usize, robots in 1..4_usize, skills in 1..4_usize, pairs in 0..3_usize,
        seed: u64, twist in 0..3_u32
    ) {
        let mut instance = generate(tasks, robots, skills, pairs, seed);
        // Ways that are no distances: detours may be shorter, there and back may differ.
        for (at, way) in instance.ways.iter_mut().flatten().enumerate() {
            *way *= f64::from(1 + twist * (u32::try_from(at).unwrap() * 7 % 4));
        }
        let problem = Problem::new(&instance).unwrap();
        let found = search(&problem, seed, &mut endless()).unwrap();
        let expected = enumerated(&problem);
        prop_assert!(found.is_proven);
        prop_assert!((found.makespan - expected).abs() <= 1e-9 * expected.max(1.0));
        prop_assert!((makespan(&problem, &found.list) - found.makespan).abs() < 1e-9);
        prop_assert!(bound(&problem) <= expected + 1e-9);
    }
}

#[test]
fn annealing_alone_comes_within_a_twentieth_on_average() {
    let (mut above, mut seeds) = (0.0, 0.0);
    for seed in 0..30 {
        let problem = Problem::new(&generate(8, 3, 3, 2, seed)).unwrap();
        let found = search(&problem, 0, &mut endless()).unwrap();
        assert!(found.is_proven, "seed {seed}");
        (above, seeds) = (above + found.annealed / found.makespan - 1.0, seeds + 1.0);
    }
    println!("annealing is {:.5} above the optimum", above / seeds);
    assert!(above / seeds <= 0.05);
}

#[test]
fn large_problems_have_schedules_and_bounds() {
    let problem = Problem::new(&generate(60, 20, 5, 20, 1)).unwrap();
    let found = search(&problem, 0, &mut WorkBudget::new(20_000_000)).unwrap();
    assert!((makespan(&problem, &found.list) - found.makespan).abs() < 1e-9);
    assert!(found.bound > 0.3 * found.makespan && found.bound <= found.makespan);
    let hasty = search(&problem, 0, &mut WorkBudget::new(10)).unwrap();
    assert!(hasty.bound <= hasty.makespan && !hasty.is_proven);
}

#[test]
fn what_is_drawn_is_the_same_everywhere() {
    let instance = generate(3, 2, 2, 1, 5);
    assert_eq!(instance, generate(3, 2, 2, 1, 5));
    assert_ne!(instance, generate(3, 2, 2, 1, 6));
    assert!(
        instance.durations[1..4]
            .iter()
            .all(|d| (50.0..100.0).contains(d))
    );
    for skill in 0..2 {
        assert!(instance.robots.iter().any(|robot| robot[skill]));
    }
}

#[test]
fn broken_instances_are_refused() {
    let good = generate(3, 2, 2, 0, 1);
    let refused = |change: &dyn Fn(&mut Instance)| {
        let mut instance = good.clone();
        change(&mut instance);
        Problem::new(&instance).unwrap_err()
    };
    let time = refused(&|i| i.durations[2] = f64::NAN);
    assert_eq!(time, ProblemError::Time("the duration", 2));
    assert_eq!(
        refused(&|i| i.ways[1][3] = -1.0),
        ProblemError::Time("a way", 1)
    );
    assert_eq!(
        refused(&|i| i.needs[1] = vec![false; 2]),
        ProblemError::Unable(1)
    );
    assert_eq!(
        refused(&|i| i.precedence = vec![(1, 2), (2, 1)]),
        ProblemError::Order(1)
    );
    assert_eq!(
        refused(&|i| i.precedence = vec![(1, 9)]),
        ProblemError::Order(9)
    );
    for shape in [
        refused(&|i| i.durations.truncate(4)),
        refused(&|i| i.durations.clear()),
        refused(&|i| i.ways[0].truncate(4)),
        refused(&|i| i.robots.clear()),
        refused(&|i| i.robots[1].push(true)),
        refused(&|i| i.robots = vec![vec![true; 2]; 65]),
    ] {
        assert!(matches!(shape, ProblemError::Shape(_)), "{shape}");
    }
}

#[test]
fn many_alike_robots_neither_explode_nor_falsify_the_bound() {
    let mut instance = generate(6, 40, 20, 0, 2);
    for (at, robot) in instance.robots.iter_mut().enumerate() {
        robot
            .iter_mut()
            .enumerate()
            .for_each(|(skill, has)| *has = skill % 20 == at % 20);
    }
    let problem = Problem::new(&instance).unwrap();
    assert!(!problem.has_all_coalitions);
    let found = search(&problem, 0, &mut WorkBudget::new(3_000_000)).unwrap();
    assert!(found.bound <= found.makespan);
}
