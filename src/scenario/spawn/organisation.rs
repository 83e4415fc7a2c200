//! The order of battle, from names to indices.

use std::collections::BTreeSet;

use super::{Names, SpawnError, names::UnitName};
use crate::{
    kernel::{
        ids::UnitId,
        random::{DrawKey, Stream},
    },
    org::{Doctrine, Force, NationIx, OrderOfBattle, Side, UnitOrg, library},
    scenario::{
        order_of_battle::{ForceRow, OrderOfBattle as Tree},
        schema::{self, CourseOfAction, Scenario, UnitSpec},
        validate::DRAWN,
    },
};

/// The course that a side takes in the run with this seed.
fn course_of(side: &schema::Side, seed: u64) -> Option<&CourseOfAction> {
    let asked = side.course.as_deref()?;
    if asked != DRAWN {
        return side.courses.iter().find(|course| course.id == asked);
    }
    let subject = UnitId::of_path(&side.id).0;
    let draw = DrawKey::new(Stream::Course, subject, 0, 0).uniform(seed);
    let whole: f64 = side.courses.iter().map(|course| course.weight).sum();
    let mut left = draw * whole;
    let drawn = side.courses.iter().find(|course| {
        left -= course.weight;
        left < 0.0
    });
    drawn.or(side.courses.last())
}

/// A side with those that it is hostile to.
fn side_of(side: &schema::Side, names: &Names, seed: u64) -> Result<Side, SpawnError> {
    let hostile_to = side
        .hostile_to
        .iter()
        .map(|id| names.side(id))
        .collect::<Result<_, _>>()?;
    Ok(Side {
        id: side.id.clone(),
        hostile_to,
        course: course_of(side, seed).map(|course| course.id.clone()),
        planner: side.planner,
    })
}

/// The doctrine with an id: the file's own, else one that comes with the package.
fn doctrine(scenario: &Scenario, id: &str) -> Option<Doctrine> {
    let own = scenario.doctrines.iter().find(|it| it.id == id).cloned();
    own.or_else(|| library::shipped().into_iter().find(|it| it.id == id))
}

/// The doctrine that the course of its side gives to a force, or to the nearest force above it.
fn doctrine_by_course<'a>(
    row: &ForceRow,
    (scenario, tree): (&'a Scenario, &Tree),
    seed: u64,
) -> Option<&'a str> {
    let side = scenario.sides.iter().find(|side| side.id == row.side)?;
    let course = course_of(side, seed)?;
    let mut at = Some(row);
    while let Some(here) = at {
        let given = course.doctrines.iter().find(|(force, _)| *force == here.id);
        if let Some((_, doctrine)) = given {
            return Some(doctrine);
        }
        at = here.superior.map(|above| &tree.rows[above]);
    }
    None
}

/// A force with what it inherits.
fn force_of(
    row: &ForceRow,
    (scenario, tree): (&Scenario, &Tree),
    names: &Names,
    seed: u64,
) -> Result<Force, SpawnError> {
    let command = row
        .command
        .as_deref()
        .map(|id| names.unit(id))
        .transpose()?;
    let above = row.superior.map(|at| &tree.rows[at]);
    let by_course = doctrine_by_course(row, (scenario, tree), seed);
    let id = by_course.or(row.doctrine.as_deref());
    let doctrine = id.and_then(|id| doctrine(scenario, id)).unwrap_or_default();
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
    seed: u64,
) -> Result<OrderOfBattle, SpawnError> {
    let file = (scenario, tree);
    let desks = scenario
        .desks
        .iter()
        .map(|desk| Ok((names.unit(&desk.at)?, desk.clone())));
    let sides = scenario.sides.iter().map(|side| side_of(side, names, seed));
    let forces = tree.rows.iter().map(|row| force_of(row, file, names, seed));
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
