//! A unit's side of auctions: what it has heard, where it takes part, what it holds. See [`Bidder`].

use bevy::prelude::Component;
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{
    session::Session,
    talk::{AuctionId, Bid, Matter, Talk, What},
    tally::Tally,
};
use crate::kernel::{ids::UnitIx, time::SimTime};

/// A lot that a unit has taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Holding {
    pub(super) auction: AuctionId,
    pub(super) bid: Bid,
    pub(super) what: What,
    /// When it last told the post.
    pub(super) told: SimTime,
    /// Since when it has it.
    pub(super) since: SimTime,
    /// Whether the post has noted it.
    pub(super) is_booked: bool,
}

impl Holding {
    /// What kind of lot it is.
    pub(super) fn matter(&self) -> Matter {
        match self.what {
            What::Part { .. } => Matter::Parts,
            What::Track(_) => Matter::Tracks,
        }
    }
}

/// What a unit remembers of auctions; only units of sides that hold any have it.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct Bidder {
    /// What has reached it, and from whom.
    pub(super) inbox: Vec<(UnitIx, Talk)>,
    pub(super) sessions: Vec<Session>,
    pub(super) holdings: Vec<Holding>,
    pub(super) tally: Tally,
}

impl Bidder {
    /// What it has counted.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The part of a mission that it took by agreement: number of the mission, and where it ends, m.
    #[must_use]
    pub fn part(&self) -> Option<(usize, DVec2)> {
        self.holdings.iter().find_map(|held| match held.what {
            What::Part { mission, goal, .. } => Some((mission, goal)),
            What::Track(_) => None,
        })
    }

    /// Whether it has nothing to do.
    pub(super) fn is_at_ease(&self) -> bool {
        let all_booked = self.holdings.iter().all(|held| held.is_booked);
        self.inbox.is_empty() && self.sessions.is_empty() && all_booked
    }

    /// Forgets what it took part in and what it holds of a kind.
    pub(super) fn drop_matter(&mut self, matter: Matter) {
        self.sessions.retain(|it| it.call.matter != matter);
        self.holdings.retain(|it| it.matter() != matter);
    }

    /// What it holds of an auction.
    pub(super) fn held(&mut self, auction: AuctionId) -> Option<&mut Holding> {
        self.holdings.iter_mut().find(|it| it.auction == auction)
    }
}
