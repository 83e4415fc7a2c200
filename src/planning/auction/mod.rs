//! Auctions in the world: the market, CBBA and ACBBA, over the modelled mesh. See [`AuctionPlugin`].
//!
//! A post of a side with such a planner calls out lots, parts of missions or tracks, to the units that
//! it may task and believes able ([`Auctioneer`]). Who hears the call works out what they are worth to
//! it by its own knowledge, and then ([`Bidder`])
//!
//! * *market* (contract net: Smith 1980, "The contract net protocol", IEEE Trans. Computers C-29(12)):
//!   offers to the post, which matches the offers that came in time exactly and orders or proposes as
//!   ever;
//! * *CBBA* and *ACBBA*: agrees with the others, each with an agent of its own
//!   ([`super::algo::cbba`]) and the mesh between them, in rounds or each in its own time. Who has won
//!   a part composes its plan, begins, and reports; who has won a track reports, and the post writes the
//!   proposal to the desk. Nothing fires on a consensus.
//!
//! Who reads what of whom: posts read [`super::tasks`] and [`super::fires`] and write bookings there;
//! units write [`PlanInbox`](crate::platform::course::PlanInbox) for themselves only. All that they say
//! to each other is a message with a size, a class and a precedence; what is lost or late takes no part.
//!
//! EMCON: a silent unit hears, and neither offers nor bids; its post gives it what is left when the
//! auction closes, by its own belief. A silent post calls nobody: it decides itself, as agents of its
//! units would over an ideal network, or exactly instead of a market.

mod auctioneer;
mod bid;
mod bidder;
mod conduct;
mod ground;
mod ideal;
mod session;
mod talk;
mod tally;
mod worths;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res};

use self::talk::{Body, Matter, Talk};
use super::tasks::TaskOrder;
use crate::{
    kernel::{
        ids::UnitIndex,
        registry::StateAppExt,
        schedule::{FuseSystems, PlanSystems, SimTick},
    },
    wire::{Delivered, PayloadAppExt},
};

pub use auctioneer::Auctioneer;
pub use bidder::Bidder;
pub(in crate::planning) use ideal::consensus;
pub use talk::TalkKind;
pub use tally::{Sent, Tally};

/// Posts and units take their mail; an order of the post ends what a unit took of itself.
fn hear(
    index: Res<'_, UnitIndex>,
    (talks, orders): (Res<'_, Delivered<Talk>>, Res<'_, Delivered<TaskOrder>>),
    mut units: Query<'_, '_, (&mut Auctioneer, &mut Bidder)>,
) {
    for delivery in talks.read() {
        let Ok((mut post, mut unit)) = units.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        let heard = (delivery.header.author, delivery.body.clone());
        match delivery.body.body {
            Body::Offer(_) | Body::Took(..) | Body::GaveUp(_) => post.inbox.push(heard),
            Body::Call(_) | Body::Agree(_) | Body::Booked | Body::Yield => unit.inbox.push(heard),
        }
    }
    for delivery in orders.read() {
        if let Ok((_, mut unit)) = units.get_mut(index.entity(delivery.to)) {
            unit.drop_matter(Matter::Parts);
        }
    }
}

/// Holds auctions in the phase `Plan`, after posts have planned.
#[derive(Debug)]
pub struct AuctionPlugin;

impl Plugin for AuctionPlugin {
    fn build(&self, app: &mut App) {
        let turns = (conduct::conduct, bid::bid).chain();
        app.add_payload_if_used::<Talk>()
            .register_state::<Auctioneer>()
            .register_state::<Bidder>()
            .add_systems(
                SimTick,
                turns
                    .in_set(PlanSystems::Decide)
                    .after(super::tasks::plan_tasks)
                    .after(super::fires::plan_fires),
            )
            .add_systems(SimTick, hear.in_set(FuseSystems::Receive));
    }
}
