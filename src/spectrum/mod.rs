//! F4: what radiates, and how waves weaken on their way.
//!
//! [`airwaves`] holds who radiated what in the last second; [`model`] the formulas of propagation,
//! which links, jammers and receivers share; [`path`] asks them over the ground of a scenario, and
//! [`cell`] says when to ask again.

pub mod airwaves;
pub mod cell;
pub mod model;
pub mod path;

pub use airwaves::{Airwaves, Signal, Source};
