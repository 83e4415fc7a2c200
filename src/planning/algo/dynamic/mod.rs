//! Rounds to targets that come and go: shoot, look, shoot again, with ammunition that has to last.
//!
//! * [`Arrivals`]: how targets come, what they are worth and how long they stay; [`Engagement`] is
//!   one course of events drawn from it.
//! * [`run()`]: plays a course with a [`Policy`]; the outcome of a shot is known after its flight
//!   and assessment.
//! * [`Myopic`]: the best assignment of what is there now. [`Priced`]: the best assignment to the turns
//!   of shooters now and later, with prices of rounds from a look ahead at what is still to come.
//! * [`clairvoyant_bound`]: what nobody can exceed on average who knows all arrivals and departures
//!   but not how shots end.
//!
//! Where rounds are scarce (up to one per target) prices win on nearly every course, by 10 to 27 % of the
//! bound. Where they are plentiful, myopia itself is within 1.5 to 6.3 % of it, and turns win 0.4 to 0.8 %
//! of the bound: on 91 to 98 of 100 courses when luck is averaged out, with a loss of at most 0.6 % on any; in
//! between (1.5 rounds per target and ten shooters) on 85, with 1.2 %. See docs/solvers.md.
//!
//! This is for the simulator alone and nothing here is ever exported to a vehicle.

mod bound;
mod course;
mod policy;
mod priced;
mod prices;
mod run;
#[cfg(test)]
mod tests;

pub use bound::clairvoyant_bound;
pub use course::{Arrivals, Arriving, Engagement, Firing};
pub use policy::{Myopic, Policy, Seen, Situation};
pub use priced::Priced;
pub use run::{Tally, run};
