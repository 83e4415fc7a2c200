//! One line of the event log.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Something that happened at one instant of simulated time.
///
/// The log is flat on purpose: every query tool reads it, and a new kind of event needs no new
/// column. What `subject`, `object` and `value` mean is fixed by the kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventRow {
    /// When, in microseconds of simulated time since the start of the run.
    pub time_us: u64,
    /// What kind of event, as one word of the log's vocabulary.
    pub kind: Cow<'static, str>,
    /// Who acted: a unit's id, or empty.
    pub subject: String,
    /// On whom or what: a unit, track or message id, or empty.
    pub object: String,
    /// The kind's number, in the unit that the kind fixes; zero where it has none.
    pub value: f64,
    /// Whatever else a reader needs, as text.
    pub detail: String,
}
