//! Speed and gaps of decentralised allocation, the task algebra and coalitions.
//!
//! Instances are drawn here; what a search finds beside the published one, at the same number of
//! nodes, is printed before anything is timed.

use core::cmp::Ordering;
use core::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use tercio::kernel::budget::WorkBudget;
use tercio::kernel::random::{DrawKey, Draws, Stream};
use tercio::planning::algo::cbba::network::{Conditions, run};
use tercio::planning::algo::cbba::{self, AgentSpec, TaskSpec};
use tercio::planning::algo::uxas::algebra::Expression;
use tercio::planning::algo::uxas::{self, Leg, Objective, TaskOption, plain};
use tercio::planning::algo::{mrta, uxas::search};
use tercio::planning::solve::{Topology, cbba::topology};

/// A budget that does not end.
fn endless() -> WorkBudget {
    WorkBudget::new(u64::MAX)
}

/// Agents and tasks on a square of 100, windows of 25 s that open within `span_s`.
fn auction(agents: usize, tasks: usize, span_s: f64) -> cbba::Problem {
    let mut draws = DrawKey::new(Stream::Placement, 1, 0, 0).draws(1);
    let place = |draws: &mut Draws| [100.0 * draws.uniform(), 100.0 * draws.uniform()];
    let agent = |draws: &mut Draws| AgentSpec {
        at: place(draws),
        speed: 2.0,
    };
    let task = |draws: &mut Draws| {
        let start_s = span_s * draws.uniform();
        TaskSpec {
            at: place(draws),
            value: 100.0,
            start_s,
            end_s: start_s + 25.0,
            duration_s: 10.0,
            discount_per_s: 0.05,
        }
    };
    let agents = (0..agents).map(|_| agent(&mut draws)).collect();
    let tasks = (0..tasks).map(|_| task(&mut draws)).collect();
    cbba::Problem::new(agents, tasks).expect("the numbers are in range")
}

/// The auction of 100 agents over 500 tasks on every topology.
fn auctions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cbba/100x500");
    group.sample_size(10);
    for span_s in [75.0, 300.0] {
        let problem = auction(100, 500, span_s);
        for kind in [
            Topology::Full,
            Topology::Ring,
            Topology::Line,
            Topology::Star,
        ] {
            let links = topology(100, kind);
            group.bench_function(BenchmarkId::new(format!("{kind:?}"), span_s), |bencher| {
                bencher.iter(|| {
                    run(
                        black_box(&problem),
                        &links,
                        &Conditions::ROUNDS,
                        false,
                        &mut endless(),
                    )
                });
            });
        }
    }
    group.finish();
}

/// Tasks side by side: costs of 10 to 100 s, ways of 1 to 300 s, every vehicle its own.
fn matrix(tasks: i64, vehicles: i64, objective: Objective, seed: u64) -> uxas::Problem {
    let mut draws = DrawKey::new(Stream::Placement, 2, 0, 0).draws(seed);
    let mut whole = |low: f64, high: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "at most 300,000")]
        let drawn = (low + (high - low) * draws.uniform()) as i64;
        drawn
    };
    let options: Vec<TaskOption> = (1..=tasks)
        .map(|id| TaskOption {
            id,
            cost_ms: whole(10_000.0, 100_000.0),
            eligible: Vec::new(),
        })
        .collect();
    let mut legs = Vec::new();
    for vehicle in 1..=vehicles {
        for from in 0..=tasks {
            for to in (1..=tasks).filter(|&to| to != from) {
                legs.push(Leg {
                    vehicle,
                    from: (from > 0).then_some(from),
                    to,
                    time_ms: whole(1_000.0, 300_000.0),
                });
            }
        }
    }
    let atoms = (1..=tasks).map(Expression::Atom).collect();
    let expression = Expression::parallel(atoms).expect("there are tasks");
    uxas::Problem::new(expression, &options, &legs, objective).expect("the numbers are in range")
}

/// How often the search finds less than, as much as and more than the published one.
#[expect(clippy::print_stdout, reason = "a bench reports to its caller")]
fn compare(objective: Objective, nodes: u64, seeds: u64) {
    let mut counts = [0_u32; 3];
    for seed in 0..seeds {
        let problem = matrix(16, 8, objective, seed);
        let published = plain(&problem, nodes, &mut endless()).solution;
        let found = search(&problem, nodes, 0, &mut endless()).solution;
        let (Some(published), Some(found)) = (published, found) else {
            continue;
        };
        match found.cost_ms.cmp(&published.cost_ms) {
            Ordering::Less => counts[0] += 1,
            Ordering::Equal => counts[1] += 1,
            Ordering::Greater => counts[2] += 1,
        }
    }
    let [less, equal, more] = counts;
    println!(
        "16 tasks, 8 vehicles, {objective:?}, {nodes} nodes: less {less}, equal {equal}, more {more}"
    );
}

/// Searches over the task algebra.
#[expect(clippy::print_stdout, reason = "a bench reports to its caller")]
fn algebra(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("uxas/2x72");
    for objective in [Objective::MinMax, Objective::Cumulative] {
        for nodes in [100, 300, 1000, 10_000] {
            compare(objective, nodes, 200);
        }
        for seed in 0..3 {
            let problem = matrix(72, 2, objective, seed);
            let found = search(&problem, 30_000, 0, &mut endless());
            if let Some(solution) = found.solution {
                let (cost_ms, bound_ms) = (solution.cost_ms, found.bound_ms);
                println!("72 tasks, 2 vehicles, {objective:?}: {cost_ms} ms, bound {bound_ms} ms");
            }
        }
        let problem = matrix(72, 2, objective, 0);
        group.bench_function(format!("{objective:?}"), |bencher| {
            bencher.iter(|| search(black_box(&problem), 30_000, 0, &mut endless()));
        });
    }
    group.finish();
}

/// Tasks with three skills and precedence.
fn coalition_problem(tasks: usize, robots: usize, pairs: usize, seed: u64) -> mrta::Problem {
    let instance = mrta::generate(tasks, robots, 3, pairs, seed);
    mrta::Problem::new(&instance).expect("the generator keeps to the rules")
}

/// Coalitions with precedence.
#[expect(clippy::print_stdout, reason = "a bench reports to its caller")]
fn coalitions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mrta");
    group.sample_size(10);
    for (tasks, robots, pairs) in [(8, 3, 1), (10, 4, 2), (12, 4, 3), (20, 5, 5), (50, 8, 10)] {
        let (mut proven, mut above) = (0, 0.0);
        for seed in 0..10 {
            let problem = coalition_problem(tasks, robots, pairs, seed);
            if let Some(found) = mrta::search(&problem, 0, &mut endless()) {
                proven += u32::from(found.is_proven);
                above += 10.0 * (found.makespan / mrta::bound(&problem) - 1.0);
            }
        }
        println!(
            "{tasks} tasks, {robots} robots: {proven} of 10 proven, {above:.1} % above the bound"
        );
        let problem = coalition_problem(tasks, robots, pairs, 1);
        group.bench_function(BenchmarkId::new("search", tasks), |bencher| {
            bencher.iter(|| mrta::search(black_box(&problem), 0, &mut endless()));
        });
    }
    group.finish();
}

/// All of them.
fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    auctions(&mut criterion);
    algebra(&mut criterion);
    coalitions(&mut criterion);
    criterion.final_summary();
}
