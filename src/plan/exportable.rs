//! The only door through which a plan leaves the simulator. See [`ExportableVehicle`].

use thiserror::Error;

use super::flaw::{PlanFlaw, flaws};
use super::mission::MissionPlan;
use super::place::Autopilot;

/// What has to be known about a vehicle before its plan may leave, from the catalogue and the
/// scenario: not from the plan, which may have been edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VehicleFacts {
    /// Whether it is a munition.
    pub is_munition: bool,
    /// Whether its class or its equipment in the scenario has any effector.
    pub carries_effector: bool,
    /// Whether people are aboard, or it is a person.
    pub is_crewed: bool,
    /// Whether the planner read the truth.
    pub is_oracle_planned: bool,
    /// The autopilot of its class.
    pub autopilot: Autopilot,
}

/// Why a plan stays inside.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum NotExportable {
    /// The vehicle is a munition.
    #[error("{unit} is a munition")]
    Munition {
        /// The unit.
        unit: String,
    },
    /// The vehicle carries an effector.
    #[error("{unit} carries an effector")]
    CarriesEffector {
        /// The unit.
        unit: String,
    },
    /// The vehicle is crewed.
    #[error("{unit} is crewed")]
    Crewed {
        /// The unit.
        unit: String,
    },
    /// The planner read the truth.
    #[error("the plan of {unit} was made by a planner that read the truth")]
    OraclePlanned {
        /// The unit.
        unit: String,
    },
    /// The class has no autopilot.
    #[error("{unit} has no autopilot")]
    NoAutopilot {
        /// The unit.
        unit: String,
    },
    /// The plan was made for another autopilot than the vehicle has.
    #[error("the plan of {unit} is for {planned:?}, but the vehicle has {actual:?}")]
    OtherAutopilot {
        /// The unit.
        unit: String,
        /// The plan's autopilot.
        planned: Autopilot,
        /// The class's autopilot.
        actual: Autopilot,
    },
    /// The plan is unsound by itself.
    #[error("the plan of {unit} is unsound: {}", list(flaws))]
    Unsound {
        /// The unit.
        unit: String,
        /// Everything that is wrong.
        flaws: Vec<PlanFlaw>,
    },
}

/// The flaws in one line.
fn list(flaws: &[PlanFlaw]) -> String {
    flaws
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

impl NotExportable {
    /// Stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Munition { .. } => "X1001",
            Self::CarriesEffector { .. } => "X1002",
            Self::Crewed { .. } => "X1003",
            Self::OraclePlanned { .. } => "X1004",
            Self::NoAutopilot { .. } => "X1005",
            Self::OtherAutopilot { .. } => "X1006",
            Self::Unsound { .. } => "X1007",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self {
            Self::Munition { .. } => "export vehicles only; munitions never leave the simulator",
            Self::CarriesEffector { .. } => {
                "use an unarmed class; carriers of effectors never leave the simulator"
            }
            Self::Crewed { .. } => "give its crew the plan as a picture; only vehicles take files",
            Self::OraclePlanned { .. } => "plan again without --oracle",
            Self::NoAutopilot { .. } => "choose a class whose catalogue entry names an autopilot",
            Self::OtherAutopilot { .. } => "plan again with the catalogue that is used to export",
            Self::Unsound { .. } => "correct the plan; `tercio check` lists every flaw",
        }
    }
}

/// A plan that may leave the simulator. Its existence is the proof: the fields are private, and
/// [`ExportableVehicle::new`] is the only way to make one.
///
/// **Architecture Invariant:** nothing here is deserializable, so no file becomes one.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportableVehicle {
    /// The plan, sound by itself.
    plan: MissionPlan,
}

impl ExportableVehicle {
    /// Takes a plan out of the simulator's reach.
    ///
    /// # Errors
    ///
    /// [`NotExportable`] for a munition, a carrier of an effector, a crewed vehicle, a plan that
    /// read the truth, a vehicle without autopilot or with another one, and an unsound plan.
    pub fn new(plan: MissionPlan, facts: VehicleFacts) -> Result<Self, NotExportable> {
        let unit = plan.unit.clone();
        if facts.is_munition {
            return Err(NotExportable::Munition { unit });
        }
        if facts.carries_effector {
            return Err(NotExportable::CarriesEffector { unit });
        }
        if facts.is_crewed {
            return Err(NotExportable::Crewed { unit });
        }
        if facts.is_oracle_planned {
            return Err(NotExportable::OraclePlanned { unit });
        }
        if facts.autopilot == Autopilot::None {
            return Err(NotExportable::NoAutopilot { unit });
        }
        if facts.autopilot != plan.autopilot {
            let (planned, actual) = (plan.autopilot, facts.autopilot);
            return Err(NotExportable::OtherAutopilot {
                unit,
                planned,
                actual,
            });
        }
        let flaws = flaws(&plan);
        if !flaws.is_empty() {
            return Err(NotExportable::Unsound { unit, flaws });
        }
        Ok(Self { plan })
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &MissionPlan {
        &self.plan
    }
}
