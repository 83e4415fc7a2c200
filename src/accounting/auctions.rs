//! What auctions cost and came to, by side. See [`SideAuctions`].

use bevy::prelude::World;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::ids::UnitIndex,
    org::{OrderOfBattle, SideIx},
    planning::auction::{Auctioneer, Bidder, Tally},
};

/// Messages of auctions of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TalkRow {
    /// `call`, `offer`, `bid`, `report` or `answer`.
    pub kind: String,
    /// Messages written, each counted once whoever it was for.
    pub messages: u64,
    /// Their size in bytes, without what links add and before anybody passes them on.
    pub bytes: u64,
}

/// The auctions of one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideAuctions {
    /// The side.
    pub side: String,
    /// Its planner.
    pub planner: String,
    /// Auctions called.
    pub auctions: u64,
    /// Lots announced, each time anew.
    pub announced: u64,
    /// Lots given, booked or proposed.
    pub awarded: u64,
    /// Lots that nobody had when their auction closed.
    pub lapsed: u64,
    /// Lots that two had taken, of which one had to give way.
    pub conflicts: u64,
    /// Rounds, or occasions of its own, until the bids of a unit came to rest, mean; none where units
    /// do not agree among themselves.
    pub rounds_mean: Option<f64>,
    /// What was said.
    pub messages: Vec<TalkRow>,
}

/// The auctions of every side that holds any.
pub(super) fn auctions(world: &World) -> Vec<SideAuctions> {
    let order = world.resource::<OrderOfBattle>();
    let sides = (0..=u8::MAX).map(SideIx).zip(&order.sides);
    let held = sides.filter(|(_, side)| side.planner.is_auction());
    held.map(|(at, side)| {
        let tally = tally_of(world, at, order);
        let rows = tally.sent.iter().map(|(kind, sent)| TalkRow {
            kind: kind.key().to_owned(),
            messages: sent.messages,
            bytes: sent.bytes,
        });
        #[expect(clippy::cast_precision_loss, reason = "counts of a run")]
        let rounds_mean = (tally.settled > 0).then(|| tally.rounds as f64 / tally.settled as f64);
        SideAuctions {
            side: side.id.clone(),
            planner: side.planner.key().to_owned(),
            auctions: tally.auctions,
            announced: tally.announced,
            awarded: tally.awarded,
            lapsed: tally.lapsed,
            conflicts: tally.conflicts,
            rounds_mean,
            messages: rows.collect(),
        }
    })
    .collect()
}

/// What the posts and units of a side have counted.
fn tally_of(world: &World, side: SideIx, order: &OrderOfBattle) -> Tally {
    let mut sum = Tally::default();
    for (unit, row) in world.resource::<UnitIndex>().iter() {
        if order.unit(unit).side != side {
            continue;
        }
        let post = world.get::<Auctioneer>(row.entity).map(Auctioneer::tally);
        let own = world.get::<Bidder>(row.entity).map(Bidder::tally);
        post.into_iter().chain(own).for_each(|it| sum.add(it));
    }
    sum
}
