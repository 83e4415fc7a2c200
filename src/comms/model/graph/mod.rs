//! What the shape of a network says: a [`topology`] of nodes and links, and what holds it together.

pub mod topology;
