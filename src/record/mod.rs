//! The record of a run: a folder with what happened, what came of it, and how to repeat it.
//!
//! | file | content |
//! |---|---|
//! | `manifest.json` | which run it is and the SHA-256 of every other file; written last |
//! | `events.parquet` | the event log, one row per [`EventRow`](crate::accounting::event::EventRow) |
//! | `adjudications.jsonl` | every decision about an engagement with all that it follows from, one [`Line`](crate::accounting::adjudication::Line) each |
//! | `hashes.parquet` | the state hash after every tick |
//! | `sync-matrix.svg` | the synchronisation matrix: what was decided and done when; only where a side has missions |
//! | `report.html` | the result on one page, without script or network |
//!
//! The folder of a study holds `manifest.json`, `runs.parquet`, `episodes.parquet`, `results.json`
//! and its own `report.html`; while it is being made, one shard per finished replication
//! ([`StudyDir`], [`Shards`]).
//!
//! Other rooms add files through [`RunDir`]. Wall time appears in the summary and the report alone,
//! so that all other files of two equal runs are equal byte for byte.

pub mod adjudications;
pub(crate) mod chart;
mod error;
pub mod events;
pub mod hashes;
pub(crate) mod html;
pub mod manifest;
mod pending;
mod raster;
pub mod replications;
pub mod report;
mod report_network;
mod report_operations;
mod report_sections;
mod report_times;
mod run_dir;
mod shards;
mod study_dir;
pub mod study_manifest;
pub mod sync_matrix;
mod table;

pub use adjudications::ADJUDICATIONS_NAME;
pub use error::RecordError;
pub use pending::PendingFile;
pub use run_dir::{EVENTS_NAME, HASHES_NAME, REPORT_NAME, RunDir};
pub use shards::Shards;
pub use study_dir::StudyDir;
