//! Elements of a small XML document, with their places and within limits.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::pcr::PcrError;

/// Longest document, bytes.
const BYTES_MAX: usize = 1 << 20;

/// Most elements.
const ELEMENTS_MAX: usize = 20_000;

/// Deepest nesting.
const DEPTH_MAX: usize = 8;

/// Most attributes of an element.
const ATTRIBUTES_MAX: usize = 16;

/// Longest piece of a document that an error quotes, characters.
const QUOTE_MAX: usize = 40;

/// An element: text between elements is refused, comments and instructions are skipped.
#[derive(Debug)]
pub(super) struct Element {
    /// Its name.
    pub(super) name: String,
    /// Names and values of its attributes, as written.
    pub(super) attributes: Vec<(String, String)>,
    /// Elements inside of it, as written.
    pub(super) children: Vec<Self>,
    /// Byte at which it starts.
    pub(super) at: usize,
}

/// An error at a byte of the document.
pub(super) fn error_at(text: &str, at: usize, cause: String, cure: &'static str) -> PcrError {
    let mut end = at.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    PcrError {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        cause,
        cure,
    }
}

/// The beginning of a piece of a document, for an error.
pub(super) fn quoted(piece: &str) -> String {
    let mut short: String = piece
        .chars()
        .take(QUOTE_MAX)
        .map(|c| if c.is_control() { '·' } else { c })
        .collect();
    if piece.chars().count() > QUOTE_MAX {
        short.push('…');
    }
    format!("\"{short}\"")
}

/// Reads the root element of a document without byte order mark.
pub(super) fn read(text: &str) -> Result<Element, PcrError> {
    if text.len() > BYTES_MAX {
        let cause = format!(
            "the file holds {} bytes, of at most {BYTES_MAX}",
            text.len()
        );
        return Err(error_at(text, 0, cause, "keep one radio to a file"));
    }
    let mut reader = Reader::from_str(text);
    // Open elements, the root first.
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut elements = 0;
    loop {
        let at = place(reader.buffer_position());
        let fail = |cause, cure| error_at(text, at, cause, cure);
        let event = reader.read_event();
        let event = event.map_err(|error| {
            let at = place(reader.error_position());
            error_at(text, at, error.to_string(), "repair the XML there")
        })?;
        let (opened, is_closed) = match event {
            Event::Start(tag) => (Some(tag), false),
            Event::Empty(tag) => (Some(tag), true),
            Event::End(_) => (None, true),
            Event::Text(piece) if piece.iter().all(u8::is_ascii_whitespace) => continue,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                let cure = "write numbers as attributes of elements and nothing in between";
                return Err(fail("text between the elements".into(), cure));
            }
            Event::Eof => break,
        };
        if let Some(tag) = opened {
            elements += 1;
            if elements > ELEMENTS_MAX || open.len() >= DEPTH_MAX || root.is_some() {
                let cause = if root.is_some() {
                    "a second root element".into()
                } else {
                    format!("more than {ELEMENTS_MAX} elements or {DEPTH_MAX} levels")
                };
                return Err(fail(cause, "keep one radio to a file"));
            }
            open.push(element(text, at, &tag)?);
        }
        if is_closed && let Some(done) = open.pop() {
            match open.last_mut() {
                Some(parent) => parent.children.push(done),
                None => root = Some(done),
            }
        }
    }
    if let Some(unclosed) = open.last() {
        let cause = format!("<{}> is never closed", unclosed.name);
        return Err(error_at(
            text,
            unclosed.at,
            cause,
            "close it, or the file is cut off",
        ));
    }
    let cure = "give the file a <pcr> or <tdmabasemodel-pcr> element";
    root.ok_or_else(|| error_at(text, text.len(), "the file holds no element".into(), cure))
}

/// A place in a document that is in memory.
fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// An element without what is inside of it.
fn element(text: &str, at: usize, tag: &BytesStart<'_>) -> Result<Element, PcrError> {
    let name = String::from_utf8_lossy(tag.name().into_inner()).into_owned();
    let fail = |cause, cure| error_at(text, at, cause, cure);
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| {
            let cause = format!("an attribute of <{name}>: {error}");
            fail(cause, "write attributes once each, as name=\"value\"")
        })?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| {
                fail(
                    format!("an attribute of <{name}>: {error}"),
                    "write plain numbers",
                )
            })?;
        let key = String::from_utf8_lossy(attribute.key.into_inner()).into_owned();
        attributes.push((key, value.into_owned()));
        if attributes.len() > ATTRIBUTES_MAX {
            let cause = format!("more than {ATTRIBUTES_MAX} attributes of <{name}>");
            return Err(fail(cause, "leave out what the format does not name"));
        }
    }
    Ok(Element {
        name,
        attributes,
        children: Vec::new(),
        at,
    })
}
