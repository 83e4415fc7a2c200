//! One replication: a world of its own from its seed to its values. See [`replicate`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::measure::measures_of;
use crate::accounting::summary::SideTargets;
use crate::app::{BuildError, InvariantBroken, RunOptions, Simulation};
use crate::platform::class::Catalogue;
use crate::scenario::load::LoadedScenario;

/// Ticks between two looks at whether to stop.
const TICKS: u64 = 20;

/// Which replication of which design point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job {
    /// Index of the design point.
    pub point: usize,
    /// Number of the replication, from 1.
    pub replication: u64,
    /// Its seed.
    pub seed: u64,
}

/// What a replication yields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Yield {
    /// Hash of the run, 16 hexadecimal digits.
    pub state_hash: String,
    /// Value of each measure that the study keeps, in its order.
    pub values: Vec<Option<f64>>,
    /// Targets of every side that became detectable.
    pub targets: Vec<SideTargets>,
}

/// Why a replication yields nothing.
#[derive(Debug, Error)]
pub enum RunError {
    /// The world cannot be built.
    #[error("the world cannot be built: {0}")]
    Build(#[from] BuildError),
    /// An invariant broke.
    #[error(transparent)]
    Invariant(#[from] InvariantBroken),
}

/// Who watches a replication.
pub trait Watch: Sync {
    /// So many more ticks are done.
    fn ticks(&self, ticks: u64);

    /// Whether to stop.
    fn is_stopped(&self) -> bool;
}

/// Runs one replication; none if it was stopped.
///
/// # Errors
///
/// If the world cannot be built, or an invariant breaks.
pub fn replicate(
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
    options: &RunOptions,
    measures: &[&str],
    watch: &dyn Watch,
) -> Result<Option<Yield>, RunError> {
    let mut simulation = Simulation::new(loaded, catalogue, options)?;
    let mut reported = 0;
    while !simulation.is_over() {
        simulation.step()?;
        let done = simulation.ticks_done();
        if done.is_multiple_of(TICKS) || simulation.is_over() {
            watch.ticks(done - reported);
            reported = done;
            if watch.is_stopped() {
                return Ok(None);
            }
        }
    }
    let report = simulation.finish().report;
    let known = measures_of(&loaded.read.scenario, &report.summary);
    let value = |name: &&str| {
        known
            .iter()
            .find(|it| it.name == *name)
            .and_then(|it| it.value)
    };
    Ok(Some(Yield {
        state_hash: report.summary.state_hash.clone(),
        values: measures.iter().map(value).collect(),
        targets: report.summary.targets,
    }))
}
