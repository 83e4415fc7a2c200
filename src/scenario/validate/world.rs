//! Rules about ground, weather, buildings and forbidden areas.

use super::check::Check;
use crate::geo::terrain::MAX_POSTS;
use crate::scenario::asset_path::asset_path_fault;
use crate::scenario::schema::{Light, TerrainSpec};
use crate::scenario::tree::{Step, shorten};

/// Largest half extent of a terrain, in metres: the frame's scale error stays below 1.2e-3.
const HALF_EXTENT_MAX_M: f64 = 300_000.0;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1108_terrain(check);
    check_s1201_path(check);
    check_s1109_environment(check);
    check_s1110_buildings(check);
    check_no_go(check);
}

/// Heights that a terrain may have, in metres.
const HEIGHTS_M: (f64, f64) = (-11_000.0, 9_000.0);

/// Heights of the limits of forbidden volumes, in metres above mean sea level.
const VOLUME_HEIGHTS_M: (f64, f64) = (-500.0, 30_000.0);

/// S1108: the terrain's numbers are sound.
fn check_s1108_terrain(check: &mut Check<'_>) {
    let half = check.half_extent_m();
    let path = ["terrain".into(), "half_extent_m".into()];
    for extent in [half.x, half.y] {
        check.range(
            "S1108",
            &path,
            "half_extent_m",
            extent,
            (100.0, HALF_EXTENT_MAX_M),
        );
    }
    let numbers = terrain_numbers(&check.scenario.terrain);
    for (key, value, range) in numbers {
        check.range("S1108", &["terrain".into(), key.into()], key, value, range);
    }
    let Some((_, spacing_m, _)) = terrain_numbers(&check.scenario.terrain)
        .into_iter()
        .find(|it| it.0 == "spacing_m")
    else {
        return;
    };
    let posts = 4.0 * half.x * half.y / (spacing_m * spacing_m);
    let most = f64::from(u32::try_from(MAX_POSTS).unwrap_or(u32::MAX));
    if posts > most {
        let cause = format!("a grid of {posts:.0} posts, more than {MAX_POSTS}");
        let cure = "widen the spacing or narrow the extent";
        check.error(
            "S1108",
            &["terrain".into(), "spacing_m".into()],
            cause,
            cure,
        );
    }
}

/// Numbers of a terrain, each with its key and range.
fn terrain_numbers(terrain: &TerrainSpec) -> Vec<(&'static str, f64, (f64, f64))> {
    let spacing = |spacing_m: f64| ("spacing_m", spacing_m, (1.0, 10_000.0));
    match terrain {
        TerrainSpec::Flat { height_m, .. } => vec![("height_m", *height_m, HEIGHTS_M)],
        TerrainSpec::File {
            spacing_m, detail, ..
        } => {
            let roughness = detail.map(|it| ("detail", it.roughness, (0.0, 1.0)));
            core::iter::once(spacing(*spacing_m))
                .chain(roughness)
                .collect()
        }
        TerrainSpec::Ridges {
            base_m,
            spacing_m,
            ridges,
            ..
        } => {
            let crests = ridges.iter().flat_map(|ridge| {
                let widths = (1.0, HALF_EXTENT_MAX_M);
                [
                    ("ridges", ridge.height_m, HEIGHTS_M),
                    ("ridges", ridge.sigma_m, widths),
                ]
            });
            [spacing(*spacing_m), ("base_m", *base_m, HEIGHTS_M)]
                .into_iter()
                .chain(crests)
                .collect()
        }
        TerrainSpec::Procedural {
            spacing_m,
            base_m,
            relief_m,
            wavelength_m,
            ..
        } => vec![
            spacing(*spacing_m),
            ("base_m", *base_m, HEIGHTS_M),
            ("relief_m", *relief_m, (0.0, 9_000.0)),
            ("wavelength_m", *wavelength_m, (10.0, HALF_EXTENT_MAX_M)),
        ],
    }
}

/// S1201: the path of a height file leads nowhere but downwards.
fn check_s1201_path(check: &mut Check<'_>) {
    let TerrainSpec::File { path, .. } = &check.scenario.terrain else {
        return;
    };
    if let Some(fault) = asset_path_fault(path) {
        let cause = format!("the path `{}` is refused: {fault}", shorten(path));
        let cure = "write a path like `terrain/jacksboro.tif`";
        check.error("S1201", &["terrain".into(), "path".into()], cause, cure);
    }
}

/// S1109: weather, sea and light are within what the models hold for.
fn check_s1109_environment(check: &mut Check<'_>) {
    let it = check.scenario.environment;
    let numbers = [
        ("wind_from_deg", it.wind_from_deg, (-360.0, 360.0)),
        ("wind_m_s", it.wind_m_s, (0.0, 100.0)),
        ("temperature_c", it.temperature_c, (-60.0, 60.0)),
        ("visibility_m", it.visibility_m, (10.0, 200_000.0)),
        ("rain_mm_h", it.rain_mm_h, (0.0, 200.0)),
        ("sea_state", f64::from(it.sea_state), (0.0, 9.0)),
        ("current_to_deg", it.current_to_deg, (-360.0, 360.0)),
        ("current_m_s", it.current_m_s, (0.0, 10.0)),
        ("shipping", it.shipping, (0.0, 1.0)),
        ("sea_temperature_c", it.sea_temperature_c, (-2.0, 35.0)),
        ("salinity_ppt", it.salinity_ppt, (0.0, 45.0)),
    ];
    for (key, value, range) in numbers {
        check.range(
            "S1109",
            &["environment".into(), key.into()],
            key,
            value,
            range,
        );
    }
    check_s1109_light(check, &["environment".into(), "light".into()], it.light);
}

/// S1109 for the light.
pub(super) fn check_s1109_light(check: &mut Check<'_>, path: &[Step<'_>], light: Light) {
    if let Light::Night { moon_fraction } = light {
        check.range("S1109", path, "moon_fraction", moon_fraction, (0.0, 1.0));
    }
}

/// S1110: buildings have a size and stand on the terrain.
fn check_s1110_buildings(check: &mut Check<'_>) {
    for (at, building) in check.scenario.buildings.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("buildings"), at.into(), Step::Key(key)];
        for size in building.size_m.to_array() {
            check.range("S1110", &path("size_m"), "size_m", size, (0.1, 2_000.0));
        }
        check.check_s1134_inside(&path("at_m"), building.at_m);
    }
}

/// S1111, S1112, S1116 and S1117 for forbidden areas: they are areas, bind a domain and known sides,
/// and their floors are below their ceilings.
fn check_no_go(check: &mut Check<'_>) {
    for (at, area) in check.scenario.no_go.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("no_go"), at.into(), Step::Key(key)];
        check.check_area(&path("area_m"), &area.area_m);
        if area.domains.is_empty() {
            let cure = "name the domains, for example `[air]`";
            check.error("S1116", &path("domains"), "the area binds no domain", cure);
        }
        for side in &area.sides {
            check.known_side("S1113", &path("sides"), side);
        }
        for (key, height_m) in [("floor_m", area.floor_m), ("ceiling_m", area.ceiling_m)] {
            if let Some(height_m) = height_m {
                check.range("S1117", &path(key), key, height_m, VOLUME_HEIGHTS_M);
            }
        }
        if let (Some(floor_m), Some(ceiling_m)) = (area.floor_m, area.ceiling_m)
            && floor_m >= ceiling_m
        {
            let cause = format!("a floor of {floor_m} m under a ceiling of {ceiling_m} m");
            check.error(
                "S1117",
                &path("ceiling_m"),
                cause,
                "write a ceiling above the floor",
            );
        }
    }
}
