//! From a validated scenario to a world: units, networks, rules. See [`spawn`].
//!
//! Everything is named in the scenario by text and in the world by index; this is the only place
//! that turns one into the other.

mod decisions;
mod depots;
mod equipment;
mod land;
mod measures;
mod missions;
mod names;
mod networks;
mod organisation;
mod rules;
mod units;

use std::sync::Arc;

use bevy::prelude::World;
use thiserror::Error;

pub use land::cover_map;
pub use names::Names;

use super::{load::LoadedScenario, order_of_battle::OrderOfBattle as Tree};
use crate::{
    environment::{
        Landscape, Sun,
        obstacles::{Obstacle, Obstacles},
        sun::days_since_j2000,
    },
    kernel::random::RunSeed,
    platform::{class::Catalogue, energy::EnergyError},
};

/// Why a validated scenario cannot become a world: an error of ours, since validation should have
/// caught it.
#[derive(Debug, Error)]
pub enum SpawnError {
    /// A name that validation let pass.
    #[error(
        "the scenario names {kind} `{name}`, which is not there; validation should have said so"
    )]
    Unknown {
        /// Kind of thing.
        kind: &'static str,
        /// Name.
        name: String,
    },
    /// A class without an energy model.
    #[error("class `{class}` has no energy model: {cause}")]
    Energy {
        /// Class.
        class: String,
        /// Why.
        cause: EnergyError,
    },
    /// Two units with the same id hash.
    #[error("units `{0}` and `{1}` have the same id; rename one")]
    SameId(String, String),
}

/// The obstacles of a scenario: buildings on the ground.
#[must_use]
pub fn obstacles(loaded: &LoadedScenario) -> Obstacles {
    let place = |building: &super::schema::Building| {
        let ground_m = loaded.terrain.surface_m(building.at_m.x, building.at_m.y);
        let height_m = building.size_m.z;
        Obstacle {
            id: building.id.clone(),
            centre_m: building.at_m.extend(ground_m + 0.5 * height_m),
            // The file says length before width; the box has its length along its heading.
            size_m: glam::DVec3::new(building.size_m.y, building.size_m.x, height_m),
            heading_rad: building.heading_deg.to_radians(),
        }
    };
    Obstacles::new(loaded.read.scenario.buildings.iter().map(place).collect())
}

/// Puts everything that a scenario says into a world that has all plugins.
///
/// # Errors
/// Where validation let something pass that it should not have.
pub fn spawn(
    world: &mut World,
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
    seed: u64,
) -> Result<(), SpawnError> {
    let scenario = &loaded.read.scenario;
    let tree = Tree::of(scenario);
    let names = Names::of(scenario, &tree)?;
    let landscape = Landscape {
        terrain: Arc::new(loaded.terrain.clone()),
        cover: Arc::new(cover_map(loaded, catalogue)?),
        frame: loaded.frame,
        undulation_m: scenario.origin.geoid_undulation_m,
    };
    world.insert_resource(RunSeed(seed));
    world.insert_resource(scenario.environment);
    world.insert_resource(scenario.tide);
    let start_days = days_since_j2000(&scenario.start_utc).unwrap_or_default();
    let origin = scenario.origin;
    world.insert_resource(Sun::new(start_days, origin.lat_deg, origin.lon_deg));
    world.insert_resource(measures::measures(scenario, &names)?);
    let order = organisation::organise(scenario, &tree, &names, seed)?;
    let fleet = units::fleet(scenario, &names, catalogue)?;
    networks::insert(world, loaded, &names, catalogue)?;
    rules::insert(world, scenario, &names, (&order, catalogue.as_ref()))?;
    units::spawn_units(
        world,
        (scenario, &names),
        (&order, &fleet),
        (&landscape, catalogue),
        seed,
    )?;
    decisions::insert(world, (scenario, &names), &order)?;
    world.insert_resource(landscape);
    world.insert_resource(order);
    world.insert_resource(fleet);
    Ok(())
}
