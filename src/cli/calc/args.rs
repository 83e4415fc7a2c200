//! What the models of `calc` take in common: numbers within bounds, the ground.

use clap::{Args, ValueEnum};

use crate::spectrum::model::propagation::{Ground, Polarization};

/// The ground under a path, and how the antennas stand over it.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct GroundArgs {
    /// Relative permittivity of the ground: 15 average, 81 sea.
    #[arg(long, value_name = "X", default_value_t = 15.0, value_parser = within::<2, 100>)]
    permittivity: f64,
    /// Conductivity of the ground, S/m: 0.005 average, 5 sea.
    #[arg(long, value_name = "S/M", default_value_t = 0.005, value_parser = within::<0, 100>)]
    conductivity: f64,
    /// Polarization of the antennas.
    #[arg(long, value_enum, default_value_t = Field::Vertical)]
    polarization: Field,
}

impl GroundArgs {
    /// The ground.
    pub(super) fn ground(&self) -> Ground {
        Ground {
            permittivity: self.permittivity,
            conductivity_s_m: self.conductivity,
        }
    }

    /// The polarization.
    pub(super) fn polarization(&self) -> Polarization {
        match self.polarization {
            Field::Vertical => Polarization::Vertical,
            Field::Horizontal => Polarization::Horizontal,
        }
    }
}

/// Polarizations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Field {
    /// Upright.
    Vertical,
    /// Along the horizon.
    Horizontal,
}

/// Reads a number within bounds.
pub(super) fn bounded(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "a number is wanted".to_owned())?;
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(format!("a number from {least} to {most} is wanted"))
    }
}

/// Reads a number within whole bounds.
pub(super) fn within<const LEAST: i32, const MOST: i32>(text: &str) -> Result<f64, String> {
    bounded(text, f64::from(LEAST), f64::from(MOST))
}

/// Reads a frequency, MHz, from 10 kHz to 300 GHz.
pub(super) fn frequency_mhz(text: &str) -> Result<f64, String> {
    bounded(text, 0.01, 300_000.0)
}

/// Reads a distance, m, up to beyond the moon.
pub(super) fn distance_m(text: &str) -> Result<f64, String> {
    bounded(text, 0.1, 1e9)
}

/// Reads a distance on the ground, m.
pub(super) fn ground_distance_m(text: &str) -> Result<f64, String> {
    bounded(text, 1.0, 1e6)
}

/// Reads the height of an antenna above the ground, m.
pub(super) fn antenna_m(text: &str) -> Result<f64, String> {
    bounded(text, 0.1, 30_000.0)
}

/// Reads a power, W.
pub(super) fn power_w(text: &str) -> Result<f64, String> {
    bounded(text, 1e-6, 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_bounds_are_refused_with_the_bounds() {
        assert_eq!(within::<1, 100>("15"), Ok(15.0));
        for text in ["0.99", "100.1", "NaN", "inf", "-inf", "1e400"] {
            let why = within::<1, 100>(text).unwrap_err();
            assert_eq!(why, "a number from 1 to 100 is wanted", "{text}");
        }
        for text in ["", "x", "1,5", "0x10", "1 2"] {
            assert_eq!(within::<1, 100>(text).unwrap_err(), "a number is wanted");
        }
    }
}
