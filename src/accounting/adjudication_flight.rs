//! Lines of the adjudication log about munitions in flight and defence against them.

use serde::{Deserialize, Serialize};

use super::adjudication::{DrawLine, Hex, LeaveLine};
use crate::{
    org::ServiceTime,
    sensing::{Glance, Works},
};

/// A guided munition was told where its target is by now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidanceLine {
    /// When, µs.
    pub time_us: u64,
    /// Under which authorisation it was fired.
    pub proposal: Hex,
    /// Which of the shots under it, from one.
    pub ordinal: u32,
    /// How often it has been told, with this.
    pub updates: u32,
    /// Where the target is believed to be, m.
    pub aim_m: [f64; 2],
    /// Its velocity, m/s.
    pub velocity_m_s: [f64; 2],
    /// Of what time that is, µs.
    pub as_of_us: u64,
}

/// The look by which a unit that can defend first saw a munition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SightLine {
    /// When, µs.
    pub time_us: u64,
    /// Who looked.
    pub observer: String,
    /// Number of the sensor on its unit.
    pub sensor: u32,
    /// Number of the munition.
    pub munition: Hex,
    /// What the sensor works by.
    pub works: Works,
    /// What else the chance followed from.
    pub glance: Glance,
    /// Probability of detection.
    pub probability: f64,
    /// The draw: below the probability, it detects.
    pub draw: DrawLine,
}

/// A crew decided on a munition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrewLine {
    /// When, µs.
    pub time_us: u64,
    /// Number of the case, which is that of the leave.
    pub number: Hex,
    /// Whose crew.
    pub unit: String,
    /// Of which weapon.
    pub effector: String,
    /// On which munition.
    pub munition: Hex,
    /// Looks that had seen it by then; zero if it had been lost.
    pub looks: u32,
    /// The leave that was given; none where it was not.
    pub leave: Option<LeaveLine>,
    /// Most shots.
    pub shots: u32,
    /// Time from its becoming a case, s.
    pub waited_s: f64,
    /// Share of caution.
    pub caution: f64,
    /// The draw: below the share of caution, the answer is no all the same.
    pub draw: DrawLine,
    /// Distribution of the time that a decision takes.
    pub service: ServiceTime,
    /// The time that it took, s.
    pub takes_s: f64,
    /// The draw behind that time.
    pub service_draw: DrawLine,
}

/// A defensive shot was fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefenceLine {
    /// When, µs.
    pub time_us: u64,
    /// Under which leave.
    pub number: Hex,
    /// Which of the shots under it, from one.
    pub ordinal: u32,
    /// Who fired.
    pub unit: String,
    /// With what.
    pub effector: String,
    /// At which munition.
    pub munition: Hex,
    /// Rounds that it took.
    pub rounds: u32,
    /// Where the munition was, m.
    pub place_m: [f64; 2],
}

/// A defensive shot was there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterceptionLine {
    /// When, µs.
    pub time_us: u64,
    /// Under which leave.
    pub number: Hex,
    /// Which of the shots under it, from one.
    pub ordinal: u32,
    /// Who fired.
    pub unit: String,
    /// With what.
    pub effector: String,
    /// At which munition.
    pub munition: Hex,
    /// Distance of the munition when it was fired, m.
    pub distance_m: f64,
    /// Whether the munition was still in flight.
    pub is_there: bool,
    /// Probability that it destroys the munition.
    pub probability: f64,
    /// The draw: below the probability it does.
    pub draw: DrawLine,
    /// Whether it did.
    pub is_hit: bool,
}

/// How a guided munition came to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlightLine {
    /// Its number.
    pub munition: Hex,
    /// A point of the end of its way, from which it came in on where it ended, m; where it was fired
    /// if it was destroyed or called off before.
    pub via_m: [f64; 3],
    /// Where it ended, m.
    pub at_m: [f64; 2],
    /// How often it was told where its target is.
    pub updates: u32,
    /// Of what time that is what it was told last, µs.
    pub told_us: u64,
    /// Who destroyed it in flight; empty if nobody did.
    pub by: String,
}
