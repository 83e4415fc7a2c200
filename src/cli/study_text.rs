//! What came of a study, for people.

use std::fmt::Write as _;
use std::path::Path;

use comfy_table::{Cell, Color};

use super::study_text_effects;
use super::text::{NONE, clock, lines, number, optional, right, table};
use crate::accounting::span::Span;
use crate::study::gate::State;
use crate::study::results::{DifferenceResult, Interval, MeasureResult, Results, TimeResult};

/// Most design points that stand beside each other.
const BESIDE_MAX: usize = 4;

/// Most differences that are shown.
const DIFFERENCES_MAX: usize = 20;

/// The whole summary.
pub(super) fn text(results: &Results, folder: &Path, is_colorful: bool) -> String {
    let parts = [
        heading(results),
        measures(results),
        times(results),
        differences(results),
        study_text_effects::decompositions(results),
        study_text_effects::break_evens(results),
        gates(results, is_colorful),
        footer(folder),
    ];
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n")
}

/// Which study it was.
fn heading(results: &Results) -> String {
    let confidence = number(100.0 * results.confidence);
    let failed = match results.failures.len() {
        0 => String::new(),
        failed => format!(", {failed} of them failed"),
    };
    format!(
        "{}: {}\n{} replications of {} design points of {}, {} each{failed}; intervals at {confidence} %\n",
        results.study,
        results.title,
        results.replications,
        results.points.len(),
        results.scenario.name,
        clock(results.horizon_s),
    )
}

/// A mean with its interval.
pub(super) fn interval(mean: f64, low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{} [{}, {}]", number(mean), number(low), number(high)),
        _ => number(mean),
    }
}

/// Means of all measures: design points beside each other where there are few, else below.
fn measures(results: &Results) -> String {
    let of = |point: usize, name: &str| results.points[point].measures.get(name);
    let shown = |measure: Option<&MeasureResult>| {
        measure.map_or_else(|| NONE.to_owned(), |it| interval(it.mean, it.low, it.high))
    };
    let points = 0..results.points.len();
    let is_empty = |name: &str| points.clone().all(|point| of(point, name).is_none());
    let measures: Vec<_> = results
        .measures
        .iter()
        .filter(|it| !is_empty(&it.name))
        .collect();
    if measures.is_empty() {
        return String::new();
    }
    if results.points.len() > BESIDE_MAX {
        let mut table = table(&["measure", "design point", "mean", "unit"]);
        for measure in measures {
            for (at, point) in results.points.iter().enumerate() {
                table.add_row([
                    Cell::new(&measure.name),
                    Cell::new(&point.id),
                    right(shown(of(at, &measure.name))),
                    Cell::new(&measure.unit),
                ]);
            }
        }
        return lines(&table);
    }
    let mut header = vec!["measure (mean)", "unit"];
    header.extend(results.points.iter().map(|point| point.id.as_str()));
    let mut table = table(&header);
    for measure in measures {
        let mut row = vec![Cell::new(&measure.name), Cell::new(&measure.unit)];
        row.extend(
            points
                .clone()
                .map(|point| right(shown(of(point, &measure.name)))),
        );
        table.add_row(row);
    }
    lines(&table)
}

/// From detected to engaged over all detectable targets, of every side that engaged any.
fn times(results: &Results) -> String {
    let of_shots = || {
        results
            .times
            .iter()
            .filter(|it| it.time == Span::SensorToShooter)
    };
    let shoots = |side: &str| of_shots().any(|it| it.side == side && it.events > 0);
    let shown: Vec<&TimeResult> = of_shots().filter(|it| shoots(&it.side)).collect();
    if shown.is_empty() {
        return String::new();
    }
    let header = [
        "detected to engaged",
        "design point",
        "targets",
        "engaged by then",
        "restricted mean s",
    ];
    let mut table = table(&header);
    let estimate = |it: &Interval| right(interval(it.value, it.low, it.high));
    for time in shown {
        table.add_row([
            Cell::new(&time.side),
            Cell::new(&time.point),
            right(time.targets.to_string()),
            estimate(&time.incidence),
            estimate(&time.restricted_mean_s),
        ]);
    }
    format!(
        "{}over all detectable targets, within {} s; other times are in the report\n",
        lines(&table),
        number(results.times_horizon_s)
    )
}

/// Whether an interval leaves zero out.
fn is_clear(difference: &DifferenceResult) -> bool {
    let ends = difference.low.zip(difference.high);
    ends.is_some_and(|(low, high)| low > 0.0 || high < 0.0)
}

/// The paired differences that are not zero.
fn differences(results: &Results) -> String {
    let clear: Vec<_> = results
        .differences
        .iter()
        .filter(|it| is_clear(it))
        .collect();
    if results.differences.is_empty() {
        return String::new();
    }
    let others = results.differences.len() - clear.len();
    if clear.is_empty() {
        return format!("None of {others} paired differences is clear of zero\n");
    }
    let header = ["paired difference", "of", "mean", "variance reduced"];
    let mut table = table(&header);
    for difference in clear.iter().take(DIFFERENCES_MAX) {
        let DifferenceResult {
            first,
            second,
            mean,
            low,
            high,
            ..
        } = difference;
        table.add_row([
            Cell::new(format!("{first} less {second}")),
            Cell::new(&difference.measure),
            right(interval(*mean, *low, *high)),
            right(optional(difference.variance_reduction)),
        ]);
    }
    let mut text = lines(&table);
    if clear.len() > DIFFERENCES_MAX {
        let more = clear.len() - DIFFERENCES_MAX;
        writeln!(text, "and {more} more in results.json").expect("a string takes any text");
    }
    if others > 0 {
        let are = if others == 1 { " is" } else { "s are" };
        writeln!(text, "{others} other difference{are} not clear of zero")
            .expect("a string takes any text");
    }
    text
}

/// The gates.
fn gates(results: &Results, is_colorful: bool) -> String {
    if results.gates.is_empty() {
        return String::new();
    }
    let mut table = table(&["gate", "design point", "found", "state"]);
    for gate in &results.gates {
        let (word, color) = match gate.state {
            State::Pass => ("pass", Color::Green),
            State::Undecided => ("undecided", Color::Yellow),
            State::Fail => ("fail", Color::Red),
        };
        let state = Cell::new(word);
        let found = gate.value.map(|value| interval(value, gate.low, gate.high));
        table.add_row([
            Cell::new(&gate.gate),
            Cell::new(&gate.point),
            right(found.unwrap_or_else(|| NONE.to_owned())),
            if is_colorful { state.fg(color) } else { state },
        ]);
    }
    lines(&table)
}

/// Where everything is.
fn footer(folder: &Path) -> String {
    let folder = folder.display();
    format!("The study is in {folder}; begin with {folder}/report.html\n")
}

#[cfg(test)]
#[path = "study_text_tests.rs"]
mod tests;
