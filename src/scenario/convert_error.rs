//! What goes wrong in a conversion, before it has a place. See [`ConvertError`].

use core::fmt;

use serde::de::{self, Expected, Unexpected};

use super::suggest::did_you_mean;
use super::tree::Node;

/// An error of serde's on its way to a finding.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ConvertError {
    /// A finding of this round, further in.
    Logged,
    /// Cannot be built, because a part of it failed in an earlier round.
    Hollow,
    /// A required key is not there.
    Missing(&'static str),
    /// A value of another type; what was expected.
    Type(String),
    /// A value outside its range; what was found and what was expected.
    Range(String, String),
    /// A variant that does not exist; the name and those that do.
    Variant(String, &'static [&'static str]),
    /// Anything else that a type's own code says.
    Other(String),
}

/// The words of a finding.
pub(crate) struct Note {
    /// Code.
    pub(crate) code: &'static str,
    /// Cause.
    pub(crate) cause: String,
    /// Cure.
    pub(crate) cure: String,
}

impl ConvertError {
    /// The finding's words for an error at a node.
    pub(crate) fn into_note(self, node: &Node, path: &str) -> Note {
        let name = if path.is_empty() {
            "the file".to_owned()
        } else {
            format!("`{path}`")
        };
        let (code, cause, cure) = match self {
            Self::Missing(key) => (
                "S1052",
                format!("{name} lacks the key `{key}`"),
                format!("add `{key}`; docs/scenario-format.md says what it means"),
            ),
            Self::Type(expected) => (
                "S1053",
                format!("{name} is {}, expected {expected}", node.describe()),
                format!("write {expected}"),
            ),
            Self::Range(found, expected) => (
                "S1055",
                format!("{name} is {found}, expected {expected}"),
                format!("write {expected}"),
            ),
            Self::Variant(found, known) => (
                "S1054",
                format!("{name} is `{found}`, which does not exist"),
                did_you_mean(&found, known.iter().copied(), "choices"),
            ),
            Self::Logged | Self::Hollow => (
                "S1053",
                format!("{name} was not read"),
                "mend its parts".to_owned(),
            ),
            Self::Other(cause) => (
                "S1053",
                format!("{name}: {cause}"),
                "see docs/scenario-format.md".to_owned(),
            ),
        };
        Note { code, cause, cure }
    }
}

/// serde's name of a type in a reader's words.
fn reader_words(expected: &str) -> String {
    match expected {
        "f64" | "f32" => "a number".to_owned(),
        "u8" => "a whole number from 0 to 255".to_owned(),
        "u32" => "a whole number from 0 to 4294967295".to_owned(),
        "u64" => "a whole number not below 0".to_owned(),
        "a string" | "a borrowed string" => "a text in quotes".to_owned(),
        "a boolean" => "`true` or `false`".to_owned(),
        "a sequence" => "a list `[...]`".to_owned(),
        _ => match expected.split_once(' ') {
            Some(("struct", name)) => format!("a structure `(...)` with the keys of `{name}`"),
            Some(("enum", name)) => format!("a choice of `{name}`"),
            _ => expected.to_owned(),
        },
    }
}

impl fmt::Display for ConvertError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl core::error::Error for ConvertError {}

impl de::Error for ConvertError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Type(reader_words(&expected.to_string()))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Range(found.to_string(), reader_words(&expected.to_string()))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::Range(
            format!("{length} values long"),
            reader_words(&expected.to_string()),
        )
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Self::Variant(found.to_owned(), known)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Missing(key)
    }
}
