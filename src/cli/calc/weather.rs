//! `calc` of what lies in the way of waves: rain, and the shadows of places.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Reply;
use super::args::{frequency_mhz, ground_distance_m, within};
use crate::cli::error::CliError;
use crate::spectrum::model::propagation::{free_space_loss_db, log_distance_loss_db};
use crate::spectrum::model::rain::RainPath;
use crate::spectrum::model::shadowing::{moved_deviate, shadowed_loss_db, shadowing_correlation};

/// Arguments of `calc rain`.
#[derive(Debug, Args)]
pub(super) struct RainArgs {
    /// Frequency, GHz.
    #[arg(long, value_name = "GHZ", value_parser = within::<1, 1000>)]
    freq_ghz: f64,
    /// Rain, mm/h: 5 moderate, 25 heavy, 50 violent.
    #[arg(long, value_name = "MM/H", value_parser = within::<0, 500>)]
    rain_mm_h: f64,
    /// Polarization of the wave.
    #[arg(long, value_enum, default_value_t = Tilt::Horizontal)]
    polarization: Tilt,
    /// Tilt of the polarization against the horizon in place of the above, degrees.
    #[arg(long, value_name = "DEG", conflicts_with = "polarization", value_parser = within::<0, 90>)]
    tilt_deg: Option<f64>,
    /// Elevation of the path over the horizon, degrees.
    #[arg(long, value_name = "DEG", default_value_t = 0.0, value_parser = within::<0, 90>)]
    elevation_deg: f64,
    /// Length of the path within the rain, m, to give the loss over it as well.
    #[arg(long, value_name = "M", value_parser = ground_distance_m)]
    distance_m: Option<f64>,
}

/// Arguments of `calc pathloss-log-distance`.
#[derive(Debug, Args)]
pub(super) struct LogDistanceArgs {
    /// Frequency, MHz: the loss in the first metre is that in free space.
    #[arg(long, value_name = "MHZ", value_parser = frequency_mhz)]
    freq_mhz: f64,
    /// Distance, m.
    #[arg(long, value_name = "M", value_parser = ground_distance_m)]
    distance_m: f64,
    /// Exponent of the loss with distance: 2 in free space, 3 to 5 in cities.
    #[arg(long, value_name = "N", default_value_t = 3.0, value_parser = within::<1, 8>)]
    exponent: f64,
    /// Standard deviation of the shadowing, dB.
    #[arg(long, value_name = "DB", default_value_t = 0.0, value_parser = within::<0, 30>)]
    sigma_db: f64,
    /// Standard normal deviate of the shadowing: 1.2816 is what 90 % of places stay below.
    #[arg(long, value_name = "Z", default_value_t = 0.0, allow_negative_numbers = true, value_parser = within::<-10, 10>)]
    deviate: f64,
    /// Way since a place whose deviate was --before, m: the deviates are mixed (Gudmundson).
    #[arg(long, value_name = "M", requires = "before", value_parser = within::<0, 1_000_000>)]
    moved_m: Option<f64>,
    /// Deviate of the shadowing at the place before.
    #[arg(long, value_name = "Z", requires = "moved_m", allow_negative_numbers = true, value_parser = within::<-10, 10>)]
    before: Option<f64>,
    /// Distance over which the shadowing's correlation falls by e, m: 20 in cities, 500 in open land.
    #[arg(long, value_name = "M", default_value_t = 20.0, value_parser = within::<1, 100_000>)]
    decorrelation_m: f64,
}

/// Polarizations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tilt {
    /// Along the horizon.
    Horizontal,
    /// Upright.
    Vertical,
    /// Turning.
    Circular,
}

impl Tilt {
    /// Its tilt, degrees.
    fn degrees(self) -> f64 {
        match self {
            Self::Horizontal => 0.0,
            Self::Vertical => 90.0,
            Self::Circular => 45.0,
        }
    }
}

/// Attenuation by rain.
#[derive(Debug, Serialize)]
struct Rain {
    /// Attenuation, dB/km.
    attenuation_db_km: f64,
    /// Loss over the distance, dB.
    #[serde(skip_serializing_if = "Option::is_none")]
    loss_db: Option<f64>,
}

/// Loss by distance and place.
#[derive(Debug, Serialize)]
struct LogDistance {
    /// Loss at this place, dB.
    loss_db: f64,
    /// Median over places at this distance, dB.
    median_db: f64,
    /// Correlation with the shadowing at the place before, without unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation: Option<f64>,
}

/// Attenuation by rain.
pub(super) fn rain(args: &RainArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let tilt_deg = args.tilt_deg.unwrap_or(args.polarization.degrees());
    let path = RainPath {
        frequency_ghz: args.freq_ghz,
        elevation_rad: args.elevation_deg.to_radians(),
        tilt_rad: tilt_deg.to_radians(),
    };
    let attenuation_db_km = path.attenuation_db_km(args.rain_mm_h);
    let loss_db = args
        .distance_m
        .map(|distance_m| attenuation_db_km * distance_m / 1000.0);
    let over = loss_db.map_or_else(String::new, |db| format!("; {db:.2} dB over the distance"));
    let text = format!("{attenuation_db_km:.4} dB/km{over}");
    let result = Rain {
        attenuation_db_km,
        loss_db,
    };
    reply.tell(&result, &text)
}

/// Loss by distance and place.
pub(super) fn log_distance(args: &LogDistanceArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let first_metre_db = free_space_loss_db(1e6 * args.freq_mhz, 1.0);
    let median_db = log_distance_loss_db(first_metre_db, args.exponent, args.distance_m);
    let correlation = args
        .moved_m
        .map(|moved_m| shadowing_correlation(moved_m, args.decorrelation_m));
    let deviate = match (correlation, args.before) {
        (Some(correlation), Some(before)) => moved_deviate(before, args.deviate, correlation),
        _ => args.deviate,
    };
    let result = LogDistance {
        loss_db: shadowed_loss_db(median_db, args.sigma_db, deviate),
        median_db,
        correlation,
    };
    let text = format!(
        "{:.2} dB, median {:.2} dB",
        result.loss_db, result.median_db
    );
    reply.tell(&result, &text)
}
