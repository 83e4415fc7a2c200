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
    /// Tasks of sensors: requests to look somewhere.
    Tasking = 3,
    /// Proposals to engage, and what shooters report.
    Fires = 4,
    /// A contact that is no confirmed track yet.
    Detection = 5,
    /// Pictures and moving pictures.
    Image = 6,
    /// Leave to fire, its renewal and recall, and what a desk ruled.
    Authorisation = 7,
    /// Plans of units.
    Plan = 8,
    /// Requests to depots, and what they handed out.
    Logistics = 9,
    /// Wounds, as wearables tell them.
    Health = 10,
    /// Work of staffs, voice, files: what only loads the network.
    Staff = 11,
}

impl MessageClass {
    /// All classes.
    pub const ALL: [Self; 12] = [
        Self::Track,
        Self::Position,
        Self::Status,
        Self::Tasking,
        Self::Fires,
        Self::Detection,
        Self::Image,
        Self::Authorisation,
        Self::Plan,
        Self::Logistics,
        Self::Health,
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
    /// A command post and all units that it commands, directly or through others.
    Under(UnitIx),
}

/// The outside of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Name.
    pub id: MessageId,
    /// Who wrote it.
    pub author: UnitIx,
    /// Whose information it is: the author, or a unit that it passes on news of. Releases and labels
    /// go by it.
    pub about: UnitIx,
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
///
/// Those of plans, pictures and positions follow public formats; the others are notional, of the order
/// of variable message format and J-series words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, bevy::prelude::Resource)]
#[serde(deny_unknown_fields, default)]
pub struct MessageSizes {
    /// A track report.
    pub track_bytes: u32,
    /// A report of the own position.
    pub position_bytes: u32,
    /// A status report.
    pub status_bytes: u32,
    /// A request to look at a place.
    pub tasking_bytes: u32,
    /// A proposal to engage, or what a shooter reports.
    pub fires_bytes: u32,
    /// A report of a contact (notional, 32 to 64).
    pub detection_bytes: u32,
    /// A picture chip (notional, 20,000 to 100,000: some hundred pixels square, JPEG).
    pub image_bytes: u32,
    /// Leave to fire, its renewal or recall, or a ruling (notional, 64 to 256).
    pub authorisation_bytes: u32,
    /// Each waypoint of a plan, and its frame: a `MISSION_ITEM_INT` of MAVLink 2 has 38 bytes and 12
    /// of frame (MAVLink common message set).
    pub plan_bytes: u32,
    /// A request to a depot or its answer (notional, 32 to 128).
    pub logistics_bytes: u32,
    /// A wearable's word of a wound (notional, 16 to 64).
    pub health_bytes: u32,
}

impl MessageSizes {
    /// Size of a message that holds several reports of a size, bytes.
    #[must_use]
    pub fn of_many(report_bytes: u32, count: usize) -> u32 {
        report_bytes.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

impl Default for MessageSizes {
    /// See the fields.
    fn default() -> Self {
        Self {
            track_bytes: 64,
            position_bytes: 32,
            status_bytes: 48,
            tasking_bytes: 64,
            fires_bytes: 128,
            detection_bytes: 48,
            image_bytes: 50_000,
            authorisation_bytes: 128,
            plan_bytes: 50,
            logistics_bytes: 64,
            health_bytes: 32,
        }
    }
}
