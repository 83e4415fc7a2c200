//! The sections on differences taken apart and on where they cross zero.

use crate::record::html::{Cell, table};
use crate::study::results::{BreakEvenResult, DecompositionResult, Interval, Results};
use crate::study::stats::break_even::{End, Side};

/// A value with its ends as three cells.
fn cells(it: &Interval) -> [Cell; 3] {
    [
        Cell::number(it.value),
        Cell::optional(it.low),
        Cell::optional(it.high),
    ]
}

/// Differences taken apart: a table each.
pub(super) fn decompositions(results: &Results) -> String {
    if results.decompositions.is_empty() {
        return String::new();
    }
    let tables: String = results.decompositions.iter().map(decomposition).collect();
    format!(
        "<h2>What differences are due to</h2>\n<p class=\"note\">What goes of a paired difference \
         where one cause after the other is switched off: in the order of the study, in the \
         opposite order, and as the mean over all orders, which adds up. Where the orders differ, \
         causes work together.</p>\n{tables}"
    )
}

/// One difference taken apart.
fn decomposition(it: &DecompositionResult) -> String {
    let title = format!(
        "{}: {} \u{2212} {}, {} replications",
        it.measure, it.first, it.second, it.n
    );
    let blank = || [Cell::text(""), Cell::text(""), Cell::text("")];
    let whole = |name: &str, value: &Interval| {
        let cells = [blank(), blank(), cells(value)].into_iter().flatten();
        std::iter::once(Cell::text(name)).chain(cells).collect()
    };
    let mut rows: Vec<Vec<Cell>> = vec![whole("whole", &it.whole)];
    rows.extend(it.parts.iter().map(|part| {
        let of = [&part.forward, &part.backward, &part.average].map(cells);
        let cause = Cell::text(part.cause.as_str());
        std::iter::once(cause)
            .chain(of.into_iter().flatten())
            .collect()
    }));
    rows.push(whole("rest", &it.rest));
    let headings = [
        title.as_str(),
        "In order",
        "Low",
        "High",
        "In reverse",
        "Low",
        "High",
        "Mean of all orders",
        "Low",
        "High",
    ];
    table(&headings, &rows)
}

/// An end of an interval of levels.
fn end(end: Option<End>) -> Cell {
    match end {
        None => Cell::optional(None),
        Some(End::At(level)) => Cell::number(level),
        Some(End::Beyond(Side::Below)) => Cell::text("below"),
        Some(End::Beyond(Side::Above)) => Cell::text("above"),
    }
}

/// Where differences cross zero.
pub(super) fn break_evens(results: &Results) -> String {
    if results.break_evens.is_empty() {
        return String::new();
    }
    let row = |it: &BreakEvenResult| {
        let steps = it.levels.iter().zip(&it.differences);
        let steps: Vec<String> = steps
            .map(|(level, difference)| format!("{level}: {difference:.3}"))
            .collect();
        vec![
            Cell::text(it.measure.as_str()),
            Cell::text(format!("{} \u{2212} {}", it.first, it.second)),
            Cell::text(it.over.as_str()),
            Cell::count(it.n as u64),
            Cell::optional(it.level),
            end(it.low),
            end(it.high),
            Cell::number(it.crossed),
            Cell::text(steps.join(", ")),
        ]
    };
    let rows: Vec<_> = results.break_evens.iter().map(row).collect();
    let headings = [
        "Measure",
        "Difference",
        "Over",
        "n",
        "Zero at",
        "Low",
        "High",
        "Resamples that cross",
        "Mean difference by level",
    ];
    format!(
        "<h2>Break-even</h2>\n<p class=\"note\">Where a paired difference becomes zero, linear \
         between levels, with the percentile interval of a bootstrap over replications; an end may lie \
         below or above the levels.</p>\n{}",
        table(&headings, &rows)
    )
}
