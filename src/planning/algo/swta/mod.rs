//! Sensor-weapon-target assignment: which weapon, guided by which sensor, at which target.
//!
//! Problem: targets of threat `v_t`, a chance `d_tw` that weapon `w` destroys target `t` if guided, a
//! chance `e_ts` that sensor `s` guides it there. A pair of a weapon and a sensor succeeds with
//! `d_tw e_ts`; every weapon and every sensor is used at most once; several pairs may share a target.
//! The threat removed, `sum_t v_t (1 - prod_(w,s) (1 - d_tw e_ts))`, is to be greatest (Bogdanowicz
//! 2012, "Advanced input generating algorithm for effect-based weapon-target pairing optimization",
//! IEEE Transactions on Systems, Man, and Cybernetics A 42, 276-280, for the pairing of sensors and
//! weapons; Ahner and Parson 2015 for weapon-target columns).
//!
//! Method: up to twelve weapons and sensors, dynamic programming over the sets
//! used. Beyond, greedy and local search, then `partition` with columns of pairs on one
//! target: two families of prices, exact pricing, a Lagrangian bound, and an integer program over
//! all columns within the gap. What survives is minimised within; the answer is the threat removed.
//! Pricing is by `ordered` chains where every sensor works with every weapon, and by `pricing` over pairs
//! otherwise. [`certificate`] checks prices by a search of its own.
//!
//! Complexity: `O(targets * 2^(2k))` for small ones, `k` the fewer of weapons and sensors; pricing and
//! integer program are exponential at worst.
//!
//! Plans of this solver stay inside the simulator.

pub mod certificate;
mod chain;
mod columns;
mod generate;
mod instance;
mod local;
mod ordered;
mod pricing;
mod slopes;
mod small;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_prices;

pub use chain::{Solved, solve};
pub use generate::generate;
pub use instance::{Instance, InstanceError, MOST_CELLS, Pair};
