//! F10: people who decide: desks, authorisations, and the orders that follow.
//!
//! [`desk`] is the queue of proposals before the operators of one desk, or before a person;
//! [`approval`] is what such an operator weighs; [`authorisation`] is the only place that makes a
//! fire order; [`defence`] lets the crews of weapons decide on munitions in flight; [`ledger`] checks,
//! every tick and by its own books, that nothing was fired without leave. [`decision`] is what a post
//! foresees, [`staff`] how its decisions and the orders that follow go through the hands of officers and
//! down the echelons.

pub mod approval;
pub mod authorisation;
pub mod decision;
pub mod defence;
pub mod desk;
pub mod ledger;
mod obey;
mod person;
mod report;
mod ruled;
pub mod staff;

use bevy::prelude::{App, Plugin};

pub use approval::{Appraisal, OwnBelief, Reason};
pub use decision::{Act, DecisionPoint, DecisionPoints};
pub use defence::{CrewRuled, CrewState};
pub use desk::DeskState;
pub use ledger::{Ledger, Violations};
pub use person::{DeskInput, WaitingCase};
pub use ruled::{Authoriser, Judged, Ruled};

/// Desks and their books, staffs and their orders.
#[derive(Debug)]
pub struct CommandPlugin;

impl Plugin for CommandPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            desk::DeskPlugin,
            defence::CrewPlugin,
            ledger::LedgerPlugin,
            staff::StaffPlugin,
        ));
    }
}
