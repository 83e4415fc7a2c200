//! Which vehicles of a plan may leave the simulator. See [`select`].

use std::sync::Arc;

use super::safety;
use crate::app::{BuildError, facts_of};
use crate::export::{ExportError, Exporter};
use crate::kernel::finding::Finding;
use crate::plan::{ExportableVehicle, MissionPlan, PlanSet, VehicleFacts};
use crate::platform::class::Catalogue;
use crate::scenario::load::LoadedScenario;

/// A plan, sorted into what goes out and what does not.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Vehicles that may leave and that the format can take.
    pub(super) vehicles: Vec<ExportableVehicle>,
    /// Why the others stay, with the unit in the place of the file.
    pub(super) withheld: Vec<Finding>,
    /// What could not be checked.
    pub(super) warnings: Vec<Finding>,
}

/// Sorts the vehicles of a plan. What a vehicle is comes from the scenario and its catalogue, never
/// from the plan, which may have been edited; the safety check looks at all plans together, those
/// of crewed vehicles too, since all are executed at the same time.
pub(super) fn select(
    set: &PlanSet,
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
    exporter: &impl Exporter,
) -> Result<Selection, BuildError> {
    let (errors, warnings): (Vec<_>, Vec<_>) = safety::findings(set, loaded, catalogue)?
        .into_iter()
        .partition(Finding::is_error);
    let mut selection = Selection {
        warnings,
        ..Selection::default()
    };
    for plan in &set.plans {
        let facts = facts_of(loaded, catalogue, &plan.unit);
        match admit(plan, facts, set.oracle, &errors, exporter) {
            Ok(vehicle) => selection.vehicles.push(vehicle),
            Err(reasons) => selection.withheld.extend(reasons),
        }
    }
    Ok(selection)
}

/// One vehicle, or every reason why it stays.
fn admit(
    plan: &MissionPlan,
    facts: Option<VehicleFacts>,
    is_oracle: bool,
    unsafe_plans: &[Finding],
    exporter: &impl Exporter,
) -> Result<ExportableVehicle, Vec<Finding>> {
    let unit = plan.unit.as_str();
    let Some(facts) = facts else {
        let cause = "the scenario has no such unit";
        let cure = "export with the scenario that the plan was made for";
        return Err(vec![Finding::error("X1008", unit, cause, cure)]);
    };
    let facts = VehicleFacts {
        is_oracle_planned: facts.is_oracle_planned || is_oracle,
        ..facts
    };
    let vehicle = ExportableVehicle::new(plan.clone(), facts)
        .map_err(|no| vec![Finding::error(no.code(), unit, no.to_string(), no.cure())])?;
    let own: Vec<Finding> = unsafe_plans
        .iter()
        .filter(|it| it.file == unit)
        .cloned()
        .collect();
    if !own.is_empty() {
        return Err(own);
    }
    // Whether the format can take it is known only by trying; the files are written in one go later.
    let reason = |no: ExportError| vec![Finding::error(no.code(), unit, no.to_string(), no.cure())];
    exporter.encode(&vehicle).map_err(reason)?;
    Ok(vehicle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::QgcPlan;
    use crate::plan::Autopilot;
    use crate::plan::sample::{sample, sample_facts};

    fn codes(
        plan: &MissionPlan,
        facts: Option<VehicleFacts>,
        oracle: bool,
        found: &[Finding],
    ) -> Vec<String> {
        let outcome = admit(plan, facts, oracle, found, &QgcPlan::default());
        outcome
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|finding| finding.code)
            .collect()
    }

    #[test]
    fn a_sound_plan_of_an_unarmed_vehicle_goes_out() {
        let plan = sample(Autopilot::Px4Mc);
        assert!(codes(&plan, Some(sample_facts(Autopilot::Px4Mc)), false, &[]).is_empty());
    }

    #[test]
    fn everything_else_stays_and_says_why() {
        let plan = sample(Autopilot::Px4Mc);
        let facts = sample_facts(Autopilot::Px4Mc);
        let armed = VehicleFacts {
            carries_effector: true,
            ..facts
        };
        let crewed = VehicleFacts {
            is_crewed: true,
            ..facts
        };
        let low = Finding::error("P1104", "sample", "low", "climb");
        let other = Finding::error("P1104", "another", "low", "climb");
        assert_eq!(codes(&plan, None, false, &[]), ["X1008"]);
        assert_eq!(codes(&plan, Some(armed), false, &[]), ["X1002"]);
        assert_eq!(codes(&plan, Some(crewed), false, &[]), ["X1003"]);
        assert_eq!(codes(&plan, Some(facts), true, &[]), ["X1004"]);
        assert_eq!(
            codes(&plan, Some(facts), false, &[low, other.clone()]),
            ["P1104"]
        );
        assert!(codes(&plan, Some(facts), false, &[other]).is_empty());
        let moos = sample(Autopilot::Moos);
        assert_eq!(
            codes(&moos, Some(sample_facts(Autopilot::Moos)), false, &[]),
            ["X1101"]
        );
    }
}
