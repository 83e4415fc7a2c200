//! The order of battle, from names to indices.

use super::{Names, SpawnError};
use crate::{
    org::{Doctrine, Force, OrderOfBattle, Side, UnitOrg},
    scenario::{order_of_battle::OrderOfBattle as Tree, schema::Scenario},
};

/// The order of battle of a scenario.
pub(super) fn organise(
    scenario: &Scenario,
    tree: &Tree,
    names: &Names,
) -> Result<OrderOfBattle, SpawnError> {
    let side = |side: &crate::scenario::schema::Side| {
        let hostile_to = side
            .hostile_to
            .iter()
            .map(|id| names.side(id))
            .collect::<Result<_, _>>()?;
        Ok(Side {
            id: side.id.clone(),
            hostile_to,
        })
    };
    let force = |row: &crate::scenario::order_of_battle::ForceRow| {
        let command = row
            .command
            .as_deref()
            .map(|id| names.unit(id))
            .transpose()?;
        let above = row.superior.and_then(|at| tree.rows[at].command.as_deref());
        let doctrine = row
            .doctrine
            .as_deref()
            .and_then(|id| scenario.doctrines.iter().find(|doctrine| doctrine.id == id))
            .cloned()
            .unwrap_or_else(Doctrine::default);
        Ok(Force {
            id: row.id.clone(),
            side: names.side(&row.side)?,
            echelon: row.echelon,
            superior: row
                .superior
                .map(|at| names.force(&tree.rows[at].id))
                .transpose()?,
            command,
            has_own_command: command.is_some() && row.command.as_deref() != above,
            doctrine,
        })
    };
    let unit = |unit: &super::names::UnitName| {
        let entry = &scenario.units[unit.entry];
        let unknown = || SpawnError::Unknown {
            kind: "force",
            name: entry.force.clone(),
        };
        let row = tree.force(&entry.force).ok_or_else(unknown)?;
        Ok(UnitOrg {
            side: names.side(&row.side)?,
            nation: names.nation(&row.nation)?,
            service: names.service(&row.service)?,
            force: names.force(&entry.force)?,
            roles: entry.roles.iter().copied().collect(),
            stem: entry.id.clone(),
        })
    };
    let desks = scenario
        .desks
        .iter()
        .map(|desk| Ok((names.unit(&desk.at)?, desk.clone())));
    Ok(OrderOfBattle {
        sides: scenario
            .sides
            .iter()
            .map(side)
            .collect::<Result<_, SpawnError>>()?,
        nations: names.nations.clone(),
        services: names.services.clone(),
        forces: tree
            .rows
            .iter()
            .map(force)
            .collect::<Result<_, SpawnError>>()?,
        units: names
            .units
            .iter()
            .map(unit)
            .collect::<Result<_, SpawnError>>()?,
        desks: desks.collect::<Result<_, SpawnError>>()?,
    })
}
