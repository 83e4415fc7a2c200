//! A flow with its dual values, and what they prove. See [`Flow`].

use super::problem::{FlowError, FlowProblem};
use super::simplex::as_f64;
use serde::{Deserialize, Serialize};

/// A flow and node prices.
///
/// The reduced cost of an arc is `cost + price(from) - price(to)`. At an optimum it is at least
/// zero where flow can be added, and at most zero where flow can be taken away; [`Self::certify`]
/// checks these complementary slackness conditions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Flow of each arc, units.
    pub flow: Vec<i64>,
    /// Cost of the flow.
    pub cost: f64,
    /// No flow costs less (Lagrangian bound of the node prices); `-inf` where prices leave an arc
    /// without a limit attractive.
    pub bound: f64,
    /// What one more unit is worth at each node, up to a constant.
    pub node_price: Vec<f64>,
    /// Whether the method came to its end.
    pub is_optimal: bool,
}

impl Flow {
    /// A flow with its cost and the bound of these prices.
    pub(super) fn new(
        problem: &FlowProblem,
        flow: Vec<i64>,
        node_price: Vec<f64>,
        is_optimal: bool,
    ) -> Self {
        let costs = problem.arcs.iter().zip(&flow);
        let cost = costs.map(|(arc, flow)| arc.cost * as_f64(*flow)).sum();
        let mut found = Self {
            flow,
            cost,
            bound: cost,
            node_price,
            is_optimal,
        };
        if !is_optimal {
            found.bound = found.lagrangian(problem).min(cost);
        }
        found
    }

    /// Reduced cost of an arc.
    fn reduced(&self, problem: &FlowProblem, arc: usize) -> f64 {
        let arc = &problem.arcs[arc];
        arc.cost + self.node_price[arc.from] - self.node_price[arc.to]
    }

    /// Bound on the cost of every flow: what each arc would carry at these prices by itself.
    fn lagrangian(&self, problem: &FlowProblem) -> f64 {
        let supplies = problem.supplies.iter().zip(&self.node_price);
        let fixed: f64 = supplies.map(|(s, price)| as_f64(*s) * price).sum();
        let each = (0..problem.arcs.len()).map(|at| {
            let (arc, reduced) = (&problem.arcs[at], self.reduced(problem, at));
            match (reduced < 0.0, arc.most) {
                (true, Some(most)) => reduced * as_f64(most),
                (true, None) => f64::NEG_INFINITY,
                (false, _) => reduced * as_f64(arc.least),
            }
        });
        each.sum::<f64>() - fixed
    }

    /// Checks that the flow keeps all bounds, meets all supplies, costs what it says, and is
    /// optimal by its node prices. `tolerance` is a share of the largest cost and price.
    ///
    /// # Errors
    /// [`FlowError::Certificate`] with the first condition that fails.
    pub fn certify(&self, problem: &FlowProblem, tolerance: f64) -> Result<(), FlowError> {
        problem.check()?;
        let fail = |what: String| Err(FlowError::Certificate(what));
        let shape = (self.flow.len(), self.node_price.len());
        if shape != (problem.arcs.len(), problem.supplies.len()) {
            return fail("the flow has another shape than the problem".into());
        }
        if let Some(node) = self.node_price.iter().position(|p| !p.is_finite()) {
            return fail(format!("the price of node {node} is not a number"));
        }
        let costs = problem.arcs.iter().map(|arc| arc.cost);
        let largest = costs.chain(self.node_price.iter().copied());
        let eps = tolerance * largest.fold(1.0_f64, |most, c| most.max(c.abs()));
        let mut balance: Vec<i128> = problem.supplies.iter().map(|&s| -i128::from(s)).collect();
        let mut units = 1.0;
        for (at, (arc, &flow)) in problem.arcs.iter().zip(&self.flow).enumerate() {
            if flow < arc.least || arc.most.is_some_and(|most| flow > most) {
                return fail(format!("flow {flow} of arc {at} is out of its bounds"));
            }
            balance[arc.from] += i128::from(flow);
            balance[arc.to] -= i128::from(flow);
            units += as_f64(flow.saturating_abs());
            let reduced = self.reduced(problem, at);
            let may_grow = arc.most != Some(flow);
            if (may_grow && reduced < -eps) || (flow > arc.least && reduced > eps) {
                return fail(format!(
                    "reduced cost {reduced} of arc {at} with flow {flow}"
                ));
            }
        }
        if let Some(node) = balance.iter().position(|&b| b != 0) {
            return fail(format!("node {node} sends out {} too much", balance[node]));
        }
        let again = Self::new(problem, self.flow.clone(), self.node_price.clone(), true).cost;
        if (again - self.cost).abs() > eps * units {
            return fail(format!("cost {} is {again}", self.cost));
        }
        Ok(())
    }
}
