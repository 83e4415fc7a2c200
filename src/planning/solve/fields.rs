//! Words of an instance file with the lines they stand on. See [`Fields`].

use super::SolveError;
use core::fmt::Display;
use core::ops::RangeInclusive;

/// Words between blanks, read one after the other.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    /// Lines not yet begun, counted from zero.
    lines: core::iter::Enumerate<core::str::Lines<'a>>,
    /// Rest of the line under way.
    words: core::str::SplitAsciiWhitespace<'a>,
    /// Its number, counted from 1.
    line: usize,
}

/// Refuses an instance.
pub(super) fn refuse(line: usize, cause: String, cure: impl Display) -> SolveError {
    SolveError::Instance {
        line,
        cause,
        cure: cure.to_string(),
    }
}

impl<'a> Fields<'a> {
    /// All of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            lines: text.lines().enumerate(),
            words: "".split_ascii_whitespace(),
            line: 1,
        }
    }

    /// Line of the last word, counted from 1.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// The next word, on whatever line it stands.
    fn word(&mut self) -> Option<&'a str> {
        loop {
            if let Some(word) = self.words.next() {
                return Some(word);
            }
            let (at, line) = self.lines.next()?;
            self.line = at + 1;
            self.words = line.split_ascii_whitespace();
        }
    }

    /// The next word, which has to be there.
    fn needed(&mut self, what: &str) -> Result<&'a str, SolveError> {
        let cause = || format!("the text ends where {what} is expected");
        let word = self.word();
        word.ok_or_else(|| refuse(self.line, cause(), "complete the file"))
    }

    /// This very word.
    ///
    /// # Errors
    /// [`SolveError::Instance`] for any other one.
    pub(super) fn keyword(&mut self, wanted: &str) -> Result<(), SolveError> {
        let word = self.needed(wanted)?;
        let cause = || format!("`{word}` stands where `{wanted}` is expected");
        let cure = || format!("start the line with `{wanted}`");
        (word == wanted)
            .then_some(())
            .ok_or_else(|| refuse(self.line, cause(), cure()))
    }

    /// A whole number within a range.
    ///
    /// # Errors
    /// [`SolveError::Instance`] if it is missing, not a whole number or out of the range.
    pub(super) fn whole(
        &mut self,
        what: &str,
        range: RangeInclusive<i64>,
    ) -> Result<i64, SolveError> {
        let word = self.needed(what)?;
        let number = word.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (low, high) = (range.start(), range.end());
            let cure = format!("give a whole number from {low} to {high}");
            refuse(self.line, format!("{what} `{word}` is out of range"), cure)
        })
    }

    /// A count within a range.
    ///
    /// # Errors
    /// As [`Self::whole`].
    pub(super) fn count(
        &mut self,
        what: &str,
        range: RangeInclusive<i64>,
    ) -> Result<usize, SolveError> {
        let number = self.whole(what, range)?;
        let cause = || format!("{what} `{number}` is negative");
        usize::try_from(number).map_err(|_| refuse(self.line, cause(), "give a count"))
    }

    /// A finite number within a range.
    ///
    /// # Errors
    /// [`SolveError::Instance`] if it is missing, not a number or out of the range.
    pub(super) fn real(
        &mut self,
        what: &str,
        range: RangeInclusive<f64>,
    ) -> Result<f64, SolveError> {
        let word = self.needed(what)?;
        let number = word.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (low, high) = (range.start(), range.end());
            let cure = format!("give a number from {low} to {high}");
            refuse(self.line, format!("{what} `{word}` is out of range"), cure)
        })
    }

    /// Whether words are left on the line under way.
    pub(super) fn line_goes_on(&self) -> bool {
        self.words.clone().next().is_some()
    }

    /// Nothing more.
    ///
    /// # Errors
    /// [`SolveError::Instance`] for any word that is left.
    pub(super) fn end(mut self) -> Result<(), SolveError> {
        match self.word() {
            None => Ok(()),
            Some(word) => {
                let cause = format!("`{word}` follows after the end of the instance");
                Err(refuse(
                    self.line,
                    cause,
                    "remove it, or mend the counts at the top",
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_lines() {
        let mut fields = Fields::new("n 3\n\n 2.5 x");
        assert!(fields.keyword("n").is_ok());
        assert_eq!(fields.count("n", 0..=9), Ok(3));
        assert_eq!(fields.real("x", 0.0..=9.0), Ok(2.5));
        assert!(fields.line_goes_on());
        let refused = fields.clone().end().unwrap_err();
        assert!(matches!(refused, SolveError::Instance { line: 3, .. }));
        assert!(fields.real("y", 0.0..=1.0).is_err());
        assert!(fields.end().is_ok());
    }

    #[test]
    fn what_is_no_number_in_range_is_refused() {
        for word in ["", "x", "NaN", "inf", "-1", "1e400", "11"] {
            assert!(Fields::new(word).real("x", 0.0..=10.0).is_err(), "{word}");
            assert!(Fields::new(word).whole("x", 0..=10).is_err(), "{word}");
        }
    }
}
