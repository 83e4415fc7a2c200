//! The manifest of a study: which study it was, and what files it left.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::RecordError;
use super::manifest::{MANIFEST_NAME, inside};
use crate::accounting::summary::ScenarioIdentity;

/// Version of the manifest's form.
pub const STUDY_FORMAT_VERSION: u32 = 2;

/// One file of a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyFile {
    /// Name inside the study's folder.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of the content, 64 hexadecimal digits.
    pub blake3: String,
}

impl StudyFile {
    /// The entry of a file with this content.
    #[must_use]
    pub fn new(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            bytes: content.len() as u64,
            blake3: blake3::hash(content).to_hex().to_string(),
        }
    }
}

/// Which study a folder holds, and how to make it again. It holds no wall time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyManifest {
    /// Version of this form.
    pub format_version: u32,
    /// Version of the program.
    pub tercio: String,
    /// Revision that the program was built from.
    pub git: String,
    /// Name of the study, and the hash of everything that its runs depend on: 16 hexadecimal digits.
    pub study: ScenarioIdentity,
    /// The scenario as the file has it, before any factor is set.
    pub scenario: ScenarioIdentity,
    /// The command line that started it, word by word.
    pub command: Vec<String>,
    /// Where every run stops, s; none where the scenario says it.
    pub until_s: Option<f64>,
    /// The design points.
    pub points: Vec<String>,
    /// Replications of each.
    pub replications: u64,
    /// The measures.
    pub measures: Vec<String>,
    /// Whether all replications are done and the files below stand.
    pub complete: bool,
    /// Every other file of the folder but the report, which `tercio report` makes from them.
    pub files: Vec<StudyFile>,
}

impl StudyManifest {
    /// Reads the manifest of a study's folder.
    ///
    /// # Errors
    ///
    /// If there is none, or it has another form.
    pub fn read(folder: &Path) -> Result<Self, RecordError> {
        let path = folder.join(MANIFEST_NAME);
        let text = fs::read(&path).map_err(RecordError::io("open", &path))?;
        let manifest: Self = serde_json::from_slice(&text).map_err(RecordError::json(&path))?;
        if manifest.format_version != STUDY_FORMAT_VERSION {
            let found = manifest.format_version;
            let what = format!("format version {found}, this program reads {STUDY_FORMAT_VERSION}");
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
        for expected in &self.files {
            let path = inside(folder, &expected.name)?;
            let content = fs::read(&path).map_err(RecordError::io("open", &path))?;
            if StudyFile::new(&expected.name, &content) != *expected {
                let what = "it is not the file that the manifest describes".to_owned();
                return Err(RecordError::Damaged { path, what });
            }
        }
        Ok(())
    }
}
