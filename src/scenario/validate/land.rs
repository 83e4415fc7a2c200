//! Rules about land cover, roads, the state of the ground and the tide.

use super::check::Check;
use crate::scenario::tree::Step;

/// Most points of a road.
const POINTS_MAX: usize = 2_000;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1195_cover(check);
    check_s1196_roads(check);
    check_s1197_ground(check);
    check_s1198_tide(check);
}

/// S1195: heights and densities are sound; S1111, S1112 and S1134 for the areas.
fn check_s1195_cover(check: &mut Check<'_>) {
    for (at, area) in check.scenario.land_cover.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("land_cover"), at.into(), Step::Key(key)];
        check.check_area(&path("area_m"), &area.area_m);
        if let Some(height_m) = area.height_m {
            let range = (0.0, 100.0);
            check.range("S1195", &path("height_m"), "height_m", height_m, range);
        }
        let range = (0.0, 10.0);
        check.range("S1195", &path("density"), "density", area.density, range);
    }
}

/// S1196: a road has two points or more, and a width; S1134 for its points.
fn check_s1196_roads(check: &mut Check<'_>) {
    for (at, road) in check.scenario.roads.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("roads"), at.into(), Step::Key(key)];
        if !(2..=POINTS_MAX).contains(&road.line_m.len()) {
            let cause = format!("a road of {} points", road.line_m.len());
            let cure = format!("give 2 to {POINTS_MAX} points along its middle");
            check.error("S1196", &path("line_m"), cause, cure);
            continue;
        }
        check.check_points(&path("line_m"), &road.line_m);
        if let Some(width_m) = road.width_m {
            let range = (1.0, 100.0);
            check.range("S1196", &path("width_m"), "width_m", width_m, range);
        }
    }
}

/// S1197: wetness and masking are within what the models hold for.
fn check_s1197_ground(check: &mut Check<'_>) {
    let ground = check.scenario.ground;
    for (key, value, most) in [
        ("wetness", ground.wetness, 1.0),
        ("masking", ground.masking, 4.0),
    ] {
        let path = ["ground".into(), key.into()];
        check.range("S1197", &path, key, value, (0.0, most));
    }
}

/// S1198: a tide as seas have it.
fn check_s1198_tide(check: &mut Check<'_>) {
    let tide = check.scenario.tide;
    for (key, value, range) in [
        ("amplitude_m", tide.amplitude_m, (0.0, 10.0)),
        ("period_h", tide.period_h, (1.0, 48.0)),
        ("phase_h", tide.phase_h, (-48.0, 48.0)),
        ("stream_m_s", tide.stream_m_s, (0.0, 8.0)),
        ("towards_deg", tide.towards_deg, (-360.0, 360.0)),
    ] {
        check.range("S1198", &["tide".into(), key.into()], key, value, range);
    }
}
