//! `--set PATH=VALUE`: changes to a scenario's tree. See [`apply_setting`].
//!
//! A path is dotted: keys of structures, ids of list elements (`units.uav.altitude_m`), or indices
//! where an element has no id (`units.uav.at_m.0`). A unit of a counted group is named as in a run
//! (`units.uav-3.altitude_m`). Studies name their factors in the same way.

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

/// Most units of a group that is written out because one of them is set.
const MEMBERS_MAX: u64 = 10_000;

/// Place and number of the entry of a counted group that a unit of this name is a member of.
fn group_of(elements: &[Node], name: &str) -> Option<(usize, u64)> {
    let (stem, digits) = name.rsplit_once('-')?;
    let number: u64 = digits.parse().ok().filter(|_| !digits.starts_with('0'))?;
    let at = elements
        .iter()
        .position(|element| element_id(element) == Some(stem))?;
    let count = match elements[at].field("count")?.node.value {
        Value::Unsigned(count) if count <= MEMBERS_MAX => count,
        _ => return None,
    };
    (1..=count).contains(&number).then_some((at, count))
}

/// Writes a counted group out as its members, each as one entry with the places of the group's.
fn write_out(elements: &mut Vec<Node>, at: usize, count: u64) {
    let group = elements.remove(at);
    let stem = element_id(&group).unwrap_or_default().to_owned();
    let here = group.place;
    let node = |value| Node { place: here, value };
    let field = |key: &str, node| Field {
        key: key.into(),
        place: here,
        node,
    };
    let member = |number: u64| {
        let mut alone = group.clone();
        if let Value::Record(record) = &mut alone.value
            && let Body::Fields(fields) = &mut record.body
        {
            fields.retain(|field| &*field.key != "count");
            for field in fields.iter_mut().filter(|field| &*field.key == "id") {
                field.node.value = Value::Text(format!("{stem}-{number}").into());
            }
            let which = Record {
                name: None,
                body: Body::Fields(vec![
                    field("of", node(Value::Text(stem.as_str().into()))),
                    field("number", node(Value::Unsigned(number))),
                    field("count", node(Value::Unsigned(count))),
                ]),
            };
            fields.push(field("member", node(Value::Record(Box::new(which)))));
        }
        alone
    };
    elements.splice(at..at, (1..=count).map(member));
}

/// One step into a list, by id or index. A member of a counted group makes the group be written out.
fn descend_list<'n>(elements: &'n mut Vec<Node>, name: &str) -> Result<&'n mut Node, DeadEnd> {
    if let Some((at, count)) = group_of(elements, name) {
        write_out(elements, at, count);
    }
    let by_id = elements
        .iter()
        .position(|element| element_id(element) == Some(name));
    let by_index = name.parse().ok().filter(|index| *index < elements.len());
    if let Some(at) = by_id.or(by_index) {
        return Ok(&mut elements[at]);
    }
    let ids: Vec<&str> = elements.iter().filter_map(element_id).collect();
    let cure = did_you_mean(name, ids, "ids");
    Err(DeadEnd {
        cause: "is in no element of",
        cure,
    })
}
