//! What came of a study's decompositions and break-evens, for people.

use comfy_table::Cell;

use super::study_text::interval;
use super::text::{NONE, lines, number, right, table};
use crate::study::results::{BreakEvenResult, DecompositionResult, Interval, Results};

/// Differences taken apart.
pub(super) fn decompositions(results: &Results) -> String {
    let text = results.decompositions.iter().map(decomposition);
    text.collect::<Vec<_>>().join("\n")
}

/// One difference taken apart.
fn decomposition(it: &DecompositionResult) -> String {
    let of = format!("{} less {}: {}", it.first, it.second, it.measure);
    let mut table = table(&[of.as_str(), "in order", "in reverse", "mean of all orders"]);
    let estimate = |it: &Interval| right(interval(it.value, it.low, it.high));
    let empty = || right(String::new());
    table.add_row([Cell::new("whole"), empty(), empty(), estimate(&it.whole)]);
    for part in &it.parts {
        table.add_row([
            Cell::new(&part.cause),
            estimate(&part.forward),
            estimate(&part.backward),
            estimate(&part.average),
        ]);
    }
    table.add_row([Cell::new("rest"), empty(), empty(), estimate(&it.rest)]);
    lines(&table)
}

/// Where differences cross zero.
pub(super) fn break_evens(results: &Results) -> String {
    if results.break_evens.is_empty() {
        return String::new();
    }
    let mut table = table(&["break-even", "of", "over", "at", "resamples that cross"]);
    for it in &results.break_evens {
        table.add_row([
            Cell::new(format!("{} less {}", it.first, it.second)),
            Cell::new(&it.measure),
            Cell::new(&it.over),
            right(level(it)),
            right(format!("{} %", number(100.0 * it.crossed))),
        ]);
    }
    lines(&table)
}

/// The level with its interval, whose ends may be open.
fn level(it: &BreakEvenResult) -> String {
    let shown = |value: Option<f64>, open: &str| value.map_or_else(|| open.to_owned(), number);
    let level = shown(it.level, NONE);
    let (low, high) = (shown(it.low, "open"), shown(it.high, "open"));
    format!("{level} [{low}, {high}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_ends_are_called_open() {
        let mut it = BreakEvenResult {
            measure: "losses".into(),
            first: "Joint".into(),
            second: "Stovepiped".into(),
            over: "gateway_s".into(),
            n: 8,
            levels: vec![1.0, 5.0],
            differences: vec![1.0, -1.0],
            level: Some(3.0),
            low: Some(2.0),
            high: None,
            crossed: 0.75,
        };
        assert_eq!(level(&it), "3 [2, open]");
        (it.level, it.low) = (None, None);
        assert_eq!(level(&it), format!("{NONE} [open, open]"));
    }
}
