//! The catalogue as tables.

use serde_json::Value;

use super::catalogue::Entry;
use super::text::{NONE, lines, number, optional, table};
use crate::platform::class::{Catalogue, ClassSpec, Energy};

/// Tables of everything that there is.
pub(super) fn overview(catalogue: &Catalogue) -> String {
    let mut classes = table(&[
        "class",
        "title",
        "family",
        "domain",
        "autopilot",
        "speed m/s",
        "endurance h",
        "mass kg",
    ]);
    for class in catalogue.classes.values() {
        classes.add_row(class_row(class));
    }
    let mut equipment = table(&["kind", "name", "title"]);
    let sensors = catalogue
        .sensors
        .values()
        .map(|it| ["sensor", &it.name, &it.title]);
    let radios = catalogue
        .radios
        .values()
        .map(|it| ["radio", &it.name, &it.title]);
    let effectors = catalogue
        .effectors
        .values()
        .map(|it| ["effector", &it.name, &it.title]);
    let jammers = catalogue
        .jammers
        .values()
        .map(|it| ["jammer", &it.name, &it.title]);
    let covers = catalogue
        .covers
        .values()
        .map(|it| ["cover", &it.name, &it.title]);
    let roads = catalogue
        .roads
        .values()
        .map(|it| ["road", &it.name, &it.title]);
    let carried = sensors.chain(radios).chain(effectors).chain(jammers);
    for row in carried.chain(covers).chain(roads) {
        equipment.add_row(row);
    }
    format!(
        "{}\n{}\n`tercio catalogue NAME` shows an entry in full, every number with its source.\n",
        lines(&classes),
        lines(&equipment)
    )
}

/// A class in one row.
fn class_row(class: &ClassSpec) -> Vec<String> {
    let cruise_m_s = class
        .motion
        .cruise()
        .map(crate::platform::class::Figure::value);
    let endurance_h = match &class.energy {
        Energy::Battery { endurance, .. } | Energy::Fuel { endurance, .. } => endurance
            .seconds(cruise_m_s)
            .map(|endurance_s| endurance_s / 3600.0),
        Energy::Human { march_h_per_day } => Some(march_h_per_day.value()),
        Energy::Unlimited | Energy::Expendable => None,
    };
    let autopilot = serde_json::to_value(class.autopilot).unwrap_or_default();
    vec![
        class.name.clone(),
        class.title.clone(),
        format!("{:?}", class.family),
        format!("{:?}", class.domain),
        autopilot.as_str().unwrap_or(NONE).to_owned(),
        optional(
            class
                .motion
                .speed_max()
                .map(crate::platform::class::Figure::value),
        ),
        optional(endurance_h),
        number(class.mass_kg.value()),
    ]
}

/// One entry in full.
pub(super) fn entry_text(of: &Entry) -> String {
    let text = |key| of.entry.get(key).and_then(Value::as_str).unwrap_or(NONE);
    let mut all = table(&["key", "value", "source"]);
    for row in rows(&of.entry) {
        if !matches!(row.path.as_str(), "name" | "title") {
            all.add_row([row.path, row.value, row.provenance]);
        }
    }
    format!(
        "{}: {} ({})\n\n{}",
        text("name"),
        text("title"),
        of.kind,
        lines(&all)
    )
}

/// One value of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EntryRow {
    /// Keys on the way to it, joined by dots.
    path: String,
    /// The value.
    value: String,
    /// The public source of a figure, or its interval; empty for what is no figure.
    pub(super) provenance: String,
}

/// Every value of an entry.
pub(super) fn rows(entry: &Value) -> Vec<EntryRow> {
    let mut rows = Vec::new();
    walk("", entry, &mut rows);
    rows
}

/// Adds the values at and below a node.
fn walk(path: &str, node: &Value, rows: &mut Vec<EntryRow>) {
    let mut add = |value: String, provenance: String| {
        rows.push(EntryRow {
            path: path.to_owned(),
            value,
            provenance,
        });
    };
    if let Some((value, provenance)) = figure(node) {
        return add(value, provenance);
    }
    match node {
        Value::Null => {}
        Value::Bool(is) => add(if *is { "yes" } else { "no" }.to_owned(), String::new()),
        Value::Number(value) => add(plain(value), String::new()),
        Value::String(text) => add(text.clone(), String::new()),
        Value::Array(all) => {
            for (index, below) in all.iter().enumerate() {
                walk(&step(path, &index.to_string()), below, rows);
            }
        }
        Value::Object(all) => {
            for (key, below) in all {
                walk(&step(path, key), below, rows);
            }
        }
    }
}

/// The value of a figure with where it comes from; none for what is no figure.
fn figure(node: &Value) -> Option<(String, String)> {
    let object = node.as_object().filter(|object| object.len() == 1)?;
    let (kind, parts) = object.iter().next()?;
    let numbers = |value: &Value| value.as_number().map(plain);
    match (kind.as_str(), parts.as_array()?.as_slice()) {
        ("Sourced", [value, url]) => Some((numbers(value)?, url.as_str()?.to_owned())),
        ("Notional", [value, low, high]) => {
            let interval = format!("notional, {} to {}", numbers(low)?, numbers(high)?);
            Some((numbers(value)?, interval))
        }
        _ => None,
    }
}

/// A number as the catalogue has it: a catalogue does not round.
fn plain(value: &serde_json::Number) -> String {
    value
        .as_f64()
        .map_or_else(|| value.to_string(), |value| value.to_string())
}

/// A path one step longer.
fn step(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_show_their_source_or_their_interval() {
        let entry = serde_json::json!({
            "crewed": false,
            "mass_kg": {"Sourced": [2.5, "https://example.org/a"]},
            "motion": {"Rotorcraft": {"climb_max_m_s": {"Notional": [3.0, 2.0, 4.0]}, "rotor_count": 4}},
            "stores": null,
        });
        let row = |path: &str, value: &str, provenance: &str| EntryRow {
            path: path.into(),
            value: value.into(),
            provenance: provenance.into(),
        };
        assert_eq!(
            rows(&entry),
            [
                row("crewed", "no", ""),
                row("mass_kg", "2.5", "https://example.org/a"),
                row("motion.Rotorcraft.climb_max_m_s", "3", "notional, 2 to 4"),
                row("motion.Rotorcraft.rotor_count", "4", ""),
            ]
        );
    }

    #[test]
    fn the_overview_lists_every_name() {
        let catalogue = Catalogue::shipped();
        let text = overview(&catalogue);
        let equipment = catalogue.effectors.keys().chain(catalogue.jammers.keys());
        for name in catalogue.classes.keys().chain(equipment) {
            assert!(text.contains(name.as_str()), "{name}");
        }
    }
}
