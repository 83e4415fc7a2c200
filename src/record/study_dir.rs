//! The folder of a study, while it is made and when it is done.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::manifest::{MANIFEST_NAME, inside};
use super::shards::{Shards, is_partial, write_durably};
use super::study_manifest::{StudyFile, StudyManifest};
use super::{REPORT_NAME, RecordError};

/// Folder of the shards inside a study's folder.
const SHARDS_NAME: &str = "shards";

/// The folder of a study.
///
/// It begins with a manifest that is not complete and a folder of shards. When every replication is
/// there, the merged files are written, then the complete manifest, then the shards go: a kill at
/// any moment leaves a folder that can be resumed, or one that is done.
#[derive(Debug)]
pub struct StudyDir {
    /// The folder.
    path: PathBuf,
    /// The merged files so far.
    files: Vec<StudyFile>,
}

impl StudyDir {
    /// Begins a study in a folder that is new or empty; with `overwrite`, what a former study left
    /// in it is removed first.
    ///
    /// # Errors
    ///
    /// [`RecordError::NotEmpty`] without `overwrite`, [`RecordError::NotFolder`], or a failure of
    /// the file system.
    pub fn create(
        path: impl Into<PathBuf>,
        overwrite: bool,
        manifest: &StudyManifest,
    ) -> Result<Self, RecordError> {
        let path = path.into();
        if path.exists() && !path.is_dir() {
            return Err(RecordError::NotFolder { path });
        }
        fs::create_dir_all(&path).map_err(RecordError::io("make the folder", &path))?;
        if !is_empty(&path)? {
            if !overwrite {
                return Err(RecordError::NotEmpty { path });
            }
            remove_former_study(&path)?;
        }
        let folder = Self::at(path);
        folder.write_manifest(manifest)?;
        Ok(folder)
    }

    /// Takes the folder of a study that was begun; none where nothing was begun in it.
    ///
    /// # Errors
    ///
    /// [`RecordError::NotEmpty`] where there is something else, or a failure of the file system.
    pub fn resume(path: impl Into<PathBuf>) -> Result<Option<(Self, StudyManifest)>, RecordError> {
        let path = path.into();
        if !path.is_dir() || is_empty(&path)? {
            return Ok(None);
        }
        if !path.join(MANIFEST_NAME).exists() {
            return Err(RecordError::NotEmpty { path });
        }
        let manifest = StudyManifest::read(&path)?;
        Ok(Some((Self::at(path), manifest)))
    }

    /// The folder at a path.
    fn at(path: PathBuf) -> Self {
        let files = Vec::new();
        Self { path, files }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its shards.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn shards(&self) -> Result<Shards, RecordError> {
        Shards::open(self.path.join(SHARDS_NAME))
    }

    /// Writes one of the merged files.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn write(&mut self, name: &str, content: &[u8]) -> Result<(), RecordError> {
        write_durably(&inside(&self.path, name)?, content)?;
        self.files.push(StudyFile::new(name, content));
        Ok(())
    }

    /// Writes a merged file of a value as indented JSON with a final newline.
    ///
    /// # Errors
    ///
    /// If the file system refuses, or the value has no JSON form.
    pub fn write_json(&mut self, name: &str, value: &impl Serialize) -> Result<(), RecordError> {
        self.write(name, &json(&self.path.join(name), value)?)
    }

    /// Writes the report, which stands in no manifest as it can be made again.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn write_report(folder: &Path, page: &str) -> Result<(), RecordError> {
        write_durably(&folder.join(REPORT_NAME), page.as_bytes())
    }

    /// Ends the study: the manifest names the merged files, and the shards go.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn finish(mut self, manifest: &mut StudyManifest) -> Result<(), RecordError> {
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        manifest.files = core::mem::take(&mut self.files);
        manifest.complete = true;
        self.write_manifest(manifest)?;
        self.shards()?.remove()
    }

    /// Writes the manifest.
    fn write_manifest(&self, manifest: &StudyManifest) -> Result<(), RecordError> {
        let path = self.path.join(MANIFEST_NAME);
        write_durably(&path, &json(&path, manifest)?)
    }
}

/// A value as indented JSON with a final newline.
fn json(path: &Path, value: &impl Serialize) -> Result<Vec<u8>, RecordError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(RecordError::json(path))?;
    text.push(b'\n');
    Ok(text)
}

/// Whether a folder holds nothing but files that were never finished.
fn is_empty(folder: &Path) -> Result<bool, RecordError> {
    for entry in fs::read_dir(folder).map_err(RecordError::io("read", folder))? {
        if !is_partial(&entry.map_err(RecordError::io("read", folder))?.path()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes what a former study left in a folder; anything else in it stays.
fn remove_former_study(folder: &Path) -> Result<(), RecordError> {
    let Ok(former) = StudyManifest::read(folder) else {
        return Ok(());
    };
    // Without its manifest a study no longer passes for a whole one, should the rest fail.
    let mut names = vec![MANIFEST_NAME.to_owned(), REPORT_NAME.to_owned()];
    names.extend(former.files.into_iter().map(|file| file.name));
    for name in names {
        let path = inside(folder, &name)?;
        match fs::remove_file(&path) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                return Err(RecordError::io("remove", &path)(source));
            }
            _ => {}
        }
    }
    Shards::open(folder.join(SHARDS_NAME))?.remove()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounting::summary::ScenarioIdentity;
    use crate::record::study_manifest::STUDY_FORMAT_VERSION;

    fn manifest() -> StudyManifest {
        let identity = |name: &str| ScenarioIdentity {
            name: name.into(),
            hash: "00ff".into(),
        };
        StudyManifest {
            format_version: STUDY_FORMAT_VERSION,
            tercio: "0.1.0".into(),
            git: "abc".into(),
            study: identity("study"),
            scenario: identity("scenario"),
            command: vec!["tercio".into()],
            until_s: None,
            points: vec!["a=1".into()],
            replications: 2,
            measures: vec!["losses".into()],
            complete: false,
            files: Vec::new(),
        }
    }

    #[test]
    fn a_study_begins_resumes_ends_and_is_overwritten() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("s");
        assert!(StudyDir::resume(&path).unwrap().is_none());
        let folder = StudyDir::create(&path, false, &manifest()).unwrap();
        folder.shards().unwrap().write("a", b"x").unwrap();
        let refused = StudyDir::create(&path, false, &manifest()).unwrap_err();
        assert!(matches!(refused, RecordError::NotEmpty { .. }));

        let (mut folder, mut read) = StudyDir::resume(&path).unwrap().unwrap();
        assert_eq!(
            (&read, folder.shards().unwrap().read_all().unwrap().len()),
            (&manifest(), 1)
        );
        folder.write("runs.csv", b"a,b\n").unwrap();
        folder.finish(&mut read).unwrap();
        let done = StudyManifest::read(&path).unwrap();
        assert!(done.complete && !path.join("shards").exists());
        done.verify(&path).unwrap();
        fs::write(path.join("runs.csv"), "a,c\n").unwrap();
        assert!(matches!(
            done.verify(&path),
            Err(RecordError::Damaged { .. })
        ));

        fs::write(path.join("mine.txt"), "x").unwrap();
        StudyDir::create(&path, true, &manifest()).unwrap();
        assert!(path.join("mine.txt").exists() && !path.join("runs.csv").exists());
    }

    #[test]
    fn what_is_no_study_is_not_resumed() {
        let temporary = tempfile::tempdir().unwrap();
        fs::write(temporary.path().join(".manifest.json.partial"), "").unwrap();
        assert!(StudyDir::resume(temporary.path()).unwrap().is_none());
        fs::write(temporary.path().join("mine.txt"), "x").unwrap();
        let refused = StudyDir::resume(temporary.path()).unwrap_err();
        assert!(matches!(refused, RecordError::NotEmpty { .. }));
    }
}
