//! Text and settings to a typed scenario. See [`read_scenario`].

use serde::de::DeserializeOwned;

use super::convert::typed;
use super::parse::parse_source;
use super::schema::Scenario;
use super::set::apply_setting;
use super::tree::{Document, Source};
use crate::kernel::finding::Finding;

/// A scenario with the tree that it was read from, which knows the place of every key.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadScenario {
    /// The typed scenario.
    pub scenario: Scenario,
    /// The tree.
    pub document: Document,
}

/// Reads a scenario from its text and the `PATH=VALUE` settings of the command line, in order.
/// `file` names the text in findings. References and positions are not checked yet: see
/// [`super::validate::validate`].
///
/// # Errors
/// All findings of text, settings, keys and types that can be gathered.
pub fn read_scenario(
    file: &str,
    text: &str,
    settings: &[String],
) -> Result<ReadScenario, Vec<Finding>> {
    let document = read_document(file, text, settings)?;
    let scenario = typed(&document)?;
    Ok(ReadScenario { scenario, document })
}

/// Reads the tree alone, of a scenario. Where the text has findings that leave a tree, the findings
/// of converting the rest join them.
///
/// # Errors
/// All findings of text and settings that can be gathered.
pub fn read_document(
    file: &str,
    text: &str,
    settings: &[String],
) -> Result<Document, Vec<Finding>> {
    read_document_as::<Scenario>(file, text, settings)
}

/// Reads a text of another kind than a scenario through the same tree.
///
/// # Errors
/// All findings of text, keys and types that can be gathered.
pub fn read_as<T: DeserializeOwned>(file: &str, text: &str) -> Result<(T, Document), Vec<Finding>> {
    let document = read_document_as::<T>(file, text, &[])?;
    Ok((typed(&document)?, document))
}

/// The work of [`read_document`] for any kind of file.
fn read_document_as<T: DeserializeOwned>(
    file: &str,
    text: &str,
    settings: &[String],
) -> Result<Document, Vec<Finding>> {
    let source = Source {
        name: file.to_owned(),
        text: text.to_owned(),
    };
    let (root, mut findings) = parse_source(0, &source);
    let Some(root) = root else {
        return Err(findings);
    };
    let mut document = Document {
        sources: vec![source],
        root,
    };
    for setting in settings {
        findings.extend(
            apply_setting(&mut document, setting)
                .err()
                .unwrap_or_default(),
        );
    }
    if findings.is_empty() {
        return Ok(document);
    }
    findings.extend(typed::<T>(&document).err().unwrap_or_default());
    findings.sort();
    findings.dedup();
    Err(findings)
}
