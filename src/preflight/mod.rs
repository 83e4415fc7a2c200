//! F13: the safety check of plans, before any of them leaves the simulator.
//!
//! [`check()`] looks at a set of plans together: each by itself ([`rules`]), every pair of vehicles
//! in space and time ([`separation`]), and every vehicle against what is not friendly
//! ([`stand_off`]); [`weather`] asks what each class bears. All but that look at the same [`timeline`]. The world comes in through the traits of
//! [`world`], so that this room knows no ECS and a test can hand in closures.
//!
//! **Architecture Invariant:** the stand-off from non-friendly tracks cannot be set below 200 m.

pub mod check;
pub mod limits;
pub mod rules;
pub mod separation;
pub mod stand_off;
pub mod timeline;
pub mod weather;
pub mod world;

#[cfg(test)]
mod tests;

pub use check::check;
pub use limits::{Limits, StandOffTooSmall};
pub use timeline::{Phase, Sample, Timeline};
pub use weather::{Roughness, check_weather};
pub use world::{Ground, Link, World};
