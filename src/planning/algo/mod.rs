//! Pure solvers: plain data in, plain data out, no world and no clock.
//!
//! * [`allocate`]: tasks to vehicles, in rounds of exact assignment.
//! * [`pairing`]: rounds of fire to targets, with a bound that says how far
//!   from the optimum a pairing can be.
//! * [`route`], [`route_field`]: ways over terrain, water and airspace, around no-go areas.
//! * [`sweep`]: back-and-forth passes that search an area, split between vehicles.
//!
//! All of them stand on [`crate::kernel::assignment`] and [`crate::plan::polygon`].

pub mod allocate;
pub mod pairing;
mod pairing_bound;
mod pairing_moves;
pub mod route;
pub mod route_field;
pub mod sweep;
mod sweep_cells;
