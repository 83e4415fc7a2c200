//! The order of battle, from names to indices.

use std::collections::BTreeSet;

use super::{Names, SpawnError, names::UnitName};
use crate::{
    org::{Force, NationIx, OrderOfBattle, Side, UnitOrg},
    scenario::{
        order_of_battle::{ForceRow, OrderOfBattle as Tree},
        schema::{self, Scenario, UnitSpec},
    },
};

/// A side with those that it is hostile to.
fn side_of(side: &schema::Side, names: &Names) -> Result<Side, SpawnError> {
    let hostile_to = side
        .hostile_to
        .iter()
        .map(|id| names.side(id))
        .collect::<Result<_, _>>()?;
    Ok(Side {
        id: side.id.clone(),
        hostile_to,
    })
}

/// A force with what it inherits.
fn force_of(
    row: &ForceRow,
    (scenario, tree): (&Scenario, &Tree),
    names: &Names,
) -> Result<Force, SpawnError> {
    let command = row
        .command
        .as_deref()
        .map(|id| names.unit(id))
        .transpose()?;
    let above = row.superior.map(|at| &tree.rows[at]);
    let mut doctrines = scenario.doctrines.iter();
    let doctrine = row
        .doctrine
        .as_deref()
        .and_then(|id| doctrines.find(|doctrine| doctrine.id == id))
        .cloned()
        .unwrap_or_default();
    Ok(Force {
        id: row.id.clone(),
        side: names.side(&row.side)?,
        echelon: row.echelon,
        superior: above.map(|above| names.force(&above.id)).transpose()?,
        command,
        has_own_command: command.is_some()
            && row.command != above.and_then(|above| above.command.clone()),
        doctrine,
    })
}

/// The label of what a unit reports: its own, else its force's.
fn label(
    entry: &UnitSpec,
    row: &ForceRow,
    names: &Names,
) -> Result<Option<BTreeSet<NationIx>>, SpawnError> {
    let nations = entry.releasable_to.as_ref().or(row.releasable_to.as_ref());
    let nation = |name: &String| names.nation(name);
    nations
        .map(|nations| nations.iter().map(nation).collect())
        .transpose()
}

/// What the order of battle says of one unit.
fn unit_of(
    unit: &UnitName,
    (scenario, tree): (&Scenario, &Tree),
    names: &Names,
) -> Result<UnitOrg, SpawnError> {
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
        releasable_to: label(entry, row, names)?,
        stem: entry.stem().to_owned(),
    })
}

/// The order of battle of a scenario.
pub(super) fn organise(
    scenario: &Scenario,
    tree: &Tree,
    names: &Names,
) -> Result<OrderOfBattle, SpawnError> {
    let file = (scenario, tree);
    let desks = scenario
        .desks
        .iter()
        .map(|desk| Ok((names.unit(&desk.at)?, desk.clone())));
    let sides = scenario.sides.iter().map(|side| side_of(side, names));
    let forces = tree.rows.iter().map(|row| force_of(row, file, names));
    let units = names.units.iter().map(|unit| unit_of(unit, file, names));
    Ok(OrderOfBattle {
        sides: sides.collect::<Result<_, SpawnError>>()?,
        nations: names.nations.clone(),
        services: names.services.clone(),
        forces: forces.collect::<Result<_, SpawnError>>()?,
        units: units.collect::<Result<_, SpawnError>>()?,
        desks: desks.collect::<Result<_, SpawnError>>()?,
    })
}
