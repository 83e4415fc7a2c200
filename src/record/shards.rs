//! Shards: small files that survive a kill and a power failure whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::RecordError;

/// Length of a BLAKE3 digest in hexadecimal digits.
const DIGEST_CHARS: usize = 64;

/// A folder of shards. The first line of each is the BLAKE3 digest of the rest, so that a shard
/// that was damaged is known and made again.
#[derive(Debug)]
pub struct Shards {
    /// The folder.
    path: PathBuf,
}

impl Shards {
    /// Makes the folder, or takes one that is there.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn open(path: PathBuf) -> Result<Self, RecordError> {
        fs::create_dir_all(&path).map_err(RecordError::io("make the folder", &path))?;
        Ok(Self { path })
    }

    /// Writes a shard; when this returns, it is on the disk under its name.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<(), RecordError> {
        let mut bytes = blake3::hash(content).to_hex().as_bytes().to_vec();
        bytes.push(b'\n');
        bytes.extend_from_slice(content);
        write_durably(&self.path.join(name), &bytes)
    }

    /// The contents of all whole shards, by name.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn read_all(&self) -> Result<Vec<Vec<u8>>, RecordError> {
        let entries = fs::read_dir(&self.path).map_err(RecordError::io("read", &self.path))?;
        let mut paths = Vec::new();
        for entry in entries {
            paths.push(entry.map_err(RecordError::io("read", &self.path))?.path());
        }
        paths.retain(|path| !is_partial(path));
        paths.sort();
        let mut contents = Vec::new();
        for path in paths {
            let bytes = fs::read(&path).map_err(RecordError::io("read", &path))?;
            contents.extend(content_of(&bytes).map(<[u8]>::to_vec));
        }
        Ok(contents)
    }

    /// Removes the folder with all shards.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn remove(self) -> Result<(), RecordError> {
        fs::remove_dir_all(&self.path).map_err(RecordError::io("remove", &self.path))
    }
}

/// The content of a shard, if its digest says that it is whole.
fn content_of(bytes: &[u8]) -> Option<&[u8]> {
    let (digest, rest) = bytes.split_at_checked(DIGEST_CHARS)?;
    let content = rest.strip_prefix(b"\n")?;
    (blake3::hash(content).to_hex().as_bytes() == digest).then_some(content)
}

/// Whether a path is that of a file which was never finished.
pub(super) fn is_partial(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(".partial")
}

/// Writes a file under a temporary name, forces it to the disk, gives it its name, and forces the
/// name to the disk.
pub(super) fn write_durably(path: &Path, content: &[u8]) -> Result<(), RecordError> {
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(path.file_name().unwrap_or_default());
    hidden.push(".partial");
    let temporary = path.with_file_name(hidden);
    let write = || -> io::Result<()> {
        let mut file = File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(RecordError::io("write", path))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    // A folder cannot be opened as a file on every system; where it can, its entry is forced too.
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_shards_come_back_and_damaged_ones_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let shards = Shards::open(folder.path().join("shards")).unwrap();
        shards.write("b.json", b"two").unwrap();
        shards.write("a.json", b"one").unwrap();
        assert_eq!(
            shards.read_all().unwrap(),
            [b"one".to_vec(), b"two".to_vec()]
        );
        // Every flipped byte and every cut of a shard is noticed.
        let path = folder.path().join("shards/a.json");
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            fs::write(&path, flipped).unwrap();
            assert_eq!(shards.read_all().unwrap(), [b"two".to_vec()], "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(shards.read_all().unwrap(), [b"two".to_vec()], "cut at {at}");
        }
        fs::rename(&path, folder.path().join("shards/.a.json.partial")).unwrap();
        assert_eq!(shards.read_all().unwrap(), [b"two".to_vec()]);
        shards.remove().unwrap();
        assert!(!folder.path().join("shards").exists());
    }
}
