//! Static weapon-target assignment, to proven optimality.
//!
//! Problem: `weapons` types of weapon with `units` shots each, `targets` targets of value `V_j`, a
//! chance `p_ij` that one shot of weapon `i` destroys target `j`. Find how many shots `x_ij` of
//! which weapon go to which target so that the value expected to survive,
//! `sum_j V_j prod_i (1 - p_ij)^x_ij`, is least while `sum_j x_ij <= units` (Manne 1958, "A
//! target-assignment problem", Operations Research 6, 346-351; NP-complete, Lloyd and
//! Witsenhausen 1986).
//!
//! Method: a chain of which every link keeps the best plan found.
//! 1. `construct`: layers of exact linear assignment by marginal gain, and greedy.
//! 2. `improve`: shifts and swaps of single shots; `neighbourhood`: one shot of every target
//!    at a time reassigned exactly by linear assignment, an exponentially large neighbourhood
//!    (Ahuja, Kumar, Jha, Orlin 2007, Operations Research 55, 1136-1146).
//! 3. `columns`, `pricing`: prices of shots by subgradient steps and column generation; a column is a
//!    multiset of shots on one target, and the cheapest one is found exactly.
//!    Every price vector gives a Lagrangian lower bound, whatever else has gone wrong.
//! 4. `partition`: every column whose reduced cost is within the gap goes into one integer program
//!    with cuts; no better plan can use another column, so its optimum is the optimum (Andersen,
//!    Pavlikov, Toffolo 2022 and Bertsimas and Paskov 2025 prove optima by other branch-and-bound
//!    methods).
//!
//! Complexity: an assignment is `O(n³)`; pricing is exponential in the number of shots on one target
//! at worst and a few dozen nodes in practice; the integer program is exponential at worst.
//!
//! Plans of this solver stay inside the simulator.

pub mod certificate;
mod chain;
mod columns;
mod construct;
mod generate;
mod improve;
mod instance;
mod neighbourhood;
mod plan;
mod pricing;
#[cfg(test)]
mod tests;

pub use chain::{Solved, solve};
pub(super) use generate::split_mix;
pub use generate::{Spread, generate};
pub use instance::{Instance, InstanceError, MOST_CELLS, MOST_UNITS};
pub use plan::Plan;
