//! F10: people who decide: desks, authorisations, and the orders that follow.
//!
//! [`desk`] is the queue of proposals before the operators of one desk, or before a person; [`authorisation`] is the only
//! place that makes a fire order; [`ledger`] checks, every tick and by its own books, that nothing
//! was fired without leave.

pub mod authorisation;
pub mod desk;
pub mod ledger;
mod person;

use bevy::prelude::{App, Plugin};

pub use desk::{DeskState, Ruled};
pub use ledger::{Ledger, Violations};
pub use person::{DeskInput, WaitingCase};

/// Desks and their books.
#[derive(Debug)]
pub struct CommandPlugin;

impl Plugin for CommandPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((desk::DeskPlugin, ledger::LedgerPlugin));
    }
}
