//! How groups move: places in a formation, flocking, and keeping clear of one another.

mod avoidance;
mod flocking;
mod formation;
mod half_plane;

pub use avoidance::{Agent, Avoidance};
pub use flocking::{Flocking, Mate, order_parameter};
pub use formation::{Formation, slot_demand, slot_position};
