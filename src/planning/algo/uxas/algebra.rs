//! The process algebra of task relationships: sequence, parallel, alternative. See [`Expression`].
//!
//! Written with the operator in front, as OpenUxAS does: `.(a b)` first `a`, then `b`; `|(a b)` both,
//! in any interleaving; `+(a b)` one of them; `p7` the task, or option, 7. The language of an
//! expression is the set of complete words: concatenations, shuffles and unions of the languages of
//! its parts.

use thiserror::Error;

/// How deep operators may be nested.
const DEEPEST: usize = 64;
/// Most atoms of an expression.
pub const MOST_ATOMS: usize = 4096;
/// An option's id is its task's times this, plus its own.
pub const OPTIONS_OF_A_TASK: i64 = 100_000;

/// How the parts of an expression belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// One after the other, `.`.
    Sequence,
    /// All, in any order, `|`.
    Parallel,
    /// One of them, `+`.
    Alternative,
}

/// An expression; operators have at least one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A task or an option.
    Atom(i64),
    /// An operator over its parts.
    Node(Operator, Vec<Self>),
}

/// Why a text is no expression.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AlgebraError {
    /// Something else was expected at a place.
    #[error("at character {at}: expected {expected}")]
    Expected {
        /// Octet of the text, from 1.
        at: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// Nested too deeply, or too many atoms.
    #[error("more than {DEEPEST} operators inside each other, or more than {MOST_ATOMS} atoms")]
    Large,
    /// A task that the request does not have, or that has no composition.
    #[error("p{0} has no composition")]
    Unknown(i64),
    /// An id that does not fit.
    #[error("p{0} is out of range: options are numbered from 0 to 99999")]
    Range(i64),
}

/// Where the parser stands.
struct Parser<'a> {
    /// The text.
    text: &'a [u8],
    /// The next octet.
    at: usize,
    /// Atoms so far.
    atoms: usize,
}

impl Parser<'_> {
    /// Refuses what stands here.
    fn expected<T>(&self, expected: &'static str) -> Result<T, AlgebraError> {
        Err(AlgebraError::Expected {
            at: self.at + 1,
            expected,
        })
    }

    /// Skips blanks; the next octet.
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    /// An expression.
    fn expression(&mut self, depth: usize) -> Result<Expression, AlgebraError> {
        if depth > DEEPEST || self.atoms > MOST_ATOMS {
            return Err(AlgebraError::Large);
        }
        let operator = match self.peek() {
            Some(b'p') => return self.atom(),
            Some(b'.') => Operator::Sequence,
            Some(b'|') => Operator::Parallel,
            Some(b'+') => Operator::Alternative,
            _ => return self.expected("`.(`, `|(`, `+(` or `p` and a number"),
        };
        self.at += 1;
        if self.text.get(self.at) != Some(&b'(') {
            return self.expected("`(` behind the operator");
        }
        self.at += 1;
        let mut parts = Vec::new();
        while self.peek() != Some(b')') {
            parts.push(self.expression(depth + 1)?);
        }
        if parts.is_empty() {
            return self.expected("a part; an operator has at least one");
        }
        self.at += 1;
        Ok(Expression::Node(operator, parts))
    }

    /// An atom.
    fn atom(&mut self) -> Result<Expression, AlgebraError> {
        self.at += 1;
        let digits = self.text[self.at..]
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .count();
        let number = str::from_utf8(&self.text[self.at..][..digits]).ok();
        let Some(id) = number.and_then(|number| number.parse().ok()) else {
            return self.expected("a number behind `p`, below 2^63");
        };
        self.at += digits;
        if !matches!(
            self.text.get(self.at),
            None | Some(b' ' | b')' | b'\t' | b'\n' | b'\r')
        ) {
            return self.expected("a blank or `)` behind a number");
        }
        self.atoms += 1;
        if self.atoms > MOST_ATOMS {
            return Err(AlgebraError::Large);
        }
        Ok(Expression::Atom(id))
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`AlgebraError::Expected`] and [`AlgebraError::Large`].
    pub fn parse(text: &str) -> Result<Self, AlgebraError> {
        let mut parser = Parser {
            text: text.as_bytes(),
            at: 0,
            atoms: 0,
        };
        let read = parser.expression(0)?;
        match parser.peek() {
            None => Ok(read),
            Some(_) => parser.expected("nothing behind the expression"),
        }
    }

    /// All parts side by side; `None` if there are none.
    #[must_use]
    pub fn parallel(parts: Vec<Self>) -> Option<Self> {
        (!parts.is_empty()).then_some(Self::Node(Operator::Parallel, parts))
    }

    /// Each atom replaced by what `with` gives for it.
    ///
    /// # Errors
    /// Those of `with`, and [`AlgebraError::Large`].
    pub fn replace(
        &self,
        with: &impl Fn(i64) -> Result<Self, AlgebraError>,
    ) -> Result<Self, AlgebraError> {
        let mut atoms = 0;
        let made = self.replace_within(with, &mut atoms)?;
        if made.depth() > DEEPEST {
            return Err(AlgebraError::Large);
        }
        Ok(made)
    }

    /// [`Self::replace`], with the atoms made so far.
    fn replace_within(
        &self,
        with: &impl Fn(i64) -> Result<Self, AlgebraError>,
        atoms: &mut usize,
    ) -> Result<Self, AlgebraError> {
        match self {
            Self::Atom(id) => {
                let made = with(*id)?;
                *atoms += made.atoms().len();
                if *atoms > MOST_ATOMS {
                    return Err(AlgebraError::Large);
                }
                Ok(made)
            }
            Self::Node(operator, parts) => {
                let parts = parts.iter().map(|part| part.replace_within(with, atoms));
                Ok(Self::Node(*operator, parts.collect::<Result<_, _>>()?))
            }
        }
    }

    /// The composition of a task, in options, with the ids that options have across tasks.
    ///
    /// # Errors
    /// [`AlgebraError::Range`].
    pub fn of_task(&self, task: i64) -> Result<Self, AlgebraError> {
        self.replace(&|option| Ok(Self::Atom(option_id(task, option)?)))
    }

    /// The atoms, from left to right.
    #[must_use]
    pub fn atoms(&self) -> Vec<i64> {
        match self {
            Self::Atom(id) => vec![*id],
            Self::Node(_, parts) => parts.iter().flat_map(Self::atoms).collect(),
        }
    }

    /// Operators inside each other.
    fn depth(&self) -> usize {
        match self {
            Self::Atom(_) => 0,
            Self::Node(_, parts) => 1 + parts.iter().map(Self::depth).max().unwrap_or(0),
        }
    }

    /// The ids of which some word has more than one.
    #[must_use]
    pub fn repeated(&self) -> Option<i64> {
        let Self::Node(operator, parts) = self else {
            return None;
        };
        if let Some(found) = parts.iter().find_map(Self::repeated) {
            return Some(found);
        }
        let mut seen = std::collections::BTreeSet::new();
        for part in parts.iter().filter(|_| *operator != Operator::Alternative) {
            let atoms: std::collections::BTreeSet<i64> = part.atoms().into_iter().collect();
            if let Some(&again) = atoms.intersection(&seen).next() {
                return Some(again);
            }
            seen.extend(atoms);
        }
        None
    }
}

/// The id of an option across tasks.
///
/// # Errors
/// [`AlgebraError::Range`].
pub fn option_id(task: i64, option: i64) -> Result<i64, AlgebraError> {
    if !(0..OPTIONS_OF_A_TASK).contains(&option) {
        return Err(AlgebraError::Range(option));
    }
    let id = task.checked_mul(OPTIONS_OF_A_TASK);
    id.and_then(|id| id.checked_add(option))
        .ok_or(AlgebraError::Range(task))
}
