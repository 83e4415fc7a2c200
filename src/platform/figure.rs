//! Catalogue numbers that say where they come from. See [`Figure`].

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A number of the catalogue with its provenance.
///
/// `Sourced(value, url)` stands at that public page; `Notional(value, low, high)` is an estimate of
/// ours with the interval that a study may vary. The unit is in the name of the field that holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawFigure")]
pub enum Figure {
    /// Value and the web address of the page where it was read.
    Sourced(f64, String),
    /// Value, least and greatest plausible value.
    Notional(f64, f64, f64),
}

impl Figure {
    /// The number, in the unit named by the field.
    #[must_use]
    pub const fn value(&self) -> f64 {
        match self {
            Self::Sourced(value, _) | Self::Notional(value, _, _) => *value,
        }
    }

    /// Least and greatest plausible value; both equal the value when it is sourced.
    #[must_use]
    pub const fn interval(&self) -> (f64, f64) {
        match self {
            Self::Sourced(value, _) => (*value, *value),
            Self::Notional(_, low, high) => (*low, *high),
        }
    }

    /// Address of the public source, if there is one.
    #[must_use]
    pub const fn source(&self) -> Option<&str> {
        match self {
            Self::Sourced(_, url) => Some(url.as_str()),
            Self::Notional(..) => None,
        }
    }

    /// Whether a public source is named.
    #[must_use]
    pub const fn is_sourced(&self) -> bool {
        matches!(self, Self::Sourced(..))
    }
}

/// What the file says, before [`Figure`] has been checked.
#[derive(Deserialize)]
#[serde(rename = "Figure")]
enum RawFigure {
    /// See [`Figure::Sourced`].
    Sourced(f64, String),
    /// See [`Figure::Notional`].
    Notional(f64, f64, f64),
}

/// Why a figure was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum FigureError {
    /// NaN or an infinity.
    #[error("a figure must be finite, found {0}")]
    NotFinite(f64),
    /// The interval is empty or does not hold the value.
    #[error("a notional figure needs low <= value <= high, found {value} in [{low}, {high}]")]
    OutsideInterval {
        /// The value given.
        value: f64,
        /// Lower bound given.
        low: f64,
        /// Upper bound given.
        high: f64,
    },
    /// The source is no web address.
    #[error("a source must be an https:// address without spaces, found `{0}`")]
    BadSource(String),
}

impl TryFrom<RawFigure> for Figure {
    type Error = FigureError;

    fn try_from(raw: RawFigure) -> Result<Self, FigureError> {
        match raw {
            RawFigure::Sourced(value, url) => {
                let finite = check_finite(value)?;
                let rest = url.strip_prefix("https://").unwrap_or_default();
                if !rest.contains('.') || rest.chars().any(char::is_whitespace) {
                    return Err(FigureError::BadSource(url));
                }
                Ok(Self::Sourced(finite, url))
            }
            RawFigure::Notional(value, low, high) => {
                let (value, low, high) = (
                    check_finite(value)?,
                    check_finite(low)?,
                    check_finite(high)?,
                );
                if !(low <= value && value <= high) {
                    return Err(FigureError::OutsideInterval { value, low, high });
                }
                Ok(Self::Notional(value, low, high))
            }
        }
    }
}

/// Passes finite numbers on.
fn check_finite(value: f64) -> Result<f64, FigureError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(FigureError::NotFinite(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms() {
        let sourced: Figure = ron::from_str(r#"Sourced(2.5, "https://example.org/a")"#).unwrap();
        assert_eq!(sourced.source(), Some("https://example.org/a"));
        assert_eq!(sourced.interval(), (2.5, 2.5));
        let notional: Figure = ron::from_str("Notional(0.3, 0.2, 0.4)").unwrap();
        assert_eq!((notional.value(), notional.interval()), (0.3, (0.2, 0.4)));
        assert!(!notional.is_sourced());
    }

    #[test]
    fn refuses_bad_numbers_and_sources() {
        for bad in [
            "Notional(0.5, 0.6, 0.7)",
            "Notional(0.5, 0.6, 0.4)",
            "Notional(inf, 0.0, inf)",
            "Notional(NaN, 0.0, 1.0)",
            r#"Sourced(inf, "https://example.org")"#,
            r#"Sourced(1.0, "http://example.org")"#,
            r#"Sourced(1.0, "ftp://example.org")"#,
            r#"Sourced(1.0, "https://a b.org")"#,
            r#"Sourced(1.0, "")"#,
        ] {
            assert!(ron::from_str::<Figure>(bad).is_err(), "{bad}");
        }
    }
}
