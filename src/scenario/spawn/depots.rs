//! Depots and their stocks.

use bevy::prelude::World;

use super::{Names, SpawnError};
use crate::{
    logistics::{Depot, Depots, ReturnRules, Stock, Stocks},
    org::OrderOfBattle,
    platform::{class::Catalogue, stores::EffectorIx},
    scenario::schema::{self, Scenario},
};

/// Puts depots, stocks and the rules of return into a world.
pub(super) fn insert(
    world: &mut World,
    scenario: &Scenario,
    names: &Names,
    (order, catalogue): (&OrderOfBattle, &Catalogue),
) -> Result<(), SpawnError> {
    let rules = &scenario.logistics;
    let (mut depots, mut stocks) = (Vec::new(), Vec::new());
    for depot in &rules.depots {
        let unit = names.unit(&depot.unit)?;
        depots.push(Depot {
            unit,
            side: order.unit(unit).side,
            radius_m: depot.radius_m,
            bays: depot.bays,
            turnaround_s: depot.turnaround_s,
            charge_w: depot.charge_w,
            refuel_kg_s: depot.refuel_kg_s,
            reload_s: depot.reload_s,
        });
        stocks.push(stock(depot, catalogue)?);
    }
    world.insert_resource(Depots(depots));
    world.insert_resource(Stocks(stocks));
    world.insert_resource(ReturnRules {
        energy_fraction: rules.return_energy_fraction,
        rounds_fraction: rules.return_rounds_fraction,
    });
    Ok(())
}

/// What a depot holds.
fn stock(depot: &schema::Depot, catalogue: &Catalogue) -> Result<Stock, SpawnError> {
    let mut held = Stock::default();
    for stock in &depot.stocks {
        match stock {
            schema::Stock::Energy { kwh } => held.energy_kwh += kwh,
            schema::Stock::Fuel { kg } => held.fuel_kg += kg,
            schema::Stock::Rounds { effector, number } => {
                let at = catalogue
                    .effectors
                    .keys()
                    .position(|known| known == effector);
                let at = at.and_then(|at| u16::try_from(at).ok());
                let unknown = || SpawnError::Unknown {
                    kind: "effector",
                    name: effector.clone(),
                };
                *held
                    .rounds
                    .entry(EffectorIx(at.ok_or_else(unknown)?))
                    .or_default() += number;
            }
        }
    }
    Ok(held)
}
