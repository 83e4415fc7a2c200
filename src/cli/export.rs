//! `tercio export`: files for vehicles, from a plan or from a run directory.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::args::{ExportArgs, Format};
use super::console::Console;
use super::error::{CliError, Exit};
use super::export_vehicles::{Selection, select};
use super::run_folder::SCENARIO_NAME;
use super::safety::digest;
use super::text::{lines, list, table};
use super::{load, plan_file};
use crate::export::{Exporter, Manifest, ManifestHeader, QgcPlan, write_set};
use crate::kernel::finding::Finding;
use crate::plan::PlanSet;
use crate::platform::class::Catalogue;
use crate::record::manifest::Manifest as RunManifest;
use crate::scenario::load::LoadedScenario;

/// Name of the manifest in an export folder.
const MANIFEST_NAME: &str = "manifest.json";

/// The JSON form.
#[derive(Serialize)]
struct Report<'run> {
    /// The folder.
    out: String,
    /// The manifest of what was written.
    manifest: &'run Manifest,
    /// Why other vehicles stay.
    withheld: &'run [Finding],
    /// What could not be checked.
    warnings: &'run [Finding],
}

/// Writes the files of every vehicle that may leave, and reads them back.
///
/// # Errors
///
/// If the input or its scenario is missing or refused, no vehicle may leave, the folder is not
/// empty, or a file that was written does not pass the checker.
pub(super) fn export(args: &ExportArgs, console: &Console) -> Result<Exit, CliError> {
    let (set, scenario) = plans_and_scenario(args)?;
    let loaded = load::load(&scenario, &args.settings, console)?;
    if loaded.read.scenario.name != set.scenario {
        let (made_for, named) = (&set.scenario, &loaded.read.scenario.name);
        let cause = format!("the plan was made for the scenario `{made_for}`, this is `{named}`");
        return Err(CliError::Input(cause));
    }
    let exporter = match args.format {
        Format::QgcPlan => QgcPlan::default(),
    };
    let selection = select(&set, &loaded, &Arc::new(Catalogue::shipped()), &exporter)?;
    console.findings(&digest(&selection.warnings));
    if selection.vehicles.is_empty() {
        return Err(CliError::Refused {
            what: format!("all {} plans are", set.plans.len()),
            findings: digest(&selection.withheld),
        });
    }
    if args.overwrite {
        remove_former(&args.out)?;
    }
    let header = header(&set, &loaded);
    let manifest = write_set(&args.out, &exporter, &selection.vehicles, header)?;
    read_back(&args.out, &exporter, &manifest)?;
    report(args, console, &manifest, &selection)?;
    Ok(Exit::Done)
}

/// What the set was made from, for its manifest.
fn header(set: &PlanSet, loaded: &LoadedScenario) -> ManifestHeader {
    ManifestHeader {
        scenario: set.scenario.clone(),
        side: set.side.clone(),
        planner: set.planner.clone(),
        start_utc: Some(loaded.read.scenario.start_utc.clone()),
    }
}

/// The plan of the input, and where its scenario is.
fn plans_and_scenario(args: &ExportArgs) -> Result<(PlanSet, PathBuf), CliError> {
    let (set, candidates) = if args.input.is_dir() {
        (
            plans_of_run(&args.input, args.side.as_deref())?,
            vec![args.input.join(SCENARIO_NAME)],
        )
    } else {
        let set = plan_file::read(&args.input)?.set;
        if let Some(side) = args.side.as_ref().filter(|side| **side != set.side) {
            return Err(CliError::Input(format!(
                "the plan is for `{}`, not for `{side}`",
                set.side
            )));
        }
        let candidates = scenario_places(&args.input, &set.scenario);
        (set, candidates)
    };
    if let Some(scenario) = &args.scenario {
        return Ok((set, scenario.clone()));
    }
    let found = candidates.into_iter().find(|path| path.is_file());
    let name = || set.scenario.clone();
    let scenario = found.ok_or_else(|| CliError::ScenarioUnknown { name: name() })?;
    Ok((set, scenario))
}

/// Where the scenario of a plan may lie: beside the plan or in `scenarios/`.
fn scenario_places(plan: &Path, name: &str) -> Vec<PathBuf> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_plain) {
        return Vec::new();
    }
    let file = format!("{name}.ron");
    let mut places = vec![
        plan.with_file_name(&file),
        Path::new("scenarios").join(&file),
    ];
    places.retain(|place| place != plan);
    places
}

/// The plan of one side in a run directory, whose files must be as its manifest says.
fn plans_of_run(folder: &Path, side: Option<&str>) -> Result<PlanSet, CliError> {
    let manifest = RunManifest::read(folder)?;
    manifest.verify(folder)?;
    let names = manifest.files.iter().map(|file| file.name.as_str());
    let names = names.filter(|name| name.starts_with("plans/") && name.ends_with(".ron"));
    let mut sets = Vec::new();
    for name in names {
        sets.push(plan_file::read(&folder.join(name))?.set);
    }
    if sets.is_empty() {
        return Err(CliError::Input("the run has no plans".to_owned()));
    }
    let sides: Vec<String> = sets.iter().map(|set| format!("`{}`", set.side)).collect();
    let has = list(&sides);
    let chosen = match side {
        Some(side) => sets.into_iter().find(|set| set.side == side),
        None => sets.pop().filter(|_| sets.is_empty()),
    };
    chosen.ok_or_else(|| {
        CliError::Input(format!(
            "the run has plans for {has}: choose one with --side"
        ))
    })
}

/// Removes the files of a former export, and nothing else.
fn remove_former(folder: &Path) -> Result<(), CliError> {
    let path = folder.join(MANIFEST_NAME);
    let former = fs::read(&path)
        .ok()
        .and_then(|text| serde_json::from_slice::<Manifest>(&text).ok());
    let Some(former) = former else { return Ok(()) };
    let files = former.vehicles.iter().map(|vehicle| vehicle.file.as_str());
    for name in std::iter::once(MANIFEST_NAME).chain(files.filter(|name| is_plain_name(name))) {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(CliError::file("remove", path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a name stays in its folder.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!(
        (parts.next(), parts.next()),
        (Some(Component::Normal(_)), None)
    )
}

/// Reads every file from the disk with the independent checker.
fn read_back(folder: &Path, exporter: &impl Exporter, manifest: &Manifest) -> Result<(), CliError> {
    let mut findings = Vec::new();
    for vehicle in &manifest.vehicles {
        let path = folder.join(&vehicle.file);
        let bytes = fs::read(&path).map_err(CliError::file("read", &path))?;
        findings.extend(exporter.check(&path.display().to_string(), &bytes));
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(CliError::Unsound(findings))
    }
}

/// Says what was written and what was not.
fn report(
    args: &ExportArgs,
    console: &Console,
    manifest: &Manifest,
    selection: &Selection,
) -> Result<(), CliError> {
    let out = args.out.display().to_string();
    let (withheld, warnings) = (&selection.withheld, &selection.warnings);
    if args.json {
        return console.json(&Report {
            out,
            manifest,
            withheld,
            warnings,
        });
    }
    let mut written = table(&["unit", "profile", "file"]);
    for vehicle in &manifest.vehicles {
        written.add_row([&vehicle.unit, &vehicle.profile, &vehicle.file]);
    }
    let mut text = lines(&written);
    if !withheld.is_empty() {
        let mut staying = table(&["withheld", "code", "why", "cure"]);
        for finding in digest(withheld) {
            staying.add_row([&finding.file, &finding.code, &finding.cause, &finding.cure]);
        }
        text.push('\n');
        text.push_str(&lines(&staying));
    }
    let files = match manifest.vehicles.len() {
        1 => "1 file".to_owned(),
        many => format!("{many} files"),
    };
    text.push_str(&format!(
        "\n{files} and {MANIFEST_NAME} in {out}, read back and checked\n"
    ));
    console.say(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_looked_for_beside_the_plan_and_in_its_folder() {
        let places = scenario_places(Path::new("x/p.ron"), "strait-watch");
        assert_eq!(
            places,
            [
                Path::new("x/strait-watch.ron"),
                Path::new("scenarios/strait-watch.ron")
            ]
        );
        let itself = scenario_places(Path::new("scenarios/a.ron"), "a");
        assert!(itself.is_empty(), "{itself:?}");
        for name in ["", "../a", "/etc/x", "a b"] {
            assert!(
                scenario_places(Path::new("p.ron"), name).is_empty(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_former_export_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("keep.txt");
        let inside = folder.path().join("export");
        fs::create_dir(&inside).unwrap();
        fs::write(&outside, "x").unwrap();
        let entry = |file: &str| {
            serde_json::json!({
                "unit": "a", "class": "c", "system_id": 1, "profile": "px4-mc", "file": file,
                "sha256": "0", "size_bytes": 1,
                "home": {"lat_deg": 1.0, "lon_deg": 1.0, "elevation_m": 0.0},
                "recovery": {"lat_deg": 1.0, "lon_deg": 1.0, "elevation_m": 0.0},
                "launch_at_s": 0.0, "windows": [],
                "lost_link": {"after_s": 1.0, "action": "return"},
                "endurance_s": 1.0, "reserve_fraction": 0.1,
            })
        };
        let manifest = serde_json::json!({
            "format_version": 1, "tercio": "0", "format": "qgc-plan",
            "source": {"scenario": "s", "side": "b", "planner": "p", "start_utc": null},
            "horizontal_frame": "", "vertical_frame": "",
            "vehicles": [entry("a.plan"), entry("../keep.txt"), entry("gone.plan")],
        });
        fs::write(inside.join(MANIFEST_NAME), manifest.to_string()).unwrap();
        fs::write(inside.join("a.plan"), "x").unwrap();
        fs::write(inside.join("mine.txt"), "x").unwrap();
        remove_former(&inside).unwrap();
        let left: Vec<_> = fs::read_dir(&inside)
            .unwrap()
            .map(|it| it.unwrap().file_name())
            .collect();
        assert_eq!(left, ["mine.txt"]);
        assert!(outside.exists());
    }
}
