//! Generalised assignment: every task to one agent, within what each agent can bear, at least cost.
//!
//! Problem: `m` agents with capacities `b_i`, `n` tasks; task `j` done by agent `i` costs `c_ij`
//! and takes `a_ij` of its capacity. Minimise `sum c_ij x_ij` where each task has exactly one agent and
//! `sum_j a_ij x_ij <= b_i`. Deciding whether there is any solution is NP-complete.
//!
//! Method, in turns that grow until the budget is out or the proof is done:
//! * *Bound* (`lagrange`): the one-agent rule is priced, which leaves one knapsack per agent,
//!   solved by dynamic programming (Fisher, Jaikumar and Van Wassenhove 1986, "A multiplier
//!   adjustment method for the generalized assignment problem"); prices by deflected subgradients.
//! * *Start and repair* (`anneal`): annealing over shifts, swaps and ejection chains of two tasks,
//!   in which overload has an adaptive price (Yagiura, Ibaraki and Glover 2006, "A path relinking
//!   approach with ejection chains for the generalized assignment problem").
//! * *Dives* (`neighbourhood`): what the average of the knapsacks' choices is surest of is forced,
//!   the prices follow, and so on; a tree searches the rest. Noise on the prices makes every dive
//!   another one. Between dives the tasks of a few agents of the incumbent are solved anew.
//! * *Proof* (`tree`): depth-first branching where every node tightens the prices and closes
//!   each pair that the knapsack tables show to be too dear (Posta, Ferland and Michelon 2012, "An
//!   exact method with variable fixing for solving the generalized assignment problem").
//!
//! Work of one bound: `O(n · b)` per agent, with loads scaled down once `b` exceeds
//! 16,384. Costs are whole numbers, so a bound may be rounded up.

mod anneal;
mod knapsack;
mod lagrange;
mod neighbourhood;
mod problem;
mod solve;
#[cfg(test)]
mod tests;

mod tree;

pub use problem::{GapError, GapProblem, LARGEST_NUMBER, MOST_PAIRS};
pub use solve::{GapSolution, solve};
