//! What the shape of a network says: a [`topology`] of nodes and links, what holds it together
//! ([`connectivity`], [`separation`], [`laplacian`]), what random networks do ([`random`]), and how
//! well a measure of it holds up over time ([`resilience`]).

pub mod connectivity;
pub mod laplacian;
pub mod random;
pub mod resilience;
pub mod separation;
pub mod topology;
