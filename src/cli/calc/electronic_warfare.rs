//! `calc` of jamming: of links, of satellite navigation.

use clap::Args;
use serde::Serialize;

use super::Reply;
use super::args::{bounded, distance_m, frequency_mhz, power_w, within};
use crate::cli::error::CliError;
use crate::spectrum::model::jamming::{Emitter, GnssReceiver, jam_ratio_db};

/// Arguments of `calc jam-ratio`.
#[derive(Debug, Args)]
pub(super) struct JamRatioArgs {
    /// Power of the jammer in the receiver's band, W.
    #[arg(long, value_name = "W", value_parser = power_w)]
    jammer_w: f64,
    /// Power of the transmitter, W.
    #[arg(long, value_name = "W", value_parser = power_w)]
    transmitter_w: f64,
    /// Distance from the jammer to the receiver, m.
    #[arg(long, value_name = "M", value_parser = distance_m)]
    jammer_m: f64,
    /// Distance from the transmitter to the receiver, m.
    #[arg(long, value_name = "M", value_parser = distance_m)]
    transmitter_m: f64,
    /// Gains of the jammer's and the receiver's antennas towards each other, dBi.
    #[arg(long, value_name = "DBI", default_value_t = 0.0, allow_negative_numbers = true, value_parser = within::<-100, 100>)]
    jammer_gain_dbi: f64,
    /// Gains of the transmitter's and the receiver's antennas towards each other, dBi.
    #[arg(long, value_name = "DBI", default_value_t = 0.0, allow_negative_numbers = true, value_parser = within::<-100, 100>)]
    transmitter_gain_dbi: f64,
    /// Exponent of the loss with distance: 2 in free space, 4 over plane earth.
    #[arg(long, value_name = "N", default_value_t = 2.0, value_parser = within::<1, 8>)]
    exponent: f64,
}

/// Arguments of `calc gnss-jam`.
#[derive(Debug, Args)]
pub(super) struct GnssJamArgs {
    /// Power that the jammer radiates towards the receiver (EIRP), W.
    #[arg(long, value_name = "W", default_value_t = 1.0, value_parser = power_w)]
    jammer_w: f64,
    /// Distance from the jammer, m, to give what remains of the signal there as well.
    #[arg(long, value_name = "M", value_parser = distance_m)]
    distance_m: Option<f64>,
    /// Carrier to noise density without jamming, dB-Hz.
    #[arg(long, value_name = "DBHZ", default_value_t = 45.0, value_parser = within::<10, 70>)]
    cn0_dbhz: f64,
    /// Carrier to noise density below which the receiver loses lock, dB-Hz.
    #[arg(long, value_name = "DBHZ", default_value_t = 28.0, value_parser = within::<0, 60>)]
    threshold_dbhz: f64,
    /// Chip rate of the code, million chips per second: 1.023 for C/A, 10.23 for P(Y).
    #[arg(long, value_name = "MCPS", default_value_t = 1.023, value_parser = chip_rate_mcps)]
    chip_rate_mcps: f64,
    /// Q by the jammer's spectrum: 1 narrow, 1.5 matched to the code, 2.22 wide.
    #[arg(long, value_name = "Q", default_value_t = 1.0, value_parser = quality)]
    q: f64,
    /// Power of the signal into an isotropic antenna, dBW.
    #[arg(long, value_name = "DBW", default_value_t = -160.0, allow_negative_numbers = true, value_parser = within::<-200, -100>)]
    signal_dbw: f64,
    /// Frequency, MHz: L1.
    #[arg(long, value_name = "MHZ", default_value_t = 1575.42, value_parser = frequency_mhz)]
    freq_mhz: f64,
}

/// Reads a chip rate, million chips per second.
fn chip_rate_mcps(text: &str) -> Result<f64, String> {
    bounded(text, 0.1, 100.0)
}

/// Reads Q.
fn quality(text: &str) -> Result<f64, String> {
    bounded(text, 0.1, 10.0)
}

/// Jamming of a link.
#[derive(Debug, Serialize)]
struct JamRatio {
    /// Power of the jammer over that of the signal, dB.
    jam_ratio_db: f64,
}

/// Jamming of satellite navigation.
#[derive(Debug, Serialize)]
struct GnssJam {
    /// Ratio of jammer to signal at which the receiver loses lock, dB.
    jam_ratio_max_db: f64,
    /// How far from the jammer that is in free space, m.
    range_m: f64,
    /// Ratio of jammer to signal at the distance, dB.
    #[serde(skip_serializing_if = "Option::is_none")]
    jam_ratio_db: Option<f64>,
    /// Carrier to noise density that remains at the distance, dB-Hz.
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier_to_noise_dbhz: Option<f64>,
}

/// Jamming of a link.
pub(super) fn jam_ratio(args: &JamRatioArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let jammer = Emitter {
        power_w: args.jammer_w,
        gain_dbi: args.jammer_gain_dbi,
        distance_m: args.jammer_m,
    };
    let transmitter = Emitter {
        power_w: args.transmitter_w,
        gain_dbi: args.transmitter_gain_dbi,
        distance_m: args.transmitter_m,
    };
    let result = JamRatio {
        jam_ratio_db: jam_ratio_db(&jammer, &transmitter, args.exponent),
    };
    let text = format!("{:.2} dB jammer over signal", result.jam_ratio_db);
    reply.tell(&result, &text)
}

/// Jamming of satellite navigation.
pub(super) fn gnss_jam(args: &GnssJamArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let receiver = GnssReceiver {
        frequency_hz: 1e6 * args.freq_mhz,
        signal_dbw: args.signal_dbw,
        carrier_to_noise_dbhz: args.cn0_dbhz,
        threshold_dbhz: args.threshold_dbhz,
        chip_rate_hz: 1e6 * args.chip_rate_mcps,
        quality: args.q,
    };
    let Some(jam_ratio_max_db) = receiver.jam_ratio_max_db() else {
        return Err(CliError::Input(format!(
            "without jamming the receiver has {} dB-Hz and needs {}: there is nothing to jam",
            args.cn0_dbhz, args.threshold_dbhz
        )));
    };
    let jam_ratio_db = args
        .distance_m
        .map(|distance_m| receiver.jam_ratio_db(args.jammer_w, distance_m));
    let result = GnssJam {
        jam_ratio_max_db,
        range_m: receiver.range_m(args.jammer_w, jam_ratio_max_db),
        jam_ratio_db,
        carrier_to_noise_dbhz: jam_ratio_db.map(|ratio| receiver.carrier_to_noise_dbhz(ratio)),
    };
    let left = result
        .carrier_to_noise_dbhz
        .map_or_else(String::new, |left| {
            format!("; {left:.1} dB-Hz remain at the distance")
        });
    let text = format!(
        "lock is lost at {:.2} dB jammer over signal, up to {:.2} km in free space{left}",
        result.jam_ratio_max_db,
        result.range_m / 1000.0
    );
    reply.tell(&result, &text)
}
