//! Pure solvers: plain data in, plain data out, no world and no clock.
//!
//! * [`cbba`]: tasks to agents by auction and exchange, with messages alone.
//! * [`coverage`]: an area of cells searched by several vehicles, one tree each.
//! * [`dynamic`]: rounds to targets that come and go, against what foresight could get.
//! * [`flow`]: flow of least cost through a network.
//! * [`gap`]: tasks to agents within capacities, with a bound and mostly a proof.
//! * [`k_best`]: the best assignments in order.
//! * [`matching`]: lots to bidders, one each, exactly or greedily, and why no other pair.
//! * [`mrta`]: tasks that need several vehicles at once, some before others, with a bound.
//! * [`pairing`]: rounds of fire to targets, with a bound that says how far
//!   from the optimum a pairing can be.
//! * [`passage`]: ways that weigh time, exposure to threats and energy, in layers of height.
//! * [`relay`]: fewest relays that join terminals, over time, and data ferries.
//! * [`route`], [`route_field`]: ways over terrain, water and airspace, around no-go areas.
//! * [`swta`], [`wta`]: sensors and weapons to targets, with proof.
//! * [`sweep`]: back-and-forth passes that search an area, split between vehicles.
//! * [`top`]: which places several tours should visit in their time (team orienteering).
//! * [`uxas`]: tasks to vehicles under a process algebra, with a bound.
//! * [`vehicles`]: routes for search, visit and resupply.
//!
//! All of them stand on [`crate::kernel::assignment`] and [`crate::plan::polygon`].

pub mod cbba;
pub mod coverage;
mod draw;
pub mod dynamic;
pub mod flow;
pub mod gap;
pub mod k_best;
pub mod matching;
pub mod mrta;
pub mod pairing;
mod pairing_bound;
mod pairing_moves;
mod partition;
pub mod passage;
pub mod relay;
pub mod route;
pub mod route_field;
pub mod sweep;
mod sweep_cells;
pub mod swta;
pub mod top;
pub mod uxas;
pub mod vehicles;
pub mod wta;

use draw::draw_below;
