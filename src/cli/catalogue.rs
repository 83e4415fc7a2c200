//! `tercio catalogue`: what a scenario can name, with the sources of every number.

use serde::Serialize;
use serde_json::Value;

use super::args::CatalogueArgs;
use super::catalogue_text::{entry_text, overview};
use super::console::Console;
use super::error::{CliError, Exit};
use crate::platform::class::Catalogue;
use crate::scenario::suggest::did_you_mean;

/// An entry of the catalogue of any kind.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// What kind of entry it is.
    pub(super) kind: &'static str,
    /// The entry with its figures as the catalogue has them.
    pub(super) entry: Value,
}

/// Shows the catalogue, or one name of it.
///
/// # Errors
///
/// If there is no such name, or standard output fails.
pub(super) fn catalogue(args: &CatalogueArgs, console: &Console) -> Result<Exit, CliError> {
    let catalogue = Catalogue::shipped();
    let Some(name) = &args.name else {
        if args.json {
            console.json(&catalogue)?;
        } else {
            console.data(&overview(&catalogue))?;
        }
        return Ok(Exit::Done);
    };
    let entries = find(&catalogue, name)?;
    if entries.is_empty() {
        let cure = did_you_mean(name, names(&catalogue), "names");
        return Err(CliError::Input(format!(
            "the catalogue has no `{name}`: {cure}"
        )));
    }
    if args.json {
        console.json(&entries)?;
    } else {
        let texts: Vec<String> = entries.iter().map(entry_text).collect();
        console.data(&texts.join("\n"))?;
    }
    Ok(Exit::Done)
}

/// All names of the catalogue.
fn names(catalogue: &Catalogue) -> impl Iterator<Item = &str> + Clone {
    let classes = catalogue.classes.keys();
    let equipment = catalogue.sensors.keys().chain(catalogue.radios.keys());
    classes
        .chain(equipment)
        .chain(catalogue.effectors.keys())
        .chain(catalogue.jammers.keys())
        .chain(catalogue.covers.keys())
        .chain(catalogue.roads.keys())
        .map(String::as_str)
}

/// The entries of a name: kinds have names of their own, so that one name may have several.
fn find(catalogue: &Catalogue, name: &str) -> Result<Vec<Entry>, CliError> {
    let value =
        |entry: Option<serde_json::Result<Value>>| entry.transpose().map_err(CliError::Json);
    let found = [
        (
            "class",
            value(catalogue.class(name).map(serde_json::to_value))?,
        ),
        (
            "sensor",
            value(catalogue.sensor(name).map(serde_json::to_value))?,
        ),
        (
            "radio",
            value(catalogue.radio(name).map(serde_json::to_value))?,
        ),
        (
            "effector",
            value(catalogue.effector(name).map(serde_json::to_value))?,
        ),
        (
            "jammer",
            value(catalogue.jammer(name).map(serde_json::to_value))?,
        ),
        (
            "cover",
            value(catalogue.covers.get(name).map(serde_json::to_value))?,
        ),
        (
            "road",
            value(catalogue.roads.get(name).map(serde_json::to_value))?,
        ),
    ];
    let entry = |(kind, entry): (_, Option<Value>)| {
        Some(Entry {
            kind,
            entry: entry?,
        })
    };
    Ok(found.into_iter().filter_map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::catalogue_text::rows;

    #[test]
    fn every_figure_of_every_entry_is_shown_with_its_provenance() {
        let catalogue = Catalogue::shipped();
        for name in names(&catalogue) {
            for entry in find(&catalogue, name).unwrap() {
                let figures = entry.entry.to_string();
                let written = figures.matches("\"Sourced\"").count()
                    + figures.matches("\"Notional\"").count();
                let shown = rows(&entry.entry)
                    .into_iter()
                    .filter(|row| !row.provenance.is_empty());
                assert_eq!(shown.count(), written, "{name}");
            }
        }
    }

    #[test]
    fn an_unknown_name_is_bad_input_and_names_the_nearest() {
        let args = CatalogueArgs {
            name: Some("ugv-scuot".into()),
            json: false,
        };
        let console = Console::of_process(crate::cli::args::Talk::default());
        let error = catalogue_error(&args, &console);
        assert_eq!(error.exit(), Exit::BadInput);
        assert!(error.to_string().contains("ugv-scout"), "{error}");
    }

    fn catalogue_error(args: &CatalogueArgs, console: &Console) -> CliError {
        catalogue(args, console).unwrap_err()
    }
}
