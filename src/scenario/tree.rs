//! A RON text as a tree in which every value knows its place. See [`Document`].
//!
//! `ron::Value` knows no places and no enum names, and serde stops at the first error, so the tree
//! is our own: the parser fills it, `--set` edits it, conversion reads it, and validation asks it
//! where a key stands.

use crate::kernel::finding::Finding;

/// A place in one of a document's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which text: 0 is the file, others are `--set` arguments in their order.
    pub(crate) source: u16,
    /// Byte offset in it.
    pub(crate) offset: u32,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it begins.
    pub(crate) place: Place,
    /// What it is.
    pub(crate) value: Value,
}

/// A RON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that is not negative.
    Unsigned(u64),
    /// A negative whole number.
    Signed(i64),
    /// Any other finite number.
    Float(f64),
    /// A character.
    Char(char),
    /// A text.
    Text(Box<str>),
    /// `[...]`.
    List(Vec<Node>),
    /// `{...}`; keys and values.
    Map(Vec<(Node, Node)>),
    /// `Name`, `(...)` or `Name(...)`.
    Record(Box<Record>),
    /// A value that was refused and reported; conversion passes over it.
    Refused,
}

/// `Name`, `(...)` or `Name(...)`: a structure, a tuple or an enum variant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    /// The name in front, if any.
    pub(crate) name: Option<Box<str>>,
    /// What stands in the parentheses.
    pub(crate) body: Body,
}

/// What stands in a record's parentheses.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    /// No parentheses at all.
    Bare,
    /// Values by position.
    Tuple(Vec<Node>),
    /// Values by key, in the order of the file.
    Fields(Vec<Field>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    /// The key.
    pub(crate) key: Box<str>,
    /// Where the key stands.
    pub(crate) place: Place,
    /// Its value.
    pub(crate) node: Node,
}

/// A step into a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// The value of a key.
    Key(&'a str),
    /// The n-th element of a list or tuple, from 0.
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Node {
    /// The value of a key; looks through `Some(...)`.
    pub(crate) fn field(&self, key: &str) -> Option<&Field> {
        match &self.unwrap_some().value {
            Value::Record(record) => match &record.body {
                Body::Fields(fields) => fields.iter().find(|field| &*field.key == key),
                _ => None,
            },
            _ => None,
        }
    }

    /// The elements of a list or tuple; empty for anything else. Looks through `Some(...)`.
    pub(crate) fn elements(&self) -> &[Self] {
        match &self.unwrap_some().value {
            Value::List(elements) => elements,
            Value::Record(record) => match &record.body {
                Body::Tuple(elements) => elements,
                _ => &[],
            },
            _ => &[],
        }
    }

    /// The inner value of `Some(...)`, or the value itself.
    pub(crate) fn unwrap_some(&self) -> &Self {
        match &self.value {
            Value::Record(record) if record.name.as_deref() == Some("Some") => match &record.body {
                Body::Tuple(inner) if inner.len() == 1 => &inner[0],
                _ => self,
            },
            _ => self,
        }
    }

    /// Whether the parser refused and reported it.
    pub(crate) fn is_refused(&self) -> bool {
        self.value == Value::Refused
    }

    /// The text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.unwrap_some().value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The nodes directly below.
    fn children(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match &self.value {
            Value::List(nodes) => Box::new(nodes.iter()),
            Value::Map(entries) => Box::new(entries.iter().map(|(_, node)| node)),
            Value::Record(record) => match &record.body {
                Body::Bare => Box::new(core::iter::empty()),
                Body::Tuple(nodes) => Box::new(nodes.iter()),
                Body::Fields(fields) => Box::new(fields.iter().map(|field| &field.node)),
            },
            _ => Box::new(core::iter::empty()),
        }
    }

    /// Name of the n-th node directly below, for a dotted path.
    fn child_name(&self, index: usize, child: &Self) -> String {
        match &self.value {
            Value::Map(entries) => entries[index].0.describe(),
            Value::Record(record) => match &record.body {
                Body::Fields(fields) => fields[index].key.to_string(),
                _ => element_name(child, index),
            },
            _ => element_name(child, index),
        }
    }

    /// The value in a few words, for messages.
    pub(crate) fn describe(&self) -> String {
        match &self.value {
            Value::Bool(value) => format!("`{value}`"),
            Value::Unsigned(value) => format!("the number {value}"),
            Value::Signed(value) => format!("the number {value}"),
            Value::Float(value) => format!("the number {value}"),
            Value::Char(value) => format!("the character {value:?}"),
            Value::Text(value) => format!("the text {:?}", shorten(value)),
            Value::List(nodes) => format!("a list of {}", nodes.len()),
            Value::Map(entries) => format!("a map of {}", entries.len()),
            Value::Record(record) => match (&record.name, &record.body) {
                (Some(name), Body::Bare) => format!("`{}`", shorten(name)),
                (Some(name), _) => format!("`{}(...)`", shorten(name)),
                (None, Body::Tuple(nodes)) => format!("a tuple of {}", nodes.len()),
                (None, _) => "a structure `(...)`".to_owned(),
            },
            Value::Refused => "a refused value".to_owned(),
        }
    }
}

/// Keys by which a list's element may be called, in this order.
pub(crate) const ID_KEYS: [&str; 5] = ["id", "name", "unit", "at", "effector"];

/// The id of a list's element, where it has one.
pub(crate) fn element_id(node: &Node) -> Option<&str> {
    ID_KEYS
        .iter()
        .find_map(|key| node.field(key).and_then(|field| field.node.text()))
}

/// The name of a list's element in a path: its id, or its index.
fn element_name(node: &Node, index: usize) -> String {
    element_id(node).map_or_else(|| index.to_string(), str::to_owned)
}

/// At most 60 characters of a text.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A text of a document: the file, or a `--set` argument.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Source {
    /// Name for findings.
    pub(crate) name: String,
    /// The whole text.
    pub(crate) text: String,
}

/// A parsed scenario text, with the `--set` arguments applied so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The texts that places point into; the file first.
    pub(crate) sources: Vec<Source>,
    /// The tree.
    pub(crate) root: Node,
}

impl Document {
    /// Name of the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.sources[0].name
    }

    /// Place of the value at a path, or, where the file leaves it out, of the nearest value above
    /// it: always a place that helps.
    #[must_use]
    pub fn place(&self, path: &[Step<'_>]) -> Place {
        let mut node = &self.root;
        let mut place = node.place;
        for step in path {
            match *step {
                Step::Key(key) => match node.field(key) {
                    Some(field) => {
                        place = field.place;
                        node = &field.node;
                    }
                    None => return place,
                },
                Step::Index(index) => match node.elements().get(index) {
                    Some(element) => {
                        place = element.place;
                        node = element;
                    }
                    None => return place,
                },
            }
        }
        place
    }

    /// The value at a path, where the file gives one.
    pub(crate) fn node(&self, path: &[Step<'_>]) -> Option<&Node> {
        path.iter().try_fold(&self.root, |node, step| match *step {
            Step::Key(key) => node.field(key).map(|field| &field.node),
            Step::Index(index) => node.elements().get(index),
        })
    }

    /// An error at a place.
    #[must_use]
    pub fn error(
        &self,
        code: &str,
        place: Place,
        cause: impl Into<String>,
        cure: impl Into<String>,
    ) -> Finding {
        locate(&self.sources, place, Finding::error(code, "", cause, cure))
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(
        &self,
        code: &str,
        place: Place,
        cause: impl Into<String>,
        cure: impl Into<String>,
    ) -> Finding {
        locate(
            &self.sources,
            place,
            Finding::warning(code, "", cause, cure),
        )
    }

    /// The dotted path of a node of this document, list elements by id; empty for the root.
    pub(crate) fn path_of(&self, wanted: &Node) -> String {
        let mut names = Vec::new();
        search(&self.root, wanted, &mut names);
        names.reverse();
        names.join(".")
    }
}

/// Finds a node by identity and leaves the names on the way to it, innermost first.
fn search(node: &Node, wanted: &Node, names: &mut Vec<String>) -> bool {
    if core::ptr::eq(node, wanted) {
        return true;
    }
    for (index, child) in node.children().enumerate() {
        if search(child, wanted, names) {
            names.push(node.child_name(index, child));
            return true;
        }
    }
    false
}

/// The finding with file, line and column of a place.
pub(crate) fn locate(sources: &[Source], place: Place, finding: Finding) -> Finding {
    let source = &sources[usize::from(place.source)];
    let (line, column) = line_and_column(&source.text, place.offset);
    Finding {
        file: source.name.clone(),
        ..finding.at(line, column)
    }
}

/// Line and column of a byte offset, both from 1; columns count characters.
fn line_and_column(text: &str, offset: u32) -> (u32, u32) {
    let before = text.get(..offset as usize).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[start..].chars().count() + 1;
    let small = |n: usize| u32::try_from(n).expect("texts are at most 8 MiB long");
    (small(line), small(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        assert_eq!(line_and_column("aß: 1,\n  x", 3), (1, 3));
        assert_eq!(line_and_column("aß: 1,\n  x", 10), (2, 3));
        assert_eq!(line_and_column("", 0), (1, 1));
    }
}
