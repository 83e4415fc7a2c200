//! F0: what every other room stands on, and nothing that knows what a vehicle is.
//!
//! * [`schedule`]: the tick, its phases, and who runs where.
//! * [`time`]: integer time. * [`random`], [`dist`]: keyed draws. * [`ids`]: stable names.
//! * [`messages`], [`delay`]: what crosses from one system to another, now and later.
//! * [`registry`]: whatever influences the future, hashed, saved and restored.
//! * [`assignment`], [`budget`], [`finding`], [`math`]: shared by tracker, planners and checkers.

pub mod assignment;
pub mod budget;
pub mod curve;
pub mod delay;
pub mod dist;
pub mod factor;
pub mod finding;
pub mod ids;
pub mod math;
pub mod messages;
pub mod random;
pub mod registry;
pub mod schedule;
pub mod scoring;
pub mod time;
