//! What no type can say: references, ranges, places. One function per rule, named by its code; all
//! findings are gathered. `docs/errors.md` has a section for each code. See [`validate`].

mod check;
mod command;
mod compromise;
mod forces;
mod general;
mod land;
mod missions;
mod networks;
mod orders;
mod sharing;
mod sustainment;
mod units;
mod world;

pub use check::{Ground, validate};
pub(in crate::scenario) use orders::DRAWN;
