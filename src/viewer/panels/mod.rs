//! Panels about the picture: time above, forces and layers at the left, the selected unit, waiting
//! proposals and events at the right.

mod events;
mod forces;
mod inspector;
mod layers;
mod plugin;
mod requests;
mod time_bar;

pub(crate) use plugin::{Free, PanelsPlugin, show};
