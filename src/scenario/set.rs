//! `--set PATH=VALUE`: changes to a scenario's tree. See [`apply_setting`].
//!
//! A path is dotted: keys of structures, ids of list elements (`units.uav.altitude_m`), or indices
//! where an element has no id (`units.uav.at_m.0`). Studies name their factors in the same way.

use super::parse::parse_source;
use super::suggest::did_you_mean;
use super::tree::{Body, Document, Field, Node, Place, Record, Source, Value, element_id};
use crate::kernel::finding::Finding;

/// Applies one `PATH=VALUE` to a document. Whether the key and the type of the value are right is
/// then seen where every key is checked, in the conversion, and reported at this argument.
///
/// # Errors
/// S1061 where the argument has no path or value, S1062 where the path leads nowhere, and the
/// findings of parsing the value.
pub fn apply_setting(document: &mut Document, setting: &str) -> Result<(), Vec<Finding>> {
    let number = u16::try_from(document.sources.len()).map_err(|_| {
        vec![Finding::error(
            "S1061",
            "--set",
            "more than 65535 settings",
            "use a study",
        )]
    })?;
    let source = Source {
        name: format!("--set {setting}"),
        text: setting.to_owned(),
    };
    document.sources.push(source);
    let outcome = apply(document, number, setting);
    if outcome.is_err() {
        document.sources.pop();
    }
    outcome
}

/// The work of [`apply_setting`], with the argument as text number `number`.
fn apply(document: &mut Document, number: u16, setting: &str) -> Result<(), Vec<Finding>> {
    let here = Place {
        source: number,
        offset: 0,
    };
    let Some((path, text)) = setting.split_once('=') else {
        let cure = "write for example `sharing.regime=Meshed`";
        return Err(vec![document.error("S1061", here, "there is no `=`", cure)]);
    };
    let names: Vec<&str> = path.trim().split('.').collect();
    if names.iter().any(|name| name.is_empty()) || text.trim().is_empty() {
        let cause = "a step of the path, or the value, is empty";
        return Err(vec![document.error(
            "S1061",
            here,
            cause,
            "write `PATH=VALUE`",
        )]);
    }
    let value = parse_value(number, setting, path.len() + 1, text)?;
    let mut node = &mut document.root;
    for (depth, name) in names.iter().enumerate() {
        node = match descend(node, name, here) {
            Ok(next) => next,
            Err(dead_end) => {
                let so_far = names[..depth].join(".");
                let inside = if so_far.is_empty() {
                    "the scenario"
                } else {
                    &so_far
                };
                let cause = format!("`{name}` {} `{inside}`", dead_end.cause);
                return Err(vec![document.error("S1062", here, cause, dead_end.cure)]);
            }
        };
    }
    *node = value;
    Ok(())
}

/// Parses the value; words that are no RON (`uav-micro`) are texts.
fn parse_value(number: u16, setting: &str, skip: usize, text: &str) -> Result<Node, Vec<Finding>> {
    // Blanks in place of the path keep the columns of the argument.
    let padded = format!("{}{text}", " ".repeat(setting[..skip].chars().count()));
    let source = Source {
        name: format!("--set {setting}"),
        text: padded,
    };
    let (node, findings) = parse_source(number, &source);
    match node {
        Some(node) if findings.is_empty() => Ok(node),
        None if is_word(text.trim()) => Ok(Node {
            place: Place {
                source: number,
                offset: u32::try_from(skip).unwrap_or(0),
            },
            value: Value::Text(text.trim().into()),
        }),
        _ => Err(findings),
    }
}

/// Whether a text is a bare word such as a catalogue name.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}

/// Why a path ends.
struct DeadEnd {
    /// What the step does not do, with a gap for its name before and the place after.
    cause: &'static str,
    /// What to do.
    cure: String,
}

/// One step down. A key that the file leaves out is made, as it may have a default.
fn descend<'n>(node: &'n mut Node, name: &str, here: Place) -> Result<&'n mut Node, DeadEnd> {
    match node {
        Node {
            value: Value::Record(record),
            ..
        } => descend_record(record, name, here),
        Node {
            value: Value::List(elements),
            ..
        } => descend_list(elements, name),
        _ => Err(DeadEnd {
            cause: "cannot be looked up in the plain value",
            cure: "end the path one step earlier".to_owned(),
        }),
    }
}

/// One step into a record.
fn descend_record<'n>(
    record: &'n mut Record,
    name: &str,
    here: Place,
) -> Result<&'n mut Node, DeadEnd> {
    let optional = record.name.as_deref() == Some("Some");
    let is_empty = match &record.body {
        Body::Bare => true,
        Body::Tuple(elements) => elements.is_empty(),
        Body::Fields(_) => false,
    };
    if is_empty {
        record.body = Body::Fields(Vec::new());
    }
    match &mut record.body {
        Body::Bare => Err(DeadEnd {
            cause: "is no key of",
            cure: "check the path".to_owned(),
        }),
        Body::Tuple(elements) => {
            if optional && elements.len() == 1 {
                return descend(&mut elements[0], name, here);
            }
            let cure = format!("write a number from 0 to {}", elements.len() - 1);
            let element = name
                .parse()
                .ok()
                .and_then(|index: usize| elements.get_mut(index));
            element.ok_or(DeadEnd {
                cause: "is no index of",
                cure,
            })
        }
        Body::Fields(fields) => {
            let at = fields
                .iter()
                .position(|field| &*field.key == name)
                .unwrap_or_else(|| {
                    let empty = Record {
                        name: None,
                        body: Body::Fields(Vec::new()),
                    };
                    let node = Node {
                        place: here,
                        value: Value::Record(Box::new(empty)),
                    };
                    fields.push(Field {
                        key: name.into(),
                        place: here,
                        node,
                    });
                    fields.len() - 1
                });
            Ok(&mut fields[at].node)
        }
    }
}

/// One step into a list, by id or index.
fn descend_list<'n>(elements: &'n mut [Node], name: &str) -> Result<&'n mut Node, DeadEnd> {
    let by_id = elements
        .iter()
        .position(|element| element_id(element) == Some(name));
    let by_index = name.parse().ok().filter(|index| *index < elements.len());
    if let Some(at) = by_id.or(by_index) {
        return Ok(&mut elements[at]);
    }
    let ids: Vec<&str> = elements.iter().filter_map(element_id).collect();
    let stem = name
        .rsplit_once('-')
        .map(|(stem, _)| stem)
        .filter(|stem| ids.contains(stem));
    let cure = match stem {
        Some(stem) => format!(
            "`{name}` is one of the equal units of `{stem}`: set `{stem}`, or list the unit alone"
        ),
        None => did_you_mean(name, ids, "ids"),
    };
    Err(DeadEnd {
        cause: "is in no element of",
        cure,
    })
}
