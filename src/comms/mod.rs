//! F6: links, routes, sharing rules, gateways and liaisons: how messages get to whom they may.
//!
//! Sees headers, never inside a payload. [`network`] says who shares a radio net, [`links`] how well
//! they hear each other, [`routing`] which way messages go, [`sharing`] who may have what and [`matrix`] by what way,
//! `exchange` and `handover` what crosses between services, [`transit`] moves it all in the phase
//! `Communicate`.

mod carry;
pub mod coverage;
mod disturbance;
mod exchange;
mod flight;
mod forward;
mod handover;
pub mod hearing;
mod keep_up;
pub mod links;
pub mod matrix;
pub mod model;
pub mod network;
mod on_air;
mod reach;
pub mod routing;
#[cfg(test)]
mod sandbox;
mod send;
pub mod sharing;
#[cfg(test)]
mod sharing_tests;
pub mod stations;
mod summary;
mod survey;
pub mod traffic;
pub mod transit;

use bevy::prelude::{App, Plugin};

pub use exchange::{Desk as ExchangeDesk, Exchanges};
pub use links::Links;
pub use matrix::{Direction, ExchangeKind, Matrix, Passage, Relation, Rule};
pub use network::{Network, NetworkIx, Networks, Outages};
pub use sharing::{Release, Sharing};
pub use transit::{Carried, Transit};

/// Links, routes and messages.
#[derive(Debug)]
pub struct CommsPlugin;

impl Plugin for CommsPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            survey::LinksPlugin,
            on_air::OnAirPlugin,
            traffic::TrafficPlugin,
            transit::TransitPlugin,
        ));
    }
}
