//! `tercio check`: everything that is wrong with a scenario, a study or a plan.

use std::sync::Arc;

use serde::Serialize;

use super::args::CheckArgs;
use super::console::Console;
use super::error::{CliError, Exit};
use super::plan_file::{self, PlanFile};
use super::safety;
use crate::kernel::finding::Finding;
use crate::plan::flaw::flaws;
use crate::platform::class::Catalogue;
use crate::scenario::load::{LoadError, load_scenario, read_text};
use crate::study::is_study;
use crate::study::prepare::{Overrides, PrepareError, prepare};

/// The JSON form.
#[derive(Serialize)]
struct Report<'run> {
    /// Everything found.
    findings: &'run [Finding],
    /// What a reader should know of it, though nothing is wrong.
    notes: &'run [String],
}

/// Checks a file and says so.
///
/// # Errors
///
/// If a file is missing or not read; what was found to be wrong is an exit code.
pub(super) fn check(args: &CheckArgs, console: &Console) -> Result<Exit, CliError> {
    let (kind, findings, notes) = match find(args) {
        Ok(found) => found,
        Err(CliError::Refused { what, findings }) if args.json => {
            console.json(&Report {
                findings: &findings,
                notes: &[],
            })?;
            return Err(CliError::Refused { what, findings });
        }
        Err(error) => return Err(error),
    };
    if args.json {
        console.json(&Report {
            findings: &findings,
            notes: &notes,
        })?;
    }
    if findings.iter().any(Finding::is_error) {
        return Err(CliError::Refused {
            what: format!("the {kind} is"),
            findings,
        });
    }
    console.findings(&findings);
    if !args.json {
        let warnings = match findings.len() {
            0 => "nothing is wrong".to_owned(),
            1 => "1 warning".to_owned(),
            many => format!("{many} warnings"),
        };
        console.say(&format!("{}: {kind}, {warnings}\n", args.file.display()))?;
        for note in &notes {
            console.say(&format!("  {note}\n"))?;
        }
    }
    Ok(Exit::Done)
}

/// What a file is, what is wrong with it, and what else to know of it.
type Found = (&'static str, Vec<Finding>, Vec<String>);

/// What the file is, and what there is to say about it.
fn find(args: &CheckArgs) -> Result<Found, CliError> {
    let text = read_text(&args.file)?;
    let name = args.file.display().to_string();
    if plan_file::is_plan(&text) {
        let file = plan_file::parse(&name, &text)?;
        return Ok(("plan", plan_findings(&file, args)?, Vec::new()));
    }
    if is_study(&text) {
        return Ok(("study", study_findings(args)?, Vec::new()));
    }
    match load_scenario(&args.file, &args.settings, &Catalogue::shipped()) {
        Ok(loaded) => {
            let notes = loaded.read.scenario.notional_layers();
            Ok(("scenario", loaded.warnings, notes))
        }
        Err(LoadError::Refused(findings)) => Ok(("scenario", findings, Vec::new())),
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with a study, or with its scenario at any design point.
fn study_findings(args: &CheckArgs) -> Result<Vec<Finding>, CliError> {
    if !args.settings.is_empty() {
        let cause = "a study sets values by its factors: leave --set out, or add a factor";
        return Err(CliError::Input(cause.into()));
    }
    let catalogue = Arc::new(Catalogue::shipped());
    match prepare(&args.file, &catalogue, Overrides::default()) {
        Ok(prepared) => Ok(prepared.warnings),
        Err(PrepareError::Load(LoadError::Refused(findings))) => Ok(findings),
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with a plan by itself, or in its scenario if that is named.
fn plan_findings(file: &PlanFile, args: &CheckArgs) -> Result<Vec<Finding>, CliError> {
    let mut findings = if let Some(scenario) = &args.scenario {
        let loaded = load_scenario(scenario, &args.settings, &Catalogue::shipped())?;
        safety::findings(&file.set, &loaded, &Arc::new(Catalogue::shipped()))?
    } else {
        let of = |plan: &crate::plan::MissionPlan| {
            let found = flaws(plan).into_iter();
            let found = found
                .map(|flaw| Finding::error(flaw.code(), &plan.unit, flaw.to_string(), flaw.cure()));
            found.collect::<Vec<_>>()
        };
        file.set.plans.iter().flat_map(of).collect()
    };
    findings = findings
        .into_iter()
        .map(|finding| file.placed(finding))
        .collect();
    findings.sort();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::cli::args::Talk;
    use crate::plan::sample::sample;
    use crate::plan::{Autopilot, PlanSet};

    fn check_file(file: &Path) -> Result<Exit, CliError> {
        let args = CheckArgs {
            file: file.into(),
            settings: Vec::new(),
            scenario: None,
            json: false,
        };
        let talk = Talk {
            quiet: true,
            no_progress: true,
        };
        check(&args, &Console::of_process(talk))
    }

    fn plan_text(endurance_s: f64) -> String {
        let plan = crate::plan::MissionPlan {
            endurance_s,
            ..sample(Autopilot::Px4Mc)
        };
        plan_file::to_ron(&PlanSet {
            scenario: "sample".into(),
            side: "blue".into(),
            planner: "hand".into(),
            oracle: false,
            objective: 0.0,
            bound: None,
            plans: vec![plan],
            why: Vec::new(),
        })
        .unwrap()
    }

    #[test]
    fn plans_and_scenarios_are_told_apart_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.ron");
        fs::write(&path, plan_text(14_400.0)).unwrap();
        assert_eq!(check_file(&path).unwrap(), Exit::Done);

        fs::write(&path, plan_text(-1.0)).unwrap();
        let refused = check_file(&path).unwrap_err();
        assert_eq!(refused.exit(), Exit::BadInput);
        let finding = &refused.findings()[0];
        assert_eq!(
            (finding.code.as_str(), finding.line.is_some()),
            ("P1001", true)
        );

        fs::write(&path, "(format_version: 1, nmae: \"x\")").unwrap();
        let refused = check_file(&path).unwrap_err();
        assert!(
            refused
                .findings()
                .iter()
                .any(|finding| finding.code == "S1051")
        );
        assert_eq!(refused.exit(), Exit::BadInput);

        fs::write(&path, "(format_version: 1, scenario: \"a.ron\")").unwrap();
        let refused = check_file(&path).unwrap_err();
        let lacks = |key: &str| {
            let mut causes = refused.findings().iter().map(|it| it.cause.as_str());
            causes.any(|cause| cause.contains(key))
        };
        assert!(lacks("`name`"), "{refused:?}");
    }

    #[test]
    fn what_was_drawn_by_hand_is_said_and_is_no_fault() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let wood = "land_cover=[(id: \"wood\", class: Forest, \
                    area_m: [(0, 0), (900, 0), (0, 900)], note: \"a guess\")]";
        let args = |settings: &[&str]| CheckArgs {
            file: root.join("scenarios/tutorial.ron"),
            settings: settings.iter().map(|it| (*it).to_owned()).collect(),
            scenario: None,
            json: false,
        };
        let (_, findings, notes) = find(&args(&[wood, "ground.masking=1"])).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].contains("`wood` (Forest; a guess)"), "{notes:?}");
        assert!(find(&args(&[])).unwrap().2.is_empty());
    }

    #[test]
    fn a_missing_file_has_its_own_code() {
        assert_eq!(
            check_file(Path::new("no/such.ron")).unwrap_err().exit(),
            Exit::Missing
        );
    }
}
