//! Named factors of a probability, so that a decision can say what its chance was made of. See
//! [`Factor`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One factor of a probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// What it stands for, in words.
    pub name: Cow<'static, str>,
    /// Its value, 0 to 1.
    pub value: f64,
}

impl Factor {
    /// A factor by its name.
    #[must_use]
    pub const fn new(name: &'static str, value: f64) -> Self {
        Self {
            name: Cow::Borrowed(name),
            value,
        }
    }

    /// A condition: one where it holds, else zero.
    #[must_use]
    pub fn holds(name: &'static str, holds: bool) -> Self {
        Self::new(name, f64::from(u8::from(holds)))
    }
}

/// The probability that factors make together.
#[must_use]
pub fn product(factors: &[Factor]) -> f64 {
    factors.iter().fold(1.0, |all, factor| all * factor.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_that_fails_leaves_no_chance_and_one_that_holds_changes_no_bit() {
        let share = Factor::new("share", 0.1 + 0.2);
        let holds = |it| [Factor::holds("condition", it), share.clone()];
        assert_eq!(product(&holds(true)).to_bits(), (0.1_f64 + 0.2).to_bits());
        assert_eq!(product(&holds(false)).to_bits(), 0.0_f64.to_bits());
    }
}
