//! `cbba`: agents and tasks with windows from JSON, paths out.
//!
//! The file has `agents` with `id`, `x`, `y`, `v` and `tasks` with `id`, `x`, `y`, `value`, `start`,
//! `end`, `duration`, `discount`; a solution is a list of paths, one for each agent in the order of
//! the file, of ids of tasks.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Checked, Options, Sense, SolveError, Topology, json};
use crate::kernel::budget::Budget;
use crate::kernel::math::exp;
use crate::planning::algo::cbba::network::{Conditions, Links, diameter, links, run};
use crate::planning::algo::cbba::{AgentSpec, Problem, TaskSpec};

/// Most agents times the square of tasks: what bundles may need to remember.
const MOST_REMEMBERED: usize = 50_000_000;
/// Most agents times pairs of neighbours: what agents remember of each other.
const MOST_KNOWN: usize = 64_000_000;
/// By how much a start may miss its window, s.
const TOLERANCE_S: f64 = 1e-6;

/// The file.
#[derive(Debug, Deserialize)]
struct Instance {
    /// The agents.
    agents: Vec<AgentEntry>,
    /// The tasks.
    tasks: Vec<TaskEntry>,
}

/// An agent of the file.
#[derive(Debug, Deserialize)]
struct AgentEntry {
    /// Its name.
    id: u64,
    /// Where it starts.
    x: f64,
    /// Where it starts.
    y: f64,
    /// Speed.
    v: f64,
}

/// A task of the file.
#[derive(Debug, Deserialize)]
struct TaskEntry {
    /// Its name.
    id: u64,
    /// Where it is.
    x: f64,
    /// Where it is.
    y: f64,
    /// Value when begun at `start`.
    value: f64,
    /// Earliest start, s.
    start: f64,
    /// Latest start, s.
    end: f64,
    /// Duration, s.
    duration: f64,
    /// Decay of the value after `start`, 1/s.
    discount: f64,
}

/// Reads the file; the instance and the index of each task by id.
fn read(text: &str) -> Result<(Instance, BTreeMap<u64, usize>), SolveError> {
    let form = "an object with lists `agents` (id, x, y, v) and `tasks` (id, x, y, value, start, end, \
                duration, discount)";
    let instance: Instance = json::read(text, form)?;
    let mut agents = BTreeMap::new();
    for (at, agent) in instance.agents.iter().enumerate() {
        if agents.insert(agent.id, at).is_some() {
            let cause = format!("two agents have the id {}", agent.id);
            return Err(json::refuse(text, "agents", cause, "give each its own"));
        }
    }
    let mut tasks = BTreeMap::new();
    for (at, task) in instance.tasks.iter().enumerate() {
        if tasks.insert(task.id, at).is_some() {
            let cause = format!("two tasks have the id {}", task.id);
            return Err(json::refuse(text, "tasks", cause, "give each its own"));
        }
    }
    Ok((instance, tasks))
}

/// The problem of an instance.
fn problem(text: &str, instance: &Instance) -> Result<Problem, SolveError> {
    let agent = |agent: &AgentEntry| AgentSpec {
        at: [agent.x, agent.y],
        speed: agent.v,
    };
    let task = |task: &TaskEntry| TaskSpec {
        at: [task.x, task.y],
        value: task.value,
        start_s: task.start,
        end_s: task.end,
        duration_s: task.duration,
        discount_per_s: task.discount,
    };
    let agents = instance.agents.iter().map(agent).collect();
    let tasks: Vec<TaskSpec> = instance.tasks.iter().map(task).collect();
    let squared = tasks.len().saturating_mul(tasks.len());
    if instance.agents.len().saturating_mul(squared) > MOST_REMEMBERED {
        let cause = format!("{} agents and {} tasks", instance.agents.len(), tasks.len());
        let cure = "split it: at most 50 million agents times tasks squared";
        return Err(json::refuse(text, "tasks", cause, cure));
    }
    Problem::new(agents, tasks).map_err(|error| {
        let cure = "bring the numbers into range (they count from zero in the order of the file)";
        json::refuse(text, "tasks", error.to_string(), cure)
    })
}

/// Who hears whom.
#[must_use]
pub fn topology(agents: usize, topology: Topology) -> Links {
    links(agents, |a, b| match topology {
        Topology::Full => true,
        Topology::Ring => b == a + 1 || a == 0 && b + 1 == agents,
        Topology::Line => b == a + 1,
        Topology::Star => a == 0,
    })
}

/// Runs the auction in rounds over the topology asked for, and the exchange if asked for.
///
/// # Errors
/// [`SolveError::Instance`].
pub fn solve(text: &str, options: &Options, budget: &mut dyn Budget) -> Result<Answer, SolveError> {
    let (instance, _) = read(text)?;
    let problem = problem(text, &instance)?;
    let links = topology(instance.agents.len(), options.topology);
    let neighbours: usize = links.iter().map(Vec::len).sum();
    if neighbours.saturating_mul(instance.agents.len()) > MOST_KNOWN {
        let cause = format!("{} agents that hear so many others", instance.agents.len());
        let cure = "choose another topology, or fewer agents";
        return Err(json::refuse(text, "agents", cause, cure));
    }
    let found = run(
        &problem,
        &links,
        &Conditions::ROUNDS,
        options.exchange,
        budget,
    );
    let path = |path: &Vec<_>| -> Value {
        let id = |claim: &crate::planning::algo::cbba::Claim| instance.tasks[claim.task].id;
        path.iter().map(id).collect()
    };
    let bound = problem.bound();
    let rounds = f64::from(found.changed_at);
    let quiet = f64::from(u32::try_from(instance.agents.len()).unwrap_or(u32::MAX));
    let hops = diameter(&links).and_then(|hops| u32::try_from(hops).ok());
    #[expect(clippy::cast_precision_loss, reason = "counts for people")]
    let notes = vec![
        ("rounds".to_owned(), rounds),
        ("rounds_with_stop_rule".to_owned(), rounds + quiet + 1.0),
        ("diameter_hops".to_owned(), hops.map_or(f64::NAN, f64::from)),
        ("messages".to_owned(), found.messages as f64),
        ("receptions".to_owned(), found.received as f64),
        ("sent_bytes".to_owned(), found.bytes as f64),
    ];
    Ok(Answer {
        sense: Sense::Max,
        objective: found.score,
        bound: Some(bound),
        proven: found.score >= bound - 1e-9 * bound.abs(),
        method: if options.exchange {
            "cbba+exchange"
        } else {
            "cbba"
        },
        solution: found.paths.iter().map(path).collect(),
        certificate: None,
        notes,
    })
}

/// Checks that paths meet their windows and no task is done twice; worth is worked out anew.
///
/// # Errors
/// [`SolveError::Instance`] or [`SolveError::Solution`].
pub fn check(text: &str, _: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let (instance, index) = read(text)?;
    problem(text, &instance)?;
    let paths: Vec<Vec<u64>> = json::paths(solution)?;
    if paths.len() != instance.agents.len() {
        let cause = format!("{} paths for {} agents", paths.len(), instance.agents.len());
        return Err(SolveError::Solution(cause));
    }
    let mut done = vec![false; instance.tasks.len()];
    let mut objective = 0.0;
    for (agent, path) in instance.agents.iter().zip(&paths) {
        let (mut x, mut y, mut ready_s) = (agent.x, agent.y, 0.0_f64);
        for id in path {
            let broken = |what: String| SolveError::Solution(format!("task {id} {what}"));
            let at = *index
                .get(id)
                .ok_or_else(|| broken("is not in the instance".into()))?;
            if std::mem::replace(&mut done[at], true) {
                return Err(broken("is done twice".into()));
            }
            let task = &instance.tasks[at];
            let way = ((x - task.x) * (x - task.x) + (y - task.y) * (y - task.y)).sqrt();
            let time_s = task.start.max(ready_s + way / agent.v);
            if time_s > task.end + TOLERANCE_S {
                return Err(broken(format!(
                    "is begun at {time_s} s, after {} s",
                    task.end
                )));
            }
            objective += task.value * exp(-task.discount * (time_s - task.start));
            (x, y, ready_s) = (task.x, task.y, time_s + task.duration);
        }
    }
    Ok(Checked {
        sense: Sense::Max,
        objective,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::budget::WorkBudget;

    const TWO: &str = r#"{"agents": [{"id": 4, "x": 0, "y": 0, "v": 1}, {"id": 7, "x": 9, "y": 0, "v": 1}],
        "tasks": [
          {"id": 30, "x": 1, "y": 0, "value": 10, "start": 0, "end": 9, "duration": 1, "discount": 0},
          {"id": 20, "x": 8, "y": 0, "value": 10, "start": 0, "end": 2, "duration": 1, "discount": 0}]}"#;

    fn run(text: &str) -> Result<Answer, SolveError> {
        solve(text, &Options::default(), &mut WorkBudget::new(u64::MAX))
    }

    #[test]
    fn paths_speak_of_ids_and_are_proven_where_the_bound_is_met() {
        let answer = run(TWO).unwrap();
        assert_eq!(answer.solution, serde_json::json!([[30], [20]]));
        assert!(answer.proven && (answer.objective - 20.0).abs() < 1e-12);
        let checked = check(TWO, &Options::default(), &answer.solution).unwrap();
        assert!((checked.objective - 20.0).abs() < 1e-12);
    }

    #[test]
    fn broken_instances_are_refused_with_their_line() {
        let cases = [
            ("", 1),
            ("{\"agents\": [],\n\"tasks\": 5}", 2),
            ("{\"agents\": [], \"tasks\": []} x", 1),
            (&TWO.replace("\"id\": 20", "\"id\": 30"), 2),
            (&TWO.replace("\"v\": 1}", "\"v\": -1}"), 2),
            (&TWO.replace("\"value\": 10", "\"value\": -10"), 2),
            (&TWO.replace("\"x\": 8", "\"x\": 1e999"), 4),
            (&TWO.replace("\"x\": 8", "\"x\": NaN"), 4),
        ];
        for (text, expected) in cases {
            let error = run(text).unwrap_err();
            assert!(
                matches!(error, SolveError::Instance { line, .. } if line == expected),
                "{error}"
            );
        }
    }

    #[test]
    fn broken_solutions_are_refused() {
        let cases = [
            serde_json::json!(5),
            serde_json::json!([[30]]),
            serde_json::json!([[30], [30]]),
            serde_json::json!([[5], []]),
            serde_json::json!([[20], []]),
        ];
        for solution in cases {
            let refused = check(TWO, &Options::default(), &solution);
            assert!(
                matches!(refused, Err(SolveError::Solution(_))),
                "{solution}"
            );
        }
    }

    /// Cut short while tasks are still claimed by several, what is printed is worth what it says.
    #[test]
    fn an_auction_that_is_cut_short_is_worth_what_it_says() {
        let text = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/cbba/cbba_20x60_s1.json"
        ));
        let options = Options::default();
        for steps in (0..18).map(|power| 1_u64 << power) {
            let answer = solve(text, &options, &mut WorkBudget::new(steps)).unwrap();
            let checked = check(text, &options, &answer.solution).unwrap();
            assert!(
                (checked.objective - answer.objective).abs() < 1e-6,
                "{steps} steps"
            );
        }
    }
}
