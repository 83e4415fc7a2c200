//! The frame of validation: what rules read, and how they report. See [`validate`].

use std::collections::BTreeMap;
use std::rc::Rc;

use glam::DVec2;

use super::{
    command, forces, general, land, missions, networks, orders, sharing, sustainment, units, world,
};
use crate::kernel::finding::Finding;
use crate::plan::polygon::{Polygon, PolygonError};
use crate::platform::class::Catalogue;
use crate::scenario::order_of_battle::OrderOfBattle;
use crate::scenario::read::ReadScenario;
use crate::scenario::schema::{Network, Place, Role, Scenario, TerrainSpec, UnitSpec};
use crate::scenario::suggest::did_you_mean;
use crate::scenario::tree::{Document, Step};

/// Most units of a scenario.
pub(super) const UNITS_MAX: u64 = 1_000_000;

/// Most corners of an area.
const CORNERS_MAX: usize = 500;

/// The ground under a scenario, for the rules that ask for it.
pub trait Ground {
    /// Height of ground or sea bed above mean sea level at a local position, in metres; negative is
    /// water of that depth.
    fn height_m(&self, at_m: DVec2) -> f64;

    /// Local position of a latitude and longitude in degrees, in metres east and north.
    fn local_m(&self, lat_deg: f64, lon_deg: f64) -> DVec2;
}

/// Checks a scenario and returns every finding, sorted by place. Without ground the rules that
/// compare a unit's domain with land and water (S1136) and positions in degrees are passed over.
#[must_use]
pub fn validate(
    read: &ReadScenario,
    catalogue: &Catalogue,
    ground: Option<&dyn Ground>,
) -> Vec<Finding> {
    let mut check = Check::new(read, catalogue, ground);
    general::check(&mut check);
    // Counts beyond the limit end here: nothing after it may work through a million entries.
    if check.findings.iter().any(|finding| finding.code == "S1132") {
        return check.findings;
    }
    world::check(&mut check);
    land::check(&mut check);
    forces::check(&mut check);
    units::check(&mut check);
    networks::check(&mut check);
    sharing::check(&mut check);
    command::check(&mut check);
    missions::check(&mut check);
    orders::check(&mut check);
    sustainment::check(&mut check);
    check.findings.sort();
    check.findings.dedup();
    check.findings
}

/// What rules read, and where they report.
pub(super) struct Check<'a> {
    /// The scenario.
    pub(super) scenario: &'a Scenario,
    /// Its tree.
    pub(super) document: &'a Document,
    /// The catalogue.
    pub(super) catalogue: &'a Catalogue,
    /// The ground, if known.
    pub(super) ground: Option<&'a dyn Ground>,
    /// The order of battle.
    pub(super) forces: Rc<OrderOfBattle>,
    /// Entry of each unit by the id or stem that the file gives.
    units: BTreeMap<&'a str, usize>,
    /// First entry of each group by its stem.
    stems: BTreeMap<&'a str, usize>,
    /// Entry of each network by id.
    networks: BTreeMap<&'a str, usize>,
    /// Findings so far.
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    /// Prepares a check.
    fn new(
        read: &'a ReadScenario,
        catalogue: &'a Catalogue,
        ground: Option<&'a dyn Ground>,
    ) -> Self {
        Self {
            scenario: &read.scenario,
            document: &read.document,
            catalogue,
            ground,
            forces: Rc::new(OrderOfBattle::of(&read.scenario)),
            units: index(read.scenario.units.iter().map(|unit| unit.id.as_str())),
            stems: index(read.scenario.units.iter().map(UnitSpec::stem)),
            networks: index(read.scenario.networks.iter().map(|it| it.id.as_str())),
            findings: Vec::new(),
        }
    }

    /// Whether the file itself gives a key at a path.
    pub(super) fn document_has(&self, path: &[Step<'_>], key: &str) -> bool {
        let with = [path, &[key.into()]].concat();
        self.document.place(&with) != self.document.place(path)
    }

    /// Reports an error at a path.
    pub(super) fn error(
        &mut self,
        code: &str,
        path: &[Step<'_>],
        cause: impl Into<String>,
        cure: impl Into<String>,
    ) {
        let finding = self
            .document
            .error(code, self.document.place(path), cause, cure);
        self.findings.push(finding);
    }

    /// Reports a warning at a path.
    pub(super) fn warning(
        &mut self,
        code: &str,
        path: &[Step<'_>],
        cause: impl Into<String>,
        cure: impl Into<String>,
    ) {
        let finding = self
            .document
            .warning(code, self.document.place(path), cause, cure);
        self.findings.push(finding);
    }

    /// Reports a number outside its range; `name` carries the unit.
    pub(super) fn range(
        &mut self,
        code: &str,
        path: &[Step<'_>],
        name: &str,
        value: f64,
        (low, high): (f64, f64),
    ) {
        if !(low..=high).contains(&value) {
            let cause = format!("`{name}` is {value}");
            self.error(
                code,
                path,
                cause,
                format!("write a number from {low} to {high}"),
            );
        }
    }

    /// Reports a name that is not among the known ones.
    pub(super) fn known<'k>(
        &mut self,
        code: &str,
        path: &[Step<'_>],
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) -> bool {
        let found = known.clone().into_iter().any(|candidate| candidate == name);
        if !found {
            let cause = format!("there is no {what} `{name}`");
            self.error(code, path, cause, did_you_mean(name, known, what));
        }
        found
    }

    /// Reports an unknown unit.
    pub(super) fn known_unit(&mut self, code: &str, path: &[Step<'_>], name: &str) -> bool {
        if self.unit(name).is_some() {
            return true;
        }
        let stems = self.scenario.units.iter();
        let ids = stems
            .filter(|unit| unit.count == 1)
            .map(|unit| unit.id.as_str());
        let cure = match self.scenario.units.iter().find(|unit| unit.id == name) {
            Some(unit) => format!("its units are `{name}-1` to `{name}-{}`", unit.count),
            None => did_you_mean(name, ids, "units"),
        };
        self.error(code, path, format!("there is no unit `{name}`"), cure);
        false
    }

    /// Reports an unknown side.
    pub(super) fn known_side(&mut self, code: &str, path: &[Step<'_>], name: &str) -> bool {
        let scenario = self.scenario;
        self.known(
            code,
            path,
            "side",
            name,
            scenario.sides.iter().map(|side| side.id.as_str()),
        )
    }

    /// Reports an unknown force.
    pub(super) fn known_force(&mut self, code: &str, path: &[Step<'_>], name: &str) {
        let forces = Rc::clone(&self.forces);
        if forces.find(name).is_none() {
            self.known(code, path, "force", name, forces.ids());
        }
    }

    /// Reports an unknown network.
    pub(super) fn known_network(&mut self, code: &str, path: &[Step<'_>], name: &str) {
        if self.network(name).is_none() {
            let ids = self
                .scenario
                .networks
                .iter()
                .map(|network| network.id.as_str());
            self.known(code, path, "network", name, ids);
        }
    }

    /// A network by id.
    pub(super) fn network(&self, id: &str) -> Option<&'a Network> {
        self.networks.get(id).map(|at| &self.scenario.networks[*at])
    }

    /// The entry of a unit or of a counted group, by the id that the file gives.
    pub(super) fn entry(&self, id: &str) -> Option<&'a UnitSpec> {
        let at = self.units.get(id).or_else(|| self.stems.get(id));
        at.map(|at| &self.scenario.units[*at])
    }

    /// The counted group that makes a unit of this id, if any.
    pub(super) fn member_of(&self, id: &str) -> Option<&'a UnitSpec> {
        let (stem, digits) = id.rsplit_once('-')?;
        let number = digits
            .parse::<u32>()
            .ok()
            .filter(|_| !digits.starts_with(['0', '+']))?;
        self.entry(stem)
            .filter(|unit| unit.count > 1 && number <= unit.count)
    }

    /// The entry of a unit by its expanded id.
    pub(super) fn unit(&self, id: &str) -> Option<&'a UnitSpec> {
        self.entry(id)
            .filter(|unit| unit.count == 1 && unit.id == id)
            .or_else(|| self.member_of(id))
    }

    /// Whether a unit has a role; unknown units have it, as they are reported elsewhere.
    pub(super) fn has_role(&self, id: &str, role: Role) -> bool {
        self.unit(id).is_none_or(|unit| unit.roles.contains(&role))
    }

    /// Side of a unit's force; `None` where either is unknown.
    pub(super) fn side_of(&self, unit: &UnitSpec) -> Option<&str> {
        self.forces
            .force(&unit.force)
            .map(|force| force.side.as_str())
    }

    /// Position of a unit, if it can be known.
    pub(super) fn position_m(&self, unit: &UnitSpec) -> Option<DVec2> {
        match unit.place()? {
            Place::Local(at) => Some(at),
            Place::Geodetic { lat_deg, lon_deg } => {
                self.ground.map(|ground| ground.local_m(lat_deg, lon_deg))
            }
        }
    }

    /// Half the width and height of the terrain, in metres.
    pub(super) fn half_extent_m(&self) -> DVec2 {
        match &self.scenario.terrain {
            TerrainSpec::File { half_extent_m, .. }
            | TerrainSpec::Flat { half_extent_m, .. }
            | TerrainSpec::Ridges { half_extent_m, .. }
            | TerrainSpec::Procedural { half_extent_m, .. } => *half_extent_m,
        }
    }

    /// S1134: a position lies outside the terrain.
    pub(super) fn check_s1134_inside(&mut self, path: &[Step<'_>], at_m: DVec2) {
        let half = self.half_extent_m();
        if at_m.x.abs() > half.x || at_m.y.abs() > half.y {
            self.error(
                "S1134",
                path,
                format!("({:.0}, {:.0}) m lies outside the terrain", at_m.x, at_m.y),
                format!("stay within ±{} m east and ±{} m north", half.x, half.y),
            );
        }
    }

    /// S1134 for every point of a line.
    pub(super) fn check_points(&mut self, path: &[Step<'_>], points: &[DVec2]) {
        for (at, point) in points.iter().enumerate() {
            let below = [path, &[Step::Index(at)]].concat();
            self.check_s1134_inside(&below, *point);
        }
    }

    /// S1111 and S1112: an area has three corners and does not cross itself.
    pub(super) fn check_area(&mut self, path: &[Step<'_>], points: &[DVec2]) {
        if points.len() > CORNERS_MAX {
            let cause = format!("an area with {} corners", points.len());
            self.error("S1112", path, cause, format!("use at most {CORNERS_MAX}"));
            return;
        }
        self.check_points(path, points);
        let Err(error) = Polygon::new(points.to_vec()) else {
            return;
        };
        let code = if matches!(error, PolygonError::TooFew(_)) {
            "S1111"
        } else {
            "S1112"
        };
        let cure = "give at least three corners in order around the area, the first not repeated";
        self.error(code, path, error.to_string(), cure);
    }
}

/// Index of ids; the first entry keeps an id.
fn index<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut index = BTreeMap::new();
    for (at, id) in ids.enumerate() {
        index.entry(id).or_insert(at);
    }
    index
}
