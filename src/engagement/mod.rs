//! F6: from an authorised order to an effect: weapons, flight, adjudication, damage.
//!
//! [`order`] says what an order is; [`fire`] turns orders that arrived into shots; [`impact`]
//! decides what a shot does, every draw by its key, and applies it. Formulas stand in [`model`].
//!
//! **Architecture invariant:** only `command::authorisation` makes a [`FireOrder`].

pub mod fire;
pub mod impact;
pub mod model;
pub mod order;

use bevy::prelude::{App, Plugin};

pub use fire::{FireState, Shot};
pub use impact::{Adjudication, Outcome};
pub use order::{Authorisation, FireOrder, FireReport, Recall, TrackRef};

/// Weapons and their effects.
#[derive(Debug)]
pub struct EngagementPlugin;

impl Plugin for EngagementPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((fire::FirePlugin, impact::ImpactPlugin));
    }
}
