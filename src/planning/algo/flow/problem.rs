//! The network of a flow problem. See [`FlowProblem`].

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most nodes, and most arcs.
pub const MOST_ITEMS: usize = 4_000_000;
/// Largest supply and largest bound of an arc.
pub const LARGEST_FLOW: i64 = 1 << 40;
/// Largest magnitude of a cost.
const LARGEST_COST: f64 = 1e15;

/// Why a problem was refused or has no cheapest flow.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum FlowError {
    /// More nodes or arcs than [`MOST_ITEMS`].
    #[error("{0} nodes or arcs are more than {MOST_ITEMS}")]
    Size(usize),
    /// An arc has an end that is no node, bounds out of order or range, or an unusable cost.
    #[error("arc {0} has an end that is no node, bounds out of order or an unusable number")]
    Arc(usize),
    /// A supply is beyond [`LARGEST_FLOW`].
    #[error("the supply of node {0} is beyond {LARGEST_FLOW}")]
    Supply(usize),
    /// Supplies and demands do not cancel.
    #[error("supplies exceed demands by {0}")]
    Unbalanced(i64),
    /// The arcs do not carry the supply of this node, or do not bring it what it demands.
    #[error("no flow within the bounds meets the supply or demand of node {0}")]
    Infeasible(usize),
    /// These arcs form a circle of negative cost on which nothing limits the flow.
    #[error("flow around arcs {0:?} costs less than nothing and has no limit")]
    Unbounded(Vec<usize>),
    /// The budget ended before any flow within the bounds was found.
    #[error("the budget ended before a flow within the bounds was found")]
    OutOfBudget,
    /// A flow does not prove what it claims.
    #[error("certificate fails: {0}")]
    Certificate(String),
}

/// A link that carries flow in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowArc {
    /// Node that it leaves.
    pub from: usize,
    /// Node that it enters.
    pub to: usize,
    /// Least flow, units; may be negative.
    pub least: i64,
    /// Most flow, units; `None` for no limit.
    pub most: Option<i64>,
    /// Cost of a unit; may be negative.
    pub cost: f64,
}

/// Nodes with supplies, and arcs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowProblem {
    /// Units that each node sends out on balance; negative where it takes them in.
    pub supplies: Vec<i64>,
    /// The arcs; several may join the same nodes.
    pub arcs: Vec<FlowArc>,
}

impl FlowProblem {
    /// Refuses what cannot be solved.
    pub(super) fn check(&self) -> Result<(), FlowError> {
        let items = self.supplies.len().max(self.arcs.len());
        if items > MOST_ITEMS {
            return Err(FlowError::Size(items));
        }
        let in_range = |flow: i64| (-LARGEST_FLOW..=LARGEST_FLOW).contains(&flow);
        if let Some(node) = self.supplies.iter().position(|&s| !in_range(s)) {
            return Err(FlowError::Supply(node));
        }
        let good = |arc: &FlowArc| {
            let nodes = self.supplies.len();
            let bounds = arc.most.is_none_or(|m| in_range(m) && arc.least <= m);
            let ends = arc.from < nodes && arc.to < nodes;
            ends && bounds && in_range(arc.least) && arc.cost.abs() <= LARGEST_COST
        };
        if let Some(arc) = self.arcs.iter().position(|arc| !good(arc)) {
            return Err(FlowError::Arc(arc));
        }
        // At most 2^22 numbers of at most 2^40 each.
        match self.supplies.iter().sum::<i64>() {
            0 => Ok(()),
            excess => Err(FlowError::Unbalanced(excess)),
        }
    }
}
