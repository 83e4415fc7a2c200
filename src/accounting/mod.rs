//! What a run amounts to: measures, kill chains, losses and cost, read from the world.
//!
//! This room reads every other one below it and writes nothing back. [`stats`] is plain statistics,
//! [`kill_chain`] makes the sensor-to-shooter account of one side out of target timelines,
//! [`summary`] is the form that a run's result has on the command line and in its folder, and
//! [`event`] is one line of the event log.

pub mod event;
pub mod kill_chain;
pub mod stats;
pub mod summary;
