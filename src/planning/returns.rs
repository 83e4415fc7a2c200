//! Ways back to a depot over land and water, and all ways of aircraft. See [`ReturnsPlugin`].
//!
//! A unit that has to go back orders itself straight to its depot (`logistics`); before it sets out,
//! its way is led around slopes, water, shoals and forbidden areas. Whatever plan an aircraft takes up
//! is led around what is closed to its side, from where it believes to be.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec2;

use super::{airways::Airways, routes::RouteBook, watch::Watch};
use crate::{
    environment::{Landscape, NoGoAreas},
    kernel::{
        ids::UnitIndex,
        schedule::{PlanSystems, SimTick},
    },
    org::OrderOfBattle,
    plan::{LegKind, MissionPlan, Waypoint},
    platform::{
        course::{PlanInbox, PlanOrder},
        navigation::NavSolution,
        vehicle::Fleet,
    },
};

/// Whether a plan only leads back.
fn is_return(plan: &MissionPlan) -> bool {
    let [leg] = plan.legs.as_slice() else {
        return false;
    };
    matches!(leg.kind, LegKind::Return { .. })
}

/// Puts the points of a way between start and goal of a plan that only leads back.
fn lead(plan: &mut MissionPlan, way: &[DVec2], landscape: &Landscape) {
    let Some(altitude) = plan.legs[0].waypoints.first().map(|point| point.altitude) else {
        return;
    };
    let waypoint = |point: &DVec2| {
        let (lat_deg, lon_deg) = landscape.frame.to_geodetic(*point);
        Waypoint {
            lat_deg,
            lon_deg,
            altitude,
        }
    };
    let between = way.len().saturating_sub(1);
    plan.legs[0]
        .waypoints
        .splice(0..0, way[..between].iter().map(waypoint));
}

/// Leads plans of aircraft that wait to be adopted around what is closed.
fn lead_around(
    (order, fleet, index): (Res<'_, OrderOfBattle>, Res<'_, Fleet>, Res<'_, UnitIndex>),
    (landscape, no_go): (Res<'_, Landscape>, Res<'_, NoGoAreas>),
    mut inbox: ResMut<'_, PlanInbox>,
    units: Query<'_, '_, &NavSolution>,
) {
    let nobody = Watch::nobody(&landscape);
    for PlanOrder { to, plan, .. } in &mut inbox.0 {
        let side = order.unit(*to).side.0;
        let ground = (&*landscape, &*no_go);
        let Some(airways) = Airways::of((fleet.vehicle(*to), side), ground, &nobody) else {
            continue;
        };
        // Where there is no way it keeps to the plan.
        if let Ok(own) = units.get(index.entity(*to))
            && let Some(led) = airways.lead(plan, own.position)
        {
            *plan = led;
        }
    }
}

/// Leads ways back that wait to be adopted around what bars them.
fn lead_back(
    (order, fleet): (Res<'_, OrderOfBattle>, Res<'_, Fleet>),
    (landscape, no_go): (Res<'_, Landscape>, Res<'_, NoGoAreas>),
    mut book: ResMut<'_, RouteBook>,
    mut inbox: ResMut<'_, PlanInbox>,
) {
    for PlanOrder { to, plan, .. } in &mut inbox.0 {
        let vehicle = fleet.vehicle(*to);
        if vehicle.is_air() || !is_return(plan) {
            continue;
        }
        let (start, goal) = (&plan.launch.site, &plan.recovery);
        let ends = (
            landscape.local(start.lat_deg, start.lon_deg),
            landscape.local(goal.lat_deg, goal.lon_deg),
        );
        let side = order.unit(*to).side.0;
        // Where there is no way it tries the straight one.
        if let Some(way) = book.way(vehicle, side, ends, &[], (&landscape, &no_go)) {
            lead(plan, &way, &landscape);
        }
    }
}

/// Leads ways back, and plans of aircraft, in the phase `Plan`.
#[derive(Debug)]
pub(super) struct ReturnsPlugin;

impl Plugin for ReturnsPlugin {
    fn build(&self, app: &mut App) {
        let lead = (lead_back, lead_around).chain();
        app.add_systems(SimTick, lead.in_set(PlanSystems::Route));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bevy::prelude::World;

    use super::*;
    use crate::{
        geo::{Extent, LocalFrame, Terrain},
        kernel::{
            ids::UnitIx,
            schedule::{SchedulePlugin, run_tick},
        },
        org::{ForceIx, NationIx, ServiceIx, SideIx, UnitOrg},
        planning::compose::{Composer, Doing},
        platform::{class::Catalogue, vehicle::Vehicle},
    };

    /// The vehicle of a class.
    fn vehicle(class: &str, catalogue: &Catalogue) -> Vehicle {
        Vehicle::new(catalogue.class(class).unwrap(), 0.0, 0.2).unwrap()
    }

    /// A plain with a lake in its middle.
    fn landscape() -> Landscape {
        let height = |at: DVec2| if at.length() < 1500.0 { -20.0 } else { 50.0 };
        let terrain = Terrain::from_fn(Extent::about(DVec2::ZERO, 6000.0), 50.0, true, height);
        Landscape {
            cover: Arc::default(),
            terrain: Arc::new(terrain.unwrap()),
            frame: LocalFrame::new(48.5, 11.0).unwrap(),
            undulation_m: 0.0,
        }
    }

    /// What becomes of an order to go from the west of the lake to the east of it.
    fn led(class: &str) -> Vec<DVec2> {
        let catalogue = Arc::new(Catalogue::shipped());
        let (landscape, vehicle) = (landscape(), vehicle(class, &catalogue));
        let composer = Composer {
            landscape: &landscape,
            vehicle: &vehicle,
            unit: "robot",
            home: glam::DVec3::new(3000.0, 0.0, 50.0),
            position: glam::DVec3::new(-3000.0, 0.0, 50.0),
            energy_share: 1.0,
            altitude_m: None,
        };
        let mut plan = composer.plan(&[], &Doing::Go, &[], "back");
        assert!(is_return(&plan));
        let recovery = plan.recovery.waypoint(0.0);
        plan.legs[0].waypoints = vec![recovery];
        let org = UnitOrg {
            side: SideIx(0),
            nation: NationIx(0),
            service: ServiceIx(0),
            force: ForceIx(0),
            roles: [].into(),
            releasable_to: None,
            stem: String::new(),
        };
        let mut app = App::new();
        app.add_plugins((SchedulePlugin { dt_ms: 100 }, ReturnsPlugin))
            .init_resource::<NoGoAreas>()
            .init_resource::<UnitIndex>()
            .init_resource::<RouteBook>()
            .insert_resource(PlanInbox(vec![PlanOrder {
                to: UnitIx(0),
                plan,
                repeat: false,
            }]))
            .insert_resource(OrderOfBattle {
                units: vec![org],
                ..OrderOfBattle::default()
            })
            .insert_resource(Fleet::new(vec![vehicle], Vec::new(), catalogue))
            .insert_resource(landscape);
        run_tick(app.world_mut());
        points(app.world())
    }

    /// Points of the waiting plan, m.
    fn points(world: &World) -> Vec<DVec2> {
        let landscape = world.resource::<Landscape>();
        let plan = &world.resource::<PlanInbox>().0[0].plan;
        let local = |point: &Waypoint| landscape.local(point.lat_deg, point.lon_deg);
        plan.legs[0].waypoints.iter().map(local).collect()
    }

    #[test]
    fn a_vehicle_goes_back_around_the_lake() {
        let way = led("ugv-mule");
        assert!(way.len() > 1, "straight through the lake");
        let mut at = DVec2::new(-3000.0, 0.0);
        for point in &way {
            for step in 0..=20 {
                let between = at.lerp(*point, f64::from(step) / 20.0);
                assert!(between.length() > 1300.0, "in the water at {between}");
            }
            at = *point;
        }
        assert!(at.distance(DVec2::new(3000.0, 0.0)) < 1.0, "{at}");
    }

    #[test]
    fn an_aircraft_goes_straight_back() {
        assert_eq!(led("uav-multirotor").len(), 1);
    }
}
