//! What a unit on the move does when it is fired upon, by its force's doctrine. See
//! [`ContactPlugin`].
//!
//! A crew does not ask: it knows that it is fired upon, where it believes to be, and the map. It
//! seeks cover or breaks contact, waits, and then is free again for what its post wants.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    compose::{Composer, Doing},
    missions::Missions,
    routes::RouteBook,
};
use crate::{
    engagement::alarm::NearImpact,
    environment::{Landscape, NoGoAreas},
    kernel::{
        ids::UnitIndex,
        math,
        messages::{Buffer, BufferAppExt},
        registry::StateAppExt,
        schedule::{EngageSystems, SimTick},
        time::{Clock, SimTime},
    },
    org::{Doctrine, OnContact, OrderOfBattle},
    plan::MissionPlan,
    platform::{
        course::{Course, PlanInbox, PlanOrder},
        damage::Damage,
        mover::EnergyLeft,
        navigation::NavSolution,
        vehicle::Fleet,
    },
};

/// How far away direct fire is taken to come from, m (notional, 800 to 2500).
const THREAT_M: f64 = 1500.0;

/// Distances at which cover is looked for, m (notional).
const COVER_M: [f64; 5] = [60.0, 120.0, 200.0, 300.0, 450.0];

/// Directions in which cover is looked for.
const BEARINGS: u32 = 16;

/// How far a unit that breaks contact goes back, m (notional, 500 to 1500).
const BREAK_M: f64 = 800.0;

/// How far a unit goes that shells fall on, m: out of what falls about one aim (notional, 200 to 500).
const ASIDE_M: f64 = 300.0;

/// Height of a vehicle, and of who fires at it, above the ground, m.
const HEIGHT_M: f64 = 2.0;

/// Until when a unit is busy with contact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct ContactState {
    until: SimTime,
}

/// What a crew knows when it reacts.
struct Crew<'a> {
    at: DVec2,
    heading_rad: f64,
    /// Direction towards who fires, if it is known.
    threat: Option<DVec2>,
    landscape: &'a Landscape,
}

impl Crew<'_> {
    /// The nearest place, of those looked at, that the ground hides from where the fire comes.
    fn cover(&self) -> Option<DVec2> {
        let raised = |at: DVec2| -> DVec3 {
            let terrain = &self.landscape.terrain;
            at.extend(terrain.surface_m(at.x, at.y) + HEIGHT_M)
        };
        let eye = raised(self.at + self.threat? * THREAT_M);
        let bounds = self.landscape.terrain.bounds();
        let places = COVER_M.into_iter().flat_map(|far_m| {
            (0..BEARINGS).map(move |n| {
                let turn = math::TAU * f64::from(n) / f64::from(BEARINGS);
                let (sin, cos) = math::sincos(turn);
                DVec2::new(sin, cos) * far_m
            })
        });
        let mut places = places.map(|by| self.at + by);
        places
            .find(|place| bounds.contains(*place) && !self.landscape.is_clear(eye, raised(*place)))
    }

    /// A place away from the fire, so far off.
    fn away(&self, far_m: f64) -> DVec2 {
        let (sin, cos) = math::sincos(self.heading_rad);
        let from = self.threat.unwrap_or(DVec2::new(sin, cos));
        self.at - from * far_m
    }

    /// Where a unit goes by its doctrine; none where it goes on.
    fn refuge(&self, manner: OnContact) -> Option<DVec2> {
        match manner {
            OnContact::Press => None,
            OnContact::BreakContact => Some(self.away(BREAK_M)),
            OnContact::SeekCover => Some(self.cover().unwrap_or_else(|| self.away(ASIDE_M))),
        }
    }
}

/// What one unit reacts with.
type UnitQuery<'a> = (
    &'a mut ContactState,
    &'a NavSolution,
    &'a Course,
    &'a Damage,
    &'a EnergyLeft,
);

/// Units on the move react to fire.
fn react(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (fleet, landscape, no_go): (Res<'_, Fleet>, Res<'_, Landscape>, Res<'_, NoGoAreas>),
    (impacts, missions): (Res<'_, Buffer<NearImpact>>, Res<'_, Missions>),
    (mut book, mut inbox): (ResMut<'_, RouteBook>, ResMut<'_, PlanInbox>),
    mut units: Query<'_, '_, UnitQuery<'_>>,
) {
    for impact in impacts.read() {
        let (unit, doctrine) = (impact.unit, &order.force_of(impact.unit).doctrine);
        let Ok((mut state, own, course, damage, energy)) = units.get_mut(index.entity(unit)) else {
            continue;
        };
        let vehicle = fleet.vehicle(unit);
        let can_react = damage.can_move() && !vehicle.is_air() && vehicle.kinematics.can_travel();
        let is_on_the_move = !course.is_idle() && own.velocity.length() > 0.5;
        if !can_react || !is_on_the_move || clock.now() < state.until {
            continue;
        }
        let threat = impact.bearing_rad.map(|bearing| {
            let (sin, cos) = math::sincos(bearing);
            DVec2::new(sin, cos)
        });
        let crew = Crew {
            at: own.position.truncate(),
            heading_rad: math::bearing(own.velocity.x, own.velocity.y),
            threat,
            landscape: &landscape,
        };
        let Some(goal) = crew.refuge(doctrine.on_contact) else {
            continue;
        };
        let side = order.unit(unit).side.0;
        let ground = (&*landscape, &*no_go);
        let Some(way) = book.way(vehicle, side, (crew.at, goal), &[], ground) else {
            continue;
        };
        let composer = Composer {
            landscape: &landscape,
            vehicle,
            unit: index.name(unit),
            home: missions.homes[unit.at()],
            position: own.position,
            energy_share: energy.0.share,
            altitude_m: None,
        };
        state.until = clock.now().plus_s(doctrine.contact_wait_s);
        inbox.0.push(PlanOrder {
            to: unit,
            plan: refuge_plan(&composer, &way, doctrine),
            repeat: false,
        });
    }
}

/// A plan to go to a refuge and wait there. It does not lead home: what comes next is the post's.
fn refuge_plan(composer: &Composer<'_>, way: &[DVec2], doctrine: &Doctrine) -> MissionPlan {
    let stay = Doing::Stay(doctrine.contact_wait_s.max(1.0));
    let mut plan = composer.plan(way, &stay, &[], CONTACT);
    plan.legs.pop();
    plan
}

/// Name of the task that a reaction is.
const CONTACT: &str = "contact";

/// Reacts in the phase `Engage`, after the impacts.
#[derive(Debug)]
pub struct ContactPlugin;

impl Plugin for ContactPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<RouteBook>()
            .init_resource::<Missions>()
            .init_resource::<NoGoAreas>()
            .add_buffer::<NearImpact>()
            .register_state::<ContactState>()
            .add_systems(SimTick, react.in_set(EngageSystems::Report));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::geo::{Extent, LocalFrame, Terrain};

    /// A plain with a wall of earth from west to east, 200 m north of the origin.
    fn landscape() -> Landscape {
        let height = |at: DVec2| {
            if (at.y - 200.0).abs() < 40.0 {
                30.0
            } else {
                10.0
            }
        };
        let terrain = Terrain::from_fn(Extent::about(DVec2::ZERO, 4000.0), 20.0, true, height);
        Landscape {
            terrain: Arc::new(terrain.unwrap()),
            frame: LocalFrame::new(48.5, 11.0).unwrap(),
            undulation_m: 0.0,
            cover: Arc::default(),
        }
    }

    #[test]
    fn cover_is_behind_the_wall_and_not_before_it() {
        let landscape = landscape();
        let crew = |at, threat| Crew {
            at,
            heading_rad: 0.0,
            threat: Some(threat),
            landscape: &landscape,
        };
        // Fire from the south: who stands south of the wall goes over it.
        let over = crew(DVec2::new(0.0, 100.0), DVec2::NEG_Y).cover().unwrap();
        assert!(over.y > 240.0, "{over}");
        // Fire from the north: the same place is hidden, and the nearest looked at is near.
        let here = crew(DVec2::new(0.0, 60.0), DVec2::Y).cover().unwrap();
        assert!(
            here.distance(DVec2::new(0.0, 60.0)) <= 60.1 && here.y < 160.0,
            "{here}"
        );
    }

    #[test]
    fn doctrine_says_whether_and_how_far() {
        let landscape = landscape();
        let crew = Crew {
            at: DVec2::ZERO,
            heading_rad: 0.0,
            threat: None,
            landscape: &landscape,
        };
        assert_eq!(crew.refuge(OnContact::Press), None);
        let back = crew.refuge(OnContact::BreakContact).unwrap();
        assert!(back.distance(DVec2::new(0.0, -BREAK_M)) < 1e-9, "{back}");
        let aside = crew.refuge(OnContact::SeekCover).unwrap();
        assert!(
            aside.distance(DVec2::new(0.0, -ASIDE_M)) < 1e-9,
            "nothing to hide from: {aside}"
        );
    }
}
