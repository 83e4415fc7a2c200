//! Speed of flows, ranked assignments, relays and tree covers on generated problems.

use core::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use glam::DVec2;
use tercio::kernel::assignment::{Assigner, Costs};
use tercio::kernel::budget::WorkBudget;
use tercio::kernel::random::{DrawKey, Stream};
use tercio::planning::algo::coverage::{CoverProblem, cover};
use tercio::planning::algo::flow::{FlowArc, FlowProblem, min_cost_flow};
use tercio::planning::algo::k_best::KBest;
use tercio::planning::algo::relay::{DiscArea, discs, place};

/// Uniform numbers below `below`, rounded down.
fn wholes(count: usize, below: f64, n: u64) -> Vec<f64> {
    let mut draws = DrawKey::new(Stream::Placement, 4, 0, n).draws(1);
    (0..count)
        .map(|_| (draws.uniform() * below).floor())
        .collect()
}

/// A square assignment as a flow, which the exact assignment solves beside it.
fn flow(criterion: &mut Criterion, n: usize) {
    let values = wholes(n * n, 1e6, 1);
    let arc = |at: usize| FlowArc {
        from: at / n,
        to: n + at % n,
        least: 0,
        most: None,
        cost: values[at],
    };
    let problem = FlowProblem {
        supplies: (0..2 * n)
            .map(|node| if node < n { 1 } else { -1 })
            .collect(),
        arcs: (0..n * n).map(arc).collect(),
    };
    let costs = Costs::new(n, n, &values).expect("costs are finite");
    let mut assigner = Assigner::default();
    let mut group = criterion.benchmark_group("flow");
    group.sample_size(10);
    group.bench_function(BenchmarkId::new("network simplex", n), |bencher| {
        bencher.iter(|| min_cost_flow(black_box(&problem), &mut WorkBudget::new(u64::MAX)));
    });
    group.bench_function(BenchmarkId::new("assignment", n), |bencher| {
        bencher.iter(|| {
            assigner
                .solve(black_box(&costs), None)
                .map(|found| found.objective)
        });
    });
    group.bench_function(BenchmarkId::new("hundred best", n), |bencher| {
        bencher.iter(|| KBest::new(black_box(&costs), None).map(|best| best.take(100).count()));
    });
    group.finish();
}

/// Relays for fifteen terminals in a square with dead discs.
fn relay(criterion: &mut Criterion) {
    let (x, y) = (wholes(18, 120.0, 2), wholes(18, 120.0, 3));
    let point = |at: usize| DVec2::new(x[at], y[at]);
    let area = DiscArea {
        side: 120.0,
        step: 12.0,
        range: 26.0,
        terminals: (0..15).map(point).collect(),
        dead: (15..18).map(|at| (point(at), 14.0)).collect(),
    };
    criterion.bench_function("relay/15 terminals", |bencher| {
        bencher.iter(|| {
            let mut budget = WorkBudget::new(u64::MAX);
            let (graph, _) = discs(black_box(&area), &mut budget)?;
            place(&graph, 0, &mut budget).map(|found| found.cost)
        });
    });
}

/// A tree cover of a grid by six vehicles.
fn coverage(criterion: &mut Criterion) {
    let side = 24;
    let lengths = wholes(2 * side * side, 3.0, 4);
    let right = (0..side * side).filter(|at| at % side + 1 < side);
    let up = 0..side * (side - 1);
    let links: Vec<(usize, usize, f64)> = right
        .map(|at| (at, at + 1))
        .chain(up.map(|at| (at, at + side)))
        .zip(&lengths)
        .map(|((a, b), length)| (a, b, 1.0 + length))
        .collect();
    let vehicles: Vec<(usize, f64)> = (0..6).map(|v| (v * 90, 1.0)).collect();
    let problem = CoverProblem::new(side * side, &links, &vehicles).expect("the grid is whole");
    let mut group = criterion.benchmark_group("coverage");
    group.sample_size(10);
    group.bench_function("6 vehicles, 576 cells", |bencher| {
        bencher.iter(|| cover(black_box(&problem), 0, &mut WorkBudget::new(3_000_000)).makespan);
    });
    group.finish();
}

/// All of them.
fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for n in [100, 300] {
        flow(&mut criterion, n);
    }
    relay(&mut criterion);
    coverage(&mut criterion);
    criterion.final_summary();
}
