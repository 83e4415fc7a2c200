//! What a kind of platform is: the schema of `assets/catalogue/*.ron`. See [`ClassSpec`].
//!
//! Sibling files hold its parts, all re-exported here: `figure` (numbers with provenance),
//! `class_motion` (kinematics and energy), `class_sensor`, `class_radio`, `class_effector`,
//! `class_jammer`, `class_cover` (land cover and roads), `class_vulnerability`, and `catalogue`, which
//! reads the files and answers by name (`catalogue_check` holds its rules,
//! `catalogue_audit` counts its sources).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use super::catalogue::{Catalogue, CatalogueError};
pub use super::catalogue_audit::{Citation, Property};
pub use super::class_cover::{ByGait, CoverSpec, RoadClass, RoadSpec, gait};
pub use super::class_effector::{
    DamageSplit, DecisionSpec, DefenceSpec, EffectorSpec, Fire, FlightSpec, KillPoint, Profile,
    TargetClass,
};
pub use super::class_jammer::{Emission, JammerSpec};
pub use super::class_motion::{Endurance, Energy, Motion};
pub use super::class_radio::{Access, Bearer, Medium, RadioMode, RadioSpec};
pub use super::class_sensor::{Band, LocatingBand, RadarTarget, SensorKind, SensorSpec};
pub use super::class_vulnerability::{
    Aspect, AspectFactors, Stance, StanceFactors, SuppressionRules, SuppressionSpec, Vulnerability,
    VulnerabilityRow,
};
pub use super::figure::{Figure, FigureError};
pub use crate::plan::Autopilot;

/// One class of platform, generic and abstract: what every unit of it starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassSpec {
    /// Unique name in kebab case, for example `ugv-scout`.
    pub name: String,
    /// Name for a reader, for example `Scout UGV, generic`.
    pub title: String,
    /// Group of the catalogue to which it belongs.
    pub family: Family,
    /// Where it moves or stands.
    pub domain: Domain,
    /// What kind of thing of the Internet of Military Things it is.
    pub thing_kind: ThingKind,
    /// Autopilot whose plans it understands.
    pub autopilot: Autopilot,
    /// Whether people ride in it (or it is a person).
    pub crewed: bool,
    /// Mass ready for use, kg.
    pub mass_kg: Figure,
    /// Length, m.
    pub length_m: Figure,
    /// Width or span, m.
    pub width_m: Figure,
    /// Height, m.
    pub height_m: Figure,
    /// How it moves.
    pub motion: Motion,
    /// What drives it.
    pub energy: Energy,
    /// How it looks to sensors.
    pub signature: Signature,
    /// Sensors that it carries.
    #[serde(default)]
    pub sensors: Vec<SensorMount>,
    /// Radios, modems and wire ends that it carries.
    #[serde(default)]
    pub radios: Vec<RadioMount>,
    /// Effectors that it carries.
    #[serde(default)]
    pub effectors: Vec<EffectorMount>,
    /// How hard it is to hurt: the row of the kill-probability tables.
    pub protection: TargetClass,
    /// What it carries for others, if anything.
    #[serde(default)]
    pub stores: Option<Stores>,
    /// What it costs.
    pub cost: Cost,
    /// Symbol: function identifier of MIL-STD-2525C (positions 3 and 5–10), for example `GUCAA-`.
    pub symbol: String,
}

impl ClassSpec {
    /// Radius of the horizontal disc that holds the body, m: half the diagonal of length and width.
    #[must_use]
    pub fn radius_m(&self) -> f64 {
        let (length, width) = (self.length_m.value(), self.width_m.value());
        0.5 * (length * length + width * width).sqrt()
    }

    /// Critical dimension for the Johnson criteria, m: the square root of the smaller of side and
    /// front view (Johnson 1958 uses the least dimension; Driggers et al. the root of the area).
    #[must_use]
    pub fn critical_dimension_m(&self) -> f64 {
        (self.width_m.value().min(self.length_m.value()) * self.height_m.value()).sqrt()
    }

    /// Whether it is fired rather than driven.
    #[must_use]
    pub fn is_munition(&self) -> bool {
        self.family == Family::Munition
    }

    /// Whether it carries an effector.
    #[must_use]
    pub fn carries_effector(&self) -> bool {
        !self.effectors.is_empty()
    }
}

/// Group of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Family {
    /// Tanks, infantry fighting vehicles, guns, trucks, command vehicles.
    MannedGround,
    /// Helicopters and patrol aircraft.
    MannedAir,
    /// Frigates and patrol boats.
    MannedSea,
    /// Soldiers on foot.
    Dismount,
    /// Weapon stations worked from afar.
    RemoteWeaponStation,
    /// Unmanned ground vehicles.
    Ugv,
    /// Unmanned aircraft and aerostats.
    Uav,
    /// Unmanned surface craft.
    Usv,
    /// Unmanned underwater vehicles.
    Uuv,
    /// Rounds and missiles.
    Munition,
    /// Depots, command posts, masts, nodes.
    FixedSite,
    /// Ships and vehicles that belong to nobody's force.
    Civil,
}

/// Where a class moves or stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Domain {
    /// On the ground.
    Land,
    /// In the air.
    Air,
    /// On the sea.
    Surface,
    /// Under the sea.
    Subsurface,
    /// Fixed to the ground.
    Fixed,
}

/// Taxonomy of things in the Internet of Military Things (MODELS §6.1; the article taxonomy).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ThingKind {
    /// Attached to a physical thing to connect it.
    DataCarrying,
    /// Reads physical things.
    DataCapturing,
    /// Measures and acts on its surroundings.
    SensingAndActuating,
    /// Computes and communicates.
    GeneralDevice,
}

/// How a class looks to sensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Radar cross-section, median over aspects, m².
    pub radar_m2: Figure,
    /// Contrast against the background in visible light, 0 to 1.
    pub visible_contrast: Figure,
    /// Temperature difference to the background, K.
    pub thermal_k: Figure,
    /// Radiated underwater noise at cruise, dB re 1 µPa at 1 m in the band of the sonar (about 1 kHz
    /// wide at 2 to 3 kHz); `None` on land and in the air.
    #[serde(default)]
    pub underwater_noise_db: Option<Figure>,
    /// Target strength for active sonar, dB; `None` on land and in the air.
    #[serde(default)]
    pub target_strength_db: Option<Figure>,
}

/// A sensor of the catalogue in its place on the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SensorMount {
    /// Name in the catalogue's sensors.
    pub sensor: String,
    /// Height of the aperture above the body's lowest point, m.
    pub height_m: Figure,
}

/// A radio of the catalogue in its place on the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RadioMount {
    /// Name in the catalogue's radios.
    pub radio: String,
    /// Height of the antenna above the body's lowest point, m.
    pub antenna_height_m: Figure,
}

/// An effector of the catalogue with its magazine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectorMount {
    /// Name in the catalogue's effectors.
    pub effector: String,
    /// Rounds when full.
    pub rounds: u32,
}

/// What a class carries to give to others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stores {
    /// Payload that it may carry in all, kg.
    pub cargo_kg: Figure,
    /// Fuel to give away, kg.
    pub fuel_kg: Figure,
    /// Fuel delivered in a second, kg/s.
    pub fuel_rate_kg_s: Figure,
    /// Power for charging batteries, W.
    pub charging_w: Figure,
    /// Rounds to give away, by effector.
    #[serde(default)]
    pub rounds: BTreeMap<String, u32>,
    /// Time to hand over one load of rounds, s.
    pub handover_s: Figure,
}

/// What a class costs, US dollars of the source's year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Price of one.
    pub acquisition_usd: Figure,
    /// Operating and support for one hour of use.
    pub operating_usd_per_h: Figure,
}
