//! The safety check of a set of plans in the world of its scenario.

use std::sync::Arc;

use crate::app::{BuildError, PlanCoverage};
use crate::kernel::finding::Finding;
use crate::plan::{PlanSet, Position};
use crate::platform::class::Catalogue;
use crate::preflight::{Limits, World, check};
use crate::scenario::load::LoadedScenario;
use crate::scenario::order_of_battle::OrderOfBattle;
use crate::scenario::placement::positions;
use crate::scenario::schema::Place;

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
    Ok(check(&set.plans, &world, &Limits::default()))
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
