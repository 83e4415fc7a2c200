//! One finding of a validation, a lint or a safety check: what is wrong, where, and what to do.
//!
//! Scenario validation, the checks before an export and the independent checker of exported files
//! all answer with these, so that a person reads one form and a program parses one form.

use core::fmt;

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input is refused.
    Error,
    /// The input is taken, but someone should look.
    Warning,
}

/// One thing found in an input. Sorts by file, place and code, in that order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Stable code, a letter and four digits; `docs/errors.md` has a section for each.
    pub code: String,
    /// Whether the input is refused.
    pub severity: Severity,
    /// Name of the file, or of the unit where the input is no file.
    pub file: String,
    /// Line, counted from 1; none where the finding has no place in a text.
    pub line: Option<u32>,
    /// Column in characters, counted from 1; none where the finding has no place in a text.
    pub column: Option<u32>,
    /// What is wrong, with the values that make it so.
    pub cause: String,
    /// What the reader can do about it.
    pub cure: String,
}

impl Finding {
    /// An error in `file`, with no place yet.
    #[must_use]
    pub fn error(
        code: impl Into<String>,
        file: impl Into<String>,
        cause: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            severity: Severity::Error,
            file: file.into(),
            line: None,
            column: None,
            cause: cause.into(),
            cure: cure.into(),
        }
    }

    /// A warning in `file`, with no place yet.
    #[must_use]
    pub fn warning(
        code: impl Into<String>,
        file: impl Into<String>,
        cause: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, file, cause, cure)
        }
    }

    /// The same finding at a line and column, both counted from 1.
    #[must_use]
    pub fn at(self, line: u32, column: u32) -> Self {
        Self {
            line: Some(line),
            column: Some(column),
            ..self
        }
    }

    /// Whether it refuses the input.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// What findings sort by.
    fn sort_key(&self) -> (&str, Option<u32>, Option<u32>, &str, &str) {
        (&self.file, self.line, self.column, &self.code, &self.cause)
    }
}

impl PartialOrd for Finding {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Finding {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        (self.sort_key(), self.severity, &self.cure).cmp(&(
            other.sort_key(),
            other.severity,
            &other.cure,
        ))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(out, ":{column}")?;
        }
        let weight = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(
            out,
            ": {weight} {}: {} ({})",
            self.code, self.cause, self.cure
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_one_line_with_its_place() {
        let finding =
            Finding::error("S1100", "a.ron", "speed is -1", "give a speed above 0").at(4, 3);
        assert_eq!(
            finding.to_string(),
            "a.ron:4:3: error S1100: speed is -1 (give a speed above 0)"
        );
    }

    #[test]
    fn the_json_form_is_the_documented_one() {
        let finding = Finding::warning("P1001", "uav-3", "c", "d");
        let json = serde_json::to_string(&finding).unwrap();
        assert_eq!(
            json,
            r#"{"code":"P1001","severity":"warning","file":"uav-3","line":null,"column":null,"cause":"c","cure":"d"}"#
        );
    }

    #[test]
    fn findings_sort_by_place_before_code() {
        let late = Finding::error("A0001", "a.ron", "x", "y").at(9, 1);
        let early = Finding::error("Z0001", "a.ron", "x", "y").at(2, 7);
        assert!(early < late);
    }
}
