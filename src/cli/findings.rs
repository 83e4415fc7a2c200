//! Findings as a person reads them: cause, place with the line of the file, cure.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic, Label};
use codespan_reporting::files::{self, Files};
use codespan_reporting::term::termcolor::Buffer;
use codespan_reporting::term::{Config, emit_to_write_style};

use crate::kernel::finding::Finding;

/// Most findings that are shown; JSON has them all.
const SHOWN_MAX: usize = 30;

/// Most bytes that are read of a file to show lines of it: no longer one is taken as input.
const FILE_BYTES_MAX: u64 = 8 << 20;

/// Longest line that is looked into, bytes: a person does not write longer ones.
const LINE_BYTES_MAX: usize = 1 << 16;

/// Characters shown before and after the place in a long line.
const AROUND: (usize, usize) = (60, 100);

/// What the findings of `--set` have instead of a file, in front of the argument.
const SETTING: &str = "--set ";

/// Findings as text, with the codes of colours where they are wanted.
pub(super) fn render(all: &[&Finding], color: bool) -> String {
    let mut out = if color {
        Buffer::ansi()
    } else {
        Buffer::no_color()
    };
    let mut texts = Texts::default();
    let config = Config::default();
    for finding in all.iter().take(SHOWN_MAX) {
        // A unit has no text to show: one line says it all.
        let Some(excerpt) = texts.excerpt(finding) else {
            writeln!(out, "{}", visible(&finding.to_string())).unwrap_or_default();
            continue;
        };
        let diagnostic = diagnostic(finding, excerpt.mark.clone());
        if emit_to_write_style(&mut out, &config, &excerpt, &diagnostic).is_err() {
            // The excerpt is at fault; the finding itself must not be lost.
            writeln!(out, "{}", visible(&finding.to_string())).unwrap_or_default();
        }
    }
    if all.len() > SHOWN_MAX {
        let more = all.len() - SHOWN_MAX;
        writeln!(out, "... and {more} more; `tercio check --json` lists all").unwrap_or_default();
    }
    String::from_utf8_lossy(out.as_slice()).into_owned()
}

/// A finding as the library takes it, with the bytes of the excerpt that it is about.
fn diagnostic(finding: &Finding, mark: Range<usize>) -> Diagnostic<()> {
    let diagnostic = if finding.is_error() {
        Diagnostic::error()
    } else {
        Diagnostic::warning()
    };
    diagnostic
        .with_code(&finding.code)
        .with_message(visible(&finding.cause))
        .with_label(Label::primary((), mark))
        .with_note(format!("cure: {}", visible(&finding.cure)))
}

/// The same text with every character replaced that a terminal would obey or that changes the
/// direction of reading: what is shown is what stands there.
fn visible(text: &str) -> String {
    let is_hidden = |c: char| {
        let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || (c.is_control() && c != '\t')
    };
    text.chars()
        .map(|c| if is_hidden(c) { '\u{fffd}' } else { c })
        .collect()
}

/// The texts that findings point into, read once each.
#[derive(Default)]
struct Texts {
    /// By the name in the finding; none for what cannot be read.
    by_name: BTreeMap<String, Option<Text>>,
}

/// A text with the byte offsets of its lines.
struct Text {
    /// The text.
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl Texts {
    /// The line that a finding points at, if it points at one that can be shown.
    fn excerpt(&mut self, finding: &Finding) -> Option<Excerpt> {
        let line = usize::try_from(finding.line?).ok()?;
        let column = usize::try_from(finding.column?).ok()?;
        let text = self
            .by_name
            .entry(finding.file.clone())
            .or_insert_with(|| Text::of(&finding.file));
        Excerpt::new(&finding.file, text.as_ref()?.line(line)?, line, column)
    }
}

impl Text {
    /// The text behind a finding's file.
    fn of(name: &str) -> Option<Self> {
        if let Some(setting) = name.strip_prefix(SETTING) {
            return Some(Self::new(setting.to_owned()));
        }
        let mut bytes = Vec::new();
        File::open(name)
            .ok()?
            .take(FILE_BYTES_MAX)
            .read_to_end(&mut bytes)
            .ok()?;
        Some(Self::new(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Finds the lines of a text.
    fn new(text: String) -> Self {
        let starts = files::line_starts(&text).collect();
        Self { text, starts }
    }

    /// A line by its number from 1, if it is not too long to be shown.
    fn line(&self, number: usize) -> Option<&str> {
        let start = *self.starts.get(number.checked_sub(1)?)?;
        let end = self.starts.get(number).copied().unwrap_or(self.text.len());
        (end - start <= LINE_BYTES_MAX)
            .then(|| self.text[start..end].trim_end_matches(['\n', '\r']))
    }
}

/// A part of one line of a file around a place.
#[derive(Debug)]
struct Excerpt {
    /// Name of the file.
    name: String,
    /// Number of the line, from 1.
    line: usize,
    /// Number of the column in characters, from 1.
    column: usize,
    /// The part, with no hidden character.
    text: String,
    /// Bytes of the part that the finding is about.
    mark: Range<usize>,
}

impl Excerpt {
    /// Cuts a line about a column, both counted from 1.
    fn new(name: &str, whole: &str, line: usize, column: usize) -> Option<Self> {
        let at = column.checked_sub(1)?;
        let skipped = at.saturating_sub(AROUND.0);
        let shown: String = whole
            .chars()
            .skip(skipped)
            .take(AROUND.0 + AROUND.1)
            .collect();
        let before: String = visible(&shown.chars().take(at - skipped).collect::<String>());
        let after: String = visible(&shown.chars().skip(at - skipped).collect::<String>());
        let lead = if skipped > 0 { "…" } else { "" };
        let start = lead.len() + before.len();
        Some(Self {
            name: visible(name),
            line,
            column,
            mark: start..start + word_len(&after),
            text: format!("{lead}{before}{after}"),
        })
    }
}

/// Bytes of the word or the quoted text that a text begins with; at least one character.
fn word_len(text: &str) -> usize {
    let quoted = text
        .strip_prefix('"')
        .and_then(|rest| rest.find('"'))
        .map(|end| end + 2);
    let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '#'));
    let plain = text.find(ends).unwrap_or(text.len());
    let first = text.chars().next().map_or(0, char::len_utf8);
    quoted.unwrap_or(plain).max(first)
}

impl<'a> Files<'a> for Excerpt {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, files::Error> {
        Ok(&self.name)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, files::Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, (): (), _: usize) -> Result<usize, files::Error> {
        Ok(0)
    }

    fn line_number(&'a self, (): (), _: usize) -> Result<usize, files::Error> {
        Ok(self.line)
    }

    fn column_number(&'a self, (): (), _: usize, _: usize) -> Result<usize, files::Error> {
        Ok(self.column)
    }

    fn line_range(&'a self, (): (), _: usize) -> Result<Range<usize>, files::Error> {
        Ok(0..self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A finding in a file of its own, rendered without colours.
    fn shown(text: &str, line: u32, column: u32) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ron");
        std::fs::write(&path, text).unwrap();
        let name = path.display().to_string();
        let finding =
            Finding::error("S1051", name, "no such key", "did you mean `b`?").at(line, column);
        render(&[&finding], false)
    }

    #[test]
    fn a_finding_shows_its_line_with_a_caret_below_the_word() {
        let text = shown("(\n  duration: 60,\n)", 2, 3);
        assert!(text.starts_with("error[S1051]: no such key\n"), "{text}");
        assert!(text.contains("a.ron:2:3\n"), "{text}");
        assert!(text.contains("2 │   duration: 60,\n"), "{text}");
        assert!(text.contains("│   ^^^^^^^^\n"), "{text}");
        assert!(text.contains("= cure: did you mean `b`?"), "{text}");
    }

    #[test]
    fn the_setting_itself_is_shown() {
        let finding = Finding::error("S1062", "--set a.b=3", "no `b`", "look").at(1, 3);
        let text = render(&[&finding], false);
        assert!(
            text.contains("1 │ a.b=3\n") && text.contains("│   ^^^\n") || text.contains("│   ^\n"),
            "{text}"
        );
    }

    #[test]
    fn without_a_place_the_name_leads() {
        let finding = Finding::warning("P1113", "uav-3", "not checked", "check");
        let text = render(&[&finding], false);
        assert!(
            text == "uav-3: warning P1113: not checked (check)\n",
            "{text}"
        );
    }

    #[test]
    fn hidden_characters_do_not_reach_the_terminal() {
        let text = shown("a\u{1b}[31m\u{202e}b \"\u{7}x\"", 1, 9);
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
        assert!(text.contains("\u{fffd}[31m\u{fffd}b"), "{text:?}");
    }

    #[test]
    fn a_long_line_is_cut_about_the_place() {
        let line = format!("{}\"here\"{}", "x".repeat(5000), "y".repeat(5000));
        let text = shown(&line, 1, 5001);
        assert!(
            text.contains("1:5001\n") && text.contains("^^^^^^\n"),
            "{text}"
        );
        assert!(
            text.lines().all(|line| line.chars().count() < 300),
            "{text}"
        );
        assert!(shown(&"x".repeat(1 << 17), 1, 9).contains(":1:9: error S1051: no such key"));
    }

    #[test]
    fn places_outside_the_text_lose_no_finding() {
        for (line, column) in [(9, 1), (1, 99), (0, 0), (1, 4)] {
            assert!(
                shown("abc", line, column).contains("no such key"),
                "{line}:{column}"
            );
        }
    }

    #[test]
    fn very_many_findings_are_cut_short() {
        let one = Finding::error("S1006", "a", "b", "c");
        let all: Vec<&Finding> = (0..100).map(|_| &one).collect();
        assert!(render(&all, false).contains("... and 70 more"));
    }
}
