//! What is painted over the picture: symbols, labels, legend.

pub(crate) mod atlas;
pub(crate) mod legend;
pub(crate) mod plugin;
pub(crate) mod project;
pub(crate) mod symbols;
