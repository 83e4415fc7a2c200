//! Missions, forbidden areas, initial routes and depots.

use bevy::prelude::World;

use super::{Names, SpawnError};
use crate::{
    environment::{Landscape, NoGo, NoGoAreas},
    org::OrderOfBattle,
    plan::{Leg, TaskKind, polygon::Polygon},
    planning::{
        compose::{Composer, Doing},
        missions::Mission,
    },
    platform::{
        class::Catalogue,
        course::{PlanInbox, PlanOrder},
        kinematics::MotionState,
        vehicle::Fleet,
    },
    scenario::schema::{self, Scenario, TaskSpec},
};

/// Puts forbidden areas and depots into a world.
pub(super) fn insert(
    world: &mut World,
    scenario: &Scenario,
    names: &Names,
    order_and_catalogue: (&OrderOfBattle, &Catalogue),
) -> Result<(), SpawnError> {
    let mut areas = Vec::new();
    for area in &scenario.no_go {
        let Ok(polygon) = Polygon::new(area.area_m.clone()) else {
            continue;
        };
        let sides = if area.sides.is_empty() {
            u64::MAX
        } else {
            let bits = area
                .sides
                .iter()
                .map(|side| Ok(1_u64 << names.side(side)?.0));
            bits.sum::<Result<u64, SpawnError>>()?
        };
        let domains = area
            .domains
            .iter()
            .fold(0, |bits, domain| bits | 1_u8 << (*domain as u8));
        areas.push(NoGo {
            id: area.id.clone(),
            area: polygon,
            domains,
            sides,
        });
    }
    world.insert_resource(NoGoAreas(areas));
    super::depots::insert(world, scenario, names, order_and_catalogue)
}

/// The kind of a mission, and its height where it names one.
fn kind(task: &TaskSpec) -> (TaskKind, Option<f64>, bool) {
    match task {
        TaskSpec::Search { area_m, altitude_m } => (
            TaskKind::Search {
                area: area_m.clone(),
            },
            *altitude_m,
            false,
        ),
        TaskSpec::Patrol {
            route_m,
            altitude_m,
        } => (
            TaskKind::Patrol {
                route: route_m.clone(),
            },
            *altitude_m,
            false,
        ),
        TaskSpec::Observe {
            at_m,
            standoff_m,
            altitude_m,
        } => (
            TaskKind::Observe {
                point: *at_m,
                range_m: *standoff_m,
            },
            *altitude_m,
            false,
        ),
        TaskSpec::Move { route_m } => (
            TaskKind::Move {
                route: route_m.clone(),
            },
            None,
            false,
        ),
        TaskSpec::Hold { at_m, radius_m } => (
            TaskKind::Hold {
                point: *at_m,
                radius_m: *radius_m,
            },
            None,
            false,
        ),
        TaskSpec::Infiltrate { route_m } => (
            TaskKind::Move {
                route: route_m.clone(),
            },
            None,
            true,
        ),
        TaskSpec::Relay { at_m, altitude_m } => {
            (TaskKind::Relay { point: *at_m }, *altitude_m, false)
        }
    }
}

/// The missions of a scenario.
pub(super) fn missions(scenario: &Scenario, names: &Names) -> Result<Vec<Mission>, SpawnError> {
    let convert = |mission: &schema::Mission| {
        let (kind, altitude_m, is_wary) = kind(&mission.task);
        let mut units = Vec::new();
        for name in &mission.units {
            units.extend(names.units_of(name, scenario)?);
        }
        let window = mission.window;
        Ok(Mission {
            id: mission.id.clone(),
            force: names.force(&mission.force)?,
            kind,
            is_wary,
            altitude_m,
            units,
            vehicles: mission.vehicles,
            // A step of precedence outweighs any difference of value below it.
            value: mission.value + 1000.0 * f64::from(mission.priority),
            window_s: (
                window.not_before_s,
                window.not_after_s.unwrap_or(scenario.duration_s),
            ),
        })
    };
    scenario.missions.iter().map(convert).collect()
}

/// Gives units with a route of their own their first plan.
pub(super) fn initial_routes(
    world: &mut World,
    (scenario, names): (&Scenario, &Names),
    (fleet, landscape): (&Fleet, &Landscape),
    states: &[MotionState],
) {
    let mut inbox = PlanInbox::default();
    for (at, unit) in names.units.iter().enumerate() {
        let entry = &scenario.units[unit.entry];
        let Some(route) = &entry.route else { continue };
        let ix = crate::kernel::ids::UnitIx::from_at(at);
        let composer = Composer {
            landscape,
            vehicle: fleet.vehicle(ix),
            unit: &unit.name,
            home: states[at].position,
            position: states[at].position,
            energy_share: entry.energy_fraction,
            altitude_m: entry
                .altitude_m
                .filter(|height| *height > 0.0)
                .or(entry.depth_m),
        };
        let mut plan = composer.plan(&route.waypoints_m, &Doing::Go, &[], entry.stem());
        // A route is gone along and not come back from.
        plan.legs.pop();
        let window = |leg: &mut Leg| {
            leg.speed_m_s = route.speed_m_s;
            leg.window = (route.start_s > 0.0).then_some(crate::plan::TimeWindow {
                not_before_s: route.start_s,
                not_after_s: scenario.duration_s.max(route.start_s),
            });
        };
        plan.legs.iter_mut().for_each(window);
        inbox.0.push(PlanOrder {
            to: ix,
            plan,
            repeat: route.repeat,
        });
    }
    world.insert_resource(inbox);
}
