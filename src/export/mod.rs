//! F12: plans for real vehicles, one file per format, and an independent checker.
//!
//! * [`qgc_plan`]: `QGroundControl` `.plan` for ArduPilot and PX4. * [`mission`]: the items of a
//!   plan; [`profile`], [`item`], [`rules`]: what they may be.
//! * [`checker`], [`strict_json`]: read encoded bytes back with code of their own and refuse what
//!   is not plainly allowed.
//! * [`manifest`]: writes a set of files into an empty folder, each checked before it is named.
//!
//! **Architecture Invariants:** this room imports `plan`, `geo` and `kernel` only. Encoders take an
//! [`ExportableVehicle`] and nothing else. No encoder can name a
//! command outside the allow-list, and [`checker`] shares no code with the encoders.

pub mod checker;
pub mod error;
pub mod item;
pub mod manifest;
pub mod mission;
pub mod profile;
pub mod qgc_plan;
pub mod rules;
pub mod strict_json;

#[cfg(test)]
mod mission_tests;
#[cfg(test)]
mod property_tests;

pub use checker::check_qgc_plan;
pub use error::ExportError;
pub use manifest::{Manifest, ManifestHeader, write_set};
pub use profile::Profile;
pub use qgc_plan::QgcPlan;

use crate::kernel::finding::Finding;
use crate::plan::ExportableVehicle;

/// A format that plans can be written in.
pub trait Exporter {
    /// Name of the format on the command line.
    fn name(&self) -> &'static str;

    /// Extension of its files, without the dot.
    fn extension(&self) -> &'static str;

    /// The file of one vehicle.
    ///
    /// # Errors
    ///
    /// [`ExportError`] where the format or the autopilot cannot take the plan as it is.
    fn encode(&self, vehicle: &ExportableVehicle) -> Result<Vec<u8>, ExportError>;

    /// What an independent reader finds wrong with encoded bytes; empty for a file that may go out.
    fn check(&self, file: &str, bytes: &[u8]) -> Vec<Finding>;
}
