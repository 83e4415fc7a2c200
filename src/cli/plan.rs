//! `tercio plan`: the missions of one side as a plan, without running the scenario.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::args::PlanArgs;
use super::console::Console;
use super::error::{CliError, Exit};
use super::text::{clock, lines, numbers, table};
use super::{keep_links, load, plan_file, planners, safety};
use crate::app::{self, facts_of};
use crate::plan::{MissionPlan, PlanSet};
use crate::platform::class::Catalogue;
use crate::scenario::load::LoadedScenario;

/// Plans, and writes or prints the plan.
///
/// # Errors
///
/// If the scenario is missing or refused, there is nothing to plan, or the plan is not written.
pub(super) fn plan(args: &PlanArgs, console: &Console) -> Result<Exit, CliError> {
    let mut loaded = load::load(&args.scenario, &args.settings, console)?;
    let sides = &mut loaded.read.scenario.sides;
    let commands = planners::choose(sides, args.planner.as_slice(), false)?;
    let programs = planners::programs(sides, &commands, &[], args.planner_deadline);
    let catalogue = Arc::new(Catalogue::shipped());
    let planned = app::plan_with(&loaded, &catalogue, args.side.as_deref(), programs)?;
    let mut set = ready(planned, &loaded, &catalogue);
    if args.keep_links {
        keep_links::keep_links(&mut set, &loaded, &catalogue)?;
        set = ready(set, &loaded, &catalogue);
    }
    let findings = safety::findings(&set, &loaded, &catalogue)?;
    console.findings(&safety::digest(&findings));
    let errors = findings.iter().filter(|finding| finding.is_error());
    let kept: BTreeSet<&str> = errors.map(|finding| finding.file.as_str()).collect();
    if !kept.is_empty() {
        let (kept, all) = (kept.len(), set.plans.len());
        console.note(&format!(
            "{kept} of {all} plans do not pass the safety check for export\n"
        ));
    }
    if let Some(path) = &args.out {
        plan_file::write_whole(path, &plan_file::to_ron(&set)?)?;
    }
    match (&args.out, args.json) {
        (_, true) => console.json(&set)?,
        (None, false) => console.data(&plan_file::to_ron(&set)?)?,
        (Some(path), false) => {
            let place = path.display();
            console.say(&format!("{}\nThe plan is in {place}\n", overview(&set)))?;
        }
    }
    Ok(Exit::Done)
}

/// The plan as it may be written: without plans of armed vehicles, which never leave the
/// simulator, and with heights above ground made heights above the sea, since a plan file has no
/// ground.
pub(super) fn ready(mut set: PlanSet, loaded: &LoadedScenario, catalogue: &Catalogue) -> PlanSet {
    let is_armed = |plan: &MissionPlan| {
        facts_of(loaded, catalogue, &plan.unit)
            .is_none_or(|facts| facts.carries_effector || facts.is_munition)
    };
    let (armed, mut plans): (Vec<_>, Vec<_>) = set.plans.into_iter().partition(is_armed);
    for plan in &mut plans {
        plan.resolve_ground(|at| safety::ground_m(loaded, at));
    }
    set.plans = plans;
    if !armed.is_empty() {
        let units: Vec<String> = armed.into_iter().map(|plan| plan.unit).collect();
        let units = super::text::list(&units);
        set.why.push(format!(
            "Left out, because armed vehicles stay in the simulator: {units}."
        ));
    }
    set
}

/// The plan for people.
fn overview(set: &PlanSet) -> String {
    let bound = set.bound.map_or_else(String::new, |bound| {
        format!(" (bound {})", super::text::number(bound))
    });
    let mut text = format!(
        "{}, side {}, planner {}: objective {}{bound}\n\n",
        set.scenario,
        set.side,
        set.planner,
        super::text::number(set.objective),
    );
    let mut all = table(&[
        "unit",
        "vehicle",
        "legs",
        "waypoints",
        "launch",
        "endurance",
    ]);
    for plan in &set.plans {
        let waypoints: usize = plan.legs.iter().map(|leg| leg.waypoints.len()).sum();
        all.add_row(numbers(
            &plan.unit,
            [
                plan.vehicle_kind.clone(),
                plan.legs.len().to_string(),
                waypoints.to_string(),
                clock(plan.launch.at_s),
                clock(plan.endurance_s),
            ],
        ));
    }
    text.push_str(&lines(&all));
    for why in &set.why {
        text.push_str(&format!("\n{why}"));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Autopilot;
    use crate::plan::sample::sample;

    #[test]
    fn the_overview_names_every_vehicle_and_every_reason() {
        let set = PlanSet {
            scenario: "sample".into(),
            side: "blue".into(),
            planner: "hand".into(),
            oracle: false,
            objective: 12.5,
            bound: Some(13.0),
            plans: vec![sample(Autopilot::Px4Mc)],
            why: vec!["It is near.".into()],
        };
        let text = overview(&set);
        for part in [
            "sample",
            "blue",
            "12.5",
            "bound 13",
            "copter",
            "4:00:00",
            "It is near.",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
