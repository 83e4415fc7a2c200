//! Ways that weigh time, exposure to threats and energy, in layers of height, around what is closed.
//!
//! * [`PassageField`], [`Going`], [`Toll`]: what a place asks of who passes; what a leg costs.
//! * [`Threat`], [`Threats`]: chances of being detected or engaged as a field over the map.
//! * [`Airspace`], [`Exposed`]: fields for aircraft among closed volumes, and for what moves on the
//!   ground or the water.
//! * [`Lattice`]: points in layers of height, joined to their neighbours.
//! * [`passage`]: the way of least cost. [`passage_within`]: the same under a budget of energy.
//! * [`trade_offs`]: ways for rising prices of exposure, of which none is more exposed than the last.
//!
//! Problem: a way from a start to a goal that minimises `time + price · exposure + price · energy`, in
//! seconds, where speed, exposure and power depend on place and direction and some places are closed;
//! exposure is the expected number of detections, so that the chance of none is `exp(-exposure)`
//! (Koopman 1956, "The theory of search II"). Method: A* over the lattice (Hart, Nilsson, Raphael
//! 1968), legs evaluated when they are first asked for; then string pulling by dynamic programming, and
//! the corners that are left moved off the lattice by pattern search (Hooke and Jeeves 1961), as long
//! as that costs less. Under a budget of energy: label-setting with dominance on cost and energy (Desrochers and
//! Soumis 1988), with exact bounds to the goal from two backward searches (Dumitrescu and Boland
//! 2003), which is an optimum of the lattice unless the budget of work ends first.

mod airspace;
mod exposed;
mod field;
mod labels;
mod lattice;
mod search;
mod solve;
mod straighten;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_energy;
#[cfg(test)]
mod tests_known;
mod threat;

pub use airspace::Airspace;
pub use exposed::Exposed;
pub use field::{Going, PassageField, Prices, Toll, leg_toll};
pub use lattice::{Lattice, Link};
pub use solve::{
    Bounded, Passage, PassageError, nearest_open, passage, passage_within, trade_offs,
};
pub use threat::{Law, Threat, Threats};
