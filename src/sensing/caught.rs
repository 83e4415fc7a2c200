//! What gives a unit away by what it does: a signal that it sends, a shell that it fires. See
//! [`Caught`].

use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        ids::UnitIx,
        random::{DrawKey, Stream},
        time::SimTime,
    },
    spectrum::{Source, model::intercept::intercept_probability},
};

/// By what a unit gave itself away, with all that the chance follows from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A direction finder heard a signal that was strong enough.
    Signal {
        /// What kind of emitter sent it.
        source: Source,
        /// Which of the unit's emitters of this kind.
        number: u16,
        /// Share of the last second for which it was on the air.
        on_air: f64,
        /// Length of one burst, s.
        burst_s: f64,
        /// Time for which the finder listened to the channel, s.
        dwell_s: f64,
        /// By how much it exceeded the sensitivity, dB.
        excess_db: f64,
    },
    /// A weapon-locating radar saw a shell on the upper part of its way.
    Shell {
        /// Number of the shot.
        #[serde(with = "hex")]
        shell: u64,
        /// Distance from the radar to the weapon, m.
        range_m: f64,
        /// Probability by one round.
        per_round: f64,
        /// Rounds that flew together.
        rounds: u32,
    },
}

/// A 64-bit number as 16 hexadecimal digits: JSON readers keep 53 bits of a number only.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the digits.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks for a reference"
    )]
    pub(super) fn serialize<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{number:016x}"))
    }

    /// Reads them.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let digits = String::deserialize(from)?;
        u64::from_str_radix(&digits, 16).map_err(D::Error::custom)
    }
}

impl Act {
    /// Probability that one look catches it.
    #[must_use]
    pub fn probability(&self) -> f64 {
        match *self {
            Self::Signal {
                on_air,
                burst_s,
                dwell_s,
                ..
            } => intercept_probability(on_air, burst_s, dwell_s),
            Self::Shell {
                per_round, rounds, ..
            } => 1.0 - (0..rounds).fold(1.0, |missed, _| missed * (1.0 - per_round)),
        }
    }

    /// Stream and object of the draw about it, if the unit of this id did it.
    #[must_use]
    pub fn draw_of(&self, doer: u64) -> (Stream, u64) {
        match *self {
            Self::Signal { source, number, .. } => {
                let emitter = u64::from(number) << 2 | source as u64;
                (Stream::Intercept, doer.rotate_left(32) ^ emitter)
            }
            Self::Shell { shell, .. } => (Stream::WeaponLocation, shell),
        }
    }

    /// The act in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Signal {
                source, excess_db, ..
            } => {
                let kind = match source {
                    Source::Jammer => "jammer",
                    Source::Radar => "radar",
                    Source::Radio => "radio",
                };
                format!("its {kind} was heard, {excess_db:.1} dB above the least")
            }
            Self::Shell {
                range_m, rounds, ..
            } => {
                format!("{rounds} of its rounds were seen in flight, fired {range_m:.0} m away")
            }
        }
    }
}

/// A look that caught an act of a unit, for those who count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caught {
    /// Whose look.
    pub observer: UnitIx,
    /// Who did it.
    pub target: UnitIx,
    /// When.
    pub at: SimTime,
    /// Number of the sensor on its unit, among those of its kind.
    pub sensor: u32,
    /// What.
    pub act: Act,
    /// Name of the draw.
    pub key: DrawKey,
    /// The draw: below the probability, it was caught.
    pub draw: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_rounds_are_located_as_often_as_one_of_them_is() {
        let of = |rounds| {
            let act = Act::Shell {
                shell: 1,
                range_m: 5000.0,
                per_round: 0.8,
                rounds,
            };
            act.probability()
        };
        assert!(of(0).abs() < 1e-12 && (of(1) - 0.8).abs() < 1e-12);
        assert!((of(2) - 0.96).abs() < 1e-12 && (of(3) - 0.992).abs() < 1e-12);
    }
}
