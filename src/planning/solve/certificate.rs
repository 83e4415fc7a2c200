//! Certificates of prices, as files have them. See [`Proof`].

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SolveError;

/// Share of the bound by which a bound worked out anew may differ: rounding in another order.
const TOLERANCE: f64 = 1e-9;

/// Prices, and the bound of the objective that they are said to prove.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    /// A price for each resource.
    pub(super) prices: Vec<f64>,
    /// The bound.
    pub(super) bound: f64,
}

impl Proof {
    /// Reads one.
    pub(super) fn read(value: &Value) -> Result<Self, SolveError> {
        Self::deserialize(value).map_err(|error| SolveError::Certificate(error.to_string()))
    }

    /// The bound that was worked out anew from the prices, if it is as good as the one stated.
    /// `sign` is 1 where a bound lies above, -1 where it lies below.
    pub(super) fn confirmed(&self, anew: Option<f64>, sign: f64) -> Result<f64, SolveError> {
        let fail = |cause: String| Err(SolveError::Certificate(cause));
        let Some(bound) = anew else {
            return fail(
                "prices are to be one per resource, finite and not below zero; or time ran out"
                    .to_owned(),
            );
        };
        let over = sign * (bound - self.bound);
        // A stated bound that is no number is none.
        if over.is_nan() || over > TOLERANCE * (1.0 + bound.abs()) {
            return fail(format!("its prices prove {bound}, not {}", self.bound));
        }
        Ok(bound)
    }
}
