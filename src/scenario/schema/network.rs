//! Networks and the rules of sharing.

use serde::{Deserialize, Serialize};

pub use crate::{
    comms::{Rule as SharingRule, routing::RoutingProtocol, traffic::Rhythm},
    picture::model::fusion::Fusion,
    wire::{MessageSizes, Precedence},
};

use super::{Echelon, MessageClass, Regime, ServiceLaw, ServiceTime};
use crate::wire::Detail;

/// A radio network; its members are the units that name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Id.
    pub id: String,
    /// Catalogue radio that every member carries.
    pub radio: String,
    /// Middle of the channel, in megahertz. Without it, networks on the same radio have channels side
    /// by side, in the order of the list, so that they do not disturb each other.
    #[serde(default)]
    pub frequency_mhz: Option<f64>,
    /// What the queue of a station holds, in bytes.
    #[serde(default)]
    pub buffer_bytes: Option<u32>,
    /// Unit that all others talk to and to nobody else: the base station of a cellular radio.
    #[serde(default)]
    pub hub: Option<String>,
    /// File with packet completion rates over SINR per bit rate, in one of the formats of the network
    /// emulator EMANE, that takes the place of the radio's own.
    #[serde(default)]
    pub pcr_file: Option<String>,
}

/// A flow of messages of which only the load matters: staff work, voice, files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrafficFlow {
    /// Id.
    pub id: String,
    /// Who sends: units, or entries of several.
    pub from: Vec<String>,
    /// Who reads: each message goes to one of them, drawn, and never to its sender.
    pub to: Vec<String>,
    /// Size of a message, in bytes.
    pub size_bytes: u32,
    /// Mean time between two messages of a sender, in seconds.
    pub interval_s: f64,
    /// Rhythm.
    #[serde(default = "regular")]
    pub rhythm: Rhythm,
    /// When it begins, in seconds.
    #[serde(default)]
    pub start_s: f64,
    /// When it ends, in seconds; with the run where left out.
    #[serde(default)]
    pub end_s: Option<f64>,
    /// How urgent it is.
    #[serde(default = "routine")]
    pub precedence: Precedence,
    /// How long a message is worth something, in seconds.
    #[serde(default = "half_a_minute")]
    pub valid_s: f64,
}

/// The rhythm of a flow that names none.
fn regular() -> Rhythm {
    Rhythm::Regular
}

/// The precedence of a flow that names none.
fn routine() -> Precedence {
    Precedence::Routine
}

/// The validity of a flow that names none, s.
fn half_a_minute() -> f64 {
    30.0
}

/// Who may pass what to whom, how often things are reported, and how long handling takes. Nothing
/// here is keyed by the regime: delays belong to the gateways and liaisons that a message meets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sharing {
    /// The regime.
    pub regime: Regime,
    /// The rules of the regime `Custom`; the first that names a message counts, and what none names
    /// does not pass.
    pub rules: Vec<SharingRule>,
    /// How nodes find the way of a message.
    pub routing: RoutingProtocol,
    /// Whether nodes that route by link state learn from transmissions that nobody acknowledges.
    pub link_feedback: bool,
    /// Handling at units with the role `Gateway`.
    pub gateway: Handling,
    /// Handling at units with the role `Liaison`.
    pub liaison: Handling,
    /// What a nation releases to another; inside a nation everything is released.
    pub releases: Vec<Release>,
    /// Least time between two reports of one track by one node, in seconds.
    pub track_report_interval_s: f64,
    /// What sets the rhythm of reports of the own position.
    pub position_reports: PositionReports,
    /// Time between two reports of the own position where `position_reports` asks for it, and
    /// between two messages by which a post passes on what it learnt, in seconds.
    pub position_report_interval_s: f64,
    /// Time between two reports of the own state (energy, rounds, damage, free or not), and between
    /// two messages by which a post passes on what it learnt, in seconds.
    pub status_report_interval_s: f64,
    /// How a node fuses tracks of other nodes with its own.
    pub fusion: Fusion,
    /// Least time between two pictures of one track by one node, in seconds; without it no pictures
    /// are sent.
    pub image_interval_s: Option<f64>,
    /// Rate of the video that a unit with a camera streams to the post above it while it looks for it,
    /// in bits per second; 0 is none.
    pub video_bit_s: f64,
    /// Sizes of messages.
    pub sizes: MessageSizes,
    /// Every member of a network hears every other at once and without loss; for null tests.
    pub ideal_links: bool,
}

impl Default for Sharing {
    /// Joint sharing; gateways take 2 s (notional), a liaison by voice 45 s (notional).
    fn default() -> Self {
        Self {
            regime: Regime::Joint,
            rules: Vec::new(),
            routing: RoutingProtocol::LinkState,
            link_feedback: true,
            gateway: Handling {
                servers: 4,
                service: ServiceTime {
                    median_s: 2.0,
                    sigma_log: 0.3,
                    floor_s: 0.5,
                    law: ServiceLaw::LogNormal,
                },
                ..Handling::default()
            },
            liaison: Handling {
                servers: 1,
                service: ServiceTime {
                    median_s: 45.0,
                    sigma_log: 0.5,
                    floor_s: 15.0,
                    law: ServiceLaw::LogNormal,
                },
                ..Handling::default()
            },
            releases: Vec::new(),
            track_report_interval_s: 10.0,
            position_reports: PositionReports::ByReporter,
            position_report_interval_s: 30.0,
            status_report_interval_s: 30.0,
            fusion: Fusion::CovarianceIntersection,
            image_interval_s: None,
            video_bit_s: 0.0,
            sizes: MessageSizes::default(),
            ideal_links: false,
        }
    }
}

/// What sets the rhythm of reports of the own position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PositionReports {
    /// The unit's blue-force reporter, by time or distance; the interval for units without one.
    ByReporter,
    /// The interval, for all units.
    ByInterval,
}

/// A queue with servers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    /// Items handled at the same time.
    pub servers: u32,
    /// Time for one item.
    pub service: ServiceTime,
    /// Echelons at which units with the role hand over; all where it is left out.
    #[serde(default = "Handling::all_echelons")]
    pub echelons: Vec<Echelon>,
    /// What is left of a message that was handled; by default `Rounded` at gateways, `Spoken` at
    /// liaisons.
    #[serde(default)]
    pub detail: Option<Detail>,
}

impl Handling {
    /// The echelons of a handling that names none.
    fn all_echelons() -> Vec<Echelon> {
        Echelon::ALL.to_vec()
    }
}

impl Default for Handling {
    /// One at a time, at once, everywhere.
    fn default() -> Self {
        Self {
            servers: 1,
            service: ServiceTime {
                median_s: 0.0,
                sigma_log: 0.0,
                floor_s: 0.0,
                law: ServiceLaw::LogNormal,
            },
            echelons: Self::all_echelons(),
            detail: None,
        }
    }
}

/// A release of message classes from one nation to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Nation whose information it is.
    pub from: String,
    /// Nation that may have it.
    pub to: String,
    /// Classes released.
    pub classes: Vec<MessageClass>,
}
