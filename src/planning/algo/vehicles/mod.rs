//! Vehicle routing for search, visit and resupply: who goes where in which order.
//!
//! Problem: vehicles with a start, possibly an end, a capacity, a time when they are ready and one
//! by which they have to be done, each of a class with its own travel times; jobs at places with a
//! demand, a service time and a window in which service has to begin. A job has to be done, or has
//! a worth in seconds and is left out where it would take longer. Least total time, or earliest
//! end of the last vehicle (makespan), plus the worth of what is left out; as many of the jobs that
//! have to be done as possible come before either. Contains the travelling salesman, so NP-hard.
//!
//! Method: ruin and recreate. A round removes strings of neighbouring jobs from neighbouring routes
//! and inserts them where they cost least, in changing order and with now and then a place
//! overlooked (Christiaens and Vanden Berghe 2020, "Slack induction by string removals for vehicle
//! routing problems"); worse plans are accepted less and less within a cycle. Latest times and
//! waits ahead are kept per stop, so an insertion is checked in constant time (Savelsbergh 1992,
//! "The vehicle routing problem with time windows: minimizing route duration").
//!
//! Work: `O(r n)` per round for `r` removed of `n` jobs. There is no bound: plans are compared
//! with each other, not with the optimum.

mod plan;
mod problem;
mod route;
mod search;
#[cfg(test)]
mod tests;

pub use plan::{RoutedStop, VehiclePlan};
pub use problem::{Aim, Job, MOST_JOBS, RoutingError, RoutingProblem, Vehicle};
pub use search::route_vehicles;
