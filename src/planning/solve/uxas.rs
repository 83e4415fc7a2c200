//! `uxas`: task relationships, options and times to go from JSON, paths of options out.
//!
//! The file has what OpenUxAS's messages have: `cost_matrix`, a list of `VehicleID`,
//! `IntialTaskID` (0: where the vehicle is; spelled as there), `IntialTaskOption`,
//! `DestinationTaskID`, `DestinationTaskOption`, `TimeToGo` (ms, below zero: impossible);
//! `task_options`, a list of `TaskID`, `OptionID`, `Cost` (ms) and, where only some vehicles are able,
//! `EligibleEntities`; and as far as needed `composition` (of the only task) or `compositions` (by
//! task; without, one of its options), `task_relationships` (without, all tasks in parallel),
//! `cost_function` (`MINMAX` or `CUMULATIVE`), `number_nodes_maximum`. Numbers may be texts.
//!
//! A solution is a list of paths, for the vehicles by ascending id, of options as
//! `task · 100000 + option`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::uxas_words::interleaves;
use super::{Answer, Checked, Options, Sense, SolveError, json};
use crate::kernel::budget::Budget;
use crate::planning::algo::uxas::algebra::{Expression, Operator, option_id};
use crate::planning::algo::uxas::{Leg, Objective, Problem, TaskOption, plain, search};

/// Nodes of a search if the file gives none.
const NODES: u64 = 20_000;

/// A whole number, or a text of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number(i64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NumberVisitor)
    }
}

/// Reads a [`Number`].
struct NumberVisitor;

impl serde::de::Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a whole number or a text of one")
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Number, E> {
        Ok(Number(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Number, E> {
        i64::try_from(value).map(Number).map_err(E::custom)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Number, E> {
        value
            .parse()
            .map(Number)
            .map_err(|_| E::invalid_value(serde::de::Unexpected::Str(value), &self))
    }
}

/// The file.
#[derive(Debug, Deserialize)]
struct Instance {
    /// Times to go.
    cost_matrix: Vec<Time>,
    /// Options.
    task_options: Vec<TaskEntry>,
    /// Composition of the only task.
    #[serde(default)]
    composition: Option<String>,
    /// Compositions by task.
    #[serde(default)]
    compositions: BTreeMap<String, String>,
    /// The algebra of tasks.
    #[serde(default)]
    task_relationships: Option<String>,
    /// What is to be small.
    #[serde(default)]
    cost_function: Option<String>,
    /// Nodes of the search.
    #[serde(default)]
    number_nodes_maximum: Option<u64>,
}

/// A time to go.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Time {
    /// The vehicle.
    #[serde(rename = "VehicleID")]
    vehicle: Number,
    /// Task it comes from.
    #[serde(rename = "IntialTaskID")]
    from_task: Number,
    /// Option it comes from.
    #[serde(rename = "IntialTaskOption")]
    from_option: Number,
    /// Task it goes to.
    #[serde(rename = "DestinationTaskID")]
    task: Number,
    /// Option it goes to.
    #[serde(rename = "DestinationTaskOption")]
    option: Number,
    /// How long, ms.
    time_to_go: Number,
}

/// An option of a task.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TaskEntry {
    /// The task.
    #[serde(rename = "TaskID")]
    task: Number,
    /// The option.
    #[serde(rename = "OptionID")]
    option: Number,
    /// How long it takes, ms.
    cost: Number,
    /// Vehicles that are able; all, if empty.
    #[serde(default)]
    eligible_entities: Vec<Number>,
}

/// Refuses the file for one of its values.
fn refuse(text: &str, key: &str, cause: impl ToString) -> SolveError {
    json::refuse(
        text,
        key,
        cause.to_string(),
        "mend it, or leave the key out",
    )
}

/// Reads the file.
fn read(text: &str) -> Result<Instance, SolveError> {
    json::read(
        text,
        "an object with `cost_matrix` and `task_options` as OpenUxAS's messages have them",
    )
}

/// The algebra of the file, in options.
fn expression(text: &str, instance: &Instance) -> Result<Expression, SolveError> {
    let mut options: BTreeMap<i64, Vec<Expression>> = BTreeMap::new();
    for entry in &instance.task_options {
        let of_task = options.entry(entry.task.0).or_default();
        of_task.push(Expression::Atom(entry.option.0));
    }
    let refused = |error| refuse(text, "task_options", error);
    let mut tasks = BTreeMap::new();
    for (task, options) in options {
        let composition = Expression::Node(Operator::Alternative, options);
        tasks.insert(task, composition.of_task(task).map_err(refused)?);
    }
    let only = match (&instance.composition, tasks.len()) {
        (Some(_), count) if count != 1 => {
            let cause = format!("one `composition` for {count} tasks");
            return Err(refuse(text, "composition", cause));
        }
        (Some(composition), _) => tasks.keys().map(|task| (*task, composition)).next(),
        (None, _) => None,
    };
    let named = instance.compositions.iter().map(|(task, composition)| {
        let task = task
            .parse()
            .map_err(|_| refuse(text, task, "no number of a task"));
        task.map(|task| (task, composition))
    });
    for given in only.map(Ok).into_iter().chain(named) {
        let (task, composition) = given?;
        let refused = |error| refuse(text, "composition", format!("of task {task}: {error}"));
        let read = Expression::parse(composition).map_err(refused)?;
        tasks.insert(task, read.of_task(task).map_err(refused)?);
    }
    let relationships = match instance.task_relationships.as_deref().map(str::trim) {
        None | Some("") => {
            Expression::parallel(tasks.keys().map(|&t| Expression::Atom(t)).collect())
                .ok_or_else(|| refuse(text, "task_options", "no task at all"))?
        }
        Some(given) => {
            Expression::parse(given).map_err(|error| refuse(text, "task_relationships", error))?
        }
    };
    let with = |task| {
        let unknown = super::super::algo::uxas::algebra::AlgebraError::Unknown(task);
        tasks.get(&task).cloned().ok_or(unknown)
    };
    relationships
        .replace(&with)
        .map_err(|error| refuse(text, "task_relationships", error))
}

/// What is to be small.
fn objective(text: &str, instance: &Instance) -> Result<Objective, SolveError> {
    match instance.cost_function.as_deref() {
        None | Some("MINMAX") => Ok(Objective::MinMax),
        Some("CUMULATIVE") => Ok(Objective::Cumulative),
        Some(other) => Err(refuse(
            text,
            "cost_function",
            format!("`{other}` is neither MINMAX nor CUMULATIVE"),
        )),
    }
}

/// The options, with ids across tasks.
fn options(text: &str, instance: &Instance) -> Result<Vec<TaskOption>, SolveError> {
    let option = |entry: &TaskEntry| {
        Ok(TaskOption {
            id: option_id(entry.task.0, entry.option.0)
                .map_err(|error| refuse(text, "task_options", error))?,
            cost_ms: entry.cost.0,
            eligible: entry.eligible_entities.iter().map(|id| id.0).collect(),
        })
    };
    instance.task_options.iter().map(option).collect()
}

/// The times to go, with ids across tasks.
fn legs(text: &str, instance: &Instance) -> Result<Vec<Leg>, SolveError> {
    let refused = |error| refuse(text, "cost_matrix", error);
    let leg = |time: &Time| {
        let from = match time.from_task.0 {
            0 => None,
            task => Some(option_id(task, time.from_option.0).map_err(refused)?),
        };
        Ok(Leg {
            vehicle: time.vehicle.0,
            from,
            to: option_id(time.task.0, time.option.0).map_err(refused)?,
            time_ms: time.time_to_go.0,
        })
    };
    instance.cost_matrix.iter().map(leg).collect()
}

/// The problem of the file.
fn problem(text: &str, instance: &Instance) -> Result<Problem, SolveError> {
    let (options, legs) = (options(text, instance)?, legs(text, instance)?);
    let made = Problem::new(
        expression(text, instance)?,
        &options,
        &legs,
        objective(text, instance)?,
    );
    made.map_err(|error| refuse(text, "cost_matrix", error))
}

/// Gives the tasks to the vehicles.
///
/// # Errors
/// [`SolveError::Instance`]; [`SolveError::Infeasible`] if no vehicle can do what has to be done.
pub fn solve(text: &str, options: &Options, budget: &mut dyn Budget) -> Result<Answer, SolveError> {
    let instance = read(text)?;
    let problem = problem(text, &instance)?;
    let nodes = instance
        .number_nodes_maximum
        .filter(|&nodes| nodes > 0)
        .unwrap_or(NODES);
    let found = search(&problem, nodes, options.seed, budget);
    let Some(solution) = found.solution else {
        let cause = match found.is_exhausted {
            true => "no vehicle can do what the algebra asks for",
            false => "none was found before the budget was spent",
        };
        return Err(SolveError::Infeasible(cause.to_owned()));
    };
    let published = plain(&problem, found.nodes, budget).solution;
    #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
    let notes = vec![
        ("nodes".to_owned(), found.nodes as f64),
        (
            "published_search_ms".to_owned(),
            published.map_or(f64::NAN, |solution| solution.cost_ms as f64),
        ),
    ];
    let path =
        |route: &Vec<usize>| -> Value { route.iter().map(|&atom| problem.ids()[atom]).collect() };
    #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
    let (objective, bound) = (solution.cost_ms as f64, found.bound_ms as f64);
    Ok(Answer {
        sense: Sense::Min,
        objective,
        bound: Some(bound),
        proven: solution.cost_ms <= found.bound_ms,
        method: "ruin-and-recreate+tree",
        solution: solution.routes.iter().map(path).collect(),
        certificate: None,
        notes,
    })
}

/// Checks that the paths have an interleaving in the language of the algebra, and adds up times.
///
/// # Errors
/// [`SolveError::Instance`] or [`SolveError::Solution`].
pub fn check(text: &str, _: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let instance = read(text)?;
    problem(text, &instance)?;
    let paths: Vec<Vec<i64>> = json::paths(solution)?;
    let vehicles: BTreeSet<i64> = instance
        .cost_matrix
        .iter()
        .map(|time| time.vehicle.0)
        .collect();
    if paths.len() != vehicles.len() {
        let cause = format!("{} paths for {} vehicles", paths.len(), vehicles.len());
        return Err(SolveError::Solution(cause));
    }
    if !interleaves(&expression(text, &instance)?, &paths)? {
        let cause = "no interleaving of the paths is a word of the algebra";
        return Err(SolveError::Solution(cause.to_owned()));
    }
    let entries = options(text, &instance)?;
    let costs: BTreeMap<i64, &TaskOption> = entries.iter().map(|entry| (entry.id, entry)).collect();
    let times: BTreeMap<(i64, Option<i64>, i64), i64> = legs(text, &instance)?
        .into_iter()
        .map(|leg| ((leg.vehicle, leg.from, leg.to), leg.time_ms))
        .collect();
    let mut ends_ms = Vec::new();
    for (vehicle, path) in vehicles.iter().zip(&paths) {
        let (mut from, mut end_ms) = (None, 0_i64);
        for id in path {
            let entry = costs
                .get(id)
                .filter(|entry| entry.eligible.is_empty() || entry.eligible.contains(vehicle));
            let time_ms = times
                .get(&(*vehicle, from, *id))
                .filter(|time_ms| **time_ms >= 0);
            let (Some(entry), Some(time_ms)) = (entry, time_ms) else {
                let cause = format!("vehicle {vehicle} cannot do option {id} there");
                return Err(SolveError::Solution(cause));
            };
            end_ms += time_ms + entry.cost_ms;
            from = Some(*id);
        }
        ends_ms.push(end_ms);
    }
    let total = match objective(text, &instance)? {
        Objective::MinMax => ends_ms.into_iter().max().unwrap_or(0),
        Objective::Cumulative => ends_ms.into_iter().sum(),
    };
    #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
    let objective = total as f64;
    Ok(Checked {
        sense: Sense::Min,
        objective,
    })
}

#[cfg(test)]
#[path = "uxas_tests.rs"]
mod tests;
