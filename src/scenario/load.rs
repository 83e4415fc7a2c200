//! Scenario and asset files: the only part of this room that touches the disk. See
//! [`load_scenario`].

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::asset_path::asset_path_fault;
use super::ground::build_terrain;
use super::parse::TEXT_BYTES_MAX;
use super::read::{ReadScenario, read_scenario};
use super::schema::TerrainSpec;
use super::tree::Step;
use super::validate::validate;
use crate::geo::{LocalFrame, Terrain};
use crate::kernel::finding::Finding;
use crate::platform::class::Catalogue;

/// Largest asset, in bytes: 256 MiB.
const ASSET_BYTES_MAX: u64 = 256 << 20;

/// Folders above a scenario's own in which `assets/` is looked for.
const LEVELS_UP: usize = 4;

/// Terrains that come with the package, for scenarios away from its folder.
const SHIPPED: [(&str, &[u8]); 2] = [
    (
        "terrain/jacksboro.tif",
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/terrain/jacksboro.tif"
        )),
    ),
    (
        "terrain/topobathy.tif",
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/terrain/topobathy.tif"
        )),
    ),
];

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
    let findings = validate(&read, catalogue, Some(&(&terrain, &frame)));
    if findings.iter().any(Finding::is_error) {
        return Err(LoadError::Refused(findings));
    }
    Ok(LoadedScenario {
        read,
        frame,
        terrain,
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

/// Why an asset was not read.
#[derive(Debug, Error)]
pub enum AssetError {
    /// The path is none that a scenario may name.
    #[error("the path `{0}` is refused: {1}")]
    Path(String, &'static str),
    /// No folder has the file.
    #[error("there is no `{0}` beside the scenario, under `assets/`, or in the package")]
    Missing(String),
    /// The file is too large.
    #[error("`{0}` has more than {ASSET_BYTES_MAX} bytes")]
    Size(String),
    /// A step of the path is a link, or its end is no plain file.
    #[error("`{0}` leads through a link or is no plain file")]
    Link(String),
    /// The system could not read it.
    #[error("`{0}` could not be read: {1}")]
    Io(String, io::Error),
}

impl AssetError {
    /// Code of its finding.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Path(..) => "S1201",
            Self::Missing(_) => "S1202",
            Self::Size(_) => "S1203",
            Self::Link(_) | Self::Io(..) => "S1204",
        }
    }

    /// What to do.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self {
            Self::Path(..) => "write a path like `terrain/jacksboro.tif`",
            Self::Missing(_) => "check the spelling, or put the file beside the scenario",
            Self::Size(_) => "cut the file to the area of the scenario",
            Self::Link(_) | Self::Io(..) => "put the file itself there",
        }
    }
}

/// Folders below which assets may lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetRoots {
    /// The folders, in the order in which they are tried.
    folders: Vec<PathBuf>,
}

impl AssetRoots {
    /// Takes folders.
    #[must_use]
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders }
    }

    /// The folder of a scenario file, and every `assets/` in it or in a few folders above it.
    #[must_use]
    pub fn near(scenario: &Path) -> Self {
        let own = scenario.parent().unwrap_or(Path::new(""));
        let own = if own.as_os_str().is_empty() {
            Path::new(".")
        } else {
            own
        };
        let absolute = fs::canonicalize(own).unwrap_or_else(|_| own.to_owned());
        let mut folders = vec![absolute.clone()];
        folders.extend(
            absolute
                .ancestors()
                .take(LEVELS_UP)
                .map(|above| above.join("assets")),
        );
        Self { folders }
    }

    /// Reads an asset from the first folder that has it, else from the package itself.
    ///
    /// # Errors
    /// When the path is refused, nothing is there, or what is there is no plain file.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        if let Some(fault) = asset_path_fault(path) {
            return Err(AssetError::Path(path.to_owned(), fault));
        }
        for folder in &self.folders {
            if let Some(bytes) = read_below(folder, path)? {
                return Ok(bytes);
            }
        }
        let shipped = SHIPPED.iter().find(|(name, _)| *name == path);
        shipped
            .map(|(_, bytes)| bytes.to_vec())
            .ok_or_else(|| AssetError::Missing(path.to_owned()))
    }
}

/// Reads a file below a folder; `None` if it is not there.
fn read_below(folder: &Path, path: &str) -> Result<Option<Vec<u8>>, AssetError> {
    let io_error = |error: io::Error| AssetError::Io(path.to_owned(), error);
    let mut at = folder.to_owned();
    for name in path.split('/') {
        at.push(name);
        match fs::symlink_metadata(&at) {
            Ok(metadata) if metadata.is_symlink() => return Err(AssetError::Link(path.to_owned())),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error(error)),
        }
    }
    let file = File::open(&at).map_err(io_error)?;
    let metadata = file.metadata().map_err(io_error)?;
    if !metadata.is_file() {
        return Err(AssetError::Link(path.to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(ASSET_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(io_error)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > ASSET_BYTES_MAX) {
        return Err(AssetError::Size(path.to_owned()));
    }
    Ok(Some(bytes))
}
