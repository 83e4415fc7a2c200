//! The items of a mission: each by itself, then their order.

use serde_json::{Map, Value};

use super::Report;
use super::shape;
use super::table::{self, Body, Rule, Vehicle};

/// Most items that are read as a mission.
const ITEMS_MAX: usize = 700;

/// Heights above home or ground that an item may name, metres.
const HEIGHTS_M: core::ops::RangeInclusive<f64> = -11_000.0..=30_000.0;

/// An item as the checker understood it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item {
    /// `MAV_CMD`.
    pub(super) command: u64,
    /// Latitude, longitude in degrees, height in metres; none without a position.
    pub(super) place: Option<[f64; 3]>,
    /// Radius of a circle around the place, metres.
    pub(super) circle_m: f64,
}

/// All items; none where the list itself is broken. A broken item is reported and left out.
pub(super) fn read(value: &Value, vehicle: Vehicle, report: &mut Report<'_>) -> Option<Vec<Item>> {
    let Some(list) = value.as_array() else {
        report.error(
            "X2002",
            "mission.items is no list",
            "write a list of simple items",
        );
        return None;
    };
    if list.is_empty() || list.len() > ITEMS_MAX {
        let cause = format!("the mission has {} items, not 1 to {ITEMS_MAX}", list.len());
        report.error("X2011", cause, "split the mission");
        return None;
    }
    let mut items = Vec::with_capacity(list.len());
    for (number, value) in (1_u64..).zip(list) {
        items.extend(read_item(number, value, vehicle, report));
    }
    Some(items)
}

/// One item with its number from 1.
fn read_item(
    number: u64,
    value: &Value,
    vehicle: Vehicle,
    report: &mut Report<'_>,
) -> Option<Item> {
    const KEYS: [&str; 6] = [
        "autoContinue",
        "command",
        "doJumpId",
        "frame",
        "params",
        "type",
    ];
    const ALTITUDE: [&str; 3] = ["AMSLAltAboveTerrain", "Altitude", "AltitudeMode"];
    let what = format!("item {number}");
    let map = shape::object(value, &what, &KEYS, &ALTITUDE, report)?;
    shape::exactly(map, "type", &Value::from("SimpleItem"), &what, report);
    shape::exactly(map, "autoContinue", &Value::Bool(true), &what, report);
    shape::exactly(map, "doJumpId", &Value::from(number), &what, report);
    let command = map.get("command").and_then(Value::as_u64);
    let rule = command.and_then(|command| table::rule_of(command, vehicle));
    let Some(rule) = rule else {
        let (name, why) = command.map_or_else(
            || ("without a number".to_owned(), "no command at all"),
            |command| (command.to_string(), table::refusal(command)),
        );
        let cause = format!("{what}: command {name} is {why}");
        report.error(
            "X2006",
            cause,
            "only commands that move, look and record go out",
        );
        return None;
    };
    let frame = map.get("frame").and_then(Value::as_u64);
    let Some(frame) = frame.filter(|&frame| table::takes_frame(rule, frame, vehicle)) else {
        let cause = format!(
            "{what}: command {} is in a frame that it cannot have",
            rule.command
        );
        report.error(
            "X2007",
            cause,
            "2 without a position, 3 with one, 10 for ArduPilot aircraft",
        );
        return None;
    };
    let params = read_params(&what, map, rule, vehicle, report)?;
    let place = [params[4], params[5], params[6]];
    if rule.has_place {
        check_place(&what, place, rule, vehicle, report);
    } else if place.iter().any(|&part| part != 0.0) {
        let cause = format!(
            "{what}: command {} has no position but gives one",
            rule.command
        );
        report.error("X2008", cause, "write 0 for the last three parameters");
    }
    check_altitude_keys(&what, map, rule, frame, place[2], report);
    let circles = matches!(rule.command, 18 | 19) && vehicle.body == Body::Plane;
    let circle_m = if circles { params[2].abs() } else { 0.0 };
    Some(Item {
        command: rule.command,
        place: rule.has_place.then_some(place),
        circle_m,
    })
}

/// The seven parameters, null as 0; none where they are no such list.
fn read_params(
    what: &str,
    map: &Map<String, Value>,
    rule: Rule,
    vehicle: Vehicle,
    report: &mut Report<'_>,
) -> Option<[f64; 7]> {
    let mut params = [0.0; 7];
    let list = map
        .get("params")
        .and_then(Value::as_array)
        .filter(|list| list.len() == 7);
    let Some(list) = list else {
        report.error(
            "X2008",
            format!("{what} has not exactly 7 params"),
            "write 7 params",
        );
        return None;
    };
    for (index, (value, param)) in list.iter().zip(&mut params).enumerate() {
        let number = value.as_f64().filter(|number| number.is_finite());
        let is_null = value.is_null() && index < 4;
        let is_unused = index < 4 && rule.used & (1 << index) == 0;
        let fits = match number {
            Some(number) if index >= 4 => number.is_finite(),
            Some(number) if is_unused => number == 0.0,
            Some(number) => {
                let is_whole = number.fract() == 0.0 || !table::is_whole(rule.command, index);
                is_whole && table::range(rule.command, index).contains(&number)
            }
            None => is_null && table::takes_null(rule.command, index, vehicle),
        };
        if !fits {
            let cause = format!(
                "{what}: parameter {} of command {} cannot be {value}",
                index + 1,
                rule.command
            );
            report.error(
                "X2008",
                cause,
                "parameters that a command does not use are 0",
            );
            return None;
        }
        *param = number.unwrap_or(0.0);
    }
    // PX4 takes 0 as "face north"; the heading is left to the vehicle.
    let faces_north = vehicle.is_px4 && matches!(rule.command, 16 | 21 | 22) && !list[3].is_null();
    if faces_north {
        let cause = format!("{what}: the heading of command {} is given", rule.command);
        report.error("X2008", cause, "write null: PX4 takes 0 as north");
        return None;
    }
    Some(params)
}

/// A position: on earth, at a height that the vehicle can have.
fn check_place(
    what: &str,
    [lat_deg, lon_deg, height_m]: [f64; 3],
    rule: Rule,
    vehicle: Vehicle,
    report: &mut Report<'_>,
) {
    if !shape::is_on_earth(lat_deg, lon_deg) {
        let cause = format!("{what} is at {lat_deg}, {lon_deg}, which is no place");
        report.error("X2004", cause, "write latitude and longitude in degrees");
    }
    let is_looked_at = rule.command == 195;
    let fits = match vehicle.body {
        _ if is_looked_at => true,
        Body::Plane | Body::Copter => true,
        Body::Rover => height_m == 0.0,
        Body::Sub => height_m <= -0.1,
    };
    if !fits || !HEIGHTS_M.contains(&height_m) {
        let cause = format!("{what}: height {height_m} m is none that this vehicle can have");
        report.error(
            "X2009",
            cause,
            "0 on the surface, -0.1 and below under water, above home in the air",
        );
    }
}

/// The three altitude keys: all or none, and in agreement with the item.
fn check_altitude_keys(
    what: &str,
    map: &Map<String, Value>,
    rule: Rule,
    frame: u64,
    height_m: f64,
    report: &mut Report<'_>,
) {
    let keys = ["AMSLAltAboveTerrain", "Altitude", "AltitudeMode"].map(|key| map.get(key));
    let agrees = match keys {
        [Some(above_terrain), Some(altitude), Some(mode)] => {
            let expected = if frame == 10 { 4 } else { 1 };
            rule.has_place
                && (above_terrain.is_null() || above_terrain.is_number())
                && altitude.as_f64() == Some(height_m)
                && mode.as_u64() == Some(expected)
        }
        [None, None, None] => !rule.has_place,
        _ => false,
    };
    if !agrees {
        let cause = format!("{what}: its altitude keys disagree with its frame and height");
        report.error(
            "X2009",
            cause,
            "write all three beside a position, none without one",
        );
    }
}

/// Take-off first, an end last, neither in between.
pub(super) fn check_order(items: &[Item], vehicle: Vehicle, report: &mut Report<'_>) {
    let is_aircraft = matches!(vehicle.body, Body::Plane | Body::Copter);
    let moves: Vec<u64> = items
        .iter()
        .map(|item| item.command)
        .filter(|&command| command < 100)
        .collect();
    let takeoffs = moves.iter().filter(|&&command| command == 22).count();
    if is_aircraft && (moves.first() != Some(&22) || takeoffs != 1) {
        report.error(
            "X2010",
            "the mission of an aircraft does not begin with its one take-off",
            "write a take-off before every other movement",
        );
    }
    let last = items.last().map(|item| item.command);
    let ends_well = match (vehicle.body, vehicle.is_px4) {
        // A fixed wing circles over home for ever, and PX4 asks for a landing after a take-off.
        (Body::Plane, _) | (Body::Copter, true) => last == Some(21),
        (Body::Copter, false) | (Body::Sub, _) => matches!(last, Some(20 | 21)),
        (Body::Rover, _) => matches!(last, Some(16 | 20)),
    };
    let early = items
        .iter()
        .rev()
        .skip(1)
        .any(|item| matches!(item.command, 20 | 21));
    if !ends_well || early {
        report.error(
            "X2010",
            "the mission does not end, once, in a return, a landing or a recovery",
            "write the return or the landing as the last item and nowhere else",
        );
    }
}
