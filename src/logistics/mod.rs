//! F6: depots: who goes back when, who is served in what order, what that takes from the stocks.
//!
//! [`depot`] says what a depot is and what it holds; [`replenish`] how far a unit is on its visit;
//! [`need`] when a unit has to go; [`return_plan`](mod@return_plan) writes the plan of the way
//! back, [`go_back`] orders it, [`serve`] runs the bays, [`notice`] tells of it.
//!
//! A unit that is not [`Replenish::is_free`] refuses other plans: [`go_back`] orders it back again.

pub mod depot;
pub mod go_back;
pub mod need;
pub mod notice;
pub mod replenish;
pub mod return_plan;
pub mod serve;

#[cfg(test)]
mod tests;

use bevy::prelude::{App, Plugin};

pub use depot::{Depot, DepotIx, Depots, Load, Stock, Stocks};
pub use need::ReturnRules;
pub use notice::{NoticeKind, SupplyNotice};
pub use replenish::{Replenish, Replenished};
pub use return_plan::return_plan;

/// Depots at work, in the phase `Sustain`.
#[derive(Debug)]
pub struct LogisticsPlugin;

impl Plugin for LogisticsPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            go_back::GoBackPlugin,
            serve::ServePlugin,
            notice::NoticePlugin,
        ));
    }
}
