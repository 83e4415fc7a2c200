//! The form that a run's network figures have on the command line and in its folder.
//!
//! What each number means is told in `docs/network.md`. Units are in the names; what has none is a
//! share of one, a count, or, for the algebraic connectivity, in units of links.

use serde::{Deserialize, Serialize};

/// What became of some messages, each counted once for every reader that it was meant for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrafficSummary {
    /// Messages times readers of which it is known what became of them.
    pub sent: u64,
    /// How many of them arrived.
    pub delivered: u64,
    /// Delivered over sent; none if nothing was sent.
    pub delivery_ratio: Option<f64>,
    /// Median end-to-end delay of the delivered in seconds; none if none was.
    pub delay_median_s: Option<f64>,
    /// Delay that nine tenths of the delivered did not exceed, in seconds.
    pub delay_p90_s: Option<f64>,
}

/// Messages of one class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassTraffic {
    /// The class.
    pub class: String,
    /// What became of them.
    #[serde(flatten)]
    pub traffic: TrafficSummary,
}

/// Messages of one precedence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PrecedenceTraffic {
    /// The precedence.
    pub precedence: String,
    /// What became of them.
    #[serde(flatten)]
    pub traffic: TrafficSummary,
}

/// Messages to readers in forces of one echelon.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EchelonTraffic {
    /// The echelon.
    pub echelon: String,
    /// What became of them.
    #[serde(flatten)]
    pub traffic: TrafficSummary,
}

/// How old what readers had from authors was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgeOfInformation {
    /// Class of the messages.
    pub class: String,
    /// Pairs of an author and a reader that has had anything from it.
    pub pairs: u64,
    /// Arrivals that were newer than what was there.
    pub updates: u64,
    /// Age in seconds, mean over time and pairs.
    pub mean_s: Option<f64>,
    /// Age just before a newer one arrived, in seconds, mean over arrivals.
    pub peak_s: Option<f64>,
    /// Time between two newer ones in seconds, mean over time and pairs.
    pub interval_s: Option<f64>,
}

/// How reach held up, with reach at the start as one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResilienceSummary {
    /// (1/T)·∫Q dt with Q = min(1, reach over reach at the start).
    pub mean: f64,
    /// How far Q fell at the worst.
    pub depth: f64,
    /// When Q first fell below 0.95, in seconds; none if it never did.
    pub fell_s: Option<f64>,
    /// Time from then until Q was back for good, in seconds; none if it never fell or was not back.
    pub recovery_s: Option<f64>,
}

/// The shape of one side's network, means over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SideNetwork {
    /// The side.
    pub side: String,
    /// Share of live units with a radio in the largest component.
    pub giant_component: Option<f64>,
    /// Share of live units with a radio and a command post above them that have a way to it.
    pub reach: Option<f64>,
    /// Forwarders without which the backbone falls apart.
    pub articulation_nodes: Option<f64>,
    /// Vertex connectivity of the backbone's largest component, counted up to four.
    pub vertex_connectivity: Option<f64>,
    /// Algebraic connectivity λ₂ of the backbone's largest component.
    pub algebraic_connectivity: Option<f64>,
    /// Share of the terrain from which a radio does not reach the side's command post at the end;
    /// none where no run folder is written.
    pub dead_zone_share: Option<f64>,
    /// How reach held up; none where nobody had a way at the start.
    pub resilience: Option<ResilienceSummary>,
}

/// How one network was used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkUse {
    /// The network.
    pub network: String,
    /// Its members.
    pub members: u64,
    /// Time on the air over the time that its channels have.
    pub utilisation: f64,
    /// Bytes of messages on the air, repetitions and overhead included.
    pub data_bytes: u64,
    /// Bytes of hellos and topology messages.
    pub control_bytes: u64,
    /// Share of control in all bytes; none if there were none.
    pub control_share: Option<f64>,
    /// Messages that found the buffer full, or were pushed out of it.
    pub overflowed: u64,
    /// Messages that expired in the queue.
    pub expired: u64,
    /// Hops given up after all tries.
    pub failed: u64,
}

/// How well messages got through, and over what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkSummary {
    /// Messages delivered over messages sent; none if none was sent.
    pub delivery_ratio: Option<f64>,
    /// Median end-to-end delay of the delivered in seconds; none if none was.
    pub delay_median_s: Option<f64>,
    /// Delay that nine tenths of the delivered did not exceed, in seconds.
    pub delay_p90_s: Option<f64>,
    /// Share of hellos and topology messages in all bytes on the air; none if there were none.
    pub control_share: Option<f64>,
    /// By class of message.
    pub by_class: Vec<ClassTraffic>,
    /// By precedence, the least urgent first.
    pub by_precedence: Vec<PrecedenceTraffic>,
    /// By echelon of the reader's force, the smallest first.
    pub by_echelon: Vec<EchelonTraffic>,
    /// Age of information by class.
    pub age_of_information: Vec<AgeOfInformation>,
    /// The shape of every side's network.
    pub sides: Vec<SideNetwork>,
    /// The use of every network.
    pub networks: Vec<NetworkUse>,
}

/// The shape of a side's network at one time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShapeSample {
    /// Time in seconds.
    pub t_s: f64,
    /// Live units with a radio.
    pub units: u64,
    /// Share of them in the largest component; none without units.
    pub giant_component: Option<f64>,
    /// Share of those with a command post above them that have a way to it; none without such.
    pub reach: Option<f64>,
    /// Forwarders without which the backbone falls apart.
    pub articulation_nodes: u64,
    /// Vertex connectivity of the backbone's largest component up to four; none where not asked.
    pub vertex_connectivity: Option<u64>,
    /// Algebraic connectivity λ₂ of that component; none where not asked.
    pub algebraic_connectivity: Option<f64>,
}

/// The shape of a side's network over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SideShape {
    /// The side.
    pub side: String,
    /// Samples in order of time; each holds until the next.
    pub samples: Vec<ShapeSample>,
}

/// The use of a network over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkLoad {
    /// The network.
    pub network: String,
    /// (end of a minute in seconds, utilisation during it), in order of time.
    pub points: Vec<[f64; 2]>,
}

/// Where a radio of a network has no way to its side's command post: a raster over the terrain at
/// the end of the run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeadZone {
    /// The side.
    pub side: String,
    /// The network.
    pub network: String,
    /// The command post.
    pub post: String,
    /// Height of the antenna above the ground in metres.
    pub antenna_m: f64,
    /// West, south, east and north edge in metres east and north of the scenario's origin.
    pub extent_m: [f64; 4],
    /// One text per row from north to south, one character per cell from west to east: `.` where the
    /// radio is heard, `#` where it is not.
    pub rows: Vec<String>,
    /// Where the command post is, in metres east and north.
    pub post_m: [f64; 2],
    /// Where the members are that hear for it, itself included if it is one.
    pub hearers_m: Vec<[f64; 2]>,
    /// Share of the cells where the radio is not heard.
    pub dead_zone_share: f64,
}

/// The network over time and over the terrain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkReport {
    /// Every side's network over time.
    pub sides: Vec<SideShape>,
    /// The use of every network over time.
    pub networks: Vec<NetworkLoad>,
    /// Where there is no way to a command post.
    pub dead_zones: Vec<DeadZone>,
}
