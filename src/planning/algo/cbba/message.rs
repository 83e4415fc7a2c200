//! What agents say to each other. See [`Message`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{problem::AgentSpec, shared};

/// A task and what its bidder offers for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Index of the task.
    pub task: usize,
    /// What the task adds to the bidder's path.
    pub bid: f64,
}

/// All that one agent says of itself, numbered by its own clock: a newer word replaces an older.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// Who says it.
    pub bidder: usize,
    /// How often it has changed its word; never said is zero.
    pub clock: u32,
    /// How often it has changed its bids in the auction.
    pub rebids: u32,
    /// Its tasks in the order of its path.
    pub claims: Vec<Claim>,
    /// Where it is in the rounds of exchange that follow the auction.
    pub trade: Trade,
}

/// What an agent says about exchanges; see [`super::exchange`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// A fingerprint of the bids on which its auction rests, while it rests, and what a partner has
    /// to know of the agent.
    pub rests_on: Option<(u64, AgentSpec)>,
    /// Turns of exchange that it has been through.
    pub turns: u32,
    /// The turn after which it last took part in a trade.
    pub traded_in: u32,
    /// The path that it gives to its partner of the last turn.
    pub offer: Option<Vec<usize>>,
    /// Tasks that it had before its last turn and has no more: who has not heard yet where they went
    /// leaves them alone.
    pub released: Vec<usize>,
}

/// One transmission to all neighbours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Who sends it.
    pub from: usize,
    /// The clock of every bidder's newest word that the sender has: at once what it could tell and
    /// an acknowledgement of what it has been told.
    #[serde(with = "shared::slice")]
    pub clocks: Arc<[u32]>,
    /// Words that a neighbour may not have.
    #[serde(with = "shared::list")]
    pub words: Vec<Arc<Word>>,
}

impl Word {
    /// Octets on the air: 2 for an id or a count, 4 for a clock, 8 for a real number, and what
    /// trading adds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let offer = self.trade.offer.as_ref().map_or(0, Vec::len) + self.trade.released.len();
        let trade = self
            .trade
            .rests_on
            .map_or(0, |_| 8 + 3 * 8 + 4 + 4 + 4 + 2 * offer);
        2 + 4 + 4 + 1 + 2 + 10 * self.claims.len() + trade
    }
}

impl Message {
    /// Octets on the air, without what the link adds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let words: usize = self.words.iter().map(|word| word.bytes()).sum();
        2 + 4 * self.clocks.len() + 2 + words
    }
}
