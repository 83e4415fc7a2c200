//! F6: from an authorised order to an effect: weapons, flight, adjudication, damage.
//!
//! [`order`] says what an order is; [`held`] keeps it in the hands of its shooter; [`fire`] turns
//! orders into shots; [`flight`] flies guided ones, `shells` shows the others to radars; [`defend`] fires at those; [`impact`] decides what a shot does, every draw by its key, and applies it;
//! [`effect`] and [`arrival`] are that decision as pure functions of what the log keeps. Formulas stand in [`model`].
//!
//! [`alarm`] lets those under fire say so.
//!
//! **Architecture invariant:** only `command::authorisation` makes a [`FireOrder`] or a
//! [`DefenceOrder`].

pub mod alarm;
pub mod arrival;
pub mod defend;
pub mod effect;
pub mod fire;
pub mod flight;
pub mod held;
pub mod impact;
pub mod model;
pub mod order;
mod shells;
mod steer;
pub mod tables;

use bevy::prelude::{App, Plugin};

pub use alarm::FiredUpon;
pub use arrival::{Arrival, Exposure};
pub use defend::{DefenceShot, Guard, Interception};
pub use effect::{Effect, Fall, Met};
pub use fire::{Ends, Shot};
pub use flight::Guidance;
pub use held::FireState;
pub use impact::{Adjudication, Decided, Outcome, Pin};
pub use order::{
    Aim, Authorisation, DefenceOrder, FireOrder, FireReport, Recall, Renewal, STALE_S, Sighted,
    TrackRef,
};

/// Weapons and their effects.
#[derive(Debug)]
pub struct EngagementPlugin;

impl Plugin for EngagementPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            fire::FirePlugin,
            flight::FlightPlugin,
            shells::ShellsPlugin,
            defend::DefendPlugin,
            impact::ImpactPlugin,
            alarm::AlarmPlugin,
        ));
    }
}
