//! Waiting in queues: closed forms, as references for the simulated queues and to judge them by.
//! [`servers`], [`priority`] classes, [`age`] of information.
//!
//! Arrivals are Poisson of `arrival_rate`, λ; a server finishes `service_rate`, μ, customers in a unit
//! of time while busy; ρ = λ/μ. Times are in the unit of the caller's rates.

pub mod age;
pub mod priority;
pub mod servers;
