//! Decentralised task allocation by the consensus-based bundle algorithm.
//!
//! Problem: agents with places and speeds, tasks with places, values that decay with waiting, and
//! windows for their start; each agent makes a path through tasks, no task is done twice, and the
//! sum of the values is to be large. Nobody sees everything: an [`Agent`] knows the tasks, itself
//! and what its neighbours' [`Message`]s say.
//!
//! Method: Choi, Brunet, How (2009), "Consensus-based decentralized auctions for robust task
//! allocation", IEEE Trans. Robotics 25(4). Each agent builds a bundle greedily, task by task, each
//! time the one that adds most value at its best place in the path, of those on which it outbids
//! everybody that it has heard of; it tells its bids, hears others', and takes back what it has
//! lost together with all that it chose later. A bid is compared as (higher bid, lower agent id),
//! an agent's own choice as (higher bid, earlier start, lower task index).
//!
//! What is kept differs from the paper: not one winner and one time stamp for each task and a table
//! of seventeen rules for two that disagree, but the newest [`Word`] of every bidder, numbered by the
//! bidder's own clock. The rules then reduce to "the newest word of each bidder, then the highest
//! bid", whatever the network loses, delays or repeats; the winners table of the paper is the best
//! bid of each task over these words. Besides, a bundle is always what a build from nothing on
//! present knowledge would give, so that an agent that rests depends on what it knows and not on how
//! it came to know it. [`network`] runs agents in rounds (CBBA) or each by its own clock, with loss,
//! delay and partitions (ACBBA: Johnson, Ponda, Choi, How 2011, "Asynchronous decentralized task
//! allocation for dynamic environments", AIAA 2011-1441).
//!
//! Convergence: a bid never exceeds the one before it in the bundle (bid warping: Johnson, Choi,
//! Ponda, How 2012, "Allowing non-submodular score functions in distributed task allocation", IEEE
//! CDC). Then the best pair of agent and task can be outbid by nobody and is settled once the word of
//! it is around, after it the second, and so on: the rest state is that of the sequential greedy
//! algorithm, in at most `tasks × diameter` rounds. Here the warp changes nothing: start times are
//! kept once given, ways are straight, and values do not grow with waiting, so that a task added to a
//! path leaves every other at most what it was worth before (diminishing marginal gain), up to
//! rounding. Tasks for which agents wait have exactly their full value for many agents, which is why
//! the order of ties is part of the result.
//!
//! Guarantee: under diminishing marginal gain at least half the optimum (Choi et al. 2009). Work: a
//! step of a build is `O(tasks × path length)`; only what a change of knowledge touches is rebuilt.
//!
//! Where a task is not a place to go to but a lot that is worth something of its own to each agent,
//! [`Agent::with_worths`] bids that and nothing else: an agent that has one lot gets nothing out of a
//! second, so that bundles have one task, nothing is warped, and the rest state is the greedy
//! matching of agents and lots.
//!
//! [`exchange`] trades on from where the auction rests, by messages as well.

mod agent;
mod bundle;
pub mod exchange;
mod message;
pub mod network;
mod pair;
mod problem;
mod shared;
#[cfg(test)]
mod tests;

pub use agent::Agent;
pub use message::{Claim, Message, Word};
pub use problem::{AgentSpec, Problem, ProblemError, TaskSpec, Tasks, Visit};
