//! The state hash after every tick, as a Parquet table: columns `tick` and `hash`, both unsigned.
//!
//! Two runs that should be equal are compared row by row; the first row that differs names the tick
//! at which they parted.

use std::io::Write;
use std::path::Path;

use parquet::errors::Result as TableResult;
use parquet::file::reader::RowGroupReader;
use parquet::file::writer::SerializedFileWriter;

use super::{RecordError, table};

/// The table's columns, in Parquet's text form.
const SCHEMA: &str = "message hashes {
    REQUIRED INT64 tick (INTEGER(64,false));
    REQUIRED INT64 hash (INTEGER(64,false));
}";

/// The hash of the state after one tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TickHash {
    /// Number of the tick.
    pub tick: u64,
    /// Hash of the state.
    pub hash: u64,
}

/// Writes the chain into `inner` and gives it back; the path is for messages.
///
/// # Errors
///
/// If it cannot be written.
pub fn write_hashes<W: Write + Send>(
    inner: W,
    path: &Path,
    hashes: &[TickHash],
) -> Result<W, RecordError> {
    let write = || -> TableResult<W> {
        let mut file = table::start(inner, SCHEMA, &["tick"])?;
        write_rows(&mut file, hashes)?;
        file.into_inner()
    };
    write().map_err(RecordError::table(path))
}

/// Writes all rows as one group.
fn write_rows<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    hashes: &[TickHash],
) -> TableResult<()> {
    let mut group = file.next_row_group()?;
    table::write_integers(&mut group, hashes.iter().map(|row| row.tick))?;
    table::write_integers(&mut group, hashes.iter().map(|row| row.hash))?;
    group.close()?;
    Ok(())
}

/// Reads a chain.
///
/// # Errors
///
/// If the file is missing, cut short, or another table.
pub fn read_hashes(path: &Path) -> Result<Vec<TickHash>, RecordError> {
    let rows = |group: &dyn RowGroupReader| {
        let pairs = table::integers(group, 0)?
            .into_iter()
            .zip(table::integers(group, 1)?);
        Ok(pairs.map(|(tick, hash)| TickHash { tick, hash }).collect())
    };
    table::read(path, rows)
}

/// The first tick at which two chains differ, or at which one of them ends; none if they are equal.
#[must_use]
pub fn first_difference(a: &[TickHash], b: &[TickHash]) -> Option<u64> {
    let differs = a
        .iter()
        .zip(b)
        .find(|(a, b)| a != b)
        .map(|(a, b)| a.tick.min(b.tick));
    let longer = if a.len() > b.len() { a } else { b };
    differs.or_else(|| longer.get(a.len().min(b.len())).map(|row| row.tick))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_comes_back_with_all_its_bits() {
        let chain: Vec<_> = (0..500_u64)
            .map(|tick| TickHash {
                tick,
                hash: tick.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            })
            .chain([TickHash {
                tick: u64::MAX,
                hash: u64::MAX,
            }])
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hashes.parquet");
        std::fs::write(&path, write_hashes(Vec::new(), &path, &chain).unwrap()).unwrap();
        assert_eq!(read_hashes(&path).unwrap(), chain);
    }

    #[test]
    fn the_first_difference_names_its_tick() {
        let chain: Vec<_> = (1..6)
            .map(|tick| TickHash {
                tick,
                hash: 7 * tick,
            })
            .collect();
        assert_eq!(first_difference(&chain, &chain), None);
        assert_eq!(first_difference(&chain[..3], &chain), Some(4));
        let mut other = chain.clone();
        other[1].hash += 1;
        assert_eq!(first_difference(&chain, &other), Some(2));
    }
}
