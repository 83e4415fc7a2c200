//! The adjudication log as JSON lines: one [`Line`] each, units first, then decisions in the order in
//! which they were taken.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::RecordError;
use crate::accounting::adjudication::Line;

/// Name of the adjudication log in a run's folder.
pub const ADJUDICATIONS_NAME: &str = "adjudications.jsonl";

/// Writes the log into `inner`; the path is for messages.
///
/// # Errors
///
/// If it cannot be written.
pub fn write_adjudications(
    inner: &mut impl Write,
    path: &Path,
    lines: &[Line],
) -> Result<(), RecordError> {
    for line in lines {
        let mut text = serde_json::to_vec(line).map_err(RecordError::json(path))?;
        text.push(b'\n');
        inner
            .write_all(&text)
            .map_err(RecordError::io("write", path))?;
    }
    Ok(())
}

/// Reads a log.
///
/// # Errors
///
/// If the file is missing, or a line of it is none of the log; the error names the line.
pub fn read_adjudications(path: &Path) -> Result<Vec<Line>, RecordError> {
    let text = fs::read_to_string(path).map_err(RecordError::io("open", path))?;
    let line = |(number, text): (usize, &str)| {
        serde_json::from_str(text).map_err(|error| RecordError::Damaged {
            path: path.to_owned(),
            what: format!("line {number} is no line of an adjudication log: {error}"),
        })
    };
    (1..).zip(text.lines()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounting::adjudication::{Hex, UnitLine};

    #[test]
    fn lines_come_back_and_a_damaged_one_is_named() {
        let unit = |name: &str| {
            Line::Unit(UnitLine {
                unit: name.to_owned(),
                id: Hex(u64::MAX),
                side: "blue".to_owned(),
                class: "ugv-scout".to_owned(),
            })
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(ADJUDICATIONS_NAME);
        let lines = vec![unit("a"), unit("b")];
        let mut bytes = Vec::new();
        write_adjudications(&mut bytes, &path, &lines).unwrap();
        fs::write(&path, &bytes).unwrap();
        assert_eq!(read_adjudications(&path).unwrap(), lines);
        fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
        let error = read_adjudications(&path).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        assert_eq!(error.exit_code(), 65);
    }
}
