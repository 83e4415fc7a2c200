//! `calc pathloss-diffraction`: over a terrain profile, by the methods of ITU-R P.526 and Deygout.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::args::{GroundArgs, antenna_m, within};
use super::{Reply, profile};
use crate::cli::error::CliError;
use crate::spectrum::model::delta_bullington::{TerrainLoss, delta_bullington};
use crate::spectrum::model::deygout::deygout_loss_db;
use crate::spectrum::model::itm::Profile;
use crate::spectrum::model::propagation::free_space_loss_db;

/// Arguments of `calc pathloss-diffraction`.
#[derive(Debug, Args)]
pub(super) struct DiffractionArgs {
    /// Frequency, MHz.
    #[arg(long, value_name = "MHZ", value_parser = within::<10, 300_000>)]
    freq_mhz: f64,
    /// Height of the transmitter's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = antenna_m)]
    tx_m: f64,
    /// Height of the receiver's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = antenna_m)]
    rx_m: f64,
    /// The ground between: the step in metres on the first line, then one elevation in metres a line.
    #[arg(long, value_name = "FILE")]
    profile: PathBuf,
    /// The ground.
    #[command(flatten)]
    ground: GroundArgs,
}

/// Losses over terrain.
#[derive(Debug, Serialize)]
struct Diffraction {
    /// Free space and the delta-Bullington loss, dB.
    loss_db: f64,
    /// Free space, dB.
    free_space_db: f64,
    /// Delta-Bullington loss beyond free space, dB.
    delta_bullington_db: f64,
    /// Of it, Bullington's edge, dB.
    bullington_db: f64,
    /// What a smooth earth that fits the profile would lose, dB.
    spherical_earth_db: f64,
    /// Deygout's three edges beyond free space, dB.
    deygout_db: f64,
}

/// Losses over terrain.
pub(super) fn diffraction(args: &DiffractionArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let terrain = profile::read(&args.profile)?;
    let profile = Profile {
        step_m: terrain.step_m,
        heights_m: &terrain.heights_m,
    };
    let frequency_hz = 1e6 * args.freq_mhz;
    let ends_m = [args.tx_m, args.rx_m];
    let free_space_db = free_space_loss_db(frequency_hz, profile.length_m());
    let TerrainLoss {
        delta_bullington_db,
        bullington_db,
        spherical_earth_db,
    } = delta_bullington(
        &profile,
        ends_m,
        frequency_hz,
        &args.ground.ground(),
        args.ground.polarization(),
    );
    let result = Diffraction {
        loss_db: free_space_db + delta_bullington_db,
        free_space_db,
        delta_bullington_db,
        bullington_db,
        spherical_earth_db,
        deygout_db: deygout_loss_db(&profile, ends_m, frequency_hz),
    };
    let text = format!(
        "{:.2} dB over {:.2} km: {:.2} dB in free space, {:.2} dB by diffraction (Deygout: {:.2} dB)",
        result.loss_db,
        profile.length_m() / 1000.0,
        result.free_space_db,
        result.delta_bullington_db,
        result.deygout_db
    );
    reply.tell(&result, &text)
}
