//! A file that appears under its name only when it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::RecordError;
use super::manifest::FileDigest;

/// A file being written: it stands under a temporary name beside its place until it is committed,
/// and vanishes if it is dropped before.
///
/// It is renamed without a forced flush to the disk; the digest in the manifest shows a file that a
/// power failure cut short.
#[derive(Debug)]
pub struct PendingFile {
    /// Name inside the run's folder, with `/` between its parts.
    name: String,
    /// Where it will stand.
    path: PathBuf,
    /// Where it stands meanwhile; none once it is committed.
    temporary: Option<PathBuf>,
    /// The open file.
    file: BufWriter<File>,
    /// Digest of what was written.
    digest: Sha256,
    /// Number of bytes that were written.
    bytes: u64,
}

impl PendingFile {
    /// Opens the temporary file for a name and its place, making the folders that lead there.
    pub(super) fn open(name: &str, path: PathBuf) -> Result<Self, RecordError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(RecordError::io("make the folder", folder))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(path.file_name().unwrap_or_default());
        hidden.push(".partial");
        let temporary = path.with_file_name(hidden);
        let file = File::create(&temporary).map_err(RecordError::io("create", &temporary))?;
        Ok(Self {
            name: name.to_owned(),
            path,
            temporary: Some(temporary),
            file: BufWriter::new(file),
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    /// Where the file will stand.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name and returns its entry for the manifest.
    pub(super) fn commit(mut self) -> Result<FileDigest, RecordError> {
        self.file
            .flush()
            .map_err(RecordError::io("write", &self.path))?;
        if let Some(temporary) = self.temporary.as_ref() {
            fs::rename(temporary, &self.path).map_err(RecordError::io("rename", &self.path))?;
        }
        self.temporary = None;
        Ok(FileDigest::new(
            &self.name,
            self.bytes,
            self.digest.clone().finalize().as_slice(),
        ))
    }
}

impl Write for PendingFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer)?;
        self.digest.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take() {
            // Nobody is left to tell; the next run into this folder replaces the remains.
            fs::remove_file(temporary).unwrap_or_default();
        }
    }
}
