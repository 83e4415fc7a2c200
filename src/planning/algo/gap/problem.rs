//! A generalised assignment problem and what a solution of it costs. See [`GapProblem`].

use thiserror::Error;

/// Most pairs of an agent and a task.
pub const MOST_PAIRS: usize = 1_000_000;

/// Largest cost, load or capacity; sums of these stay whole in a double.
pub const LARGEST_NUMBER: i64 = 1_000_000_000;

/// Why a problem was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GapError {
    /// The numbers of costs, loads and capacities do not belong together.
    #[error("{costs} costs and {loads} loads do not fill {agents} agents by {tasks} tasks")]
    Shape {
        /// Agents, one for each capacity.
        agents: usize,
        /// Tasks.
        tasks: usize,
        /// Costs given.
        costs: usize,
        /// Loads given.
        loads: usize,
    },
    /// A cost, load or capacity is below zero or above [`LARGEST_NUMBER`].
    #[error("{0} is not within 0..={LARGEST_NUMBER}")]
    Number(i64),
}

/// Tasks to be given to agents: costs and loads agent by agent. A pair whose load exceeds the
/// agent's capacity is forbidden thereby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapProblem {
    tasks: usize,
    costs: Vec<i64>,
    loads: Vec<i64>,
    capacities: Vec<i64>,
}

impl GapProblem {
    /// Checks shape and range; `costs` and `loads` hold the tasks of the first agent, then those of
    /// the second, and so on.
    ///
    /// # Errors
    /// [`GapError`].
    pub fn new(
        tasks: usize,
        costs: Vec<i64>,
        loads: Vec<i64>,
        capacities: Vec<i64>,
    ) -> Result<Self, GapError> {
        let agents = capacities.len();
        let pairs = agents.checked_mul(tasks).filter(|n| *n <= MOST_PAIRS);
        if pairs != Some(costs.len()) || pairs != Some(loads.len()) {
            return Err(GapError::Shape {
                agents,
                tasks,
                costs: costs.len(),
                loads: loads.len(),
            });
        }
        let mut numbers = costs.iter().chain(&loads).chain(&capacities);
        match numbers.find(|n| !(0..=LARGEST_NUMBER).contains(*n)) {
            Some(wrong) => Err(GapError::Number(*wrong)),
            None => Ok(Self {
                tasks,
                costs,
                loads,
                capacities,
            }),
        }
    }

    /// Number of agents.
    #[must_use]
    pub fn agents(&self) -> usize {
        self.capacities.len()
    }

    /// Number of tasks.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    /// Cost of a task with an agent.
    #[must_use]
    pub fn cost(&self, agent: usize, task: usize) -> i64 {
        self.costs[agent * self.tasks + task]
    }

    /// What a task takes of an agent's capacity.
    #[must_use]
    pub fn load(&self, agent: usize, task: usize) -> i64 {
        self.loads[agent * self.tasks + task]
    }

    /// Capacities, agent by agent.
    #[must_use]
    pub fn capacities(&self) -> &[i64] {
        &self.capacities
    }

    /// What an assignment (agent of each task) costs; `None` unless it keeps every rule.
    #[must_use]
    pub fn evaluate(&self, agent_of: &[usize]) -> Option<i64> {
        if agent_of.len() != self.tasks || agent_of.iter().any(|i| *i >= self.agents()) {
            return None;
        }
        let mut left = self.capacities.clone();
        let mut cost = 0;
        for (task, &agent) in agent_of.iter().enumerate() {
            left[agent] -= self.load(agent, task);
            cost += self.cost(agent, task);
        }
        left.iter().all(|l| *l >= 0).then_some(cost)
    }
}
