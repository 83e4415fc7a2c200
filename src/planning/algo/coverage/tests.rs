//! Tests of tree covers: brute force on small graphs, larger grids, ways, refusals.

use super::*;
use crate::kernel::budget::WorkBudget;
use crate::kernel::random::{DrawKey, Stream};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A grid with unit links and some cells missing links, by seed.
fn grid(width: usize, height: usize, seed: u64) -> Vec<(usize, usize, f64)> {
    let mut draws = DrawKey::new(Stream::Placement, 8, 0, 0).draws(seed);
    let mut links = Vec::new();
    for at in 0..width * height {
        let right = (at % width + 1 < width).then_some(at + 1);
        let up = (at + width < width * height).then_some(at + width);
        for to in right.into_iter().chain(up) {
            if draws.uniform() < 0.8 || to == at + 1 {
                links.push((at, to, 1.0 + (draws.uniform() * 3.0).floor()));
            }
        }
    }
    // The left column is whole, so that everything is joined.
    for row in 1..height {
        links.push(((row - 1) * width, row * width, 4.0));
    }
    links
}

/// Least length of a tree over exactly these cells; infinite if they fall apart.
fn spanning(cells: usize, set: usize, links: &[(usize, usize, f64)]) -> f64 {
    let mut sorted: Vec<_> = links
        .iter()
        .filter(|&&(a, b, _)| set >> a & 1 == 1 && set >> b & 1 == 1)
        .collect();
    sorted.sort_by(|a, b| a.2.total_cmp(&b.2));
    let mut group: Vec<usize> = (0..cells).collect();
    let (mut sum, mut joins) = (0.0, 1);
    for &&(a, b, length) in &sorted {
        let (first, second) = (group[a], group[b]);
        if first != second {
            group
                .iter_mut()
                .filter(|g| **g == first)
                .for_each(|g| *g = second);
            sum += length;
            joins += 1;
        }
    }
    if joins == set.count_ones() {
        sum
    } else {
        f64::INFINITY
    }
}

/// Least makespan of two vehicles.
fn brute(cells: usize, links: &[(usize, usize, f64)], vehicles: &[(usize, f64); 2]) -> f64 {
    let all = (1_usize << cells) - 1;
    let lengths: Vec<f64> = (0..=all).map(|set| spanning(cells, set, links)).collect();
    let time = |set: usize, (root, rate): (usize, f64)| match set >> root & 1 {
        1 => lengths[set] / rate,
        _ => f64::INFINITY,
    };
    let mut best = f64::INFINITY;
    for first in (0..=all).filter(|&set| time(set, vehicles[0]) < f64::INFINITY) {
        for second in (0..=all).filter(|set| set | first == all) {
            best = best.min(time(first, vehicles[0]).max(time(second, vehicles[1])));
        }
    }
    best
}

/// A cover holds: trees from their roots, every cell reached, lengths and makespan as said.
fn holds(problem: &CoverProblem, found: &Cover) {
    let mut reached = BTreeSet::new();
    for (vehicle, tree) in found.trees.iter().enumerate() {
        let walk = round_trip(problem.root(vehicle), tree);
        assert_eq!(walk.len(), 2 * tree.len() + 1, "tree {vehicle} falls apart");
        let cells: BTreeSet<usize> = walk.iter().copied().collect();
        assert_eq!(cells.len(), tree.len() + 1, "tree {vehicle} has a circle");
        assert_eq!(
            (walk[0], walk.last()),
            (problem.root(vehicle), Some(&walk[0]))
        );
        let length: f64 = tree.iter().map(|&(a, b)| problem.length(a, b)).sum();
        assert!((length - found.lengths[vehicle]).abs() < 1e-9);
        assert!(length / problem.rate(vehicle) <= found.makespan + 1e-9);
        reached.extend(cells);
    }
    assert_eq!(reached.len(), problem.cells());
    assert!(found.bound <= found.makespan);
}

#[test]
fn small_graphs_equal_brute_force() {
    for seed in 0..16 {
        let (width, height) = (2 + usize::from(seed % 3 == 0), 3);
        let cells = width * height;
        let links = grid(width, height, seed);
        let second = 1 + usize::try_from(seed).unwrap() % (cells - 1);
        let vehicles = [
            (0, 1.0),
            (second, 1.0 + 0.5 * f64::from(u8::from(seed % 2 == 0))),
        ];
        let problem = CoverProblem::new(cells, &links, &vehicles).unwrap();
        let found = cover(&problem, seed, &mut WorkBudget::new(300_000));
        holds(&problem, &found);
        let best = brute(cells, &links, &vehicles);
        assert!(
            (found.makespan - best).abs() < 1e-9,
            "{seed}: {found:?} against {best}"
        );
        assert!(found.bound <= best + 1e-9);
    }
}

#[test]
fn a_fast_vehicle_takes_a_larger_part() {
    let links = grid(12, 12, 3);
    let vehicles = [(0, 1.0), (143, 3.0), (11, 2.0)];
    let problem = CoverProblem::new(144, &links, &vehicles).unwrap();
    let found = cover(&problem, 1, &mut WorkBudget::new(1_500_000));
    holds(&problem, &found);
    assert!(found.makespan <= 1.08 * found.bound, "{found:?}");
    assert!(found.lengths[1] > 1.3 * found.lengths[2] && found.lengths[2] > 1.3 * found.lengths[0]);
}

#[test]
fn a_budget_of_nothing_still_covers_and_the_same_one_gives_the_same() {
    let links = grid(15, 9, 5);
    let vehicles = [(0, 1.0), (0, 1.0), (134, 1.0)];
    let problem = CoverProblem::new(135, &links, &vehicles).unwrap();
    let run = |steps: u64| cover(&problem, 7, &mut WorkBudget::new(steps));
    holds(&problem, &run(0));
    assert_eq!(run(200_000), run(200_000));
    assert!(run(2_000_000).makespan <= run(0).makespan);
}

#[test]
fn a_corridor_is_shared() {
    // Two rooms of six cells joined by a corridor; both vehicles begin in the left one.
    let mut links: Vec<(usize, usize, f64)> = (1..15).map(|c| (c - 1, c, 1.0)).collect();
    links.extend((2..9).map(|c| (0, 13 + c, 1.0)));
    let problem = CoverProblem::new(22, &links, &[(0, 1.0), (1, 1.0)]).unwrap();
    let found = cover(&problem, 2, &mut WorkBudget::new(400_000));
    holds(&problem, &found);
    assert!((found.makespan - 13.0).abs() < 1e-9, "{found:?}");
}

#[test]
fn what_cannot_be_used_is_refused() {
    let one = [(0, 1.0)];
    assert!(matches!(
        CoverProblem::new(2, &[], &one),
        Err(CoverError::Unreachable(1))
    ));
    assert!(matches!(
        CoverProblem::new(2, &[], &[]),
        Err(CoverError::Size(0, 2))
    ));
    assert!(matches!(
        CoverProblem::new(0, &[], &one),
        Err(CoverError::Vehicle(0))
    ));
    assert!(CoverProblem::new(usize::MAX, &[], &one).is_err());
    for bad in [
        (0, 0, 1.0),
        (0, 2, 1.0),
        (0, 1, -1.0),
        (0, 1, f64::NAN),
        (0, 1, 1e13),
    ] {
        assert_eq!(CoverProblem::new(2, &[bad], &one), Err(CoverError::Link(0)));
    }
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let refused = CoverProblem::new(2, &[(0, 1, 1.0)], &[(0, bad)]);
        assert_eq!(refused, Err(CoverError::Vehicle(0)));
    }
    let single = CoverProblem::new(1, &[], &one).unwrap();
    let found = cover(&single, 0, &mut WorkBudget::new(10));
    assert!(found.makespan < 1e-12 && found.is_proven());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The way around a random tree passes every quarter once and goes to neighbours only.
    #[test]
    fn ways_around_trees_pass_each_quarter_once(
        picks in prop::collection::vec((0_usize..999, 0_usize..4), 0..40),
    ) {
        let mut cells = vec![(0_i32, 0_i32)];
        let mut tree = Vec::new();
        for (pick, side) in picks {
            let from = pick % cells.len();
            let (dx, dy) = [(1, 0), (0, 1), (-1, 0), (0, -1)][side];
            let next = (cells[from].0 + dx, cells[from].1 + dy);
            if !cells.contains(&next) {
                tree.push((from, cells.len()));
                cells.push(next);
            }
        }
        let way = around_tree(0, &tree, &cells).unwrap();
        let distinct: BTreeSet<(i64, i64)> = way.iter().copied().collect();
        prop_assert_eq!(distinct.len(), 4 * cells.len());
        prop_assert_eq!(way.len(), 4 * cells.len());
        for at in 0..way.len() {
            let (a, b) = (way[at], way[(at + 1) % way.len()]);
            prop_assert_eq!((a.0 - b.0).abs() + (a.1 - b.1).abs(), 1);
        }
        prop_assert_eq!(around_tree(0, &[(0, 1)], &[(0, 0), (1, 1)]), None);
    }
}
