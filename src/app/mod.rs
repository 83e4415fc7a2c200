//! F13: the simulation as one thing: all plugins, the headless runner, injects, planning without a
//! run.
//!
//! A [`Simulation`] owns one world. It knows no clock and no file: `cli` and `study` drive it.

mod coverage;
mod inject;
mod input;
mod plan;
mod plugins;
mod relays;
mod schedule;
mod simulation;

pub use coverage::PlanCoverage;
pub use inject::{InjectPlugin, ScheduledInjects};
pub use input::{Input, InputError, InputKind, InputPlugin, InputRecord};
pub use plan::{PlanError, facts_of, plan, plan_with};
pub use plugins::SimPlugins;
pub use relays::{OutOfTouch, Relayed, relays};
pub use simulation::{BuildError, InvariantBroken, RunOptions, RunOutput, Simulation};
