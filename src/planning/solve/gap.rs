//! Generalised assignment: files of the OR-Library.
//!
//! `m n`, then `m · n` costs agent by agent, as many loads, and `m` capacities, all whole numbers;
//! line breaks mean nothing. Costs are minimised. A solution is a list with, for each agent, the
//! list of its tasks, both counted from 0; `check` also takes a list of each task's agent.

use super::words::{Words, refusal};
use super::{Answer, Checked, Options, Sense, SolveError};
use crate::kernel::budget::Budget;
use crate::planning::algo::gap::{self, GapProblem, LARGEST_NUMBER, MOST_PAIRS};
use serde_json::{Value, json};

/// Most agents or tasks.
const MOST: i64 = 1_000_000;

/// Reads an instance.
fn read(text: &str) -> Result<GapProblem, SolveError> {
    let mut words = Words::new(text);
    let agents = words.count("the number of agents", 1..=MOST)?;
    let tasks = words.count("the number of tasks", 1..=MOST)?;
    let pairs = agents.saturating_mul(tasks);
    if pairs > MOST_PAIRS {
        let cause = format!("{agents} agents by {tasks} tasks are {pairs} pairs");
        let cure = format!("keep to {MOST_PAIRS} pairs");
        return Err(refusal(words.line(), cause, cure));
    }
    let mut numbers = |what: &str, count: usize| -> Result<Vec<i64>, SolveError> {
        (0..count)
            .map(|_| words.whole(what, 0..=LARGEST_NUMBER))
            .collect()
    };
    let costs = numbers("a cost", pairs)?;
    let loads = numbers("a load", pairs)?;
    let capacities = numbers("a capacity", agents)?;
    let line = words.line();
    words.end()?;
    GapProblem::new(tasks, costs, loads, capacities)
        .map_err(|error| refusal(line, error.to_string(), "mend the numbers"))
}

/// Solves an instance.
///
/// # Errors
/// [`SolveError::Instance`] for a text that is none, [`SolveError::Infeasible`] if there is no
/// assignment or none was found.
pub fn solve(text: &str, options: &Options, budget: &mut dyn Budget) -> Result<Answer, SolveError> {
    let problem = read(text)?;
    let found = gap::solve(&problem, options.seed, budget);
    let Some(agent_of) = found.agent_of else {
        let none = "no assignment keeps the capacities";
        let unknown = "none was found within the budget; it may exist";
        let cause = if found.proven { none } else { unknown };
        return Err(SolveError::Infeasible(cause.to_owned()));
    };
    let mut tasks_of = vec![Vec::new(); problem.agents()];
    for (task, agent) in agent_of.iter().enumerate() {
        tasks_of[*agent].push(task);
    }
    Ok(Answer {
        sense: Sense::Min,
        objective: as_f64(found.cost),
        bound: Some(found.bound),
        proven: found.proven,
        method: "lagrangian dives, neighbourhoods and branching",
        solution: json!(tasks_of),
        certificate: None,
        notes: Vec::new(),
    })
}

/// Checks a solution and works out its cost.
///
/// # Errors
/// [`SolveError::Instance`] for a text that is no instance, [`SolveError::Solution`] for a solution
/// that breaks a rule.
pub fn check(text: &str, _options: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let problem = read(text)?;
    let wrong = |cause: String| Err(SolveError::Solution(cause));
    let Some(entries) = solution.as_array() else {
        return wrong("it is not a list".to_owned());
    };
    let by_task = !entries.is_empty() && entries.iter().all(Value::is_u64);
    let mut pairs = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        match entry.as_array() {
            Some(tasks) => pairs.extend(tasks.iter().map(|task| (Some(at), index(task)))),
            None if by_task => pairs.push((index(entry), Some(at))),
            None => return wrong(format!("entry {at} is not a list of tasks")),
        }
    }
    let mut used = vec![0_i64; problem.agents()];
    let mut seen = vec![false; problem.tasks()];
    let mut cost = 0;
    for pair in pairs {
        let (Some(agent), Some(task)) = pair else {
            return wrong("an entry is not an index".to_owned());
        };
        if agent >= problem.agents() || task >= problem.tasks() {
            return wrong(format!("there is no agent {agent} or no task {task}"));
        }
        if core::mem::replace(&mut seen[task], true) {
            return wrong(format!("task {task} is given twice"));
        }
        used[agent] += problem.load(agent, task);
        cost += problem.cost(agent, task);
    }
    if let Some(task) = seen.iter().position(|seen| !seen) {
        return wrong(format!("task {task} has no agent"));
    }
    for (agent, (used, capacity)) in used.iter().zip(problem.capacities()).enumerate() {
        if used > capacity {
            return wrong(format!("agent {agent} bears {used} of {capacity}"));
        }
    }
    Ok(Checked {
        sense: Sense::Min,
        objective: as_f64(cost),
    })
}

/// An index in a solution.
fn index(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|at| usize::try_from(at).ok())
}

/// A cost as a double; sums of costs stay below 2^53.
#[expect(
    clippy::cast_precision_loss,
    reason = "a million costs of a thousand million fit"
)]
fn as_f64(cost: i64) -> f64 {
    cost as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::budget::WorkBudget;

    const TINY: &str = "2 3\n1 9 4\n2 3 9\n1 1 1\n1 1 1\n2 2\n";

    fn run(text: &str) -> Result<Answer, SolveError> {
        solve(text, &Options::default(), &mut WorkBudget::new(1_000_000))
    }

    #[test]
    fn a_tiny_instance_is_solved_and_its_solution_holds() {
        let answer = run(TINY).unwrap();
        assert_eq!(answer.solution, json!([[0, 2], [1]]));
        assert!(answer.proven && (answer.objective - 8.0).abs() < 1e-9);
        let checked = check(TINY, &Options::default(), &answer.solution).unwrap();
        assert!((checked.objective - 8.0).abs() < 1e-9);
        let by_task = check(TINY, &Options::default(), &json!([0, 1, 0])).unwrap();
        assert!((by_task.objective - 8.0).abs() < 1e-9);
    }

    #[test]
    fn broken_texts_are_refused_with_their_line() {
        let cases = [
            ("", 1),
            ("2", 1),
            ("0 3", 1),
            ("2000 2000\n1", 1),
            ("999999999999 1", 1),
            ("2 3\n1 9 4\n2 3 x", 3),
            ("2 3\n1 9 4\n2 -3 9", 3),
            ("2 3\n1 9 4\n2 1.5 9", 3),
            ("2 3\n1 9 4\n2 3 9\n1 1 1\n1 1 1\n2 9999999999\n", 6),
            ("2 3\n1 9 4\n2 3 9\n1 1 1\n1 1 1\n2 2\n7\n", 7),
        ];
        for (text, wanted) in cases {
            match run(text) {
                Err(SolveError::Instance { line, .. }) => assert_eq!(line, wanted, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn broken_solutions_are_refused() {
        let refused = |solution: Value| {
            let result = check(TINY, &Options::default(), &solution);
            assert!(matches!(result, Err(SolveError::Solution(_))), "{solution}");
        };
        refused(json!(3));
        refused(json!([[0, 1, 2], []]));
        refused(json!([[0], [1]]));
        refused(json!([[0, 0], [1, 2]]));
        refused(json!([[0], [1, 3]]));
        refused(json!([[0], [1], [2]]));
        refused(json!([[-1, 0], [1, 2]]));
        refused(json!([0, 1]));
        refused(json!([0, 1, 2]));
        refused(json!([0, [1], 2]));
    }

    #[test]
    fn what_has_no_solution_is_said_to_have_none() {
        let text = "2 3\n1 9 4\n2 3 9\n2 2 2\n2 2 2\n2 2\n";
        assert!(matches!(run(text), Err(SolveError::Infeasible(_))));
    }
}
