//! F9: planners as systems: they turn what a node believes into problems, and solutions into
//! proposals and tasks.
//!
//! [`fires`] pairs sensors with shooters within [`fire_control`], by what `engage` makes of each pair, [`aftermath`] asks what came of it, [`tasks`] gives [`missions`] to vehicles, stage by stage ([`progress`], [`round`]), as plans that
//! [`compose`] writes and [`routes`] finds ways for; [`oracle`] lets them read the truth instead, as
//! an upper bound to compare with. Where a side wants it, its units settle in an [`auction`] over the
//! mesh who does what. Pure solvers stand in [`algo`].
//!
//! Aircraft keep out of closed volumes (`airways`), and who is wary out of sight (`watch`,
//! `shy`).
//! [`external`] lets a program beside the simulator choose; [`tally`] keeps what choices were worth.
//!
//! [`contact`] is what a crew does by itself when it is fired upon.
//!
//! **Architecture invariant:** no planner but the oracle reads where units really are.

pub mod aftermath;
mod airways;
pub mod algo;
pub mod auction;
mod choice;
pub mod compose;
pub mod contact;
mod engage;
pub mod external;
pub mod fire_control;
pub mod fires;
pub mod missions;
pub mod oracle;
mod parts;
mod pen;
pub mod progress;
pub mod proposal;
mod returns;
pub mod round;
pub mod routes;
mod shy;
mod slots;
pub mod solve;
pub mod tally;
pub mod tasks;
pub mod view;
mod watch;
pub mod worth;

use bevy::prelude::{App, Plugin};

/// All planners.
#[derive(Debug)]
pub struct PlanningPlugin;

impl Plugin for PlanningPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            contact::ContactPlugin,
            fires::FiresPlugin,
            tasks::TasksPlugin,
            auction::AuctionPlugin,
            returns::ReturnsPlugin,
            oracle::OraclePlugin,
        ));
    }
}
