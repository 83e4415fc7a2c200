//! What posts and units say to each other in an auction. See [`Talk`].

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    org::Planner,
    planning::{algo::cbba::Message, slots::Slot, view::TrackView},
    platform::stores::EffectorIx,
    wire::{Detail, MessageClass, MessageSizes, Payload},
};

/// An auction: the post that holds it and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct AuctionId {
    pub(super) post: UnitIx,
    pub(super) number: u32,
}

/// What there is to be had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Lot {
    /// A part of a mission.
    Part(Slot),
    /// A track to be engaged.
    Track(TrackView),
}

/// What an auction is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Matter {
    /// Parts of missions.
    Parts,
    /// Tracks.
    Tracks,
}

/// A post announces lots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Call {
    pub(super) planner: Planner,
    pub(super) matter: Matter,
    pub(super) lots: Vec<Lot>,
    /// Whom it calls, sorted: a unit's number among the agents is its place here.
    pub(super) bidders: Vec<UnitIx>,
    pub(super) opened: SimTime,
    /// Until when offers count, or bids are exchanged.
    pub(super) deadline: SimTime,
    /// Until when the post waits for word of who took what.
    pub(super) closes: SimTime,
}

/// What a lot is worth to a unit, in points, and with what it would fire.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Bid {
    pub(super) lot: usize,
    pub(super) worth: f64,
    pub(super) effector: Option<EffectorIx>,
}

/// What a unit has taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) enum What {
    /// A part of a mission in a stage, that ends at a place, m, and how long it takes to get there, s.
    Part {
        mission: usize,
        stage: usize,
        goal: DVec2,
        takes_s: f64,
    },
    /// A track, as the post numbers it.
    Track(u32),
}

/// The inside of a message of an auction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Body {
    /// Lots, from the post to its units.
    Call(Call),
    /// What they are worth to a unit, to the post.
    Offer(Vec<Bid>),
    /// What a unit's agent says to those of the others.
    Agree(Message),
    /// A unit has taken a lot, to the post.
    Took(Bid, What),
    /// A unit has let go of a lot; whether that is because it finds no way.
    GaveUp(bool),
    /// The post has noted that a unit took a lot.
    Booked,
    /// The lot is another's: the unit is to give way.
    Yield,
}

/// A message of an auction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Talk {
    pub(super) auction: AuctionId,
    pub(super) body: Body,
}

impl Payload for Talk {
    const CLASS: MessageClass = MessageClass::Tasking;
    const KIND: u8 = 20;

    /// Read back word for word, as orders are.
    fn coarsened(&self, _: Detail) -> Self {
        self.clone()
    }
}

/// Kinds of message of an auction, for those who count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkKind {
    /// Lots are announced.
    Call,
    /// Offers to the post.
    Offer,
    /// Bids among the units.
    Bid,
    /// What was taken or given up.
    Report,
    /// What the post says to that.
    Answer,
}

impl TalkKind {
    /// Name in lower case.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Offer => "offer",
            Self::Bid => "bid",
            Self::Report => "report",
            Self::Answer => "answer",
        }
    }
}

/// Frame of every message, bytes: the post, the number of the auction, the kind, and a count.
const HEAD_BYTES: usize = 2 + 4 + 1 + 2;

/// A real number, bytes, as among the agents.
const REAL_BYTES: usize = 8;

/// A place on the map, bytes: two numbers of four.
const PLACE_BYTES: usize = 8;

/// A bid, bytes: the lot, its worth, the effector.
const BID_BYTES: usize = 2 + REAL_BYTES + 1;

impl Lot {
    /// Octets on the air: of a part its mission, stage, layer and places, of a track what a report has.
    fn bytes(&self, sizes: &MessageSizes) -> usize {
        match self {
            Self::Part(part) => {
                let places = 1 + part.look.len() + usize::from(part.face.is_some());
                2 + 1 + 1 + 1 + PLACE_BYTES * places
            }
            Self::Track(_) => usize::try_from(sizes.track_bytes).unwrap_or(usize::MAX),
        }
    }
}

impl Body {
    /// Its kind.
    pub(super) fn kind(&self) -> TalkKind {
        match self {
            Self::Call(_) => TalkKind::Call,
            Self::Offer(_) => TalkKind::Offer,
            Self::Agree(_) => TalkKind::Bid,
            Self::Took(..) | Self::GaveUp(_) => TalkKind::Report,
            Self::Booked | Self::Yield => TalkKind::Answer,
        }
    }

    /// Octets on the air, without what the link adds.
    pub(super) fn bytes(&self, sizes: &MessageSizes) -> u32 {
        let inside = match self {
            Self::Call(call) => {
                let lots: usize = call.lots.iter().map(|lot| lot.bytes(sizes)).sum();
                // The planner, three times of four bytes, and who is called.
                1 + 12 + 2 * call.bidders.len() + lots
            }
            Self::Offer(bids) => BID_BYTES * bids.len(),
            Self::Agree(message) => message.bytes(),
            Self::Took(_, What::Part { .. }) => BID_BYTES + 2 + 1 + PLACE_BYTES + 4,
            Self::Took(_, What::Track(_)) => BID_BYTES + 4,
            Self::GaveUp(_) => 1,
            Self::Booked | Self::Yield => 0,
        };
        u32::try_from(HEAD_BYTES + inside).unwrap_or(u32::MAX)
    }
}
