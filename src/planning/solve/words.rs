//! Words of an instance file, with the lines that they stand on.

use super::answer::SolveError;
use core::ops::RangeInclusive;

/// A refusal with its place.
pub(super) fn refuse<T>(
    line: usize,
    cause: impl Into<String>,
    cure: impl Into<String>,
) -> Result<T, SolveError> {
    Err(SolveError::Instance {
        line,
        cause: cause.into(),
        cure: cure.into(),
    })
}

/// Words of a text in order. Nothing is allocated for what a header promises.
pub(super) struct Words<'a> {
    lines: core::iter::Enumerate<core::str::Lines<'a>>,
    words: core::str::SplitAsciiWhitespace<'a>,
    /// Line of the last word, counted from 1.
    line: usize,
}

impl<'a> Words<'a> {
    /// All words of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            lines: text.lines().enumerate(),
            words: "".split_ascii_whitespace(),
            line: 1,
        }
    }

    /// The words of the first line that has any: the header.
    pub(super) fn header(&mut self) -> Vec<&'a str> {
        for (at, line) in self.lines.by_ref() {
            self.line = at + 1;
            let words: Vec<&str> = line.split_ascii_whitespace().take(8).collect();
            if !words.is_empty() {
                return words;
            }
        }
        Vec::new()
    }

    /// Line of the last word.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// The next word, of which there has to be one; `what` names it.
    pub(super) fn next(&mut self, what: &str) -> Result<&'a str, SolveError> {
        match self.try_next() {
            Some(word) => Ok(word),
            None => refuse(
                self.line,
                format!("the file ends where {what} should follow"),
                "give as many numbers as the first line announces",
            ),
        }
    }

    /// The next number in `range`.
    pub(super) fn number(
        &mut self,
        what: &str,
        range: RangeInclusive<f64>,
    ) -> Result<f64, SolveError> {
        let word = self.next(what)?;
        match word.parse::<f64>() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => refuse(
                self.line,
                format!("{what} is '{}'", shortened(word)),
                format!(
                    "give a number from {:e} to {:e}",
                    range.start(),
                    range.end()
                ),
            ),
        }
    }

    /// The next whole number below `below`.
    pub(super) fn index(&mut self, what: &str, below: usize) -> Result<usize, SolveError> {
        let word = self.next(what)?;
        match word.parse::<usize>() {
            Ok(number) if number < below => Ok(number),
            _ => refuse(
                self.line,
                format!("{what} is '{}'", shortened(word)),
                format!("give a whole number from 0 to {}", below.saturating_sub(1)),
            ),
        }
    }

    /// That nothing follows.
    pub(super) fn end(&mut self) -> Result<(), SolveError> {
        match self.try_next() {
            Some(word) => refuse(
                self.line,
                format!("'{}' follows after the last number", shortened(word)),
                "remove it, or mend the numbers of the first line",
            ),
            None => Ok(()),
        }
    }

    /// The next word, if there is one.
    fn try_next(&mut self) -> Option<&'a str> {
        loop {
            if let Some(word) = self.words.next() {
                return Some(word);
            }
            let (at, line) = self.lines.next()?;
            self.line = at + 1;
            self.words = line.split_ascii_whitespace();
        }
    }
}

/// A size from a header.
pub(super) fn size(word: &str, line: usize, what: &str, most: usize) -> Result<usize, SolveError> {
    match word.parse::<usize>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => refuse(
            line,
            format!("the number of {what} is '{}'", shortened(word)),
            format!("give a whole number from 1 to {most}"),
        ),
    }
}

/// A word short enough for a message.
fn shortened(word: &str) -> &str {
    word.char_indices()
        .nth(40)
        .map_or(word, |(at, _)| &word[..at])
}
