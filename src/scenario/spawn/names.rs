//! Names of a scenario and the indices that the world knows them by. See [`Names`].

use std::collections::BTreeMap;

use super::SpawnError;
use crate::{
    comms::NetworkIx,
    kernel::ids::{UnitId, UnitIx},
    org::{ForceIx, NationIx, ServiceIx, SideIx},
    scenario::{
        order_of_battle::OrderOfBattle as Tree,
        placement::positions,
        schema::{Scenario, UnitSpec},
    },
};

/// One unit after expansion.
#[derive(Debug, Clone)]
pub struct UnitName {
    /// Stable id.
    pub id: UnitId,
    /// Short name.
    pub name: String,
    /// Entry of the scenario that it comes from.
    pub entry: usize,
    /// Its number within that entry, from zero.
    pub member: usize,
}

/// All names, with the indices behind them.
#[derive(Debug)]
pub struct Names {
    /// Units by rank.
    pub units: Vec<UnitName>,
    by_name: BTreeMap<String, UnitIx>,
    forces: BTreeMap<String, ForceIx>,
    /// Sides in order.
    pub sides: Vec<String>,
    /// Nations in order.
    pub nations: Vec<String>,
    /// Services in order.
    pub services: Vec<String>,
    networks: BTreeMap<String, NetworkIx>,
}

/// Sorted names without repetition.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let set: std::collections::BTreeSet<&str> = names.collect();
    set.into_iter().map(str::to_owned).collect()
}

/// The place of a name in a list, as a small index.
fn place(list: &[String], name: &str, kind: &'static str) -> Result<u8, SpawnError> {
    let at = list.iter().position(|known| known == name);
    at.and_then(|at| u8::try_from(at).ok())
        .ok_or_else(|| SpawnError::Unknown {
            kind,
            name: name.to_owned(),
        })
}

impl Names {
    /// The names of a scenario.
    ///
    /// # Errors
    /// Where two units have the same id.
    pub fn of(scenario: &Scenario, tree: &Tree) -> Result<Self, SpawnError> {
        let mut units = Vec::new();
        for (entry, unit) in scenario.units.iter().enumerate() {
            let path = tree.force(&unit.force).map_or("", |row| row.path.as_str());
            for (member, name) in unit.expanded_ids().enumerate() {
                let id = UnitId::of_path(&format!("{path}/{name}"));
                units.push(UnitName {
                    id,
                    name,
                    entry,
                    member,
                });
            }
        }
        units.sort_by_key(|unit| unit.id);
        if let Some(pair) = units.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(SpawnError::SameId(
                pair[0].name.clone(),
                pair[1].name.clone(),
            ));
        }
        let ranked = units.iter().enumerate();
        let by_name = ranked
            .map(|(at, unit)| (unit.name.clone(), UnitIx::from_at(at)))
            .collect();
        let small = |at: usize| u16::try_from(at).expect("forces and networks are limited on load");
        let rows = tree.rows.iter().enumerate();
        let nets = scenario.networks.iter().enumerate();
        Ok(Self {
            by_name,
            forces: rows
                .map(|(at, row)| (row.id.clone(), ForceIx(small(at))))
                .collect(),
            sides: scenario.sides.iter().map(|side| side.id.clone()).collect(),
            nations: distinct(tree.rows.iter().map(|row| row.nation.as_str())),
            services: distinct(tree.rows.iter().map(|row| row.service.as_str())),
            networks: nets
                .map(|(at, net)| (net.id.clone(), NetworkIx(small(at))))
                .collect(),
            units,
        })
    }

    /// A unit by name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn unit(&self, name: &str) -> Result<UnitIx, SpawnError> {
        let unknown = || SpawnError::Unknown {
            kind: "unit",
            name: name.to_owned(),
        };
        self.by_name.get(name).copied().ok_or_else(unknown)
    }

    /// Units by name or by the stem of a counted entry.
    ///
    /// # Errors
    /// Where there is none.
    pub fn units_of(&self, name: &str, scenario: &Scenario) -> Result<Vec<UnitIx>, SpawnError> {
        if let Ok(unit) = self.unit(name) {
            return Ok(vec![unit]);
        }
        let mut entries: Vec<&UnitSpec> = scenario.units.iter().collect();
        entries.retain(|unit| unit.stem() == name);
        entries.sort_by_key(|unit| unit.place_in_formation(0).0);
        if entries.is_empty() {
            return Err(SpawnError::Unknown {
                kind: "unit",
                name: name.to_owned(),
            });
        }
        let ids = entries.into_iter().flat_map(UnitSpec::expanded_ids);
        ids.map(|name| self.unit(&name)).collect()
    }

    /// A force by id.
    ///
    /// # Errors
    /// Where there is none.
    pub fn force(&self, id: &str) -> Result<ForceIx, SpawnError> {
        let unknown = || SpawnError::Unknown {
            kind: "force",
            name: id.to_owned(),
        };
        self.forces.get(id).copied().ok_or_else(unknown)
    }

    /// A network by id.
    ///
    /// # Errors
    /// Where there is none.
    pub fn network(&self, id: &str) -> Result<NetworkIx, SpawnError> {
        let unknown = || SpawnError::Unknown {
            kind: "network",
            name: id.to_owned(),
        };
        self.networks.get(id).copied().ok_or_else(unknown)
    }

    /// A side by id.
    ///
    /// # Errors
    /// Where there is none.
    pub fn side(&self, id: &str) -> Result<SideIx, SpawnError> {
        place(&self.sides, id, "side").map(SideIx)
    }

    /// A nation by name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn nation(&self, name: &str) -> Result<NationIx, SpawnError> {
        place(&self.nations, name, "nation").map(NationIx)
    }

    /// A service by name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn service(&self, name: &str) -> Result<ServiceIx, SpawnError> {
        place(&self.services, name, "service").map(ServiceIx)
    }
}

/// Where a unit stands about its entry's position, m.
#[must_use]
pub(super) fn position(entry: &UnitSpec, member: usize, leader: glam::DVec2) -> glam::DVec2 {
    positions(entry, leader).nth(member).unwrap_or(leader)
}
