//! Land cover and roads of a scenario as a map. See [`cover_map`].

use super::SpawnError;
use crate::{
    geo::{
        CoverMap,
        cover::{Cover, CoverClass, Road},
    },
    platform::class::Catalogue,
    scenario::{
        load::LoadedScenario,
        schema::{CoverArea, RoadLine, Scenario},
    },
};

/// What the catalogue says of a cover on ground of a wetness.
fn cover(catalogue: &Catalogue, class: CoverClass, wetness: f64) -> Result<Cover, SpawnError> {
    let spec = catalogue.cover(class).ok_or_else(|| SpawnError::Unknown {
        kind: "land cover",
        name: format!("{class:?}"),
    })?;
    Ok(spec.cover(wetness))
}

/// An area with what covers it.
fn area(
    area: &CoverArea,
    catalogue: &Catalogue,
    wetness: f64,
) -> Result<(Vec<glam::DVec2>, Cover), SpawnError> {
    let by_class = cover(catalogue, area.class, wetness)?;
    let own = Cover {
        height_m: area.height_m.unwrap_or(by_class.height_m),
        extinction_per_m: by_class.extinction_per_m * area.density,
        radio_share: by_class.radio_share * area.density,
        ..by_class
    };
    Ok((area.area_m.clone(), own))
}

/// A road.
fn road(line: &RoadLine, catalogue: &Catalogue) -> Result<Road, SpawnError> {
    let spec = catalogue
        .road(line.class)
        .ok_or_else(|| SpawnError::Unknown {
            kind: "road",
            name: format!("{:?}", line.class),
        })?;
    Ok(Road {
        line: line.line_m.clone(),
        width_m: line.width_m.unwrap_or_else(|| spec.width_m.value()),
        speed: spec.speed.value(),
        resistance: spec.resistance.value(),
    })
}

/// The land cover and the roads of a scenario.
///
/// # Errors
/// Where the catalogue lacks a class, which its tests exclude.
pub fn cover_map(loaded: &LoadedScenario, catalogue: &Catalogue) -> Result<CoverMap, SpawnError> {
    let scenario: &Scenario = &loaded.read.scenario;
    let ground = scenario.ground;
    let areas = scenario.land_cover.iter();
    let areas = areas.map(|it| area(it, catalogue, ground.wetness));
    let roads = scenario.roads.iter().map(|it| road(it, catalogue));
    Ok(CoverMap::new(
        cover(catalogue, CoverClass::Open, ground.wetness)?,
        areas.collect::<Result<_, _>>()?,
        roads.collect::<Result<_, _>>()?,
        (loaded.terrain.spacing_m(), ground.masking),
    ))
}
