//! Against all tours of small problems, and against published and proven values.

use super::*;
use crate::kernel::budget::WorkBudget;
use proptest::prelude::*;

/// Greatest value of one tour from here on within `allowed`, then of the tours that are left.
fn brute(problem: &TopProblem, order: &mut Vec<usize>, used: &mut Vec<bool>, tours: usize) -> f64 {
    let mut best = if tours > 1 {
        let mut next = Vec::new();
        brute(problem, &mut next, used, tours - 1)
    } else {
        0.0
    };
    for at in 1..problem.len() - 1 {
        if !used[at] {
            order.push(at);
            if problem.end_s(order).is_some() {
                used[at] = true;
                best = best.max(problem.place(at).value + brute(problem, order, used, tours));
                used[at] = false;
            }
            order.pop();
        }
    }
    best
}

/// Straight ways between points.
fn problem(points: &[(f64, f64)], places: Vec<Place>, tours: usize, limit: f64) -> TopProblem {
    let way = |a: (f64, f64), b: (f64, f64)| {
        let (east, north) = (a.0 - b.0, a.1 - b.1);
        (east * east + north * north).sqrt()
    };
    let travel = points
        .iter()
        .flat_map(|a| points.iter().map(|b| way(*a, *b)))
        .collect();
    TopProblem::new(places, travel, tours, limit).unwrap()
}

/// Reads a file of the benchmark without `planning::solve`.
fn parse(text: &str) -> TopProblem {
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    let number = |row: usize, at: usize| rows[row][at].parse::<f64>().unwrap();
    let count = 3 + rows[0][1].parse::<usize>().unwrap();
    let points: Vec<_> = (3..count)
        .map(|row| (number(row, 0), number(row, 1)))
        .collect();
    let places = (3..count).map(|row| Place::free(number(row, 2))).collect();
    problem(&points, places, rows[1][1].parse().unwrap(), number(2, 1))
}

/// Solves within so many steps; tours have to hold and to be worth what is said.
fn run(problem: &TopProblem, steps: u64) -> TopSolution {
    let found = solve(problem, 0, &mut WorkBudget::new(steps));
    let mut seen = vec![false; problem.len()];
    let mut value = 0.0;
    for tour in &found.tours {
        assert!(tour.is_empty() || problem.end_s(tour).is_some());
        for &at in tour {
            assert!(!core::mem::replace(&mut seen[at], true));
            value += problem.place(at).value;
        }
    }
    assert!((value - found.value).abs() < 1e-6 && found.tours.len() <= problem.tours());
    assert!(found.bound >= found.value);
    found
}

prop_compose! {
    fn small(windows: bool)(
        places in prop::collection::vec(
            ((0_u8..20, 0_u8..20), 0_u8..9, 0_u8..4, (0_u8..30, 5_u8..40)), 2..8),
        tours in 1_usize..3,
        limit in 0_u8..60,
    ) -> TopProblem {
        let points: Vec<_> =
            places.iter().map(|p| (f64::from(p.0.0), f64::from(p.0.1))).collect();
        let specs = places.iter().map(|(_, value, service, (opens, length))| {
            let mut place = Place::free(f64::from(*value) * 0.5);
            if windows {
                place.service_s = f64::from(*service);
                place.opens_s = f64::from(*opens);
                place.closes_s = place.opens_s + f64::from(*length);
            }
            place
        });
        problem(&points, specs.collect(), tours, f64::from(limit))
    }
}

fn brute_force(problem: &TopProblem) -> f64 {
    brute(
        problem,
        &mut Vec::new(),
        &mut vec![false; problem.len()],
        problem.tours(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn small_problems_are_solved_and_proven(problem in small(false)) {
        let found = run(&problem, 300_000);
        prop_assert!((found.value - brute_force(&problem)).abs() < 1e-9);
        prop_assert!(found.proven);
    }

    #[test]
    fn small_problems_with_windows_are_solved_and_proven(problem in small(true)) {
        let found = run(&problem, 300_000);
        prop_assert!((found.value - brute_force(&problem)).abs() < 1e-9);
        prop_assert!(found.proven);
    }

    #[test]
    fn any_budget_gives_tours_and_a_bound_that_hold(problem in small(true), steps in 0_u64..500) {
        let found = run(&problem, steps);
        prop_assert!(found.bound >= brute_force(&problem) - 1e-6);
    }
}

#[test]
fn detours_that_are_shorter_than_the_direct_way_prove_nothing_false() {
    // Place 3 is worth nothing, but the only way to place 2 leads through it.
    let far = 9.0;
    let travel = vec![
        0.0, far, far, 1.0, far, //
        far, 0.0, far, far, far, //
        far, far, 0.0, far, 1.0, //
        far, far, 1.0, 0.0, far, //
        far, far, far, far, 0.0,
    ];
    let places = [0.0, 5.0, 7.0, 0.0, 0.0].map(Place::free).to_vec();
    let problem = TopProblem::new(places, travel, 1, 4.0).unwrap();
    assert!(
        (brute_force(&problem) - 0.0).abs() < 1e-9,
        "prefixes through it do not hold"
    );
    assert!(run(&problem, 20_000).bound >= 7.0);
}

#[test]
fn unusable_numbers_are_refused() {
    let places = || vec![Place::free(1.0); 3];
    let refused = |travel: Vec<f64>, tours, limit| {
        assert!(TopProblem::new(places(), travel, tours, limit).is_err());
    };
    refused(vec![1.0; 8], 1, 1.0);
    refused(vec![1.0; 9], 0, 1.0);
    refused(vec![1.0; 9], 1, f64::NAN);
    refused(vec![-1.0; 9], 1, 1.0);
    let mut broken = places();
    broken[1].value = f64::INFINITY;
    assert_eq!(
        TopProblem::new(broken, vec![1.0; 9], 1, 1.0),
        Err(TopError::Place(1))
    );
}

/// Names of files, their text, and what is known of them.
macro_rules! kept {
    ($set:literal: $($name:literal $value:literal),*) => {
        [$((
            $name,
            include_str!(concat!("../../../../tests/reference/top/", $set, "/", $name, ".txt")),
            f64::from($value),
        )),*]
    };
}

#[test]
fn the_second_set_is_solved_and_proven() {
    let instances = kept!["Set2":
        "p2.2.a" 90, "p2.2.b" 120, "p2.2.c" 140, "p2.2.d" 160, "p2.2.e" 190, "p2.2.f" 200,
        "p2.2.g" 200, "p2.2.h" 230, "p2.2.i" 230, "p2.2.j" 260, "p2.2.k" 275,
        "p2.3.a" 70, "p2.3.b" 70, "p2.3.c" 105, "p2.3.d" 105, "p2.3.e" 120, "p2.3.f" 120,
        "p2.3.g" 145, "p2.3.h" 165, "p2.3.i" 200, "p2.3.j" 200, "p2.3.k" 200,
        "p2.4.a" 10, "p2.4.b" 70, "p2.4.c" 70, "p2.4.d" 70, "p2.4.e" 70, "p2.4.f" 105,
        "p2.4.g" 105, "p2.4.h" 120, "p2.4.i" 120, "p2.4.j" 120, "p2.4.k" 180];
    for (name, text, value) in instances {
        let found = run(&parse(text), 2_000_000);
        assert!(
            found.proven && (found.value - value).abs() < 1e-9,
            "{name}: {}",
            found.value
        );
    }
}

#[test]
fn the_fourth_set_comes_close_to_the_best_known() {
    let instances = kept!["Set4":
        "p4.2.a" 206, "p4.2.e" 618, "p4.2.k" 1022, "p4.2.n" 1174, "p4.3.d" 335, "p4.3.h" 729];
    let mut short = 0.0;
    for (name, text, value) in instances {
        let found = run(&parse(text), 1_000_000);
        assert!(found.value <= value, "{name}: {}", found.value);
        assert!(found.bound >= value, "{name}: {}", found.bound);
        short += 1.0 - found.value / value;
    }
    assert!(short / 6.0 <= 0.005, "mean gap {}", short / 6.0);
}

#[test]
fn equal_budgets_give_equal_answers() {
    let [(_, text, _)] = kept!["Set4": "p4.2.k" 1022];
    let problem = parse(text);
    assert_eq!(run(&problem, 50_000), run(&problem, 50_000));
}
