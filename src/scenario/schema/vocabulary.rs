//! Words of the format that no lower floor has.

use serde::{Deserialize, Serialize};

/// Whether more of a measure is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// More is better; a threshold is a least value.
    Up,
    /// Less is better; a threshold is a greatest value.
    Down,
}
