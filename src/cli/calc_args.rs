//! What can be typed after `tercio calc`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `calc`.
#[derive(Debug, Args)]
pub(super) struct CalcArgs {
    /// Which model.
    #[command(subcommand)]
    pub(super) model: CalcModel,
}

/// The models that can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum CalcModel {
    /// Loss over irregular terrain by Longley and Rice (ITM), point to point.
    PathlossItm(ItmArgs),
}

/// Arguments of `calc pathloss-itm`.
#[derive(Debug, Args)]
pub(super) struct ItmArgs {
    /// Frequency, MHz.
    #[arg(long, value_name = "MHZ", value_parser = within::<20, 20_000>)]
    pub(super) freq_mhz: f64,
    /// Height of the transmitter's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = height)]
    pub(super) tx_m: f64,
    /// Height of the receiver's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = height)]
    pub(super) rx_m: f64,
    /// The ground between: the step in metres on the first line, then one elevation in metres a line.
    #[arg(long, value_name = "FILE")]
    pub(super) profile: PathBuf,
    /// Climate: 1 equatorial, 2 and 3 subtropical (land, sea), 4 desert, 5 continental temperate, 6
    /// and 7 maritime temperate (land, sea).
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=7))]
    pub(super) climate: u8,
    /// Refractivity reduced to sea level, N-units.
    #[arg(long, value_name = "N", default_value_t = 301.0, value_parser = within::<250, 400>)]
    pub(super) n0: f64,
    /// Relative permittivity of the ground.
    #[arg(long, value_name = "X", default_value_t = 15.0, value_parser = within::<1, 100>)]
    pub(super) permittivity: f64,
    /// Conductivity of the ground, S/m.
    #[arg(long, value_name = "S/M", default_value_t = 0.005, value_parser = within::<0, 100>)]
    pub(super) conductivity: f64,
    /// Polarization of the antennas.
    #[arg(long, value_enum, default_value_t = Field::Vertical)]
    pub(super) polarization: Field,
    /// Share of the time in which the loss is no greater, percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 50.0, value_parser = percent)]
    pub(super) time: f64,
    /// Share of places; a known path has no variability of place.
    #[arg(long, value_name = "PERCENT", default_value_t = 50.0, value_parser = percent)]
    pub(super) location: f64,
    /// Share of circumstances: confidence in the prediction, percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 50.0, value_parser = percent)]
    pub(super) situation: f64,
    /// Print the result as JSON.
    #[arg(long)]
    pub(super) json: bool,
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
fn bounded(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "a number is wanted".to_owned())?;
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(format!("a number from {least} to {most} is wanted"))
    }
}

/// Reads a number within whole bounds.
fn within<const LEAST: i32, const MOST: i32>(text: &str) -> Result<f64, String> {
    bounded(text, f64::from(LEAST), f64::from(MOST))
}

/// Reads the height of an antenna, m.
fn height(text: &str) -> Result<f64, String> {
    bounded(text, 0.5, 3000.0)
}

/// Reads a percentage that a normal deviate exists for.
fn percent(text: &str) -> Result<f64, String> {
    bounded(text, 0.1, 99.9)
}
