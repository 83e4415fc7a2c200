//! Rules about units.

use glam::DVec2;

use super::check::Check;
use crate::platform::class::{ClassSpec, Domain, Figure, Motion, SensorKind};
use crate::scenario::schema::{TransponderUse, UnitSpec};
use crate::scenario::tree::Step;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    for (at, unit) in check.scenario.units.iter().enumerate() {
        let path = ["units".into(), at.into()];
        check_s1130_class(check, unit, &path);
        check_s1131_force(check, unit, &path);
        check_s1133_place(check, unit, &path);
        check_s1137_equipment(check, unit, &path);
        check_s1138_networks(check, unit, &path);
        check_s1140_energy(check, unit, &path);
        check_s1149_transponder(check, unit, &path);
        check_s1143_formation(check, unit, &path);
        check_s1144_member(check, unit, &path);
        check_s1142_route(check, unit, &path);
        let Some(class) = check.catalogue.class(&unit.class) else {
            continue;
        };
        check_s1135_height(check, unit, class, &path);
        check_s1136_element(check, unit, class, &path);
        check_s1139_radios(check, unit, class, &path);
        check_s1141_speed(check, unit, class, &path);
    }
}

/// A path one key further.
fn below<'p>(path: &[Step<'p>], key: &'p str) -> Vec<Step<'p>> {
    [path, &[key.into()]].concat()
}

/// S1130: the class is in the catalogue and is no round in flight.
fn check_s1130_class(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    let catalogue = check.catalogue;
    let path = below(path, "class");
    let known = catalogue.classes.keys().map(String::as_str);
    if check.known("S1130", &path, "class", &unit.class, known)
        && catalogue
            .class(&unit.class)
            .is_some_and(ClassSpec::is_munition)
    {
        let cause = format!(
            "`{}` is a munition, which only an effector launches",
            unit.class
        );
        check.error(
            "S1130",
            &path,
            cause,
            "name a platform, or give one an effector",
        );
    }
}

/// S1131: the force exists.
fn check_s1131_force(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    check.known_force("S1131", &below(path, "force"), &unit.force);
}

/// S1133 and S1134: exactly one position, on the terrain.
fn check_s1133_place(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    if unit.place().is_none() {
        let both = unit.at_m.is_some();
        let cause = format!(
            "`{}` has {} position",
            unit.id,
            if both { "more than one" } else { "no" }
        );
        check.error("S1133", path, cause, "give `at_m` or `at_deg`, one of them");
    }
    if let Some(at) = unit.at_deg {
        let path = below(path, "at_deg");
        check.range("S1133", &path, "latitude", at.x, (-90.0, 90.0));
        check.range("S1133", &path, "longitude", at.y, (-180.0, 180.0));
    }
    if let Some(at) = check.position_m(unit) {
        let key = if unit.at_m.is_some() {
            "at_m"
        } else {
            "at_deg"
        };
        check.check_s1134_inside(&below(path, key), at);
    }
    check.range(
        "S1133",
        &below(path, "heading_deg"),
        "heading_deg",
        unit.heading_deg,
        (-360.0, 360.0),
    );
}

/// S1135: only aircraft have a height and only underwater craft a depth, within what they can.
fn check_s1135_height(
    check: &mut Check<'_>,
    unit: &UnitSpec,
    class: &ClassSpec,
    path: &[Step<'_>],
) {
    if let Some(altitude_m) = unit.altitude_m {
        let path = below(path, "altitude_m");
        if class.domain != Domain::Air {
            let cause = format!("`{}` does not fly", class.name);
            check.error("S1135", &path, cause, "remove `altitude_m`");
        }
        check.range("S1135", &path, "altitude_m", altitude_m, (0.0, 20_000.0));
    }
    if let Some(depth_m) = unit.depth_m {
        let path = below(path, "depth_m");
        match &class.motion {
            Motion::Underwater { depth_max_m, .. } | Motion::Glider { depth_max_m, .. } => {
                check.range(
                    "S1135",
                    &path,
                    "depth_m",
                    depth_m,
                    (0.0, depth_max_m.value()),
                );
            }
            _ => {
                let cause = format!("`{}` does not dive", class.name);
                check.error("S1135", &path, cause, "remove `depth_m`");
            }
        }
    }
}

/// S1136: land units stand on land, craft float, and their routes stay in their element.
fn check_s1136_element(
    check: &mut Check<'_>,
    unit: &UnitSpec,
    class: &ClassSpec,
    path: &[Step<'_>],
) {
    let Some(ground) = check.ground else { return };
    let need_m = match &class.motion {
        Motion::Surface { draught_m, .. } | Motion::Sail { draught_m, .. } => draught_m.value(),
        _ => unit.depth_m.unwrap_or(1.0),
    };
    let why_not = |at: DVec2| -> Option<String> {
        let height_m = ground.height_m(at);
        match class.domain {
            Domain::Land if height_m < 0.0 => Some(format!(
                "`{}` stands in {:.0} m of water",
                unit.id, -height_m
            )),
            Domain::Surface | Domain::Subsurface if height_m > -need_m => Some(format!(
                "`{}` needs {need_m:.1} m of water, the ground is at {height_m:.1} m",
                unit.id
            )),
            _ => None,
        }
    };
    let cure = format!("move it: its class is of the domain {:?}", class.domain);
    if let Some(cause) = check.position_m(unit).and_then(why_not) {
        let key = if unit.at_m.is_some() {
            "at_m"
        } else {
            "at_deg"
        };
        check.error("S1136", &below(path, key), cause, cure.clone());
    }
    let Some(route) = &unit.route else { return };
    for (n, waypoint) in route.waypoints_m.iter().enumerate() {
        if let Some(cause) = why_not(*waypoint) {
            let steps = ["route".into(), "waypoints_m".into(), Step::Index(n)];
            check.error("S1136", &[path, &steps].concat(), cause, cure.clone());
        }
    }
}

/// S1137: sensors, radios and effectors that replace the class's own, and jammers, are in the catalogue.
fn check_s1137_equipment(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    let catalogue = check.catalogue;
    for (n, name) in unit.sensors.iter().flatten().enumerate() {
        let path = [path, &["sensors".into(), n.into()]].concat();
        let known = catalogue.sensors.keys().map(String::as_str);
        check.known("S1137", &path, "sensor", name, known);
    }
    for (n, name) in unit.radios.iter().flatten().enumerate() {
        let path = [path, &["radios".into(), n.into()]].concat();
        let known = catalogue.radios.keys().map(String::as_str);
        check.known("S1137", &path, "radio", name, known);
    }
    for (n, fit) in unit.effectors.iter().flatten().enumerate() {
        let path = [path, &["effectors".into(), n.into(), "effector".into()]].concat();
        let known = catalogue.effectors.keys().map(String::as_str);
        check.known("S1137", &path, "effector", &fit.effector, known);
    }
    for (n, name) in unit.jammers.iter().enumerate() {
        let path = [path, &["jammers".into(), n.into()]].concat();
        let known = catalogue.jammers.keys().map(String::as_str);
        check.known("S1137", &path, "jammer", name, known);
    }
}

/// S1138: networks exist.
fn check_s1138_networks(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    for (n, name) in unit.networks.iter().enumerate() {
        let path = [path, &["networks".into(), n.into()]].concat();
        check.known_network("S1138", &path, name);
    }
}

/// S1139: a member of a network carries its radio.
fn check_s1139_radios(
    check: &mut Check<'_>,
    unit: &UnitSpec,
    class: &ClassSpec,
    path: &[Step<'_>],
) {
    let carried: Vec<&str> = match &unit.radios {
        Some(radios) => radios.iter().map(String::as_str).collect(),
        None => class
            .radios
            .iter()
            .map(|mount| mount.radio.as_str())
            .collect(),
    };
    for (n, name) in unit.networks.iter().enumerate() {
        let Some(network) = check.network(name) else {
            continue;
        };
        if !carried.contains(&network.radio.as_str()) {
            let cause = format!("`{}` has no `{}` for `{name}`", unit.id, network.radio);
            let cure = format!("its radios are: {}; see also `radios`", carried.join(", "));
            check.error(
                "S1139",
                &[path, &["networks".into(), n.into()]].concat(),
                cause,
                cure,
            );
        }
    }
}

/// S1140: the energy at the start is a share.
fn check_s1140_energy(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    let path = below(path, "energy_fraction");
    check.range(
        "S1140",
        &path,
        "energy_fraction",
        unit.energy_fraction,
        (0.0, 1.0),
    );
}

/// S1149: only a unit with a station says something by it, and what it says is a place that is false
/// but near enough to be heard there.
fn check_s1149_transponder(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    if unit.transponder == TransponderUse::ByClass {
        return;
    }
    let path = below(path, "transponder");
    let is_station = |name: &str| {
        let sensor = check.catalogue.sensor(name);
        sensor.is_some_and(|sensor| matches!(sensor.kind, SensorKind::Ais { .. }))
    };
    let has_station = match (&unit.sensors, check.catalogue.class(&unit.class)) {
        (Some(sensors), _) => sensors.iter().any(|name| is_station(name)),
        (None, Some(class)) => class.sensors.iter().any(|mount| is_station(&mount.sensor)),
        (None, None) => true,
    };
    if !has_station {
        let cause = format!("`{}` has no station to switch", unit.id);
        let cure = "add `ais-class-a` or `ais-class-b` to its `sensors`, or remove the key";
        check.error("S1149", &path, cause, cure);
    }
    if let TransponderUse::Spoofed { offset_m } = unit.transponder {
        let far_m = offset_m.length();
        check.range("S1149", &path, "offset_m", far_m, (1.0, 100_000.0));
    }
}

/// S1141: a route's speed is one that the class reaches.
fn check_s1141_speed(check: &mut Check<'_>, unit: &UnitSpec, class: &ClassSpec, path: &[Step<'_>]) {
    let Some(route) = &unit.route else { return };
    let Some(most) = class.motion.speed_max().map(Figure::value) else {
        let cause = format!("`{}` does not move by itself", class.name);
        check.error("S1141", &below(path, "route"), cause, "remove `route`");
        return;
    };
    let Some(speed_m_s) = route.speed_m_s else {
        return;
    };
    let least = match &class.motion {
        Motion::FixedWing { speed_min_m_s, .. } => speed_min_m_s.value(),
        _ => 0.01,
    };
    let path = [path, &["route".into(), "speed_m_s".into()]].concat();
    check.range("S1141", &path, "speed_m_s", speed_m_s, (least, most));
}

/// S1142 and S1134: a route has waypoints on the terrain and starts within the run.
fn check_s1142_route(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    let Some(route) = &unit.route else { return };
    let path = below(path, "route");
    if route.waypoints_m.is_empty() {
        check.error(
            "S1142",
            &path,
            "a route without waypoints",
            "add one, or remove `route`",
        );
    }
    let duration_s = check.scenario.duration_s;
    check.range(
        "S1142",
        &below(&path, "start_s"),
        "start_s",
        route.start_s,
        (0.0, duration_s),
    );
    check.check_points(&below(&path, "waypoints_m"), &route.waypoints_m);
}

/// S1144: a unit of a group that is listed alone is one of it, and called as the others are.
fn check_s1144_member(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    let Some(member) = &unit.member else {
        return;
    };
    let path = below(path, "member");
    let id = format!("{}-{}", member.of, member.number);
    if unit.count != 1 || !(1..=member.count).contains(&member.number) {
        let cause = format!(
            "`{}` is to be number {} of {}, and {} units at once",
            unit.id, member.number, member.count, unit.count
        );
        let cure = "number it from 1 to `count` of the group, and leave out its own `count`";
        check.error("S1144", &path, cause, cure);
    } else if unit.id != id {
        let cause = format!("`{}` is not what the group calls its member", unit.id);
        check.error("S1144", &path, cause, format!("call it `{id}`"));
    }
}

/// S1143: neighbours in a formation stand apart.
fn check_s1143_formation(check: &mut Check<'_>, unit: &UnitSpec, path: &[Step<'_>]) {
    let path = [path, &["formation".into(), "spacing_m".into()]].concat();
    check.range(
        "S1143",
        &path,
        "spacing_m",
        unit.formation.spacing_m,
        (0.5, 50_000.0),
    );
}
