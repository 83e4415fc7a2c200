//! Logistics and scheduled injects.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::Light;
use crate::platform::class::TargetClass;

/// Depots and when to go there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logistics {
    /// Depots.
    pub depots: Vec<Depot>,
    /// Energy left at which a unit returns, as a share of its capacity, beyond what the way back
    /// takes.
    pub return_energy_fraction: f64,
    /// Rounds left at which a unit returns, as a share of its capacity; 0 is an empty magazine.
    pub return_rounds_fraction: f64,
}

impl Default for Logistics {
    /// No depot; return with a fifth of the energy (notional) or an empty magazine.
    fn default() -> Self {
        Self {
            depots: Vec::new(),
            return_energy_fraction: 0.2,
            return_rounds_fraction: 0.0,
        }
    }
}

/// A place that replenishes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depot {
    /// Id of the unit that is the depot; it must have the role `Depot`.
    pub unit: String,
    /// Distance within which it serves, in metres.
    pub radius_m: f64,
    /// Units served at the same time.
    pub bays: u32,
    /// Time that any visit takes besides the transfer (docking, battery swap), in seconds.
    pub turnaround_s: f64,
    /// Electric power given to one unit, in watts.
    #[serde(default)]
    pub charge_w: f64,
    /// Fuel given to one unit, in kilograms per second.
    #[serde(default)]
    pub refuel_kg_s: f64,
    /// Time for one round, in seconds.
    #[serde(default)]
    pub reload_s: f64,
    /// What it holds.
    #[serde(default)]
    pub stocks: Vec<Stock>,
}

/// Something that a depot holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Stock {
    /// Electric energy.
    Energy {
        /// Amount, in kilowatt-hours.
        kwh: f64,
    },
    /// Fuel.
    Fuel {
        /// Amount, in kilograms.
        kg: f64,
    },
    /// Rounds of an effector.
    Rounds {
        /// Catalogue effector.
        effector: String,
        /// Number.
        number: u32,
    },
}

/// An event from outside at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    /// Name by which a factor of a study or `--set` finds it.
    #[serde(default)]
    pub id: Option<String>,
    /// Whether it happens at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// When, in seconds.
    pub at_s: f64,
    /// What.
    pub what: Injection,
}

/// What a switch is that the file does not name.
fn yes() -> bool {
    true
}

/// What an inject does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Injection {
    /// A unit is lost.
    Destroy {
        /// Id of the unit.
        unit: String,
    },
    /// No message crosses a network any more.
    NetworkDown {
        /// Id of the network.
        network: String,
    },
    /// A network works again.
    NetworkUp {
        /// Id of the network.
        network: String,
    },
    /// A gateway or liaison stops passing messages; the unit itself lives.
    GatewayDown {
        /// Id of the unit.
        unit: String,
    },
    /// A gateway or liaison passes messages again.
    GatewayUp {
        /// Id of the unit.
        unit: String,
    },
    /// The jammers of a unit are switched on.
    JammerOn {
        /// Id of the unit.
        unit: String,
    },
    /// The jammers of a unit are switched off.
    JammerOff {
        /// Id of the unit.
        unit: String,
    },
    /// The spoofers of a unit begin to pull satellite fixes away from the truth.
    SpoofOn {
        /// Id of the unit.
        unit: String,
        /// Where to, in degrees clockwise from true north.
        heading_deg: f64,
        /// How fast, in metres per second.
        pull_m_s: f64,
    },
    /// The spoofers of a unit fall silent.
    SpoofOff {
        /// Id of the unit.
        unit: String,
    },
    /// The network node of a unit falls into an adversary's hands; at least one of the three is done with
    /// it. Another such inject for the same unit takes the place of this one.
    Compromise {
        /// Id of the unit.
        unit: String,
        /// It tells a command post of the other side where units report to be, and which tracks it
        /// receives or passes on.
        #[serde(default)]
        listens: Option<Listening>,
        /// Share of others' messages that it does not pass on, 0 to 1.
        #[serde(default)]
        drops: f64,
        /// It claims to see what is not there.
        #[serde(default)]
        lies: Option<Lying>,
        /// Time after which its keys are revoked, so that nobody hears it any more, in seconds; never
        /// where left out.
        #[serde(default)]
        excluded_after_s: Option<f64>,
    },
    /// The weather changes; what is left out stays as it is.
    Weather {
        /// Direction that the wind comes from, in degrees clockwise from true north.
        #[serde(default)]
        wind_from_deg: Option<f64>,
        /// Wind speed, in metres per second.
        #[serde(default)]
        wind_m_s: Option<f64>,
        /// Meteorological visibility, in metres.
        #[serde(default)]
        visibility_m: Option<f64>,
        /// Rain, in millimetres per hour.
        #[serde(default)]
        rain_mm_h: Option<f64>,
        /// Sea state, Douglas scale 0 to 9.
        #[serde(default)]
        sea_state: Option<u8>,
        /// Direction that the current sets towards, in degrees clockwise from true north.
        #[serde(default)]
        current_to_deg: Option<f64>,
        /// Speed of the current, in metres per second.
        #[serde(default)]
        current_m_s: Option<f64>,
        /// Daylight.
        #[serde(default)]
        light: Option<Light>,
    },
}

/// To whom a node in other hands tells what it receives and passes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listening {
    /// Id of the command post that learns it.
    pub to: String,
    /// How long that takes, in seconds.
    pub delay_s: f64,
}

/// What a node in other hands claims to see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lying {
    /// Simple polygon from which places are drawn, in metres.
    pub area_m: Vec<DVec2>,
    /// Time between two claims, in seconds.
    pub interval_s: f64,
    /// As what kind of target.
    #[serde(default = "light")]
    pub target: TargetClass,
}

/// What something claimed seems to be where the file does not say.
fn light() -> TargetClass {
    TargetClass::Light
}
