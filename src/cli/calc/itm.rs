//! `calc pathloss-itm` and `calc pathloss-itm-area`: the Irregular Terrain Model.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{GroundArgs, bounded, within};
use super::{Reply, profile};
use crate::cli::error::CliError;
use crate::spectrum::model::itm::{
    self, Climate, Loss, Mode, Percentiles, Profile, Siting, Surroundings,
};

/// Arguments of `calc pathloss-itm`.
#[derive(Debug, Args)]
pub(super) struct PointToPointArgs {
    /// The ground between: the step in metres on the first line, then one elevation in metres a line.
    #[arg(long, value_name = "FILE")]
    profile: PathBuf,
    /// What both forms of the model take.
    #[command(flatten)]
    common: CommonArgs,
}

/// Arguments of `calc pathloss-itm-area`.
#[derive(Debug, Args)]
pub(super) struct AreaArgs {
    /// Distance between the antennas, m.
    #[arg(long, value_name = "M", value_parser = within::<1000, 2_000_000>)]
    distance_m: f64,
    /// Terrain irregularity Δh, m: 0 flat, 30 plains, 90 hills, 200 mountains, 500 rugged ones.
    #[arg(long, value_name = "M", default_value_t = 90.0, value_parser = within::<0, 1000>)]
    irregularity_m: f64,
    /// How the transmitter is sited.
    #[arg(long, value_enum, default_value_t = Site::Random)]
    tx_siting: Site,
    /// How the receiver is sited.
    #[arg(long, value_enum, default_value_t = Site::Random)]
    rx_siting: Site,
    /// What both forms of the model take.
    #[command(flatten)]
    common: CommonArgs,
}

/// What both forms of the model take.
#[derive(Debug, Args)]
struct CommonArgs {
    /// Frequency, MHz.
    #[arg(long, value_name = "MHZ", value_parser = within::<20, 20_000>)]
    freq_mhz: f64,
    /// Height of the transmitter's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = height_m)]
    tx_m: f64,
    /// Height of the receiver's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = height_m)]
    rx_m: f64,
    /// Climate: 1 equatorial, 2 and 3 subtropical (land, sea), 4 desert, 5 continental temperate, 6
    /// and 7 maritime temperate (land, sea).
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=7))]
    climate: u8,
    /// Refractivity reduced to sea level, N-units.
    #[arg(long, value_name = "N", default_value_t = 301.0, value_parser = within::<250, 400>)]
    n0: f64,
    /// The ground.
    #[command(flatten)]
    ground: GroundArgs,
    /// Share of the time in which the loss is no greater, percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 50.0, value_parser = percent)]
    time: f64,
    /// Share of places; a known path has no variability of place.
    #[arg(long, value_name = "PERCENT", default_value_t = 50.0, value_parser = percent)]
    location: f64,
    /// Share of circumstances: confidence in the prediction, percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 50.0, value_parser = percent)]
    situation: f64,
}

impl CommonArgs {
    /// Heights of the antennas, m.
    fn ends_m(&self) -> [f64; 2] {
        [self.tx_m, self.rx_m]
    }

    /// Air and ground.
    fn surroundings(&self) -> Surroundings {
        Surroundings {
            climate: climate(self.climate),
            refractivity: self.n0,
            ground: self.ground.ground(),
            polarization: self.ground.polarization(),
        }
    }

    /// How certain the loss is.
    fn percentiles(&self) -> Percentiles {
        Percentiles {
            time: self.time,
            location: self.location,
            situation: self.situation,
        }
    }
}

/// How carefully an antenna is sited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Site {
    /// Anywhere.
    Random,
    /// With care.
    Careful,
    /// With much care.
    VeryCareful,
}

impl From<Site> for Siting {
    fn from(site: Site) -> Self {
        match site {
            Site::Random => Self::Random,
            Site::Careful => Self::Careful,
            Site::VeryCareful => Self::VeryCareful,
        }
    }
}

/// Reads the height of an antenna, m.
fn height_m(text: &str) -> Result<f64, String> {
    bounded(text, 0.5, 3000.0)
}

/// Reads a percentage that a normal deviate exists for.
fn percent(text: &str) -> Result<f64, String> {
    bounded(text, 0.1, 99.9)
}

/// The climate of a number from 1 to 7.
fn climate(number: u8) -> Climate {
    match number {
        1 => Climate::Equatorial,
        2 => Climate::ContinentalSubtropical,
        3 => Climate::MaritimeSubtropical,
        4 => Climate::Desert,
        6 => Climate::MaritimeTemperateLand,
        7 => Climate::MaritimeTemperateSea,
        _ => Climate::ContinentalTemperate,
    }
}

/// Loss over a known profile.
pub(super) fn point_to_point(args: &PointToPointArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let terrain = profile::read(&args.profile)?;
    let profile = Profile {
        step_m: terrain.step_m,
        heights_m: &terrain.heights_m,
    };
    let common = &args.common;
    let loss = itm::point_to_point(
        &profile,
        common.ends_m(),
        common.freq_mhz,
        &common.surroundings(),
        &common.percentiles(),
    );
    reply.tell(&loss, &text(&loss, profile.length_m()))
}

/// Loss over terrain of an irregularity.
pub(super) fn area(args: &AreaArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let common = &args.common;
    let loss = itm::area(
        (args.irregularity_m, args.distance_m),
        (
            common.ends_m(),
            [args.tx_siting.into(), args.rx_siting.into()],
        ),
        common.freq_mhz,
        &common.surroundings(),
        &common.percentiles(),
    );
    reply.tell(&loss, &text(&loss, args.distance_m))
}

/// A loss for people.
fn text(loss: &Loss, length_m: f64) -> String {
    let way = match loss.mode {
        Mode::LineOfSight => "within the line of sight",
        Mode::Diffraction => "by diffraction",
        Mode::Troposcatter => "by scatter in the troposphere",
    };
    format!(
        "{:.2} dB over {:.2} km, {way}; {:.2} dB of it in free space",
        loss.loss_db,
        length_m / 1000.0,
        loss.free_space_db
    )
}
