//! `tercio calc`: one model, asked from the command line.
//!
//! `args` says what all models take, `profile` reads terrain from a file; every other file is one
//! family of models: its arguments, its results, and what is said about them.

mod args;
mod delay;
mod electronic_warfare;
mod ground;
mod itm;
mod profile;
mod radio;
mod terrain;
mod underwater;
mod urban;
mod weather;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::console::Console;
use super::error::{CliError, Exit};

/// Arguments of `calc`.
#[derive(Debug, Args)]
pub(super) struct CalcArgs {
    /// Which model.
    #[command(subcommand)]
    model: CalcModel,
    /// Print the result as JSON, units in the keys.
    #[arg(long, global = true)]
    json: bool,
}

/// The models that can be asked.
#[derive(Debug, Subcommand)]
enum CalcModel {
    /// Loss in free space (Friis; ITU-R P.525).
    PathlossFreeSpace(radio::FreeSpaceArgs),
    /// Loss over flat ground: the direct ray and the reflected one, added as waves.
    PathlossTwoRay(radio::TwoRayArgs),
    /// Loss over one sharp ridge (ITU-R P.526).
    PathlossKnifeEdge(radio::KnifeEdgeArgs),
    /// Loss over a terrain profile by diffraction (ITU-R P.526 delta-Bullington; Deygout).
    PathlossDiffraction(terrain::DiffractionArgs),
    /// Loss over irregular terrain by Longley and Rice (ITM), point to point.
    PathlossItm(itm::PointToPointArgs),
    /// Loss over terrain of which only the irregularity is known (ITM, area).
    PathlossItmArea(itm::AreaArgs),
    /// Median loss around cities (Okumura and Hata; COST 231).
    PathlossHata(urban::HataArgs),
    /// Loss along a street or over roofs (ITU-R P.1411).
    PathlossP1411(urban::StreetArgs),
    /// Median loss in a suburb at 2.6 GHz (Sun Kun).
    PathlossKun(urban::KunArgs),
    /// Loss by distance to a power, and the shadowing of a place.
    PathlossLogDistance(weather::LogDistanceArgs),
    /// Attenuation by rain (ITU-R P.838).
    Rain(weather::RainArgs),
    /// Loss by woodland and roofs about an antenna (ITU-R P.833, P.2108).
    Clutter(ground::ClutterArgs),
    /// Elevation of the sun, and its light under a clear sky (Meeus; RCA handbook).
    Sun(ground::SunArgs),
    /// Radar reflectivity of a rough sea (Gregers-Hansen and Mital).
    SeaClutter(ground::SeaClutterArgs),
    /// Time along a fibre or wire.
    CableDelay(delay::CableArgs),
    /// Distance and time to a satellite.
    SatelliteLink(delay::SatelliteArgs),
    /// Absorption of sound in sea water (Thorp), and the loss over a distance.
    Thorp(underwater::ThorpArgs),
    /// Speed of sound in sea water (Mackenzie).
    SoundSpeed(underwater::SoundSpeedArgs),
    /// Ambient noise of the sea (Wenz).
    Wenz(underwater::WenzArgs),
    /// Thermal noise of a receiver.
    NoiseFloor(radio::NoiseFloorArgs),
    /// Power of a jammer over that of the signal, at a receiver.
    JamRatio(electronic_warfare::JamRatioArgs),
    /// How much jamming a satellite navigation receiver bears, and how far that reaches.
    GnssJam(electronic_warfare::GnssJamArgs),
}

/// How a result is told.
#[derive(Debug, Clone, Copy)]
struct Reply<'a> {
    /// Where to.
    console: &'a Console,
    /// Whether as JSON.
    json: bool,
}

impl Reply<'_> {
    /// Tells a result: as JSON, or what stands in `text` for people.
    fn tell(&self, result: &impl Serialize, text: &str) -> Result<(), CliError> {
        if self.json {
            self.console.json(result)
        } else {
            self.console.data(&format!("{text}\n"))
        }
    }
}

/// Asks a model.
///
/// # Errors
///
/// If a file is missing or refused, arguments contradict each other, or standard output fails.
pub(super) fn calc(args: &CalcArgs, console: &Console) -> Result<Exit, CliError> {
    let reply = Reply {
        console,
        json: args.json,
    };
    match &args.model {
        CalcModel::PathlossFreeSpace(args) => radio::free_space(args, reply),
        CalcModel::PathlossTwoRay(args) => radio::two_ray(args, reply),
        CalcModel::PathlossKnifeEdge(args) => radio::knife_edge(args, reply),
        CalcModel::PathlossDiffraction(args) => terrain::diffraction(args, reply),
        CalcModel::PathlossItm(args) => itm::point_to_point(args, reply),
        CalcModel::PathlossItmArea(args) => itm::area(args, reply),
        CalcModel::PathlossHata(args) => urban::hata(args, reply),
        CalcModel::PathlossP1411(args) => urban::street(args, reply),
        CalcModel::PathlossKun(args) => urban::kun(args, reply),
        CalcModel::PathlossLogDistance(args) => weather::log_distance(args, reply),
        CalcModel::Rain(args) => weather::rain(args, reply),
        CalcModel::Clutter(args) => ground::clutter(args, reply),
        CalcModel::Sun(args) => ground::sun(args, reply),
        CalcModel::SeaClutter(args) => ground::sea_clutter(args, reply),
        CalcModel::CableDelay(args) => delay::cable(args, reply),
        CalcModel::SatelliteLink(args) => delay::satellite(args, reply),
        CalcModel::Thorp(args) => underwater::thorp(args, reply),
        CalcModel::SoundSpeed(args) => underwater::sound_speed(args, reply),
        CalcModel::Wenz(args) => underwater::wenz(args, reply),
        CalcModel::NoiseFloor(args) => radio::noise_floor(args, reply),
        CalcModel::JamRatio(args) => electronic_warfare::jam_ratio(args, reply),
        CalcModel::GnssJam(args) => electronic_warfare::gnss_jam(args, reply),
    }?;
    Ok(Exit::Done)
}
