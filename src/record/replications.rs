//! The tables of a study: `runs.parquet`, one row per design point, replication and measure, and
//! `episodes.parquet`, one row per target that became detectable.

use std::io::Write;
use std::path::Path;

use parquet::errors::Result as TableResult;
use parquet::file::reader::RowGroupReader;
use parquet::file::writer::SerializedFileWriter;

use super::{RecordError, table};
use crate::accounting::span::Span;
use crate::accounting::stats::Episode;
use crate::accounting::target::{Fate, TargetRecord};

/// Columns of `runs.parquet`, in Parquet's text form.
const RUNS_SCHEMA: &str = "message runs {
    REQUIRED BYTE_ARRAY point (STRING);
    REQUIRED INT64 replication (INTEGER(64,false));
    REQUIRED INT64 seed (INTEGER(64,false));
    REQUIRED BYTE_ARRAY state_hash (STRING);
    REQUIRED BYTE_ARRAY measure (STRING);
    OPTIONAL DOUBLE value;
    OPTIONAL BYTE_ARRAY error (STRING);
}";

/// Columns of `episodes.parquet`, in Parquet's text form.
const EPISODES_SCHEMA: &str = "message episodes {
    REQUIRED BYTE_ARRAY point (STRING);
    REQUIRED INT64 replication (INTEGER(64,false));
    REQUIRED BYTE_ARRAY side (STRING);
    REQUIRED BYTE_ARRAY target (STRING);
    REQUIRED DOUBLE time_s;
    REQUIRED BYTE_ARRAY outcome (STRING);
    REQUIRED DOUBLE first_detectable_s;
    OPTIONAL DOUBLE detected_s;
    OPTIONAL DOUBLE tracked_s;
    OPTIONAL DOUBLE shared_s;
    OPTIONAL DOUBLE decided_s;
    OPTIONAL DOUBLE authorised_s;
    OPTIONAL DOUBLE engaged_s;
    OPTIONAL DOUBLE effect_s;
    OPTIONAL DOUBLE assessed_s;
    REQUIRED BYTE_ARRAY fate (STRING);
    REQUIRED DOUBLE fate_s;
    REQUIRED DOUBLE end_s;
}";

/// Rows of a row group.
const GROUP_ROWS: usize = 1 << 16;

/// One measure of one replication.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRow {
    /// The design point.
    pub point: String,
    /// Number of the replication, from 1.
    pub replication: u64,
    /// Seed of the run.
    pub seed: u64,
    /// Hash of the run, 16 hexadecimal digits; empty where it failed.
    pub state_hash: String,
    /// The measure.
    pub measure: String,
    /// Its value; none where the run gave nothing to measure.
    pub value: Option<f64>,
    /// Why the replication failed; none where it did not.
    pub error: Option<String>,
}

/// A target that became detectable in one replication. The columns `time_s` and `outcome` are its
/// episode from detected to engaged.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeRow {
    /// The design point.
    pub point: String,
    /// Number of the replication, from 1.
    pub replication: u64,
    /// The observing side.
    pub side: String,
    /// What it made of the target.
    pub record: TargetRecord,
}

impl EpisodeRow {
    /// From detected to engaged.
    fn episode(&self) -> Episode {
        Span::SensorToShooter.episode(&self.record)
    }
}

/// Times of a record that there may not be, in the order of their columns.
const TIMES: [fn(&TargetRecord) -> Option<f64>; 8] = [
    |it| it.detected_s,
    |it| it.tracked_s,
    |it| it.shared_s,
    |it| it.decided_s,
    |it| it.authorised_s,
    |it| it.engaged_s,
    |it| it.effect_s,
    |it| it.assessed_s,
];

/// Writes the runs into `inner` and gives it back; the path is for messages.
///
/// # Errors
///
/// If they cannot be written.
pub fn write_runs<W: Write + Send>(
    inner: W,
    path: &Path,
    rows: &[RunRow],
) -> Result<W, RecordError> {
    let group = |file: &mut SerializedFileWriter<W>, rows: &[RunRow]| -> TableResult<()> {
        let mut group = file.next_row_group()?;
        table::write_texts(&mut group, rows.iter().map(|row| row.point.as_str()))?;
        table::write_integers(&mut group, rows.iter().map(|row| row.replication))?;
        table::write_integers(&mut group, rows.iter().map(|row| row.seed))?;
        table::write_texts(&mut group, rows.iter().map(|row| row.state_hash.as_str()))?;
        table::write_texts(&mut group, rows.iter().map(|row| row.measure.as_str()))?;
        table::write_optional_numbers(&mut group, rows.iter().map(|row| row.value))?;
        table::write_optional_texts(&mut group, rows.iter().map(|row| row.error.as_deref()))?;
        group.close()?;
        Ok(())
    };
    write(inner, path, (RUNS_SCHEMA, rows), group)
}

/// Writes the episodes into `inner` and gives it back; the path is for messages.
///
/// # Errors
///
/// If they cannot be written.
pub fn write_episodes<W: Write + Send>(
    inner: W,
    path: &Path,
    rows: &[EpisodeRow],
) -> Result<W, RecordError> {
    let group = |file: &mut SerializedFileWriter<W>, rows: &[EpisodeRow]| -> TableResult<()> {
        let mut group = file.next_row_group()?;
        table::write_texts(&mut group, rows.iter().map(|row| row.point.as_str()))?;
        table::write_integers(&mut group, rows.iter().map(|row| row.replication))?;
        table::write_texts(&mut group, rows.iter().map(|row| row.side.as_str()))?;
        let records = || rows.iter().map(|row| &row.record);
        table::write_texts(&mut group, records().map(|it| it.target.as_str()))?;
        table::write_numbers(&mut group, rows.iter().map(|row| row.episode().time_s))?;
        let outcomes = rows.iter().map(|row| row.episode().outcome.key());
        table::write_texts(&mut group, outcomes)?;
        table::write_numbers(&mut group, records().map(|it| it.first_detectable_s))?;
        for time in TIMES {
            table::write_optional_numbers(&mut group, records().map(time))?;
        }
        table::write_texts(&mut group, records().map(|it| it.fate.key()))?;
        table::write_numbers(&mut group, records().map(|it| it.fate_s))?;
        table::write_numbers(&mut group, records().map(|it| it.end_s))?;
        group.close()?;
        Ok(())
    };
    write(inner, path, (EPISODES_SCHEMA, rows), group)
}

/// Writes rows group by group.
fn write<W: Write + Send, T>(
    inner: W,
    path: &Path,
    (schema, rows): (&str, &[T]),
    group: impl Fn(&mut SerializedFileWriter<W>, &[T]) -> TableResult<()>,
) -> Result<W, RecordError> {
    let all = || -> TableResult<W> {
        let mut file = table::start(inner, schema, &[])?;
        for rows in rows.chunks(GROUP_ROWS) {
            group(&mut file, rows)?;
        }
        file.into_inner()
    };
    all().map_err(RecordError::table(path))
}

/// Reads the runs.
///
/// # Errors
///
/// If the file is missing, cut short, or another table.
pub fn read_runs(path: &Path) -> Result<Vec<RunRow>, RecordError> {
    table::read(path, |group| {
        let points = table::texts(group, 0)?.into_iter();
        let replications = table::integers(group, 1)?.into_iter();
        let seeds = table::integers(group, 2)?.into_iter();
        let hashes = table::texts(group, 3)?.into_iter();
        let measures = table::texts(group, 4)?.into_iter();
        let values = table::optional_numbers(group, 5)?.into_iter();
        let errors = table::optional_texts(group, 6)?.into_iter();
        let names = points.zip(replications).zip(seeds).zip(hashes);
        let rows = names.zip(measures.zip(values.zip(errors)));
        Ok(rows
            .map(
                |((((point, replication), seed), state_hash), (measure, (value, error)))| RunRow {
                    point,
                    replication,
                    seed,
                    state_hash,
                    measure,
                    value,
                    error,
                },
            )
            .collect())
    })
}

/// Reads the episodes. Fates that this program does not know count as open.
///
/// # Errors
///
/// If the file is missing, cut short, or another table.
pub fn read_episodes(path: &Path) -> Result<Vec<EpisodeRow>, RecordError> {
    table::read(path, |group| {
        let points = table::texts(group, 0)?.into_iter();
        let replications = table::integers(group, 1)?.into_iter();
        let sides = table::texts(group, 2)?.into_iter();
        let records = read_records(group)?.into_iter();
        let names = points.zip(replications).zip(sides);
        Ok(names
            .zip(records)
            .map(|(((point, replication), side), record)| EpisodeRow {
                point,
                replication,
                side,
                record,
            })
            .collect())
    })
}

/// Reads what the sides made of the targets of a row group.
fn read_records(group: &dyn RowGroupReader) -> TableResult<Vec<TargetRecord>> {
    let targets = table::texts(group, 3)?;
    let detectable_s = table::numbers(group, 6)?;
    let times_s: Vec<Vec<Option<f64>>> = (7..7 + TIMES.len())
        .map(|column| table::optional_numbers(group, column))
        .collect::<TableResult<_>>()?;
    let (fates, fates_s) = (table::texts(group, 15)?, table::numbers(group, 16)?);
    let ends_s = table::numbers(group, 17)?;
    let record = |(at, target): (usize, String)| TargetRecord {
        target,
        first_detectable_s: detectable_s[at],
        detected_s: times_s[0][at],
        tracked_s: times_s[1][at],
        shared_s: times_s[2][at],
        decided_s: times_s[3][at],
        authorised_s: times_s[4][at],
        engaged_s: times_s[5][at],
        effect_s: times_s[6][at],
        assessed_s: times_s[7][at],
        fate: Fate::of_key(&fates[at]).unwrap_or(Fate::Open),
        fate_s: fates_s[at],
        end_s: ends_s[at],
    };
    Ok(targets.into_iter().enumerate().map(record).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_with_what_is_missing_in_them() {
        let run = |number: u64| RunRow {
            point: format!("regime={}", number % 3),
            replication: number,
            seed: u64::MAX - number,
            state_hash: format!("{number:016x}"),
            measure: "losses".into(),
            value: (!number.is_multiple_of(4)).then_some(number as f64 / 3.0),
            error: number.is_multiple_of(5).then(|| "panicked".to_owned()),
        };
        let runs: Vec<RunRow> = (0..500).map(run).collect();
        let episode = |(number, fate): (u64, Fate)| EpisodeRow {
            point: "a=1".into(),
            replication: number,
            side: "blue".into(),
            record: TargetRecord {
                target: format!("red-{number}"),
                first_detectable_s: number as f64 * 0.1,
                detected_s: (number > 1).then_some(1.0),
                tracked_s: Some(2.0),
                shared_s: Some(3.0),
                decided_s: Some(4.0),
                authorised_s: Some(5.0),
                engaged_s: (number > 2).then_some(6.0),
                effect_s: None,
                assessed_s: Some(8.0),
                fate,
                fate_s: number as f64 * 0.3,
                end_s: 10.0,
            },
        };
        let episodes: Vec<EpisodeRow> = (0..).zip(Fate::ALL).map(episode).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, write_runs(Vec::new(), &path, &runs).unwrap()).unwrap();
        assert_eq!(read_runs(&path).unwrap(), runs);
        std::fs::write(&path, write_episodes(Vec::new(), &path, &episodes).unwrap()).unwrap();
        assert_eq!(read_episodes(&path).unwrap(), episodes);
        assert!(read_runs(&path).is_err(), "another table");
    }
}
