//! The shapes of JSON values: exact keys, exact values, numbers.

use serde_json::{Map, Value};

use super::Report;

/// The value as an object with every required key and none that is neither required nor optional.
/// An unknown or missing key is reported; only a value that is no object gives none.
pub(super) fn object<'value>(
    value: &'value Value,
    what: &str,
    required: &[&str],
    optional: &[&str],
    report: &mut Report<'_>,
) -> Option<&'value Map<String, Value>> {
    let Some(map) = value.as_object() else {
        report.error(
            "X2002",
            format!("{what} is no object"),
            "write a JSON object",
        );
        return None;
    };
    for key in required {
        if !map.contains_key(*key) {
            let cause = format!("{what} has no {key}");
            report.error("X2002", cause, "readers refuse the file without it");
        }
    }
    for key in map.keys() {
        if !required.contains(&key.as_str()) && !optional.contains(&key.as_str()) {
            let cause = format!("{what} has a key {key:?}, which is not allowed");
            report.error("X2002", cause, "remove it");
        }
    }
    Some(map)
}

/// Reports a key whose value is not exactly that one; 1.0 is not 1, because readers refuse it.
pub(super) fn exactly(
    map: &Map<String, Value>,
    key: &str,
    expected: &Value,
    what: &str,
    report: &mut Report<'_>,
) {
    if map.get(key).is_some_and(|value| value != expected) {
        report.error(
            "X2003",
            format!("{what}: {key} is not {expected}"),
            "write exactly that",
        );
    }
}

/// The value as exactly `N` finite numbers.
pub(super) fn numbers<const N: usize>(value: &Value) -> Option<[f64; N]> {
    let list = value.as_array().filter(|list| list.len() == N)?;
    let mut numbers = [0.0; N];
    for (number, value) in numbers.iter_mut().zip(list) {
        *number = value.as_f64().filter(|number| number.is_finite())?;
    }
    Some(numbers)
}

/// Whether degrees are in range, and not the null island that stands for "forgotten".
pub(super) fn is_on_earth(lat_deg: f64, lon_deg: f64) -> bool {
    let is_forgotten = lat_deg == 0.0 && lon_deg == 0.0;
    (-90.0..=90.0).contains(&lat_deg) && (-180.0..=180.0).contains(&lon_deg) && !is_forgotten
}
