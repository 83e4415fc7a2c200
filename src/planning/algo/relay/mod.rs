//! Fewest relays that join terminals: where they stand, who flies there, what is given up.
//!
//! * [`CandidateGraph`]: terminals and places where a relay may stand, with prices and links of any
//!   radio model; [`discs()`] builds it for links of fixed range.
//! * [`place()`]: a cheapest set of relays, with a bound, and with proof where terminals are few.
//! * [`keep_connected`]: relays for a plan over time slots, and who goes without a link knowingly.
//! * [`ferry_route`]: the round of a data ferry between groups that no relay joins.

mod ascent;
mod discs;
mod ferry;
mod graph;
mod grow;
mod keep;
mod place;
mod subsets;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_time;

pub use discs::{DiscArea, discs};
pub use ferry::{Delivery, FerryError, FerryRoute, FerryStop, ferry_route};
pub use graph::{CandidateGraph, GraphError, MOST_LINKS, MOST_NODES};
pub use keep::{KeepError, KeptSlot, Link, Member, Place, RelayVehicle, SlotPlan, keep_connected};
pub use place::{Placement, place};
pub use subsets::SubsetTable;
