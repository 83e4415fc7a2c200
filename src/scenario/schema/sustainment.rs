//! Logistics and scheduled injects.

use serde::{Deserialize, Serialize};

use super::Light;

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
