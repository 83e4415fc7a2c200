//! The report of a study: one HTML page that needs neither script nor network.

mod effects;
mod estimates;
mod figures;
mod page;
mod times;

pub use page::page;
