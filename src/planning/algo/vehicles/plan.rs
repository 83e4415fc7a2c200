//! What vehicles are to do, and what it costs. See [`VehiclePlan`].

use super::problem::{Aim, RoutingProblem};
use super::route::Route;

/// A job in a vehicle's route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoutedStop {
    /// Index of the job.
    pub job: usize,
    /// When it begins, s.
    pub begins_s: f64,
}

/// Routes of all vehicles.
#[derive(Clone, Debug, PartialEq)]
pub struct VehiclePlan {
    /// Stops of each vehicle in order.
    pub routes: Vec<Vec<RoutedStop>>,
    /// Jobs that nobody does.
    pub left: Vec<usize>,
    /// How many of these have to be done.
    pub missed: usize,
    /// Sum over vehicles of the time from ready to done, s.
    pub total_s: f64,
    /// When the last vehicle that has a job is done, s; zero if none has.
    pub makespan_s: f64,
    /// Time by the aim plus the worth of what was left out, s.
    pub cost_s: f64,
}

/// Routes under way.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) routes: Vec<Route>,
    /// Route of each job that has one.
    pub(super) route_of: Vec<Option<usize>>,
}

/// What plans are compared by: jobs missed, cost, total time.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct Cost {
    pub(super) missed: usize,
    pub(super) cost_s: f64,
    pub(super) total_s: f64,
}

impl Draft {
    /// No vehicle has anything to do.
    pub(super) fn empty(problem: &RoutingProblem) -> Self {
        let vehicles = 0..problem.vehicles().len();
        Self {
            routes: vehicles
                .map(|vehicle| Route::empty(problem, vehicle))
                .collect(),
            route_of: vec![None; problem.jobs().len()],
        }
    }

    /// When the last vehicle is done, s.
    pub(super) fn makespan_s(&self) -> f64 {
        self.routes
            .iter()
            .filter_map(Route::end_s)
            .fold(0.0, f64::max)
    }

    /// What the plan costs.
    pub(super) fn cost(&self, problem: &RoutingProblem, aim: Aim) -> Cost {
        let total_s = self
            .routes
            .iter()
            .map(|route| route.duration_s(problem))
            .sum();
        let mut cost = Cost {
            missed: 0,
            cost_s: match aim {
                Aim::TotalTime => total_s,
                Aim::Makespan => self.makespan_s(),
            },
            total_s,
        };
        for (job, _) in problem
            .jobs()
            .iter()
            .zip(&self.route_of)
            .filter(|(_, r)| r.is_none())
        {
            match job.worth_s {
                None => cost.missed += 1,
                Some(worth) => cost.cost_s += worth,
            }
        }
        cost
    }

    /// The plan as an answer.
    pub(super) fn finish(&self, problem: &RoutingProblem, aim: Aim) -> VehiclePlan {
        let cost = self.cost(problem, aim);
        let stops = |route: &Route| {
            let pairs = route.jobs().iter().zip(route.begins());
            pairs
                .map(|(&job, &begins_s)| RoutedStop { job, begins_s })
                .collect()
        };
        let unrouted = |job: &usize| self.route_of[*job].is_none();
        VehiclePlan {
            routes: self.routes.iter().map(stops).collect(),
            left: (0..problem.jobs().len()).filter(unrouted).collect(),
            missed: cost.missed,
            total_s: cost.total_s,
            makespan_s: self.makespan_s(),
            cost_s: cost.cost_s,
        }
    }
}
