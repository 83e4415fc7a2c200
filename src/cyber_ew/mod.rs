//! F5: what is done to the spectrum on purpose, and what it does to receivers.
//!
//! [`jammer`] says who jams, where, and with what; links and receivers ask it how much of that falls
//! into their channel. [`receiver`] says what satellite receivers make of it. [`model`] holds the
//! formulas.

mod hearing;
pub mod jammer;
pub mod model;
pub mod receiver;

use bevy::prelude::{App, Plugin};

pub use jammer::{Emitter, Fitted, Jammers};
pub use receiver::Receiver;

/// Jammers and what they do to satellite receivers.
#[derive(Debug)]
pub struct CyberEwPlugin;

impl Plugin for CyberEwPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((jammer::JammerPlugin, receiver::ReceiverPlugin));
    }
}
