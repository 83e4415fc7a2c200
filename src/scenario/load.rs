//! Scenario files, read with the assets that they name. See [`load_scenario`].

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::assets::AssetRoots;
use super::ground::build_terrain;
use super::packet_rates::packet_rates;
use super::parse::TEXT_BYTES_MAX;
use super::read::{ReadScenario, read_scenario};
use super::schema::TerrainSpec;
use super::tree::Step;
use super::validate::validate;
use crate::comms::model::rates::Rates;
use crate::geo::{LocalFrame, Terrain};
use crate::kernel::finding::Finding;
use crate::planning::routes::Lattices;
use crate::platform::class::Catalogue;

/// Why a scenario was not loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// There is no such file.
    #[error("there is no file `{0}`")]
    Missing(PathBuf),
    /// The file could not be read.
    #[error("`{path}` could not be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file was read and refused; the findings say why, sorted by place.
    #[error("the scenario was refused with {} findings", .0.len())]
    Refused(Vec<Finding>),
}

/// A scenario that may run.
#[derive(Debug, Clone)]
pub struct LoadedScenario {
    /// The typed scenario and its tree.
    pub read: ReadScenario,
    /// The local frame about its origin.
    pub frame: LocalFrame,
    /// Its ground.
    pub terrain: Terrain,
    /// Rates of each network that has a file with them.
    pub rates: Vec<Option<Rates>>,
    /// Lattices for ways over its ground, which its runs share.
    pub lattices: Lattices,
    /// What someone should look at; no errors among them.
    pub warnings: Vec<Finding>,
}

/// Loads a scenario: reads it, applies `settings`, builds its ground, checks every rule.
///
/// # Errors
/// [`LoadError::Missing`] and [`LoadError::Io`] for the scenario file itself; everything else is a
/// finding.
pub fn load_scenario(
    path: &Path,
    settings: &[String],
    catalogue: &Catalogue,
) -> Result<LoadedScenario, LoadError> {
    let text = read_text(path)?;
    let name = path.display().to_string();
    let read = read_scenario(&name, &text, settings).map_err(LoadError::Refused)?;
    load_read(read, &AssetRoots::near(path), catalogue)
}

/// Builds the ground of a scenario that was read, and checks every rule.
///
/// # Errors
/// [`LoadError::Refused`] with all findings.
pub fn load_read(
    read: ReadScenario,
    roots: &AssetRoots,
    catalogue: &Catalogue,
) -> Result<LoadedScenario, LoadError> {
    let without = validate(&read, catalogue, None);
    // With broken counts, origin or terrain there is nothing to build; refuse at once.
    if without
        .iter()
        .any(|it| matches!(it.code.as_str(), "S1107" | "S1108" | "S1132" | "S1201"))
    {
        return Err(LoadError::Refused(without));
    }
    let origin = read.scenario.origin;
    let frame = LocalFrame::new(origin.lat_deg, origin.lon_deg)
        .map_err(|error| refuse(&read, "S1107", &["origin".into()], &error.to_string()))?;
    let terrain = match load_terrain(&read, roots, &frame) {
        Ok(terrain) => terrain,
        Err(finding) => {
            let mut findings = without;
            findings.push(*finding);
            findings.sort();
            return Err(LoadError::Refused(findings));
        }
    };
    let mut findings = validate(&read, catalogue, Some(&(&terrain, &frame)));
    let rates = packet_rates(&read, roots, catalogue, &mut findings);
    if findings.iter().any(Finding::is_error) {
        return Err(LoadError::Refused(findings));
    }
    Ok(LoadedScenario {
        read,
        frame,
        terrain,
        rates,
        lattices: Lattices::default(),
        warnings: findings,
    })
}

/// A refusal with one finding.
fn refuse(read: &ReadScenario, code: &str, path: &[Step<'_>], cause: &str) -> LoadError {
    let place = read.document.place(path);
    LoadError::Refused(vec![read.document.error(
        code,
        place,
        cause,
        "see docs/errors.md",
    )])
}

/// The terrain of a scenario, or the finding that says why there is none.
fn load_terrain(
    read: &ReadScenario,
    roots: &AssetRoots,
    frame: &LocalFrame,
) -> Result<Terrain, Box<Finding>> {
    let spec = &read.scenario.terrain;
    let finding = |code: &str, cause: String, cure: &str| {
        let place = read.document.place(&["terrain".into(), "path".into()]);
        Box::new(read.document.error(code, place, cause, cure))
    };
    let bytes = match spec {
        TerrainSpec::File { path, .. } => match roots.read(path) {
            Ok(bytes) => Some((path.as_str(), bytes)),
            Err(error) => return Err(finding(error.code(), error.to_string(), error.cure())),
        },
        _ => None,
    };
    let file = bytes
        .as_ref()
        .map(|(path, bytes)| (*path, bytes.as_slice()));
    build_terrain(spec, frame, file).map_err(|error| {
        let cure = "give a height file that covers origin ± half_extent_m";
        finding("S1205", error.to_string(), cure)
    })
}

/// Reads a scenario's text.
///
/// # Errors
/// [`LoadError::Missing`], [`LoadError::Io`], and findings for a text that is too long (S1001) or
/// not UTF-8 (S1002).
pub fn read_text(path: &Path) -> Result<String, LoadError> {
    let io_error = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => LoadError::Missing(path.to_owned()),
        _ => LoadError::Io {
            path: path.to_owned(),
            source,
        },
    };
    let file = File::open(path).map_err(io_error)?;
    let limit = u64::try_from(TEXT_BYTES_MAX).unwrap_or(u64::MAX) + 1;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(io_error)?;
    let name = path.display().to_string();
    if bytes.len() > TEXT_BYTES_MAX {
        let cause = format!("more than {TEXT_BYTES_MAX} bytes");
        let cure = "use `count` instead of listing units";
        return Err(LoadError::Refused(vec![
            Finding::error("S1001", name, cause, cure).at(1, 1),
        ]));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let finding = Finding::error(
            "S1002",
            name,
            "the file is no UTF-8 text",
            "save it as UTF-8",
        );
        LoadError::Refused(vec![finding.at(line, 1)])
    })
}
