//! The text of a study to its typed form, through the tree that scenarios use.

use super::schema::Study;
use crate::kernel::finding::Finding;
use crate::scenario::read::{read_as, read_document};
use crate::scenario::tree::Document;

/// A study with the tree that it was read from.
#[derive(Debug)]
pub(super) struct ReadStudy {
    /// The typed study.
    pub(super) study: Study,
    /// The tree.
    pub(super) document: Document,
}

/// Reads a study from its text; `file` names it in findings.
///
/// # Errors
///
/// All findings of text, keys and types that can be gathered.
pub(super) fn read_study(file: &str, text: &str) -> Result<ReadStudy, Vec<Finding>> {
    let in_words_of_studies = |finding: Finding| Finding {
        cure: finding.cure.replace("scenario-format.md", "studies.md"),
        ..finding
    };
    match read_as(file, text) {
        Ok((study, document)) => Ok(ReadStudy { study, document }),
        Err(findings) => Err(findings.into_iter().map(in_words_of_studies).collect()),
    }
}

/// Whether a text is a study: it names a scenario and lists no units of its own.
#[must_use]
pub fn is_study(text: &str) -> bool {
    match read_document("study", text, &[]) {
        Ok(document) => {
            document.root.field("scenario").is_some() && document.root.field("units").is_none()
        }
        // A broken text is taken for what its words say.
        Err(_) => text.contains("scenario:") && !text.contains("units:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_study_is_told_from_a_scenario() {
        assert!(is_study("(format_version: 1, scenario: \"a.ron\")"));
        assert!(is_study(
            "(scenario: \"a.ron\", scenario: 3, replications: )"
        ));
        assert!(!is_study("(format_version: 1, name: \"x\", units: [])"));
        assert!(!is_study("// scenario: one\n(units: ["));
        assert!(!is_study("(format_version: 1, nmae: \"x\")"));
    }

    #[test]
    fn findings_about_a_study_point_to_its_documentation() {
        let findings = read_study("s.ron", "(format_version: 1, replication: 3)").unwrap_err();
        let unknown = findings.iter().find(|it| it.code == "S1051").unwrap();
        assert_eq!(unknown.cure, "did you mean `replications`?");
        let missing = findings.iter().find(|it| it.code == "S1052").unwrap();
        assert!(missing.cure.contains("docs/studies.md"), "{missing}");
    }
}
