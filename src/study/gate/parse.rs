//! The grammar of gates. See [`parse`].

use thiserror::Error;

use super::{Gate, Relation, Statistic};
use crate::scenario::suggest::did_you_mean;

/// Names of statistics.
const STATISTICS: [&str; 4] = ["mean", "median", "p", "diff"];

/// Why a text is no gate.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GateError {
    /// There is no comparison with a number at the end.
    #[error("there is no comparison with a number at the end")]
    NoBound,
    /// In front of the comparison there is no `name(...)`.
    #[error("`{0}` is no `statistic(...)`")]
    NoStatistic(String),
    /// No such statistic.
    #[error("there is no statistic `{name}`")]
    Unknown {
        /// The name.
        name: String,
        /// What to do.
        cure: String,
    },
    /// Too many or too few things in the parentheses.
    #[error("`{statistic}` takes {takes}, not {found} things")]
    Arguments {
        /// The statistic.
        statistic: &'static str,
        /// What it takes.
        takes: &'static str,
        /// How many there are.
        found: usize,
    },
}

impl GateError {
    /// What to do.
    #[must_use]
    pub fn cure(&self) -> String {
        match self {
            Self::Unknown { cure, .. } => cure.clone(),
            Self::NoBound | Self::NoStatistic(_) | Self::Arguments { .. } => {
                "write for example `mean(losses) < 10` or `diff(a=1, a=2, losses) < 0`".to_owned()
            }
        }
    }
}

/// Reads a gate. Points and measures are not looked up yet.
///
/// # Errors
///
/// Where the text does not follow the grammar.
pub fn parse(text: &str) -> Result<Gate, GateError> {
    let (left, relation, bound) = comparison(text).ok_or(GateError::NoBound)?;
    let no_statistic = || GateError::NoStatistic(left.to_owned());
    let (name, rest) = left.split_once('(').ok_or_else(no_statistic)?;
    let inside = rest.strip_suffix(')').ok_or_else(no_statistic)?;
    let (name, mut arguments) = (name.trim(), split(inside));
    let Some(statistic) = STATISTICS.iter().find(|known| **known == name) else {
        let cure = did_you_mean(name, STATISTICS, "statistics");
        let name = name.to_owned();
        return Err(GateError::Unknown { name, cure });
    };
    let (takes, fewest, most) = match *statistic {
        "diff" => ("two design points and a measure", 3, 3),
        _ => ("a measure, or a design point and a measure", 1, 2),
    };
    let found = arguments.len();
    let is_empty = arguments.iter().any(|argument| argument.is_empty());
    if is_empty || !(fewest..=most).contains(&found) {
        return Err(GateError::Arguments {
            statistic,
            takes,
            found,
        });
    }
    let mut measure = arguments.pop().unwrap_or_default();
    let kind = match *statistic {
        "mean" => Statistic::Mean,
        "median" => Statistic::Median,
        "diff" => Statistic::Difference {
            second: point(arguments.pop()).unwrap_or_default(),
        },
        _ => {
            let condition = comparison(measure);
            measure = condition.map_or(measure, |(measure, ..)| measure);
            Statistic::Share(condition.map(|(_, relation, bound)| (relation, bound)))
        }
    };
    Ok(Gate {
        text: text.to_owned(),
        statistic: kind,
        point: point(arguments.pop()),
        measure: measure.to_owned(),
        relation,
        bound,
    })
}

/// The id of a design point, however many blanks stand in it.
fn point(text: Option<&str>) -> Option<String> {
    text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text that ends in a comparison with a finite number, in its parts. Only the last comparison
/// counts, and `=` alone is none: levels have it.
fn comparison(text: &str) -> Option<(&str, Relation, f64)> {
    let at = text.rfind(['<', '>'])?;
    let (left, right) = (&text[..at], &text[at + 1..]);
    let or_equal = right.strip_prefix('=');
    let relation = match (text.as_bytes()[at], or_equal) {
        (b'>', Some(_)) => Relation::AtLeast,
        (b'>', None) => Relation::Above,
        (_, Some(_)) => Relation::AtMost,
        (_, None) => Relation::Below,
    };
    let bound: f64 = or_equal.unwrap_or(right).trim().parse().ok()?;
    bound.is_finite().then_some((left.trim(), relation, bound))
}

/// The parts between commas, but for commas in parentheses, brackets and quotes, which belong to
/// levels.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut is_quoted) = (Vec::new(), 0, 0_i32, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' | '[' | '{' if !is_quoted => depth += 1,
            ')' | ']' | '}' if !is_quoted => depth -= 1,
            ',' if !is_quoted && depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_read() {
        let gate = parse("p(met_s) >= 0.9").unwrap();
        assert_eq!(
            (gate.statistic, gate.relation, gate.bound),
            (Statistic::Share(None), Relation::AtLeast, 0.9)
        );
        assert_eq!((gate.point, gate.measure.as_str()), (None, "met_s"));

        let gate = parse(" median( regime=Joint , y )<120 ").unwrap();
        assert_eq!(
            (gate.statistic, gate.relation),
            (Statistic::Median, Relation::Below)
        );
        assert_eq!(gate.point.as_deref(), Some("regime=Joint"));

        let gate = parse("p(x<=3)>-1e-2").unwrap();
        assert_eq!(
            gate.statistic,
            Statistic::Share(Some((Relation::AtMost, 3.0)))
        );
        assert_eq!(
            (gate.measure.as_str(), gate.relation),
            ("x", Relation::Above)
        );

        let gate = parse("diff(a=(1,2)  b=\"x,y\", a=[3] b=z, losses) <= 0").unwrap();
        let second = "a=[3] b=z".to_owned();
        assert_eq!(gate.statistic, Statistic::Difference { second });
        assert_eq!(gate.point.as_deref(), Some("a=(1,2) b=\"x,y\""));
        assert_eq!(gate.measure, "losses");
    }

    #[test]
    fn what_is_no_gate_is_refused_with_a_cure() {
        for (text, says) in [
            ("mean(x)", "no comparison"),
            ("mean(x) = 3", "no comparison"),
            ("mean(x) < NaN", "no comparison"),
            ("mean x < 3", "`mean x` is no"),
            ("mean(x < 3", "no `statistic(...)`"),
            ("maen(x) < 3", "no statistic `maen`"),
            ("mean() < 3", "not 1 things"),
            ("mean(a, b, c) < 3", "not 3 things"),
            ("diff(a, b) < 3", "not 2 things"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.to_string().contains(says), "{text}: {error}");
            assert!(!error.cure().is_empty());
        }
        assert_eq!(
            parse("maen(x) < 3").unwrap_err().cure(),
            "did you mean `mean`?"
        );
    }
}
