//! `calc` of what stands about an antenna, of the light of the sun, and of the echo of the sea.

use clap::Args;
use serde::Serialize;

use super::Reply;
use super::args::{frequency_mhz, within};
use crate::cli::error::CliError;
use crate::environment::{Light, Sun, sun::days_since_j2000};
use crate::sensing::model::sea_clutter::sea_reflectivity_db;
use crate::spectrum::model::clutter::{roof_loss_db, woodland_loss_db};

/// Arguments of `calc clutter`.
#[derive(Debug, Args)]
pub(super) struct ClutterArgs {
    /// Frequency, MHz.
    #[arg(long, value_name = "MHZ", value_parser = frequency_mhz)]
    freq_mhz: f64,
    /// Way through woodland, m.
    #[arg(long, value_name = "M", default_value_t = 0.0, value_parser = within::<0, 100_000>)]
    leaves_m: f64,
    /// Height of the roofs about the antenna over it, m.
    #[arg(long, value_name = "M", default_value_t = 0.0, value_parser = within::<0, 200>)]
    roofs_m: f64,
}

/// Arguments of `calc sun`.
#[derive(Debug, Args)]
pub(super) struct SunArgs {
    /// Time, UTC, as 2030-06-01T06:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = utc_days)]
    utc: f64,
    /// Latitude, degrees north.
    #[arg(long, value_name = "DEG", allow_negative_numbers = true, value_parser = within::<-90, 90>)]
    lat_deg: f64,
    /// Longitude, degrees east.
    #[arg(long, value_name = "DEG", allow_negative_numbers = true, value_parser = within::<-180, 180>)]
    lon_deg: f64,
}

/// Arguments of `calc sea-clutter`.
#[derive(Debug, Args)]
pub(super) struct SeaClutterArgs {
    /// Frequency, GHz.
    #[arg(long, value_name = "GHZ", value_parser = within::<1, 35>)]
    freq_ghz: f64,
    /// Angle at which the beam meets the sea, degrees.
    #[arg(long, value_name = "DEG", value_parser = within::<0, 10>)]
    grazing_deg: f64,
    /// Sea state, Douglas scale.
    #[arg(long, value_name = "S", value_parser = within::<0, 6>)]
    sea_state: f64,
}

/// Days from J2000.0 of a time.
fn utc_days(text: &str) -> Result<f64, String> {
    days_since_j2000(text).ok_or_else(|| "a time like 2030-06-01T06:00:00Z is wanted".to_owned())
}

/// What clutter about an antenna loses.
#[derive(Debug, Serialize)]
struct Clutter {
    /// By leaves, dB.
    woodland_db: f64,
    /// By roofs, dB.
    roofs_db: f64,
}

/// Sun and light.
#[derive(Debug, Serialize)]
struct Daylight {
    /// Elevation of the sun without refraction, degrees.
    elevation_deg: f64,
    /// Illuminance under a clear sky, lux.
    illuminance_lux: f64,
}

/// Echo of the sea.
#[derive(Debug, Serialize)]
struct SeaClutter {
    /// Reflectivity, dB (m² per m²).
    reflectivity_db: f64,
}

/// Loss by woodland (ITU-R P.833) and roofs (ITU-R P.2108).
pub(super) fn clutter(args: &ClutterArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let frequency_hz = 1e6 * args.freq_mhz;
    let result = Clutter {
        woodland_db: woodland_loss_db(frequency_hz, args.leaves_m),
        roofs_db: roof_loss_db(frequency_hz, args.roofs_m),
    };
    let Clutter {
        woodland_db,
        roofs_db,
    } = result;
    let text = format!("{woodland_db:.2} dB by leaves, {roofs_db:.2} dB by roofs");
    reply.tell(&result, &text)
}

/// Where the sun stands, and its light.
pub(super) fn sun(args: &SunArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let sun = Sun::new(args.utc, args.lat_deg, args.lon_deg);
    let result = Daylight {
        elevation_deg: sun.elevation_deg(0.0),
        illuminance_lux: sun.illuminance_lux(Light::FromSun, 0.0),
    };
    let text = format!(
        "{:.3}°, {:.4e} lux",
        result.elevation_deg, result.illuminance_lux
    );
    reply.tell(&result, &text)
}

/// Reflectivity of a rough sea.
pub(super) fn sea_clutter(args: &SeaClutterArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let reflectivity_db = sea_reflectivity_db(args.freq_ghz, args.grazing_deg, args.sea_state);
    reply.tell(
        &SeaClutter { reflectivity_db },
        &format!("{reflectivity_db:.2} dB"),
    )
}
