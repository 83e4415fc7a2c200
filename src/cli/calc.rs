//! `tercio calc`: one model, asked from the command line.

use std::path::Path;

use super::calc_args::{CalcArgs, CalcModel, Field, ItmArgs};
use super::console::Console;
use super::error::{CliError, Exit};
use crate::comms::model::itm::{
    Climate, Loss, Mode, Percentiles, Profile, Surroundings, point_to_point,
};
use crate::comms::model::propagation::{Ground, Polarization};
use crate::scenario::load::read_text;

/// Points of a profile at most.
const POINTS_MAX: usize = 1_000_000;

/// Asks a model.
///
/// # Errors
///
/// If a file is missing or refused, or standard output fails.
pub(super) fn calc(args: &CalcArgs, console: &Console) -> Result<Exit, CliError> {
    match &args.model {
        CalcModel::PathlossItm(args) => pathloss_itm(args, console)?,
    }
    Ok(Exit::Done)
}

/// Loss over irregular terrain.
fn pathloss_itm(args: &ItmArgs, console: &Console) -> Result<(), CliError> {
    let (step_m, heights_m) = read_profile(&args.profile)?;
    let surroundings = Surroundings {
        climate: climate(args.climate),
        refractivity: args.n0,
        ground: Ground {
            permittivity: args.permittivity,
            conductivity_s_m: args.conductivity,
        },
        polarization: match args.polarization {
            Field::Vertical => Polarization::Vertical,
            Field::Horizontal => Polarization::Horizontal,
        },
    };
    let percentiles = Percentiles {
        time: args.time,
        location: args.location,
        situation: args.situation,
    };
    let profile = Profile {
        step_m,
        heights_m: &heights_m,
    };
    let ends_m = [args.tx_m, args.rx_m];
    let loss = point_to_point(&profile, ends_m, args.freq_mhz, &surroundings, &percentiles);
    if args.json {
        console.json(&loss)
    } else {
        console.data(&text(&loss, profile.length_m()))
    }
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

/// A loss for people.
fn text(loss: &Loss, length_m: f64) -> String {
    let way = match loss.mode {
        Mode::LineOfSight => "within the line of sight",
        Mode::Diffraction => "by diffraction",
        Mode::Troposcatter => "by scatter in the troposphere",
    };
    format!(
        "{:.2} dB over {:.2} km, {way}; {:.2} dB of it in free space\n",
        loss.loss_db,
        length_m / 1000.0,
        loss.free_space_db
    )
}

/// Reads a profile: the step, m, and the heights, m.
fn read_profile(path: &Path) -> Result<(f64, Vec<f64>), CliError> {
    parse_profile(&read_text(path)?)
        .map_err(|why| CliError::Input(format!("`{}`: {why}", path.display())))
}

/// Reads a profile from text; empty lines do not count.
fn parse_profile(text: &str) -> Result<(f64, Vec<f64>), String> {
    let lines = text.lines().enumerate();
    let mut numbers = lines
        .map(|(number, line)| (number + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .map(|(number, line)| {
            let value = line.parse::<f64>().ok().filter(|value| value.is_finite());
            value.ok_or_else(|| format!("line {number}: `{}` is no number", shortened(line)))
        });
    let step_m = numbers
        .next()
        .ok_or("the file is empty: the step in metres comes first, then one elevation a line")??;
    if !(0.1..=100_000.0).contains(&step_m) {
        return Err(format!(
            "the first line is the step in metres, from 0.1 to 100000, not {step_m}"
        ));
    }
    let heights_m = numbers
        .take(POINTS_MAX + 1)
        .collect::<Result<Vec<_>, _>>()?;
    if heights_m.len() < 3 || heights_m.len() > POINTS_MAX {
        return Err(format!(
            "a profile has 3 to {POINTS_MAX} elevations, this one {}",
            heights_m.len()
        ));
    }
    match heights_m.iter().find(|height_m| height_m.abs() > 20_000.0) {
        Some(height_m) => Err(format!("no ground is {height_m} m high")),
        None => Ok((step_m, heights_m)),
    }
}

/// The beginning of a line.
fn shortened(line: &str) -> String {
    line.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_step_and_elevations() {
        assert_eq!(
            parse_profile("50\n1\n\n 2.5 \n-3\n"),
            Ok((50.0, vec![1.0, 2.5, -3.0]))
        );
    }

    #[test]
    fn what_is_no_profile_is_refused_with_its_line() {
        for (text, wanted) in [
            ("", "the file is empty"),
            ("0\n1\n2\n3", "the first line is the step"),
            ("-50\n1\n2\n3", "the first line is the step"),
            ("50\n1\nx\n3", "line 3: `x` is no number"),
            ("50\n1\nNaN\n3", "line 3: `NaN` is no number"),
            ("inf\n1\n2\n3", "line 1: `inf` is no number"),
            ("50\n1\n2", "a profile has 3"),
            ("50\n1\n2\n1e9", "no ground is 1000000000 m high"),
        ] {
            let why = parse_profile(text).unwrap_err();
            assert!(why.starts_with(wanted), "{text:?}: {why}");
        }
    }
}
