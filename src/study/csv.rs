//! The runs as CSV (RFC 4180): the columns of `runs.parquet`, empty where there is no value.

use std::fmt::Write as _;

use crate::record::replications::RunRow;

/// The whole table.
#[must_use]
pub fn runs_csv(rows: &[RunRow]) -> String {
    let mut text = String::from("point,replication,seed,state_hash,measure,value,error\r\n");
    for row in rows {
        let value = row.value.map(|value| value.to_string()).unwrap_or_default();
        let error = row.error.as_deref().unwrap_or_default();
        writeln!(
            text,
            "{},{},{},{},{},{value},{}\r",
            quoted(&row.point),
            row.replication,
            row.seed,
            row.state_hash,
            quoted(&row.measure),
            quoted(error)
        )
        .expect("a string takes any text");
    }
    text
}

/// A field, in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_commas_and_quotes_are_quoted() {
        let row = RunRow {
            point: "a=(1,2)".into(),
            replication: 3,
            seed: 7,
            state_hash: "00ff".into(),
            measure: "losses".into(),
            value: None,
            error: Some("said \"no\"".into()),
        };
        let good = RunRow {
            value: Some(0.1),
            error: None,
            ..row.clone()
        };
        let text = runs_csv(&[row, good]);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[1], "\"a=(1,2)\",3,7,00ff,losses,,\"said \"\"no\"\"\"");
        assert_eq!(lines[2], "\"a=(1,2)\",3,7,00ff,losses,0.1,");
    }
}
