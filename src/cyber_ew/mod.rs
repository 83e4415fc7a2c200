//! F5: what is done to the spectrum and to network nodes on purpose, and what it does to receivers.
//!
//! [`jammer`] says who jams, where, and with what; links and receivers ask it how much of that falls
//! into their channel. [`receiver`] says what satellite receivers make of it. [`compromise`] says which
//! nodes are in other hands, and what is done with them. [`model`] holds the formulas.

pub mod compromise;
mod hearing;
pub mod jammer;
pub mod model;
pub mod receiver;

use bevy::prelude::{App, Plugin};

pub use compromise::{Compromise, Compromises};
pub use jammer::{Emitter, Fitted, Jammers};
pub use receiver::Receiver;

/// Jammers and what they do to satellite receivers; nodes in other hands.
#[derive(Debug)]
pub struct CyberEwPlugin;

impl Plugin for CyberEwPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            jammer::JammerPlugin,
            receiver::ReceiverPlugin,
            compromise::CompromisePlugin,
        ));
    }
}
