//! The order of battle with its inheritance resolved. See [`OrderOfBattle`].

use std::collections::BTreeMap;

use super::schema::{Echelon, Force, Scenario};

/// A force with what it inherits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForceRow {
    /// Id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Ids from the top force down to this one, joined by `/`; with the side in front and a unit's
    /// id behind it is the path that a unit's stable id is made from.
    pub path: String,
    /// Index of the superior.
    pub superior: Option<usize>,
    /// Side, empty where the file names none.
    pub side: String,
    /// Nation, empty where the file names none.
    pub nation: String,
    /// Service, empty where the file names none.
    pub service: String,
    /// Echelon.
    pub echelon: Echelon,
    /// Unit that commands it: its own command post, or that of the nearest superior with one.
    pub command: Option<String>,
    /// Doctrine, its own or inherited.
    pub doctrine: Option<String>,
    /// Label of what its units report, its own or inherited.
    pub releasable_to: Option<Vec<String>>,
    /// Where it stands in the file: an index into `forces`, then into each `subordinates`.
    pub indices: Vec<usize>,
}

/// All forces of a scenario, superiors before subordinates, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderOfBattle {
    /// The forces.
    pub rows: Vec<ForceRow>,
    /// Row by id; the first where an id comes twice.
    by_id: BTreeMap<String, usize>,
}

impl OrderOfBattle {
    /// Resolves a scenario's forces.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let mut order = Self::default();
        for (at, force) in scenario.forces.iter().enumerate() {
            order.add(force, None, vec![at]);
        }
        order
    }

    /// Row of a force by id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The force of an id.
    #[must_use]
    pub fn force(&self, id: &str) -> Option<&ForceRow> {
        self.find(id).map(|row| &self.rows[row])
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.by_id.keys().map(String::as_str)
    }

    /// Whether a force is another or stands under it.
    #[must_use]
    pub fn is_within(&self, row: usize, above: usize) -> bool {
        let mut at = Some(row);
        while let Some(here) = at {
            if here == above {
                return true;
            }
            at = self.rows[here].superior;
        }
        false
    }

    /// Adds a force and those under it.
    fn add(&mut self, force: &Force, superior: Option<usize>, indices: Vec<usize>) {
        let above = superior.map(|row| &self.rows[row]);
        let inherit = |own: &Option<String>, theirs: fn(&ForceRow) -> &String| {
            own.clone()
                .or_else(|| above.map(|row| theirs(row).clone()))
                .unwrap_or_default()
        };
        let row = ForceRow {
            id: force.id.clone(),
            name: force.name.clone().unwrap_or_else(|| force.id.clone()),
            path: above.map_or_else(
                || force.id.clone(),
                |row| format!("{}/{}", row.path, force.id),
            ),
            superior,
            side: inherit(&force.side, |row| &row.side),
            nation: inherit(&force.nation, |row| &row.nation),
            service: inherit(&force.service, |row| &row.service),
            echelon: force.echelon,
            command: force.command.clone().or_else(|| above?.command.clone()),
            doctrine: force.doctrine.clone().or_else(|| above?.doctrine.clone()),
            releasable_to: force
                .releasable_to
                .clone()
                .or_else(|| above?.releasable_to.clone()),
            indices: indices.clone(),
        };
        let own = self.rows.len();
        self.by_id.entry(row.id.clone()).or_insert(own);
        self.rows.push(row);
        for (at, subordinate) in force.subordinates.iter().enumerate() {
            let mut below = indices.clone();
            below.push(at);
            self.add(subordinate, Some(own), below);
        }
    }
}
