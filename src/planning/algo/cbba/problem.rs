//! Who can do what, and what a path is worth. See [`Problem`].

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::kernel::math::exp;

/// Most tasks: distances between all of them are kept.
const MOST_TASKS: usize = 2_000;
/// Most agents.
const MOST_AGENTS: usize = 2_000;
/// Largest magnitude of a number of the problem.
const LARGEST: f64 = 1e9;
/// Least speed, so that travel times stay finite.
const SLOWEST: f64 = 1e-9;

/// An agent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentSpec {
    /// Where it starts, in units of length.
    pub at: [f64; 2],
    /// Units of length in a second; positive.
    pub speed: f64,
}

/// A task.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TaskSpec {
    /// Where it is done, in units of length.
    pub at: [f64; 2],
    /// Value if begun at once when its window opens; not negative.
    pub value: f64,
    /// When it can be begun at the earliest, s.
    pub start_s: f64,
    /// When it can be begun at the latest, s.
    pub end_s: f64,
    /// How long it takes, s; not negative.
    pub duration_s: f64,
    /// How fast its value decays after the window has opened, 1/s; not negative, so that waiting
    /// never pays.
    pub discount_per_s: f64,
}

/// A task in a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visit {
    /// Index of the task.
    pub task: usize,
    /// When it is begun, s.
    pub time_s: f64,
    /// Its value then.
    pub value: f64,
}

/// Why a problem was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ProblemError {
    /// An agent's numbers.
    #[error("agent {0}: place and speed are finite, at most 1e9, the speed at least 1e-9")]
    Agent(usize),
    /// A task's numbers.
    #[error(
        "task {0}: all numbers are finite and at most 1e9; value, duration and discount are not negative"
    )]
    Task(usize),
    /// More than is kept in memory.
    #[error("{0} agents and {1} tasks; at most {MOST_AGENTS} and {MOST_TASKS}")]
    Size(usize, usize),
}

/// Agents and tasks that have been checked.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The agents; an agent's id is its index.
    agents: Vec<AgentSpec>,
    /// What every agent knows from the start.
    tasks: Tasks,
}

/// The tasks and the ways between them.
#[derive(Clone, Debug)]
pub struct Tasks {
    /// The tasks.
    specs: Vec<TaskSpec>,
    /// Distance of each task from each, row by row.
    between: Vec<f64>,
}

impl Problem {
    /// Checks the numbers and works out the distances.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(agents: Vec<AgentSpec>, tasks: Vec<TaskSpec>) -> Result<Self, ProblemError> {
        if agents.len() > MOST_AGENTS || tasks.len() > MOST_TASKS {
            return Err(ProblemError::Size(agents.len(), tasks.len()));
        }
        let good = |numbers: &[f64]| numbers.iter().all(|n| n.abs() <= LARGEST);
        let agent = |a: &AgentSpec| good(&a.at) && a.speed >= SLOWEST && a.speed <= LARGEST;
        if let Some(bad) = agents.iter().position(|a| !agent(a)) {
            return Err(ProblemError::Agent(bad));
        }
        let task = |t: &TaskSpec| {
            let positive = [t.value, t.duration_s, t.discount_per_s];
            let finite = good(&t.at) && good(&positive) && good(&[t.start_s, t.end_s]);
            finite && positive.iter().all(|&n| n >= 0.0)
        };
        if let Some(bad) = tasks.iter().position(|t| !task(t)) {
            return Err(ProblemError::Task(bad));
        }
        let row = |from: &TaskSpec| -> Vec<f64> {
            tasks.iter().map(|to| distance(from.at, to.at)).collect()
        };
        let between = tasks.iter().flat_map(row).collect();
        let specs = tasks;
        Ok(Self {
            agents,
            tasks: Tasks { specs, between },
        })
    }

    /// The agents.
    #[must_use]
    pub fn agents(&self) -> &[AgentSpec] {
        &self.agents
    }

    /// The tasks.
    #[must_use]
    pub fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// No allocation is worth more: each task at its value for whoever could do it soonest, alone.
    #[must_use]
    pub fn bound(&self) -> f64 {
        let value = |agent, task| {
            let visits = self.tasks.schedule(agent, &[task]);
            visits.map_or(0.0, |visits| visits[0].value)
        };
        let alone = |task| {
            let each = self.agents.iter().map(|agent| value(agent, task));
            each.fold(0.0, f64::max)
        };
        (0..self.tasks.specs.len()).map(alone).sum()
    }
}

impl Tasks {
    /// So many lots that are nowhere, for agents that have worths of their own.
    #[must_use]
    pub fn lots(lots: usize) -> Self {
        let spec = TaskSpec {
            at: [0.0; 2],
            value: 0.0,
            start_s: 0.0,
            end_s: 0.0,
            duration_s: 0.0,
            discount_per_s: 0.0,
        };
        Self {
            specs: vec![spec; lots],
            between: Vec::new(),
        }
    }

    /// The tasks; a task's id is its index.
    #[must_use]
    pub fn specs(&self) -> &[TaskSpec] {
        &self.specs
    }

    /// Distances of all tasks from a task, by index.
    pub(super) fn distances_from(&self, task: usize) -> &[f64] {
        &self.between[task * self.specs.len()..][..self.specs.len()]
    }

    /// How long an agent needs from a task (from where it starts, if none) to a task, s.
    #[must_use]
    pub fn travel_s(&self, agent: &AgentSpec, from: Option<usize>, to: usize) -> f64 {
        let way = match from {
            Some(from) => self.between[from * self.specs.len() + to],
            None => distance(agent.at, self.specs[to].at),
        };
        way / agent.speed
    }

    /// What a task is worth when begun at a time in its window.
    #[must_use]
    pub fn value_at(&self, task: usize, time_s: f64) -> f64 {
        let spec = &self.specs[task];
        spec.value * decay(spec.discount_per_s * (time_s - spec.start_s))
    }

    /// The tasks of a path, each begun as early as can be; `None` if a window is missed.
    #[must_use]
    pub fn schedule(&self, agent: &AgentSpec, path: &[usize]) -> Option<Vec<Visit>> {
        let (mut from, mut ready_s) = (None, 0.0_f64);
        let mut visits = Vec::with_capacity(path.len());
        for &task in path {
            let spec = &self.specs[task];
            let time_s = spec.start_s.max(ready_s + self.travel_s(agent, from, task));
            if time_s > spec.end_s {
                return None;
            }
            let value = self.value_at(task, time_s);
            visits.push(Visit {
                task,
                time_s,
                value,
            });
            (from, ready_s) = (Some(task), time_s + spec.duration_s);
        }
        Some(visits)
    }
}

/// `e^-x`, and exactly 1 where nothing has decayed, which is common.
pub(super) fn decay(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { exp(-x) }
}

/// Straight distance.
fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
    (dx * dx + dy * dy).sqrt()
}
