//! F4: what radiates, and how waves weaken on their way.
//!
//! [`model`] holds the formulas of propagation, which links, jammers and receivers share; [`path`]
//! asks them over the ground of a scenario, and [`cell`] says when to ask again.

pub mod cell;
pub mod model;
pub mod path;
