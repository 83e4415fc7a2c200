//! `mrta`: robots with skills and tasks for coalitions from JSON, a schedule out.
//!
//! The file has `Q` (skills of each robot), `R` (skills that each task needs), `T_e` (durations),
//! `T_t` (ways), where the first and the last task are the depots of start and end, and may have
//! `precedence_constraints`, pairs of tasks. A solution is a list of paths, for each robot its tasks
//! in order (every task begins as early as it can), or an object with `robot_schedules`, for each
//! robot a list of `task`, `start_time` and `end_time`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Checked, Options, Sense, SolveError, json};
use crate::kernel::budget::Budget;
use crate::planning::algo::mrta::{Instance, Problem, search};

/// By how much times of a given schedule may be off, as a share of the longest duration or way: they are
/// written with eight digits.
const TOLERANCE: f64 = 1e-6;

/// The file.
#[derive(Debug, Deserialize)]
struct File {
    /// Skills of each robot, 0 or 1.
    #[serde(rename = "Q")]
    robots: Vec<Vec<f64>>,
    /// Skills that each task needs, 0 or 1.
    #[serde(rename = "R")]
    needs: Vec<Vec<f64>>,
    /// Durations.
    #[serde(rename = "T_e")]
    durations: Vec<f64>,
    /// Ways.
    #[serde(rename = "T_t")]
    ways: Vec<Vec<f64>>,
    /// Pairs of tasks of which the first ends before the second begins.
    #[serde(default)]
    precedence_constraints: Option<Vec<(usize, usize)>>,
}

/// A task in a given schedule.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Slot {
    /// The task.
    task: usize,
    /// When it begins.
    start_time: f64,
    /// When it ends.
    end_time: f64,
}

/// A given schedule.
#[derive(Debug, Deserialize)]
struct Schedule {
    /// By robot.
    robot_schedules: BTreeMap<String, Vec<Slot>>,
}

/// Reads the file.
fn read(text: &str) -> Result<Instance, SolveError> {
    let file: File = json::read(text, "an object with `Q`, `R`, `T_e` and `T_t`")?;
    let flags = |key: &str, rows: &[Vec<f64>]| -> Result<Vec<Vec<bool>>, SolveError> {
        if let Some(odd) = rows
            .iter()
            .flatten()
            .find(|&&flag| flag != 0.0 && (flag - 1.0).abs() > 0.0)
        {
            let cause = format!("a skill is {odd}");
            return Err(json::refuse(text, key, cause, "write 0 or 1"));
        }
        let row = |row: &Vec<f64>| row.iter().map(|&flag| flag > 0.5).collect();
        Ok(rows.iter().map(row).collect())
    };
    Ok(Instance {
        robots: flags("Q", &file.robots)?,
        needs: flags("R", &file.needs)?,
        durations: file.durations,
        ways: file.ways,
        precedence: file.precedence_constraints.unwrap_or_default(),
    })
}

/// The problem of an instance.
fn problem(text: &str, instance: &Instance) -> Result<Problem, SolveError> {
    Problem::new(instance).map_err(|error| {
        let key = match error {
            crate::planning::algo::mrta::ProblemError::Order(_) => "precedence_constraints",
            _ => "T_e",
        };
        json::refuse(
            text,
            key,
            error.to_string(),
            "mend the lists so that they agree",
        )
    })
}

/// Schedules the tasks.
///
/// # Errors
/// [`SolveError::Instance`]; [`SolveError::Infeasible`] if there is no schedule.
pub fn solve(text: &str, options: &Options, budget: &mut dyn Budget) -> Result<Answer, SolveError> {
    let problem = problem(text, &read(text)?)?;
    let Some(found) = search(&problem, options.seed, budget) else {
        let cause = "no task may begin, or one has no coalition";
        return Err(SolveError::Infeasible(cause.to_owned()));
    };
    Ok(Answer {
        sense: Sense::Min,
        objective: found.makespan,
        bound: Some(found.bound),
        proven: found.is_proven,
        method: "annealing+tree",
        solution: problem.paths(&found.list).into_iter().collect(),
        certificate: None,
        notes: vec![("annealed_makespan".to_owned(), found.annealed)],
    })
}

/// Refuses a solution.
fn broken<T>(cause: impl Into<String>) -> Result<T, SolveError> {
    Err(SolveError::Solution(cause.into()))
}

/// Checks coalitions, ways, precedence and, where they are given, times.
///
/// # Errors
/// [`SolveError::Instance`] or [`SolveError::Solution`].
pub fn check(text: &str, _: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let instance = read(text)?;
    problem(text, &instance)?;
    let slots = match solution.get("robot_schedules") {
        None => scheduled(&instance, &json::paths(solution)?)?,
        Some(_) => given(&instance, solution)?,
    };
    let tolerance = tolerance(&instance);
    covered(&instance, &slots, tolerance)?;
    let last = instance.durations.len() - 1;
    let mut objective = 0.0_f64;
    for path in &slots {
        let (mut at, mut free) = (0, 0.0);
        for slot in path {
            if slot.start_time < free + instance.ways[at][slot.task] - tolerance {
                return broken(format!("a robot comes late to task {}", slot.task));
            }
            if (slot.end_time - slot.start_time - instance.durations[slot.task]).abs() > tolerance {
                return broken(format!("task {} does not take its time", slot.task));
            }
            (at, free) = (slot.task, slot.end_time);
        }
        if at != 0 {
            objective = objective.max(free + instance.ways[at][last]);
        }
    }
    Ok(Checked {
        sense: Sense::Min,
        objective,
    })
}

/// By how much times of a given schedule may be off.
fn tolerance(instance: &Instance) -> f64 {
    let times = instance.ways.iter().flatten().chain(&instance.durations);
    TOLERANCE * times.fold(0.0, |most: f64, time| most.max(*time))
}

/// Checks that every task has its skills, its robots at one time, and what comes before it before.
fn covered(instance: &Instance, slots: &[Vec<Slot>], tolerance: f64) -> Result<(), SolveError> {
    let tasks = instance.durations.len() - 2;
    let mut times: Vec<Option<Slot>> = vec![None; tasks + 2];
    let mut skills = vec![vec![false; instance.robots[0].len()]; tasks + 2];
    for (robot, path) in slots.iter().enumerate() {
        for slot in path {
            let first = times[slot.task].get_or_insert(*slot);
            if (first.start_time - slot.start_time).abs() > tolerance {
                return broken(format!(
                    "robots are at task {} at different times",
                    slot.task
                ));
            }
            let own = instance.robots[robot].iter();
            skills[slot.task]
                .iter_mut()
                .zip(own)
                .for_each(|(all, own)| *all |= own);
        }
    }
    for task in 1..=tasks {
        let mut pairs = instance.needs[task].iter().zip(&skills[task]);
        if times[task].is_none() || pairs.any(|(need, has)| *need && !has) {
            return broken(format!("task {task} lacks a skill"));
        }
    }
    for &(first, second) in &instance.precedence {
        if let (Some(a), Some(b)) = (times[first], times[second])
            && b.start_time < a.end_time - tolerance
        {
            return broken(format!(
                "task {second} begins before task {first} has ended"
            ));
        }
    }
    Ok(())
}

/// The slots of a schedule with times.
fn given(instance: &Instance, solution: &Value) -> Result<Vec<Vec<Slot>>, SolveError> {
    let read = Schedule::deserialize(solution);
    let schedule = read.map_err(|error| SolveError::Solution(error.to_string()))?;
    let mut slots = vec![Vec::new(); instance.robots.len()];
    for (robot, path) in schedule.robot_schedules {
        let Some(own) = robot
            .parse()
            .ok()
            .and_then(|robot: usize| slots.get_mut(robot))
        else {
            return broken(format!("there is no robot {robot}"));
        };
        if let Some(slot) = path.iter().find(|slot| !is_task(instance, slot.task)) {
            return broken(format!("there is no task {}", slot.task));
        }
        *own = path;
    }
    Ok(slots)
}

/// Whether a task is one, and no depot.
fn is_task(instance: &Instance, task: usize) -> bool {
    task > 0 && task + 1 < instance.durations.len()
}

/// The slots of paths, each task as early as it can: raised until nothing rises any more.
fn scheduled(instance: &Instance, paths: &[Vec<usize>]) -> Result<Vec<Vec<Slot>>, SolveError> {
    if paths.len() != instance.robots.len() {
        return broken(format!(
            "{} paths for {} robots",
            paths.len(),
            instance.robots.len()
        ));
    }
    let mut starts = vec![0.0_f64; instance.durations.len()];
    for path in paths {
        let mut seen = std::collections::BTreeSet::new();
        if let Some(odd) = path
            .iter()
            .find(|task| !is_task(instance, **task) || !seen.insert(**task))
        {
            return broken(format!("task {odd} is no task, or twice in a path"));
        }
    }
    for _ in 0..=instance.durations.len() {
        let before = starts.clone();
        for path in paths {
            let (mut at, mut free) = (0, 0.0);
            for &task in path {
                starts[task] = starts[task].max(free + instance.ways[at][task]);
                (at, free) = (task, starts[task] + instance.durations[task]);
            }
        }
        for &(first, second) in &instance.precedence {
            starts[second] = starts[second].max(starts[first] + instance.durations[first]);
        }
        let risen = starts.iter().zip(&before).any(|(now, before)| now > before);
        if !risen {
            let slot = |&task: &usize| Slot {
                task,
                start_time: starts[task],
                end_time: starts[task] + instance.durations[task],
            };
            return Ok(paths
                .iter()
                .map(|path| path.iter().map(slot).collect())
                .collect());
        }
    }
    broken("robots wait for each other in a circle")
}

#[cfg(test)]
#[path = "mrta_tests.rs"]
mod tests;
