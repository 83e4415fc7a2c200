//! F6: from an authorised order to an effect: weapons, flight, adjudication, damage.
//!
//! [`order`] says what an order is; [`held`] keeps it in the hands of its shooter; [`fire`] turns
//! orders into shots; [`impact`] decides what a shot does, every draw by its key, and applies it;
//! [`effect`] is that decision as a pure function of what the log keeps. Formulas stand in [`model`].
//!
//! [`alarm`] lets those under fire say so.
//!
//! **Architecture invariant:** only `command::authorisation` makes a [`FireOrder`].

pub mod alarm;
pub mod effect;
pub mod fire;
pub mod held;
pub mod impact;
pub mod model;
pub mod order;
pub mod tables;

use bevy::prelude::{App, Plugin};

pub use alarm::FiredUpon;
pub use effect::{Effect, Fall, Met};
pub use fire::Shot;
pub use held::FireState;
pub use impact::{Adjudication, Decided, Outcome};
pub use order::{Aim, Authorisation, FireOrder, FireReport, Recall, Renewal, TrackRef};

/// Weapons and their effects.
#[derive(Debug)]
pub struct EngagementPlugin;

impl Plugin for EngagementPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((fire::FirePlugin, impact::ImpactPlugin, alarm::AlarmPlugin));
    }
}
