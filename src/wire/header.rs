//! The outside of a message: all that `comms` may know.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::kernel::{
    ids::{UnitId, UnitIx},
    time::SimTime,
};

/// Name of a message: a hash of its author, class and the author's count, the same in every run in
/// which that author writes that message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageId(pub u64);

impl MessageId {
    /// The `n`-th message of a class by an author.
    #[must_use]
    pub fn of(author: UnitId, class: MessageClass, n: u64) -> Self {
        let mut bytes = [0; 17];
        bytes[..8].copy_from_slice(&author.0.to_le_bytes());
        bytes[8] = class as u8;
        bytes[9..].copy_from_slice(&n.to_le_bytes());
        Self(xxh3_64(&bytes))
    }
}

/// Kinds of message that sharing and releasability speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum MessageClass {
    /// A track on somebody else.
    Track = 0,
    /// A unit's report of its own position.
    Position = 1,
    /// Damage, energy and ammunition of a unit.
    Status = 2,
    /// Tasks, plans and their acceptance.
    Tasking = 3,
    /// Proposals, authorisations and fire orders.
    Fires = 4,
    /// Work of staffs, voice, files: what only loads the network.
    Staff = 15,
}

impl MessageClass {
    /// All classes.
    pub const ALL: [Self; 6] = [
        Self::Track,
        Self::Position,
        Self::Status,
        Self::Tasking,
        Self::Fires,
        Self::Staff,
    ];
}

/// Precedence on the air, lowest first (ACP 121: routine, priority, immediate, flash).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precedence {
    /// As convenient.
    Routine,
    /// Before routine.
    Priority,
    /// Before both.
    Immediate,
    /// Before all.
    Flash,
}

/// For whom a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// One unit.
    Unit(UnitIx),
    /// The command posts of the author's side that may have it.
    Posts,
    /// The command posts above the author, and the members of its own networks.
    ChainAndNeighbours,
}

/// The outside of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Name.
    pub id: MessageId,
    /// Who wrote it.
    pub author: UnitIx,
    /// What kind it is.
    pub class: MessageClass,
    /// How urgent it is.
    pub precedence: Precedence,
    /// For whom.
    pub audience: Audience,
    /// Size on the air without the radio's own overhead, bytes.
    pub size_bytes: u32,
    /// When it was written.
    pub created: SimTime,
    /// When it is worth nothing any more.
    pub expires: SimTime,
    /// Whether it makes what its author said before, in the same class and as urgently, worthless:
    /// where they meet in a queue, it takes the place of the older one.
    pub is_latest: bool,
}

impl Header {
    /// Whether it makes another message worthless.
    #[must_use]
    pub fn replaces(&self, other: &Self) -> bool {
        self.is_latest
            && other.is_latest
            && (self.author, self.class, self.precedence)
                == (other.author, other.class, other.precedence)
    }
}

/// Sizes of messages on the air, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, bevy::prelude::Resource)]
#[serde(deny_unknown_fields, default)]
pub struct MessageSizes {
    /// A track report.
    pub track_bytes: u32,
    /// A report of the own position.
    pub position_bytes: u32,
    /// A status report.
    pub status_bytes: u32,
    /// A task, a plan or its acceptance.
    pub tasking_bytes: u32,
    /// A proposal, an authorisation or a fire order.
    pub fires_bytes: u32,
}

impl MessageSizes {
    /// Size of a message that holds several reports of a size, bytes.
    #[must_use]
    pub fn of_many(report_bytes: u32, count: usize) -> u32 {
        report_bytes.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

impl Default for MessageSizes {
    /// Sizes of the order of Link 16 J-series words and variable message format (notional).
    fn default() -> Self {
        Self {
            track_bytes: 64,
            position_bytes: 32,
            status_bytes: 48,
            tasking_bytes: 256,
            fires_bytes: 128,
        }
    }
}
