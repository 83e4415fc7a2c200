//! `tercio view`: a scenario in three dimensions, in a window or on a picture.

use super::args::ViewArgs;
use super::console::Console;
use super::error::{CliError, Exit};

/// Shows a scenario.
///
/// # Errors
///
/// Always: this build cannot draw, and the error says how to get one that can.
#[cfg(not(feature = "viewer"))]
pub(super) fn view(_args: &ViewArgs, _console: &Console) -> Result<Exit, CliError> {
    Err(CliError::NoViewer)
}

#[cfg(feature = "viewer")]
pub(super) use with_viewer::view;

/// The command where the build can draw.
#[cfg(feature = "viewer")]
mod with_viewer {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::Arc;

    use glam::DVec2;
    use ron::ser::{PrettyConfig, to_string_pretty};

    use super::{CliError, Console, Exit, ViewArgs};
    use crate::app::{InputRecord, RunOptions};
    use crate::cli::{inputs, load, plan_file::write_whole};
    use crate::platform::class::Catalogue;
    use crate::viewer::{
        Source, open,
        request::{LookAt, Request},
        take_picture,
        view::Layers,
    };

    /// Shows a scenario.
    ///
    /// # Errors
    ///
    /// If the scenario is missing or refused, a name is unknown, there is no display or driver, or
    /// the picture is not written.
    pub(in crate::cli) fn view(args: &ViewArgs, console: &Console) -> Result<Exit, CliError> {
        let request = request(args)?;
        let catalogue = Arc::new(Catalogue::shipped());
        let loaded = Arc::new(load::load(&args.scenario, &args.settings, console)?);
        let source = Source {
            loaded,
            catalogue,
            options: RunOptions {
                seed: args.seed,
                until_s: args.until,
            },
            inputs: args
                .inputs
                .as_deref()
                .map_or(Ok(InputRecord::default()), inputs::read)?,
        };
        let at_s = args.at.unwrap_or(0.0);
        let Some(path) = &args.screenshot else {
            let done = open(&source, &request, at_s, args.size.unwrap_or((1600, 960)))?;
            if done != source.inputs {
                record(&done, args, &source.loaded.read.scenario.name, console)?;
            }
            return Ok(Exit::Done);
        };
        let picture = take_picture(&source, &request, at_s, args.size.unwrap_or((1600, 900)))?;
        fs::write(path, &picture.png).map_err(|source| CliError::File {
            action: "write",
            path: path.clone(),
            source,
        })?;
        Ok(Exit::Done)
    }

    /// Keeps what the person did, beside whatever was kept before, and says how to repeat the run.
    fn record(
        done: &InputRecord,
        args: &ViewArgs,
        scenario: &str,
        console: &Console,
    ) -> Result<(), CliError> {
        let seed = args.seed;
        let usual = |number: u32| match number {
            1 => PathBuf::from(format!("{scenario}-{seed}.inputs.ron")),
            _ => PathBuf::from(format!("{scenario}-{seed}-{number}.inputs.ron")),
        };
        let path = args.record.clone().or_else(|| {
            let mut numbers = 1..=u32::MAX;
            numbers.find(|number| !usual(*number).exists()).map(usual)
        });
        let path = path.unwrap_or_else(|| usual(1));
        let text = to_string_pretty(done, PrettyConfig::default())?;
        write_whole(&path, &text)?;
        console.note(&format!(
            "What you did is in {0}; repeat the run with\n  tercio run {1} --seed {seed} --inputs {0}\n",
            path.display(),
            args.scenario.display()
        ));
        Ok(())
    }

    /// What the arguments ask for.
    fn request(args: &ViewArgs) -> Result<Request, CliError> {
        let usual = Request {
            layers: if args.screenshot.is_some() {
                Layers::for_pictures()
            } else {
                Layers::usual()
            },
            ..Request::default()
        };
        let layers = match &args.layers {
            None => usual.layers,
            Some(list) => Layers::parse(list, usual.layers).map_err(|word| {
                let names = Layers::names();
                CliError::Input(format!("there is no layer `{word}`; name some of: {names}"))
            })?,
        };
        let place = |text: &String| {
            let place = text.split_once(',').and_then(|(east, north)| {
                let east = east.trim().parse().ok().filter(|it: &f64| it.is_finite())?;
                let north = north
                    .trim()
                    .parse()
                    .ok()
                    .filter(|it: &f64| it.is_finite())?;
                Some(LookAt::Place(DVec2::new(east, north)))
            });
            place.unwrap_or_else(|| LookAt::Unit(text.clone()))
        };
        Ok(Request {
            viewpoint: args.belief.clone().unwrap_or(usual.viewpoint),
            layers,
            select: args.select.clone(),
            look_at: args.look_at.as_ref().map(place),
            distance_m: args.distance_m,
            bearing_deg: args.bearing_deg,
            tilt_deg: args.tilt_deg,
        })
    }
}
