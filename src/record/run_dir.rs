//! The folder of a run.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::adjudications::{ADJUDICATIONS_NAME, write_adjudications};
use super::events::EventWriter;
use super::hashes::{TickHash, write_hashes};
use super::manifest::{FileDigest, MANIFEST_NAME, Manifest, inside};
use super::report::page;
use super::sync_matrix;
use super::{PendingFile, RecordError};
use crate::accounting::{adjudication::Line, summary::RunReport};

/// Name of the event log.
pub const EVENTS_NAME: &str = "events.parquet";

/// Name of the chain of state hashes.
pub const HASHES_NAME: &str = "hashes.parquet";

/// Name of the synchronisation matrix.
pub(super) const SYNC_MATRIX_NAME: &str = "sync-matrix.svg";

/// Name of the report.
pub const REPORT_NAME: &str = "report.html";

/// The folder of a run while it is being filled.
///
/// Every file appears complete or not at all. The manifest comes last, so a folder with a manifest
/// holds a whole run.
#[derive(Debug)]
pub struct RunDir {
    /// The folder.
    path: PathBuf,
    /// The files that stand in it, by name.
    files: BTreeMap<String, FileDigest>,
}

impl RunDir {
    /// Makes the folder, or takes an empty one.
    ///
    /// With `overwrite`, a folder that is not empty is taken too: the files that its manifest names
    /// are removed, the manifest first. Anything else in it stays, unless this run writes a file of
    /// that name, so that a folder named by mistake loses nothing of its own.
    ///
    /// # Errors
    ///
    /// [`RecordError::NotEmpty`] without `overwrite`, [`RecordError::NotFolder`], or a failure of
    /// the file system.
    pub fn create(path: impl Into<PathBuf>, overwrite: bool) -> Result<Self, RecordError> {
        let path = path.into();
        if path.exists() && !path.is_dir() {
            return Err(RecordError::NotFolder { path });
        }
        fs::create_dir_all(&path).map_err(RecordError::io("make the folder", &path))?;
        let mut entries = fs::read_dir(&path).map_err(RecordError::io("read", &path))?;
        if entries.next().is_some() {
            if !overwrite {
                return Err(RecordError::NotEmpty { path });
            }
            remove_former_run(&path)?;
        }
        Ok(Self {
            path,
            files: BTreeMap::new(),
        })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Starts a file; [`Self::commit`] gives it its name.
    ///
    /// # Errors
    ///
    /// If the name leads out of the folder or is the manifest's, or the file system refuses.
    pub fn create_file(&self, name: &str) -> Result<PendingFile, RecordError> {
        if name == MANIFEST_NAME {
            return Err(RecordError::BadName {
                name: name.to_owned(),
            });
        }
        PendingFile::open(name, inside(&self.path, name)?)
    }

    /// Takes a complete file into the folder.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn commit(&mut self, file: PendingFile) -> Result<(), RecordError> {
        let digest = file.commit()?;
        self.files.insert(digest.name.clone(), digest);
        Ok(())
    }

    /// Writes a file of bytes.
    ///
    /// # Errors
    ///
    /// As [`Self::create_file`].
    pub fn write_bytes(&mut self, name: &str, content: &[u8]) -> Result<(), RecordError> {
        let mut file = self.create_file(name)?;
        file.write_all(content)
            .map_err(RecordError::io("write", &self.path.join(name)))?;
        self.commit(file)
    }

    /// Writes a file of text.
    ///
    /// # Errors
    ///
    /// As [`Self::create_file`].
    pub fn write_text(&mut self, name: &str, content: &str) -> Result<(), RecordError> {
        self.write_bytes(name, content.as_bytes())
    }

    /// Writes a value as indented JSON with a final newline.
    ///
    /// # Errors
    ///
    /// As [`Self::create_file`], and if the value has no JSON form.
    pub fn write_json(&mut self, name: &str, value: &impl Serialize) -> Result<(), RecordError> {
        self.write_bytes(name, &json(&self.path.join(name), value)?)
    }

    /// Starts the event log; [`Self::commit_events`] ends it.
    ///
    /// # Errors
    ///
    /// As [`Self::create_file`].
    pub fn event_writer(&self) -> Result<EventWriter<PendingFile>, RecordError> {
        EventWriter::new(self.create_file(EVENTS_NAME)?, &self.path.join(EVENTS_NAME))
    }

    /// Takes the complete event log into the folder.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn commit_events(&mut self, events: EventWriter<PendingFile>) -> Result<(), RecordError> {
        self.commit(events.finish()?)
    }

    /// Writes the adjudication log.
    ///
    /// # Errors
    ///
    /// As [`Self::create_file`].
    pub fn write_adjudications(&mut self, lines: &[Line]) -> Result<(), RecordError> {
        let mut file = self.create_file(ADJUDICATIONS_NAME)?;
        write_adjudications(&mut file, &self.path.join(ADJUDICATIONS_NAME), lines)?;
        self.commit(file)
    }

    /// Writes the chain of state hashes.
    ///
    /// # Errors
    ///
    /// As [`Self::create_file`].
    pub fn write_hashes(&mut self, hashes: &[TickHash]) -> Result<(), RecordError> {
        let file = self.create_file(HASHES_NAME)?;
        let file = write_hashes(file, &self.path.join(HASHES_NAME), hashes)?;
        self.commit(file)
    }

    /// Writes the synchronisation matrix and the report.
    ///
    /// # Errors
    ///
    /// As [`Self::create_file`].
    pub fn write_report(&mut self, report: &RunReport) -> Result<(), RecordError> {
        let summary = &report.summary;
        if let Some(svg) = sync_matrix::svg(&summary.operations, summary.sim_s) {
            self.write_text(SYNC_MATRIX_NAME, &svg)?;
        }
        self.write_text(REPORT_NAME, &page(report))
    }

    /// Takes in a file that another writer has put into the folder.
    ///
    /// # Errors
    ///
    /// If the name leads out of the folder, or there is no such file.
    pub fn adopt(&mut self, name: &str) -> Result<(), RecordError> {
        let digest = FileDigest::of(&self.path, name)?;
        self.files.insert(digest.name.clone(), digest);
        Ok(())
    }

    /// Fills in the manifest's files and writes it.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn finish(self, mut manifest: Manifest) -> Result<Manifest, RecordError> {
        manifest.files = self.files.into_values().collect();
        let path = self.path.join(MANIFEST_NAME);
        let mut file = PendingFile::open(MANIFEST_NAME, path.clone())?;
        file.write_all(&json(&path, &manifest)?)
            .map_err(RecordError::io("write", &path))?;
        file.commit()?;
        Ok(manifest)
    }
}

/// A value as indented JSON with a final newline.
fn json(path: &Path, value: &impl Serialize) -> Result<Vec<u8>, RecordError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(RecordError::json(path))?;
    text.push(b'\n');
    Ok(text)
}

/// Removes what the manifest of a folder names, if it has a manifest that this program reads.
fn remove_former_run(folder: &Path) -> Result<(), RecordError> {
    let Ok(former) = Manifest::read(folder) else {
        return Ok(());
    };
    // Without its manifest a run no longer passes for a whole one, should the rest fail.
    remove(&folder.join(MANIFEST_NAME))?;
    for file in &former.files {
        remove(&inside(folder, &file.name)?)?;
    }
    Ok(())
}

/// Removes a file; one that is gone already is no error.
fn remove(path: &Path) -> Result<(), RecordError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            Err(RecordError::io("remove", path)(source))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "run_dir_tests.rs"]
mod tests;
