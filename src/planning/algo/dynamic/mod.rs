//! Rounds to targets that come and go: shoot, look, shoot again, with ammunition that has to last.
//!
//! * [`Arrivals`]: how targets come, what they are worth and how long they stay; [`Engagement`] is
//!   one course of events drawn from it.
//! * [`run()`]: plays a course with a [`Policy`]; the outcome of a shot is known after its flight
//!   and assessment.
//! * [`Myopic`]: the best assignment of what is there now. [`Priced`]: the same with prices of
//!   ammunition and of waiting, from a look ahead at what is still to come.
//! * [`clairvoyant_bound`]: what nobody can exceed on average who knows all arrivals and departures
//!   but not how shots end.
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
