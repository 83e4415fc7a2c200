//! Forbidden areas, initial routes and depots.

use bevy::prelude::World;

use super::{Names, SpawnError};
use crate::{
    environment::{Landscape, NoGo, NoGoAreas},
    org::OrderOfBattle,
    plan::{Leg, polygon::Polygon},
    planning::compose::{Composer, Doing},
    platform::{
        class::Catalogue,
        course::{PlanInbox, PlanOrder},
        kinematics::MotionState,
        vehicle::Fleet,
    },
    scenario::schema::Scenario,
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
            heights_m: (
                area.floor_m.unwrap_or(f64::NEG_INFINITY),
                area.ceiling_m.unwrap_or(f64::INFINITY),
            ),
        });
    }
    for (id, side, area_m) in super::missions::restricted(scenario) {
        if let Ok(area) = Polygon::new(area_m.to_vec()) {
            areas.push(NoGo {
                id: id.to_owned(),
                area,
                domains: u8::MAX,
                sides: 1_u64 << names.side(side)?.0,
                heights_m: (f64::NEG_INFINITY, f64::INFINITY),
            });
        }
    }
    world.insert_resource(NoGoAreas(areas));
    super::depots::insert(world, scenario, names, order_and_catalogue)
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
