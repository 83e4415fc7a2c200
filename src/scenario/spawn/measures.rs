//! The measures that a scenario asks for.

use super::{Names, SpawnError};
use crate::{
    accounting::{
        measure::{MeasureKind, MeasureSpec, MeasureSpecs},
        summary,
    },
    plan::polygon::Polygon,
    scenario::schema::{Direction, MeasureOf, Scenario},
};

/// The kind of a measure; none for an area that is no polygon, which validation refuses.
fn kind(of: &MeasureOf) -> Option<MeasureKind> {
    Some(match of {
        MeasureOf::TargetsEngaged { .. } => MeasureKind::TargetsEngaged,
        MeasureOf::TargetsDestroyed { .. } => MeasureKind::TargetsDestroyed,
        MeasureOf::Losses { .. } => MeasureKind::Losses,
        MeasureOf::WrongEngagements { .. } => MeasureKind::WrongEngagements,
        MeasureOf::Reached { area_m, .. } => MeasureKind::Reached {
            area: Polygon::new(area_m.clone()).ok()?,
        },
        MeasureOf::TrackCompleteness { echelon, .. } => {
            MeasureKind::TrackCompleteness { echelon: *echelon }
        }
        MeasureOf::TrackAge { echelon, .. } => MeasureKind::TrackAge { echelon: *echelon },
        MeasureOf::TrackNees { echelon, .. } => MeasureKind::TrackNees { echelon: *echelon },
        MeasureOf::TrackOverconfident { echelon, .. } => {
            MeasureKind::TrackOverconfident { echelon: *echelon }
        }
        MeasureOf::BlueForceError { .. } => MeasureKind::BlueForceError,
        MeasureOf::BlueForceLocated { .. } => MeasureKind::BlueForceLocated,
        MeasureOf::SensorToShooterRestrictedMean { horizon_s, .. } => {
            MeasureKind::SensorToShooterRestrictedMean {
                horizon_s: *horizon_s,
            }
        }
        MeasureOf::EngagedWithin { within_s, .. } => MeasureKind::EngagedWithin {
            within_s: *within_s,
        },
        MeasureOf::RoundsSpent { .. } => MeasureKind::RoundsSpent,
        MeasureOf::EnergyUsed { .. } => MeasureKind::EnergyUsed,
        MeasureOf::EnduranceLeft { .. } => MeasureKind::EnduranceLeft,
        MeasureOf::CostUsed { .. } => MeasureKind::CostUsed,
        MeasureOf::DeliveryRatio { .. } => MeasureKind::DeliveryRatio,
        MeasureOf::NetworkReach { .. } => MeasureKind::NetworkReach,
        MeasureOf::NetworkResilience { .. } => MeasureKind::NetworkResilience,
        MeasureOf::MissionsDone { .. } => MeasureKind::MissionsDone,
    })
}

/// The measures of a scenario.
pub(super) fn measures(scenario: &Scenario, names: &Names) -> Result<MeasureSpecs, SpawnError> {
    let mut specs = Vec::new();
    for measure in &scenario.measures {
        let Some(kind) = kind(&measure.of) else {
            continue;
        };
        specs.push(MeasureSpec {
            name: measure.name.clone(),
            side: names.side(measure.of.side())?,
            kind,
            unit: measure.unit.clone(),
            direction: match measure.direction {
                Direction::Up => summary::Direction::Up,
                Direction::Down => summary::Direction::Down,
            },
            threshold: measure.threshold,
        });
    }
    Ok(MeasureSpecs(specs))
}
