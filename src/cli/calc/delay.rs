//! `calc` of the time on the way: along a cable, by way of a satellite.

use clap::Args;
use serde::Serialize;

use super::Reply;
use super::args::{bounded, distance_m, frequency_mhz, within};
use crate::cli::error::CliError;
use crate::spectrum::model::delay::{
    FIBRE_INDEX, GEOSTATIONARY_M, cable_delay_s, radio_delay_s, slant_range_m,
};
use crate::spectrum::model::propagation::free_space_loss_db;

/// Arguments of `calc cable-delay`.
#[derive(Debug, Args)]
pub(super) struct CableArgs {
    /// Length of the cable, m.
    #[arg(long, value_name = "M", value_parser = distance_m)]
    distance_m: f64,
    /// Refractive index: 1.468 fibre, 1.5 wire.
    #[arg(long, value_name = "N", default_value_t = FIBRE_INDEX, value_parser = within::<1, 10>)]
    index: f64,
}

/// Arguments of `calc satellite-link`.
#[derive(Debug, Args)]
pub(super) struct SatelliteArgs {
    /// Elevation of the satellite over the horizon, degrees.
    #[arg(long, value_name = "DEG", value_parser = within::<0, 90>)]
    elevation_deg: f64,
    /// Height of the orbit, km: geostationary if not said.
    #[arg(long, value_name = "KM", default_value_t = GEOSTATIONARY_M / 1000.0, value_parser = orbit_km)]
    orbit_km: f64,
    /// Frequency, MHz, to give the loss in free space as well.
    #[arg(long, value_name = "MHZ", value_parser = frequency_mhz)]
    freq_mhz: Option<f64>,
}

/// Reads the height of an orbit, km.
fn orbit_km(text: &str) -> Result<f64, String> {
    bounded(text, 100.0, 400_000.0)
}

/// Delay of a cable.
#[derive(Debug, Serialize)]
struct Cable {
    /// From end to end, s.
    delay_s: f64,
    /// Per kilometre, µs/km.
    delay_us_km: f64,
}

/// A leg to a satellite.
#[derive(Debug, Serialize)]
struct Satellite {
    /// Distance to the satellite, m.
    slant_range_m: f64,
    /// Up alone, s.
    delay_s: f64,
    /// Up and down again at the same elevation, s.
    hop_delay_s: f64,
    /// Loss of one leg in free space, dB.
    #[serde(skip_serializing_if = "Option::is_none")]
    free_space_db: Option<f64>,
}

/// Delay of a cable.
pub(super) fn cable(args: &CableArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let result = Cable {
        delay_s: cable_delay_s(args.distance_m, args.index),
        delay_us_km: 1e6 * cable_delay_s(1000.0, args.index),
    };
    let text = format!(
        "{:.6} s, {:.3} µs for a kilometre",
        result.delay_s, result.delay_us_km
    );
    reply.tell(&result, &text)
}

/// A leg to a satellite.
pub(super) fn satellite(args: &SatelliteArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let range_m = slant_range_m(1000.0 * args.orbit_km, args.elevation_deg.to_radians());
    let delay_s = radio_delay_s(range_m);
    let result = Satellite {
        slant_range_m: range_m,
        delay_s,
        hop_delay_s: 2.0 * delay_s,
        free_space_db: args
            .freq_mhz
            .map(|mhz| free_space_loss_db(1e6 * mhz, range_m)),
    };
    let loss = result
        .free_space_db
        .map_or_else(String::new, |db| format!(", {db:.2} dB in free space"));
    let text = format!(
        "{:.1} km, {:.2} ms up, {:.2} ms up and down{loss}",
        result.slant_range_m / 1000.0,
        1000.0 * result.delay_s,
        1000.0 * result.hop_delay_s
    );
    reply.tell(&result, &text)
}
