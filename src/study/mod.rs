//! F14: studies: one scenario, many design points, many replications, and what they say together.
//!
//! A study file is read and checked with every design point ([`prepare`]), its replications run on
//! all cores ([`farm`]), each in a world of its own ([`replicate`]), and their results become
//! tables, estimates with intervals, gates and a report.
//!
//! | File | What |
//! |---|---|
//! | [`schema`], `read`, `validate` | the file, its text, its rules |
//! | [`design`], [`seed`] | design points; seeds |
//! | [`prepare`] | file to design points that are ready to run |
//! | [`measure`] | which measures a run yields |
//! | [`replicate`], [`farm`] | one replication; all of them |
//! | [`merge`], [`csv`] | replications to tables |
//! | [`stats`] | pure statistics |
//! | [`gate`] | what must hold |
//! | [`effects`] | differences taken apart, and where they cross zero |
//! | [`results`], [`analyse`], [`times`] | the result of a study, and how it is made |
//! | [`planners`] | planners beside each other on paired seeds |
//! | [`junit`], [`report`] | the result for CI and for people |
//!
//! This room knows no clock, no terminal and no file but the scenario: `cli` drives it, `record`
//! keeps its files.

pub mod analyse;
pub mod csv;
pub mod design;
pub mod effects;
pub mod farm;
pub mod gate;
pub mod junit;
pub mod measure;
pub mod merge;
pub mod planners;
pub mod prepare;
mod read;
pub mod replicate;
pub mod report;
pub mod results;
pub mod schema;
pub mod seed;
pub mod stats;
pub mod times;
mod validate;

pub use read::is_study;
