//! The adjudication log: one line per decision about an engagement, with all that it follows from.
//! See [`Line`].
//!
//! A line holds the inputs of the model that decided, the factors of its probability, the draw with
//! its full name, and the result, so that [`check`](super::recompute::check) can decide again. Times
//! are microseconds since the run began; units go by their names, places are metres east, north and
//! up.

use serde::{Deserialize, Serialize};

use crate::{
    command::Appraisal,
    engagement::{Effect, Fall},
    kernel::{
        factor::Factor,
        random::{DrawKey, Stream},
    },
    org::ServiceTime,
    platform::class::TargetClass,
    sensing::{Glance, Works},
};

pub use super::adjudication_caught::CaughtLine;
pub use super::adjudication_flight::{
    CrewLine, DefenceLine, FlightLine, GuidanceLine, InterceptionLine, SightLine,
};

/// A 64-bit number as 16 hexadecimal digits: JSON readers keep 53 bits of a number only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Hex(pub u64);

impl From<Hex> for String {
    fn from(Hex(number): Hex) -> Self {
        format!("{number:016x}")
    }
}

impl TryFrom<String> for Hex {
    type Error = core::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(Self)
    }
}

/// A draw with its name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawLine {
    /// What is decided.
    pub stream: Stream,
    /// Who acts.
    pub subject: Hex,
    /// On whom or what.
    pub object: Hex,
    /// How often before.
    pub n: u64,
    /// The uniform number in [0, 1); the first, where a decision takes several.
    pub uniform: f64,
}

impl DrawLine {
    /// A draw that was made under this name.
    #[must_use]
    pub fn new(key: DrawKey, uniform: f64) -> Self {
        Self {
            stream: key.stream,
            subject: Hex(key.subject),
            object: Hex(key.object),
            n: key.n,
            uniform,
        }
    }

    /// Its name.
    #[must_use]
    pub fn key(&self) -> DrawKey {
        DrawKey::new(self.stream, self.subject.0, self.object.0, self.n)
    }
}

/// One line of the adjudication log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    /// A unit of the run; these come first.
    Unit(UnitLine),
    /// The look by which a side first detected a hostile unit.
    Look(Box<LookLine>),
    /// The signal or shell by which a side first detected a hostile unit.
    Caught(Box<CaughtLine>),
    /// A post proposed an engagement.
    Proposal(ProposalLine),
    /// A desk ruled on a proposal.
    Ruling(Box<RulingLine>),
    /// A shot was fired.
    Shot(ShotLine),
    /// A guided munition was told where its target is by now.
    Guidance(GuidanceLine),
    /// The look by which a unit that can defend first saw a munition.
    Sight(Box<SightLine>),
    /// A crew decided on a munition.
    Crew(Box<CrewLine>),
    /// A defensive shot was fired.
    Defence(DefenceLine),
    /// A defensive shot was there.
    Interception(Box<InterceptionLine>),
    /// A shot arrived, or ended in flight.
    Impact(Box<ImpactLine>),
}

impl Line {
    /// When, µs; zero for units.
    #[must_use]
    pub fn time_us(&self) -> u64 {
        match self {
            Self::Unit(_) => 0,
            Self::Look(it) => it.time_us,
            Self::Caught(it) => it.time_us,
            Self::Proposal(it) => it.time_us,
            Self::Ruling(it) => it.time_us,
            Self::Shot(it) => it.time_us,
            Self::Guidance(it) => it.time_us,
            Self::Sight(it) => it.time_us,
            Self::Crew(it) => it.time_us,
            Self::Defence(it) => it.time_us,
            Self::Interception(it) => it.time_us,
            Self::Impact(it) => it.time_us,
        }
    }
}

/// A unit of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitLine {
    /// Name.
    pub unit: String,
    /// Stable id, which names its draws.
    pub id: Hex,
    /// Side.
    pub side: String,
    /// Class in the catalogue.
    pub class: String,
}

/// The look by which a side first detected a hostile unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookLine {
    /// When, µs.
    pub time_us: u64,
    /// Who looked.
    pub observer: String,
    /// Number of the sensor on its unit.
    pub sensor: u32,
    /// At whom.
    pub target: String,
    /// What the sensor works by.
    pub works: Works,
    /// What else the chance followed from.
    pub glance: Glance,
    /// Probability of detection.
    pub probability: f64,
    /// The draw: below the probability, it detects.
    pub draw: DrawLine,
}

/// A post proposed an engagement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposalLine {
    /// When, µs.
    pub time_us: u64,
    /// Its number, which is that of the authorisation.
    pub proposal: Hex,
    /// Who proposed.
    pub post: String,
    /// Number of the track at that post.
    pub track: u32,
    /// Whom the track was of in truth; empty for a false alarm.
    pub target: String,
    /// What it was believed to be.
    pub believed: TargetClass,
    /// Who was to fire.
    pub shooter: String,
    /// With what.
    pub effector: String,
    /// Most shots.
    pub shots: u32,
    /// Confidence that it is hostile, 0 to 1.
    pub confidence: f64,
    /// Believed place of the track, m.
    pub position_m: [f64; 2],
    /// Deviation of that place, m.
    pub sigma_m: f64,
    /// What the belief stood on; none under the oracle, which knows.
    pub evidence: Option<EvidenceLine>,
}

/// What a belief in a track stood on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceLine {
    /// Looks of the post's own sensors that hit it.
    pub own_hits: u32,
    /// Statements about its allegiance.
    pub statements: Vec<Statement>,
}

/// One statement about the allegiance of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Whose sensor, track or camera it was.
    pub from: String,
    /// How it was made.
    pub how: String,
    /// Log-odds that it is hostile: above zero speaks for it.
    pub hostile_llr: f64,
}

/// Who ruled on a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuledBy {
    /// Nobody: it lapsed.
    Nobody,
    /// A person at the desk.
    Person,
    /// A simulated operator.
    Operator,
}

/// A desk ruled on a proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulingLine {
    /// When, µs.
    pub time_us: u64,
    /// Number of the proposal.
    pub proposal: Hex,
    /// Which desk.
    pub desk: String,
    /// Who ruled.
    pub by: RuledBy,
    /// The leave that was given; none where it was not.
    pub leave: Option<LeaveLine>,
    /// Time from arrival on the desk, s.
    pub waited_s: f64,
    /// What a simulated operator did; none of a person or nobody.
    pub operator: Option<OperatorLine>,
}

/// What leave to fire allows: shots of one unit with one weapon, within an area that moves with the
/// track, for a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveLine {
    /// From when, µs.
    pub from_us: u64,
    /// Until when, µs.
    pub until_us: u64,
    /// Middle of the area at the beginning, m.
    pub centre_m: [f64; 2],
    /// Velocity of the area, m/s.
    pub drift_m_s: [f64; 2],
    /// Radius of the area, m.
    pub radius_m: f64,
    /// Time without a word from the desk after which it is void, s.
    pub lost_link_s: f64,
}

/// What a simulated operator weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorLine {
    /// What was weighed.
    pub appraisal: Appraisal,
    /// The draw: below the share of caution, it says no all the same.
    pub draw: DrawLine,
    /// Distribution of the time that it takes.
    pub service: ServiceTime,
    /// The time that it took, s.
    pub takes_s: f64,
    /// The draw behind that time.
    pub service_draw: DrawLine,
}

/// A shot was fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShotLine {
    /// When, µs.
    pub time_us: u64,
    /// Under which authorisation.
    pub proposal: Hex,
    /// Which of the shots under it, from one.
    pub ordinal: u32,
    /// Who fired.
    pub shooter: String,
    /// With what.
    pub effector: String,
    /// Rounds that it took.
    pub rounds: u32,
    /// From where, m.
    pub from_m: [f64; 3],
    /// Where to, m.
    pub aim_m: [f64; 2],
    /// When it arrives, µs; of a guided munition, when it is expected to.
    pub impact_us: u64,
    /// Number of the munition, if it is guided.
    pub munition: Option<Hex>,
}

/// A unit that a shot could meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetLine {
    /// Who.
    pub unit: String,
    /// True distance from the aim, m.
    pub distance_m: f64,
}

/// A unit that an impact pinned down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinLine {
    /// Who.
    pub unit: String,
    /// Its distance from the impact, m.
    pub distance_m: f64,
    /// Time that this added to its suppression, s.
    pub adds_s: f64,
}

/// How a shot ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShotResult {
    /// Nobody was there.
    NobodyThere,
    /// Called off in flight.
    Recalled,
    /// Destroyed in flight.
    Intercepted,
    /// It could not fly as far as its target went.
    Spent,
    /// It missed.
    Miss,
    /// The victim is off the air.
    Radio,
    /// The victim is blind.
    Sensor,
    /// The victim cannot move any more.
    Mobility,
    /// The victim cannot fire any more.
    Firepower,
    /// The victim is lost.
    Catastrophic,
}

/// A shot arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpactLine {
    /// When, µs.
    pub time_us: u64,
    /// Under which authorisation.
    pub proposal: Hex,
    /// Which of the shots under it, from one.
    pub ordinal: u32,
    /// Who fired.
    pub shooter: String,
    /// With what.
    pub effector: String,
    /// At whom, in truth; empty for a false alarm.
    pub target: String,
    /// How it looked for somebody to meet.
    pub fall: Fall,
    /// Whom it could meet.
    pub met: Vec<MetLine>,
    /// Who was hit or missed; empty where nobody was there.
    pub victim: String,
    /// How hard the victim is to hurt; none where nobody was there.
    pub protection: Option<TargetClass>,
    /// What the effect followed from; none where it met nobody.
    pub effect: Option<Effect>,
    /// Factors of the probability.
    pub factors: Vec<Factor>,
    /// Probability of any harm: their product.
    pub probability: f64,
    /// The draw; none where it met nobody.
    pub draw: Option<DrawLine>,
    /// What came of it.
    pub result: ShotResult,
    /// What the victim could do before any harm of this tick; none where it met nobody.
    pub before: Option<StateLine>,
    /// Whether the harm of this tick, this shot's and others', destroyed the victim.
    pub is_destroyed: bool,
    /// Whom it pinned down.
    pub pinned: Vec<PinLine>,
    /// How it flew, if it was guided.
    pub flight: Option<FlightLine>,
}

impl ImpactLine {
    /// Whether it did harm.
    #[must_use]
    pub fn is_hit(&self) -> bool {
        matches!(
            self.result,
            ShotResult::Radio
                | ShotResult::Sensor
                | ShotResult::Mobility
                | ShotResult::Firepower
                | ShotResult::Catastrophic
        )
    }
}

/// What a unit can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateLine {
    /// Whether it can move.
    pub can_move: bool,
    /// Whether it can fire.
    pub can_fire: bool,
    /// Whether its sensors work.
    pub can_see: bool,
    /// Whether its radios work.
    pub can_talk: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_with_all_its_bits() {
        let key = DrawKey::new(Stream::Shot, u64::MAX, 1 << 60 | 1, 3);
        let text = serde_json::to_string(&DrawLine::new(key, 0.1 + 0.2)).unwrap();
        assert!(text.contains("\"ffffffffffffffff\""), "{text}");
        let back: DrawLine = serde_json::from_str(&text).unwrap();
        assert_eq!(back.key(), key);
        assert_eq!(back.uniform.to_bits(), (0.1_f64 + 0.2).to_bits());
    }
}
