//! Reads catalogue files and answers by name. See [`Catalogue`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::catalogue_check;
use super::class::{
    ClassSpec, CoverSpec, EffectorSpec, JammerSpec, RadioSpec, RoadClass, RoadSpec, SensorSpec,
    Vulnerability,
};
use crate::geo::cover::CoverClass;

/// Everything that a scenario may name, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Catalogue {
    /// Classes of platforms.
    pub classes: BTreeMap<String, ClassSpec>,
    /// Sensors and reporters.
    pub sensors: BTreeMap<String, SensorSpec>,
    /// Radios, modems, wire ends.
    pub radios: BTreeMap<String, RadioSpec>,
    /// Effectors.
    pub effectors: BTreeMap<String, EffectorSpec>,
    /// Jammers.
    pub jammers: BTreeMap<String, JammerSpec>,
    /// Land covers.
    pub covers: BTreeMap<String, CoverSpec>,
    /// Kinds of roads.
    pub roads: BTreeMap<String, RoadSpec>,
    /// How targets are hurt and pinned down; none where nothing lowers a kill probability.
    pub vulnerability: Option<Vulnerability>,
}

/// One file as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CatalogueFile {
    /// Classes in any order.
    classes: Vec<ClassSpec>,
    /// Sensors in any order.
    sensors: Vec<SensorSpec>,
    /// Radios in any order.
    radios: Vec<RadioSpec>,
    /// Effectors in any order.
    effectors: Vec<EffectorSpec>,
    /// Jammers in any order.
    jammers: Vec<JammerSpec>,
    /// Land covers in any order.
    covers: Vec<CoverSpec>,
    /// Kinds of roads in any order.
    roads: Vec<RoadSpec>,
    /// How targets are hurt; in one file only.
    vulnerability: Option<Vulnerability>,
}

/// What is wrong with a catalogue file, and where.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{file}:{line}:{column}: {cause}")]
pub struct CatalogueError {
    /// File name as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong.
    pub cause: String,
}

/// The files of the shipped catalogue.
const SHIPPED: &[(&str, &str)] = &[
    (
        "sensors.ron",
        include_str!("../../assets/catalogue/sensors.ron"),
    ),
    (
        "radios.ron",
        include_str!("../../assets/catalogue/radios.ron"),
    ),
    (
        "effectors.ron",
        include_str!("../../assets/catalogue/effectors.ron"),
    ),
    (
        "vulnerability.ron",
        include_str!("../../assets/catalogue/vulnerability.ron"),
    ),
    (
        "jammers.ron",
        include_str!("../../assets/catalogue/jammers.ron"),
    ),
    (
        "land-cover.ron",
        include_str!("../../assets/catalogue/land-cover.ron"),
    ),
    (
        "munitions.ron",
        include_str!("../../assets/catalogue/munitions.ron"),
    ),
    (
        "ground.ron",
        include_str!("../../assets/catalogue/ground.ron"),
    ),
    ("air.ron", include_str!("../../assets/catalogue/air.ron")),
    ("sea.ron", include_str!("../../assets/catalogue/sea.ron")),
    (
        "dismount.ron",
        include_str!("../../assets/catalogue/dismount.ron"),
    ),
    ("ugv.ron", include_str!("../../assets/catalogue/ugv.ron")),
    ("uav.ron", include_str!("../../assets/catalogue/uav.ron")),
    (
        "maritime-uxv.ron",
        include_str!("../../assets/catalogue/maritime-uxv.ron"),
    ),
    (
        "fixed.ron",
        include_str!("../../assets/catalogue/fixed.ron"),
    ),
    (
        "civil.ron",
        include_str!("../../assets/catalogue/civil.ron"),
    ),
];

impl Catalogue {
    /// The catalogue that comes with the package.
    #[must_use]
    pub fn shipped() -> Self {
        Self::from_ron(SHIPPED).expect("a test reads the shipped files with the same function")
    }

    /// Reads and merges files given as (name, text).
    ///
    /// # Errors
    /// Every file's first syntax or type error; when all files can be read, every broken rule.
    pub fn from_ron(files: &[(&str, &str)]) -> Result<Self, Vec<CatalogueError>> {
        let mut catalogue = Self::default();
        let mut errors = Vec::new();
        for (file, text) in files {
            match ron::from_str::<CatalogueFile>(text) {
                Ok(parsed) => catalogue.merge(parsed, file, text, &mut errors),
                Err(error) => errors.push(CatalogueError {
                    file: (*file).to_owned(),
                    line: error.span.start.line,
                    column: error.span.start.col,
                    cause: error.code.to_string(),
                }),
            }
        }
        if errors.is_empty() {
            for (name, cause) in catalogue_check::broken_rules(&catalogue) {
                errors.push(place(files, &name, cause));
            }
        }
        if errors.is_empty() {
            Ok(catalogue)
        } else {
            Err(errors)
        }
    }

    /// Class by name.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<&ClassSpec> {
        self.classes.get(name)
    }

    /// Sensor by name.
    #[must_use]
    pub fn sensor(&self, name: &str) -> Option<&SensorSpec> {
        self.sensors.get(name)
    }

    /// Radio by name.
    #[must_use]
    pub fn radio(&self, name: &str) -> Option<&RadioSpec> {
        self.radios.get(name)
    }

    /// Effector by name.
    #[must_use]
    pub fn effector(&self, name: &str) -> Option<&EffectorSpec> {
        self.effectors.get(name)
    }

    /// Jammer by name.
    #[must_use]
    pub fn jammer(&self, name: &str) -> Option<&JammerSpec> {
        self.jammers.get(name)
    }

    /// Land cover of a class.
    #[must_use]
    pub fn cover(&self, class: CoverClass) -> Option<&CoverSpec> {
        self.covers.values().find(|it| it.class == class)
    }

    /// Road of a class.
    #[must_use]
    pub fn road(&self, class: RoadClass) -> Option<&RoadSpec> {
        self.roads.values().find(|it| it.class == class)
    }

    /// Takes one file in; a name that is there already is an error at its second place.
    fn merge(
        &mut self,
        parsed: CatalogueFile,
        file: &str,
        text: &str,
        errors: &mut Vec<CatalogueError>,
    ) {
        let mut twice = Vec::new();
        take(
            &mut self.classes,
            parsed.classes,
            |item| &item.name,
            &mut twice,
        );
        take(
            &mut self.sensors,
            parsed.sensors,
            |item| &item.name,
            &mut twice,
        );
        take(
            &mut self.radios,
            parsed.radios,
            |item| &item.name,
            &mut twice,
        );
        take(
            &mut self.effectors,
            parsed.effectors,
            |item| &item.name,
            &mut twice,
        );
        take(
            &mut self.jammers,
            parsed.jammers,
            |item| &item.name,
            &mut twice,
        );
        let (covers, roads) = (parsed.covers, parsed.roads);
        take(&mut self.covers, covers, |item| &item.name, &mut twice);
        take(&mut self.roads, roads, |item| &item.name, &mut twice);
        if let Some(vulnerability) = parsed.vulnerability
            && self.vulnerability.replace(vulnerability).is_some()
        {
            let at = text.find("vulnerability:").unwrap_or_default();
            let cause = "`vulnerability` is defined twice".to_owned();
            errors.push(error_at(file, text, at, cause));
        }
        for name in twice {
            let at = text.rfind(&format!("name: \"{name}\"")).unwrap_or_default();
            errors.push(error_at(
                file,
                text,
                at,
                format!("`{name}` is defined twice"),
            ));
        }
    }
}

/// Moves items into a map by name and notes names that were there already.
fn take<T>(
    into: &mut BTreeMap<String, T>,
    items: Vec<T>,
    name_of: impl Fn(&T) -> &String,
    twice: &mut Vec<String>,
) {
    for item in items {
        let name = name_of(&item).clone();
        if into.insert(name.clone(), item).is_some() {
            twice.push(name);
        }
    }
}

/// Finds the file and place where `name` is defined.
fn place(files: &[(&str, &str)], name: &str, cause: String) -> CatalogueError {
    let key = format!("name: \"{name}\"");
    for (file, text) in files {
        if let Some(at) = text.find(&key) {
            return error_at(file, text, at, cause);
        }
    }
    let (file, text) = files.first().copied().unwrap_or_default();
    error_at(file, text, 0, cause)
}

/// Turns a byte offset into line and column.
fn error_at(file: &str, text: &str, at: usize, cause: String) -> CatalogueError {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    CatalogueError {
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::{Family, Motion};

    #[test]
    fn shipped_catalogue_reads_and_names_every_family() {
        let catalogue = match Catalogue::from_ron(SHIPPED) {
            Ok(catalogue) => catalogue,
            Err(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                panic!("{}", lines.join("\n"));
            }
        };
        assert!(
            catalogue.classes.len() >= 34,
            "{} classes",
            catalogue.classes.len()
        );
        for family in [
            Family::MannedGround,
            Family::MannedAir,
            Family::MannedSea,
            Family::Dismount,
            Family::RemoteWeaponStation,
            Family::Ugv,
            Family::Uav,
            Family::Usv,
            Family::Uuv,
            Family::Munition,
            Family::FixedSite,
            Family::Civil,
        ] {
            assert!(
                catalogue
                    .classes
                    .values()
                    .any(|class| class.family == family),
                "{family:?}"
            );
        }
        assert!(
            catalogue
                .classes
                .values()
                .any(|c| matches!(c.motion, Motion::Glider { .. }))
        );
        assert!(
            catalogue
                .classes
                .values()
                .any(|c| matches!(c.motion, Motion::Sail { .. }))
        );
    }

    #[test]
    fn errors_carry_file_line_and_column() {
        let bad = "(\n  sensors: [(name: \"eye\", title: 3)],\n)";
        let errors = Catalogue::from_ron(&[("bad.ron", bad)]).unwrap_err();
        assert_eq!((errors[0].file.as_str(), errors[0].line), ("bad.ron", 2));
        assert!(errors[0].column > 10, "{}", errors[0]);

        let unknown = Catalogue::from_ron(&[("a.ron", "(classes: [], munition: [])")]);
        assert!(unknown.unwrap_err()[0].cause.contains("munition"));
    }

    #[test]
    fn duplicates_and_dangling_names_are_found() {
        let twice = SHIPPED
            .iter()
            .chain([SHIPPED.last().unwrap()])
            .copied()
            .collect::<Vec<_>>();
        let errors = Catalogue::from_ron(&twice).unwrap_err();
        assert!(
            errors
                .iter()
                .all(|error| error.cause.contains("defined twice"))
        );
        assert!(!errors.is_empty());

        let without_radios: Vec<(&str, &str)> = SHIPPED
            .iter()
            .filter(|(file, _)| *file != "radios.ron")
            .copied()
            .collect();
        let errors = Catalogue::from_ron(&without_radios).unwrap_err();
        assert!(
            errors
                .iter()
                .all(|error| error.cause.contains("unknown radio")),
            "{errors:?}"
        );
        assert!(errors.iter().all(|error| error.line > 1));
    }
}
