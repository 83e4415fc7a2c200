//! F15: the command line, the only place that prints, reads arguments, environment or clock, and
//! decides how the program exits.
//!
//! `args` says what can be typed, `entry` calls the subcommand, one file each: `check`,
//! `run`, `plan`, `export`, `study`, `report`, `bench`, `explain`, `catalogue`, `calc`, `view`. What they have in common: `console` is all that
//! prints, `error` is every way to fail with its exit code, `findings` shows what is wrong
//! with a file at its place, `text` makes numbers and tables readable.
//!
//! Results go to standard output, with `--json` as one JSON document and nothing else; everything
//! said about the work goes to standard error.

mod args;
mod bench;
mod bench_text;
mod calc;
mod catalogue;
mod catalogue_text;
mod check;
mod console;
mod duration;
mod entry;
mod error;
mod explain;
mod explain_desk;
mod explain_flight;
mod explain_story;
mod explain_text;
mod export;
mod export_vehicles;
mod findings;
mod inputs;
mod interrupt;
mod keep_links;
mod load;
mod phase_clock;
mod plan;
mod plan_file;
mod planners;
mod program;
mod progress;
mod report;
mod run;
mod run_folder;
mod run_summary;
mod run_summary_auctions;
mod run_summary_desks;
mod run_summary_network;
mod run_summary_programs;
mod safety;
mod solve;
mod study;
mod study_folder;
mod study_progress;
mod study_text;
mod study_text_effects;
mod text;
mod view;

pub use entry::main;
