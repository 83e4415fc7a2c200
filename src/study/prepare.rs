//! From a study file to design points that are ready to run. See [`prepare`].

use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::design::{Factor, Point, chosen, factors, full_factorial};
use super::effects::{self, Effects};
use super::gate::{Gate, Relation};
use super::measure::{MeasureInfo, catalogue_of, measures_of};
use super::read::{ReadStudy, read_study};
use super::validate;
use crate::accounting::summary::{Direction, Measure, ScenarioIdentity};
use crate::app::{BuildError, RunOptions, Simulation};
use crate::kernel::finding::Finding;
use crate::platform::class::Catalogue;
use crate::scenario::assets::AssetRoots;
use crate::scenario::load::{LoadError, LoadedScenario, load_scenario, read_text};
use crate::scenario::tree::{Place, Step};

/// Codes of findings about a path rather than about a value.
const PATH_CODES: [&str; 3] = ["S1051", "S1061", "S1062"];

/// Most findings of a study: many design points make many alike.
const FINDINGS_MAX: usize = 100;

/// What a person asks for besides the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Overrides {
    /// Where every run stops, s.
    pub until_s: Option<f64>,
    /// Replications of each design point.
    pub replications: Option<u64>,
}

/// A study that may run.
#[derive(Debug)]
pub struct Prepared {
    /// Name.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Its own number among studies of the name.
    pub seed: u64,
    /// What varies.
    pub factors: Vec<Factor>,
    /// The design points.
    pub points: Vec<Point>,
    /// The scenario at each of them.
    pub scenarios: Vec<LoadedScenario>,
    /// Replications of each.
    pub replications: u64,
    /// Where every run stops, s; none where the scenario says it.
    pub until_s: Option<f64>,
    /// Horizon of times over all detectable targets, s; none: the length of a run.
    pub times_horizon_s: Option<f64>,
    /// The measures to keep.
    pub measures: Vec<MeasureInfo>,
    /// Differences to report, as indices of points: first, second.
    pub comparisons: Vec<(usize, usize)>,
    /// Differences to look into.
    pub effects: Effects,
    /// What must hold.
    pub gates: Vec<Gate>,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Hash of everything that the runs depend on, 16 hexadecimal digits.
    pub hash: String,
    /// The scenario file.
    pub scenario: ScenarioIdentity,
    /// What someone should look at; no errors among them.
    pub warnings: Vec<Finding>,
}

/// Why a study cannot run.
#[derive(Debug, Error)]
pub enum PrepareError {
    /// The file, or the scenario at a design point, is missing or refused.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// No design point can be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A scenario has no RON form to hash.
    #[error("the scenario has no RON form: {0}")]
    Ron(#[from] ron::Error),
}

impl Prepared {
    /// `name=level` of every factor at a design point.
    #[must_use]
    pub fn labels(&self, point: usize) -> Vec<String> {
        let levels = self.factors.iter().zip(&self.points[point].levels);
        levels
            .map(|(factor, level)| format!("{}={}", factor.name, factor.levels[*level].label))
            .collect()
    }

    /// What meets the threshold of a measure at a design point.
    #[must_use]
    pub fn threshold(&self, measure: usize, point: usize) -> Option<(Relation, f64)> {
        let info = &self.measures[measure];
        let relation = match info.direction {
            Direction::Up => Relation::AtLeast,
            Direction::Down => Relation::AtMost,
        };
        info.thresholds[point].map(|bound| (relation, bound))
    }
}

/// Reads a study and loads its scenario at every design point, so that nothing is run of a study
/// that is wrong anywhere.
///
/// # Errors
///
/// All findings of the study and of the scenario at all design points that can be gathered.
pub fn prepare(
    path: &Path,
    catalogue: &Arc<Catalogue>,
    overrides: Overrides,
) -> Result<Prepared, PrepareError> {
    let text = read_text(path)?;
    let name = path.display().to_string();
    let mut read = read_study(&name, &text).map_err(LoadError::Refused)?;
    if let Some(replications) = overrides.replications {
        read.study.replications = replications;
    }
    read.study.until_s = overrides.until_s.or(read.study.until_s);
    let factors = factors(&read.study, &read.document);
    let findings = validate::check(&read, &factors);
    if !findings.is_empty() {
        return Err(refused(findings));
    }
    let points = chosen(full_factorial(&factors), &read.study.points)
        .map_err(|wrong| refused(validate::unknown_points(&read, &factors, &wrong)))?;
    let scenario_path = path
        .parent()
        .unwrap_or(Path::new(""))
        .join(&read.study.scenario);
    let scenarios = load_points(&read, &scenario_path, (&factors, &points), catalogue)?;
    let known = catalogue_of(&probe(&scenarios, catalogue)?);
    let gates = validate::check_questions(&read, &points, &known).map_err(refused)?;
    let effects = effects::resolve(&read, (&factors, &points), &known).map_err(refused)?;
    let measures = select(&read, known, &gates, &effects);
    let scenario = identity(&scenario_path, &scenarios)?;
    let mut warnings: Vec<Finding> = scenarios
        .iter()
        .flat_map(|it| it.warnings.clone())
        .collect();
    warnings = moved(warnings, &read, &factors);
    let study = read.study;
    let at = |id: &str| points.iter().position(|point| point.id == id).unwrap_or(0);
    let mut comparisons: Vec<(usize, usize)> = study
        .comparisons
        .iter()
        .map(|it| (at(&it.first), at(&it.second)))
        .collect();
    if comparisons.is_empty() {
        comparisons = (1..points.len()).map(|first| (first, 0)).collect();
    }
    let mut prepared = Prepared {
        name: study.name,
        title: study.title,
        seed: study.seed,
        factors,
        points,
        scenarios,
        replications: study.replications,
        until_s: study.until_s,
        times_horizon_s: study.times_horizon_s,
        measures,
        comparisons,
        effects,
        gates,
        confidence: study.confidence,
        hash: String::new(),
        scenario,
        warnings,
    };
    prepared.hash = hash(&prepared, &scenario_path)?;
    Ok(prepared)
}

/// Findings as a refusal, sorted, each once.
fn refused(mut findings: Vec<Finding>) -> PrepareError {
    findings.sort();
    findings.dedup();
    findings.truncate(FINDINGS_MAX);
    LoadError::Refused(findings).into()
}

/// The scenario at every design point, or all that is wrong with it at any.
fn load_points(
    read: &ReadStudy,
    path: &Path,
    (factors, points): (&[Factor], &[Point]),
    catalogue: &Catalogue,
) -> Result<Vec<LoadedScenario>, PrepareError> {
    let (mut scenarios, mut findings) = (Vec::new(), Vec::new());
    for point in points {
        match load_scenario(path, &point.settings, catalogue) {
            Ok(loaded) => scenarios.push(loaded),
            Err(LoadError::Refused(found)) => {
                let found = moved(found, read, factors);
                findings.extend(
                    found
                        .into_iter()
                        .map(|finding| at_point(finding, point, read)),
                );
            }
            Err(error @ (LoadError::Missing(_) | LoadError::Io { .. })) => {
                let place = read.document.place(&["scenario".into()]);
                let cure = "write its path as seen from the folder of the study";
                let finding = read.document.error("T1003", place, error.to_string(), cure);
                return Err(refused(vec![finding]));
            }
        }
    }
    if findings.is_empty() {
        Ok(scenarios)
    } else {
        Err(refused(findings))
    }
}

/// An error in the scenario file with the design point at which it was found: there may be no place
/// for it in the study.
fn at_point(finding: Finding, point: &Point, read: &ReadStudy) -> Finding {
    if finding.file == read.document.file() || point.settings.is_empty() || !finding.is_error() {
        return finding;
    }
    let cause = format!("{}, at the design point {}", finding.cause, point.id);
    Finding { cause, ..finding }
}

/// Findings with those about a setting moved to the factor or level in the study that made it.
fn moved(findings: Vec<Finding>, read: &ReadStudy, factors: &[Factor]) -> Vec<Finding> {
    let mut all: Vec<Finding> = findings
        .into_iter()
        .map(|finding| match place_of(&finding, read, factors) {
            Some(place) => {
                let Finding {
                    code, cause, cure, ..
                } = &finding;
                let placed = read
                    .document
                    .error(code, place, cause.as_str(), cure.as_str());
                Finding {
                    severity: finding.severity,
                    ..placed
                }
            }
            None => finding,
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// The place in the study of what a finding about a setting speaks of.
fn place_of(finding: &Finding, read: &ReadStudy, factors: &[Factor]) -> Option<Place> {
    let setting = finding.file.strip_prefix("--set ")?;
    factors.iter().enumerate().find_map(|(at, factor)| {
        let level = (0..factor.levels.len()).find(|level| factor.setting(*level) == setting)?;
        let of = |rest: &[Step<'_>]| {
            let path = [&["factors".into(), Step::Index(at)], rest].concat();
            read.document.place(&path)
        };
        Some(if PATH_CODES.contains(&finding.code.as_str()) {
            of(&["path".into()])
        } else {
            of(&["levels".into(), Step::Index(level)])
        })
    })
}

/// The measures of every design point after one tick, in which a run opens its accounts.
fn probe(
    scenarios: &[LoadedScenario],
    catalogue: &Arc<Catalogue>,
) -> Result<Vec<Vec<Measure>>, BuildError> {
    let measures = |loaded: &LoadedScenario| {
        let mut simulation = Simulation::new(loaded, catalogue, &RunOptions::default())?;
        // An invariant that breaks here breaks in the replications, whose rows say so.
        simulation.step().unwrap_or_default();
        let report = simulation.finish().report;
        Ok(measures_of(&loaded.read.scenario, &report.summary))
    };
    scenarios.iter().map(measures).collect()
}

/// The measures that a study keeps: those that it lists, or all, and those of its gates and effects.
fn select(
    read: &ReadStudy,
    known: Vec<MeasureInfo>,
    gates: &[Gate],
    effects: &Effects,
) -> Vec<MeasureInfo> {
    let mut names = read.study.measures.clone();
    if names.is_empty() {
        return known;
    }
    names.extend(gates.iter().map(|gate| gate.measure.clone()));
    names.extend(effects.measures().cloned());
    let mut selected: Vec<MeasureInfo> = Vec::new();
    for name in names {
        if selected.iter().all(|it| it.name != name) {
            selected.extend(known.iter().find(|it| it.name == name).cloned());
        }
    }
    selected
}

/// The first 16 hexadecimal digits of a BLAKE3 digest.
fn short(digest: &blake3::Hash) -> String {
    digest.to_hex()[..16].to_owned()
}

/// Name of the scenario, and hash of its file.
fn identity(path: &Path, scenarios: &[LoadedScenario]) -> Result<ScenarioIdentity, LoadError> {
    let name = scenarios
        .first()
        .map_or("", |it| it.read.scenario.name.as_str());
    Ok(ScenarioIdentity {
        name: name.to_owned(),
        hash: short(&blake3::hash(read_text(path)?.as_bytes())),
    })
}

/// Hash of everything that the runs depend on but the program: name and seed of the study, the
/// scenario at every design point with the files that it names, where runs stop, and the measures.
fn hash(prepared: &Prepared, scenario: &Path) -> Result<String, PrepareError> {
    let mut hasher = blake3::Hasher::new_derive_key("tercio study v1");
    let mut add = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    add(prepared.name.as_bytes());
    add(&prepared.seed.to_le_bytes());
    add(&prepared.until_s.unwrap_or(f64::INFINITY).to_le_bytes());
    for measure in &prepared.measures {
        add(measure.name.as_bytes());
    }
    let roots = AssetRoots::near(scenario);
    let mut assets = Vec::new();
    for (point, loaded) in prepared.points.iter().zip(&prepared.scenarios) {
        add(point.id.as_bytes());
        add(ron::ser::to_string(&loaded.read.scenario)?.as_bytes());
        for path in loaded.read.scenario.asset_paths() {
            if !assets.contains(&path) {
                // It was read a moment ago; should it be gone, the empty text changes the hash as well.
                add(&roots.read(path).unwrap_or_default());
                assets.push(path);
            }
        }
    }
    Ok(short(&hasher.finalize()))
}
