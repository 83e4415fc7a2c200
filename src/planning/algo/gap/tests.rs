//! Against all assignments of small problems, and against published optima.

use super::*;
use crate::kernel::budget::WorkBudget;
use proptest::prelude::*;

/// Least cost over all assignments.
fn brute(problem: &GapProblem) -> Option<i64> {
    let (agents, tasks) = (problem.agents(), problem.tasks());
    let count = agents.pow(u32::try_from(tasks).unwrap());
    let assignment = |code: usize| -> Vec<usize> {
        (0..tasks)
            .map(|task| code / agents.pow(u32::try_from(task).unwrap()) % agents)
            .collect()
    };
    (0..count)
        .filter_map(|code| problem.evaluate(&assignment(code)))
        .min()
}

/// Reads the OR-Library's format without `planning::solve`.
fn parse(text: &str) -> GapProblem {
    let numbers: Vec<i64> = text
        .split_whitespace()
        .map(|word| word.parse().unwrap())
        .collect();
    let index = |at: usize| usize::try_from(numbers[at]).unwrap();
    let (agents, tasks) = (index(0), index(1));
    let pairs = agents * tasks;
    let part = |from: usize, to: usize| numbers[2 + from..2 + to].to_vec();
    let capacities = part(2 * pairs, 2 * pairs + agents);
    GapProblem::new(tasks, part(0, pairs), part(pairs, 2 * pairs), capacities).unwrap()
}

/// Solves within this many steps; the answer has to be consistent with itself.
fn run(problem: &GapProblem, steps: u64) -> GapSolution {
    let found = solve(problem, 0, &mut WorkBudget::new(steps));
    if let Some(agents) = &found.agent_of {
        assert_eq!(problem.evaluate(agents), Some(found.cost));
        #[expect(clippy::cast_precision_loss, reason = "costs in tests are small")]
        let cost = found.cost as f64;
        assert!(found.bound <= cost && (!found.proven || found.bound >= cost));
    }
    found
}

fn numbers(below: i64, count: usize) -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(0..below, count)
}

fn problems() -> impl Strategy<Value = GapProblem> {
    (1_usize..4, 0_usize..7).prop_flat_map(|(agents, tasks)| {
        let pairs = agents * tasks;
        (numbers(30, pairs), numbers(9, pairs), numbers(25, agents)).prop_map(
            move |(costs, loads, capacities)| {
                GapProblem::new(tasks, costs, loads, capacities).unwrap()
            },
        )
    })
}

proptest! {
    #[test]
    fn small_problems_are_solved_and_proven(problem in problems()) {
        let found = run(&problem, 10_000_000);
        prop_assert!(found.proven);
        prop_assert_eq!(found.agent_of.map(|_| found.cost), brute(&problem));
    }

    #[test]
    fn any_budget_gives_a_bound_that_holds(problem in problems(), steps in 0_u64..3000) {
        let found = run(&problem, steps);
        let best = brute(&problem);
        if let Some(best) = best {
            #[expect(clippy::cast_precision_loss, reason = "costs in tests are small")]
            let best = best as f64;
            prop_assert!(found.bound <= best);
        }
        prop_assert!(found.agent_of.is_none() || best.is_some());
    }
}

#[test]
fn equal_budgets_give_equal_answers() {
    let problem = parse(include_str!(
        "../../../../tests/reference/gap/chu1997/d05100"
    ));
    assert_eq!(run(&problem, 300_000), run(&problem, 300_000));
}

#[test]
fn extreme_numbers_are_borne() {
    let large = LARGEST_NUMBER;
    let costs = vec![large, 0, large, 1, large, large];
    let loads = vec![large, large, 1, 0, large / 2, 7];
    let problem = GapProblem::new(3, costs, loads, vec![large, large]).unwrap();
    let found = run(&problem, 1_000_000);
    assert_eq!(found.agent_of.map(|_| found.cost), brute(&problem));
    assert_eq!(
        GapProblem::new(1, vec![-1], vec![0], vec![0]),
        Err(GapError::Number(-1))
    );
    assert!(GapProblem::new(2, vec![1], vec![0], vec![0]).is_err());
}

#[test]
fn overload_that_every_assignment_has_is_proven() {
    // Each agent bears two of the tasks at most, and there are seven for three agents.
    let problem = GapProblem::new(7, vec![5; 21], vec![3; 21], vec![8; 3]).unwrap();
    let found = run(&problem, 1_000_000);
    assert!(found.proven && found.agent_of.is_none() && found.bound.is_infinite());
}

/// Name, text and optimum of the instances kept with the package.
macro_rules! kept {
    ($($name:literal $optimum:literal),*) => {
        [$((
            $name,
            include_str!(concat!("../../../../tests/reference/gap/", $name)),
            $optimum,
        )),*]
    };
}

#[test]
fn published_optima_are_found_and_proven() {
    let instances = kept![
        "cattrysse1994/gap1-0" 261, "cattrysse1994/gap4-4" 406, "cattrysse1994/gap8-0" 797,
        "cattrysse1994/gap12-3" 954, "chu1997/a05100" 1698, "chu1997/a20100" 1158,
        "chu1997/b05100" 1843, "chu1997/b20100" 1166, "chu1997/c05100" 1931,
        "chu1997/c10100" 1402, "chu1997/c20100" 1243, "chu1997/c20200" 2391
    ];
    for (name, text, optimum) in instances {
        let found = run(&parse(text), 20_000_000);
        assert_eq!((found.cost, found.proven), (optimum, true), "{name}");
    }
}

#[test]
fn correlated_instances_come_within_three_per_mille() {
    for (name, text, best_bound) in kept!["chu1997/d05100" 6353, "chu1997/d20100" 6185] {
        let found = run(&parse(text), 6_000_000);
        assert!(
            found.cost * 1000 <= best_bound * 1003,
            "{name}: {}",
            found.cost
        );
    }
}
