//! The safety check of a set of plans in the world of its scenario.

use std::sync::Arc;

use crate::app::{BuildError, PlanCoverage};
use crate::kernel::finding::Finding;
use crate::plan::{MissionPlan, PlanSet, Position};
use crate::platform::class::Catalogue;
use crate::platform::kinematics::Kinematics;
use crate::preflight::{Limits, Roughness, World, check, check_weather};
use crate::scenario::load::LoadedScenario;
use crate::scenario::order_of_battle::OrderOfBattle;
use crate::scenario::placement::positions;
use crate::scenario::schema::{Injection, Place};

/// Most units that a digested warning names.
const UNITS_MAX: usize = 4;

/// Height of the scenario's ground above mean sea level, metres.
pub(super) fn ground_m(loaded: &LoadedScenario, at: Position) -> f64 {
    let local = loaded.frame.to_local(at.lat_deg, at.lon_deg);
    loaded.terrain.height_m(local.x, local.y)
}

/// Everything that speaks against letting these plans out together, by unit.
///
/// # Errors
///
/// If the world of the scenario cannot be built.
pub(super) fn findings(
    set: &PlanSet,
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
) -> Result<Vec<Finding>, BuildError> {
    let coverage = PlanCoverage::new(set, loaded, catalogue)?;
    let link =
        |unit: &str, _: f64, at: Position, height_m: f64| coverage.margin_db(unit, at, height_m);
    let ground = |at: Position| ground_m(loaded, at);
    let tracks = not_friendly(loaded, &set.side);
    let world = World {
        ground: &ground,
        link: Some(&link),
        tracks: &tracks,
    };
    let mut findings = check(&set.plans, &world, &Limits::default());
    findings.extend(rough_weather(set, loaded, catalogue));
    findings.sort();
    Ok(findings)
}

/// P1114 for every vehicle of a set, by the weather at the start and by what injects make of it.
fn rough_weather(set: &PlanSet, loaded: &LoadedScenario, catalogue: &Catalogue) -> Vec<Finding> {
    let scenario = &loaded.read.scenario;
    let at_start = Roughness {
        wind_m_s: scenario.environment.wind_m_s,
        sea_state: f64::from(scenario.environment.sea_state),
    };
    let injects = scenario.injects.iter().filter(|inject| inject.enabled);
    let later = injects.fold(at_start, |worst, inject| match &inject.what {
        Injection::Weather {
            wind_m_s,
            sea_state,
            ..
        } => Roughness {
            wind_m_s: wind_m_s.map_or(worst.wind_m_s, |it| it.max(worst.wind_m_s)),
            sea_state: sea_state.map_or(worst.sea_state, |it| f64::from(it).max(worst.sea_state)),
        },
        _ => worst,
    });
    let of_plan = |plan: &MissionPlan| {
        let mut units = scenario.units.iter();
        let unit = units.find(|unit| unit.expanded_ids().any(|id| id == plan.unit))?;
        let class = catalogue.class(&unit.class)?;
        let kinematics = Kinematics::from_class(&class.motion, class.mass_kg.value());
        check_weather(&plan.unit, &kinematics, (at_start, later))
    };
    set.plans.iter().filter_map(of_plan).collect()
}

/// Where every unit stands at the start that is not of a side, neutral ones too.
fn not_friendly(loaded: &LoadedScenario, side: &str) -> Vec<Position> {
    let scenario = &loaded.read.scenario;
    let order = OrderOfBattle::of(scenario);
    let mut tracks = Vec::new();
    for unit in &scenario.units {
        if order
            .force(&unit.force)
            .is_some_and(|force| force.side == side)
        {
            continue;
        }
        let leader = match unit.place() {
            Some(Place::Local(at)) => at,
            Some(Place::Geodetic { lat_deg, lon_deg }) => loaded.frame.to_local(lat_deg, lon_deg),
            None => continue,
        };
        tracks.extend(positions(unit, leader).map(|at| {
            let (lat_deg, lon_deg) = loaded.frame.to_geodetic(at);
            Position { lat_deg, lon_deg }
        }));
    }
    tracks
}

/// Findings for people: of each unit and code one error, of each code one warning for all units,
/// with how many more there are.
pub(super) fn digest(findings: &[Finding]) -> Vec<Finding> {
    let mut groups: Vec<(Finding, usize, Vec<&str>)> = Vec::new();
    for finding in findings {
        let group = groups.iter_mut().find(|(first, ..)| {
            let is_alike = first.code == finding.code && first.severity == finding.severity;
            is_alike && (!finding.is_error() || first.file == finding.file)
        });
        match group {
            Some((_, count, units)) => {
                *count += 1;
                if !units.contains(&finding.file.as_str()) {
                    units.push(&finding.file);
                }
            }
            None => groups.push((finding.clone(), 1, vec![&finding.file])),
        }
    }
    let digested = groups.into_iter().map(|(mut first, count, units)| {
        if count > 1 {
            let more = count - 1;
            first.cause = format!("{}; {more} more like this", first.cause);
        }
        let (named, rest) = units.split_at(units.len().min(UNITS_MAX));
        first.file = named.join(", ");
        if !rest.is_empty() {
            first.file = format!("{} and {} more units", first.file, rest.len());
        }
        first
    });
    digested.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_has_one_error_by_unit_and_code_and_one_warning_by_code() {
        let warning = |unit: &str| Finding::warning("P1113", unit, "not checked", "check");
        let error = |unit: &str, cause: &str| Finding::error("P1104", unit, cause, "climb");
        let mut all = vec![
            error("a", "leg 1"),
            error("a", "leg 2"),
            error("b", "leg 1"),
        ];
        all.extend(["a", "b", "c", "d", "e", "f"].map(warning));
        let digested = digest(&all);
        assert_eq!(digested.len(), 3, "{digested:?}");
        assert_eq!(digested[0], error("a", "leg 1; 1 more like this"));
        assert_eq!(digested[1], error("b", "leg 1"));
        assert_eq!(digested[2].file, "a, b, c, d and 2 more units");
        assert_eq!(digest(&[]), []);
    }
}
