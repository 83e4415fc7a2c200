//! Files that a scenario names: where they lie, and what is refused. See [`AssetRoots`].

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::asset_path::asset_path_fault;

/// Largest asset, in bytes: 256 MiB.
const ASSET_BYTES_MAX: u64 = 256 << 20;

/// Folders above a scenario's own in which `assets/` is looked for.
const LEVELS_UP: usize = 4;

/// Assets that come with the package, for scenarios away from its folder.
const SHIPPED: [(&str, &[u8]); 3] = [
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
    (
        "radios/ofdm-6m-pcr.xml",
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/radios/ofdm-6m-pcr.xml"
        )),
    ),
];

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
