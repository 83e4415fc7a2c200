//! F4: contact and obstacles, the only room that knows rapier. See [`PhysicsPlugin`].
//!
//! * [`field`]: obstacles as shapes; ray casts for sight and radio through buildings.
//! * [`contact`]: who runs into whom, and the push that parts them.
//! * [`plugin`]: the system that asks once per tick. `bodies`: vehicles in, pushes out.
//!
//! The collision library (parry, as `bevy_rapier3d` brings it) is asked in pure functions, and no
//! rapier world is stepped. A stepped world carries its tree, contact caches and warm-started
//! impulses from tick to tick, which no snapshot holds: given the same poses, a fresh one and one
//! with a history gave different bits in 3 of 20 ticks, so a restored run would diverge. It also
//! costs four times as much (120 vehicles among 40 houses: 425 against 106 µs), and it costs where
//! nothing is near. Here an answer depends on the poses of this tick alone.
//!
//! Rapier counts in `f32` with y up. Both stay inside this room: every question is first moved, in
//! `f64`, to an origin beside the two things that it is about (`frame`).

mod bodies;
pub mod contact;
pub mod field;
mod frame;
mod pairs;
pub mod plugin;
mod sight;
mod touch;

pub use bodies::BodiesPlugin;
pub use contact::{Body, Contact, ContactSolver, ContactWith};
pub use field::ObstacleField;
pub use plugin::PhysicsPlugin;
pub use sight::SightMemo;
