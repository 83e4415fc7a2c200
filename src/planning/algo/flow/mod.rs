//! Flow of least cost through a network: goods, people or sorties from where they are to where they
//! are wanted, over links that carry so much.
//!
//! * [`FlowProblem`]: supplies of nodes, arcs with least and most flow and a cost per unit.
//! * [`min_cost_flow`]: a cheapest flow with dual values, by the network simplex method.
//! * [`Flow::certify`]: checks a flow against its duals without the solver.

mod certificate;
mod problem;
mod simplex;
#[cfg(test)]
mod tests;
mod tree;

pub use certificate::Flow;
pub use problem::{FlowArc, FlowError, FlowProblem, LARGEST_FLOW, MOST_ITEMS};
pub use simplex::min_cost_flow;
