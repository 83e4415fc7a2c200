//! RON text to tree, gathering what can be gathered. See [`parse_source`].
//!
//! Findings are about size (S1001), syntax (S1003, which ends the parsing), nesting (S1004), number
//! of values (S1005), duplicate keys (S1006), numbers that are not finite (S1007) and characters
//! that hide or reorder others (S1008).

use std::collections::BTreeMap;

use super::lexer::{Lexer, Stop};
use super::tree::{Body, Field, Node, Place, Record, Source, Value, locate, shorten};
use crate::kernel::finding::Finding;

/// Largest text, in bytes: 8 MiB.
pub(super) const TEXT_BYTES_MAX: usize = 8 << 20;
/// Deepest nesting of values.
const DEPTH_MAX: usize = 64;
/// Most values in one text; keeps a tree below 64 MiB.
const VALUES_MAX: usize = 300_000;
/// Most findings that are reported at once.
pub(crate) const FINDINGS_MAX: usize = 100;

/// Parses one text; the node is there unless the syntax is broken, even when there are findings.
pub(crate) fn parse_source(number: u16, source: &Source) -> (Option<Node>, Vec<Finding>) {
    let sources = core::slice::from_ref(source);
    let at = |offset: usize| Place {
        source: 0,
        offset: u32::try_from(offset).unwrap_or(u32::MAX),
    };
    if source.text.len() > TEXT_BYTES_MAX {
        let cause = format!("{} bytes, more than {TEXT_BYTES_MAX}", source.text.len());
        let finding = Finding::error("S1001", "", cause, "use `count` instead of listing units");
        return (None, vec![locate(sources, at(0), finding)]);
    }
    let mut parser = Parser {
        lexer: Lexer::new(&source.text),
        number,
        depth: 0,
        values: 0,
        notes: Vec::new(),
    };
    parser.check_characters(&source.text);
    let outcome = parser.whole();
    let mut notes = parser.notes;
    let root = outcome.map_err(|stop| notes.push(stop)).ok();
    let mut findings: Vec<Finding> = notes
        .into_iter()
        .map(|note| {
            locate(
                sources,
                at(note.offset),
                Finding::error(note.code, "", note.cause, note.cure),
            )
        })
        .collect();
    findings.sort();
    findings.dedup();
    (root, findings)
}

/// The state of parsing.
struct Parser<'a> {
    /// Cursor.
    lexer: Lexer<'a>,
    /// Number of the text, for places.
    number: u16,
    /// How deep we are.
    depth: usize,
    /// Values so far.
    values: usize,
    /// Findings that do not stop us.
    notes: Vec<Stop>,
}

impl Parser<'_> {
    /// The whole text: extensions, one value, nothing after it.
    fn whole(&mut self) -> Result<Node, Stop> {
        self.lexer.skip_blank()?;
        while self.lexer.peek() == Some('#') {
            self.extension()?;
            self.lexer.skip_blank()?;
        }
        let node = self.value()?;
        self.lexer.skip_blank()?;
        match self.lexer.peek() {
            None => Ok(node),
            Some(c) => Err(self.expected("the end of the file", c)),
        }
    }

    /// `#![enable(implicit_some)]`: taken, as we read options so anyway; others are refused.
    fn extension(&mut self) -> Result<(), Stop> {
        let start = self.lexer.offset();
        if self.lexer.take("#![enable(implicit_some)]") {
            return Ok(());
        }
        Err(Stop::syntax(
            start,
            "an extension that this format does not use",
            "write `#![enable(implicit_some)]` or leave the line out",
        ))
    }

    /// A place in this text.
    fn place(&self, offset: usize) -> Place {
        let offset = u32::try_from(offset).expect("texts are at most 8 MiB long");
        Place {
            source: self.number,
            offset,
        }
    }

    /// Notes a finding that does not stop the parsing.
    fn note(&mut self, code: &'static str, offset: usize, cause: String, cure: &str) {
        if self.notes.len() < FINDINGS_MAX {
            self.notes.push(Stop {
                code,
                offset,
                cause,
                cure: cure.to_owned(),
            });
        }
    }

    /// A syntax error that says what was expected.
    fn expected(&self, what: &str, found: char) -> Stop {
        Stop::syntax(
            self.lexer.offset(),
            format!("{what} was expected, `{}` found", found.escape_default()),
            "check commas, quotes and parentheses here and on the line before",
        )
    }

    /// A value at the cursor.
    fn value(&mut self) -> Result<Node, Stop> {
        let start = self.lexer.offset();
        self.values += 1;
        if self.values > VALUES_MAX {
            return Err(Stop {
                code: "S1005",
                offset: start,
                cause: format!("more than {VALUES_MAX} values"),
                cure: "use `count` instead of listing units".to_owned(),
            });
        }
        if self.depth >= DEPTH_MAX {
            return Err(Stop {
                code: "S1004",
                offset: start,
                cause: format!("values nested more than {DEPTH_MAX} deep"),
                cure: "a scenario nests no deeper than its order of battle; flatten it".to_owned(),
            });
        }
        self.depth += 1;
        let value = self.bare_value(start)?;
        self.depth -= 1;
        Ok(Node {
            place: self.place(start),
            value,
        })
    }

    /// A value by its first character.
    fn bare_value(&mut self, start: usize) -> Result<Value, Stop> {
        let Some(first) = self.lexer.peek() else {
            return Err(Stop::syntax(
                start,
                "the file ends too early",
                "a value is missing",
            ));
        };
        match first {
            '"' => {
                let text = self.lexer.string()?;
                Ok(self.checked_text(text, start))
            }
            '\'' => Ok(Value::Char(self.lexer.character()?)),
            '[' => Ok(Value::List(self.sequence("[", "]", Self::value)?)),
            '{' => self.map(),
            '(' => self.record(None),
            '+' | '-' | '.' | '0'..='9' => {
                let number = self.lexer.number()?;
                Ok(self.checked_number(number, start))
            }
            'r' => match self.lexer.raw_string()? {
                Some(text) => Ok(self.checked_text(text, start)),
                None => self.named(start),
            },
            _ => self.named(start),
        }
    }

    /// `true`, `false`, or a record with a name.
    fn named(&mut self, start: usize) -> Result<Value, Stop> {
        let name = self.lexer.name().to_owned();
        match name.as_str() {
            "" => {
                let found = self.lexer.peek().unwrap_or(' ');
                Err(self.expected("a value", found))
            }
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "inf" | "NaN" => Ok(self.checked_number(Value::Float(f64::NAN), start)),
            _ => {
                let end = self.lexer.offset();
                self.lexer.skip_blank()?;
                if self.lexer.peek() == Some('(') {
                    return self.record(Some(name.into()));
                }
                self.lexer.rewind(end);
                Ok(Value::Record(Box::new(Record {
                    name: Some(name.into()),
                    body: Body::Bare,
                })))
            }
        }
    }

    /// The number, or a finding where it is not finite.
    fn checked_number(&mut self, value: Value, start: usize) -> Value {
        match value {
            Value::Float(number) if !number.is_finite() => {
                let cause = "not a finite number".to_owned();
                self.note(
                    "S1007",
                    start,
                    cause,
                    "write a number, or leave the key out",
                );
                Value::Refused
            }
            _ => value,
        }
    }

    /// The text, with findings for characters that hide or reorder others.
    fn checked_text(&mut self, text: Box<str>, start: usize) -> Value {
        if text.chars().any(is_hidden) {
            self.note(
                "S1008",
                start,
                "a text with control or direction-changing characters".to_owned(),
                "remove the escapes; names are plain text",
            );
            return Value::Refused;
        }
        Value::Text(text)
    }

    /// Findings for such characters anywhere in the file, comments included.
    fn check_characters(&mut self, text: &str) {
        for (offset, c) in text.char_indices() {
            if is_hidden(c) && !(offset == 0 && c == '\u{feff}') {
                self.note(
                    "S1008",
                    offset,
                    format!(
                        "the control or direction-changing character U+{:04X}",
                        u32::from(c)
                    ),
                    "remove it: what is read must be what is seen",
                );
                if self.notes.len() >= FINDINGS_MAX {
                    return;
                }
            }
        }
    }

    /// Elements between brackets, separated by commas, the last of which may be left out.
    fn sequence<T>(
        &mut self,
        open: &str,
        close: &str,
        element: impl Fn(&mut Self) -> Result<T, Stop>,
    ) -> Result<Vec<T>, Stop> {
        let start = self.lexer.offset();
        self.lexer.take(open);
        let mut elements = Vec::new();
        loop {
            self.lexer.skip_blank()?;
            if self.lexer.take(close) {
                return Ok(elements);
            }
            elements.push(element(self)?);
            self.lexer.skip_blank()?;
            if self.lexer.take(",") {
                continue;
            }
            match self.lexer.peek() {
                Some(_) if self.lexer.take(close) => return Ok(elements),
                Some(c) => return Err(self.expected(&format!("`,` or `{close}`"), c)),
                None => {
                    return Err(Stop::syntax(
                        start,
                        format!("`{open}` begins here and never ends"),
                        "close it",
                    ));
                }
            }
        }
    }

    /// `{key: value, ...}`.
    fn map(&mut self) -> Result<Value, Stop> {
        let entries = self.sequence("{", "}", |parser| {
            let key = parser.value()?;
            parser.colon()?;
            Ok((key, parser.value()?))
        })?;
        let keys: Vec<(String, u32)> = entries
            .iter()
            .map(|(key, _)| (key.describe(), key.place.offset))
            .collect();
        self.check_duplicates(keys.iter().map(|(key, offset)| (key.as_str(), *offset)));
        Ok(Value::Map(entries))
    }

    /// A colon with blanks around it.
    fn colon(&mut self) -> Result<(), Stop> {
        self.lexer.skip_blank()?;
        if !self.lexer.take(":") {
            let found = self.lexer.peek().unwrap_or(' ');
            return Err(self.expected("`:`", found));
        }
        self.lexer.skip_blank()
    }

    /// `(...)`: keys if a name and a colon come first, positions otherwise.
    fn record(&mut self, name: Option<Box<str>>) -> Result<Value, Stop> {
        let body = if self.has_keys()? {
            let fields = self.sequence("(", ")", Self::field)?;
            self.check_duplicates(fields.iter().map(|field| (&*field.key, field.place.offset)));
            Body::Fields(fields)
        } else {
            Body::Tuple(self.sequence("(", ")", Self::value)?)
        };
        Ok(Value::Record(Box::new(Record { name, body })))
    }

    /// Whether a name and a colon follow the parenthesis at the cursor, which stays where it is.
    fn has_keys(&mut self) -> Result<bool, Stop> {
        let start = self.lexer.offset();
        self.lexer.take("(");
        self.lexer.skip_blank()?;
        let named = !self.lexer.name().is_empty();
        self.lexer.skip_blank()?;
        let keyed = named && self.lexer.take(":");
        self.lexer.rewind(start);
        Ok(keyed)
    }

    /// `key: value`.
    fn field(&mut self) -> Result<Field, Stop> {
        let start = self.lexer.offset();
        let key = self.lexer.name();
        if key.is_empty() {
            let found = self.lexer.peek().unwrap_or(' ');
            return Err(self.expected("a key", found));
        }
        let key: Box<str> = key.into();
        self.colon()?;
        Ok(Field {
            key,
            place: self.place(start),
            node: self.value()?,
        })
    }

    /// Findings for keys that come twice.
    fn check_duplicates<'k>(&mut self, keys: impl Iterator<Item = (&'k str, u32)>) {
        let mut seen = BTreeMap::new();
        for (key, offset) in keys {
            if seen.insert(key, offset).is_some() {
                let cause = format!("the key `{}` comes twice", shorten(key));
                self.note("S1006", offset as usize, cause, "keep one of them");
            }
        }
    }
}

/// Whether a character hides or reorders others: controls other than tab and line ends, and the
/// Unicode direction and invisible format characters (Boucher & Anderson 2021, "Trojan Source").
fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{061c}' | '\u{feff}')
}
