//! Rules about depots and injects.

use super::check::Check;
use super::world::check_s1109_light;
use crate::scenario::schema::{Depot, Injection, Role, Stock};
use crate::scenario::tree::Step;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1170_depots(check);
    check_s1174_roles(check);
    check_s1175_injects(check);
}

/// S1170: a depot's unit exists. S1171: it has the role `Depot`. S1172 and S1173: numbers and
/// effectors of depots and thresholds.
fn check_s1170_depots(check: &mut Check<'_>) {
    let logistics = &check.scenario.logistics;
    let fractions = [
        ("return_energy_fraction", logistics.return_energy_fraction),
        ("return_rounds_fraction", logistics.return_rounds_fraction),
    ];
    for (key, value) in fractions {
        check.range(
            "S1172",
            &["logistics".into(), key.into()],
            key,
            value,
            (0.0, 1.0),
        );
    }
    for (at, depot) in logistics.depots.iter().enumerate() {
        let path = [Step::Key("logistics"), Step::Key("depots"), at.into()];
        let unit_path = [&path[..], &["unit".into()]].concat();
        check.known_unit("S1170", &unit_path, &depot.unit);
        if !check.has_role(&depot.unit, Role::Depot) {
            let cause = format!("`{}` is a depot without the role `Depot`", depot.unit);
            check.error("S1171", &unit_path, cause, "add `Depot` to its `roles`");
        }
        check_s1172_numbers(check, depot, &path);
        check_s1173_stocks(check, depot, &path);
    }
}

/// S1172: a depot's numbers are sound.
fn check_s1172_numbers(check: &mut Check<'_>, depot: &Depot, path: &[Step<'_>]) {
    let numbers = [
        ("radius_m", depot.radius_m, (1.0, 10_000.0)),
        ("bays", f64::from(depot.bays), (1.0, 1000.0)),
        ("turnaround_s", depot.turnaround_s, (0.0, 86_400.0)),
        ("charge_w", depot.charge_w, (0.0, 1.0e8)),
        ("refuel_kg_s", depot.refuel_kg_s, (0.0, 1000.0)),
        ("reload_s", depot.reload_s, (0.0, 86_400.0)),
    ];
    for (key, value, range) in numbers {
        check.range("S1172", &[path, &[key.into()]].concat(), key, value, range);
    }
}

/// S1173: stocks are of known effectors and not negative.
fn check_s1173_stocks(check: &mut Check<'_>, depot: &Depot, path: &[Step<'_>]) {
    let catalogue = check.catalogue;
    for (n, stock) in depot.stocks.iter().enumerate() {
        let path = [path, &["stocks".into(), n.into()]].concat();
        match stock {
            Stock::Energy { kwh } => check.range("S1173", &path, "kwh", *kwh, (0.0, 1.0e9)),
            Stock::Fuel { kg } => check.range("S1173", &path, "kg", *kg, (0.0, 1.0e9)),
            Stock::Rounds { effector, .. } => {
                let known = catalogue.effectors.keys().map(String::as_str);
                check.known("S1173", &path, "effector", effector, known);
            }
        }
    }
}

/// S1174: a unit with the role `Depot` has an entry under `logistics.depots` (a warning).
fn check_s1174_roles(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, unit) in scenario.units.iter().enumerate() {
        if !unit.roles.contains(&Role::Depot) {
            continue;
        }
        let depots = &scenario.logistics.depots;
        let same = |id: &str| check.unit(id).is_some_and(|it| core::ptr::eq(it, unit));
        if !depots.iter().any(|depot| same(&depot.unit)) {
            let cause = format!("`{}` has the role `Depot` and holds nothing", unit.id);
            let cure = "add it under `logistics.depots`";
            check.warning("S1174", &["units".into(), at.into()], cause, cure);
        }
    }
}

/// S1175: injects happen within the run. S1176: what they name exists. S1177 and S1178 for jammers,
/// S1109 for weather.
fn check_s1175_injects(check: &mut Check<'_>) {
    let scenario = check.scenario;
    let duration_s = scenario.duration_s;
    for (at, inject) in scenario.injects.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("injects"), at.into(), Step::Key(key)];
        check.range(
            "S1175",
            &path("at_s"),
            "at_s",
            inject.at_s,
            (0.0, duration_s),
        );
        match &inject.what {
            Injection::Destroy { unit } => {
                check.known_unit("S1176", &path("what"), unit);
            }
            Injection::GatewayDown { unit } | Injection::GatewayUp { unit } => {
                check.known_unit("S1176", &path("what"), unit);
                if !check.has_role(unit, Role::Gateway) && !check.has_role(unit, Role::Liaison) {
                    let cause = format!("`{unit}` is neither gateway nor liaison");
                    check.error("S1176", &path("what"), cause, "name one that is");
                }
            }
            Injection::NetworkDown { network } | Injection::NetworkUp { network } => {
                check.known_network("S1176", &path("what"), network);
            }
            Injection::JammerOn { unit } | Injection::JammerOff { unit } => {
                check_s1177_jammer(check, &path("what"), (unit, false));
            }
            Injection::SpoofOff { unit } => {
                check_s1177_jammer(check, &path("what"), (unit, true));
            }
            Injection::SpoofOn {
                unit,
                heading_deg,
                pull_m_s,
            } => {
                let path = path("what");
                check_s1177_jammer(check, &path, (unit, true));
                let heading = [&path[..], &["heading_deg".into()]].concat();
                check.range(
                    "S1178",
                    &heading,
                    "heading_deg",
                    *heading_deg,
                    (-360.0, 360.0),
                );
                let pull = [&path[..], &["pull_m_s".into()]].concat();
                check.range("S1178", &pull, "pull_m_s", *pull_m_s, (0.01, 100.0));
            }
            compromise @ Injection::Compromise { .. } => {
                super::compromise::check(check, &path("what"), compromise);
            }
            weather @ Injection::Weather { .. } => check_weather(check, &path("what"), weather),
        }
    }
}

/// S1177: who is to jam carries a jammer, who is to spoof a spoofer. S1176: the unit exists.
fn check_s1177_jammer(check: &mut Check<'_>, path: &[Step<'_>], (name, spoofs): (&str, bool)) {
    if !check.known_unit("S1176", path, name) {
        return;
    }
    let catalogue = check.catalogue;
    let carried = check.unit(name).map_or(&[][..], |unit| &unit.jammers);
    let fits = |jammer: &String| {
        catalogue
            .jammer(jammer)
            .is_none_or(|spec| spec.is_counterfeiter() == spoofs)
    };
    if !carried.iter().any(fits) {
        let what = if spoofs { "spoofer" } else { "jammer" };
        let cause = format!("`{name}` carries no {what}");
        check.error("S1177", path, cause, "name one under its `jammers`");
    }
}

/// S1109 for an inject of weather.
fn check_weather(check: &mut Check<'_>, path: &[Step<'_>], weather: &Injection) {
    let Injection::Weather {
        wind_from_deg,
        wind_m_s,
        visibility_m,
        rain_mm_h,
        sea_state,
        current_to_deg,
        current_m_s,
        light,
    } = weather
    else {
        return;
    };
    let numbers = [
        ("wind_from_deg", *wind_from_deg, (-360.0, 360.0)),
        ("wind_m_s", *wind_m_s, (0.0, 100.0)),
        ("visibility_m", *visibility_m, (10.0, 200_000.0)),
        ("rain_mm_h", *rain_mm_h, (0.0, 200.0)),
        ("sea_state", sea_state.map(f64::from), (0.0, 9.0)),
        ("current_to_deg", *current_to_deg, (-360.0, 360.0)),
        ("current_m_s", *current_m_s, (0.0, 10.0)),
    ];
    for (key, value, range) in numbers {
        if let Some(value) = value {
            check.range("S1109", &[path, &[key.into()]].concat(), key, value, range);
        }
    }
    if let Some(light) = light {
        check_s1109_light(check, path, *light);
    }
}
