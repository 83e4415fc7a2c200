//! Plan files: RON, read through the same tree as scenarios, so that every mistake has its place.

use std::fs;
use std::path::Path;

use ron::ser::PrettyConfig;

use super::error::CliError;
use crate::kernel::finding::Finding;
use crate::plan::PlanSet;
use crate::scenario::convert::typed;
use crate::scenario::load::read_text;
use crate::scenario::read::read_document;
use crate::scenario::tree::Document;

/// Codes of findings about keys and types: meaningless where a text was read as something else.
const KEY_CODES: &str = "S105";

/// A plan with the tree that it was read from.
#[derive(Debug)]
pub(super) struct PlanFile {
    /// The plans.
    pub(super) set: PlanSet,
    /// The tree.
    document: Document,
}

/// Whether a text is a plan rather than a scenario: only plans have all of these keys.
pub(super) fn is_plan(text: &str) -> bool {
    ["planner:", "oracle:", "plans:"]
        .iter()
        .all(|key| text.contains(key))
}

/// Reads a plan file.
///
/// # Errors
///
/// If it is missing, not read, or refused.
pub(super) fn read(path: &Path) -> Result<PlanFile, CliError> {
    let text = read_text(path)?;
    parse(&path.display().to_string(), &text)
}

/// Reads a plan from its text; `name` names it in findings.
///
/// # Errors
///
/// All findings of its text, keys and types that can be gathered.
pub(super) fn parse(name: &str, text: &str) -> Result<PlanFile, CliError> {
    let refused = |findings| CliError::Refused {
        what: "the plan is".into(),
        findings,
    };
    let document = read_document(name, text, &[]).map_err(|mut findings| {
        // A broken text was tried as a scenario; what that says of keys is about no plan.
        findings.retain(|finding| !finding.code.starts_with(KEY_CODES));
        refused(findings)
    })?;
    let set = typed(&document).map_err(refused)?;
    Ok(PlanFile { set, document })
}

impl PlanFile {
    /// The same finding with the place of the plan of the unit that it names as its file.
    pub(super) fn placed(&self, finding: Finding) -> Finding {
        let index = self
            .set
            .plans
            .iter()
            .position(|plan| plan.unit == finding.file);
        let Some(index) = index else { return finding };
        let place = self
            .document
            .place(&["plans".into(), index.into(), "unit".into()]);
        let cause = format!("{}: {}", finding.file, finding.cause);
        let placed = self
            .document
            .error(&finding.code, place, cause, finding.cure);
        Finding {
            severity: finding.severity,
            ..placed
        }
    }
}

/// A set of plans as RON that people can read.
///
/// # Errors
///
/// If it has no RON form.
pub(super) fn to_ron(set: &PlanSet) -> Result<String, ron::Error> {
    let style = PrettyConfig::new()
        .indentor("  ")
        .compact_arrays(false)
        .depth_limit(6);
    let mut text = ron::ser::to_string_pretty(set, style)?;
    text.push('\n');
    Ok(text)
}

/// Writes a file under a temporary name and renames it, so that it appears whole or not at all.
///
/// # Errors
///
/// If the file system refuses.
pub(super) fn write_whole(path: &Path, text: &str) -> Result<(), CliError> {
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(path.file_name().unwrap_or_default());
    hidden.push(".partial");
    let temporary = path.with_file_name(hidden);
    let write = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, path));
    write.map_err(|source| {
        // The first failure is the one to report.
        fs::remove_file(&temporary).unwrap_or_default();
        CliError::file("write", path)(source)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Autopilot;
    use crate::plan::sample::sample;

    fn set() -> PlanSet {
        let all = [
            Autopilot::Px4Mc,
            Autopilot::ArdupilotSub,
            Autopilot::Px4Fw,
            Autopilot::Imc,
        ];
        let plans = (1..).zip(all).map(|(number, autopilot)| {
            let mut plan = sample(autopilot);
            plan.unit = format!("uxv-{number}");
            plan
        });
        PlanSet {
            scenario: "sample".into(),
            side: "blue".into(),
            planner: "hand".into(),
            oracle: false,
            objective: 1.0 / 3.0,
            bound: None,
            plans: plans.collect(),
            why: vec!["because \"so\"".into()],
        }
    }

    #[test]
    fn a_plan_comes_back_as_it_was_written() {
        let text = to_ron(&set()).unwrap();
        assert!(is_plan(&text));
        assert_eq!(parse("p.ron", &text).unwrap().set, set(), "{text}");
    }

    #[test]
    fn mistakes_have_their_place() {
        let text = to_ron(&set())
            .unwrap()
            .replace("cruise_speed_m_s:", "cruise_speed:");
        let error = parse("p.ron", &text).unwrap_err();
        let findings = error.findings();
        let unknown = findings.iter().filter(|finding| finding.code == "S1051");
        assert_eq!(unknown.count(), 4, "{findings:?}");
        assert!(
            findings.iter().all(|finding| finding.line > Some(1)),
            "{findings:?}"
        );
        let broken = parse("p.ron", &to_ron(&set()).unwrap().replace("0.2", "NaN")).unwrap_err();
        assert!(
            broken
                .findings()
                .iter()
                .all(|finding| finding.code == "S1007"),
            "{broken:?}"
        );
    }

    #[test]
    fn findings_about_a_unit_get_the_place_of_its_plan() {
        let text = to_ron(&set()).unwrap();
        let file = parse("p.ron", &text).unwrap();
        let found = file.placed(Finding::warning("P1103", "uxv-2", "too long", "shorten"));
        let line = usize::try_from(found.line.unwrap()).unwrap();
        assert!(
            text.lines().nth(line - 1).unwrap().contains("\"uxv-2\""),
            "{found}"
        );
        assert!(!found.is_error() && found.cause == "uxv-2: too long");
    }

    #[test]
    fn a_scenario_is_no_plan() {
        let scenario = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/scenarios/tutorial.ron"
        ));
        assert!(!is_plan(scenario));
    }

    #[test]
    fn files_appear_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.ron");
        write_whole(&path, "a").unwrap();
        write_whole(&path, "b").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "b");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let refused = write_whole(&folder.path().join("no/p.ron"), "a").unwrap_err();
        assert_eq!(refused.exit().code(), 74, "{refused}");
    }
}
