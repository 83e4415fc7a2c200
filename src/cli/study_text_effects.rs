//! What came of a study's decompositions and break-evens, for people.

use comfy_table::Cell;

use super::study_text::interval;
use super::text::{NONE, lines, number, right, table};
use crate::study::results::{BreakEvenResult, DecompositionResult, Interval, Results};
use crate::study::stats::break_even::{End, Side};

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

/// The level with its interval, whose ends may lie beyond the levels.
fn level(it: &BreakEvenResult) -> String {
    let level = it.level.map_or_else(|| NONE.to_owned(), number);
    let [low, high] = [it.low, it.high].map(|end| match end {
        None => NONE.to_owned(),
        Some(End::At(level)) => number(level),
        Some(End::Beyond(Side::Below)) => "below".to_owned(),
        Some(End::Beyond(Side::Above)) => "above".to_owned(),
    });
    format!("{level} [{low}, {high}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_beyond_the_levels_say_on_which_side() {
        let mut it = BreakEvenResult {
            measure: "losses".into(),
            first: "Joint".into(),
            second: "Stovepiped".into(),
            over: "gateway_s".into(),
            n: 8,
            levels: vec![1.0, 5.0],
            differences: vec![1.0, -1.0],
            level: Some(3.0),
            low: Some(End::At(2.0)),
            high: Some(End::Beyond(Side::Above)),
            crossed: 0.75,
        };
        assert_eq!(level(&it), "3 [2, above]");
        (it.level, it.low) = (None, Some(End::Beyond(Side::Below)));
        assert_eq!(level(&it), format!("{NONE} [below, above]"));
        (it.low, it.high) = (None, None);
        assert_eq!(level(&it), format!("{NONE} [{NONE}, {NONE}]"), "too few");
    }
}
