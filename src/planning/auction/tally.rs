//! What auctions cost and came to, as posts and units count it. See [`Tally`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::talk::TalkKind;

/// Messages of one kind that were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// How many, each counted once whoever it is for.
    pub messages: u64,
    /// Their size, bytes, without what links add.
    pub bytes: u64,
}

/// What one post or unit has counted since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Messages by kind.
    pub sent: BTreeMap<TalkKind, Sent>,
    /// Auctions that it called.
    pub auctions: u64,
    /// Lots that it announced, each time anew.
    pub announced: u64,
    /// Lots that it gave to somebody or booked for somebody, or for which it wrote a proposal.
    pub awarded: u64,
    /// Lots that nobody had when their auction closed.
    pub lapsed: u64,
    /// Lots that two had taken, of which one had to give way.
    pub conflicts: u64,
    /// Auctions in which its bids came to rest.
    pub settled: u64,
    /// Rounds, or occasions of its own, until they did, over all of those.
    pub rounds: u64,
}

impl Tally {
    /// Counts a message.
    pub(super) fn count(&mut self, kind: TalkKind, bytes: u32) {
        let sent = self.sent.entry(kind).or_default();
        sent.messages += 1;
        sent.bytes += u64::from(bytes);
    }

    /// Adds what another has counted.
    pub fn add(&mut self, other: &Self) {
        for (kind, more) in &other.sent {
            let sent = self.sent.entry(*kind).or_default();
            sent.messages += more.messages;
            sent.bytes += more.bytes;
        }
        self.auctions += other.auctions;
        self.announced += other.announced;
        self.awarded += other.awarded;
        self.lapsed += other.lapsed;
        self.conflicts += other.conflicts;
        self.settled += other.settled;
        self.rounds += other.rounds;
    }
}
