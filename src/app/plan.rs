//! Plans without a run: what the command posts of a side would order at the start. See [`plan`].

use std::sync::Arc;

use bevy::prelude::World;
use thiserror::Error;

use super::simulation::{BuildError, RunOptions, Simulation};
use crate::{
    environment::{Landscape, NoGoAreas},
    kernel::{
        assignment::Assigner,
        ids::{UnitIndex, UnitIx},
        time::SimTime,
    },
    org::{OrderOfBattle, Planner, Side},
    picture::{BluePicture, TrackStore},
    plan::{PlanSet, VehicleFacts},
    planning::{
        external::{Dialogues, Liaison, Programs},
        missions::{Means, Missions, TaskState},
        round::Given,
        routes::RouteBook,
        tasks::plan_now,
    },
    platform::{class::Catalogue, emission::EmissionPlan, together::Groups, vehicle::Fleet},
    scenario::load::LoadedScenario,
    sensing::SensorSuites,
};

/// Why there is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The world cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// No such side.
    #[error("there is no side `{name}`; the scenario has {known}")]
    Side {
        /// Name asked for.
        name: String,
        /// Names that there are.
        known: String,
    },
    /// No mission.
    #[error("no side has a mission, so there is nothing to plan")]
    NoMission,
}

/// Plans all missions of a side at the start of a scenario, on the belief of its command posts. The
/// side defaults to the first that has a mission.
///
/// # Errors
/// For an unknown side, or where nothing is to be planned.
pub fn plan(
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
    side: Option<&str>,
) -> Result<PlanSet, PlanError> {
    plan_with(loaded, catalogue, side, Programs::default())
}

/// The same where the planner of the side may be a program, which is asked and answers at once.
///
/// # Errors
/// As [`plan`], and where a program is needed that is not there.
pub fn plan_with(
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
    side: Option<&str>,
    mut programs: Programs,
) -> Result<PlanSet, PlanError> {
    let simulation = Simulation::standing(loaded, catalogue, &RunOptions::default())?;
    let world = simulation.world();
    let (order, missions) = (
        world.resource::<OrderOfBattle>(),
        world.resource::<Missions>(),
    );
    let side = chosen_side(side, order, missions)?;
    check_program(&order.sides[side], &programs)?;
    let mut dialogues = Dialogues::default();
    let mut set = PlanSet {
        scenario: loaded.read.scenario.name.clone(),
        side: order.sides[side].id.clone(),
        planner: order.sides[side].planner.key().to_owned(),
        oracle: order.sides[side].planner == Planner::Oracle,
        objective: 0.0,
        bound: Some(0.0),
        plans: Vec::new(),
        why: Vec::new(),
    };
    let (mut book, mut assigner) = (RouteBook::new(loaded.lattices.clone()), Assigner::default());
    for (post, row) in world.resource::<UnitIndex>().iter() {
        let means = means_of(post, world);
        if order.unit(post).side.at() != side {
            continue;
        }
        let pictures = (
            world.get::<BluePicture>(row.entity),
            world.get::<TrackStore>(row.entity),
        );
        let (Some(picture), Some(tracks)) = pictures else {
            continue;
        };
        let round = plan_now(
            post,
            (picture, tracks),
            &TaskState::default(),
            SimTime::ZERO,
            &means,
            (&mut book, &mut assigner),
            Liaison::new(&mut programs, &mut dialogues),
        );
        set.objective += round.objective;
        set.bound = set.bound.map(|bound| bound + round.bound);
        for Given {
            unit,
            mission,
            plan,
            ..
        } in round.plans
        {
            let name = &missions.list[mission].id;
            set.why
                .push(format!("{} does {name}", means.index.name(unit)));
            set.plans.push(plan);
        }
        set.why.extend(round.why);
    }
    let told = dialogues.summaries(order).into_iter();
    set.why.extend(told.flat_map(|it| it.notes));
    set.why.extend(ideally(order.sides[side].planner));
    set.plans.sort_by(|a, b| a.unit.cmp(&b.unit));
    Ok(set)
}

/// What a post plans missions with.
fn means_of(post: UnitIx, world: &World) -> Means<'_> {
    Means {
        order: world.resource::<OrderOfBattle>(),
        fleet: world.resource::<Fleet>(),
        index: world.resource::<UnitIndex>(),
        suites: world.resource::<SensorSuites>(),
        groups: world.resource::<Groups>(),
        landscape: world.resource::<Landscape>(),
        no_go: world.resource::<NoGoAreas>(),
        missions: world.resource::<Missions>(),
        plan: world.resource::<EmissionPlan>().known_to(post),
    }
}

/// Fails where the planner of a side is a program that is not there.
fn check_program(side: &Side, programs: &Programs) -> Result<(), BuildError> {
    if side.planner == Planner::External && !programs.has(&side.id) {
        let side = side.id.clone();
        return Err(BuildError::NoProgram { side });
    }
    Ok(())
}

/// Over what a planner's units talked, if they do.
fn ideally(planner: Planner) -> Option<String> {
    let key = planner.key();
    planner.is_auction().then(|| {
        format!(
            "{key}: no world is running, so offers and bids went over an ideal network at time zero"
        )
    })
}

/// Index of the side asked for, else of the first that has a mission.
fn chosen_side(
    side: Option<&str>,
    order: &OrderOfBattle,
    missions: &Missions,
) -> Result<usize, PlanError> {
    match side {
        Some(name) => order
            .sides
            .iter()
            .position(|side| side.id == name)
            .ok_or_else(|| {
                let known: Vec<&str> = order.sides.iter().map(|side| side.id.as_str()).collect();
                PlanError::Side {
                    name: name.to_owned(),
                    known: known.join(", "),
                }
            }),
        None => {
            let sides = missions
                .list
                .iter()
                .map(|m| order.forces[m.force.at()].side.at());
            sides.min().ok_or(PlanError::NoMission)
        }
    }
}

/// What decides whether a unit's plan may leave the simulator: from its class and the scenario's own
/// equipment, never from the plan.
#[must_use]
pub fn facts_of(
    loaded: &LoadedScenario,
    catalogue: &Catalogue,
    unit: &str,
) -> Option<VehicleFacts> {
    let mut entries = loaded.read.scenario.units.iter();
    let entry = entries.find(|entry| entry.expanded_ids().any(|id| id == unit))?;
    let class = catalogue.class(&entry.class)?;
    let is_armed = match &entry.effectors {
        Some(fits) => !fits.is_empty(),
        None => class.carries_effector(),
    };
    Some(VehicleFacts {
        is_munition: class.is_munition(),
        // A class that can carry an effector stays inside, whatever this unit carries.
        carries_effector: is_armed || class.carries_effector(),
        is_crewed: class.crewed,
        is_oracle_planned: false,
        autopilot: class.autopilot,
    })
}
