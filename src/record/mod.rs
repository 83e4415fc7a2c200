//! The record of a run: a folder with what happened, what came of it, and how to repeat it.
//!
//! | file | content |
//! |---|---|
//! | `manifest.json` | which run it is and the SHA-256 of every other file; written last |
//! | `events.parquet` | the event log, one row per [`EventRow`](crate::accounting::event::EventRow) |
//! | `hashes.parquet` | the state hash after every tick |
//! | `report.html` | the result on one page, without script or network |
//!
//! Other rooms add files through [`RunDir`]. Wall time appears in the summary and the report alone,
//! so that all other files of two equal runs are equal byte for byte.

mod chart;
mod error;
pub mod events;
pub mod hashes;
mod html;
pub mod manifest;
mod pending;
pub mod report;
mod report_sections;
mod run_dir;
mod table;

pub use error::RecordError;
pub use pending::PendingFile;
pub use run_dir::{EVENTS_NAME, HASHES_NAME, REPORT_NAME, RunDir};
