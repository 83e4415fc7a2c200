//! The manifest of a run: which run it was, and what files it left.

use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::RecordError;
use crate::accounting::summary::ScenarioIdentity;

/// Name of the manifest in a run's folder.
pub const MANIFEST_NAME: &str = "manifest.json";

/// Version of the manifest's form.
pub const FORMAT_VERSION: u32 = 1;

/// One file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// Name inside the run's folder, with `/` between its parts.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, 64 hexadecimal digits.
    pub sha256: String,
}

impl FileDigest {
    /// The entry of a file with a raw digest.
    pub(super) fn new(name: &str, bytes: u64, digest: &[u8]) -> Self {
        let mut sha256 = String::with_capacity(2 * digest.len());
        for byte in digest {
            write!(sha256, "{byte:02x}").expect("a string takes any text");
        }
        Self {
            name: name.to_owned(),
            bytes,
            sha256,
        }
    }

    /// Checks length and digest of the file.
    ///
    /// # Errors
    ///
    /// If it is missing or differs.
    pub fn verify(&self, folder: &Path) -> Result<(), RecordError> {
        let found = Self::of(folder, &self.name)?;
        if found == *self {
            return Ok(());
        }
        let what = format!(
            "{} bytes with SHA-256 {}, the manifest says {} with {}",
            found.bytes, found.sha256, self.bytes, self.sha256
        );
        Err(RecordError::Damaged {
            path: folder.join(&self.name),
            what,
        })
    }

    /// The entry of a file that stands in a folder.
    pub(super) fn of(folder: &Path, name: &str) -> Result<Self, RecordError> {
        let path = inside(folder, name)?;
        let content = fs::read(&path).map_err(RecordError::io("open", &path))?;
        Ok(Self::new(
            name,
            content.len() as u64,
            Sha256::digest(&content).as_slice(),
        ))
    }
}

/// Which run it was, and what files it left. It holds no wall time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this form.
    pub format_version: u32,
    /// Version of the program.
    pub tercio: String,
    /// Revision that the program was built from.
    pub git: String,
    /// The scenario.
    pub scenario: ScenarioIdentity,
    /// Seed of the run.
    pub seed: u64,
    /// The command line, word by word.
    pub command: Vec<String>,
    /// Length of a tick in milliseconds.
    pub dt_ms: u64,
    /// Ticks that were run.
    pub ticks: u64,
    /// Hash of the last state, 16 hexadecimal digits.
    pub state_hash: String,
    /// Every other file of the folder, by name; filled in by [`RunDir::finish`].
    ///
    /// [`RunDir::finish`]: super::RunDir::finish
    pub files: Vec<FileDigest>,
}

impl Manifest {
    /// Reads the manifest of a run's folder.
    ///
    /// # Errors
    ///
    /// If there is none, or it has another form.
    pub fn read(folder: &Path) -> Result<Self, RecordError> {
        let path = folder.join(MANIFEST_NAME);
        let text = fs::read(&path).map_err(RecordError::io("open", &path))?;
        let manifest: Self = serde_json::from_slice(&text).map_err(RecordError::json(&path))?;
        if manifest.format_version != FORMAT_VERSION {
            let found = manifest.format_version;
            let what = format!("format version {found}, this program reads {FORMAT_VERSION}");
            return Err(RecordError::Damaged { path, what });
        }
        Ok(manifest)
    }

    /// Checks length and digest of every file that the manifest names.
    ///
    /// # Errors
    ///
    /// For the first file that is missing or differs.
    pub fn verify(&self, folder: &Path) -> Result<(), RecordError> {
        self.files
            .iter()
            .try_for_each(|expected| expected.verify(folder))
    }

    /// The entry of a file; none if the run left no such file.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&FileDigest> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// The place of a file inside a folder; names that could lead out of it are refused.
pub(super) fn inside(folder: &Path, name: &str) -> Result<PathBuf, RecordError> {
    let relative = Path::new(name);
    let plain = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if name.is_empty() || !plain || name.contains('\\') {
        return Err(RecordError::BadName {
            name: name.to_owned(),
        });
    }
    Ok(folder.join(relative))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_the_folder() {
        let folder = Path::new("runs/x");
        assert_eq!(
            inside(folder, "plans/a.plan").unwrap(),
            folder.join("plans/a.plan")
        );
        for name in ["", "..", "../a", "a/../../b", "/etc/passwd", "./a", "a\\b"] {
            assert!(
                matches!(inside(folder, name), Err(RecordError::BadName { .. })),
                "{name}"
            );
        }
    }

    #[test]
    fn a_digest_is_the_published_one() {
        // FIPS 180-4 example: SHA-256 of "abc".
        let digest = FileDigest::new("a", 3, Sha256::digest(b"abc").as_slice());
        assert_eq!(
            digest.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
