//! The auction against the reference, against greed that sees everything, and under loss.

use std::fs;

use proptest::prelude::*;

use super::exchange::partner;
use super::network::{Conditions, Links, Outcome, diameter, links, run};
use super::pair::share;
use super::*;
use crate::kernel::budget::WorkBudget;
use crate::kernel::random::{DrawKey, Stream};
use crate::planning::solve::{Options, Topology, cbba as file};

const TOPOLOGIES: [(&str, Topology); 4] = [
    ("full", Topology::Full),
    ("ring", Topology::Ring),
    ("line", Topology::Line),
    ("star", Topology::Star),
];

fn endless() -> WorkBudget {
    WorkBudget::new(u64::MAX)
}

/// A problem as those of the reference: a square of 100, speed 2, windows of 25 s.
pub(super) fn random_problem(agents: usize, tasks: usize, seed: u64) -> Problem {
    let mut draws = DrawKey::new(Stream::Placement, 7, 0, 0).draws(seed);
    let mut place = || [100.0 * draws.uniform(), 100.0 * draws.uniform()];
    let agent = |at| AgentSpec { at, speed: 2.0 };
    let agents = (0..agents).map(|_| agent(place())).collect();
    let mut task = || {
        let (at, start_s) = (place(), 0.6 * place()[0]);
        TaskSpec {
            at,
            value: 100.0,
            start_s,
            end_s: start_s + 25.0,
            duration_s: 10.0,
            discount_per_s: 0.05,
        }
    };
    let tasks = (0..tasks).map(|_| task()).collect();
    Problem::new(agents, tasks).unwrap()
}

/// Sequential greedy allocation by one who sees everything, written without the bundle.
fn greedy(problem: &Problem) -> Vec<Vec<usize>> {
    let tasks = problem.tasks();
    let mut paths: Vec<Vec<Visit>> = vec![Vec::new(); problem.agents().len()];
    let mut free: Vec<usize> = (0..tasks.specs().len()).collect();
    loop {
        let mut best: Option<(f64, usize, usize, usize, Visit)> = None;
        for (id, path) in paths.iter().enumerate() {
            for (&task, at) in free
                .iter()
                .flat_map(|t| (0..=path.len()).map(move |at| (t, at)))
            {
                let (agent, spec) = (&problem.agents()[id], &tasks.specs()[task]);
                let before = at.checked_sub(1).map(|before| path[before]);
                let ready_s = before.map_or(0.0, |v| v.time_s + tasks.specs()[v.task].duration_s);
                let way = tasks.travel_s(agent, before.map(|v| v.task), task);
                let time_s = spec.start_s.max(ready_s + way);
                let latest = path.get(at).map_or(f64::INFINITY, |next| {
                    next.time_s - spec.duration_s - tasks.travel_s(agent, Some(task), next.task)
                });
                let value = tasks.value_at(task, time_s);
                if time_s > spec.end_s.min(latest) || value <= 0.0 {
                    continue;
                }
                let start = |task: usize| tasks.specs()[task].start_s;
                let is_better = best.is_none_or(|(bid, of, other, _, _)| {
                    let key = value.total_cmp(&bid).reverse();
                    let key = key.then(start(task).total_cmp(&start(other)));
                    key.then(task.cmp(&other)).then(id.cmp(&of)).is_lt()
                });
                if is_better {
                    let visit = Visit {
                        task,
                        time_s,
                        value,
                    };
                    best = Some((value, id, task, at, visit));
                }
            }
        }
        let Some((_, id, task, at, visit)) = best else {
            return paths
                .iter()
                .map(|p| p.iter().map(|v| v.task).collect())
                .collect();
        };
        paths[id].insert(at, visit);
        free.retain(|&other| other != task);
    }
}

fn tasks_of(found: &Outcome) -> Vec<Vec<usize>> {
    let path = |path: &Vec<Claim>| path.iter().map(|claim| claim.task).collect();
    found.paths.iter().map(path).collect()
}

/// A connected network in which two agents hear each other with probability 0.3, or follow each
/// other in a row.
fn random_links(agents: usize, seed: u64) -> Links {
    let hears =
        |a: usize, b: usize| DrawKey::new(Stream::Link, a as u64, b as u64, 1).uniform(seed) < 0.3;
    links(agents, |a, b| b == a + 1 || hears(a, b))
}

#[test]
fn scores_equal_the_reference_on_every_instance_and_topology() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/cbba");
    let text = fs::read_to_string(format!("{folder}/reference_results.json")).unwrap();
    let references: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(references.len(), 28);
    let (mut ratio, mut traded, mut known) = (0.0, 0.0, 0.0);
    for reference in &references {
        let [agents, tasks, seed] = ["A", "T", "seed"]
            .map(|key| usize::try_from(reference[key].as_u64().unwrap()).unwrap());
        let name = format!("cbba_{agents}x{tasks}_s{seed}.json");
        let text = fs::read_to_string(format!("{folder}/{name}")).unwrap();
        let solve = |options: &Options| {
            let answer = file::solve(&text, options, &mut endless()).unwrap();
            let checked = file::check(&text, options, &answer.solution).unwrap();
            assert!(
                (checked.objective - answer.objective).abs() < 1e-6,
                "{name}"
            );
            assert!(answer.objective <= answer.bound.unwrap() + 1e-9, "{name}");
            answer
        };
        let score = reference["full"]["score"].as_f64().unwrap();
        for (label, topology) in TOPOLOGIES {
            let exchange = false;
            let answer = solve(&Options {
                topology,
                exchange,
                ..Options::default()
            });
            let own = reference[label]["score"].as_f64().unwrap_or(score);
            assert!((answer.objective - own).abs() < 1e-6, "{name} {label}");
            let hops = diameter(&file::topology(agents, topology)).unwrap();
            let rounds = answer
                .notes
                .iter()
                .find(|note| note.0 == "rounds")
                .unwrap()
                .1;
            assert!(
                rounds <= (tasks * hops) as f64,
                "{name} {label}: {rounds} rounds"
            );
        }
        let exchange = true;
        let topology = TOPOLOGIES[(seed / 2) % 4].1;
        let after = solve(&Options {
            topology,
            exchange,
            ..Options::default()
        })
        .objective;
        assert!(after >= score - 1e-9, "{name}: exchange loses");
        if let Some(optimum) = reference["opt"].as_f64() {
            assert!(after <= optimum + 1e-6, "{name}: {after} above the optimum");
            (ratio, traded, known) = (
                ratio + score / optimum,
                traded + after / optimum,
                known + 1.0,
            );
        }
    }
    assert!(ratio / known >= 0.879, "auction: {}", ratio / known);
    assert!(traded / known >= 0.97, "exchange: {}", traded / known);
}

/// The promise of the asynchronous auction over many seeds.
fn seeds_come_to_rest(seeds: std::ops::Range<u64>) -> (u64, u64) {
    let (mut messages, mut bytes) = (0, 0);
    for seed in seeds {
        let agents = 3 + (seed % 6) as usize;
        let problem = random_problem(agents, 2 * agents + (seed % 5) as usize, seed);
        let links = random_links(agents, seed);
        let clean = run(&problem, &links, &Conditions::ROUNDS, false, &mut endless());
        let conditions = Conditions {
            loss: 0.3,
            longest_delay: 1 + (seed % 5) as u32,
            longest_period: 1 + (seed % 4) as u32,
            split: (seed % 2 == 0).then_some((5, 60 + (seed % 100) as u32)),
            most_ticks: 20_000,
            seed,
        };
        let found = run(&problem, &links, &conditions, false, &mut endless());
        assert!(found.is_quiet, "seed {seed} does not come to rest");
        assert_eq!(found.conflicts, 0, "seed {seed}");
        assert_eq!(found.paths, clean.paths, "seed {seed}");
        assert_eq!(tasks_of(&found), greedy(&problem), "seed {seed}");
        (messages, bytes) = (messages + found.messages, bytes + found.bytes);
    }
    (messages, bytes)
}

#[test]
fn a_thousand_seeds_with_loss_delay_and_partitions_rest_where_the_lossless_run_does() {
    let (messages, bytes) = seeds_come_to_rest(0..1000);
    println!(
        "a run sends {} messages, {} octets",
        messages / 1000,
        bytes / 1000
    );
}

#[test]
fn exchange_survives_loss_delay_and_partitions() {
    for seed in 0..300 {
        let agents = 3 + (seed % 5) as usize;
        let problem = random_problem(agents, 2 * agents, seed);
        let links = random_links(agents, seed);
        let conditions = Conditions {
            loss: 0.3,
            longest_delay: 3,
            longest_period: 2,
            split: Some((20, 90)),
            most_ticks: 200_000,
            seed,
        };
        let auction = run(&problem, &links, &Conditions::ROUNDS, false, &mut endless());
        let found = run(&problem, &links, &conditions, true, &mut endless());
        assert!(
            found.is_quiet && found.conflicts == 0,
            "seed {seed}: {found:?}"
        );
        assert!(found.score >= auction.score - 1e-9, "seed {seed}");
        for (agent, path) in problem.agents().iter().zip(tasks_of(&found)) {
            assert!(
                problem.tasks().schedule(agent, &path).is_some(),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn a_partition_that_never_heals_leaves_each_side_its_own_auction() {
    let problem = random_problem(4, 6, 3);
    let row = links(4, |a, b| b == a + 1);
    let conditions = Conditions {
        split: Some((0, u32::MAX)),
        most_ticks: 300,
        seed: 5,
        ..Conditions::ROUNDS
    };
    let found = run(&problem, &row, &conditions, false, &mut endless());
    assert!(!found.is_quiet && found.conflicts > 0);
    let mut tasks: Vec<usize> = tasks_of(&found).concat();
    let all = tasks.len();
    tasks.sort_unstable();
    tasks.dedup();
    assert_eq!(
        tasks.len(),
        all,
        "what is reported is without conflicts nevertheless"
    );
}

#[test]
fn a_spent_budget_still_gives_paths_without_conflicts() {
    let problem = random_problem(6, 20, 1);
    let all = links(6, |_, _| true);
    let mut most_conflicts = 0;
    for steps in (0..8000).step_by(100) {
        let mut budget = WorkBudget::new(steps);
        let found = run(&problem, &all, &Conditions::ROUNDS, true, &mut budget);
        most_conflicts = most_conflicts.max(found.conflicts);
        let tasks = tasks_of(&found);
        let mut all: Vec<usize> = tasks.concat();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "{steps} steps");
        for (agent, path) in problem.agents().iter().zip(tasks) {
            assert!(
                problem.tasks().schedule(agent, &path).is_some(),
                "{steps} steps"
            );
        }
    }
    assert!(
        most_conflicts > 0,
        "no budget ran out while agents disagreed"
    );
}

#[test]
fn every_pair_meets_once_a_lap() {
    for agents in 0..9 {
        let mut met = vec![0; agents * agents];
        let lap = agents.max(1) - 1 + agents % 2;
        for turn in 0..u32::try_from(lap).unwrap() {
            for id in 0..agents {
                if let Some(with) = partner(agents, turn, id) {
                    assert_eq!(partner(agents, turn, with), Some(id));
                    met[id * agents + with] += 1;
                }
            }
        }
        for (at, &times) in met.iter().enumerate() {
            assert_eq!(
                times,
                i32::from(at / agents != at % agents),
                "{agents} agents"
            );
        }
    }
}

/// The best two paths by trying all orders of all splits.
fn best_by_hand(problem: &Problem, path: &mut [Vec<usize>; 2], rest: &[usize]) -> f64 {
    let tasks = problem.tasks();
    let values = [0, 1].map(|id| {
        let visits = tasks.schedule(&problem.agents()[id], &path[id]);
        visits.map(|visits| visits.iter().map(|v| v.value).sum::<f64>())
    });
    let [Some(first), Some(second)] = values else {
        return 0.0;
    };
    let mut best = first + second;
    for (at, &task) in rest.iter().enumerate() {
        let mut left = rest.to_vec();
        left.remove(at);
        for id in 0..2 {
            path[id].push(task);
            best = best.max(best_by_hand(problem, path, &left));
            path[id].pop();
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Wherever it talks, the auction ends where greed ends that sees everything.
    #[test]
    fn the_auction_is_sequential_greed(agents in 1..7_usize, tasks in 0..15_usize, seed: u64) {
        let problem = random_problem(agents, tasks, seed);
        let expected = greedy(&problem);
        for (_, topology) in TOPOLOGIES {
            let links = file::topology(agents, topology);
            let found = run(&problem, &links, &Conditions::ROUNDS, false, &mut endless());
            prop_assert!(found.is_quiet && found.conflicts == 0);
            prop_assert_eq!(&tasks_of(&found), &expected);
            let hops = diameter(&links).unwrap();
            prop_assert!(found.changed_at as usize <= tasks * hops);
        }
    }

    #[test]
    fn two_agents_share_as_well_as_can_be(tasks in 0..5_usize, seed: u64) {
        let problem = random_problem(2, tasks, seed);
        let pool: Vec<usize> = (0..tasks).collect();
        let agents = [&problem.agents()[0], &problem.agents()[1]];
        let (value, paths, _) = share(problem.tasks(), agents, &pool);
        let mut worth = 0.0;
        for (agent, path) in agents.iter().zip(&paths) {
            let visits = problem.tasks().schedule(agent, path).unwrap();
            worth += visits.iter().map(|visit| visit.value).sum::<f64>();
        }
        prop_assert!((worth - value).abs() < 1e-9);
        let best = best_by_hand(&problem, &mut [Vec::new(), Vec::new()], &pool);
        prop_assert!((value - best).abs() < 1e-9);
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let good = random_problem(1, 1, 0);
    let (agent, task) = (good.agents()[0], good.tasks().specs()[0]);
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
        let refused = Problem::new(vec![AgentSpec { speed, ..agent }], vec![]);
        assert_eq!(refused.err(), Some(ProblemError::Agent(0)));
    }
    let bad = [
        TaskSpec {
            value: -1.0,
            ..task
        },
        TaskSpec {
            discount_per_s: -0.1,
            ..task
        },
        TaskSpec {
            start_s: f64::NAN,
            ..task
        },
        TaskSpec {
            at: [0.0, 1e300],
            ..task
        },
    ];
    for bad in bad {
        let refused = Problem::new(vec![agent], vec![task, bad]);
        assert_eq!(refused.err(), Some(ProblemError::Task(1)));
    }
    let many = Problem::new(vec![], vec![task; 3000]);
    assert_eq!(many.err(), Some(ProblemError::Size(0, 3000)));
}
