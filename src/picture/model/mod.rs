//! The formulas of tracking: pure, in `f64`, on the stack, each against published numbers.
//!
//! * [`kalman`]: one track. * [`fusion`]: two tracks of one thing. * [`metrics`]: how good a
//!   picture is.

pub mod coarse;
pub mod fusion;
pub mod kalman;
pub mod metrics;
