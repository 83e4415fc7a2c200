//! Tercio: a swarm coordination simulator and planner.
//!
//! An ECS world models manned platforms beside unmanned swarms and everything else that is connected.
//! They sense, share what they know over a contested mesh, allocate tasks, pair sensors with
//! shooters, consume, break and resupply. A human authorises every engagement; exported plans carry
//! navigation, sensing and relay only.
//!
//! The map of modules, from the ground up (a module imports only from floors below its own;
//! `tests/architecture.rs` checks it):
//!
//! | floor | modules |
//! |---|---|
//! | 0 | [`kernel`] |
//! | 1 | [`geo`] |
//! | 2 | [`plan`], [`org`], [`wire`], [`environment`] |
//! | 3 | [`platform`] |
//! | 4 | [`physics`], [`spectrum`] |
//! | 5 | [`cyber_ew`] |
//! | 6 | [`sensing`], [`comms`], [`logistics`], [`engagement`] |
//! | 7 | [`picture`] |
//! | 9 | [`planning`] |
//! | 10 | [`command`] |
//! | 11 | [`accounting`] |
//! | 12 | [`scenario`], [`export`], [`record`] |
//! | 13 | [`app`], [`preflight`] |
//! | 14 | [`study`], `viewer` (feature `viewer`) |
//! | 15 | [`cli`] |

pub mod accounting;
pub mod app;
pub mod cli;
pub mod command;
pub mod comms;
pub mod cyber_ew;
pub mod engagement;
pub mod environment;
pub mod export;
pub mod geo;
pub mod kernel;
pub mod logistics;
pub mod org;
pub mod physics;
pub mod picture;
pub mod plan;
pub mod planning;
pub mod platform;
pub mod preflight;
pub mod record;
pub mod scenario;
pub mod sensing;
pub mod spectrum;
pub mod study;
#[cfg(feature = "viewer")]
pub mod viewer;
pub mod wire;
