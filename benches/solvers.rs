//! Speed of the exact assignment beside an outside solver, the crate `lapjv`.
//!
//! Square problems of three kinds: uniform costs; tied costs, of which there are only ten; and
//! geometric ones, squared distances between points, which are the hardest for augmenting paths.

use core::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use ndarray::Array2;
use rand::RngExt as _;
use tercio::kernel::assignment::{Assigner, Costs};
use tercio::kernel::random::{DrawKey, Stream};

/// Rows, and columns.
const SIZES: [usize; 2] = [200, 1000];

/// How costs come about.
const KINDS: [&str; 3] = ["uniform", "tied", "geometric"];

/// Whole numbers below `below`, as costs.
fn wholes(count: usize, below: u32, n: u64) -> Vec<f64> {
    let mut draws = DrawKey::new(Stream::Placement, 0, 0, n).draws(1);
    (0..count)
        .map(|_| f64::from(draws.random_range(0..below)))
        .collect()
}

/// The costs of a square problem, row by row.
fn costs(kind: &str, n: usize) -> Vec<f64> {
    match kind {
        "uniform" => wholes(n * n, 1_000_000, 1),
        "tied" => wholes(n * n, 10, 2),
        _ => {
            let (x, y) = (wholes(2 * n, 1000, 3), wholes(2 * n, 1000, 4));
            let squared = |a: usize, b: usize| {
                let (east, north) = (x[a] - x[b], y[a] - y[b]);
                east * east + north * north
            };
            (0..n * n).map(|at| squared(at / n, n + at % n)).collect()
        }
    }
}

/// Sum of the costs of an assignment of `lapjv`.
fn objective(matrix: &Array2<f64>, row_to_col: &[usize]) -> f64 {
    let pairs = row_to_col.iter().enumerate();
    pairs.map(|(row, col)| matrix[(row, *col)]).sum()
}

/// Both solvers on one problem; they have to agree before they are timed.
fn assignment(criterion: &mut Criterion, kind: &str, n: usize) {
    let values = costs(kind, n);
    let problem = Costs::new(n, n, &values).expect("costs are finite");
    let matrix = Array2::from_shape_vec((n, n), values.clone()).expect("it is square");
    let mut assigner = Assigner::default();
    let ours = assigner
        .solve(&problem, None)
        .expect("costs are finite")
        .objective;
    let (theirs, _) = lapjv::lapjv(&matrix).expect("costs are finite");
    // Sums of whole numbers: equal to the last bit.
    assert!(
        (ours - objective(&matrix, &theirs)).abs() < 0.5,
        "the solvers disagree"
    );

    let mut group = criterion.benchmark_group(format!("assignment/{kind}"));
    group.sample_size(if n > 500 { 10 } else { 50 });
    group.throughput(Throughput::Elements(n as u64));
    group.bench_function(BenchmarkId::new("tercio", n), |bencher| {
        bencher.iter(|| {
            assigner
                .solve(black_box(&problem), None)
                .map(|found| found.objective)
        });
    });
    group.bench_function(BenchmarkId::new("lapjv", n), |bencher| {
        bencher.iter(|| lapjv::lapjv(black_box(&matrix)));
    });
    group.finish();
}

/// All sizes and kinds.
fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for n in SIZES {
        for kind in KINDS {
            assignment(&mut criterion, kind, n);
        }
    }
    criterion.final_summary();
}
