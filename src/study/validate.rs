//! The rules of a study that no type can say, one function per rule, named by its code. What the
//! scenario says about factors is found by loading it at every design point, see
//! [`super::prepare`].

use std::collections::BTreeSet;

use super::design::{Factor, Point, count, full_factorial};
use super::gate::{self, Gate, GateError, Statistic};
use super::measure::MeasureInfo;
use super::read::ReadStudy;
use super::schema::Study;
use crate::kernel::finding::Finding;
use crate::scenario::suggest::did_you_mean;
use crate::scenario::tree::Step;

/// Most design points.
const POINTS_MAX: usize = 256;

/// Most replications of a design point.
const REPLICATIONS_MAX: u64 = 100_000;

/// Most runs of a study.
const RUNS_MAX: u64 = 1_000_000;

/// Most entries of a list.
const LIST_MAX: usize = 1000;

/// What rules read, and where they report.
struct Check<'a> {
    /// The study and its tree.
    read: &'a ReadStudy,
    /// Findings so far.
    findings: Vec<Finding>,
}

impl Check<'_> {
    /// Reports an error at a path.
    fn error(&mut self, code: &str, path: &[Step<'_>], cause: String, cure: &str) {
        let document = &self.read.document;
        let finding = document.error(code, document.place(path), cause, cure);
        self.findings.push(finding);
    }

    /// Reports a name that is not among the known ones.
    fn known<'k>(
        &mut self,
        code: &str,
        (path, what): (&[Step<'_>], &str),
        name: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) {
        if !known.clone().into_iter().any(|candidate| candidate == name) {
            let cure = did_you_mean(name, known, what);
            self.error(code, path, format!("there is no {what} `{name}`"), &cure);
        }
    }
}

/// What is wrong with a study by itself.
pub(super) fn check(read: &ReadStudy, factors: &[Factor]) -> Vec<Finding> {
    let findings = Vec::new();
    let mut check = Check { read, findings };
    let study = &read.study;
    check_t1001_format_version(&mut check, study);
    check_t1002_name(&mut check, study);
    check_t1004_factors(&mut check, factors);
    check_t1004_labels(&mut check, study);
    check_t1005_size(&mut check, study, factors);
    check_t1012_whole(&mut check, study);
    check_t1010_until(&mut check, study);
    check_t1011_confidence(&mut check, study);
    check.findings
}

/// T1001: the format version is one that this reader knows.
fn check_t1001_format_version(check: &mut Check<'_>, study: &Study) {
    let version = study.format_version;
    if version != 1 {
        let cause = format!("format version {version}; this reader knows 1");
        let cure = "write `format_version: 1`";
        check.error("T1001", &["format_version".into()], cause, cure);
    }
}

/// T1002: the name is in kebab case, as it names a folder.
fn check_t1002_name(check: &mut Check<'_>, study: &Study) {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name = &study.name;
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !starts_well || name.len() > 128 || !name.chars().all(is_letter) {
        let cause = format!("{name:?} is no name");
        let cure = "write small letters, digits and hyphens, a letter first, 128 at most";
        check.error("T1002", &["name".into()], cause, cure);
    }
}

/// T1004: every factor has levels, and no name, path or level comes twice.
fn check_t1004_factors(check: &mut Check<'_>, factors: &[Factor]) {
    let (mut names, mut paths) = (BTreeSet::new(), BTreeSet::new());
    for (at, factor) in factors.iter().enumerate() {
        let path = |key| [Step::Key("factors"), Step::Index(at), Step::Key(key)];
        let name = &factor.name;
        if !names.insert(name) {
            let cause = format!("two factors are called `{name}`");
            check.error(
                "T1004",
                &path("name"),
                cause,
                "give one of them another `name`",
            );
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(is_plain) {
            let cause = format!("{name:?} is no name of a factor");
            check.error(
                "T1004",
                &path("name"),
                cause,
                "write letters, digits and `_`",
            );
        }
        if !paths.insert(&factor.path) {
            let cause = format!("two factors set `{}`", factor.path);
            check.error("T1004", &path("path"), cause, "make one factor of them");
        }
        if factor.path.contains('=') {
            let cause = format!("`{}` is no path", factor.path);
            check.error(
                "T1004",
                &path("path"),
                cause,
                "write the values under `levels`",
            );
        }
        if factor.levels.is_empty() {
            let cause = format!("the factor `{name}` has no levels");
            check.error("T1004", &path("levels"), cause, "write at least one level");
        }
        let mut labels = BTreeSet::new();
        for (index, level) in factor.levels.iter().enumerate() {
            if !labels.insert(&level.label) {
                let [list, which, key] = path("levels");
                let cause = format!("the level `{}` comes twice", level.label);
                let place = [list, which, key, Step::Index(index)];
                check.error("T1004", &place, cause, "remove one of them");
            }
        }
    }
}

/// T1004: who names levels names all of them.
fn check_t1004_labels(check: &mut Check<'_>, study: &Study) {
    for (at, factor) in study.factors.iter().enumerate() {
        let (names, levels) = (factor.labels.len(), factor.levels.len());
        if names > 0 && names != levels {
            let cause = format!("{names} `labels` for {levels} levels");
            let path = ["factors".into(), Step::Index(at), "labels".into()];
            check.error("T1004", &path, cause, "write one for each level, or none");
        }
    }
}

/// T1008: findings about entries of `points` that name no combination, or one named before.
pub(super) fn unknown_points(
    read: &ReadStudy,
    factors: &[Factor],
    wrong: &[usize],
) -> Vec<Finding> {
    let findings = Vec::new();
    let mut check = Check { read, findings };
    let points = full_factorial(factors);
    let ids = || points.iter().map(|point| point.id.as_str());
    for at in wrong {
        let path = ["points".into(), Step::Index(*at)];
        let id = &read.study.points[*at];
        if ids().any(|known| known == id) {
            let cause = format!("the design point `{id}` comes twice");
            check.error("T1008", &path, cause, "remove one of them");
        } else {
            check.known("T1008", (&path, "design point"), id, ids());
        }
    }
    check.findings
}

/// T1005: the study is not larger than anyone can mean.
fn check_t1005_size(check: &mut Check<'_>, study: &Study, factors: &[Factor]) {
    let points = count(factors).unwrap_or(usize::MAX);
    if points > POINTS_MAX {
        let cause = format!("the levels make more than {POINTS_MAX} design points");
        let cure = "take fewer factors or levels, or split the study";
        check.error("T1005", &["factors".into()], cause, cure);
    }
    let replications = study.replications;
    let runs = replications.saturating_mul(points as u64);
    if !(1..=REPLICATIONS_MAX).contains(&replications) || runs > RUNS_MAX && points <= POINTS_MAX {
        let cause = format!("{replications} replications of {points} design points");
        let cure = format!(
            "write from 1 to {REPLICATIONS_MAX} replications, and no more than {RUNS_MAX} runs in all"
        );
        check.error("T1005", &["replications".into()], cause, &cure);
    }
    for (key, length) in [
        ("measures", study.measures.len()),
        ("comparisons", study.comparisons.len()),
        ("gates", study.gates.len()),
    ] {
        if length > LIST_MAX {
            let cause = format!("{length} `{key}`");
            check.error(
                "T1005",
                &[key.into()],
                cause,
                &format!("write at most {LIST_MAX}"),
            );
        }
    }
}

/// T1012: what takes a difference apart needs every combination.
fn check_t1012_whole(check: &mut Check<'_>, study: &Study) {
    let asks = !study.decompositions.is_empty() || !study.break_evens.is_empty();
    if asks && !study.points.is_empty() {
        let cause = "decompositions and break-evens need every combination".to_owned();
        let cure = "leave `points` out, or make a study of its own of them";
        check.error("T1012", &["points".into()], cause, cure);
    }
}

/// T1010: a run ends after it begins, and so does what is looked at of it.
fn check_t1010_until(check: &mut Check<'_>, study: &Study) {
    for (key, value) in [
        ("until_s", study.until_s),
        ("times_horizon_s", study.times_horizon_s),
    ] {
        if let Some(value_s) = value.filter(|value_s| *value_s <= 0.0) {
            let cause = format!("`{key}` is {value_s}");
            check.error("T1010", &[key.into()], cause, "write a number above 0");
        }
    }
}

/// T1011: a confidence is a probability that says something.
fn check_t1011_confidence(check: &mut Check<'_>, study: &Study) {
    if !(0.5..=0.999).contains(&study.confidence) {
        let cause = format!("`confidence` is {}", study.confidence);
        check.error(
            "T1011",
            &["confidence".into()],
            cause,
            "write a number from 0.5 to 0.999",
        );
    }
}

/// What is wrong with what a study asks of its points and measures; its gates where nothing is.
pub(super) fn check_questions(
    read: &ReadStudy,
    points: &[Point],
    measures: &[MeasureInfo],
) -> Result<Vec<Gate>, Vec<Finding>> {
    let findings = Vec::new();
    let mut check = Check { read, findings };
    let known = || measures.iter().map(|measure| measure.name.as_str());
    for (at, name) in read.study.measures.iter().enumerate() {
        let path = ["measures".into(), Step::Index(at)];
        check.known("T1006", (&path, "measure"), name, known());
    }
    let ids = || points.iter().map(|point| point.id.as_str());
    for (at, comparison) in read.study.comparisons.iter().enumerate() {
        for (key, id) in [("first", &comparison.first), ("second", &comparison.second)] {
            let path = ["comparisons".into(), Step::Index(at), key.into()];
            check.known("T1008", (&path, "design point"), id, ids());
        }
    }
    let mut gates = Vec::new();
    for (at, text) in read.study.gates.iter().enumerate() {
        match gate::parse(text) {
            Ok(gate) => {
                check_gate(&mut check, at, &gate, points, measures);
                gates.push(gate);
            }
            Err(error) => check_t1007_syntax(&mut check, at, &error),
        }
    }
    if check.findings.is_empty() {
        Ok(gates)
    } else {
        Err(check.findings)
    }
}

/// T1007: a gate follows the grammar.
fn check_t1007_syntax(check: &mut Check<'_>, at: usize, error: &GateError) {
    let path = ["gates".into(), Step::Index(at)];
    check.error("T1007", &path, error.to_string(), &error.cure());
}

/// T1006, T1008 and T1009: a gate speaks of measures and points that there are, and of a threshold
/// only where there is one.
fn check_gate(
    check: &mut Check<'_>,
    at: usize,
    gate: &Gate,
    points: &[Point],
    measures: &[MeasureInfo],
) {
    let path = ["gates".into(), Step::Index(at)];
    let known = measures.iter().map(|measure| measure.name.as_str());
    check.known("T1006", (&path, "measure"), &gate.measure, known);
    let mut named: Vec<&String> = gate.point.iter().collect();
    if let Statistic::Difference { second } = &gate.statistic {
        named.push(second);
    }
    for id in named {
        let ids = points.iter().map(|point| point.id.as_str());
        check.known("T1008", (&path, "design point"), id, ids);
    }
    let measure = measures.iter().find(|measure| measure.name == gate.measure);
    let has_threshold = measure.is_none_or(|it| it.thresholds.iter().all(Option::is_some));
    if gate.statistic == Statistic::Share(None) && !has_threshold {
        let cause = format!("the scenario gives `{}` no threshold", gate.measure);
        let cure = format!(
            "write the condition, for example `p({} >= 1) ...`",
            gate.measure
        );
        check.error("T1009", &path, cause, &cure);
    }
}
