//! What is drawn in three dimensions: ground, sea, sky, units, lines, tints.

mod coverage;
mod ellipses;
mod lines;
mod mesh;
pub(crate) mod network;
mod plugin;
mod shapes;
mod terrain;
pub(crate) mod tint;
mod units;

pub(crate) use plugin::DrawPlugin;
