//! `calc` of radio over simple ground: free space, two rays, one ridge, and a receiver's noise.

use clap::Args;
use serde::Serialize;

use super::Reply;
use super::args::{
    GroundArgs, antenna_m, bounded, distance_m, frequency_mhz, ground_distance_m, within,
};
use crate::cli::error::CliError;
use crate::comms::model::link::noise_floor_dbm;
use crate::spectrum::model::diffraction::{
    fresnel_parameter, fresnel_radius_m, knife_edge_loss_db,
};
use crate::spectrum::model::propagation::{
    crossover_m, free_space_loss_db, two_ray_ground_loss_db, two_ray_loss_db, wavelength_m,
};

/// Arguments of `calc pathloss-free-space`.
#[derive(Debug, Args)]
pub(super) struct FreeSpaceArgs {
    /// Frequency, MHz.
    #[arg(long, value_name = "MHZ", value_parser = frequency_mhz)]
    freq_mhz: f64,
    /// Distance, m.
    #[arg(long, value_name = "M", value_parser = distance_m)]
    distance_m: f64,
}

/// Arguments of `calc pathloss-two-ray`.
#[derive(Debug, Args)]
pub(super) struct TwoRayArgs {
    /// Frequency, MHz.
    #[arg(long, value_name = "MHZ", value_parser = frequency_mhz)]
    freq_mhz: f64,
    /// Distance along the ground, m.
    #[arg(long, value_name = "M", value_parser = ground_distance_m)]
    distance_m: f64,
    /// Height of the transmitter's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = antenna_m)]
    tx_m: f64,
    /// Height of the receiver's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = antenna_m)]
    rx_m: f64,
    /// The ground.
    #[command(flatten)]
    ground: GroundArgs,
}

/// Arguments of `calc pathloss-knife-edge`.
#[derive(Debug, Args)]
pub(super) struct KnifeEdgeArgs {
    /// Frequency, MHz.
    #[arg(long, value_name = "MHZ", value_parser = frequency_mhz)]
    freq_mhz: f64,
    /// Height of the edge over the line between the antennas, m; negative where the line clears it.
    #[arg(long, value_name = "M", allow_negative_numbers = true, value_parser = within::<-20_000, 20_000>)]
    height_m: f64,
    /// Distance from one antenna to the edge, m.
    #[arg(long, value_name = "M", value_parser = ground_distance_m)]
    d1_m: f64,
    /// Distance from the edge to the other antenna, m.
    #[arg(long, value_name = "M", value_parser = ground_distance_m)]
    d2_m: f64,
}

/// Arguments of `calc noise-floor`.
#[derive(Debug, Args)]
pub(super) struct NoiseFloorArgs {
    /// Bandwidth, Hz.
    #[arg(long, value_name = "HZ", value_parser = bandwidth_hz)]
    bandwidth_hz: f64,
    /// Noise figure of the receiver, dB.
    #[arg(long, value_name = "DB", default_value_t = 0.0, value_parser = within::<0, 60>)]
    noise_figure_db: f64,
}

/// Reads a bandwidth, Hz.
fn bandwidth_hz(text: &str) -> Result<f64, String> {
    bounded(text, 1.0, 1e12)
}

/// Loss in free space.
#[derive(Debug, Serialize)]
struct FreeSpace {
    /// Loss, dB.
    loss_db: f64,
    /// Wavelength, m.
    wavelength_m: f64,
}

/// Loss over flat ground.
#[derive(Debug, Serialize)]
struct TwoRay {
    /// The two rays added as waves, dB.
    loss_db: f64,
    /// Free space over the same distance, dB.
    free_space_db: f64,
    /// Free space up to the crossover and plane earth beyond it, dB.
    ground_loss_db: f64,
    /// Where free space and plane earth lose the same, m.
    crossover_m: f64,
}

/// Loss over one ridge.
#[derive(Debug, Serialize)]
struct KnifeEdge {
    /// Loss by diffraction alone, J(ν), dB.
    loss_db: f64,
    /// Diffraction parameter ν, without unit.
    nu: f64,
    /// Radius of the first Fresnel zone at the edge, m.
    fresnel_radius_m: f64,
    /// Free space over the same distance, dB.
    free_space_db: f64,
    /// Both together, dB.
    total_db: f64,
}

/// Noise of a receiver.
#[derive(Debug, Serialize)]
struct NoiseFloor {
    /// Noise power, dBm.
    noise_dbm: f64,
}

/// Loss in free space.
pub(super) fn free_space(args: &FreeSpaceArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let frequency_hz = 1e6 * args.freq_mhz;
    let result = FreeSpace {
        loss_db: free_space_loss_db(frequency_hz, args.distance_m),
        wavelength_m: wavelength_m(frequency_hz),
    };
    let text = format!("{:.2} dB", result.loss_db);
    reply.tell(&result, &text)
}

/// Loss over flat ground.
pub(super) fn two_ray(args: &TwoRayArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let frequency_hz = 1e6 * args.freq_mhz;
    let rise_m = args.tx_m - args.rx_m;
    let direct_m = (args.distance_m * args.distance_m + rise_m * rise_m).sqrt();
    let result = TwoRay {
        loss_db: two_ray_loss_db(
            frequency_hz,
            args.distance_m,
            args.tx_m,
            args.rx_m,
            &args.ground.ground(),
            args.ground.polarization(),
        ),
        free_space_db: free_space_loss_db(frequency_hz, direct_m),
        ground_loss_db: two_ray_ground_loss_db(frequency_hz, direct_m, args.tx_m, args.rx_m),
        crossover_m: crossover_m(frequency_hz, args.tx_m, args.rx_m),
    };
    let text = format!(
        "{:.2} dB with the reflected ray, {:.2} dB in free space; plane earth beyond {:.0} m: {:.2} dB",
        result.loss_db, result.free_space_db, result.crossover_m, result.ground_loss_db
    );
    reply.tell(&result, &text)
}

/// Loss over one ridge.
pub(super) fn knife_edge(args: &KnifeEdgeArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let frequency_hz = 1e6 * args.freq_mhz;
    let wavelength_m = wavelength_m(frequency_hz);
    let nu = fresnel_parameter(args.height_m, args.d1_m, args.d2_m, wavelength_m);
    let loss_db = knife_edge_loss_db(nu);
    let free_space_db = free_space_loss_db(frequency_hz, args.d1_m + args.d2_m);
    let result = KnifeEdge {
        loss_db,
        nu,
        fresnel_radius_m: fresnel_radius_m(args.d1_m, args.d2_m, wavelength_m),
        free_space_db,
        total_db: free_space_db + loss_db,
    };
    let text = format!(
        "{:.2} dB over the edge (ν = {:.4}, first Fresnel zone {:.2} m), {:.2} dB with free space",
        result.loss_db, result.nu, result.fresnel_radius_m, result.total_db
    );
    reply.tell(&result, &text)
}

/// Noise of a receiver.
pub(super) fn noise_floor(args: &NoiseFloorArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let result = NoiseFloor {
        noise_dbm: noise_floor_dbm(args.bandwidth_hz, args.noise_figure_db),
    };
    let text = format!("{:.2} dBm", result.noise_dbm);
    reply.tell(&result, &text)
}
