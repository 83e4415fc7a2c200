//! Rules about missions and measures.

use super::check::Check;
use crate::scenario::schema::{MeasureOf, Mission, TaskSpec};
use crate::scenario::tree::Step;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    for (at, mission) in check.scenario.missions.iter().enumerate() {
        let path = ["missions".into(), at.into()];
        check_s1165_force(check, mission, &path);
        check_s1166_units(check, mission, &path);
        check_s1167_window(check, mission, &path);
        check_s1168_places(check, mission, &path);
        check_s1169_numbers(check, mission, &path);
    }
    check_s1180_measures(check);
}

/// S1165: the force exists.
fn check_s1165_force(check: &mut Check<'_>, mission: &Mission, path: &[Step<'_>]) {
    let path = [path, &["force".into()]].concat();
    check.known_force("S1165", &path, &mission.force);
}

/// S1166: named units exist and belong to the force or one under it.
fn check_s1166_units(check: &mut Check<'_>, mission: &Mission, path: &[Step<'_>]) {
    for (n, name) in mission.units.iter().enumerate() {
        let path = [path, &["units".into(), n.into()]].concat();
        let Some(unit) = check.entry(name).or_else(|| check.unit(name)) else {
            check.known_unit("S1166", &path, name);
            continue;
        };
        let row = check.forces.find(&unit.force);
        let above = check.forces.find(&mission.force);
        if let (Some(row), Some(above)) = (row, above)
            && !check.forces.is_within(row, above)
        {
            let cause = format!("`{name}` does not belong to `{}`", mission.force);
            check.error(
                "S1166",
                &path,
                cause,
                format!("its force is `{}`", unit.force),
            );
        }
    }
}

/// S1167: the window opens within the run and closes after it opens.
fn check_s1167_window(check: &mut Check<'_>, mission: &Mission, path: &[Step<'_>]) {
    let duration_s = check.scenario.duration_s;
    let window = mission.window;
    let path = [path, &["window".into()]].concat();
    check.range(
        "S1167",
        &path,
        "not_before_s",
        window.not_before_s,
        (0.0, duration_s),
    );
    if window
        .not_after_s
        .is_some_and(|end| end <= window.not_before_s)
    {
        check.error(
            "S1167",
            &path,
            "the window closes before it opens",
            "swap the two",
        );
    }
}

/// S1168, and S1134, S1111 and S1112: a task's places are on the terrain, its areas are areas, its
/// routes have points.
fn check_s1168_places(check: &mut Check<'_>, mission: &Mission, path: &[Step<'_>]) {
    let path = |key: &'static str| [path, &["task".into(), key.into()]].concat();
    match &mission.task {
        TaskSpec::Search { area_m, .. } => check.check_area(&path("area_m"), area_m),
        TaskSpec::Patrol { route_m, .. }
        | TaskSpec::Move { route_m }
        | TaskSpec::Infiltrate { route_m } => {
            if route_m.is_empty() {
                check.error(
                    "S1168",
                    &path("route_m"),
                    "a route without points",
                    "add one",
                );
            }
            check.check_points(&path("route_m"), route_m);
        }
        TaskSpec::Observe { at_m, .. }
        | TaskSpec::Hold { at_m, .. }
        | TaskSpec::Relay { at_m, .. } => check.check_s1134_inside(&path("at_m"), *at_m),
        // These name control measures and units.
        TaskSpec::Screen { .. }
        | TaskSpec::Reconnoitre { .. }
        | TaskSpec::Bound { .. }
        | TaskSpec::Delay { .. }
        | TaskSpec::Withdraw { .. }
        | TaskSpec::Secure { .. }
        | TaskSpec::SupportByFire { .. }
        | TaskSpec::Escort { .. }
        | TaskSpec::Resupply { .. } => {}
    }
}

/// S1169: a mission's numbers are sound.
fn check_s1169_numbers(check: &mut Check<'_>, mission: &Mission, path: &[Step<'_>]) {
    let numbers = [
        ("priority", f64::from(mission.priority), (0.0, 3.0)),
        ("value", mission.value, (0.001, 1.0e6)),
        ("vehicles", f64::from(mission.vehicles), (1.0, 10_000.0)),
    ];
    for (key, value, range) in numbers {
        check.range("S1169", &[path, &[key.into()]].concat(), key, value, range);
    }
    let (key, value, range) = match &mission.task {
        TaskSpec::Search {
            altitude_m: Some(altitude_m),
            ..
        }
        | TaskSpec::Patrol {
            altitude_m: Some(altitude_m),
            ..
        }
        | TaskSpec::Observe {
            altitude_m: Some(altitude_m),
            ..
        }
        | TaskSpec::Screen {
            altitude_m: Some(altitude_m),
            ..
        }
        | TaskSpec::Reconnoitre {
            altitude_m: Some(altitude_m),
            ..
        }
        | TaskSpec::Relay {
            altitude_m: Some(altitude_m),
            ..
        } => ("altitude_m", *altitude_m, (0.0, 20_000.0)),
        TaskSpec::Hold { radius_m, .. } => ("radius_m", *radius_m, (1.0, 100_000.0)),
        TaskSpec::Bound { bound_m, .. } => ("bound_m", *bound_m, (10.0, 100_000.0)),
        TaskSpec::Delay { pressed_m, .. } => ("pressed_m", *pressed_m, (1.0, 100_000.0)),
        TaskSpec::Secure { clear_s, .. } => ("clear_s", *clear_s, (0.0, 86_400.0)),
        TaskSpec::Escort { distance_m, .. } => ("distance_m", *distance_m, (10.0, 100_000.0)),
        TaskSpec::Resupply { stay_s, .. } => ("stay_s", *stay_s, (1.0, 86_400.0)),
        _ => return,
    };
    check.range(
        "S1169",
        &[path, &["task".into(), key.into()]].concat(),
        key,
        value,
        range,
    );
}

/// S1180: a measure's side exists. S1181: its unit is that of what it measures. S1182: its numbers
/// and areas are sound.
fn check_s1180_measures(check: &mut Check<'_>) {
    for (at, measure) in check.scenario.measures.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("measures"), at.into(), Step::Key(key)];
        check.known_side("S1180", &path("of"), measure.of.side());
        if measure.unit != measure.of.unit() {
            let cause = format!("the unit of `{}` is `{}`", measure.name, measure.unit);
            let cure = format!("it is reported in `{}`", measure.of.unit());
            check.error("S1181", &path("unit"), cause, cure);
        }
        match &measure.of {
            MeasureOf::SensorToShooterRestrictedMean {
                horizon_s: time_s, ..
            }
            | MeasureOf::EngagedWithin {
                within_s: time_s, ..
            } => {
                check.range("S1182", &path("of"), "time", *time_s, (1.0, 2_592_000.0));
            }
            MeasureOf::Reached { area_m, .. } => {
                let path = [&path("of")[..], &["area_m".into()]].concat();
                check.check_area(&path, area_m);
            }
            _ => {}
        }
    }
}
