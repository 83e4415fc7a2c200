//! Area search by several vehicles over a graph of cells: one tree each, the longest least.
//!
//! * [`CoverProblem`]: cells with links that take time, and where each vehicle begins.
//! * [`cover`]: trees from the vehicles' roots that reach every cell, so that the longest is short;
//!   with a bound.
//! * [`round_trip`], [`around_tree`]: ways that a vehicle takes over its tree.
//!
//! Trees serve areas with holes, obstacles and unequal ground, and vehicles that begin at given
//! places; for a simple polygon and vehicles that begin together the straight passes of
//! [`crate::planning::algo::sweep`] turn less. What that leaves out for several unequal vehicles is
//! their different starts, different swaths and inner obstacles: here a start is the root, speed
//! and swath together are the vehicle's rate, and an obstacle is a missing cell.

mod bound;
mod forest;
mod paths;
mod problem;
mod search;
#[cfg(test)]
mod tests;

pub use paths::{around_tree, round_trip};
pub use problem::{CoverError, CoverProblem, MOST_ENTRIES};
pub use search::{Cover, cover};
