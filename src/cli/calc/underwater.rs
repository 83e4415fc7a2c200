//! `calc` of sound in the sea: absorption, speed, noise.

use clap::Args;
use serde::Serialize;

use super::Reply;
use super::args::{bounded, within};
use crate::cli::error::CliError;
use crate::comms::model::acoustic::acoustic_delay_s;
use crate::environment::seawater::{
    ambient_noise_db, sound_speed_m_s, thorp_absorption_db_km, transmission_loss_db,
};

/// Arguments of `calc thorp`.
#[derive(Debug, Args)]
pub(super) struct ThorpArgs {
    /// Frequency, kHz; the model is good to about 50.
    #[arg(long, value_name = "KHZ", value_parser = frequency_khz)]
    freq_khz: f64,
    /// Distance, m, to give the loss over it as well.
    #[arg(long, value_name = "M", value_parser = within::<1, 10_000_000>)]
    distance_m: Option<f64>,
    /// Spreading: 1 in a channel, 1.5 in practice, 2 in the open.
    #[arg(long, value_name = "K", default_value_t = 1.5, value_parser = within::<1, 2>)]
    spreading: f64,
}

/// Arguments of `calc sound-speed`.
#[derive(Debug, Args)]
pub(super) struct SoundSpeedArgs {
    /// Temperature, °C; the model is good from 2 to 30.
    #[arg(long, value_name = "C", allow_negative_numbers = true, value_parser = within::<-4, 40>)]
    temperature_c: f64,
    /// Salinity, parts per thousand; the model is good from 25 to 40.
    #[arg(long, value_name = "PPT", value_parser = within::<0, 45>)]
    salinity_ppt: f64,
    /// Depth, m; the model is good to 8000.
    #[arg(long, value_name = "M", value_parser = within::<0, 11_000>)]
    depth_m: f64,
}

/// Arguments of `calc wenz`.
#[derive(Debug, Args)]
pub(super) struct WenzArgs {
    /// Frequency, kHz.
    #[arg(long, value_name = "KHZ", value_parser = frequency_khz)]
    freq_khz: f64,
    /// Shipping, from 0 (none) to 1 (heavy).
    #[arg(long, value_name = "S", default_value_t = 0.5, value_parser = within::<0, 1>)]
    shipping: f64,
    /// Wind at the surface, m/s.
    #[arg(long, value_name = "M/S", default_value_t = 5.0, value_parser = within::<0, 60>)]
    wind_m_s: f64,
}

/// Reads an acoustic frequency, kHz.
fn frequency_khz(text: &str) -> Result<f64, String> {
    bounded(text, 0.01, 1000.0)
}

/// Absorption of sound.
#[derive(Debug, Serialize)]
struct Thorp {
    /// Absorption, dB/km.
    absorption_db_km: f64,
    /// Loss over the distance, spreading included, dB.
    #[serde(skip_serializing_if = "Option::is_none")]
    loss_db: Option<f64>,
}

/// Speed of sound.
#[derive(Debug, Serialize)]
struct SoundSpeed {
    /// Speed, m/s.
    sound_speed_m_s: f64,
    /// Time for a kilometre, s/km.
    delay_s_km: f64,
}

/// Noise of the sea.
#[derive(Debug, Serialize)]
struct Wenz {
    /// Spectral density, dB re µPa²/Hz.
    noise_db: f64,
}

/// Absorption of sound.
pub(super) fn thorp(args: &ThorpArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let absorption_db_km = thorp_absorption_db_km(args.freq_khz);
    let loss_db = args
        .distance_m
        .map(|distance_m| transmission_loss_db(distance_m, args.spreading, absorption_db_km));
    let over = loss_db.map_or_else(String::new, |db| format!("; {db:.2} dB over the distance"));
    let text = format!("{absorption_db_km:.4} dB/km{over}");
    let result = Thorp {
        absorption_db_km,
        loss_db,
    };
    reply.tell(&result, &text)
}

/// Speed of sound.
pub(super) fn sound_speed(args: &SoundSpeedArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let speed_m_s = sound_speed_m_s(args.temperature_c, args.salinity_ppt, args.depth_m);
    let result = SoundSpeed {
        sound_speed_m_s: speed_m_s,
        delay_s_km: acoustic_delay_s(1000.0, speed_m_s),
    };
    let text = format!(
        "{:.3} m/s, {:.4} s for a kilometre",
        result.sound_speed_m_s, result.delay_s_km
    );
    reply.tell(&result, &text)
}

/// Noise of the sea.
pub(super) fn wenz(args: &WenzArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let result = Wenz {
        noise_db: ambient_noise_db(args.freq_khz, args.shipping, args.wind_m_s),
    };
    let text = format!("{:.2} dB re µPa²/Hz", result.noise_db);
    reply.tell(&result, &text)
}
