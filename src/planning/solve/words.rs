//! Words of an instance file, with the lines that they stand on.

use super::answer::SolveError;
use core::ops::RangeInclusive;

/// A refusal with its place.
pub(super) fn refuse<T>(
    line: usize,
    cause: impl Into<String>,
    cure: impl Into<String>,
) -> Result<T, SolveError> {
    Err(refusal(line, cause, cure))
}

/// The error of a refusal.
pub(super) fn refusal(
    line: usize,
    cause: impl Into<String>,
    cure: impl Into<String>,
) -> SolveError {
    SolveError::Instance {
        line,
        cause: cause.into(),
        cure: cure.into(),
    }
}

/// Words of a text in order. Nothing is allocated for what a header promises.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    /// Lines not yet begun, counted from zero.
    lines: core::iter::Enumerate<core::str::Lines<'a>>,
    /// Rest of the line under way.
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

    /// The next whole number in `range`.
    pub(super) fn whole(
        &mut self,
        what: &str,
        range: RangeInclusive<i64>,
    ) -> Result<i64, SolveError> {
        let word = self.next(what)?;
        match word.parse::<i64>() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => refuse(
                self.line,
                format!("{what} is '{}'", shortened(word)),
                format!(
                    "give a whole number from {} to {}",
                    range.start(),
                    range.end()
                ),
            ),
        }
    }

    /// The next count in `range`.
    pub(super) fn count(
        &mut self,
        what: &str,
        range: RangeInclusive<i64>,
    ) -> Result<usize, SolveError> {
        let number = self.whole(what, range)?;
        let cause = || format!("{what} is {number}");
        usize::try_from(number).map_err(|_| refusal(self.line, cause(), "give a count"))
    }

    /// The next whole number below `below`.
    pub(super) fn index(&mut self, what: &str, below: usize) -> Result<usize, SolveError> {
        let most = i64::try_from(below).unwrap_or(i64::MAX) - 1;
        self.count(what, 0..=most)
    }

    /// This very word.
    pub(super) fn keyword(&mut self, wanted: &str) -> Result<(), SolveError> {
        let word = self.next(wanted)?;
        if word == wanted {
            return Ok(());
        }
        let cause = format!("'{}' stands where '{wanted}' is expected", shortened(word));
        refuse(self.line, cause, format!("start the line with '{wanted}'"))
    }

    /// Whether words are left on the line under way.
    pub(super) fn line_goes_on(&self) -> bool {
        self.words.clone().next().is_some()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_lines() {
        let mut words = Words::new("n 3\n\n 2.5 x");
        assert!(words.keyword("n").is_ok());
        assert_eq!(words.count("n", 0..=9), Ok(3));
        assert_eq!(words.number("x", 0.0..=9.0), Ok(2.5));
        assert!(words.line_goes_on());
        let refused = words.clone().end().unwrap_err();
        assert!(matches!(refused, SolveError::Instance { line: 3, .. }));
        assert!(words.number("y", 0.0..=1.0).is_err());
        assert!(words.end().is_ok());
    }

    #[test]
    fn what_is_no_number_in_range_is_refused() {
        for word in ["", "x", "NaN", "inf", "-1", "1e400", "11"] {
            assert!(Words::new(word).number("x", 0.0..=10.0).is_err(), "{word}");
            assert!(Words::new(word).whole("x", 0..=10).is_err(), "{word}");
            assert!(Words::new(word).index("x", 11).is_err(), "{word}");
        }
    }
}
