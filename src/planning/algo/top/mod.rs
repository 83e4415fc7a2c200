//! Team orienteering, with time windows too: which places several tours should visit in their time.
//!
//! Problem: tours start at one place at time 0 and end at another within a limit; every other place
//! may be visited once, takes its service time, may have a window in which the visit has to begin,
//! and has a value. Greatest total value of the visits (Chao, Golden and Wasil 1996, "The team
//! orienteering problem"; with windows Vansteenwegen, Souffriau, Vanden Berghe and Van Oudheusden
//! 2009). Already one tour is NP-hard.
//!
//! Method:
//! * `search`: adaptive large neighbourhoods (Ropke and Pisinger 2006). A round drops visits at
//!   random, in runs, around a place or by worth for time, bars some of them, inserts by worth for
//!   time with noise, and shortens the tours by reversals and moves. With each tour go the times
//!   before which and after which a visit cannot begin, so that an insertion is checked in
//!   constant time, windows or not. Falls in value are accepted less and less within a cycle.
//! * `pool`: the tours seen are remembered by what they visit; after each cycle the best of them
//!   are put together by branch and bound.
//! * `bound`: a fractional knapsack over halves of shortest ways. Where few sets of places fit
//!   in a tour, `exact` lists them all (dynamic programming over set and last place) and
//!   `packing` prices the places so that few sets are left to choose from (Boussier, Feillet and
//!   Gendreau 2007 price likewise), which proves the optimum.
//!
//! Work: a round takes about `O(n k)` for `n` places within reach and `k` visits; listing sets
//! `O(s n)` for `s` pairs of a set and its last place, given up beyond a million of a size.

mod bound;
mod exact;
mod packing;
mod pool;
mod problem;
mod search;
mod solve;
#[cfg(test)]
mod tests;
mod tour;

pub use problem::{LARGEST, MOST_PLACES, Place, SLACK, TopError, TopProblem};
pub use solve::{TopSolution, solve};
