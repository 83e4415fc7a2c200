//! The event log as a Parquet table: columns `time_us`, `kind`, `subject`, `object`, `value`,
//! `detail`, rows in the order in which they were pushed.

use std::borrow::Cow;
use std::io::Write;
use std::path::{Path, PathBuf};

use parquet::errors::Result as TableResult;
use parquet::file::reader::RowGroupReader;
use parquet::file::writer::SerializedFileWriter;

use super::{RecordError, table};
use crate::accounting::event::EventRow;

/// The table's columns, in Parquet's text form.
const SCHEMA: &str = "message events {
    REQUIRED INT64 time_us (INTEGER(64,false));
    REQUIRED BYTE_ARRAY kind (STRING);
    REQUIRED BYTE_ARRAY subject (STRING);
    REQUIRED BYTE_ARRAY object (STRING);
    REQUIRED DOUBLE value;
    REQUIRED BYTE_ARRAY detail (STRING);
}";

/// Rows of a row group: enough to compress well, few enough to hold in memory.
const GROUP_ROWS: usize = 1 << 16;

/// Writes the event log, a row group at a time.
pub struct EventWriter<W: Write + Send> {
    /// The table.
    file: SerializedFileWriter<W>,
    /// Rows of the group that is being gathered.
    rows: Vec<EventRow>,
    /// The file, for messages.
    path: PathBuf,
}

impl<W: Write + Send> EventWriter<W> {
    /// Starts the log in `inner`; the path is for messages.
    ///
    /// # Errors
    ///
    /// If the first bytes cannot be written.
    pub fn new(inner: W, path: &Path) -> Result<Self, RecordError> {
        let file = table::start(inner, SCHEMA, &["time_us"]).map_err(RecordError::table(path))?;
        Ok(Self {
            file,
            rows: Vec::new(),
            path: path.to_owned(),
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// If a full group cannot be written.
    pub fn push(&mut self, row: EventRow) -> Result<(), RecordError> {
        self.rows.push(row);
        if self.rows.len() == GROUP_ROWS {
            self.write_group()
        } else {
            Ok(())
        }
    }

    /// Writes the rest and the footer, and gives back what was written into.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub fn finish(mut self) -> Result<W, RecordError> {
        if !self.rows.is_empty() {
            self.write_group()?;
        }
        self.file
            .into_inner()
            .map_err(RecordError::table(&self.path))
    }

    /// Writes the gathered rows as one group.
    fn write_group(&mut self) -> Result<(), RecordError> {
        write_rows(&mut self.file, &self.rows).map_err(RecordError::table(&self.path))?;
        self.rows.clear();
        Ok(())
    }
}

/// Writes rows as one group.
fn write_rows<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    rows: &[EventRow],
) -> TableResult<()> {
    let mut group = file.next_row_group()?;
    table::write_integers(&mut group, rows.iter().map(|row| row.time_us))?;
    table::write_texts(&mut group, rows.iter().map(|row| row.kind.as_ref()))?;
    table::write_texts(&mut group, rows.iter().map(|row| row.subject.as_str()))?;
    table::write_texts(&mut group, rows.iter().map(|row| row.object.as_str()))?;
    table::write_numbers(&mut group, rows.iter().map(|row| row.value))?;
    table::write_texts(&mut group, rows.iter().map(|row| row.detail.as_str()))?;
    group.close()?;
    Ok(())
}

/// Reads an event log.
///
/// # Errors
///
/// If the file is missing, cut short, or another table.
pub fn read_events(path: &Path) -> Result<Vec<EventRow>, RecordError> {
    table::read(path, group_events)
}

/// The rows of one group.
fn group_events(group: &dyn RowGroupReader) -> TableResult<Vec<EventRow>> {
    let times_us = table::integers(group, 0)?;
    let kinds = table::texts(group, 1)?;
    let subjects = table::texts(group, 2)?;
    let objects = table::texts(group, 3)?;
    let values = table::numbers(group, 4)?;
    let details = table::texts(group, 5)?;
    let names = kinds.into_iter().zip(subjects).zip(objects);
    let rest = values.into_iter().zip(details);
    Ok(times_us
        .into_iter()
        .zip(names)
        .zip(rest)
        .map(
            |((time_us, ((kind, subject), object)), (value, detail))| EventRow {
                time_us,
                kind: Cow::Owned(kind),
                subject,
                object,
                value,
                detail,
            },
        )
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row that depends on its number.
    fn row(number: u64) -> EventRow {
        EventRow {
            time_us: number * 100_000,
            kind: Cow::Borrowed(if number.is_multiple_of(3) {
                "detection"
            } else {
                "shot"
            }),
            subject: format!("uav-{}", number % 7),
            object: format!("red-{}", number % 11),
            value: number as f64 * 0.25,
            detail: if number.is_multiple_of(5) {
                "\u{e9}cho, \"two\"".to_owned()
            } else {
                String::new()
            },
        }
    }

    /// The log of some rows, as bytes.
    fn log(rows: &[EventRow]) -> Vec<u8> {
        let mut writer = EventWriter::new(Vec::new(), Path::new("events.parquet")).unwrap();
        for row in rows {
            writer.push(row.clone()).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn rows_come_back_in_order_over_several_groups() {
        let rows: Vec<_> = (0..GROUP_ROWS as u64 + 3).map(row).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.parquet");
        std::fs::write(&path, log(&rows)).unwrap();
        assert!(read_events(&path).unwrap() == rows);
    }

    #[test]
    fn the_same_rows_give_the_same_bytes_and_others_do_not() {
        let rows: Vec<_> = (0..1000).map(row).collect();
        assert!(log(&rows) == log(&rows));
        let mut others = rows.clone();
        others[500].value += 1.0;
        assert!(log(&rows) != log(&others));
    }

    #[test]
    fn an_empty_log_is_a_table_without_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.parquet");
        std::fs::write(&path, log(&[])).unwrap();
        assert_eq!(read_events(&path).unwrap(), []);
    }

    #[test]
    fn a_log_cut_short_is_refused_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.parquet");
        let bytes = log(&[row(1), row(2)]);
        std::fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
        let error = read_events(&path).unwrap_err();
        assert!(error.to_string().contains("events.parquet"), "{error}");
    }
}
