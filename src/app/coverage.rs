//! Link coverage of plans: what the safety check asks. See [`PlanCoverage`].

use std::{collections::BTreeMap, sync::Arc};

use bevy::prelude::World;
use glam::DVec3;

use super::simulation::{BuildError, RunOptions, Simulation};
use crate::{
    comms::{
        Networks,
        coverage::{Coverage, Ether},
        routing::is_forwarder,
    },
    environment::{Landscape, Weather},
    kernel::ids::{UnitIndex, UnitIx},
    org::OrderOfBattle,
    plan::{Leg, LegKind, MissionPlan, PlanSet, Position},
    platform::{class::Catalogue, truth::Board},
    scenario::load::LoadedScenario,
};

/// A vehicle of the plan with the coverage of the post that commands it.
#[derive(Debug)]
struct Tracked {
    unit: UnitIx,
    coverage: Coverage,
}

/// How well the vehicles of a plan are heard by the posts that command them. Everybody else is
/// where the scenario put it; a vehicle that relays is where it is to relay; other vehicles of the
/// plan, which may be anywhere, relay for nobody.
#[derive(Debug)]
pub struct PlanCoverage {
    simulation: Simulation,
    places: Vec<DVec3>,
    relays: Vec<bool>,
    tracked: BTreeMap<String, Tracked>,
}

/// Where a plan relays, m; none where it does not.
fn station(plan: &MissionPlan, landscape: &Landscape) -> Option<DVec3> {
    let is_relay = |leg: &&Leg| matches!(leg.kind, LegKind::Relay { .. });
    let at = plan.legs.iter().find(is_relay)?.waypoints.last()?;
    let place = landscape.local(at.lat_deg, at.lon_deg);
    let surface_m = landscape.terrain.surface_m(place.x, place.y);
    let height_m = at
        .altitude
        .above_mean_sea_m(plan.home.elevation_m, surface_m);
    Some(place.extend(height_m))
}

/// The links of a world with everybody at a place.
fn ether<'a>(world: &'a World, places: &'a [DVec3], relays: &'a [bool]) -> Ether<'a> {
    Ether {
        networks: world.resource::<Networks>(),
        landscape: world.resource::<Landscape>(),
        weather: world.resource::<Weather>(),
        places,
        relays,
    }
}

impl PlanCoverage {
    /// The coverage of a plan in the world of its scenario.
    ///
    /// # Errors
    /// If the world cannot be built.
    pub fn new(
        set: &PlanSet,
        loaded: &LoadedScenario,
        catalogue: &Arc<Catalogue>,
    ) -> Result<Self, BuildError> {
        let simulation = Simulation::standing(loaded, catalogue, &RunOptions::default())?;
        let world = simulation.world();
        let order = world.resource::<OrderOfBattle>();
        let networks = world.resource::<Networks>();
        let pieces = world.resource::<Board>().iter();
        let mut places: Vec<DVec3> = pieces.map(|(_, piece)| piece.position).collect();
        let mut relays: Vec<bool> = (0..places.len())
            .map(|at| is_forwarder(UnitIx::from_at(at), networks, order))
            .collect();
        let mut planned: Vec<(String, UnitIx)> = Vec::new();
        for (unit, row) in world.resource::<UnitIndex>().iter() {
            let Some(plan) = set.plans.iter().find(|plan| plan.unit == row.name) else {
                continue;
            };
            planned.push((row.name.clone(), unit));
            match station(plan, world.resource::<Landscape>()) {
                Some(at) => places[unit.at()] = at,
                None => relays[unit.at()] = false,
            }
        }
        let mut tracked = BTreeMap::new();
        for (name, unit) in planned {
            if let Some(post) = order.superior_of(unit) {
                // Nobody relays for itself.
                let was = core::mem::replace(&mut relays[unit.at()], false);
                let coverage = ether(world, &places, &relays).coverage(post);
                relays[unit.at()] = was;
                tracked.insert(name, Tracked { unit, coverage });
            }
        }
        Ok(Self {
            places,
            relays,
            tracked,
            simulation,
        })
    }

    /// Where everybody is, by rank, m: relays of the plan at their stations.
    pub(super) fn places(&self) -> &[DVec3] {
        &self.places
    }

    /// Who passes messages on from there, by rank.
    pub(super) fn relays(&self) -> &[bool] {
        &self.relays
    }

    /// Margin, dB, of the best way from a unit at a place and a height above mean sea level, m, to
    /// the post that commands it; minus infinity where there is none.
    #[must_use]
    pub fn margin_db(&self, unit: &str, at: Position, height_m: f64) -> f64 {
        let world = self.simulation.world();
        let Some(tracked) = self.tracked.get(unit) else {
            return f64::NEG_INFINITY;
        };
        let landscape = world.resource::<Landscape>();
        let place = landscape.local(at.lat_deg, at.lon_deg).extend(height_m);
        ether(world, &self.places, &self.relays).margin_from_db(
            &tracked.coverage,
            tracked.unit,
            place,
        )
    }
}
