//! CPU time of the exact assignment as a ratio to the crate `lapjv`, on the same matrices in the
//! same run: least of several repetitions, taken in turn, so that other load hits both alike.
//!
//! `cargo bench --bench assignment_ratio` prints a row per kind and size. Uniform costs are whole
//! numbers below a million, tied ones below 100 (`tied100`) and 10 (`tied10`), geometric ones
//! squared distances between points on a grid of 1000 by 1000.

use cpu_time::ProcessTime;
use ndarray::Array2;
use rand::RngExt as _;
use tercio::kernel::assignment::{Assigner, Costs};
use tercio::kernel::random::{DrawKey, Stream};

/// Rows, and columns, with repetitions.
const SIZES: [(usize, usize); 4] = [(200, 40), (500, 20), (1000, 8), (2000, 4)];

/// How costs come about.
const KINDS: [&str; 4] = ["uniform", "tied100", "tied10", "geometric"];

/// Matrices per kind and size.
const SEEDS: u64 = 3;

/// Whole numbers below `below`, as costs.
fn wholes(count: usize, below: u32, n: u64, seed: u64) -> Vec<f64> {
    let mut draws = DrawKey::new(Stream::Placement, 0, 0, n).draws(seed);
    (0..count)
        .map(|_| f64::from(draws.random_range(0..below)))
        .collect()
}

/// The costs of a square problem, row by row.
fn costs(kind: &str, n: usize, seed: u64) -> Vec<f64> {
    match kind {
        "uniform" => wholes(n * n, 1_000_000, 1, seed),
        "tied100" => wholes(n * n, 100, 2, seed),
        "tied10" => wholes(n * n, 10, 2, seed),
        _ => {
            let (x, y) = (wholes(2 * n, 1000, 3, seed), wholes(2 * n, 1000, 4, seed));
            let squared = |a: usize, b: usize| {
                let (east, north) = (x[a] - x[b], y[a] - y[b]);
                east * east + north * north
            };
            (0..n * n).map(|at| squared(at / n, n + at % n)).collect()
        }
    }
}

/// Milliseconds of CPU that `work` takes.
fn timed_ms(work: impl FnOnce()) -> f64 {
    let start = ProcessTime::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

/// Least times in ms of ours, ours with its certificate, and the peer on one matrix.
fn race(values: &[f64], n: usize, repetitions: usize) -> [f64; 3] {
    let matrix = Array2::from_shape_vec((n, n), values.to_vec()).expect("it is square");
    let mut assigner = Assigner::default();
    let mut least = [f64::INFINITY; 3];
    for _ in 0..repetitions {
        let (mut ours, mut theirs) = (0.0, 0.0);
        let solve = timed_ms(|| {
            let problem = Costs::new(n, n, values).expect("costs are finite");
            let found = assigner.solve(&problem, None).expect("costs are finite");
            ours = found.objective;
        });
        let certify = timed_ms(|| {
            let problem = Costs::new(n, n, values).expect("costs are finite");
            let found = assigner.solve(&problem, None).expect("costs are finite");
            found.certify(&problem, 1e-9).expect("it is optimal");
        });
        let peer = timed_ms(|| {
            let (row_to_col, _) = lapjv::lapjv(&matrix).expect("costs are finite");
            let pairs = row_to_col.iter().enumerate();
            theirs = pairs.map(|(row, col)| matrix[(row, *col)]).sum();
        });
        assert!((ours - theirs).abs() < 0.5, "the solvers disagree");
        for (best, now) in least.iter_mut().zip([solve, certify, peer]) {
            *best = best.min(now);
        }
    }
    least
}

/// All sizes and kinds.
#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    println!("kind       n      ours ms  certified ms  lapjv ms  ratio  ratio certified");
    for kind in KINDS {
        for (n, repetitions) in SIZES {
            let mut sum = [0.0; 3];
            for seed in 1..=SEEDS {
                let times = race(&costs(kind, n, seed), n, repetitions);
                sum.iter_mut().zip(times).for_each(|(all, one)| *all += one);
            }
            let [ours, certified, peer] = sum.map(|all| all / 3.0);
            println!(
                "{kind:10} {n:5} {ours:10.3} {certified:12.3} {peer:10.3} {:7.3} {:7.3}",
                ours / peer,
                certified / peer
            );
        }
    }
}
