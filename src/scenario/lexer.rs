//! Characters, comments, names, numbers and strings of RON. See [`Lexer`].

use super::tree::Value;

/// What stops the parser at once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stop {
    /// Finding code.
    pub(crate) code: &'static str,
    /// Byte offset.
    pub(crate) offset: usize,
    /// What is wrong.
    pub(crate) cause: String,
    /// What to do.
    pub(crate) cure: String,
}

impl Stop {
    /// A syntax error.
    pub(crate) fn syntax(offset: usize, cause: impl Into<String>, cure: &str) -> Self {
        Self {
            code: "S1003",
            offset,
            cause: cause.into(),
            cure: cure.to_owned(),
        }
    }
}

/// A cursor over a text.
pub(crate) struct Lexer<'a> {
    /// The text.
    text: &'a str,
    /// Byte offset of the next character.
    at: usize,
}

impl<'a> Lexer<'a> {
    /// Begins at the start, after a byte-order mark if there is one.
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        }
    }

    /// Byte offset of the next character.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Goes back to an offset.
    pub(crate) fn rewind(&mut self, offset: usize) {
        self.at = offset;
    }

    /// The next character, if any.
    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// What is left.
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Takes a piece of text if it comes next.
    pub(crate) fn take(&mut self, piece: &str) -> bool {
        let found = self.rest().starts_with(piece);
        if found {
            self.at += piece.len();
        }
        found
    }

    /// Takes characters while they fit.
    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Passes over white space and comments; block comments nest without recursion.
    pub(crate) fn skip_blank(&mut self) -> Result<(), Stop> {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
            if self.take("//") {
                self.take_while(|c| c != '\n');
            } else if self.rest().starts_with("/*") {
                self.skip_block_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    /// Passes over a block comment.
    fn skip_block_comment(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut open = 0_usize;
        while self.at < bytes.len() {
            match bytes.get(self.at..self.at + 2) {
                Some(b"/*") => {
                    open += 1;
                    self.at += 2;
                }
                Some(b"*/") => {
                    open -= 1;
                    self.at += 2;
                    if open == 0 {
                        return Ok(());
                    }
                }
                _ => self.at += 1,
            }
        }
        self.at = bytes.len();
        Err(Stop::syntax(
            start,
            "a comment begins here and never ends",
            "end it with `*/`",
        ))
    }

    /// A name, raw (`r#...`) or plain; empty if none comes next.
    pub(crate) fn name(&mut self) -> &'a str {
        let raw_next = self
            .rest()
            .strip_prefix("r#")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
        if raw_next {
            self.at += 2;
            return self
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-'));
        }
        if self
            .peek()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        {
            return self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        }
        ""
    }

    /// A number. Infinities, and numbers too large to be finite, come as an infinite float: the
    /// parser reports them and goes on.
    pub(crate) fn number(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        let token =
            self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-'));
        read_number(token).ok_or_else(|| {
            Stop::syntax(
                start,
                format!("`{}` is not a number", super::tree::shorten(token)),
                "write numbers like 12, -0.5 or 1.5e3, without a type behind them",
            )
        })
    }

    /// A string in double quotes; the quote is still to come.
    pub(crate) fn string(&mut self) -> Result<Box<str>, Stop> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            out.push_str(self.take_while(|c| c != '"' && c != '\\'));
            if self.take("\"") {
                return Ok(out.into());
            }
            if self.rest().is_empty() {
                return Err(unterminated(start));
            }
            out.push(self.escape()?);
        }
    }

    /// A raw string (`r"..."`, `r#"..."#`), if one comes next.
    pub(crate) fn raw_string(&mut self) -> Result<Option<Box<str>>, Stop> {
        let start = self.at;
        let Some(rest) = self.rest().strip_prefix('r') else {
            return Ok(None);
        };
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        if !rest[hashes..].starts_with('"') {
            return Ok(None);
        }
        if hashes > 64 {
            return Err(Stop::syntax(
                start,
                "more than 64 `#` before a string",
                "use fewer",
            ));
        }
        let body = &rest[hashes + 1..];
        let end = format!("\"{}", &rest[..hashes]);
        let Some(length) = body.find(&end) else {
            return Err(unterminated(start));
        };
        self.at += 1 + hashes + 1 + length + end.len();
        Ok(Some(body[..length].into()))
    }

    /// A character in single quotes; the quote is still to come.
    pub(crate) fn character(&mut self) -> Result<char, Stop> {
        let start = self.at;
        self.at += 1;
        let c = if self.rest().starts_with('\\') {
            self.escape()?
        } else {
            let c = self.peek().ok_or_else(|| unterminated(start))?;
            self.at += c.len_utf8();
            c
        };
        if self.take("'") {
            Ok(c)
        } else {
            Err(unterminated(start))
        }
    }

    /// An escape; the backslash is still to come.
    fn escape(&mut self) -> Result<char, Stop> {
        let start = self.at;
        self.at += 1;
        let bad = || Stop::syntax(start, "an unknown escape", r#"use \\ \" \n \t \u{...}"#);
        let kind = self.peek().ok_or_else(bad)?;
        self.at += kind.len_utf8();
        let code = match kind {
            'n' => return Ok('\n'),
            't' => return Ok('\t'),
            'r' => return Ok('\r'),
            '\\' | '"' | '\'' => return Ok(kind),
            '0' => return Ok('\0'),
            'x' => {
                let digits = self.rest().get(..2).ok_or_else(bad)?;
                self.at += 2;
                digits
            }
            'u' if self.take("{") => {
                let digits = self.take_while(|c| c.is_ascii_hexdigit());
                if !self.take("}") {
                    return Err(bad());
                }
                digits
            }
            _ => return Err(bad()),
        };
        u32::from_str_radix(code, 16)
            .ok()
            .and_then(char::from_u32)
            .ok_or_else(bad)
    }
}

/// A string or character without an end.
fn unterminated(start: usize) -> Stop {
    Stop::syntax(
        start,
        "a quotation begins here and never ends",
        "close the quotes",
    )
}

/// Reads a number token; `None` if it is none.
fn read_number(token: &str) -> Option<Value> {
    let (negative, digits) = match token.as_bytes().first()? {
        b'-' => (true, &token[1..]),
        b'+' => (false, &token[1..]),
        _ => (false, token),
    };
    if digits == "inf" || digits == "NaN" {
        return Some(Value::Float(f64::INFINITY));
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || digits.starts_with("._") {
        return None;
    }
    let plain = digits.replace('_', "");
    let whole = match plain.get(..2) {
        Some("0x") => u64::from_str_radix(&plain[2..], 16).ok(),
        Some("0b") => u64::from_str_radix(&plain[2..], 2).ok(),
        Some("0o") => u64::from_str_radix(&plain[2..], 8).ok(),
        _ => plain.parse::<u64>().ok(),
    };
    if let Some(whole) = whole {
        return match (negative, i64::try_from(whole)) {
            (false, _) => Some(Value::Unsigned(whole)),
            (true, Ok(0)) => Some(Value::Float(-0.0)),
            (true, Ok(value)) => Some(Value::Signed(-value)),
            (true, Err(_)) => float(negative, &plain),
        };
    }
    float(negative, &plain)
}

/// Reads a decimal float; refuses what Rust reads but RON does not (`infinity`, `nan`).
fn float(negative: bool, digits: &str) -> Option<Value> {
    if !digits
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    let value: f64 = digits.parse().ok()?;
    Some(Value::Float(if negative { -value } else { value }))
}
